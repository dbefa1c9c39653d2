"""How right a ThemeModel is: its sorting of labelled articles against their labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.corpus.article import Article, Corpus
from topics.corpus.values import NO_THEMES
from topics.display import table
from topics.errors import SettingsError
from topics.estimators.linear import surplus
from topics.evaluation import curves, intervals, tables

if TYPE_CHECKING:
    import pandas as pd

    from topics.estimators.shapes import Array, Flags
    from topics.models.themes import ThemeModel

_LEAST_OF_SOURCE = 20  # labelled articles of a source without which it gets no score of its own
CONTESTED = "contested"  # own column: themes on which an article's readers differ
PRIMARY = "primary"  # own column: the theme the article is most about, or "none"


@dataclass(frozen=True)
class Scores:
    """Figures of one sorting, each with its bootstrap interval.

    Attributes
    ----------
    table : DataFrame
        theme ("*" for all together), measure, mean, low, high, n, note. Of each theme precision, recall, f1,
        average_precision, brier, brier_skill and reliability_slope; of all together macro_f1, subset_accuracy,
        primary_accuracy, risk_area (mean share of wrong primary themes when the least sure articles are left out,
        over all shares) and risk_ratio (that over the same when articles are left out at random).
    risk : RiskCoverage or None
        The curve behind the last two; None for a single article.
    """

    table: pd.DataFrame
    risk: curves.RiskCoverage | None = field(default=None, repr=False)

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

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return table(self.to_rows(), rtl=False)

    def __str__(self) -> str:
        return self.table.to_string(index=False, float_format=lambda value: f"{value:.3f}")


def indicator(articles: Sequence[Article], keys: Sequence[str]) -> Flags:
    """Whether each article carries each theme, shape (n_articles, n_themes)."""
    return np.array([[key in (article.themes or ()) for key in keys] for article in articles], bool).reshape(
        -1, len(keys)
    )


def labelled_articles(corpus: Corpus) -> list[Article]:
    """The articles whose themes are known; none at all is an error."""
    if found := [article for article in corpus if article.themes is not None]:
        return found
    raise SettingsError("no article is labelled; give articles with a themes column")


def theme_columns(table: pd.DataFrame) -> list[str]:
    """The themes of a table of `ThemeModel.sort`, in its order."""
    names = list(table.columns)
    return names[names.index("themes") + 1 : names.index("unlike")]


def contested(articles: Sequence[Article], keys: Sequence[str]) -> Flags:
    """Pairs of article and theme that its readers contest, shape (n_articles, n_themes)."""
    named = [article.extra.get(CONTESTED) or () for article in articles]
    return np.array([[key in names for key in keys] for names in named], bool).reshape(-1, len(keys))


def primary_of(above: Array, keys: Sequence[str]) -> list[str]:
    """The theme furthest above its threshold, or "none", of each row of `surplus`."""
    best = above.argmax(axis=1)
    return [keys[k] if above[row, k] >= 0 else NO_THEMES for row, k in enumerate(best)]


def true_primary(articles: Sequence[Article], keys: Sequence[str], found: Sequence[str]) -> list[str]:
    """The primary theme of each article: its column `primary` where it has one, else the theme that it carries.

    Of several themes without a column that says which is first, the one that was found will do.
    """
    primary = []
    for article, guess in zip(articles, found, strict=True):
        told = article.extra.get(PRIMARY)
        own = [key for key in keys if key in (article.themes or ())]
        if told in (*keys, NO_THEMES):
            primary.append(str(told))
        else:
            primary.append(guess if guess in own else (own or [NO_THEMES])[0])
    return primary


def surety(probabilities: Array, thresholds: Array) -> Array:
    """The model's own probability that `primary` is right, shape (n_articles,).

    That of the primary theme; for "none", that of no theme at all.
    """
    above = surplus(probabilities, thresholds)
    best = above.argmax(axis=1)
    rows = np.arange(len(best))
    nothing = np.prod(1.0 - probabilities, axis=1)
    result: Array = np.where(above[rows, best] >= 0, probabilities[rows, best], nothing)
    return result


def score_sorting(
    model: ThemeModel, articles: Sequence[Article], probabilities: Array, *, groups: Sequence[Any] | None = None
) -> Scores:
    """Scores of probabilities that `model` gave to labelled articles, in their order."""
    return score_probabilities(articles, list(model.themes), probabilities, model.thresholds, groups=groups)


def score_probabilities(
    articles: Sequence[Article],
    keys: Sequence[str],
    probabilities: Array,
    thresholds: Array,
    *,
    groups: Sequence[Any] | None = None,
) -> Scores:
    """Every measure of a sorting of labelled articles.

    Parameters
    ----------
    articles : sequence of Article
        With their themes.
    keys : sequence of str
        The themes, in the order of the columns.
    probabilities : ndarray of shape (n_articles, n_themes)
        Calibrated probabilities.
    thresholds : ndarray of shape (n_themes,) or (n_articles, n_themes)
        From which a theme is given; one row an article where models of several folds sorted.
    groups : sequence of length n_articles, optional
        Articles of one group are drawn together for the intervals.
    """
    above = surplus(probabilities, thresholds)
    found = primary_of(above, keys)
    true = true_primary(articles, keys, found)
    frame = tables.scores(
        indicator(articles, keys), above >= 0, probabilities, themes=keys, primary=(true, found),
        leave_out=contested(articles, keys), groups=groups,
    )  # fmt: skip
    if len(articles) < 2 or (groups is not None and len({str(group) for group in groups}) < 2):
        return Scores(frame)
    right = [a == b for a, b in zip(true, found, strict=True)]
    risk = curves.risk_coverage(surety(probabilities, thresholds), right, groups=groups)
    return Scores(tables.with_rows(frame, {"risk_area": risk.area, "risk_ratio": risk.relative}), risk)


def evaluate(model: ThemeModel, corpus: Corpus, by: str | None) -> Scores | dict[str, Scores]:
    """See `ThemeModel.evaluate`."""
    labelled = [article for article in corpus if article.themes is not None]
    if not labelled:
        raise SettingsError(f"none of {len(corpus)} articles is labelled; give articles with a themes column")
    probabilities = model.probabilities(labelled)
    if by is None:
        return score_sorting(model, labelled, probabilities)
    values = [part_of(article, by) for article in labelled]
    parts: dict[str, Scores] = {}
    for value in sorted(set(values)):
        rows = [row for row, own in enumerate(values) if own == value]
        parts[value] = score_sorting(model, [labelled[row] for row in rows], probabilities[rows])
    return parts


def part_of(article: Article, by: str) -> str:
    """The part that an article belongs to: its source, its year or month, or the value of an own column.

    "none" where it has no source or date, or an empty cell.
    """
    if by == "source":
        return article.source or NO_THEMES
    if by in ("date", "year"):
        return f"{article.date.year:04}" if article.date else NO_THEMES
    if by == "month":
        return f"{article.date:%Y-%m}" if article.date else NO_THEMES
    if by not in article.extra:
        raise SettingsError(f"article {article.id!r} has no column {by!r}; give source, year, month or an own column")
    value = article.extra[by]
    return NO_THEMES if value is None or value == "" else str(value)


def source_groups(articles: Iterable[Article]) -> list[str]:
    """What keeps the articles of a source together: its name; an article without one is alone."""
    return [f"source {article.source}" if article.source else f"article {article.id}" for article in articles]


def out_of_fold_scores(
    articles: Sequence[Article], keys: Sequence[str], probabilities: Array, thresholds: Array
) -> tuple[dict[str, Any], ...]:
    """Precision, recall and F1 of labelled articles as a model that had not seen them sorts them, also by source.

    Parameters
    ----------
    articles : sequence of Article
        Labelled ones.
    keys : sequence of str
        The themes.
    probabilities : ndarray of shape (n_articles, n_themes)
        Out of fold.
    thresholds : ndarray of shape (n_themes,)
        Chosen on the same probabilities, so the scores are a little high.
    """
    given = surplus(probabilities, thresholds) >= 0
    truth = indicator(articles, keys)
    rows = [{"source": "", **row} for row in Scores(tables.scores(truth, given, themes=list(keys))).to_rows()]
    sources = np.array([article.source or "" for article in articles])
    names, counts = np.unique(sources[sources != ""], return_counts=True)
    for name in names[counts >= _LEAST_OF_SOURCE].tolist():
        own = sources == name
        part = Scores(tables.scores(truth[own], given[own], themes=list(keys)))
        rows += [{"source": name, **row} for row in part.to_rows() if row["measure"] == "macro_f1"]
    wanted = ("source", "theme", "measure", "mean", "low", "high", "n")
    return tuple({name: row[name] for name in wanted} for row in rows if row["mean"] is not None)
