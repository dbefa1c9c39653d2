"""Predict with calibrated linear models: numpy and scipy.sparse only, no scikit-learn, no compiled code.

ThemeClassifier predicts by these very functions, so a saved model gives bit-equal figures; and an
article's figures do not depend on which other articles are in the batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from topics.estimators.shapes import Array, Matrix


def decision_values(X: Matrix, coef: Array, intercept: Array) -> Array:
    """``X @ coef.T + intercept``, before calibration.

    Parameters
    ----------
    X : csr_matrix or csr_array of shape (n_articles, n_terms)
        Weights of terms.
    coef : ndarray of shape (n_themes, n_terms)
        Weight of each term for each theme.
    intercept : ndarray of shape (n_themes,)
        What an article with no known term gets.

    Returns
    -------
    ndarray of shape (n_articles, n_themes)
        Intercept plus the sum over an article's terms of weight times coefficient.
    """
    if X.shape[1] != coef.shape[1]:
        raise ValueError(f"X has {X.shape[1]} terms, but the coefficients are for {coef.shape[1]}")
    # scipy copies the transposed coefficients; a small batch needs only the columns that it uses.
    if X.nnz < X.shape[1]:
        used, position = np.unique(X.indices, return_inverse=True)
        X = type(X)((X.data, position, X.indptr), shape=(X.shape[0], len(used)))
        coef = coef[:, used]
    values: Array = np.asarray(X @ np.ascontiguousarray(coef.T, dtype=np.float64), dtype=np.float64)
    return values + intercept


def calibrate(decision: Array, slope: Array, offset: Array) -> Array:
    """Decision values to probabilities: ``1 / (1 + exp(-(slope * decision + offset)))``.

    Parameters
    ----------
    decision : ndarray of shape (n_articles, n_themes)
        Decision values.
    slope, offset : ndarray of shape (n_themes,)
        The calibration of each theme; a slope of 0 gives every article the probability of `offset`.

    Returns
    -------
    ndarray of shape (n_articles, n_themes)
        Probabilities, finite for any finite decision value.
    """
    return sigmoid(decision * slope + offset)


def sigmoid(log_odds: Array) -> Array:
    """Probability of each log-odds; neither tail overflows."""
    small = np.exp(-np.abs(np.ascontiguousarray(log_odds)))
    result: Array = np.where(log_odds >= 0, 1.0, small) / (1.0 + small)
    return result


def surplus(probability: Array, thresholds: Array) -> Array:
    """Log-odds of each probability above its theme's threshold; 0 or more where the theme is given.

    The theme with the largest surplus is the best guess at an article's main theme: on news of
    uneven themes it scores a higher macro-F1 than the most probable one.

    Parameters
    ----------
    probability : ndarray of shape (n_articles, n_themes)
        Calibrated probabilities.
    thresholds : ndarray of shape (n_themes,)
        Thresholds of the themes.
    """
    inside = np.clip(probability, 1e-300, 1.0 - 1e-16)
    result: Array = np.log(inside / (1.0 - inside)) - np.log(thresholds / (1.0 - thresholds))
    return result
