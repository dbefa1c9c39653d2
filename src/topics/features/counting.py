"""The compiled loops between term numbers and a matrix; free functions over arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from topics.compiled import compiled, inlined, lent

Ints = NDArray[np.int32]
Hashes = NDArray[np.uint64]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]


# The place of a number's only bit, by the high six bits of its product with a de Bruijn sequence.
_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
BIT_PLACES = np.zeros(64, np.int64)
BIT_PLACES[[((int(_DE_BRUIJN) << place) & 0xFFFFFFFFFFFFFFFF) >> 58 for place in range(64)]] = range(64)


@lent
def _bit_place(bits: np.uint64, table: Longs) -> int:
    """The place of the lowest bit."""
    lowest = bits & (~bits + np.uint64(1))
    return int(table[np.int64((lowest * _DE_BRUIJN) >> np.uint64(58))])


@inlined
def set_bit(column: Any, heads: Hashes, bits: Hashes) -> None:
    """Note that a column was met: a bit of `bits`, and one of `heads` for each of `bits` that is not 0."""
    one, low = np.uint64(1), np.uint64(63)
    bits[column >> 6] |= one << (np.uint64(column) & low)
    heads[column >> 12] |= one << ((np.uint64(column) >> np.uint64(6)) & low)


@lent
def emit_bits(heads: Hashes, bits: Hashes, table: Longs, totals: Ints, out: int, indices: Ints, data: Floats) -> int:
    """Write down the columns whose bits are set, in order, with their totals, and unset them; the next row's begin."""
    one = np.uint64(1)
    for head in range(len(heads)):
        while heads[head]:
            block = (head << 6) + _bit_place(heads[head], table)
            heads[head] &= heads[head] - one
            while bits[block]:
                column = (block << 6) + _bit_place(bits[block], table)
                bits[block] &= bits[block] - one
                indices[out], data[out] = column, totals[column]
                totals[column] = 0
                out += 1
    return out


@compiled
def _form_rows(
    ids: Ints, places: Longs, columns: Ints, n_terms: int, table: Longs, indptr: Longs, indices: Ints, data: Floats
) -> None:
    """Fill CSR rows with counts. A bit stands for each column met, so that nothing need be sorted."""
    totals = np.zeros(n_terms, np.int32)
    bits = np.zeros((n_terms >> 6) + 1, np.uint64)
    heads = np.zeros((len(bits) >> 6) + 1, np.uint64)
    out = 0
    for article in range(len(places) - 1):
        for k in range(places[article], places[article + 1]):
            form = ids[k]
            column = columns[form] if form < len(columns) else np.int32(-1)
            if column >= 0:
                if totals[column] == 0:
                    set_bit(column, heads, bits)
                totals[column] += 1
        out = emit_bits(heads, bits, table, totals, out, indices, data)
        indptr[article + 1] = out


def form_counts(ids: Ints, places: Longs, columns: Ints, n_terms: int) -> csr_matrix:
    """Occurrences of single terms in each article.

    Parameters
    ----------
    ids : ndarray of shape (n_occurrences,)
        Numbers of forms; those of article a are ``ids[places[a]:places[a + 1]]``.
    columns : ndarray of shape (n_forms,)
        The column of each form, below 0 for one without; forms with larger numbers have none.
    n_terms : int
        How many columns there are.

    Returns
    -------
    csr_matrix of shape (n_articles, n_terms), float64
        Column numbers ascend in each row.
    """
    indptr = np.zeros(len(places), np.int64)
    indices, data = np.empty(len(ids), np.int32), np.empty(len(ids), np.float64)
    _form_rows(ids, places, columns, n_terms, BIT_PLACES, indptr, indices, data)
    return sorted_rows(indptr, indices, data, n_terms)


def sorted_rows(indptr: Longs, indices: Ints, data: Floats, n_terms: int) -> csr_matrix:
    """The matrix of rows whose column numbers ascend; what the arrays hold past the last row is let go."""
    n_entries = int(indptr[-1])
    if n_entries < len(indices):
        indices, data = indices[:n_entries].copy(), data[:n_entries].copy()
    narrow = indptr.astype(np.int32) if n_entries < np.iinfo(np.int32).max else indptr
    matrix = csr_matrix((data, indices, narrow), shape=(len(indptr) - 1, n_terms))
    matrix.has_sorted_indices = True
    return matrix


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
    _rows(columns, places, weights, max(n_terms, 1), indptr, indices, data)
    return sorted_rows(indptr, indices, data, n_terms)


@compiled
def weigh_rows(indptr: Ints | Longs, indices: Ints, data: Floats, idf: Floats, sublinear: bool) -> None:
    """Counts to TF-IDF weights, each row of length 1, in their place; `indptr` may be a part of a matrix' own."""
    for article in range(len(indptr) - 1):
        total = 0.0
        for k in range(indptr[article], indptr[article + 1]):
            # Most terms of an article occur once, and a logarithm takes longer than the rest.
            value = np.log(data[k]) + 1.0 if sublinear and data[k] != 1.0 else data[k]
            data[k] = value * idf[indices[k]]
            total += data[k] * data[k]
        if total > 0.0:
            length = np.sqrt(total)
            for k in range(indptr[article], indptr[article + 1]):
                data[k] /= length


def tfidf(counts: csr_matrix, idf: Floats, *, sublinear: bool, copy: bool = True) -> csr_matrix:
    """Counts to TF-IDF rows of length 1, as scikit-learn's TfidfTransformer scales them (norm "l2").

    Parameters
    ----------
    counts : csr_matrix of shape (n_articles, n_terms)
        Left as it is, if `copy`; else its numbers are replaced.
    idf : ndarray of shape (n_terms,)
        Inverse document frequencies.
    sublinear : bool
        Whether a count c weighs 1 + ln c.
    """
    weighed = csr_matrix(counts, dtype=np.float64, copy=copy)
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
