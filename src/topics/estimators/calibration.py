"""From out-of-fold decision values of one theme to its calibration and its threshold.

Both rules stay sensible with a handful of positive articles: targets are smoothed, a calibration that
would turn the order round is refused, and a threshold moves from its prior only as positives say so.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from topics.estimators.linear import sigmoid

if TYPE_CHECKING:
    from topics.estimators.shapes import Array, Flags

PRIOR_POSITIVES = 20.0  # the prior threshold weighs as much as this many positive articles
NEVER_SURE = 1e-6  # thresholds stay this far from 0 and 1


def base_rate(positive: Flags, sample_weight: Array) -> float:
    """Log-odds of the theme's share, smoothed by one article of each kind: finite for any theme."""
    yes = float(sample_weight[positive].sum())
    no = float(sample_weight[~positive].sum())
    return math.log((yes + 1.0) / (no + 1.0))


def platt(decision: Array, positive: Flags, sample_weight: Array) -> tuple[float, float]:
    """Slope and offset of the sigmoid that makes decision values probabilities.

    Platt (1999) with his smoothed targets, by Newton's method with a line search (Lin, Lin and Weng
    2007). Values that do not rank the positives above the rest (a slope not above 0) know nothing
    of the theme: the slope is then 0 and every article gets the base rate.

    Parameters
    ----------
    decision : ndarray of shape (n_articles,)
        Out-of-fold decision values.
    positive : ndarray of bool of shape (n_articles,)
        Which articles carry the theme.
    sample_weight : ndarray of shape (n_articles,)
        How often each article counts.
    """
    yes, no = float(sample_weight[positive].sum()), float(sample_weight[~positive].sum())
    target = np.where(positive, (yes + 1.0) / (yes + 2.0), 1.0 / (no + 2.0))
    # Values in units of their spread, so that the Newton steps are as well conditioned at any C.
    middle, spread = float(decision.mean()), float(decision.std())
    if spread == 0.0:
        return 0.0, base_rate(positive, sample_weight)
    design = np.column_stack([(decision - middle) / spread, np.ones_like(decision)])
    solution = _newton(design, target, sample_weight, np.array([0.0, math.log((yes + 1.0) / (no + 1.0))]))
    if solution[0] <= 0.0:
        return 0.0, base_rate(positive, sample_weight)
    slope = float(solution[0]) / spread
    return slope, float(solution[1]) - slope * middle


def _loss(log_odds: Array, target: Array, weight: Array) -> float:
    return float(np.sum(weight * (np.logaddexp(0.0, log_odds) - target * log_odds)))


def _newton(design: Array, target: Array, weight: Array, start: Array) -> Array:
    """Minimise the weighted cross-entropy of a two-parameter logistic curve, a convex function."""
    solution, log_odds = start, design @ start
    loss = _loss(log_odds, target, weight)
    for _ in range(100):
        probability = sigmoid(log_odds)
        gradient = design.T @ (weight * (probability - target))
        if np.abs(gradient).max() < 1e-8 * max(1.0, weight.sum()):
            break
        hessian = design.T @ (design * (weight * probability * (1.0 - probability))[:, None])
        step = np.linalg.solve(hessian + 1e-12 * np.eye(2), gradient)
        size = 1.0
        while size > 1e-10:
            log_odds = design @ (solution - size * step)
            fresh = _loss(log_odds, target, weight)
            if fresh < loss:
                break
            size /= 2
        else:
            break
        solution, loss = solution - size * step, fresh
    return solution


def f1_threshold(probability: Array, positive: Flags, sample_weight: Array) -> float:
    """The probability from which an article is given the theme.

    If the probabilities are true, the best threshold is half of the best F1 that they promise (Lipton,
    Elkan and Narayanaswamy 2014): the prior. What did best on these articles out of fold is the
    evidence. The two are mixed in log-odds, the evidence weighing as many articles as are positive,
    the prior `PRIOR_POSITIVES`: a handful of positives that lie high or low by chance move it little,
    and with many positives the threshold is the best one found.

    Parameters
    ----------
    probability : ndarray of shape (n_articles,)
        Out-of-fold calibrated probabilities.
    positive : ndarray of bool of shape (n_articles,)
        Which articles carry the theme.
    sample_weight : ndarray of shape (n_articles,)
        How often each article counts.
    """
    order = np.argsort(-probability, kind="stable")
    ranked = probability[order]
    hits = np.cumsum(np.where(positive, sample_weight, 0.0)[order])
    given = np.cumsum(sample_weight[order])
    f1 = 2.0 * hits / (given + hits[-1])
    last = np.append(ranked[1:] < ranked[:-1], True)
    below = np.append(ranked[1:], 0.0)
    best = float(f1[last].max())
    promised = np.cumsum(sample_weight[order] * ranked)
    prior = _log_odds(np.max(promised / (given + promised[-1])))
    cuts = _log_odds((ranked + below) / 2.0)[last & (f1 >= best - 1e-12)]
    evidence = cuts[np.argmin(np.abs(cuts - prior))]
    weight = float(hits[-1])
    mixed = (weight * evidence + PRIOR_POSITIVES * prior) / (weight + PRIOR_POSITIVES)
    return float(sigmoid(np.array([mixed]))[0])


def _log_odds(probability: npt.ArrayLike) -> Array:
    inside = np.clip(probability, NEVER_SURE, 1.0 - NEVER_SURE)
    result: Array = np.log(inside / (1.0 - inside))
    return result
