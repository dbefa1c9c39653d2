"""Curves of one theme or one decision: reliability, coverage against risk, precision against recall."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from topics.errors import SettingsError, TopicsError
from topics.evaluation.checks import (
    Array,
    ArrayLike,
    Integers,
    counted,
    indicators,
    numbers,
    probabilities,
    same_shape,
)
from topics.evaluation.intervals import Score, bootstrap_weighted, ratio, sums, wilson
from topics.evaluation.measures import SLOPE, Labels, last_of_equal

if TYPE_CHECKING:
    import pandas as pd


class Reliability(NamedTuple):
    """Whether a probability means what it says.

    Attributes
    ----------
    bins : DataFrame
        One row a bin with articles: low, high (ends of the probabilities), n, predicted (their mean),
        observed (share that carries the theme), observed_low, observed_high (Wilson).
    slope : Score
        Of the straight line of label on probability: 1 when calibrated, below 1 when over-confident.
    """

    bins: pd.DataFrame
    slope: Score


class RiskCoverage(NamedTuple):
    """What abstaining on the least sure articles buys.

    Attributes
    ----------
    coverage : ndarray of shape (n_articles,)
        Share of the articles that are decided, rising to 1.
    risk : ndarray of shape (n_articles,)
        Share of these that are wrong.
    area : Score
        Mean risk over all coverages; smaller is better.
    random_area : Score
        The same when abstaining at random: the share of wrong articles.
    relative : Score
        `area` over `random_area`, NaN when nothing is wrong; read it through `ratio`.
    """

    coverage: Array
    risk: Array
    area: Score
    random_area: Score
    relative: Score

    @property
    def ratio(self) -> Score:
        """Area as a share of random abstention's, with its interval; an error when nothing is wrong."""
        if self.random_area.mean == 0:
            raise TopicsError("no article is wrong, so abstaining has nothing to win; there is no ratio")
        return self.relative


def reliability(
    y_true: ArrayLike,
    p: ArrayLike,
    *,
    n_bins: int = 10,
    leave_out: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    n_draws: int = 1000,
    level: float = 0.95,
    random_state: int = 0,
) -> Reliability:
    """Observed share against probability in equal-width bins, and the slope with its interval.

    Parameters
    ----------
    y_true : array-like of shape (n_articles,)
        1 where an article carries the theme, else 0.
    p : array-like of shape (n_articles,)
        Probability that it does.
    n_bins : int
        Bins of equal width over 0 to 1; empty ones are left out.
    leave_out : array-like of shape (n_articles,), optional
        1 where an article does not count for this theme.
    groups, n_draws, level, random_state
        As in `bootstrap`.

    Returns
    -------
    Reliability
    """
    import pandas as pd

    if n_bins < 1:
        raise SettingsError(f"n_bins is {n_bins}; at least one bin is needed, 10 is usual")
    truth, chance = _one_theme(y_true, p)
    counts = counted(leave_out, truth)
    data = Labels(truth[:, None], counts[:, None], np.zeros((len(truth), 1)), chance[:, None], None)
    slope = bootstrap_weighted(
        SLOPE.prepare(data),
        len(truth),
        groups=groups,
        n_draws=n_draws,
        level=level,
        random_state=random_state,
    )[0]
    if slope.mean != slope.mean:
        raise TopicsError(f"there is no reliability slope: {SLOPE.missing}")
    kept = counts > 0
    place = np.minimum((chance[kept] * n_bins).astype(np.int64), n_bins - 1)
    rows = []
    for index in np.unique(place):
        inside = truth[kept][place == index]
        share = wilson(int(inside.sum()), len(inside), level=level)
        predicted = float(chance[kept][place == index].mean())
        rows.append((index / n_bins, (index + 1) / n_bins, share.n, predicted, *share[:3]))
    columns = ["low", "high", "n", "predicted", "observed", "observed_low", "observed_high"]
    return Reliability(pd.DataFrame(rows, columns=columns), slope)


