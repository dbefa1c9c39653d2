"""The measures of themes as figures of how often each article was drawn.

A measure turns checked labels into a `Statistic`: weights of shape (n_draws, n_articles) in, figures
of shape (n_draws, n_themes) out, NaN where the figure does not exist. Weights of 1 give the measure
on the articles as they are; bootstrap weights give its spread, all draws at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from topics.evaluation.intervals import ratio, sums

if TYPE_CHECKING:
    from collections.abc import Callable

    from topics.evaluation.checks import Array, Integers, Statistic


class Labels(NamedTuple):
    """Checked labels, all of shape (n_articles, n_themes) and 0.0 or 1.0; `chance` lies between."""

    truth: Array
    counts: Array
    chosen: Array
    chance: Array
    base_rate: Array | None


class Measure(NamedTuple):
    """One measure: its name, what it is made from, and why it may not exist."""

    name: str
    prepare: Callable[[Labels], Statistic]
    missing: str


def _quotient(above: Array, below: Array) -> Statistic:
    return lambda weights: ratio(sums(weights, above), sums(weights, below))


def _precision(data: Labels) -> Statistic:
    chosen = data.counts * data.chosen
    return _quotient(chosen * data.truth, chosen)


def _recall(data: Labels) -> Statistic:
    truth = data.counts * data.truth
    return _quotient(truth * data.chosen, truth)


def _f1(data: Labels) -> Statistic:
    above = 2 * data.counts * data.truth * data.chosen
    return _quotient(above, data.counts * (data.truth + data.chosen))


def _brier(data: Labels) -> Statistic:
    return _quotient(data.counts * (data.chance - data.truth) ** 2, data.counts)


def _brier_skill(data: Labels) -> Statistic:
    error = data.counts * (data.chance - data.truth) ** 2
    truth = data.counts * data.truth

    def skill(weights: Array) -> Array:
        total = sums(weights, data.counts)
        if data.base_rate is None:
            rate = ratio(sums(weights, truth), total)
            plain = rate * (1 - rate) * total
        else:
            plain = sums(weights, data.counts * (data.base_rate - data.truth) ** 2)
        return 1 - ratio(sums(weights, error), plain)

    return skill


def _slope(data: Labels) -> Statistic:
    """Slope of the straight line of label on probability."""
    chance, truth = data.counts * data.chance, data.counts * data.truth

    def slope(weights: Array) -> Array:
        n = sums(weights, data.counts)
        mean = ratio(sums(weights, chance), n)
        both = sums(weights, chance * data.truth) - mean * sums(weights, truth)
        spread = sums(weights, chance * data.chance) - n * mean**2
        # Equal probabilities leave a spread of rounding alone.
        spread[spread <= 1e-12 * np.maximum(n, 1)] = 0.0
        return ratio(both, spread)

    return slope


def _average_precision(data: Labels) -> Statistic:
    orders = np.argsort(-data.chance, axis=0, kind="stable")
    themes = list(zip(orders.T, data.counts.T, data.truth.T, data.chance.T, strict=True))

    def average(weights: Array) -> Array:
        columns = [
            _area(weights[:, order] * counts[order], truth[order], chance[order])
            for order, counts, truth, chance in themes
        ]
        return np.stack(columns, axis=1)

    return average


def last_of_equal(ordered: Array) -> Integers:
    """The last place of each run of equal values."""
    return np.append(np.flatnonzero(np.diff(ordered)), len(ordered) - 1).astype(np.int64)


def _area(weights: Array, truth: Array, chance: Array) -> Array:
    """Sum of precision times the step in recall at each distinct probability, articles in falling order."""
    ends = last_of_equal(chance)
    hits = np.cumsum(weights * truth, axis=1)[:, ends]
    taken = np.cumsum(weights, axis=1)[:, ends]
    precision = np.divide(hits, taken, out=np.zeros_like(hits), where=taken > 0)
    steps = np.diff(hits, axis=1, prepend=0.0)
    return ratio((steps * precision).sum(axis=1), hits[:, -1])


def _macro_f1(data: Labels) -> Statistic:
    each = _f1(data)
    return lambda weights: each(weights).mean(axis=1, keepdims=True)


def _subset_accuracy(data: Labels) -> Statistic:
    right = (data.counts * (data.truth != data.chosen)).sum(axis=1, keepdims=True) == 0
    scored = (data.counts.sum(axis=1, keepdims=True) > 0).astype(np.float64)
    return _quotient(right * scored, scored)


NONE_CARRIES = "no article carries it"
PRECISION = Measure("precision", _precision, "no article was sorted into it")
RECALL = Measure("recall", _recall, NONE_CARRIES)
F1 = Measure("f1", _f1, "no article carries it and none was sorted into it")
AVERAGE_PRECISION = Measure("average_precision", _average_precision, NONE_CARRIES)
BRIER = Measure("brier", _brier, "every article is left out")
BRIER_SKILL = Measure("brier_skill", _brier_skill, "no article, or every one, carries it")
SLOPE = Measure("reliability_slope", _slope, "its probability is the same for every article")
MACRO_F1 = Measure("macro_f1", _macro_f1, "a theme has no article and none was sorted into it")
SUBSET_ACCURACY = Measure("subset_accuracy", _subset_accuracy, "every pair is left out")
