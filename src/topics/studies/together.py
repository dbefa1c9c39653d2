"""Which topics go together in articles, and which keep apart."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.corpus.article import as_corpus
from topics.corpus.duplicates import duplicate_groups
from topics.errors import SettingsError
from topics.evaluation.intervals import bootstrap_weighted, ratio, sums
from topics.studies.showing import Table

if TYPE_CHECKING:
    from topics.estimators.shapes import Array
    from topics.models.topics import TopicModel


def correlations(
    model: TopicModel, articles: Any, *, n_draws: int = 500, level: float = 0.95, random_state: int = 0
) -> Table:
    """Correlation of each pair of topics over articles, with intervals.

    Shares of a whole push each other down, so they are compared by centred log-ratios (Aitchison 1986): the logarithm
    of a topic's share over the geometric mean of all shares of the article. Unrelated topics still correlate by
    -1 / (n_topics - 1), the value that a pair is held against.

    Parameters
    ----------
    model : TopicModel
        Whose topics.
    articles : Corpus, articles or path
        At least two that are no copies of each other.
    n_draws, level, random_state
        Of the bootstrap over articles, in which copies of one text are drawn together.

    Returns
    -------
    Table
        One row a pair: a, b (topics), name_a, name_b, correlation, low, high, n (articles or groups of copies), related
        (1 or -1 where the interval lies above or below that of unrelated topics, else 0).

    Raises
    ------
    SettingsError
        One topic, or too few articles.
    """
    corpus, n_topics = as_corpus(articles), len(model.alpha)
    if n_topics < 2 or len(corpus) < 2:
        raise SettingsError(f"{n_topics} topics in {len(corpus)} articles do not correlate; give two or more of each")
    log = np.log(model.mixtures(corpus).iloc[:, 2:].to_numpy())
    ratios = log - log.mean(axis=1, keepdims=True)
    pairs = list(combinations(range(n_topics), 2))
    groups = duplicate_groups(corpus)
    if groups.max() < 1:
        raise SettingsError("all articles are copies of one text; give articles that differ")
    scores = bootstrap_weighted(
        lambda weights: _weighted(ratios, pairs, weights), len(corpus), groups=groups, n_draws=n_draws, level=level,
        random_state=random_state,
    )  # fmt: skip
    names, chance = model.names, -1 / (n_topics - 1)
    rows = [
        (a, b, names[a], names[b], *score, int(score.low > chance) - int(score.high < chance))
        for (a, b), score in zip(pairs, scores, strict=True)
    ]
    columns = ["a", "b", "name_a", "name_b", "correlation", "low", "high", "n", "related"]
    return Table(rows, columns=columns, verdict=_in_words(rows, chance))


def _weighted(ratios: Array, pairs: list[tuple[int, int]], weights: Array) -> Array:
    """Correlation of each pair for each row of weights, shape (n_draws, n_pairs)."""
    first, second = np.array(pairs).T
    total = weights.sum(axis=1, keepdims=True)
    mean = sums(weights, ratios) / total
    spread = sums(weights, ratios**2) / total - mean**2
    joint = sums(weights, ratios[:, first] * ratios[:, second]) / total - mean[:, first] * mean[:, second]
    return ratio(joint, np.sqrt(np.maximum(spread[:, first] * spread[:, second], 0.0)))


def _in_words(rows: list[tuple[Any, ...]], chance: float) -> str:
    text = f"Unrelated topics would correlate by {chance:.2f}. "
    together = sorted((row for row in rows if row[-1] > 0), key=lambda row: -row[4])
    apart = sorted((row for row in rows if row[-1] < 0), key=lambda row: row[4])
    for what, found in (("above", together), ("below", apart)):
        text += f"Of {len(rows)} pairs {len(found)} lie {what} that by their intervals"
        if found:
            a, b, _, _, mean, low, high, *_ = found[0]
            text += f", farthest {a} and {b}: {mean:.2f} [{low:.2f}, {high:.2f}]"
        text += ". "
    return text.rstrip()