def risk_coverage(
    confidence: ArrayLike,
    correct: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    n_draws: int = 1000,
    level: float = 0.95,
    random_state: int = 0,
) -> RiskCoverage:
    """The share of wrong articles among those decided, surest first.

    Parameters
    ----------
    confidence : array-like of shape (n_articles,)
        How sure the model is of each decision, on any scale; equal ones are decided together.
    correct : array-like of shape (n_articles,)
        1 where the decision is right, else 0.
    groups, n_draws, level, random_state
        As in `bootstrap`.

    Returns
    -------
    RiskCoverage
    """
    sure, right = numbers(confidence, "confidence", ndim=1), indicators(correct, "correct", ndim=1)
    same_shape(sure, right, "confidence and correct")
    order = np.argsort(-sure, kind="stable")
    wrong = np.where(right[order], 0.0, 1.0)
    ends, block = _ties(sure[order])

    def areas(weights: Array) -> Array:
        drawn = weights[:, order]
        total = drawn.sum(axis=1, keepdims=True)
        risk = _risk(drawn, wrong, ends, block)
        area = (drawn * risk).sum(axis=1, keepdims=True) / total
        plain = sums(drawn, wrong[:, None]) / total
        return np.concatenate([area, plain, ratio(area, plain)], axis=1)

    area, plain, relative = bootstrap_weighted(
        areas, len(sure), groups=groups, n_draws=n_draws, level=level, random_state=random_state
    )
    risk = _risk(np.ones((1, len(sure))), wrong, ends, block)[0]
    coverage = np.arange(1, len(sure) + 1) / len(sure)
    return RiskCoverage(coverage, risk, area, plain, relative)


def precision_recall(y_true: ArrayLike, p: ArrayLike, *, leave_out: ArrayLike | None = None) -> pd.DataFrame:
    """Precision and recall of one theme at each threshold that changes them.

    Parameters
    ----------
    y_true, p, leave_out
        As in `reliability`.

    Returns
    -------
    DataFrame
        Columns threshold (falling), precision, recall (rising to 1).
    """
    import pandas as pd

    truth, chance = _one_theme(y_true, p)
    kept = counted(leave_out, truth) > 0
    truth, chance = truth[kept], chance[kept]
    if not truth.any():
        raise TopicsError("there is no recall: no article carries the theme")
    order = np.argsort(-chance, kind="stable")
    ends = last_of_equal(chance[order])
    hits = np.cumsum(truth[order])[ends]
    columns = {"threshold": chance[order][ends], "precision": hits / (ends + 1), "recall": hits / hits[-1]}
    return pd.DataFrame(columns)


def _one_theme(y_true: ArrayLike, p: ArrayLike) -> tuple[Array, Array]:
    truth, chance = indicators(y_true, "y_true", ndim=1), probabilities(p, "p", ndim=1)
    same_shape(truth, chance, "y_true and p")
    return truth.astype(np.float64), chance


def _ties(ordered: Array) -> tuple[Integers, Integers]:
    """Last place of each run of equal values, and the run of each place."""
    ends = last_of_equal(ordered)
    return ends, np.searchsorted(ends, np.arange(len(ordered))).astype(np.int64)


def _risk(drawn: Array, wrong: Array, ends: Integers, block: Integers) -> Array:
    """Risk at each place; articles of equal confidence share their errors: no order of them is better."""
    taken = np.cumsum(drawn, axis=1)
    taken_ends = taken[:, ends]
    errors_ends = np.cumsum(drawn * wrong, axis=1)[:, ends]
    mean = ratio(np.diff(errors_ends, axis=1, prepend=0.0), np.diff(taken_ends, axis=1, prepend=0.0))
    errors = np.cumsum(drawn * np.nan_to_num(mean)[:, block], axis=1)
    return np.divide(errors, taken, out=np.zeros_like(errors), where=taken > 0)
