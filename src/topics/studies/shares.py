"""How large a share of the news a theme has, by month, newspaper or any column, corrected for the model's errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.corpus.article import Article, as_articles, as_corpus
from topics.errors import SettingsError
from topics.evaluation.intervals import Score, wilson
from topics.evaluation.shares import Counted, adjusted_count, prediction_powered
from topics.features.matrix import batches
from topics.models.scoring import contested, indicator, part_of
from topics.models.topics import TopicModel

if TYPE_CHECKING:
    import pandas as pd

    from topics.estimators.shapes import Array, Flags
    from topics.models.themes import ThemeModel

ALL = "*"
"""The part that holds all articles."""
LEAST_CHECKED = 20
"""Checked articles of a part below which its share is not inferred from them."""
_NOTHING = Score(np.nan, np.nan, np.nan, 0)
_WAYS = ("raw", "adjusted", "inferred")


def prevalence(
    model: ThemeModel | TopicModel, articles: Any, by: str | None = "month", checked: Any = None, *, level: float = 0.95
) -> pd.DataFrame:
    """The share of articles that carry each theme: as counted, and corrected by a checked sample.

    Parameters
    ----------
    model : ThemeModel
        That sorts. For a TopicModel the table is that of `topic_prevalence`.
    articles : Corpus, articles or path
        What is counted; a path is streamed. They are taken for a sample of what their newspapers print, so even a
        complete count has an interval.
    by : {"month", "year", "source"} or an own column, optional
        The parts; None for all articles together only.
    checked : Corpus, articles or path, optional
        A random sample of `articles` (not of those the model was unsure of) with the themes that people gave them, 100
        or more. Pairs in the own column `contested` are left out.
    level : float
        Coverage of the intervals.

    Returns
    -------
    DataFrame
        One row a part and theme, the part "*" last: part, theme, n (articles), then share, low and high three times:
        ``raw``, the share of articles that got the theme (Wilson's interval, as if no decision were wrong);
        ``adjusted``, Forman's adjusted count, by error rates of the whole sample, taken to be the same in every part;
        ``inferred``, prediction-powered inference by the checked articles of the part itself; n_checked of the part;
        and note, why a figure is NaN. Without `checked`, raw only. See `topics.evaluation.shares`.
    """
    import pandas as pd

    if isinstance(model, TopicModel):
        from topics.studies.over_time import topic_prevalence

        if checked is not None:
            raise SettingsError("people mark themes, not topics; leave checked out for a TopicModel")
        return topic_prevalence(model, articles, by, level=level)
    keys = list(model.themes)
    counts = _counts(model, as_articles(articles), by)
    if not counts:
        raise SettingsError("no article to count; give articles")
    sample = None if checked is None else _Sample(model, checked, by)
    rows = []
    for part in [*sorted(name for name in counts if name != ALL), ALL]:
        for k, key in enumerate(keys):
            counted = Counted(int(counts[part][0, k]), *counts[part][1:, k].tolist())
            scores, n_checked, note = _row(counted, sample, part, k, level)
            rows.append((part, key, counted.n, *(end for score in scores for end in score[:3]), n_checked, note))
    ends = [name for way in _WAYS for name in (way, f"{way}_low", f"{way}_high")]
    return pd.DataFrame(rows, columns=["part", "theme", "n", *ends, "n_checked", "note"])


class _Sample:
    """What people and the model say of the checked articles."""

    def __init__(self, model: ThemeModel, checked: Any, by: str | None) -> None:
        articles = [article for article in as_corpus(checked) if article.themes is not None]
        if not articles:
            raise SettingsError("no checked article has themes; give the sample with a themes column")
        keys = list(model.themes)
        self.truth: Flags = indicator(articles, keys)
        self.counts: Flags = ~contested(articles, keys)
        self.chance: Array = model.probabilities(articles)
        self.given: Flags = self.chance >= model.thresholds
        self.parts = np.array([_part(article, by) for article in articles])

    def of(self, part: str, theme: int) -> Flags:
        """Which checked articles speak for a theme in a part."""
        inside: Flags = self.counts[:, theme] & ((self.parts == part) | (part == ALL))
        return inside


def _counts(model: ThemeModel, articles: Any, by: str | None) -> dict[str, Array]:
    """Part -> n, given, sum and sum of squares of the probabilities, shape (4, n_themes)."""
    found: dict[str, Array] = {}
    for batch in batches(articles):
        chance = model.probabilities(batch)
        stacked = np.stack([np.ones(chance.shape), chance >= model.thresholds, chance, chance**2])
        parts = np.array([_part(article, by) for article in batch])
        for part in np.unique(parts).tolist():
            found[part] = found.get(part, 0) + stacked[:, parts == part].sum(axis=1)
        found[ALL] = found.get(ALL, 0) + stacked.sum(axis=1)
    return found


def _part(article: Article, by: str | None) -> str:
    return "" if by is None else part_of(article, by)


def _row(
    counted: Counted, sample: _Sample | None, part: str, theme: int, level: float
) -> tuple[Sequence[Score], int, str]:
    raw = wilson(round(counted.given), counted.n, level=level)
    if sample is None:
        return (raw, _NOTHING, _NOTHING), 0, "no checked sample"
    whole, own = sample.of(ALL, theme), sample.of(part, theme)
    n_checked = int(own.sum())
    notes = []
    adjusted = _NOTHING
    if whole.any():
        adjusted = adjusted_count(counted, sample.truth[whole, theme], sample.given[whole, theme], level=level)
    if np.isnan(adjusted.mean):
        notes.append("the sample lacks articles with the theme or without it, or the model cannot tell them apart")
    inferred = _NOTHING
    if n_checked >= LEAST_CHECKED:
        inferred = prediction_powered(counted, sample.truth[own, theme], sample.chance[own, theme], level=level)
    else:
        notes.append(f"{n_checked} checked articles in this part, {LEAST_CHECKED} are needed to infer its share")
    return (raw, adjusted, inferred), n_checked, "; ".join(notes)
