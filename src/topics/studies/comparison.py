"""Which of two sortings of the same labelled articles is better, measure by measure, paired by article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics.corpus.article import Article, as_corpus
from topics.errors import SettingsError
from topics.estimators.linear import surplus
from topics.evaluation import tables
from topics.models.scoring import contested, indicator, labelled_articles, primary_of, theme_columns, true_primary
from topics.models.themes import ThemeModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from topics.estimators.shapes import Array, Flags


class _Sorting:
    """What a model, or a table of one, says of articles in their order."""

    def __init__(self, given: Any, articles: Sequence[Article], keys: Sequence[str]) -> None:
        if isinstance(given, ThemeModel):
            places = [list(given.themes).index(key) for key in keys]
            self.chances: Array = given.probabilities(articles)[:, places]
            above = surplus(self.chances, given.thresholds[places])
            self.chosen: Flags = above >= 0
            self.primary = primary_of(above, keys)
            return
        rows = {str(row["id"]): row for row in given.to_dict("records")}
        lacking = [article.id for article in articles if article.id not in rows]
        if lacking:
            raise SettingsError(f"a table lacks {len(lacking):,} of the articles, such as {lacking[0]!r}; sort all")
        found = [rows[str(article.id)] for article in articles]
        self.chances = np.array([[float(row[key]) for key in keys] for row in found])
        self.chosen = np.array([[key in row["themes"] for key in keys] for row in found])
        self.primary = [str(row["primary"]) for row in found]


def compare(first: Any, second: Any, corpus: Any, *, groups: Sequence[Any] | None = None) -> pd.DataFrame:
    """How much better the first sorts than the second, with paired bootstrap intervals over articles.

    Parameters
    ----------
    first, second : ThemeModel, or DataFrame of `ThemeModel.sort`
        What is compared, on the themes that both have.
    corpus : Corpus, articles or path
        Labelled articles that neither has learnt from, or whose rows in the tables are out of fold.
    groups : sequence of length n_articles, optional
        Articles of a group, such as near duplicates, are drawn together.

    Returns
    -------
    DataFrame
        Columns of `topics.evaluation.differences`: first minus second, theme by theme and for all together. An
        interval without 0 is a difference; of brier, below 0 is better.
    """
    labelled = labelled_articles(as_corpus(corpus))
    keys = _common(first, second)
    a, b = _Sorting(first, labelled, keys), _Sorting(second, labelled, keys)
    # Of an article with several themes and no primary one, each sorting may have named another that is right.
    hits = [true_primary(labelled, keys, each.primary) for each in (a, b)]
    right = [
        [("right" if got == true else "wrong") for got, true in zip(each.primary, truth, strict=True)]
        for each, truth in zip((a, b), hits, strict=True)
    ]
    return tables.differences(
        indicator(labelled, keys), (a.chosen, b.chosen), (a.chances, b.chances), themes=keys,
        primary=(["right"] * len(labelled), right[0], right[1]), leave_out=contested(labelled, keys), groups=groups,
    )  # fmt: skip


def _common(first: Any, second: Any) -> list[str]:
    """The themes that both have, in the order of the first."""
    sides = []
    for given in (first, second):
        if isinstance(given, ThemeModel):
            sides.append(list(given.themes))
        elif hasattr(given, "columns") and {"id", "primary", "themes", "unlike"} <= set(given.columns):
            sides.append(theme_columns(given))
        else:
            raise SettingsError(f"a ThemeModel or a table of model.sort is compared, not {type(given).__name__}")
    keys = [key for key in sides[0] if key in sides[1]]
    if not keys:
        raise SettingsError(f"they have no theme in common: {', '.join(sides[0])}; {', '.join(sides[1])}")
    return keys
