"""Run an experiment: read, learn, score, sort, draw, report; and open what a run left.

``run`` gives the run that is there when nothing that decides it has changed: settings, articles, code.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from topics import display
from topics.corpus.values import parse_themes_cell
from topics.errors import ReadError, SettingsError
from topics.experiments import folder
from topics.experiments.cache import Store, user_store
from topics.experiments.combining import Combination, combine
from topics.experiments.folder import REPORT, SCORES, SETTINGS, SORTED, SORTED_PARTS, THEMES, TOPICS
from topics.experiments.settings import Experiment, read_toml
from topics.files import PathLike

if TYPE_CHECKING:
    import pandas as pd

    from topics.corpus.article import Corpus
    from topics.experiments.methods import Methods
    from topics.experiments.sweeps import Sweep
    from topics.models.themes import ThemeModel
    from topics.models.topics import TopicModel

_SHOWN = 10  # rows of the sorted table in a notebook


class Models(NamedTuple):
    """What a run learnt; None for what its experiment left out."""

    themes: ThemeModel | None
    topics: TopicModel | None


class Run:
    """What one execution of an experiment left: a folder, and its parts as tables and models.

    Parameters
    ----------
    path : path
        Its folder, or ``runs/<name>`` for the newest of that name.
    reused : bool
        Whether it was there before it was asked for.

    Raises
    ------
    ReadError
        There is no complete run.
    """

    def __init__(self, path: PathLike, *, reused: bool = False) -> None:
        self.path = folder.find_run(path)
        self.reused = reused

    @cached_property
    def settings(self) -> Experiment:
        """Every setting that it used, paths absolute."""
        return Experiment.read(self.path / SETTINGS)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Versions, fingerprints, seconds of each stage, peak memory."""
        return folder.read_json(self.path / folder.MANIFEST)

    @cached_property
    def scores(self) -> pd.DataFrame:
        """One row a measure: model ("themes" or "topics"), of, measure, mean, low, high, n, note.

        Figures of themes are out of fold with bootstrap intervals over articles; ``*`` stands for all together.
        """
        import pandas as pd

        rows = [{"model": model, **row} for model in ("themes", "topics") for row in self.score_rows(model)]
        table = pd.DataFrame(rows, columns=["model", "of", "measure", "mean", "low", "high", "n", "note"])
        return table.astype({"mean": float, "low": float, "high": float})

    def score_rows(self, model: str) -> list[dict[str, Any]]:
        """The rows of scores.json for "themes" or "topics": of, measure, mean, low, high, n, note."""
        listed: list[dict[str, Any]] = folder.read_json(self.path / SCORES).get(model, [])
        return listed

    @cached_property
    def sorted(self) -> pd.DataFrame:
        """The table of `ThemeModel.sort`, or of `TopicModel.mixtures` where no themes were learnt."""
        import pandas as pd

        from topics.corpus.showing import Rows

        if (parts := self.path / SORTED_PARTS).is_dir():
            return Rows(_sorted_parts(parts))
        table = pd.read_csv(self.path / SORTED, dtype={"id": str, "title": str}, keep_default_na=False, na_values=[""])
        for name in {"themes", "input_themes"} & set(table):
            cells = [parse_themes_cell(cell) for cell in table[name].astype(object)]
            table[name] = pd.Series([None if cell is None else list(cell) for cell in cells], dtype=object)
        return Rows(table)

    @cached_property
    def models(self) -> Models:
        """Its models, loaded from their bundles."""
        from topics.models import load

        found = [load(self.path / name) if (self.path / name).exists() else None for name in (THEMES, TOPICS)]
        return Models(cast("ThemeModel | None", found[0]), cast("TopicModel | None", found[1]))

    def methods(self, language: str = "en") -> Methods:
        """The paragraph for a paper: corpus, settings, scores with intervals, seeds, versions; and what it cites.

        Parameters
        ----------
        language : {"en", "fr", "ar"}
            Of the paragraph.
        """
        from topics.experiments.methods import methods

        return methods(self, language)

    @property
    def report(self) -> Path | None:
        """The report, if there is one."""
        path = self.path / REPORT
        return path if path.is_file() else None

    @property
    def report_files(self) -> list[Path]:
        """The report, and the further files beside it that hold articles past the first 5,000."""
        from topics.report import further_files

        return [self.report, *further_files(self.report)] if self.report else []

    def __fspath__(self) -> str:
        """The folder, so that a run can stand where a path is expected."""
        return os.fspath(self.path)

    def __repr__(self) -> str:
        return f"Run({self.path.name})"

    def _repr_html_(self) -> str:
        columns = ["of", "measure", "mean", "low", "high", "n"]
        scores = display.table(records(self.scores), columns=columns, rtl=False, caption=repr(self))
        rows = records(self.sorted.head(_SHOWN))
        shown = list(rows[0])[:9] if rows else []
        return scores + display.table(rows, columns=shown, caption=f"{len(self.sorted):,} articles")


