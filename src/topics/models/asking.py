"""Which articles to label next: those whose themes are least decided, each unlike the others.

Greedy: each step takes the article with the largest product of uncertainty (summed over the themes) and distance to its
nearest neighbor among those already taken (Sener and Savarese 2018 spread a choice so; both at once as in Ash et al.
2020). No random draw. benchmarks/asking.py measures it against random labels; docs/decisions/0006-asking.md has the
other ways that were tried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics.corpus.article import Article, Corpus
from topics.corpus.duplicates import linked
from topics.errors import SettingsError
from topics.estimators.linear import decision_values, sigmoid, surplus

if TYPE_CHECKING:
    import pandas as pd

    from topics.estimators.shapes import Array
    from topics.models.themes import ThemeModel

COLUMNS = ("id", "title", "why")
_STEEP = 8  # of a theme that is not calibrated, about the highest tenth of the pool is of interest


def ask(model: ThemeModel, corpus: Corpus, n: int) -> pd.DataFrame:
    """See `ThemeModel.ask`."""
    from topics.corpus.showing import Rows

    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        raise SettingsError(f"n is how many articles to propose, 1 or more, not {n!r}")
    open_articles = [article for article in corpus if article.themes is None]
    if not open_articles:
        raise SettingsError(f"the themes of all {len(corpus)} articles are known; give articles without labels")
    order = sorted(range(len(open_articles)), key=lambda place: open_articles[place].id or "")
    pool = [open_articles[place] for place in order]  # equal ones go by id, whatever the order of the file
    X = model.matrix.transform(pool)
    probabilities = model.probabilities(pool)
    doubt = uncertainty(model, decision_values(X, model.coef, model.intercept), probabilities)
    chosen = _distinct(pool, X, doubt.sum(axis=1), n)
    rows = [(pool[place].id, pool[place].title, _why(model, doubt[place], probabilities[place])) for place in chosen]
    return Rows(rows, columns=list(COLUMNS))


def uncertainty(model: ThemeModel, decision: Array, probabilities: Array) -> Array:
    """How undecided each theme of each article is, shape (n_articles, n_themes), from 0 to 1.

    4 q (1 - q), q being the probability moved so that the threshold of the theme lies at one half. A theme
    with too few articles to be calibrated has one probability for all; there the articles that its linear model
    ranks highest are of interest: it lacks positive ones.
    """
    q = sigmoid(surplus(probabilities, model.thresholds))
    doubt: Array = 4.0 * q * (1.0 - q)
    for k in np.flatnonzero(model.slope == 0):
        ranks = np.argsort(np.argsort(decision[:, k], kind="stable"), kind="stable")
        doubt[:, k] = ((ranks + 1.0) / len(ranks)) ** _STEEP
    return doubt


def _distinct(articles: list[Article], X: Any, worth: Array, n: int) -> list[int]:
    """At most n places, best first, no two of them near duplicates of each other."""
    size = n
    while True:
        size = min(2 * size, len(articles))
        chosen = _spread(X, worth, size)
        groups = linked([articles[place] for place in chosen]).groups
        kept = np.sort(np.unique(groups, return_index=True)[1])[:n]
        if len(kept) == n or size == len(articles):
            return [chosen[int(place)] for place in kept]


def _spread(X: Any, worth: Array, n: int) -> list[int]:
    """Greedy choice of n rows of X, whose length is 1, by worth times distance to the nearest one chosen."""
    chosen: list[int] = []
    likeness = np.zeros(len(worth))
    free = np.ones(len(worth), bool)
    for _ in range(n):
        best = int(np.where(free, worth * (1.0 - likeness), -np.inf).argmax())
        chosen.append(best)
        free[best] = False
        cosine = np.asarray((X @ X[[best]].T).todense()).ravel()
        likeness = np.maximum(likeness, np.clip(cosine, 0.0, 1.0))
    return chosen


def _why(model: ThemeModel, doubt: Array, probability: Array) -> str:
    """The themes that are least decided, each with its probability and its threshold."""
    keys = list(model.themes)
    order = np.argsort(-doubt, kind="stable").tolist()
    near = [order[0], *(k for k in order[1:3] if doubt[k] > 0.5)]
    told = []
    for k in near:
        if model.slope[k] == 0:
            told.append(f"{keys[k]}, of which too few articles are known, speaks from it")
        else:
            told.append(f"{keys[k]} {probability[k]:.2f}, given from {model.thresholds[k]:.2f}")
    return "undecided: " + "; ".join(told)
