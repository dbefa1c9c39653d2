"""The compiled inner loops of topic models: free functions over arrays, no scikit-learn, no gensim.

Every loop runs over articles in order and starts from what it is given, so equal input gives equal
output, and a row of the result does not depend on the other rows.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from topics.compiled import compiled, dividing, inlined
from topics.estimators.expectations import exp_digamma, exp_expectations

if TYPE_CHECKING:
    from topics.estimators.shapes import Array, Matrix


_TINY = float(np.finfo(np.float64).eps)  # gensim's guard against a term that no topic explains


def topic_weights(components: Array) -> Array:
    """What `infer_mixtures` wants of a trained topic model: exp(E[log beta]).

    Parameters
    ----------
    components : ndarray of shape (n_topics, n_terms)
        Dirichlet parameters of each topic, as in ``LdaTopics.components_``; all above 0.

    Returns
    -------
    ndarray of shape (n_topics, n_terms)
        Rows sum to less than 1.
    """
    weights = np.empty(components.shape)
    exp_expectations(plain(components, np.float64), weights)
    return weights


@dividing
def update_gammas(
    indptr: npt.NDArray[np.int64],
    indices: npt.NDArray[np.int32],
    counts: Array,
    weights: Array,
    alpha: Array,
    gammas: Array,
    max_iter: int,
    tol: float,
    expected: Array,
) -> int:
    """Variational E-step of each article from the given `gammas`, in place; how many converged.

    Parameters
    ----------
    indptr, indices, counts : ndarray
        The parts of a CSR matrix of shape (n_articles, n_terms).
    weights : ndarray of shape (n_terms, n_topics)
        exp(E[log beta]) transposed, so that a term's topics lie together.
    alpha : ndarray of shape (n_topics,)
        Prior of the mixtures.
    gammas : ndarray of shape (n_articles, n_topics)
        Where each article starts, and where it ends.
    max_iter : int
        Most iterations for an article.
    tol : float
        An article has converged when the mean absolute change of its row of `gammas` is below this.
    expected : ndarray of shape (n_terms, n_topics), or (0, n_topics)
        Gets the expected counts of each term in each topic over `weights` added, if it has rows.
    """
    n_articles, n_topics = gammas.shape
    # Multiples of 8 that are filled up with zeros leave no loop a rest; one topic more holds the total.
    wide, most = (n_topics + 8) // 8 * 8, 0
    for d in range(n_articles):
        most = max(most, (indptr[d + 1] - indptr[d] + 7) // 8 * 8)
    rows, columns = np.zeros((most, wide)), np.empty(most * wide)
    data, scale, share = np.empty(most), np.empty(most), np.empty(wide)
    gamma, theta, words = np.ones(wide), np.empty(wide), np.empty(wide)
    bits, converged = words.view(np.int64), 0
    for d in range(n_articles):
        first, n = indptr[d], indptr[d + 1] - indptr[d]
        width = (n + 7) // 8 * 8
        block = columns[: wide * width].reshape(wide, width)
        _gather(indices, counts, weights, first, n, rows, block, data)
        gamma[n_topics] = 0.0
        for k in range(n_topics):
            gamma[k] = gammas[d, k]
            gamma[n_topics] += gamma[k]
        _spread(gamma, theta, words, bits, n_topics)
        _scales(block, theta, data, scale)
        for _ in range(max_iter):
            _shares(rows, scale, share, width)
            change = _renew(alpha, theta, share, gamma)
            _spread(gamma, theta, words, bits, n_topics)
            _scales(block, theta, data, scale)
            if change < tol * n_topics:
                converged += 1
                break
        for k in range(n_topics):
            gammas[d, k] = gamma[k]
        if len(expected):
            for i in range(n):
                term, tokens = indices[first + i], scale[i]
                for k in range(n_topics):
                    expected[term, k] += tokens * theta[k]
    return converged


# The steps of `update_gammas` for one article. Each sum is taken for many terms, or many topics, beside each other
# and never across them: a sum across would be slow, or its order the compiler's.


@inlined
def _gather(
    indices: npt.NDArray[np.int32],
    counts: Array,
    weights: Array,
    first: int,
    n: int,
    rows: Array,
    block: Array,
    data: Array,
) -> None:
    """Copy the counts of an article's `n` terms, and their weights by terms and by topics, filled up with zeros."""
    n_topics, width = weights.shape[1], block.shape[1]
    for i in range(n):
        term, data[i] = indices[first + i], counts[first + i]
        for k in range(n_topics):
            rows[i, k] = weights[term, k]
    for i in range(n, width):
        data[i] = 0.0
        for k in range(n_topics):
            rows[i, k] = 0.0
    for i in range(0, width, 8):  # eight numbers are a line of the processor's cache
        for k in range(len(block)):
            for j in range(i, i + 8):
                block[k, j] = rows[j, k]


