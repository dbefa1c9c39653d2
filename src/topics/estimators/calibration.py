"""From out-of-fold decision values of one theme to its calibration and its threshold.

Both rules stay sensible with a handful of positive articles: targets are smoothed, a calibration that
would turn the order round is refused, and a threshold moves from its prior only as positives say so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from topics.estimators.linear import sigmoid

if TYPE_CHECKING:
    from topics.estimators.shapes import Array, Flags, Integers

PRIOR_POSITIVES = 20.0  # the prior threshold weighs as much as this many positive articles
N_DRAWS = 50  # redrawn samples over which a threshold is averaged
N_JOINT = 12
JOINT_CUTS = np.linspace(-2.4, 2.4, 25)  # log-odds
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
    Elkan and Narayanaswamy 2014): the prior. What does best on these articles out of fold is the
    evidence: the mean over redrawn articles, since F1 is nearly flat around its top and the one best cut
    is a matter of chance. The two are mixed in log-odds, the evidence weighing as many articles as are
    positive, the prior `PRIOR_POSITIVES`: a handful of positives that lie high or low by chance move it little.

    Parameters
    ----------
    probability : ndarray of shape (n_articles,)
        Out-of-fold calibrated probabilities.
    positive : ndarray of bool of shape (n_articles,)
        Which articles carry the theme.
    sample_weight : ndarray of shape (n_articles,)
        How often each article counts.
    """
    counts = np.flatnonzero(sample_weight > 0)
    order = counts[np.argsort(-probability[counts], kind="stable")]
    ranked, weight = probability[order], sample_weight[order]
    carried = np.where(positive[order], weight, 0.0)
    last = np.append(ranked[1:] < ranked[:-1], True)
    cuts = _log_odds((ranked + np.append(ranked[1:], 0.0)) / 2.0)[last]
    promised = np.cumsum(weight * ranked)
    prior = float(_log_odds(np.max(promised / (np.cumsum(weight) + promised[-1]))))
    best = [_best_cut(cuts, last, carried * draw, weight * draw, prior) for draw in _draws(len(order))]
    evidence, yes = float(np.mean(best)), float(carried.sum())
    mixed = (yes * evidence + PRIOR_POSITIVES * prior) / (yes + PRIOR_POSITIVES)
    return float(sigmoid(np.array([mixed]))[0])


def _best_cut(cuts: Array, last: Flags, carried: Array, weight: Array, prior: float) -> float:
    """The cut with the highest F1, of equal ones that nearest the prior; articles by falling probability."""
    hits = np.cumsum(carried)
    f1 = (2.0 * hits / (np.cumsum(weight) + hits[-1]))[last]
    equal = cuts[f1 >= f1.max() - 1e-12]
    return float(equal[np.argmin(np.abs(equal - prior))])


def _draws(n_articles: int) -> Iterator[Array]:
    """How often each article counts in each redrawn sample: the Bayesian bootstrap (Rubin 1981), always the same."""
    rng = np.random.default_rng(0)
    for _ in range(N_DRAWS):
        yield rng.standard_exponential(n_articles)


def joint_thresholds(probability: Array, labels: Flags, thresholds: Array, sample_weight: Array) -> Array:
    """Thresholds of themes of which every article carries one, moved so that the right one lies furthest above its own.

    Each theme's own threshold is the best for telling it from the rest; which of several themes is the one is
    another question. Here macro-F1 of the theme with the largest surplus is made large, theme after theme, over
    redrawn articles; the mean of the thresholds, in log-odds, stays.

    Parameters
    ----------
    probability : ndarray of shape (n_articles, n_themes)
        Out-of-fold calibrated probabilities.
    labels : ndarray of bool of shape (n_articles, n_themes)
        One theme an article.
    thresholds : ndarray of shape (n_themes,)
        Each theme's own.
    sample_weight : ndarray of shape (n_articles,)
        How often each article counts.
    """
    log_odds, theme = _log_odds(probability), labels.argmax(axis=1)
    # A few draws do: each costs a search in every theme, and one search already looks at all themes together.
    draws = islice(_draws(len(theme)), N_JOINT)
    found = [_joint(log_odds, theme, sample_weight * draw) for draw in draws]
    moved: Array = np.mean(found, axis=0)
    return sigmoid(moved - moved.mean() + _log_odds(thresholds).mean())


def _joint(log_odds: Array, theme: Integers, weight: Array) -> Array:
    """Thresholds in log-odds by two rounds of coordinate ascent, from 0."""
    n_themes = log_odds.shape[1]
    cuts = np.zeros(n_themes)
    total = np.bincount(theme, weight, n_themes)
    for _ in range(2):
        for t in range(n_themes):
            surplus = log_odds - cuts
            surplus[:, t] = -np.inf
            other, beats = surplus.argmax(axis=1), log_odds[:, t] - surplus.max(axis=1)
            scores = []
            for cut in JOINT_CUTS:
                chosen = np.where(beats > cut, t, other)
                hits = np.bincount(theme, weight * (chosen == theme), n_themes)
                scores.append(np.mean(2.0 * hits / (total + np.bincount(chosen, weight, n_themes))))
            cuts[t] = JOINT_CUTS[int(np.argmax(scores))]
        cuts -= cuts.mean()
    return cuts


def _log_odds(probability: npt.ArrayLike) -> Array:
    inside = np.clip(probability, NEVER_SURE, 1.0 - NEVER_SURE)
    result: Array = np.log(inside / (1.0 - inside))
    return result
