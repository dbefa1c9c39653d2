"""A figure with its spread: bootstrap over articles, groups or seeds, and Wilson's interval for shares.

Every draw comes from one numpy Generator, so equal input gives equal intervals in any process;
sums avoid BLAS, whose last bits depend on the number of threads.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from topics.errors import SettingsError, TopicsError
from topics.evaluation.checks import Array, ArrayLike, Integers, Statistic, numbers, same_shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CELLS = 2_000_000  # of a block of draws: 16 MB of weights at a time


class Score(NamedTuple):
    """A figure and the interval it lies in; prints ``0.81 [0.79, 0.83]``.

    Attributes
    ----------
    mean : float
        The figure on the articles as they are.
    low, high : float
        Ends of the interval.
    n : int
        Articles, groups, seeds or topics that were resampled: the sample it speaks for.
    """

    mean: float
    low: float
    high: float
    n: int

    def __format__(self, spec: str) -> str:
        spec = spec or ".2f"
        return f"{self.mean:{spec}} [{self.low:{spec}}, {self.high:{spec}}]"

    def __str__(self) -> str:
        return format(self, "")


def bootstrap(
    values: ArrayLike,
    *,
    statistic: Callable[[Array], float] | None = None,
    groups: ArrayLike | None = None,
    n_draws: int = 1000,
    level: float = 0.95,
    random_state: int = 0,
) -> Score:
    """The mean of values, or another figure of them, with its percentile bootstrap interval.

    Parameters
    ----------
    values : array-like of shape (n_articles,)
        One value an article, a seed or a topic.
    statistic : callable, optional
        From an array of drawn values to one number; the mean when left out, which is much faster.
    groups : array-like of shape (n_articles,), optional
        Articles of a group (near duplicates, one source) are drawn together.
    n_draws : int
        How often the articles are drawn.
    level : float
        How much of the draws the interval holds.
    random_state : int
        Seeds the draws.

    Returns
    -------
    Score
        With the figure on the values as they are as its mean.
    """
    array = numbers(values, "values", ndim=1)

    def weighted(weights: Array) -> Array:
        if statistic is None:
            return ratio(sums(weights, array[:, None]), weights.sum(axis=1, keepdims=True))
        repeated = (np.repeat(array, row.astype(np.int64)) for row in weights)
        return np.array([[statistic(drawn)] for drawn in repeated], dtype=np.float64)

    return bootstrap_weighted(
        weighted, len(array), groups=groups, n_draws=n_draws, level=level, random_state=random_state
    )[0]


def bootstrap_weighted(
    statistic: Statistic,
    n_articles: int,
    *,
    groups: ArrayLike | None = None,
    n_draws: int = 1000,
    level: float = 0.95,
    random_state: int = 0,
) -> list[Score]:
    """Several figures at once, each with its interval, from one set of draws.

    Parameters
    ----------
    statistic : callable
        From weights of shape (n_draws, n_articles), how often each article was drawn, to figures
        of shape (n_draws, n_values). NaN where a figure does not exist; the interval is over the other draws.
    n_articles : int
        How many articles are drawn from.
    groups, n_draws, level, random_state
        As in `bootstrap`.

    Returns
    -------
    list of Score
        One a value, in order.
    """
    units, n_units = _units(n_articles, groups)
    _check_draws(n_draws, level)
    estimate = np.asarray(statistic(np.ones((1, n_articles))), dtype=np.float64)[0]
    blocks = _weights(units, n_units, n_draws, np.random.default_rng(random_state))
    draws = np.concatenate([statistic(block) for block in blocks])
    ends = (interval(column, level) for column in draws.T)
    return [Score(float(mean), low, high, n_units) for mean, (low, high) in zip(estimate, ends, strict=True)]


def paired_difference(
    first: ArrayLike,
    second: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    n_draws: int = 1000,
    level: float = 0.95,
    random_state: int = 0,
) -> Score:
    """How much higher the first lies than the second on the same articles, folds or seeds.

    Parameters
    ----------
    first, second : array-like of shape (n_articles,)
        Values of two models in the same order of articles.
    groups, n_draws, level, random_state
        As in `bootstrap`.

    Returns
    -------
    Score
        Of first minus second: above 0 by its interval means the first is better.
    """
    a, b = numbers(first, "first", ndim=1), numbers(second, "second", ndim=1)
    same_shape(a, b, "first and second")
    return bootstrap(a - b, groups=groups, n_draws=n_draws, level=level, random_state=random_state)


def wilson(successes: int, n: int, *, level: float = 0.95) -> Score:
    """A share with Wilson's interval, which stays within 0 and 1 and is right for few trials.

    Parameters
    ----------
    successes, n : int
        How many of how many.
    level : float
        Coverage of the interval.

    Returns
    -------
    Score
        Of successes / n.
    """
    if n < 1 or not 0 <= successes <= n:
        raise SettingsError(f"{successes} of {n} is no share; successes lie within 0 and n")
    z = normal_half_width(level)
    share = successes / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * ((share * (1 - share) + z * z / (4 * n)) / n) ** 0.5
    # Exact at the ends, where the two terms cancel but for rounding.
    low = 0.0 if successes == 0 else middle - half
    high = 1.0 if successes == n else middle + half
    return Score(share, low, high, n)


def normal_half_width(level: float) -> float:
    """How many standard errors on each side of an estimate hold `level` of the normal law."""
    _check_level(level)
    return NormalDist().inv_cdf(0.5 + level / 2)


def sums(weights: Array, table: Array) -> Array:
    """Weighted sum of each column of a (n_articles, n_values) table, shape (n_draws, n_values)."""
    found: Array = np.einsum("dn,kn->dk", weights, np.ascontiguousarray(table.T))
    return found


def ratio(above: Array, below: Array) -> Array:
    """Quotient, NaN where `below` is 0."""
    found: Array = np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0)
    return found


def interval(draws: Array, level: float) -> tuple[float, float]:
    """Ends that hold the middle `level` of the draws that exist; NaN when none does."""
    known = draws[~np.isnan(draws)]
    if not known.size:
        return float("nan"), float("nan")
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _units(n_articles: int, groups: ArrayLike | None) -> tuple[Integers | None, int]:
    """The unit of each article, None when each is its own, and how many units there are."""
    if n_articles < 2:
        raise TopicsError("an interval needs at least two articles; hand in more, or read the plain measure")
    if groups is None:
        return None, n_articles
    labels = np.asarray([str(group) for group in groups])
    if len(labels) != n_articles:
        raise SettingsError(f"{len(labels)} groups for {n_articles} articles; hand in one group an article")
    kinds, units = np.unique(labels, return_inverse=True)
    if len(kinds) < 2:
        raise TopicsError("all articles are of one group, which has no spread; leave groups out")
    return units.astype(np.int64), len(kinds)


def _weights(units: Integers | None, n_units: int, n_draws: int, rng: np.random.Generator) -> Iterator[Array]:
    """How often each article is drawn, in blocks of shape (some draws, n_articles)."""
    size = max(1, _CELLS // (n_units if units is None else len(units)))
    for start in range(0, n_draws, size):
        n_rows = min(size, n_draws - start)
        drawn = rng.integers(0, n_units, size=(n_rows, n_units))
        drawn += np.arange(n_rows)[:, None] * n_units
        counts = np.bincount(drawn.ravel(), minlength=n_rows * n_units).reshape(n_rows, n_units)
        yield (counts if units is None else counts[:, units]).astype(np.float64)


def _check_draws(n_draws: int, level: float) -> None:
    if n_draws < 1:
        raise SettingsError(f"n_draws is {n_draws}; an interval needs at least one draw, 1000 is usual")
    _check_level(level)


def _check_level(level: float) -> None:
    if not 0.0 < level < 1.0:
        raise SettingsError(f"level is {level}; it lies between 0 and 1, such as 0.95")