@inlined
def _spread(gamma: Array, theta: Array, words: Array, bits: npt.NDArray[np.int64], n_topics: int) -> None:
    """exp(E[log theta]), the total being where the topics end."""
    exp_digamma(gamma, theta, words, bits)
    whole = 1.0 / theta[n_topics]
    for k in range(len(theta)):
        theta[k] *= whole


@inlined
def _scales(block: Array, theta: Array, data: Array, scale: Array) -> None:
    """Counts over the probabilities that the mixture gives their terms."""
    width = block.shape[1]
    for i in range(width):
        scale[i] = _TINY
    for k in range(0, len(block), 8):
        a, b, c, d = theta[k], theta[k + 1], theta[k + 2], theta[k + 3]
        e, f, g, h = theta[k + 4], theta[k + 5], theta[k + 6], theta[k + 7]
        for i in range(width):
            low = (a * block[k, i] + b * block[k + 1, i]) + (c * block[k + 2, i] + d * block[k + 3, i])
            high = (e * block[k + 4, i] + f * block[k + 5, i]) + (g * block[k + 6, i] + h * block[k + 7, i])
            scale[i] += low + high
    for i in range(width):
        scale[i] = data[i] / scale[i]


@inlined
def _shares(rows: Array, scale: Array, share: Array, width: int) -> None:
    """Tokens of each topic over its share of the mixture; phi is never stored (Lee and Seung's form)."""
    wide = rows.shape[1]
    for k in range(wide):
        share[k] = 0.0
    for i in range(0, width, 8):
        a, b, c, d = scale[i], scale[i + 1], scale[i + 2], scale[i + 3]
        e, f, g, h = scale[i + 4], scale[i + 5], scale[i + 6], scale[i + 7]
        for k in range(wide):
            low = (a * rows[i, k] + b * rows[i + 1, k]) + (c * rows[i + 2, k] + d * rows[i + 3, k])
            high = (e * rows[i + 4, k] + f * rows[i + 5, k]) + (g * rows[i + 6, k] + h * rows[i + 7, k])
            share[k] += low + high


@inlined
def _renew(alpha: Array, theta: Array, share: Array, gamma: Array) -> float:
    """The next `gamma`, its total where the topics end; how much it changed."""
    n_topics, change, total = len(alpha), 0.0, 0.0
    for k in range(n_topics):
        fresh = alpha[k] + theta[k] * share[k]
        change += abs(fresh - gamma[k])
        total += fresh
        gamma[k] = fresh
    gamma[n_topics] = total
    return change


@compiled
def _log_likelihood(
    indptr: npt.NDArray[np.int64], indices: npt.NDArray[np.int32], counts: Array, theta: Array, beta: Array
) -> float:
    """Sum over tokens of log sum_k theta[article, k] * beta[term, k]; `beta` is (n_terms, n_topics)."""
    total = 0.0
    for d in range(len(indptr) - 1):
        for i in range(indptr[d], indptr[d + 1]):
            row = beta[indices[i]]
            probability = 0.0
            for k in range(theta.shape[1]):
                probability += theta[d, k] * row[k]
            total += counts[i] * math.log(probability + 1e-300)  # 1e-300: log stays finite
    return total


