"""The stages of a run, each leaving its part of the folder: read, learn, score, sort, draw, report."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics.bundle import versions
from topics.corpus.article import Corpus
from topics.errors import TopicsError
from topics.experiments import folder, scoring
from topics.experiments.clock import Clock, peak_memory
from topics.experiments.folder import FIGURES, REPORT, SCORES, SETTINGS, SORTED, THEMES, TOPICS
from topics.experiments.packaged import CORPUS, packaged_corpus
from topics.experiments.run import Run, records
from topics.experiments.settings import Experiment
from topics.experiments.sorting import write_rows

if TYPE_CHECKING:
    import pandas as pd

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
    def read(cls, settings: Experiment) -> Materials:
        """The articles that an experiment names."""
        corpus = read_corpus(settings)
        inputs = settings.sort.inputs
        return cls(settings, corpus, Corpus.read(inputs) if inputs else None, folder.code_fingerprint())

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
    given = settings.corpus.path
    paths = [given] if isinstance(given, str) else given
    places = [packaged_corpus() if path == CORPUS else Path(path) for path in paths]
    return Corpus.read(places, sample=settings.corpus.sample)


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
    }


def execute(settings: Experiment, inputs: Materials, staging: Path, target: Path) -> None:
    """Every stage that the settings ask for, into a staging folder that will be called `target`."""
    _Execution(settings, inputs, staging, target).execute()


@dataclass
class _Execution:
    settings: Experiment
    inputs: Materials
    staging: Path
    target: Path
    themes: ThemeModel | None = None
    topics: TopicModel | None = None
    scores: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def execute(self) -> None:
        stages = self._stages()
        clock = Clock(len(stages))
        try:
            self._write_settings()
            for name, stage in stages:
                with clock.stage(name):
                    stage()
                self._write_manifest(clock)
        finally:
            clock.close()

    def _stages(self) -> list[tuple[str, Callable[[], None]]]:
        settings, found = self.settings, []
        if settings.themes is not None:
            found += [("learn themes", self._learn_themes), ("score themes", self._score_themes)]
        if settings.topics is not None:
            found += [("find topics", self._find_topics), ("score topics", self._score_topics)]
        found += [("sort", self._sort)]
        if settings.output.figures:
            found += [("draw", self._draw)]
        if settings.output.report:
            found += [("report", self._report)]
        return found

    @property
    def _keys(self) -> list[str]:
        use = self.settings.themes.use if self.settings.themes else None
        return use or list(self.inputs.corpus.themes)

    @property
    def _articles(self) -> Corpus:
        """What is sorted."""
        return self.inputs.sort if self.inputs.sort is not None else self.inputs.corpus

    def _learn_themes(self) -> None:
        self.themes = scoring.train_themes(self.inputs.corpus, self._keys, self.settings)
        self.themes.save(self.staging / THEMES)

    def _score_themes(self) -> None:
        table = scoring.theme_scores(self.inputs.corpus, self._keys, self.settings)
        self._keep_scores("themes", table.rename(columns={"theme": "of"}))

    def _find_topics(self) -> None:
        self.topics = scoring.train_topics(self.inputs.corpus, self.settings)
        self.topics.save(self.staging / TOPICS)

    def _score_topics(self) -> None:
        assert self.topics is not None
        table = scoring.topic_scores(self.inputs.corpus, self.topics, self.settings)
        self._keep_scores("topics", table.rename(columns={"topic": "of"}))

    def _keep_scores(self, model: str, table: pd.DataFrame) -> None:
        self.scores[model] = records(table)
        folder.write_json(self.staging / SCORES, self.scores)

    def _sort(self) -> None:
        if self.themes is not None:
            write_rows(self.themes.rows(self._articles), self.staging / SORTED)
        elif self.topics is not None:
            write_rows(records(self.topics.mixtures(self._articles)), self.staging / SORTED)

    def _draw(self) -> None:
        from topics.experiments.figures import draw

        places = self.staging / FIGURES
        places.mkdir()
        draw(places, self.inputs.corpus, self.themes, self.topics, self.scores)

    def _report(self) -> None:
        from topics.experiments.reporting import write_run_report

        write_run_report(Run(self.staging), self._articles, out=self.staging / REPORT)

    def _write_settings(self) -> None:
        """The resolved settings; paths are relative to the folder that the run will be."""
        from topics.experiments.toml import dump

        home = self.target.resolve()
        moved = self.settings.with_paths(lambda path: _relative(path, home))
        (self.staging / SETTINGS).write_text(dump(moved.to_settings()), encoding="utf-8", newline="\n")

    def _write_manifest(self, clock: Clock) -> None:
        manifest = {
            "name": self.settings.name,
            "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "fingerprint": self.inputs.decided,
            "settings": folder.fingerprint(self.settings.with_paths(lambda path: Path(path).name).to_settings()),
            "corpus": describe_corpus(self.inputs.corpus),
            "sorted": self._articles.fingerprint,
            "code": {"version": versions()["arabic-topics"], "fingerprint": self.inputs.code},
            "versions": versions(),
            "platform": platform.platform(),
            "n_cores": os.cpu_count(),
            "random_state": self.settings.random_state,
            "stages": clock.stages,
            "peak_memory_bytes": peak_memory(),
        }
        folder.write_json(self.staging / folder.MANIFEST, manifest)


def _relative(path: str, home: Path) -> str:
    try:
        return Path(os.path.relpath(Path(path).resolve(), home)).as_posix()
    except ValueError:  # another drive of Windows
        return path
