"""Which topic of one model is which of another, and how alike models of several seeds are."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from topics.errors import SettingsError
from topics.evaluation.checks import Array, ArrayLike, distributions, term_lists
from topics.evaluation.intervals import Score, bootstrap, bootstrap_weighted, ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

Likeness: TypeAlias = Literal["overlap", "cosine", "js"]


class Stability(NamedTuple):
    """How far topics come back from seed to seed.

    Attributes
    ----------
    score : Score
        Mean similarity of matched topics over pairs of runs; the interval is over runs.
    topics : DataFrame
        One row a topic of the first run: topic, similarity, low, high (over the other runs),
        recurrence (share of the other runs that hold it), terms (rank-biased overlap of its top terms).
    pairs : ndarray of shape (n_runs, n_runs)
        Mean similarity of each pair of runs; 1 on the diagonal.
    """

    score: Score
    topics: pd.DataFrame
    pairs: Array


def similarity(a: ArrayLike, b: ArrayLike, *, measure: Likeness = "overlap") -> Array:
    """How alike each topic of one model is to each of another over the same vocabulary.

    Parameters
    ----------
    a : array-like of shape (n_topics_a, n_terms)
        P(term | topic), or weights that are scaled to it.
    b : array-like of shape (n_topics_b, n_terms)
        The same of the other model.
    measure : {"overlap", "cosine", "js"}
        Sum of the smaller of two probabilities, cosine, or 1 minus the Jensen-Shannon divergence in bits.

    Returns
    -------
    ndarray of shape (n_topics_a, n_topics_b)
        Within 0 and 1; 1 is equal.
    """
    from scipy.spatial.distance import cdist

    first, second = distributions(a, "a"), distributions(b, "b")
    if first.shape[1] != second.shape[1]:
        raise SettingsError(
            f"topics over {first.shape[1]} and {second.shape[1]} terms; bring them to one vocabulary first"
        )
    if measure == "overlap":
        found = 1 - cdist(first, second, "cityblock") / 2
    elif measure == "cosine":
        found = 1 - cdist(first, second, "cosine")
    elif measure == "js":
        found = 1 - cdist(first, second, "jensenshannon") ** 2 / np.log(2)
    else:
        raise SettingsError(f'measure is {measure!r}; choose "overlap", "cosine" or "js"')
    return np.clip(found, 0.0, 1.0)


def match_topics(a: ArrayLike, b: ArrayLike, *, measure: Likeness = "overlap") -> pd.DataFrame:
    """Pair the topics of two models one to one so that the sum of similarities is largest.

    Parameters
    ----------
    a, b, measure
        As in `similarity`. With different numbers of topics, those left over are not in the table.

    Returns
    -------
    DataFrame
        Columns a, b (topic numbers) and similarity, in the order of `a`.
    """
    import pandas as pd
    from scipy.optimize import linear_sum_assignment

    alike = similarity(a, b, measure=measure)
    rows, columns = linear_sum_assignment(alike, maximize=True)
    return pd.DataFrame({"a": rows, "b": columns, "similarity": alike[rows, columns]})


def jaccard(a: Sequence[str], b: Sequence[str]) -> float:
    """Shared terms as a share of all terms of two lists, whatever their ranks.

    Parameters
    ----------
    a, b : sequence of str
        Top terms of two topics.

    Returns
    -------
    float
        1 when they hold the same terms.
    """
    first, second = map(set, term_lists([a, b]))
    return len(first & second) / len(first | second)


def rank_biased_overlap(a: Sequence[str], b: Sequence[str], *, persistence: float = 0.9) -> float:
    """Shared terms of two rankings where the first ranks weigh most (Webber et al. 2010, extrapolated).

    Parameters
    ----------
    a, b : sequence of str
        Top terms of two topics, best first, equally many.
    persistence : float
        Between 0 and 1; at 0.9 the first ten ranks hold 86 % of the weight.

    Returns
    -------
    float
        1 when the rankings are equal, 0 when they share nothing.
    """
    first, second = term_lists([a, b])
    if len(first) != len(second):
        raise SettingsError(f"rankings of {len(first)} and {len(second)} terms; cut them to the same length")
    if not 0.0 < persistence < 1.0:
        raise SettingsError(f"persistence is {persistence}; it lies between 0 and 1, such as 0.9")
    shared = [len(set(first[:depth]) & set(second[:depth])) / depth for depth in range(1, len(first) + 1)]
    weights = persistence ** np.arange(1, len(first) + 1)
    tail = shared[-1] * weights[-1]
    return float((1 - persistence) / persistence * np.dot(shared, weights) + tail)


def stability(
    runs: Sequence[ArrayLike],
    *,
    measure: Likeness = "overlap",
    threshold: float = 0.5,
    n: int = 10,
    n_draws: int = 1000,
    level: float = 0.95,
    random_state: int = 0,
) -> Stability:
    """How alike the topics of several runs are, matched one to one.

    Parameters
    ----------
    runs : sequence of array-like of shape (n_topics, n_terms)
        P(term | topic) of at least three runs over the same vocabulary.
    measure : {"overlap", "cosine", "js"}
        As in `similarity`.
    threshold : float
        From which similarity a topic counts as having come back.
    n : int
        How many top terms are compared by rank.
    n_draws, level, random_state
        As in `bootstrap`; runs are drawn.

    Returns
    -------
    Stability
    """
    models = [distributions(run, f"run {index}") for index, run in enumerate(runs)]
    if len(models) < 3:
        raise SettingsError(f"{len(models)} runs; a spread needs at least three, train with more seeds")
    if len({model.shape for model in models}) > 1:
        raise SettingsError("runs differ in topics or terms; compare runs of one setting over one vocabulary")
    pairs = np.eye(len(models))
    for i, j in combinations(range(len(models)), 2):
        pairs[i, j] = pairs[j, i] = match_topics(models[i], models[j], measure=measure)["similarity"].mean()

    def mean_pair(weights: Array) -> Array:
        # Only pairs of different runs count: a run drawn twice would look perfectly stable.
        both = weights[:, :, None] * weights[:, None, :] * (1 - np.eye(len(models)))
        return ratio((both * pairs).sum(axis=(1, 2)), both.sum(axis=(1, 2)))[:, None]

    score = bootstrap_weighted(mean_pair, len(models), n_draws=n_draws, level=level, random_state=random_state)[0]

    def spread(column: Array) -> Score:
        return bootstrap(column, n_draws=n_draws, level=level, random_state=random_state)

    return Stability(score, _recurrence(models, measure, threshold, n, spread), pairs)


def _recurrence(
    models: list[Array], measure: Likeness, threshold: float, n: int, spread: Callable[[Array], Score]
) -> pd.DataFrame:
    """Each topic of the first run in the others: how alike, how often there, its terms by rank."""
    import pandas as pd

    first, *others = models
    matched = [match_topics(first, other, measure=measure) for other in others]
    alike = np.stack([table["similarity"].to_numpy() for table in matched])
    ranks = np.stack([_rank_overlaps(first, other, table, n) for other, table in zip(others, matched, strict=True)])
    found = [spread(column) for column in alike.T]
    return pd.DataFrame(
        {
            "topic": np.arange(len(first)),
            "similarity": [score.mean for score in found],
            "low": [score.low for score in found],
            "high": [score.high for score in found],
            "recurrence": (alike >= threshold).mean(axis=0),
            "terms": ranks.mean(axis=0),
        }
    )


def _rank_overlaps(first: Array, other: Array, matched: pd.DataFrame, n: int) -> list[float]:
    """Rank-biased overlap of the top terms of each matched pair."""
    pairs = zip(matched["a"], matched["b"], strict=True)
    return [rank_biased_overlap(_top(first[a], n), _top(other[b], n)) for a, b in pairs]


def _top(weights: Array, n: int) -> list[str]:
    """Columns of the `n` largest weights, as names."""
    return [str(term) for term in np.argsort(-weights, kind="stable")[:n]]