def log_likelihood(counts: Matrix, theta: Array, beta: Array) -> float:
    """Log-probability of the counted tokens under given mixtures, in nats.

    Parameters
    ----------
    counts : csr_matrix or csr_array of shape (n_articles, n_terms)
        Term counts.
    theta : ndarray of shape (n_articles, n_topics)
        Mixture of each article.
    beta : ndarray of shape (n_topics, n_terms)
        Probability of each term in each topic.
    """
    return float(_log_likelihood(*parts(counts), plain(theta, np.float64), plain(beta.T, np.float64)))


def infer_gammas(
    counts: Matrix,
    exp_log_beta: Array,
    alpha: Array,
    *,
    max_iter: int = 100,
    tol: float = 1e-3,
) -> Array:
    """Dirichlet parameters of each article's mixture under fixed topics, shape (n_articles, n_topics).

    Parameters as in `infer_mixtures`, which divides these rows by their sums.
    """
    alpha = plain(alpha, np.float64)
    n_articles, n_terms = counts.shape
    if exp_log_beta.shape != (len(alpha), n_terms):
        raise ValueError(
            f"counts of {n_terms} terms and {len(alpha)} priors want topics of shape "
            f"({len(alpha)}, {n_terms}), not {exp_log_beta.shape}"
        )
    indptr, indices, data = parts(counts)
    if len(indices) < n_terms:  # a small batch needs only the terms that it uses
        used, position = np.unique(indices, return_inverse=True)
        exp_log_beta, indices = exp_log_beta[:, used], plain(position, np.int32)
    none = np.empty((0, len(alpha)))
    gammas = np.ones((n_articles, len(alpha)))  # the mean of gensim's random start
    update_gammas(indptr, indices, data, plain(exp_log_beta.T, np.float64), alpha, gammas, max_iter, tol, none)
    return gammas


def infer_mixtures(
    counts: Matrix,
    exp_log_beta: Array,
    alpha: Array,
    *,
    max_iter: int = 100,
    tol: float = 1e-3,
) -> Array:
    """Topic mixture of each article under fixed topics: variational, from a constant start, deterministic.

    Parameters
    ----------
    counts : csr_matrix or csr_array of shape (n_articles, n_terms)
        Term counts, not negative. Rows need not be sorted; an empty row gets the prior's mean.
    exp_log_beta : ndarray of shape (n_topics, n_terms)
        ``topic_weights(components)``, or the probabilities of the terms in each topic.
    alpha : ndarray of shape (n_topics,)
        Prior of the mixtures, above 0.
    max_iter : int
        Most iterations for an article.
    tol : float
        An article is done when the mean absolute change of its parameters (pseudo-counts) is below this.

    Returns
    -------
    ndarray of shape (n_articles, n_topics)
        Rows are probabilities and sum to 1 within 1e-12.
    """
    gammas = infer_gammas(counts, exp_log_beta, alpha, max_iter=max_iter, tol=tol)
    mixtures: Array = gammas / gammas.sum(axis=1, keepdims=True)
    return mixtures


def parts(counts: Matrix) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], Array]:
    """indptr, indices and data of a CSR matrix, in the dtypes that the kernels are compiled for."""
    return plain(counts.indptr, np.int64), plain(counts.indices, np.int32), plain(counts.data, np.float64)


def plain(array: Any, dtype: npt.DTypeLike) -> Any:
    """A writable C-contiguous ndarray: numba would compile anew for each read-only or strided one."""
    return np.require(array, dtype, ["C_CONTIGUOUS", "WRITEABLE", "ENSUREARRAY"])
