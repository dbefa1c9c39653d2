"""The share of articles that carry a theme, corrected for the errors of the classifier that counted them.

Both corrections need a random sample of the articles that people have checked.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from topics.evaluation.checks import ArrayLike, indicators, probabilities, same_shape
from topics.evaluation.intervals import Score, normal_half_width, wilson

FEW = 5
"""Checked articles with the theme, or without it, below which prediction-powered inference is not tried."""


class Counted(NamedTuple):
    """What a classifier said of all articles, in four sums.

    Attributes
    ----------
    n : int
        Articles.
    given : float
        How many got the theme.
    chance, squares : float
        Sums of their probabilities, and of the squares of these.
    """

    n: int
    given: float
    chance: float
    squares: float


def adjusted_count(counted: Counted, truth: ArrayLike, given: ArrayLike, *, level: float = 0.95) -> Score:
    """Forman's adjusted count (2008): (raw - false positive rate) / (true positive rate - false positive rate).

    Right as long as the two rates are the same among the articles as in the sample, whatever the share; so the sample
    may come from other months or newspapers than the articles.

    Parameters
    ----------
    counted : Counted
        Of the articles.
    truth, given : array-like of shape (n_checked,)
        1 where a checked article carries the theme, and where it was given it.
    level : float
        Coverage of the interval, by the delta method; the variances of the rates are those of one more success and one
        more failure each, so that a rate of 0 or 1 is not taken for certain.

    Returns
    -------
    Score
        Clipped to 0..1; NaN when the sample lacks articles with the theme or without it, or when the classifier gives
        it no more often to those with it. Its n is that of the sample.
    """
    carries, got = indicators(truth, "truth", ndim=1), indicators(given, "given", ndim=1)
    same_shape(carries, got, "truth and given")
    n_with, n_without = int(carries.sum()), int((~carries).sum())
    if not n_with or not n_without or not counted.n:
        return Score(math.nan, math.nan, math.nan, len(carries))
    hits, false = int((got & carries).sum()), int((got & ~carries).sum())
    gap = hits / n_with - false / n_without
    if gap <= 0:
        return Score(math.nan, math.nan, math.nan, len(carries))
    raw = counted.given / counted.n
    share = (raw - false / n_without) / gap
    within = min(max(share, 0.0), 1.0)
    variance = raw * (1 - raw) / counted.n
    variance += within**2 * _variance(hits, n_with) + (1 - within) ** 2 * _variance(false, n_without)
    half = normal_half_width(level) * math.sqrt(variance) / gap
    return Score(within, max(share - half, 0.0), min(share + half, 1.0), len(carries))


def prediction_powered(counted: Counted, truth: ArrayLike, chance: ArrayLike, *, level: float = 0.95) -> Score:
    """The checked share, sharpened by what the classifier says of all articles.

    Prediction-powered inference (Angelopoulos, Bates, Fannjiang, Jordan and Zrnic 2023) for a mean, with the power
    tuning of Angelopoulos, Duchi and Zrnic (2023): right whatever the classifier is worth, and but for chance never
    wider than the sample alone.

    Parameters
    ----------
    counted : Counted
        Of the articles that the sample was drawn from.
    truth : array-like of shape (n_checked,)
        1 where a checked article carries the theme.
    chance : array-like of shape (n_checked,)
        Its probability by the classifier.
    level : float
        Coverage of the interval.

    Returns
    -------
    Score
        With fewer than `FEW` checked articles with the theme, or without it, the sample's own share with Wilson's
        interval: the normal law is then no guide.
    """
    carries = indicators(truth, "truth", ndim=1)
    p = probabilities(chance, "chance", ndim=1)
    same_shape(carries, p, "truth and chance")
    n, n_with = len(carries), int(carries.sum())
    if min(n_with, n - n_with) < FEW or not counted.n:
        return wilson(n_with, n, level=level)
    y = carries.astype(np.float64)
    mean = counted.chance / counted.n
    spread = max(counted.squares / counted.n - mean**2, 0.0)
    tuned = float(np.cov(y, p)[0, 1]) / ((1 + n / counted.n) * spread) if spread > 0 else 0.0
    tuned = min(max(tuned, 0.0), 1.0)
    rest = y - tuned * p
    share = tuned * mean + float(rest.mean())
    variance = tuned**2 * spread / counted.n + float(rest.var(ddof=1)) / n
    half = normal_half_width(level) * math.sqrt(variance)
    return Score(min(max(share, 0.0), 1.0), max(share - half, 0.0), min(share + half, 1.0), n)


def _variance(successes: int, n: int) -> float:
    rate = (successes + 1) / (n + 2)
    return rate * (1 - rate) / (n + 2)
