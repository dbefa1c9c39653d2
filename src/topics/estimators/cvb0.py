"""The compiled loops of collapsed variational Bayes, zero order (Asuncion, Welling, Smyth and Teh 2009, section 3.4).

A *pair* is an article and one of its terms; its row of `shares`, (n_topics,), says how many of the
pair's tokens belong to each topic. The counts of articles and terms are sums of such rows. No
loop adds numbers in an order that depends on the processor or on threads: equal input gives equal bits.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from topics.compiled import compiled
from topics.estimators.expectations import digamma

if TYPE_CHECKING:
    from topics.estimators.shapes import Array

Single = npt.NDArray[np.float32]
Starts = npt.NDArray[np.int64]
Ids = npt.NDArray[np.int32]

SMALL = 0.03  # tokens; below, digamma is replaced by its first terms


@compiled
def sweep(
    indptr: Starts,
    indices: Ids,
    counts: Single,
    shares: Single,
    of_article: Single,
    of_term: Single,
    of_topic: Array,
    alpha: Single,
    eta: float,
    step: float,
    start: int,
    stop: int,
) -> None:
    """Visit each pair of articles `start` to `stop` once and share out its tokens anew, in place.

    Eq. 21 of the paper for all tokens of a pair at once, the pair's own tokens left out of the counts. A
    row of `shares` that is 0 has not been counted yet: this is also the first pass.

    Parameters
    ----------
    indptr, indices, counts : ndarray
        The parts of a CSR matrix of shape (n_articles, n_terms).
    shares : ndarray of shape (n_pairs, n_topics)
        Tokens of each pair in each topic.
    of_article : ndarray of shape (n_articles, n_topics)
        Tokens of each article in each topic.
    of_term : ndarray of shape (n_terms, n_topics)
        Tokens of each term in each topic, pseudo-counts of anchors included.
    of_topic : ndarray of shape (n_topics,)
        Column sums of `of_term`.
    alpha : ndarray of shape (n_topics,)
        Prior of the mixtures.
    eta : float
        Prior of each term in each topic.
    step : float
        How far each share moves towards what the equation says: 1 is there, more is beyond (over-relaxation:
        Salakhutdinov and Roweis 2003), and may leave shares a little below 0 until a step of 1 is taken.
    start, stop : int
        The first article, and the one after the last.
    """
    n_topics = len(of_topic)
    even = n_topics // 4 * 4
    zero, one, far = np.float32(0.0), np.float32(1.0), np.float32(step)
    prior, smooth = np.float64(eta) * of_term.shape[0], np.float32(eta)
    inverse, before = np.empty(n_topics, np.float32), np.empty(n_topics, np.float32)
    fresh = np.empty(n_topics, np.float32)
    for d in range(start, stop):
        article = of_article[d]
        for k in range(n_topics):
            # Topics change little within an article, so its divisions are done once.
            inverse[k] = np.float32(1.0 / (of_topic[k] + prior))
            before[k] = article[k]
        for i in range(indptr[d], indptr[d + 1]):
            term, share = of_term[indices[i]], shares[i]
            for k in range(n_topics):
                # Sums of many changes in single precision can end a little below 0.
                others = article[k] - share[k]
                elsewhere = term[k] - share[k]
                others = others if others > zero else zero  # noqa: FURB136 - max is a third slower
                elsewhere = elsewhere if elsewhere > zero else zero  # noqa: FURB136
                fresh[k] = (others + alpha[k]) * (elsewhere + smooth) * inverse[k]
            # Four sums, in an order that is written here: one would be slow, the compiler's own not portable.
            a = b = c = e = zero
            for k in range(0, even, 4):
                a += fresh[k]
                b += fresh[k + 1]
                c += fresh[k + 2]
                e += fresh[k + 3]
            for k in range(even, n_topics):
                a += fresh[k]
            scale = counts[i] * (one / ((a + b) + (c + e)))
            for k in range(n_topics):
                change = far * (fresh[k] * scale - share[k])
                share[k] += change
                article[k] += change
                term[k] += change
        for k in range(n_topics):
            of_topic[k] += np.float64(article[k] - before[k])


@compiled
def merge(of_term: Single, copies: Single, totals: Array, start: int, stop: int) -> None:
    """Add to terms `start` to `stop` what each copy changed, in order of the copies, and make all copies equal.

    Sums may end below 0, where shares do, and rise again with them.

    Parameters
    ----------
    of_term : ndarray of shape (n_terms, n_topics)
        What the copies started from.
    copies : ndarray of shape (n_parts, n_terms, n_topics)
        One for each part of the articles.
    totals : ndarray of shape (n_topics,)
        Gets the sums of the terms `start` to `stop` added.
    start, stop : int
        The first term, and the one after the last.
    """
    n_parts, _, n_topics = copies.shape
    sums = np.empty(n_topics, np.float32)
    for w in range(start, stop):
        base = of_term[w]
        for k in range(n_topics):
            sums[k] = base[k]
        for p in range(n_parts):
            copy = copies[p, w]
            for k in range(n_topics):
                sums[k] += copy[k] - base[k]
        for k in range(n_topics):
            base[k] = sums[k]
            totals[k] += base[k]
        for p in range(n_parts):
            copies[p, w, :] = base


@compiled
def completion(
    indptr: Starts,
    indices: Ids,
    counts: Single,
    rows: Starts,
    of_article: Single,
    of_term: Single,
    of_topic: Array,
    alpha: Single,
    eta: float,
) -> float:
    """Log-probability in nats of tokens that were held out of articles `rows`, given their other tokens.

    The CSR matrix has one row for each of `rows`; the other arrays are as in `sweep`.
    """
    n_topics = len(of_topic)
    mixture, prior = np.empty(n_topics), eta * of_term.shape[0]
    total = 0.0
    for r in range(len(rows)):
        length = 0.0
        for k in range(n_topics):
            mixture[k] = max(of_article[rows[r], k], np.float32(0.0)) + alpha[k]
            length += mixture[k]
        for k in range(n_topics):
            mixture[k] /= length * (of_topic[k] + prior)
        for i in range(indptr[r], indptr[r + 1]):
            term = of_term[indices[i]]
            probability = 1e-300  # so that the logarithm is finite
            for k in range(n_topics):
                probability += mixture[k] * (max(term[k], np.float32(0.0)) + eta)
            total += counts[i] * math.log(probability)
    return total


@compiled
def prior_sums(of_article: Single, lengths: Array, alpha: Array, start: int, stop: int, out: Array) -> float:
    """Sums of Wallach's fixed point over articles `start` to `stop`: the one over lengths is returned.

    `out`, (n_topics,), gets sum_d psi(n_dk + alpha_k) - psi(alpha_k) for each topic (Wallach 2008,
    section 2.3; Wallach, Mimno and McCallum 2009).
    """
    n_topics = len(alpha)
    at_prior = np.empty(n_topics)
    whole = 0.0
    for k in range(n_topics):
        at_prior[k] = digamma(alpha[k])
        whole += alpha[k]
    at_whole, total = digamma(whole), 0.0
    for d in range(start, stop):
        if lengths[d] == 0.0:
            continue
        total += digamma(lengths[d] + whole) - at_whole
        for k in range(n_topics):
            n = np.float64(of_article[d, k])
            if n > SMALL:
                some = 1.0 - math.exp(-n)
                out[k] += some * (digamma(n / some + alpha[k]) - at_prior[k])
            elif n > 0.0:
                out[k] += n * (1.0 - 0.5 * n) / alpha[k]
    return total
