"""The stages of a run, each leaving its part of the folder: learn, score, sort, draw, report.

What a stage leaves is written before the manifest names the stage, so a run that was killed goes on after the last
stage that is named there.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics.bundle import versions
from topics.corpus.article import Corpus
from topics.corpus.duplicates import DROPPED
from topics.corpus.packaged import CORPUS, packaged_corpus
from topics.errors import TopicsError
from topics.experiments import folder, held_out, scoring
from topics.experiments.cache import Store
from topics.experiments.clock import Clock, peak_memory
from topics.experiments.folder import CHECKPOINT, FIGURES, REPORT, SCORES, SETTINGS, SORTED, THEMES, TOPICS
from topics.experiments.keeping import KeptSteps
from topics.experiments.run import Run
from topics.experiments.settings import Experiment
from topics.experiments.sorting import write_rows
from topics.experiments.toml import dump
from topics.models.steps import taking

if TYPE_CHECKING:
    from topics.estimators.shapes import Array
    from topics.experiments.scoring import Scored
    from topics.models.themes import ThemeModel
    from topics.models.topics import TopicModel


@dataclass(frozen=True)
class Materials:
    """All that decides a run: its settings, its articles, the code."""

    settings: Experiment
    corpus: Corpus
    sort: Corpus | None
    code: str

    @classmethod
    def read(cls, settings: Experiment, known: dict[str, Corpus] | None = None) -> Materials:
        """The articles that an experiment names.

        Parameters
        ----------
        known : dict, optional
            Corpora of experiments before, which are not read again; filled.
        """
        known = {} if known is None else known
        inputs = settings.sort.inputs
        name, sorted_name = repr(settings.corpus), repr(inputs)
        if name not in known:
            known[name] = read_corpus(settings)
        if inputs and sorted_name not in known:
            known[sorted_name] = Corpus.read(inputs)
        return cls(settings, known[name], known[sorted_name] if inputs else None, folder.code_fingerprint())

    @property
    def themes(self) -> list[str]:
        """The keys of the themes that are learnt."""
        use = self.settings.themes.use if self.settings.themes else None
        return use or list(self.corpus.themes)

    @cached_property
    def decided(self) -> str:
        """What names the run: equal for equal settings, articles, theme definitions and code, wherever they lie."""
        settings = self.settings.to_settings()
        settings["corpus"] = {name: value for name, value in settings["corpus"].items() if name != "path"}
        del settings["sort"]
        sort = None if self.sort is None else self.sort.fingerprint
        themes = self.corpus.defined_themes.to_settings()
        return folder.fingerprint(settings, self.corpus.fingerprint, themes, sort, self.code)


def read_corpus(settings: Experiment) -> Corpus:
    """The corpus of an experiment."""
    places = [packaged_corpus() if path == CORPUS else Path(path) for path in settings.corpus.paths]
    corpus = Corpus.read(places, sample=settings.corpus.sample)
    if settings.corpus.duplicates != "drop":
        return corpus
    from topics.corpus.duplicates import drop_duplicates

    return drop_duplicates(corpus)


def articles_of(run: Run) -> tuple[Corpus | None, str | None]:
    """What a run sorted, read again; None, and why, where it is gone or has changed since."""
    settings = run.settings
    try:
        corpus = Corpus.read(settings.sort.inputs) if settings.sort.inputs else read_corpus(settings)
    except TopicsError as error:
        return None, str(error)
    wanted = run.manifest["sorted"]
    if corpus.fingerprint != wanted:
        return None, f"the articles of {run.path.name} have changed since it sorted them"
    return corpus, None


def describe_corpus(corpus: Corpus) -> dict[str, Any]:
    """A corpus in a few plain facts."""
    dates = sorted(article.date for article in corpus if article.date)
    return {
        "fingerprint": corpus.fingerprint,
        "n_articles": len(corpus),
        "n_labelled": sum(article.themes is not None for article in corpus),
        "n_sources": len({article.source for article in corpus if article.source}),
        "first_date": dates[0].isoformat() if dates else None,
        "last_date": dates[-1].isoformat() if dates else None,
        "skipped": corpus.skipped.total("skipped"),
        "repaired": corpus.skipped.total("repaired"),
        "dropped_copies": sum(row.count for row in corpus.skipped if row.reason == DROPPED),
    }


def execute(settings: Experiment, inputs: Materials, staging: Path, target: Path, cache: Store | None = None) -> None:
    """Every stage that the settings ask for, into a staging folder that will be called `target`.

    Stages that the folder's manifest names were done before the run was stopped; they are not done again.

    Parameters
    ----------
    cache : Store, optional
        Where results of costly steps are looked for and kept; without one they are kept in the staging folder until
        the run is done.
    """
    checkpoints = Store(staging / CHECKPOINT)
    steps = KeptSteps(cache or checkpoints, checkpoints)
    with taking(steps):
        _Execution(settings, inputs, staging, target, steps).execute()


@dataclass
class _Execution:
    settings: Experiment
    inputs: Materials
    staging: Path
    target: Path
    steps: KeptSteps
    themes: ThemeModel | None = None
    topics: TopicModel | None = None
    scores: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    peak: int = 0  # bytes, of processes that were stopped before

    def execute(self) -> None:
        stages, done = self._stages(), self._done()
        clock = Clock(len(stages), [done[name] for name, _ in stages if name in done])
        try:
            write_settings(self.settings, self.staging, self.target)
            for name, stage in stages:
                if name in done:
                    continue
                taken = self.steps.n_taken
                with clock.stage(name):
                    stage()
                clock.stages[-1]["kept_steps"] = self.steps.n_taken - taken
                self._write_manifest(clock)
        finally:
            clock.close()

    def _stages(self) -> list[tuple[str, Callable[[], None]]]:
        settings, found = self.settings, []
        if settings.themes is not None:
            found += [("learn themes", self._learn_themes)]
            if self._labelled:
                found += [("score themes", self._score_themes)]
        if settings.topics is not None:
            found += [("find topics", self._find_topics), ("score topics", self._score_topics)]
        found += [("sort", self._sort)]
        if settings.output.tables != "none":
            found += [("tables", self._tables)]
        if settings.output.figures:
            found += [("draw", self._draw)]
        if settings.output.report:
            found += [("report", self._report)]
        return found

    @property
    def _labelled(self) -> bool:
        """Whether there is anything to score themes by; from anchors they are learnt without."""
        assert self.settings.themes is not None
        start, corpus = self.settings.themes.start, self.inputs.corpus
        return start != "anchors" or any(article.themes is not None for article in corpus)

    def _done(self) -> dict[str, dict[str, Any]]:
        """Stages that were done before the run was stopped, with their times; what they left is taken up."""
        from topics.models import load

        try:
            manifest = folder.read_json(self.staging / folder.MANIFEST)
            stages = {str(row["stage"]): row for row in manifest["stages"]}
            if manifest["fingerprint"] != self.inputs.decided:
                return {}
            for name, file in (("learn themes", THEMES), ("find topics", TOPICS)):
                if name in stages:
                    setattr(self, name.split()[1], load(self.staging / file))
            if stages.keys() & {"score themes", "score topics"}:
                self.scores = folder.read_json(self.staging / SCORES)
            self.peak = int(manifest["peak_memory_bytes"] or 0)
        except (TopicsError, KeyError, TypeError):
            # Begun anew: nothing was left, or not what this code leaves.
            self.themes = self.topics = None
            self.scores = {}
            return {}
        return stages

    @property
    def _articles(self) -> Corpus:
        """What is sorted."""
        return self.inputs.sort if self.inputs.sort is not None else self.inputs.corpus

    def _learn_themes(self) -> None:
        self.themes = scoring.train_themes(self.inputs.corpus, self.inputs.themes, self.settings)
        self.themes.save(self.staging / THEMES)

    def _score_themes(self) -> None:
        self._score(
            "themes", "theme", lambda: scoring.theme_scores(self.inputs.corpus, self.inputs.themes, self.settings)
        )

    def _find_topics(self) -> None:
        self.topics = scoring.train_topics(self.inputs.corpus, self.settings)
        self.topics.save(self.staging / TOPICS)

    def _score_topics(self) -> None:
        model = self.topics
        assert model is not None
        self._score("topics", "topic", lambda: scoring.topic_scores(self.inputs.corpus, model, self.settings))

    def _score(self, model: str, of: str, score: Callable[[], Scored]) -> None:
        found = scoring.kept_scores(model, of, self.inputs, score)
        self.scores[model] = found["scores"]
        folder.write_json(self.staging / SCORES, self.scores)
        held_out.write(self.staging, model, found["held_out"])

    def _sort(self) -> None:
        if self.themes is not None:
            write_rows(self.themes.rows(self._articles), self.staging / SORTED)
        elif self.topics is not None:
            write_rows(self._mixture_rows(), self.staging / SORTED)

    def _mixture_rows(self) -> Iterator[dict[str, Any]]:
        """The rows of `TopicModel.mixtures`."""
        assert self.topics is not None
        listed = list(self._articles)
        for article, shares in zip(listed, self.steps.mixtures(self.topics, listed).tolist(), strict=True):
            named = {f"topic_{number}": share for number, share in enumerate(shares)}
            yield {"id": article.id, "title": article.title, **named}

    def _tables(self) -> None:
        """Topics as tables that other programs read."""
        suffix = self.settings.output.tables
        if self.topics is None:
            return
        write_rows(held_out.topic_terms(self.topics), self.staging / f"{folder.TOPIC_TERMS}.{suffix}")
        write_rows(self._mixture_rows(), self.staging / f"{folder.MIXTURES}.{suffix}")

    def _draw(self) -> None:
        from topics.experiments.figures import draw

        places = self.staging / FIGURES
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(places)
        places.mkdir()
        held = held_out.read(self.staging, "themes").values()
        draw(places, self.inputs.corpus, self.themes, self.topics, self.scores, self._shares(), held)

    def _shares(self) -> Array | None:
        if self.topics is None:
            return None
        shares: Array = self.steps.mixtures(self.topics, list(self.inputs.corpus)).mean(axis=0)
        return shares

    def _report(self) -> None:
        from topics.experiments.reporting import write_run_report

        write_run_report(Run(self.staging), self._articles, out=self.staging / REPORT)

    def _write_manifest(self, clock: Clock) -> None:
        manifest = manifest_of(
            self.settings, clock, decided=self.inputs.decided, code=self.inputs.code,
            corpus=describe_corpus(self.inputs.corpus), sorted_articles=self._articles.fingerprint,
        )  # fmt: skip
        manifest["peak_memory_bytes"] = max(manifest["peak_memory_bytes"] or 0, self.peak) or None
        folder.write_json(self.staging / folder.MANIFEST, manifest)


def manifest_of(
    settings: Experiment, clock: Clock, *, decided: str, code: str, corpus: dict[str, Any], sorted_articles: str
) -> dict[str, Any]:
    """What manifest.json says of a run.

    Parameters
    ----------
    clock : Clock
        That measured its stages.
    decided, code, sorted_articles : str
        The fingerprints of all that decides the run, of the code, and of what was sorted.
    corpus : dict
        Facts about the corpus, as `describe_corpus` gives them.
    """
    return {
        "name": settings.name,
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "fingerprint": decided,
        "settings": folder.fingerprint(settings.with_paths(lambda path: Path(path).name).to_settings()),
        "corpus": corpus,
        "sorted": sorted_articles,
        "code": {"version": versions()["arabic-topics"], "fingerprint": code},
        "versions": versions(),
        "platform": platform.platform(),
        "n_cores": os.cpu_count(),
        "random_state": settings.random_state,
        "random_states": settings.random_states(),
        "stages": clock.stages,
        "peak_memory_bytes": peak_memory(),
    }


def write_settings(settings: Experiment, staging: Path, target: Path) -> None:
    """The resolved settings of a run; paths are relative to the folder that it will be."""
    home = target.resolve()
    moved = settings.with_paths(lambda path: _relative(path, home))
    (staging / SETTINGS).write_text(dump(moved.to_settings()), encoding="utf-8", newline="\n")


def _relative(path: str, home: Path) -> str:
    if "://" in path:
        return path
    try:
        return Path(os.path.relpath(Path(path).resolve(), home)).as_posix()
    except ValueError:  # another drive of Windows
        return path
