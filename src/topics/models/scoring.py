"""How right a ThemeModel is: its sorting of labelled articles against their labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.corpus.article import Article, Corpus
from topics.display import table
from topics.errors import SettingsError
from topics.estimators.linear import surplus
from topics.evaluation import intervals, tables

if TYPE_CHECKING:
    import pandas as pd

    from topics.estimators.shapes import Array, Flags
    from topics.models.themes import ThemeModel

CONTESTED = "contested"  # own column: themes on which an article's readers differ
PRIMARY = "primary"  # own column: the theme the article is most about, or "none"


@dataclass(frozen=True)
class Scores:
    """Figures of one sorting, each with its bootstrap interval.

    Attributes
    ----------
    table : DataFrame
        theme ("*" for all together), measure, mean, low, high, n.
    """

    table: pd.DataFrame

    def __getitem__(self, measure: str | tuple[str, str]) -> intervals.Score:
        """The Score of ``scores["macro_f1"]`` or ``scores["f1", "sport"]``."""
        name, theme = measure if isinstance(measure, tuple) else (measure, tables.ALL)
        rows = self.table[(self.table.measure == name) & (self.table.theme == theme)]
        if rows.empty:
            known = sorted({(row.measure, row.theme) for row in self.table.itertuples()})
            raise SettingsError(f"there is no {name!r} of {theme!r}; there are {known}")
        row = rows.iloc[0]
        return intervals.Score(float(row["mean"]), float(row.low), float(row.high), int(row.n))

    @property
    def macro_f1(self) -> intervals.Score:
        """Mean of the themes' F1."""
        return self["macro_f1"]

    def to_rows(self) -> list[dict[str, Any]]:
        """The table as plain values, for scores.json."""
        rows = self.table.astype(object).where(self.table.notna(), None)
        return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]

    def _repr_html_(self) -> str:
        return table(self.to_rows(), rtl=False)

    def __str__(self) -> str:
        return self.table.to_string(index=False, float_format=lambda value: f"{value:.3f}")


def indicator(articles: Sequence[Article], keys: Sequence[str]) -> Flags:
    """Whether each article carries each theme, shape (n_articles, n_themes)."""
    return np.array([[key in (article.themes or ()) for key in keys] for article in articles], bool).reshape(
        -1, len(keys)
    )


def contested(articles: Sequence[Article], keys: Sequence[str]) -> Flags:
    """Pairs of article and theme that its readers contest, shape (n_articles, n_themes)."""
    named = [article.extra.get(CONTESTED) or () for article in articles]
    return np.array([[key in names for key in keys] for names in named], bool).reshape(-1, len(keys))


def score_sorting(
    model: ThemeModel, articles: Sequence[Article], probabilities: Array, *, groups: Sequence[Any] | None = None
) -> Scores:
    """Scores of probabilities that `model` gave to labelled articles, in their order."""
    keys = list(model.themes)
    above = surplus(probabilities, model.thresholds)
    primary = None
    if articles and all(PRIMARY in article.extra for article in articles):
        best = above.argmax(axis=1)
        got = [keys[k] if above[row, k] >= 0 else "none" for row, k in enumerate(best)]
        primary = ([str(article.extra[PRIMARY]) for article in articles], got)
    frame = tables.scores(
        indicator(articles, keys), above >= 0, probabilities, themes=keys, primary=primary,
        leave_out=contested(articles, keys), groups=groups,
    )  # fmt: skip
    return Scores(frame)


def evaluate(model: ThemeModel, corpus: Corpus, by: str | None) -> Scores | dict[str, Scores]:
    """See `ThemeModel.evaluate`."""
    labelled = [article for article in corpus if article.themes is not None]
    if not labelled:
        raise SettingsError(f"none of {len(corpus)} articles is labelled; give articles with a themes column")
    probabilities = model.probabilities(labelled)
    if by is None:
        return score_sorting(model, labelled, probabilities)
    values = [_value(article, by) for article in labelled]
    parts: dict[str, Scores] = {}
    for value in sorted(set(values)):
        rows = [row for row, own in enumerate(values) if own == value]
        parts[value] = score_sorting(model, [labelled[row] for row in rows], probabilities[rows])
    return parts


def _value(article: Article, by: str) -> str:
    if by == "source":
        return article.source or "none"
    if by == "date":
        return str(article.date.year) if article.date else "none"
    if by not in article.extra:
        raise SettingsError(f"article {article.id!r} has no column {by!r}; give source, date or an own column")
    return str(article.extra[by])
