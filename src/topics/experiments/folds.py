"""Which articles a model learns from, and on which others it is scored, fold by fold.

By group and by source the folds look alike in their themes; by time each model learns from the earlier days
and is scored on later ones. Copies of one text lie on one side, unless the experiment says to keep them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from topics.corpus.article import Corpus
from topics.errors import SettingsError
from topics.estimators.folds import stratified_folds
from topics.estimators.shapes import Flags, Integers
from topics.models.scoring import indicator, source_groups

if TYPE_CHECKING:
    from topics.experiments.settings import Experiment


@dataclass(frozen=True)
class Folds:
    """The folds of a corpus; every array has shape (n_articles,)."""

    parts: tuple[tuple[Flags, Flags], ...]
    """Of each fold, which articles are learnt from, and which are scored."""
    groups: tuple[str, ...]
    """What intervals draw together: copies, or articles of one source."""
    note: str
    """What a reader of the scores must know of the folds; empty where nothing is left out or ignored."""

    @property
    def tested(self) -> Flags:
        """Which articles are scored in some fold."""
        found: Flags = np.any([test for _, test in self.parts], axis=0)
        return found

    @cached_property
    def numbers(self) -> Integers:
        """The fold in which each article is scored; -1 for none."""
        found = np.full(len(self.groups), -1, np.int64)
        for number, (_, test) in enumerate(self.parts):
            found[test] = number
        return found


def plan(corpus: Corpus, themes: Sequence[str], settings: Experiment) -> Folds:
    """The folds that an experiment asks for.

    Parameters
    ----------
    corpus : Corpus
        Labelled articles, where themes are scored.
    themes : sequence of str
        Keys; each must be carried by an article of every part that is learnt from. Empty for topics.
    settings : Experiment
        ``[evaluation] folds`` and ``split``, ``[corpus] duplicates``.

    Raises
    ------
    SettingsError
        There are fewer groups, sources or days than folds need, or a theme cannot be learnt in one of them.
    """
    split, copies = settings.evaluation.split, _copies(corpus, settings)
    groups = source_groups(corpus) if split == "source" else [f"copies {group}" for group in copies]
    notes = []
    if split == "time":
        parts, note = _forward(corpus, settings.evaluation.folds)
        notes.append(note)
    else:
        parts = _rotating(corpus, groups, themes, settings)
    if split != "group" and settings.corpus.duplicates == "group":
        parts, note = _apart(parts, copies)
        notes.append(note)
    if settings.corpus.duplicates == "keep":
        notes.append("near duplicates were not looked for: copies may lie on both sides")
    _check_learnable(corpus, parts, themes, split)
    return Folds(tuple(parts), tuple(groups), "; ".join(note for note in notes if note))


def _copies(corpus: Corpus, settings: Experiment) -> Integers:
    """The group of near duplicates of each article; each is alone where they are ignored, or gone already."""
    if settings.corpus.duplicates != "group":
        return np.arange(len(corpus))
    from topics.corpus.duplicates import duplicate_groups
    from topics.experiments.cache import code_of
    from topics.experiments.keeping import kept_steps, texts_of

    decided = (texts_of(corpus), [article.source for article in corpus], code_of("compiled", "arabic", "corpus"))
    found = kept_steps().value("groups", decided, lambda: {"groups": duplicate_groups(corpus).tolist()})
    return np.array(found["groups"], np.int64)


def _rotating(
    corpus: Corpus, groups: Sequence[str], themes: Sequence[str], settings: Experiment
) -> list[tuple[Flags, Flags]]:
    """Each fold scored once, by a model of all the others; groups stay together."""
    n_folds, n_groups = settings.evaluation.folds, len(set(groups))
    if n_groups < n_folds:
        raise SettingsError(
            f"[evaluation] folds is {n_folds}, but split = {settings.evaluation.split!r} gives "
            f"{n_groups} groups of articles; lower folds, or give more articles"
        )
    labels = indicator(list(corpus), list(themes)) if themes else np.zeros((len(corpus), 0))
    folds = stratified_folds(labels, n_folds, groups=groups, random_state=settings.random_state)
    return [(folds != fold, folds == fold) for fold in range(n_folds)]


def _forward(corpus: Corpus, n_folds: int) -> tuple[list[tuple[Flags, Flags]], str]:
    """Days in n_folds + 1 runs of about as many articles: each but the first is scored by a model of those before."""
    days = np.array([article.date.toordinal() if article.date else 0 for article in corpus], np.int64)
    known, counts = np.unique(days[days > 0], return_counts=True)
    if len(known) <= n_folds:
        raise SettingsError(
            f"[evaluation] folds is {n_folds}, so split = 'time' needs articles of {n_folds + 1} days, and there are "
            f"{len(known)}; lower folds, or split by group"
        )
    before = np.concatenate([[0], counts.cumsum()[:-1]])  # articles before each day
    firsts = [int(np.argmin(np.abs(before - k * counts.sum() / (n_folds + 1)))) for k in range(n_folds + 1)]
    for k in range(1, n_folds + 1):  # every run has a day, also where one day holds most of the articles
        firsts[k] = max(firsts[k], firsts[k - 1] + 1)
    for k in range(n_folds, 0, -1):
        firsts[k] = min(firsts[k], len(known) - 1 - (n_folds - k))
    run = np.where(days > 0, np.searchsorted(known[firsts], days, side="right") - 1, -1)
    undated = int((days == 0).sum())
    note = "learnt from earlier days, scored on later ones"
    if undated:
        note += f"; {undated:,} articles without a date are in neither"
    return [((run >= 0) & (run < k), run == k) for k in range(1, n_folds + 1)], note


def _apart(parts: list[tuple[Flags, Flags]], copies: Integers) -> tuple[list[tuple[Flags, Flags]], str]:
    """The same, without learning from copies of what is scored."""
    kept = [(train & ~np.isin(copies, copies[test]), test) for train, test in parts]
    n_left = sum(int((train & ~left).sum()) for (train, _), (left, _) in zip(parts, kept, strict=True))
    return kept, f"{n_left:,} near duplicates of scored articles were not learnt from" if n_left else ""


def _check_learnable(corpus: Corpus, parts: Sequence[tuple[Flags, Flags]], themes: Sequence[str], split: str) -> None:
    for train, _ in parts:
        learnt = {label for place in np.flatnonzero(train) for label in corpus[int(place)].themes or ()}
        for theme in themes:
            if theme not in learnt:
                raise SettingsError(
                    f"[evaluation] split = {split!r} leaves a fold without an article of {theme!r} to learn from; "
                    "lower folds, split by group, or leave the theme out of [themes] use"
                )
