"""The spelling of each word found: its letters without marks, tatweel and invisible characters.

What `forms.spell` gives, worked out once a distinct span whatever the analyzer; the compiled loop leaves odd
encodings to it. News that is written with marks has twice as many spans as spellings.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np

from topics.arabic import letters
from topics.arabic.find_words import KINDS
from topics.arabic.forms import spell
from topics.arabic.memory import FULL, Codes, Ints, Longs, Memory, Table, remember
from topics.compiled import lent

NO_WORD = -1  # instead of a number: the span is no Arabic word
_ODD = -2
_ARABIC = KINDS.index("arabic")
_LETTERS = 1 << 16  # code points beyond are left to forms.py
LONGEST = 62  # letters; longer words are left to forms.py


@cache
def _letter_table() -> Codes:
    """What each code point of a word becomes: a letter, 0 (deleted) or 1 (ask forms.py)."""
    table = np.ones(_LETTERS, np.uint32)
    for first, last in letters.ARABIC_LETTERS:
        for code in range(first, min(last + 1, _LETTERS)):
            char = chr(code)
            if unicodedata.normalize("NFKC", char) == char and len(spelled := spell(char)) == 1:
                table[code] = ord(spelled)
    # Marks that never compose with a letter; hamza above and madda do.
    for first, last in ((0x064B, 0x0652), (0x0670, 0x0670), (ord(letters.TATWEEL),) * 2, *letters.INVISIBLE):
        table[first : last + 1] = 0
    return table


@lent
def _spell(
    spans: Codes, borders: Longs, kinds: Table, first: int, last: int, letter_table: Codes, word: Codes,
    slots: Longs, places: Longs, store: Codes, known: Longs, numbers: Ints,
) -> int:  # fmt: skip
    """Spellings of the spans first..last; the one to go on with once the memory has grown, or last."""
    for span in range(first, last):
        if kinds[span] != _ARABIC:
            numbers[span] = NO_WORD
            continue
        begin, end = borders[span], borders[span + 1]
        size = 0
        odd = end - begin > LONGEST
        if not odd:
            for k in range(begin, end):
                letter = letter_table[spans[k]] if spans[k] < _LETTERS else np.uint32(1)
                word[size] = letter
                size += int(letter > 0)
                odd |= letter == 1
        if odd or size == 0:
            numbers[span] = _ODD
            continue
        number = remember(word, 0, size, slots, places, store, known)
        if number == FULL:
            return span
        numbers[span] = number
    return last


class Spelled:
    """The spellings of a growing list of spans.

    Attributes
    ----------
    memory : Memory
        Spellings by number, in the order of meeting.
    """

    def __init__(self) -> None:
        self.memory = Memory()
        self._numbers = np.empty(0, np.int32)

    def numbers(self, spans: Memory, kinds: Table) -> Ints:
        """The number of each span's spelling, NO_WORD where it is no Arabic word, shape (n_spans,)."""
        first, last = len(self._numbers), len(spans)
        if first < last:
            numbers = np.empty(last, np.int32)
            numbers[:first] = self._numbers
            word = np.empty(LONGEST + 1, np.uint32)
            done = first
            while (done := _spell(
                spans.store, spans.places, kinds, done, last, _letter_table(), word, *self.memory.arrays, numbers
            )) < last:  # fmt: skip
                self.memory.grow(LONGEST)
            odd = np.flatnonzero(numbers == _ODD)
            numbers[odd] = self.memory.add([spell(spans.word(span)) for span in odd.tolist()])
            self._numbers = numbers
        return self._numbers
