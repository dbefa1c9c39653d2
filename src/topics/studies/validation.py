"""How right a way of training is: every article sorted by a model that has not seen it, its copies, or what lies ahead.

In every fold a model learns from the others alone: vocabulary, frequencies, calibration and thresholds included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.corpus.article import Corpus, as_corpus
from topics.corpus.duplicates import duplicate_groups
from topics.corpus.splits import selected
from topics.errors import SettingsError
from topics.estimators.folds import stratified_folds
from topics.models.scoring import Scores, indicator, part_of, score_probabilities, source_groups
from topics.models.themes import ThemeModel, check_themes

if TYPE_CHECKING:
    import pandas as pd

    from topics.estimators.shapes import Array, Flags, Integers

Train = Callable[..., ThemeModel]


@dataclass(frozen=True)
class CrossValidation:
    """What models made of articles that they had not seen.

    Attributes
    ----------
    scores : Scores
        Over all articles that were sorted; articles that are near duplicates are drawn together.
    table : DataFrame
        The rows of `ThemeModel.sort`, each from the model that had not seen the article, with a column `fold`. In the
        order of the corpus; by time, the earliest articles only teach and have no row.
    thresholds : ndarray of shape (n_articles, n_themes)
        Those of the model that sorted each row.
    """

    scores: Scores
    table: pd.DataFrame
    thresholds: Array

    def _repr_html_(self) -> str:
        return self.scores._repr_html_()

    def __str__(self) -> str:
        return str(self.scores)


def cross_validate(
    corpus: Any,
    by: str = "group",
    *,
    folds: int = 5,
    themes: Any = None,
    train: Train | None = None,
    random_state: int = 0,
    **settings: Any,
) -> CrossValidation:
    """Train and sort in turn, so that no article is sorted by a model that knows it.

    Parameters
    ----------
    corpus : Corpus, articles or path
        Articles whose themes are known; others are left out.
    by : str
        What is kept apart. "group": near duplicates, in folds that look alike in their themes. "source": whole
        newspapers, in as many folds; an article without a source is alone. "time": forward, each span of days sorted
        by a model of all days before; the first span only teaches. An own column, such as "country": each of its
        values in turn.
    folds : int
        How many parts; for "time" one more span is made, for an own column its values are the parts.
    themes : path, mapping or list of keys, optional
        As in `ThemeModel.train`.
    train : callable, optional
        From ``(corpus, themes, **settings)`` to a ThemeModel; `ThemeModel.train` when left out.
    random_state : int
        Deals what is otherwise equal.
    **settings
        Handed to `train`.

    Returns
    -------
    CrossValidation
    """
    labelled = as_corpus(corpus).filter(lambda article: article.themes is not None)
    chosen = check_themes(labelled, themes)
    if len(labelled) < 2 or not chosen:
        raise SettingsError(f"{len(labelled)} labelled articles with {len(chosen)} themes; give articles with themes")
    keys = list(chosen)
    groups = duplicate_groups(labelled)
    parts = _parts(labelled, by, folds, indicator(list(labelled), keys), groups, random_state)
    probabilities = np.full((len(labelled), len(keys)), np.nan)
    thresholds = np.full(probabilities.shape, np.nan)
    place = np.full(len(labelled), -1, np.int64)
    rows: dict[int, dict[str, Any]] = {}
    for fold, (taught, tested) in enumerate(_rounds(parts, forward=by == "time")):
        test = np.flatnonzero(tested)
        model = (train or ThemeModel.train)(selected(labelled, taught), chosen, **settings)
        for row, article in zip(model.rows(selected(labelled, tested)), test.tolist(), strict=True):
            rows[article] = {**row, "fold": fold}
            probabilities[article] = [row[key] for key in keys]
        thresholds[test], place[test] = model.thresholds, fold
    return _result(labelled, keys, place >= 0, probabilities, thresholds, rows, groups)


def _result(
    labelled: Corpus,
    keys: list[str],
    done: Flags,
    probabilities: Array,
    thresholds: Array,
    rows: dict[int, dict[str, Any]],
    groups: Integers,
) -> CrossValidation:
    import pandas as pd

    articles = [labelled[int(k)] for k in np.flatnonzero(done)]
    scores = score_probabilities(articles, keys, probabilities[done], thresholds[done], groups=groups[done].tolist())
    return CrossValidation(scores, pd.DataFrame([rows[k] for k in sorted(rows)]), thresholds[done])


def _parts(corpus: Corpus, by: str, folds: int, labels: Flags, groups: Integers, random_state: int) -> Integers:
    """The part of each article, from 0; for "time" in the order of the days."""
    if isinstance(folds, bool) or not isinstance(folds, int) or folds < 2:
        raise SettingsError(f"folds is {folds!r}; at least 2 are needed, 5 is usual")
    if by == "time":
        return _spans(corpus, folds + 1)
    if by in ("group", "source"):
        own: Any = groups if by == "group" else source_groups(corpus)
        n_groups = len(np.unique(own))
        if n_groups < folds:
            raise SettingsError(f"by {by!r} there are {n_groups} parts for {folds} folds; lower folds")
        return stratified_folds(labels, folds, groups=own, random_state=random_state)
    values = [part_of(article, by) for article in corpus]
    kinds, parts = np.unique(np.array(values), return_inverse=True)
    if len(kinds) < 2:
        raise SettingsError(f"every article has {by} {kinds[0]!r}; give another column")
    return parts.astype(np.int64)


def _spans(corpus: Corpus, n_spans: int) -> Integers:
    """Spans of days with about equally many articles; no day is parted."""
    lacking = sum(1 for article in corpus if article.date is None)
    if lacking:
        raise SettingsError(
            f"{lacking:,} of {len(corpus):,} articles have no date, so none lies ahead of them; "
            "leave them out: corpus.filter(lambda article: article.date)"
        )
    days = np.array([article.date.toordinal() if article.date else 0 for article in corpus])
    known, counts = np.unique(days, return_counts=True)
    if len(known) < n_spans:
        raise SettingsError(f"{len(known)} days do not make {n_spans} spans; lower folds")
    # The span of a day is that of its middle article.
    middle = np.cumsum(counts) - counts / 2
    span = np.minimum((middle * n_spans / len(days)).astype(np.int64), n_spans - 1)
    span = np.unique(span, return_inverse=True)[1]
    return span[np.searchsorted(known, days)].astype(np.int64)


def _rounds(parts: Integers, *, forward: bool) -> Iterator[tuple[Flags, Flags]]:
    """Which articles teach and which are sorted, round by round."""
    for part in np.unique(parts)[1 if forward else 0 :]:
        yield (parts < part if forward else parts != part), parts == part
