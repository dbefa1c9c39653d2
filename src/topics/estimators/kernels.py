"""The compiled inner loops of topic models: free functions over arrays, no scikit-learn, no gensim.

Every loop runs over articles in order and starts from what it is given, so equal input gives equal
output, and a row of the result does not depend on the other rows.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from topics.compiled import compiled

if TYPE_CHECKING:
    from topics.estimators.shapes import Array, Matrix


_TINY = float(np.finfo(np.float64).eps)  # gensim's guard against a term that no topic explains


@compiled
def digamma(x: float) -> float:
    """Derivative of the logarithm of gamma at x > 0, relative error about 1e-13.

    Bernardo (1976), Algorithm AS 103, with the recurrence up to 7 and terms of the asymptotic
    series to x^-14, for full double precision. Near the root at 1.4616 the error is absolute, 1e-14.
    """
    result = 0.0
    while x < 7.0:
        result -= 1.0 / x
        x += 1.0
    r = 1.0 / (x * x)
    series = r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - r * (691 / 32760 - r / 12))))))
    return result + math.log(x) - 0.5 / x - series


@compiled
def _exp_expectation(parameters: Array, out: Array) -> None:
    """exp(E[log p]) of p under a Dirichlet distribution."""
    total = digamma(parameters.sum())
    for k in range(len(parameters)):
        out[k] = math.exp(digamma(parameters[k]) - total)


@compiled
def _all_weights(components: Array) -> Array:
    out = np.empty_like(components)
    for k in range(components.shape[0]):
        _exp_expectation(components[k], out[k])
    return out


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
    return _all_weights(plain(components, np.float64))


@compiled
def update_gammas(
    indptr: npt.NDArray[np.int64],
    indices: npt.NDArray[np.int32],
    counts: Array,
    weights: Array,
    alpha: Array,
    gammas: Array,
    max_iter: int,
    tol: float,
) -> int:
    """Variational E-step of each article from the given `gammas`, in place; how many converged.

    `weights` is exp(E[log beta]) transposed, (n_terms, n_topics), so that a term's topics lie together.
    """
    n_topics = len(alpha)
    theta, share = np.empty(n_topics), np.empty(n_topics)
    converged = 0
    for d in range(len(indptr) - 1):
        gamma = gammas[d]
        _exp_expectation(gamma, theta)
        for _ in range(max_iter):
            # Lee & Seung form of the update: phi is never stored, memory stays O(terms in the article).
            share[:] = 0.0
            for i in range(indptr[d], indptr[d + 1]):
                row = weights[indices[i]]
                norm = _TINY
                for k in range(n_topics):
                    norm += theta[k] * row[k]
                scale = counts[i] / norm
                for k in range(n_topics):
                    share[k] += scale * row[k]
            change = 0.0
            for k in range(n_topics):
                fresh = alpha[k] + theta[k] * share[k]
                change += abs(fresh - gamma[k])
                gamma[k] = fresh
            _exp_expectation(gamma, theta)
            if change < tol * n_topics:
                converged += 1
                break
    return converged


@compiled
def expected_counts(
    indptr: npt.NDArray[np.int64],
    indices: npt.NDArray[np.int32],
    counts: Array,
    weights: Array,
    gammas: Array,
    out: Array,
) -> None:
    """Add to `out`, (n_terms, n_topics), the expected counts of each term in each topic over `weights`."""
    n_topics = weights.shape[1]
    theta = np.empty(n_topics)
    for d in range(len(indptr) - 1):
        _exp_expectation(gammas[d], theta)
        for i in range(indptr[d], indptr[d + 1]):
            row, target = weights[indices[i]], out[indices[i]]
            norm = _TINY
            for k in range(n_topics):
                norm += theta[k] * row[k]
            scale = counts[i] / norm
            for k in range(n_topics):
                target[k] += scale * theta[k]


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
    gammas = np.ones((n_articles, len(alpha)))  # the mean of gensim's random start
    update_gammas(indptr, indices, data, plain(exp_log_beta.T, np.float64), alpha, gammas, max_iter, tol)
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
