"""The compiled scan: articles' code points to spans, and to the number of each distinct spelling.

The same words as words.py finds, found by one loop over a table of letter classes (tests hold both
equal on random text). A spelling is stored the first time it is met and verified letter by letter when
its hash is met again, so two spellings never share a number by chance. Rules are then asked once a
spelling, never once a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from topics.arabic import letters
from topics.arabic.find_words import KINDS, find_words, tables
from topics.arabic.memory import (
    FULL,
    Codes,
    Hashes,
    Ints,
    Longs,
    Memory,
    Table,
    encoded_narrow,
    remember,
    remember_all,
)
from topics.arabic.spelled import Spelled
from topics.arabic.words import Span
from topics.compiled import lent


@lent
def _scan(
    codes: Codes, borders: Longs, classes: Table, bits: Table,
    slots: Longs, places: Longs, store: Codes, known: Longs, known_kinds: Table,
    ids: Ints, starts: Ints, ends: Ints, articles: Longs,
    kinds: Table, hashes: Hashes, sizes: Ints,
) -> int:  # fmt: skip
    """Scan articles from known[1] on; the one to go on with once the memory has grown, or n_articles.

    Words are first found and then looked up: the looks then do not wait for one another.
    """
    for article in range(known[1], len(borders) - 1):
        begin, end = borders[article], borders[article + 1]
        first = articles[article]
        n_words = find_words(codes, begin, end, classes, bits, starts[first:], ends[first:], kinds, hashes, sizes)
        if not remember_all(
            codes, begin, starts[first:], hashes, sizes, kinds, n_words,
            slots, places, store, known, known_kinds, ids[first:],
        ):  # fmt: skip
            return article
        articles[article + 1] = first + n_words
    return len(borders) - 1


_BLOCK = 256  # articles


class Scanned(NamedTuple):
    """The words of some articles: those of article a are places[a]:places[a + 1] of the other arrays."""

    ids: Ints  # the number of each word's spelling
    starts: Ints  # code points into its article, inclusive
    ends: Ints  # exclusive
    places: Longs  # shape (n_articles + 1,)


@lent
def _adopt(
    codes: Codes, borders: Longs, kinds: Table,
    slots: Longs, places: Longs, store: Codes, known: Longs, spelling_kinds: Table, numbers: Ints,
) -> int:  # fmt: skip
    """Remember another scanner's spellings from known[1] on; how many are done when the memory is full or all are."""
    for k in range(known[1], len(borders) - 1):
        number = remember(codes, borders[k], borders[k + 1], slots, places, store, known)
        if number == FULL or number >= len(spelling_kinds):
            return k
        spelling_kinds[number] = kinds[k]
        numbers[k] = number
    return len(borders) - 1


class Scanner:
    """Scans articles and remembers the spellings it met; numbers are given in the order of meeting.

    Attributes
    ----------
    memory : Memory
        The spellings, with marks and tatweel, by number.
    spelled : Spelled
        The same without, where they are asked for: see `words`.
    """

    def __init__(self) -> None:
        self.memory = Memory()
        self._kinds = np.zeros(len(self.memory.places), np.uint8)
        self.spelled = Spelled()

    def __len__(self) -> int:
        return len(self.memory)

    @property
    def kinds(self) -> Table:
        """The kind of each spelling, as a place in KINDS."""
        return self._kinds[: len(self)]

    @property
    def words(self) -> Ints:
        """The number in `spelled` of each spelling's letters, below 0 where it is no Arabic word."""
        return self.spelled.numbers(self.memory, self.kinds)

    @property
    def stretched(self) -> NDArray[np.bool_]:
        """Whether a tatweel stands behind each spelling's last letter."""
        ends = self.memory.places[1 : len(self) + 1]
        return np.asarray(self.memory.store[ends - 1] == ord(letters.TATWEEL))

    def adopt(self, other: Scanner, scanned: Scanned) -> Scanned:
        """What another scanner scanned, by this one's numbers: those it would have given itself."""
        memory, n_spellings = self.memory, len(other)
        borders = other.memory.places[: n_spellings + 1]
        numbers = np.empty(n_spellings, np.int32)
        memory.known[1] = 0
        while (done := _adopt(
            other.memory.store, borders, other.kinds, *memory.arrays, self._kinds, numbers
        )) < n_spellings:  # fmt: skip
            memory.known[1] = done
            self._grow(int(borders[done + 1] - borders[done]))
        return scanned._replace(ids=numbers[scanned.ids])

    def _grow(self, n_codes: int) -> None:
        self.memory.grow(n_codes)
        self._kinds = np.concatenate([self._kinds, np.zeros(len(self.memory.places) - len(self._kinds), np.uint8)])

    def scan(self, texts: Sequence[str]) -> Scanned:
        """Every word of every text."""
        # No text has more words than letters; what is not written to costs nothing.
        room = sum(map(len, texts))
        ids, starts, ends = (np.empty(room, np.int32) for _ in range(3))
        places = np.zeros(len(texts) + 1, np.int64)
        # Block by block what is written is still near when it is read.
        for first in range(0, len(texts), _BLOCK):
            block = list(texts[first : first + _BLOCK])
            self._scan_block(block, ids, starts, ends, places[first : first + len(block) + 1])
        n_words = int(places[-1])
        return Scanned(ids[:n_words], starts[:n_words], ends[:n_words], places)

    def _scan_block(self, texts: list[str], ids: Ints, starts: Ints, ends: Ints, places: Longs) -> None:
        codes, borders = encoded_narrow(texts)
        longest = int(np.diff(borders).max(initial=0))
        kinds, hashes, sizes = np.empty(longest, np.uint8), np.empty(longest, np.uint64), np.empty(longest, np.int32)
        memory = self.memory
        memory.known[1] = 0
        classes, bits = tables()
        while (done := _scan(
            codes, borders, classes, bits, *memory.arrays, self._kinds,
            ids, starts, ends, places, kinds, hashes, sizes,
        )) < len(texts):  # fmt: skip
            memory.known[1] = done
            self._grow(int(borders[done + 1] - borders[done]))

    def spelling(self, number: int) -> Span:
        """The span that a number stands for, placed at 0."""
        return as_span(self.memory.word(number), int(self._kinds[number]))

    def spellings(self) -> list[Span]:
        """Every spelling's span, in the order of the numbers."""
        return [as_span(word, kind) for word, kind in zip(self.memory.words(), self.kinds.tolist(), strict=True)]


def as_span(key: str, kind: int) -> Span:
    """A spelling as a span placed at 0."""
    return Span(0, len(key) - key.endswith(letters.TATWEEL), KINDS[kind], key)
