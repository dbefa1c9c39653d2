"""Which terms show a topic best: by relevance, or by FREX. Arrays in, arrays out."""

from __future__ import annotations

import numpy as np

from topics.errors import SettingsError
from topics.evaluation.checks import Array, ArrayLike, distributions, numbers

LAMBDA = 0.6
"""Sievert & Shirley 2014, section 5: the value at which their readers told topics best."""


def relevance(topic_terms: ArrayLike, term_shares: ArrayLike, *, weight: float = LAMBDA) -> Array:
    """Log-probability of a term in a topic, less what it owes to being frequent everywhere (Sievert & Shirley 2014).

    Parameters
    ----------
    topic_terms : array-like of shape (n_topics, n_terms)
        P(term | topic), or weights that are scaled to it; above 0.
    term_shares : array-like of shape (n_terms,)
        P(term) in the whole corpus, or weights that are scaled to it; above 0.
    weight : float
        Their lambda: 1 is probability alone, 0 the ratio to the whole corpus alone.

    Returns
    -------
    ndarray of shape (n_topics, n_terms)
        In nats.
    """
    array, shares = distributions(topic_terms, "topic_terms"), numbers(term_shares, "term_shares", ndim=1)
    _check_weight(weight)
    if len(shares) != array.shape[1]:
        raise SettingsError(f"{len(shares)} term_shares for {array.shape[1]} terms; hand in one a term")
    if not (array > 0).all() or not (shares > 0).all():
        raise SettingsError("a probability of 0 has no logarithm; give every term a little, as LDA's prior does")
    log = np.log(array)
    found: Array = weight * log + (1 - weight) * (log - np.log(shares / shares.sum()))
    return found


def frex(topic_terms: ArrayLike, *, weight: float = 0.5) -> Array:
    """Harmonic mean of how frequent and how exclusive a term is among a topic's terms (Bischof & Airoldi 2012).

    Both enter as the share of the topic's terms that do not have more; a term is exclusive to a topic by its
    probability there over the sum of its probabilities in all topics.

    Parameters
    ----------
    topic_terms : array-like of shape (n_topics, n_terms)
        P(term | topic), or weights that are scaled to it.
    weight : float
        Of exclusivity; 0 orders by frequency alone, 1 by exclusivity alone.

    Returns
    -------
    ndarray of shape (n_topics, n_terms)
        Above 0, at most 1.
    """
    from scipy.stats import rankdata

    array = distributions(topic_terms, "topic_terms")
    _check_weight(weight)
    own = array / np.maximum(array.sum(axis=0), np.finfo(np.float64).tiny)
    # Rounded before ranking: equal terms must not be told apart by the last bit of a sum.
    frequent, exclusive = (
        np.apply_along_axis(rankdata, 1, values.round(15), method="max") / array.shape[1] for values in (array, own)
    )
    found: Array = 1 / (weight / exclusive + (1 - weight) / frequent)
    return found


def _check_weight(weight: float) -> None:
    if not 0.0 <= weight <= 1.0:
        raise SettingsError(f"weight is {weight}; it lies between 0 and 1")