def _sorted_parts(folder: Path) -> pd.DataFrame:
    """The rows that a run over partitions sorted; `Run.path` / "sorted" holds them file by file."""
    import pandas as pd

    tables = [
        pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_json(path, lines=True, dtype=False)
        for path in sorted(folder.iterdir())
    ]
    return pd.concat(tables, ignore_index=True)


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A table's rows as mappings; what is missing is None."""
    plain = table.astype(object).where(table.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


def run(
    experiment: Experiment | Mapping[str, Any] | PathLike,
    *,
    out: PathLike = "runs",
    again: bool = False,
    resume: bool = False,
    cache: bool | PathLike = True,
    workers: int | None = None,
    scheduler: str | None = None,
    **changes: Any,
) -> Run | Sweep:
    """Execute an experiment, or give the run that is there when nothing has changed since.

    Parameters
    ----------
    experiment : path, mapping or Experiment
        A TOML file, or settings as one has them; paths in a mapping are relative to the working directory.
    out : path
        The folder of runs.
    again : bool
        Whether to execute even so; the new run's name ends with -2, -3 ...
    resume : bool
        Whether to go on where the same run was stopped; its results are those of one that was not.
    cache : bool or path
        Whether results of costly steps are looked for, and kept, in the user's cache, or in which folder.
    workers : int, optional
        How many runs of a sweep are executed at a time, each on one core; by default one a core.
    scheduler : {"none", "local"} or address, optional
        What works on the partitions of a corpus: this process, workers that are started here, or those of a dask
        scheduler. Given, or with a section [scale], the corpus is worked on in partitions and never held as a whole.
    **changes
        Settings by dotted name: ``**{"topics.n_topics": 30}``; None takes a setting or a section out.

    Returns
    -------
    Run or Sweep
        A Sweep where the experiment has a section [sweep].

    Raises
    ------
    SettingsError
        A setting that does not exist or cannot be meant.
    ReadError
        No such file, or no articles.
    WriteError
        The run cannot be kept.
    """
    settings, combinations = read_experiment(experiment, changes)
    how = How(Path(out), again, resume, cache if isinstance(cache, bool) else Path(cache))
    if scheduler is not None or settings.scale is not None:
        return _scaled(settings, combinations, how, scheduler)
    if combinations:
        from topics.experiments.sweeping import execute_sweep

        return execute_sweep(settings, combinations, how, workers)
    return run_one(settings, how)


def _scaled(settings: Experiment, combinations: list[Combination], how: How, scheduler: str | None) -> Run:
    from topics.experiments.scaling import run_scaled

    if combinations:
        raise SettingsError("a [sweep] over partitions is not known; leave out [scale] and --scheduler, or [sweep]")
    return run_scaled(settings, how, scheduler)


class How(NamedTuple):
    """How an experiment is executed; see `run`. None of it changes a result."""

    out: Path
    again: bool = False
    resume: bool = False
    cache: bool | Path = True

    def store(self) -> Store | None:
        """The cache, if one is wanted and there can be one."""
        if isinstance(self.cache, bool):
            return user_store() if self.cache else None
        return user_store(self.cache)


def run_one(settings: Experiment, how: How, known: dict[str, Corpus] | None = None) -> Run:
    """Execute one experiment that is no sweep; `known` as in `Materials.read`."""
    from topics.experiments.stages import Materials, execute

    inputs = Materials.read(settings, known)
    target = folder.place(how.out, settings.name, inputs.decided, again=how.again)
    if target.exists():
        found = Run(target, reused=True)
        newest = folder.latest(target.parent, settings.name)
        # Also where an earlier execution ended between its last two steps.
        if newest is None or folder.finished(newest) < folder.finished(target):
            folder.point_latest(target, settings.name)
        return found
    try:
        with folder.staged(target, resume=how.resume) as staging:
            execute(settings, inputs, staging, target, how.store())
    except folder.AlreadyThere:
        if how.again:
            raise
        return Run(target, reused=True)  # equal inputs, so what the other process left is what this one had
    folder.point_latest(target, settings.name)
    return Run(target)


def read_experiment(
    experiment: Experiment | Mapping[str, Any] | PathLike, changes: Mapping[str, Any]
) -> tuple[Experiment, list[Combination]]:
    """The settings of an experiment, and the combinations of its sweep, none where it is no sweep."""
    where, home = "", None
    if isinstance(experiment, Experiment):
        given: Mapping[str, Any] = experiment.to_settings()
    elif isinstance(experiment, Mapping):
        given = experiment
    elif Path(experiment).is_dir():
        raise ReadError(f"{display.one_line(str(experiment))}: is a folder; name an experiment's file, name.toml")
    else:
        given, where, home = read_toml(experiment), f"{display.one_line(str(experiment))}: ", Path(experiment).parent
    return combine(given, changes, folder=home, where=where)
