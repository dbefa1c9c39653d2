"""The compiled loops between term numbers and a matrix; free functions over arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from topics.compiled import compiled

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]


@compiled
def _rows(
    columns: Ints, places: Longs, weights: Floats, n_terms: int, indptr: Longs, indices: Ints, data: Floats
) -> int:
    """Fill CSR rows with summed weights, columns ascending; returns how many entries there are."""
    totals = np.zeros(n_terms, np.float64)
    seen = np.zeros(n_terms, np.bool_)
    out = 0
    for article in range(len(places) - 1):
        begin = out
        for k in range(places[article], places[article + 1]):
            column = columns[k]
            if column < 0:
                continue
            if not seen[column]:
                seen[column] = True
                indices[out] = column
                out += 1
            totals[column] += weights[k]
        indices[begin:out].sort()
        for k in range(begin, out):
            column = indices[k]
            data[k] = totals[column]
            totals[column] = 0.0
            seen[column] = False
        indptr[article + 1] = out
    return out


def count_matrix(columns: Ints, places: Longs, n_terms: int, weights: Floats | None = None) -> csr_matrix:
    """Occurrences of each column in each article.

    Parameters
    ----------
    columns : ndarray of shape (n_occurrences,)
        The column of each occurrence; below 0 for what the vocabulary does not hold.
    places : ndarray of shape (n_articles + 1,)
        Those of article a are ``columns[places[a]:places[a + 1]]``.
    n_terms : int
        How many columns there are.
    weights : ndarray of shape (n_occurrences,), optional
        What each occurrence counts for; 1 by default.

    Returns
    -------
    csr_matrix of shape (n_articles, n_terms), float64
        Column numbers ascend in each row.
    """
    weights = np.ones(len(columns)) if weights is None else weights
    indptr = np.zeros(len(places), np.int64)
    indices, data = np.empty(len(columns), np.int32), np.empty(len(columns), np.float64)
    n_entries = _rows(columns, places, weights, max(n_terms, 1), indptr, indices, data)
    narrow = indptr.astype(np.int32) if n_entries < np.iinfo(np.int32).max else indptr
    shape = (len(places) - 1, n_terms)
    matrix = csr_matrix((data[:n_entries].copy(), indices[:n_entries].copy(), narrow), shape=shape)
    matrix.has_sorted_indices = True
    return matrix


@compiled
def weigh_rows(indptr: Ints | Longs, indices: Ints, data: Floats, idf: Floats, sublinear: bool) -> None:
    """Counts to TF-IDF weights, each row of length 1, in their place; `indptr` may be a part of a matrix' own."""
    for article in range(len(indptr) - 1):
        total = 0.0
        for k in range(indptr[article], indptr[article + 1]):
            value = np.log(data[k]) + 1.0 if sublinear else data[k]
            data[k] = value * idf[indices[k]]
            total += data[k] * data[k]
        if total > 0.0:
            length = np.sqrt(total)
            for k in range(indptr[article], indptr[article + 1]):
                data[k] /= length


def tfidf(counts: csr_matrix, idf: Floats, *, sublinear: bool) -> csr_matrix:
    """Counts to TF-IDF rows of length 1, as scikit-learn's TfidfTransformer scales them (norm "l2").

    Parameters
    ----------
    counts : csr_matrix of shape (n_articles, n_terms)
        Left as it is.
    idf : ndarray of shape (n_terms,)
        Inverse document frequencies.
    sublinear : bool
        Whether a count c weighs 1 + ln c.
    """
    weighed = csr_matrix(counts, dtype=np.float64, copy=True)
    weigh_rows(weighed.indptr, weighed.indices, weighed.data, idf, sublinear)
    return weighed


def document_frequency(counts: csr_matrix) -> Longs:
    """In how many articles each term occurs, shape (n_terms,)."""
    return np.bincount(counts.indices, minlength=counts.shape[1]).astype(np.int64)


def inverse_document_frequency(document_frequencies: Longs, n_articles: int) -> Floats:
    """ln((1 + n) / (1 + df)) + 1: scikit-learn's smoothed idf, as if one more article held every term."""
    return np.asarray(np.log((1 + n_articles) / (1 + document_frequencies.astype(np.float64))) + 1.0)


@compiled
def distinct_shares(ids: Ints, places: Longs, flags: Floats, n_ids: int) -> Floats:
    """The share of each article's different terms whose flag is 1, shape (n_articles,); 0 for one without terms."""
    shares = np.zeros(len(places) - 1, np.float64)
    last = np.full(n_ids, -1, np.int64)
    for article in range(len(places) - 1):
        different, flagged = 0, 0.0
        for k in range(places[article], places[article + 1]):
            if last[ids[k]] != article:
                last[ids[k]] = article
                different += 1
                flagged += flags[k]
        if different:
            shares[article] = flagged / different
    return shares
