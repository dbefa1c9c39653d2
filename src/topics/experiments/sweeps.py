"""What a sweep left: its runs, one table of their scores, and a picture of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics import display
from topics.errors import PlotError, ReadError
from topics.evaluation.tables import ALL
from topics.experiments import folder
from topics.experiments.run import Run, records
from topics.experiments.sorting import write_rows
from topics.files import PathLike, atomic_write

if TYPE_CHECKING:
    import pandas as pd

    from topics.experiments.settings import Experiment

SWEEP, TABLE, PICTURE = "sweep.json", "scores.csv", "scores.svg"
SUFFIX = ".sweep"
_COLUMNS = ("model", "measure", "mean", "low", "high", "n", "note")
_DRAWN = ("macro_f1", "average_precision", "perplexity", "npmi", "stability")
_LABEL = 60


class Sweep:
    """The runs of a sweep, in the order of its combinations.

    Parameters
    ----------
    path : path
        Its folder, ``runs/<name>-<hash>.sweep``; the runs lie beside it.

    Attributes
    ----------
    runs : list of Run
        One a combination.
    combinations : list of dict
        The swept settings of each run, by dotted name.

    Raises
    ------
    ReadError
        There is no such sweep, or one of its runs is gone.
    """

    def __init__(self, path: PathLike) -> None:
        self.path = Path(path)
        facts = folder.read_json(self.path / SWEEP)
        try:
            self.combinations: list[dict[str, Any]] = [dict(row["values"]) for row in facts["runs"]]
            self.runs = [Run(self.path.parent / str(row["run"])) for row in facts["runs"]]
        except (KeyError, TypeError) as error:
            shown = display.one_line(str(self.path))
            raise ReadError(f"{shown}: is no sweep that this version reads; execute it again") from error

    @cached_property
    def table(self) -> pd.DataFrame:
        """Scores of all themes, or topics, together: run, swept settings, model, measure, mean, low, high, n, note."""
        import pandas as pd

        rows = [
            {"run": run.path.name, **values, **{name: row[name] for name in _COLUMNS}}
            for run, values in zip(self.runs, self.combinations, strict=True)
            for row in records(run.scores)
            if row["of"] == ALL
        ]
        return pd.DataFrame(rows, columns=["run", *self.swept, *_COLUMNS])

    @property
    def swept(self) -> list[str]:
        """The settings that differ between the runs."""
        return list(self.combinations[0]) if self.combinations else []

    def rows(self) -> list[dict[str, Any]]:
        """One row a run: the swept settings, then each measure as text, ``0.81 [0.79, 0.83]``."""
        found = []
        for run, values in zip(self.runs, self.combinations, strict=True):
            own = self.table[self.table["run"] == run.path.name]
            found.append({**values, **{row["measure"]: display.scored(row) for row in records(own)}})
        return found

    @property
    def picture(self) -> Path | None:
        """The scores drawn, if they are."""
        path = self.path / PICTURE
        return path if path.is_file() else None

    def __fspath__(self) -> str:
        return os.fspath(self.path)

    def __len__(self) -> int:
        return len(self.runs)

    def __iter__(self) -> Iterator[Run]:
        return iter(self.runs)

    def __getitem__(self, place: int) -> Run:
        return self.runs[place]

    def __repr__(self) -> str:
        return f"Sweep({self.path.name}; {len(self.runs)} runs)"

    def _repr_html_(self) -> str:
        rows = self.rows()
        columns = list(dict.fromkeys(name for row in rows for name in row))
        return display.table(rows, columns=columns, rtl=False, caption=repr(self))


def write_sweep(base: Experiment, runs: Sequence[tuple[Mapping[str, Any], Run]], out: Path) -> Sweep:
    """Write table and picture of a sweep whose runs are there.

    Parameters
    ----------
    base : Experiment
        The settings that all have but for the swept ones.
    runs : sequence of (values, Run)
        The swept settings of each run, and the run.
    out : path
        The folder of runs.
    """
    listed = [{"run": run.path.name, "values": dict(values)} for values, run in runs]
    place = out / f"{base.name}-{folder.fingerprint(listed)[:12]}{SUFFIX}"
    if not (place / SWEEP).is_file():
        try:
            with folder.staged(place) as staging:
                facts = {"name": base.name, "swept": list(listed[0]["values"]), "runs": listed}
                folder.write_json(staging / SWEEP, facts)
                sweep = _beside(staging, runs)
                write_rows(records(sweep.table), staging / TABLE)
                if base.output.figures:
                    _draw(sweep, staging / PICTURE)
        except folder.AlreadyThere:
            pass  # equal runs, so another process left what this one had
    folder.point_latest(runs[-1][1].path, base.name)
    found = Sweep(place)
    found.runs = [run for _, run in runs]  # they know whether they were there before
    return found


def _beside(staging: Path, runs: Sequence[tuple[Mapping[str, Any], Run]]) -> Sweep:
    """A sweep that is being written: its folder has not its name yet."""
    sweep = Sweep.__new__(Sweep)
    sweep.path = staging
    sweep.combinations = [dict(values) for values, _ in runs]
    sweep.runs = [run for _, run in runs]
    return sweep


def _draw(sweep: Sweep, path: Path) -> None:
    import matplotlib.pyplot as plt

    from topics.experiments.figures import drawable, svg_file
    from topics.plots import styled, sweep_scores

    names = [run.path.name for run in sweep.runs]
    table = sweep.table
    measured = [name for name in _DRAWN if name in set(table["measure"])]
    scores: dict[str, pd.DataFrame] = {}
    for name in measured:
        own = table[table["measure"] == name].drop_duplicates("run").set_index("run")
        scores[name] = own.reindex(names)[["mean", "low", "high"]].astype(float)
    if not scores:
        return
    labels = [drawable(_label(values)) for values in sweep.combinations]
    try:
        with styled("light"):
            figure: Any = sweep_scores(scores, labels, rtl=False, language="en")[0].figure
            text = svg_file(figure)
            plt.close(figure)
    except PlotError:
        if len(sweep) < 200:  # more rows than a picture holds
            raise
        return
    with atomic_write(path) as file:
        file.write(text.encode())


def _label(values: Mapping[str, Any]) -> str:
    """The swept settings in one line: ``n_topics 10 · eta 0.01``."""
    parts = [f"{name.rpartition('.')[2]} {display.one_line(str(value), 24)}" for name, value in values.items()]
    return display.one_line(" · ".join(parts), _LABEL)
