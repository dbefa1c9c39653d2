"""The compiled scan: articles' code points to spans, and to the number of each distinct spelling.

The same words as words.py finds, found by one loop over a table of letter classes (tests hold both
equal on random text). A spelling is stored the first time it is met and verified letter by letter when
its hash is met again, so two spellings never share a number by chance. Rules are then asked once a
spelling, never once a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from topics.arabic import letters
from topics.arabic.memory import (
    FNV_OFFSET,
    FULL,
    Codes,
    Hashes,
    Ints,
    Longs,
    Memory,
    Table,
    encoded,
    hash_of,
    hashed,
    remember,
    remember_all,
)
from topics.arabic.words import URL_STOP, URL_TRIM, Span
from topics.compiled import compiled

KINDS = ("arabic", "latin", "number", "url", "email", "user", "rial")
_ARABIC, _LATIN, _NUMBER, _URL, _EMAIL, _USER, _RIAL = range(7)

# Letter classes: what a code point may do at the place where the loop stands.
_OTHER, _LETTER, _MARK, _INVISIBLE, _TATWEEL, _LATIN_LETTER, _DIGIT, _PREPENDED, _RIAL_SIGN, _AT = range(10)
# Bits: what it may be beside its class.
_LOCAL, _DOMAIN, _GOOD, _TRIM, _NAME, _SEPARATOR, _PERCENT, _HIDDEN = (1 << n for n in range(8))


def _fill(table: Table, sets: letters.Ranges | str, value: int, *, bit: bool = False) -> None:
    ranges = ((ord(char), ord(char)) for char in sets) if isinstance(sets, str) else sets
    for first, last in ranges:
        if bit:
            table[first : last + 1] |= np.uint8(value)
        else:
            table[first : last + 1] = value


@cache
def tables() -> tuple[Table, Table]:
    """The class and the bits of every code point."""
    classes = np.zeros(0x110000, np.uint8)
    _fill(classes, letters.INVISIBLE, _INVISIBLE)
    _fill(classes, letters.ARABIC_LETTERS, _LETTER)
    _fill(classes, letters.LATIN_LETTERS, _LATIN_LETTER)
    _fill(classes, letters.DIGITS, _DIGIT)
    _fill(classes, letters.PREPENDED, _PREPENDED)
    _fill(classes, letters.marks(), _MARK)
    _fill(classes, letters.TATWEEL, _TATWEEL)
    _fill(classes, letters.RIAL, _RIAL_SIGN)
    _fill(classes, "@", _AT)
    bits = np.zeros(0x110000, np.uint8)
    alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    _fill(bits, alphanumeric + "._%+-", _LOCAL, bit=True)
    _fill(bits, alphanumeric + "-", _DOMAIN, bit=True)
    _fill(bits, alphanumeric + "_", _NAME, bit=True)
    _fill(bits, URL_TRIM, _TRIM, bit=True)
    _fill(bits, letters.SEPARATORS, _SEPARATOR, bit=True)
    _fill(bits, letters.PERCENT, _PERCENT, bit=True)
    _fill(bits, letters.INVISIBLE, _HIDDEN, bit=True)
    good = np.ones(0x110000, bool)
    spaces = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
    for char in URL_TRIM + URL_STOP + spaces:
        good[ord(char)] = False
    for first, last in (*letters.INVISIBLE, *letters.SURROGATES):
        good[first : last + 1] = False
    bits[good | (classes == _MARK)] |= np.uint8(_GOOD)
    return classes, bits


@compiled
def _run(codes: Codes, at: int, end: int, classes: Table, wanted: int) -> int:
    """The first place from `at` on whose class is not `wanted`."""
    while at < end and classes[codes[at]] == wanted:
        at += 1
    return at


@compiled
def _bit_run(codes: Codes, at: int, end: int, bits: Table, wanted: int, most: int) -> int:
    stop = min(end, at + most)
    while at < stop and bits[codes[at]] & wanted:
        at += 1
    return at


@compiled
def _digits(codes: Codes, at: int, end: int, classes: Table, bits: Table) -> int:
    """The end of the digits at `at`, with their marks and the invisible characters among them; `at` where none is."""
    if at >= end or classes[codes[at]] != _DIGIT:
        return at
    done = _run(codes, at + 1, end, classes, _MARK)
    while True:
        near = _bit_run(codes, done, end, bits, _HIDDEN, end)
        if near >= end or classes[codes[near]] != _DIGIT:
            return done
        done = _run(codes, near + 1, end, classes, _MARK)


@compiled
def _url(codes: Codes, at: int, end: int, bits: Table) -> int:
    """The end of the URL at `at`; `at` where none is. Setting bit 32 makes an ASCII letter small."""
    first = codes[at] | 32
    if first == 104 and at + 7 < end:  # http
        if not ((codes[at + 1] | 32) == 116 and (codes[at + 2] | 32) == 116 and (codes[at + 3] | 32) == 112):
            return at
        colon = at + 4 + (1 if (codes[at + 4] | 32) == 115 else 0)
        if colon + 2 >= end or codes[colon] != 58 or codes[colon + 1] != 47 or codes[colon + 2] != 47:
            return at
        done = colon + 3
    elif first == 119 and at + 4 < end:  # www.
        if not ((codes[at + 1] | 32) == 119 and (codes[at + 2] | 32) == 119 and codes[at + 3] == 46):
            return at
        done = at + 4
    else:
        return at
    begun = done
    while True:
        near = _bit_run(codes, done, end, bits, _TRIM, end)
        if near >= end or not bits[codes[near]] & _GOOD:
            return done if done > begun else at
        done = near + 1


@compiled
def _tail(codes: Codes, at: int, end: int, classes: Table) -> int:
    """The end of the letters, digits and marks that an address at `at` takes with it."""
    at = _run(codes, at, end, classes, _MARK)
    while at < end and (classes[codes[at]] == _LATIN_LETTER or classes[codes[at]] == _DIGIT):
        at = _run(codes, at + 1, end, classes, _MARK)
    return at


@compiled
def _email(codes: Codes, at: int, end: int, classes: Table, bits: Table) -> int:
    sign = _bit_run(codes, at, end, bits, _LOCAL, 64)
    if sign == at or sign >= end or codes[sign] != 64:
        return at
    done = _bit_run(codes, sign + 1, end, bits, _DOMAIN, 63)
    if done == sign + 1:
        return at
    labels = 0
    while done + 1 < end and codes[done] == 46:
        near = _bit_run(codes, done + 1, end, bits, _DOMAIN, 63)
        if near == done + 1:
            break
        done = near
        labels += 1
    return _tail(codes, done, end, classes) if labels else at


@compiled
def _latin(codes: Codes, at: int, end: int, classes: Table, bits: Table) -> int:
    near = _digits(codes, at, end, classes, bits)
    if near > at:
        near = _bit_run(codes, near, end, bits, _HIDDEN, end)
    if near >= end or classes[codes[near]] != _LATIN_LETTER:
        return at
    done = _run(codes, near + 1, end, classes, _MARK)
    while True:
        near = _bit_run(codes, done, end, bits, _HIDDEN, end)
        if near >= end or not (classes[codes[near]] == _LATIN_LETTER or classes[codes[near]] == _DIGIT):
            return done
        done = _run(codes, near + 1, end, classes, _MARK)


@compiled
def _number(codes: Codes, at: int, end: int, classes: Table, bits: Table) -> int:
    done = _digits(codes, at, end, classes, bits)
    if done == at:
        return at
    while done + 1 < end and bits[codes[done]] & _SEPARATOR:
        near = _digits(codes, done + 1, end, classes, bits)
        if near == done + 1:
            break
        done = near
    if done < end and bits[codes[done]] & _PERCENT:
        done = _run(codes, done + 1, end, classes, _MARK)
    return done


@compiled
def _arabic(codes: Codes, at: int, end: int, classes: Table) -> tuple[int, np.uint64]:
    """The end of the Arabic word at `at`, and its hash."""
    value = FNV_OFFSET
    done = at
    while True:
        # Letters and marks: nearly all of news.
        near = done
        while near < end and np.uint8(classes[codes[near]] - _LETTER) <= _MARK - _LETTER:
            value = hashed(value, codes[near])
            near += 1
        done = near
        while near < end and _MARK <= classes[codes[near]] <= _TATWEEL:
            near += 1
        if near == done or near >= end or classes[codes[near]] != _LETTER:
            return done, value
        for k in range(done, near):
            value = hashed(value, codes[k])
        done = near


@compiled
def _word(codes: Codes, at: int, end: int, classes: Table, bits: Table) -> tuple[int, int]:
    """(end, kind) of the word at `at` that is not Arabic, in the order of words.pattern(); else (at, 0)."""
    first = classes[codes[at]]
    done = at
    if first == _LATIN_LETTER:
        done = _url(codes, at, end, bits)
        if done > at:
            return done, _URL
    if bits[codes[at]] & _LOCAL:
        done = _email(codes, at, end, classes, bits)
        if done > at:
            return done, _EMAIL
    if first in (_LATIN_LETTER, _DIGIT):
        done = _latin(codes, at, end, classes, bits)
        if done > at:
            return done, _LATIN
        return _number(codes, at, end, classes, bits), _NUMBER
    if first == _AT:
        done = _bit_run(codes, at + 1, end, bits, _NAME, end)
        return (_tail(codes, done, end, classes), _USER) if done > at + 1 else (at, 0)
    if first == _RIAL_SIGN:
        return _run(codes, at + 1, end, classes, _MARK), _RIAL
    return at, 0


@compiled
def _words(
    codes: Codes, begin: int, end: int, classes: Table, bits: Table,
    starts: Ints, ends: Ints, kinds: Table, hashes: Hashes,
) -> int:  # fmt: skip
    """Write down the words of codes[begin:end]; how many there are."""
    at, found = begin, 0
    while at < end:
        first = classes[codes[at]]
        if first == _LETTER:
            done, value = _arabic(codes, at, end, classes)
            kind = _ARABIC
        elif first == _OTHER and not bits[codes[at]] & _LOCAL:
            at += 1
            continue
        else:
            word = _run(codes, at, end, classes, _PREPENDED)
            if word >= end:
                break
            if classes[codes[word]] == _LETTER:
                done, kind = _arabic(codes, word, end, classes)[0], _ARABIC
            else:
                done, kind = _word(codes, word, end, classes, bits)
            if done == word:
                at = word + 1
                continue
            value = hash_of(codes, at, done)
        if done < end and classes[codes[done]] == _TATWEEL:
            value = hashed(value, codes[done])
        starts[found], ends[found], kinds[found], hashes[found] = at - begin, done - begin, kind, value
        found += 1
        at = done
    return found


@compiled
def _scan(
    codes: Codes, borders: Longs, classes: Table, bits: Table,
    slots: Longs, places: Longs, store: Codes, known: Longs, spelling_kinds: Table,
    ids: Ints, starts: Ints, ends: Ints, articles: Longs,
    kinds: Table, hashes: Hashes, key_starts: Longs, key_ends: Longs,
) -> int:  # fmt: skip
    """Scan articles from known[1] on; the one to go on with once the memory has grown, or n_articles."""
    for article in range(known[1], len(borders) - 1):
        begin, end = borders[article], borders[article + 1]
        first = articles[article]
        n_words = _words(codes, begin, end, classes, bits, starts[first:], ends[first:], kinds, hashes)
        for k in range(n_words):
            key_starts[k] = begin + starts[first + k]
            stop = begin + ends[first + k]
            key_ends[k] = stop + (1 if stop < end and classes[codes[stop]] == _TATWEEL else 0)
        numbers = ids[first : first + n_words]
        if not remember_all(codes, key_starts, key_ends, hashes, n_words, slots, places, store, known, numbers):
            return article
        if known[0] > len(spelling_kinds):
            return article
        for k in range(n_words):
            spelling_kinds[numbers[k]] = kinds[k]
        articles[article + 1] = first + n_words
    return len(borders) - 1


_BLOCK = 256  # articles


class Scanned(NamedTuple):
    """The words of some articles: those of article a are places[a]:places[a + 1] of the other arrays."""

    ids: Ints  # the number of each word's spelling
    starts: Ints  # code points into its article, inclusive
    ends: Ints  # exclusive
    places: Longs  # shape (n_articles + 1,)


@compiled
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
    """Scans articles and remembers the spellings it met; numbers are given in the order of meeting."""

    def __init__(self) -> None:
        self.memory = Memory()
        self._kinds = np.zeros(len(self.memory.places), np.uint8)

    def __len__(self) -> int:
        return len(self.memory)

    @property
    def kinds(self) -> Table:
        """The kind of each spelling, as a place in KINDS."""
        return self._kinds[: len(self)]

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
        # Block by block what is written is still near when it is read, and no large memory is asked for.
        blocks = [self._scan_block(texts[first : first + _BLOCK]) for first in range(0, len(texts), _BLOCK)]
        if len(blocks) == 1:
            return blocks[0]
        ids, starts, ends = (
            np.concatenate([np.zeros(0, np.int32), *parts]) for parts in list(zip(*blocks, strict=True))[:3] or [()] * 3
        )
        n_words = np.concatenate([np.zeros(1, np.int64), *(np.diff(block.places) for block in blocks)])
        return Scanned(ids, starts, ends, np.cumsum(n_words))

    def _scan_block(self, texts: Sequence[str]) -> Scanned:
        codes, borders = encoded(list(texts))
        ids, starts, ends = (np.empty(len(codes), np.int32) for _ in range(3))
        longest = int(np.diff(borders).max(initial=0))
        scratch = [np.empty(longest, kind) for kind in (np.uint8, np.uint64, np.int64, np.int64)]
        places = np.zeros(len(borders), np.int64)
        memory = self.memory
        memory.known[1] = 0
        classes, bits = tables()
        while (done := _scan(
            codes, borders, classes, bits, memory.slots, memory.places, memory.store, memory.known, self._kinds,
            ids, starts, ends, places, *scratch,
        )) < len(borders) - 1:  # fmt: skip
            memory.known[1] = done
            self._grow(int(borders[done + 1] - borders[done]))
        n_words = int(places[-1])
        return Scanned(ids[:n_words].copy(), starts[:n_words].copy(), ends[:n_words].copy(), places)

    def spelling(self, number: int) -> Span:
        """The span that a number stands for, placed at 0."""
        return as_span(self.memory.word(number), int(self._kinds[number]))

    def spellings(self) -> list[Span]:
        """Every spelling's span, in the order of the numbers."""
        return [as_span(word, kind) for word, kind in zip(self.memory.words(), self.kinds.tolist(), strict=True)]


def as_span(key: str, kind: int) -> Span:
    """A spelling as a span placed at 0."""
    return Span(0, len(key) - key.endswith(letters.TATWEEL), KINDS[kind], key)
