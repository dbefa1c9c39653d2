"""Krippendorff's alpha: whether people who label the same articles agree more than chance would have it.

Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): 1 minus observed over expected disagreement, for any
number of coders, any distance between two answers, and articles that not everyone answered.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from topics.errors import SettingsError, TopicsError
from topics.evaluation.intervals import Score, bootstrap_weighted, ratio

if TYPE_CHECKING:
    from topics.evaluation.checks import Array, Statistic

Answer = TypeVar("Answer", bound=Hashable)


def nominal_distance(first: Hashable, second: Hashable) -> float:
    """0 for equal answers, else 1.

    Parameters
    ----------
    first, second : hashable
        Two answers.
    """
    return 0.0 if first == second else 1.0


def masi_distance(first: frozenset[str], second: frozenset[str]) -> float:
    """How far two sets of labels are apart, 0 to 1 (MASI: Passonneau 2006).

    1 minus Jaccard similarity times monotonicity: 1 for equal sets, 2/3 when one holds the other, 1/3 when they
    overlap, 0 when they share nothing. Two empty sets are equal.

    Parameters
    ----------
    first, second : frozenset of str
        Two answers.

    Examples
    --------
    >>> round(masi_distance(frozenset("ab"), frozenset("abcd")), 3)
    0.667
    """
    if first == second:
        return 0.0
    both = len(first & second)
    if not both:
        return 1.0
    kind = 2 / 3 if first <= second or second <= first else 1 / 3
    return 1.0 - both / len(first | second) * kind


def krippendorff_alpha(
    units: Sequence[Sequence[Answer]],
    distance: Callable[[Answer, Answer], float] = nominal_distance,
    *,
    n_draws: int = 1000,
    level: float = 0.95,
    random_state: int = 0,
) -> Score:
    """Alpha with its bootstrap interval over articles.

    Parameters
    ----------
    units : sequence of length n_articles
        The answers that each article got, one a coder who answered; articles with fewer than two do not count.
    distance : callable
        Of two answers; symmetric, 0 for equal ones. `nominal_distance` or `masi_distance`.
    n_draws, level, random_state
        As in `topics.evaluation.bootstrap`.

    Returns
    -------
    Score
        1 is perfect agreement, 0 what chance gives, below 0 worse than chance. Its n is the number of articles with two
        answers or more. NaN when all answers are equal: nothing can then be expected to differ.
    """
    counted = [list(answers) for answers in units if len(answers) > 1]
    if len(counted) < 2:
        raise TopicsError(
            f"{len(counted)} articles were answered twice; alpha needs at least 2, label more of the same"
        )
    kinds = list(dict.fromkeys(answer for answers in counted for answer in answers))
    place = {answer: k for k, answer in enumerate(kinds)}
    table = np.zeros((len(counted), len(kinds)))
    for row, answers in enumerate(counted):
        for answer in answers:
            table[row, place[answer]] += 1
    apart = np.array([[distance(a, b) for b in kinds] for a in kinds])
    if not np.allclose(apart, apart.T) or apart.diagonal().any():
        raise SettingsError("a distance is the same both ways, and 0 for equal answers")
    statistic = _alpha(table, apart)
    return bootstrap_weighted(statistic, len(counted), n_draws=n_draws, level=level, random_state=random_state)[0]


def _alpha(table: Array, apart: Array) -> Statistic:
    sizes = table.sum(axis=1)
    observed = np.einsum("uk,kl,ul->u", table, apart, table) / (sizes - 1)

    def alpha(weights: Array) -> Array:
        n = weights @ sizes
        totals = weights @ table
        expected = np.einsum("dk,kl,dl->d", totals, apart, totals) / (n - 1)
        return 1.0 - ratio(weights @ observed, expected)[:, None]

    return alpha
