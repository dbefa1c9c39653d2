"""Character n-grams of forms: those of each form worked out once, then summed by article.

The n-grams are scikit-learn's "char_wb": a form stands between two spaces, an n-gram never leaves it, and a
form shorter than n counts once as a whole. Most words of news are repeats, so an article costs what its
distinct forms cost. Needs numpy, scipy.sparse and the scan only.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from topics.arabic.batch import BatchAnalyzer, Terms, batch_analyzer
from topics.arabic.memory import FULL, Codes, Ints, Longs, Memory, find, remember
from topics.compiled import compiled
from topics.corpus.article import Article
from topics.features.counting import Floats
from topics.features.matrix import TermMatrix, full_texts

_SPACE = ord(" ")
_LETTERS_A_KEY = 3  # 21 bits each
# The place of a number's only bit, by the high six bits of its product with a de Bruijn sequence.
_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_BIT_PLACE = np.zeros(64, np.int64)
for _place in range(64):
    _BIT_PLACE[((1 << _place) * int(_DE_BRUIJN) & 0xFFFFFFFFFFFFFFFF) >> 58] = _place


@compiled
def _grams(
    codes: Codes, borders: Longs, first: int, last: int, shortest: int, longest: int, learn: bool, word: Codes,
    slots: Longs, places: Longs, store: Codes, known: Longs, flat: Ints, ends: Longs,
) -> int:  # fmt: skip
    """The numbers of the n-grams of forms first..last, unknown ones learnt or left out; the form to go on with, or last.

    Those of a form are flat[ends[form] : ends[form + 1]], one for each occurrence.
    """
    for form in range(first, last):
        begin, size, out = borders[form], borders[form + 1] - borders[form] + 2, ends[form]
        word[0] = word[size - 1] = _SPACE
        for k in range(1, size - 1):
            word[k] = codes[begin + k - 1]
        for n in range(shortest, longest + 1):
            width = min(n, size)
            for start in range(size - width + 1):
                if learn:
                    number = remember(word, start, start + width, slots, places, store, known)
                    if number == FULL:
                        return form
                else:
                    number = find(word, start, start + width, slots, store)
                if number >= 0:
                    flat[out] = number
                    out += 1
            if n >= size:
                break
        ends[form + 1] = out
    return last


@compiled
def _frequencies(ids: Ints, places: Longs, flat: Ints, ends: Longs, frequency: Longs) -> None:
    """Add to each n-gram's frequency the articles that hold it."""
    last_form, last_gram = np.full(len(ends), -1, np.int32), np.full(len(frequency), -1, np.int32)
    for article in range(len(places) - 1):
        for k in range(places[article], places[article + 1]):
            form = ids[k]
            if last_form[form] == article:
                continue
            last_form[form] = article
            for gram in flat[ends[form] : ends[form + 1]]:
                if last_gram[gram] != article:
                    last_gram[gram] = article
                    frequency[gram] += 1


@compiled
def _bit_place(bits: np.uint64, table: Longs) -> int:
    """The place of the lowest bit."""
    lowest = bits & (~bits + np.uint64(1))
    return table[np.int64((lowest * _DE_BRUIJN) >> np.uint64(58))]


@compiled
def _rows(
    ids: Ints, places: Longs, flat: Ints, ends: Longs, n_terms: int, table: Longs, out: int,
    indptr: Longs, indices: Ints, data: Floats,
) -> None:  # fmt: skip
    """Fill CSR rows from `out` on with counts. A bit stands for each column met, so columns come out in order unsorted."""
    one, six, low = np.uint64(1), np.uint64(6), np.uint64(63)
    counts, forms = np.zeros(len(ends), np.int32), np.empty(len(ids), np.int32)
    totals = np.zeros(n_terms, np.int32)
    bits = np.zeros((n_terms >> 6) + 1, np.uint64)
    heads = np.zeros((len(bits) >> 6) + 1, np.uint64)
    for article in range(len(places) - 1):
        n_forms = 0
        for k in range(places[article], places[article + 1]):
            form = ids[k]
            if counts[form] == 0:
                forms[n_forms] = form
                n_forms += 1
            counts[form] += 1
        for form in forms[:n_forms]:
            for column in flat[ends[form] : ends[form + 1]]:
                if totals[column] == 0:
                    bits[column >> 6] |= one << (np.uint64(column) & low)
                    heads[column >> 12] |= one << ((np.uint64(column) >> six) & low)
                totals[column] += counts[form]
            counts[form] = 0
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
        indptr[article + 1] = out
