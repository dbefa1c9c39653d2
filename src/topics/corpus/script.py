"""What letters a text is written with: counts of Arabic, Latin and other letters, marks, tatweel, digits.

Counted over code points laid end to end, so that a corpus of thousands of articles takes a second.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from topics.arabic import letters
from topics.arabic.memory import encoded
from topics.corpus.shingles import batches

KINDS = ("arabic", "latin", "other", "marks", "tatweel", "invisible", "ascii_digits", "arabic_digits")
"""Columns of `count_letters`: letters of three kinds, then what may stand on, in or between them."""
_ARABIC, _LATIN, _OTHER, _MARK, _TATWEEL, _INVISIBLE, _ASCII_DIGIT, _ARABIC_DIGIT, _NOTHING = range(9)
_UNKNOWN = 255
_ARABIC_MARKS = (
    *((0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06DC), (0x06DF, 0x06E4), (0x06E7, 0x06E8)),
    *((0x06EA, 0x06ED), (0x08D3, 0x08E1), (0x08E3, 0x08FF), (0xFE70, 0xFE7F)),
)


def count_letters(texts: Sequence[str]) -> NDArray[np.int64]:
    """How many characters of each kind every text has, shape (n_texts, len(KINDS)).

    Marks are those of the Arabic script; accents and emoji joiners are nothing here.
    """
    counts = np.zeros((len(texts), len(KINDS)), np.int64)
    table = _table().copy()
    for first, last in batches(texts):
        codes, borders = encoded(list(texts[first:last]))
        _learn(table, codes)
        row = np.repeat(np.arange(last - first), np.diff(borders))
        flat = np.bincount(row * (_NOTHING + 1) + table[codes], minlength=(last - first) * (_NOTHING + 1))
        counts[first:last] = flat.reshape(last - first, _NOTHING + 1)[:, :_NOTHING]
    return counts


def languages(counts: NDArray[np.int64]) -> NDArray[np.str_]:
    """The script of each text by most of its letters: "arabic", "latin", "other", or "none" without a letter."""
    alphabets = counts[:, : _OTHER + 1]
    named = np.array(KINDS)[alphabets.argmax(axis=1)]
    return np.where(alphabets.sum(axis=1) > 0, named, "none")


@cache
def _table() -> NDArray[np.uint8]:
    """The kind of each code point as far as the tables of the Arabic script say; the rest is learnt when met."""
    table = np.full(0x110000, _UNKNOWN, np.uint8)
    for first, last in letters.marks():
        table[first : last + 1] = _NOTHING
    ranges = [(_ARABIC, letters.ARABIC_LETTERS), (_LATIN, letters.LATIN_LETTERS), (_MARK, _ARABIC_MARKS)]
    ranges += [(_INVISIBLE, letters.INVISIBLE), (_TATWEEL, ((0x0640, 0x0640),))]
    ranges += [(_ASCII_DIGIT, ((0x30, 0x39),)), (_ARABIC_DIGIT, ((0x0660, 0x0669), (0x06F0, 0x06F9)))]
    for kind, wanted in ranges:
        for first, last in wanted:
            table[first : last + 1] = kind
    return table


def _learn(table: NDArray[np.uint8], codes: NDArray[np.uint32]) -> None:
    """Fill in the kinds of code points that the table does not know yet."""
    seen = np.flatnonzero(np.bincount(codes, minlength=len(table)))
    for code in seen[table[seen] == _UNKNOWN].tolist():
        table[code] = _OTHER if unicodedata.category(chr(code)).startswith("L") else _NOTHING
