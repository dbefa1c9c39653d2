"""Words as code points, each with a number, found again letter by letter; for compiled loops.

A word's hash takes seven bits of each letter, so that of a plain word, up to nine letters of the block where
Arabic is written, is the word itself: it is found with one look at its slot. Any other word is found by its hash
and its letters; a hash that is not the word is never trusted without them.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from topics.compiled import inlined, lent

Codes = NDArray[np.uint32]  # where texts are scanned also uint16
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Table = NDArray[np.uint8]
Hashes = NDArray[np.uint64]

_BLOCK = 0x600  # the first code point of the block where Arabic is written
_PLAIN_BITS = 7
_PLAIN_SIZE = 9  # letters: 63 bits
PLAIN = 1 << 30  # a bit of a word's size: its hash is the word itself
_FIBONACCI = np.uint64(0x9E3779B97F4A7C15)
_EMPTY = -1
_SMALL = 1 << 20
_COMPARED = 24  # letters by which words are put in order at once
FULL = -1  # instead of a number: the memory must grow first
UNKNOWN = -1  # instead of a number: no such word


@inlined
def in_block(code: int) -> np.uint64:
    """A code point's place in the block where Arabic is written; large for one outside."""
    return np.uint64(code ^ _BLOCK)


@inlined
def hashed(value: np.uint64, letter: np.uint64) -> np.uint64:
    """The hash of a word with one more letter, from its place in the block."""
    return ((value << np.uint64(_PLAIN_BITS)) | (value >> np.uint64(64 - _PLAIN_BITS))) ^ letter


@inlined
def sized(size: int, letters: np.uint64) -> int:
    """A word's size, with PLAIN where its hash is the word; `letters` holds every bit of its places in the block."""
    return size | PLAIN if size <= _PLAIN_SIZE and letters < np.uint64(1 << _PLAIN_BITS) else size


@inlined
def hash_of(codes: Codes, start: int, end: int) -> tuple[np.uint64, int]:
    """The hash of the word codes[start:end], and its size."""
    value = letters = np.uint64(0)
    for k in range(start, end):
        letter = in_block(codes[k])
        letters |= letter
        value = hashed(value, letter)
    return value, sized(end - start, letters)


@inlined
def slot_of(codes: Codes, start: int, value: np.uint64, size: int, slots: Longs, places: Longs, store: Codes) -> int:
    """The place in `slots` of a word from codes[start], or the empty one where it would go.

    A slot is two integers: the hash, and the size above the number.
    """
    mask = (len(slots) >> 1) - 1
    mixed = (value ^ (value >> np.uint64(32)) ^ np.uint64(size)) * _FIBONACCI
    slot = np.int64(mixed >> np.uint64(32)) & mask
    while True:
        entry = slots[2 * slot + 1]
        if entry < 0:
            return int(slot)
        if slots[2 * slot] == np.int64(value) and entry >> 32 == size:
            if size & PLAIN:
                return int(slot)
            first = places[entry & 0xFFFFFFFF]
            # Without a way out of the loop it runs several letters at a time.
            different = np.uint32(0)
            for k in range(size):
                different |= store[first + k] ^ np.uint32(codes[start + k])
            if different == 0:
                return int(slot)
        slot = (slot + 1) & mask


@inlined
def find(codes: Codes, start: int, end: int, slots: Longs, places: Longs, store: Codes) -> int:
    """The number of the word codes[start:end]; UNKNOWN where the memory does not hold it."""
    value, size = hash_of(codes, start, end)
    entry = slots[2 * slot_of(codes, start, value, size, slots, places, store) + 1]
    return int(entry & 0xFFFFFFFF) if entry >= 0 else UNKNOWN


@lent
def insert(
    codes: Codes, start: int, value: np.uint64, size: int, slot: int,
    slots: Longs, places: Longs, store: Codes, known: Longs,
) -> int:  # fmt: skip
    """Give a new word a number, in the empty slot that `slot_of` found; FULL where the memory must grow first."""
    number, n_codes = int(known[0]), size & ~PLAIN
    if (number + 1) * 4 > len(slots) or number + 2 > len(places) or places[number] + n_codes > len(store):
        return FULL
    first = places[number]
    for k in range(n_codes):
        store[first + k] = codes[start + k]
    slots[2 * slot] = np.int64(value)
    slots[2 * slot + 1] = (np.int64(size) << 32) | number
    places[number + 1] = first + n_codes
    known[0] = number + 1
    return number


@inlined
def remember(codes: Codes, start: int, end: int, slots: Longs, places: Longs, store: Codes, known: Longs) -> int:
    """The number of the word codes[start:end], given now if it is new; FULL where the memory must grow first."""
    value, size = hash_of(codes, start, end)
    slot = slot_of(codes, start, value, size, slots, places, store)
    entry = slots[2 * slot + 1]
    return (
        int(entry & 0xFFFFFFFF) if entry >= 0 else insert(codes, start, value, size, slot, slots, places, store, known)
    )


@lent
def remember_all(
    codes: Codes, begin: int, starts: Ints, hashes: Hashes, sizes: Ints, kinds: Table, n_words: int,
    slots: Longs, places: Longs, store: Codes, known: Longs, known_kinds: Table, numbers: Ints,
) -> bool:  # fmt: skip
    """Write the number of each of `n_words` words, and the kinds of new ones; False where the memory must grow first.

    Words start at codes[begin + starts[k]].
    """
    for k in range(n_words):
        start = begin + starts[k]
        slot = slot_of(codes, start, hashes[k], sizes[k], slots, places, store)
        entry = slots[2 * slot + 1]
        if entry >= 0:
            numbers[k] = entry & 0xFFFFFFFF
        else:
            number = insert(codes, start, hashes[k], sizes[k], slot, slots, places, store, known)
            if number == FULL:
                return False
            numbers[k], known_kinds[number] = number, kinds[k]
    return True


@lent
def _refill(slots: Longs, places: Longs, store: Codes, n_words: int) -> None:
    for number in range(n_words):
        first = places[number]
        value, size = hash_of(store, first, places[number + 1])
        slot = slot_of(store, first, value, size, slots, places, store)
        slots[2 * slot] = np.int64(value)
        slots[2 * slot + 1] = (np.int64(size) << 32) | number


@lent
def _remember_between(
    codes: Codes, borders: Longs, slots: Longs, places: Longs, store: Codes, known: Longs, numbers: Ints
) -> int:
    """Remember words one after the other from known[1] on; how many are done when the memory is full or all are."""
    for k in range(known[1], len(borders) - 1):
        number = remember(codes, borders[k], borders[k + 1], slots, places, store, known)
        if number == FULL:
            return k
        numbers[k] = number
    return len(borders) - 1


class Memory:
    """Words and their numbers, given in the order of meeting; arrays that compiled loops take apart."""

    def __init__(self) -> None:
        self.slots = np.full(1 << 12, _EMPTY, np.int64)
        self.places = np.zeros((1 << 10) + 1, np.int64)
        self.store = np.zeros(1 << 13, np.uint32)
        self.known = np.zeros(2, np.int64)  # words known; where an interrupted loop goes on

    def __len__(self) -> int:
        return int(self.known[0])

    @property
    def arrays(self) -> tuple[Longs, Longs, Codes, Longs]:
        """What `remember` takes."""
        return self.slots, self.places, self.store, self.known

    def grow(self, n_codes: int) -> None:
        """More room of the kind that ran out; words keep their numbers. `n_codes`: the longest word that may come."""
        known = len(self)
        if (known + 1) * 4 > len(self.slots):
            # Small memories grow fast: filling the slots anew is most of what a new word costs.
            factor = 4 if len(self.slots) < _SMALL else 2
            self.slots = np.full(factor * len(self.slots), _EMPTY, np.int64)
            _refill(self.slots, self.places, self.store, known)
        if known + 2 > len(self.places):
            factor = 4 if len(self.slots) < _SMALL else 2
            self.places = np.concatenate([self.places, np.zeros((factor - 1) * (len(self.places) - 1), np.int64)])
        if self.places[known] + n_codes > len(self.store):
            # Untouched memory costs nothing, and one word may be as long as the text: a megabyte without a space.
            grown = np.empty(2 * len(self.store) + n_codes, np.uint32)
            grown[: self.places[known]] = self.store[: self.places[known]]
            self.store = grown

    def add(self, words: Iterable[str]) -> Ints:
        """The number of each word."""
        return self.add_codes(*encoded(list(words)))

    def add_codes(self, codes: Codes, borders: Longs) -> Ints:
        """The number of each word, words laid end to end."""
        numbers = np.empty(len(borders) - 1, np.int32)
        longest = int(np.diff(borders).max(initial=0))
        self.known[1] = 0
        while (done := _remember_between(codes, borders, *self.arrays, numbers)) < len(numbers):
            self.known[1] = done
            self.grow(longest)
        return numbers

    def word(self, number: int) -> str:
        """The word that has a number."""
        return self.store[self.places[number] : self.places[number + 1]].tobytes().decode("utf-32-le", "surrogatepass")

    def words(self, numbers: Ints | Longs | None = None) -> list[str]:
        """The words that have these numbers; by default every word, in the order of the numbers."""
        n_words = len(self)
        text = self.store[: self.places[n_words]].tobytes().decode("utf-32-le", "surrogatepass")
        if numbers is None:
            places = self.places[: n_words + 1].tolist()
            return [text[begin:end] for begin, end in pairwise(places)]
        begins, ends = self.places[numbers].tolist(), self.places[numbers + 1].tolist()
        return [text[begin:end] for begin, end in zip(begins, ends, strict=True)]

    def in_order(self, numbers: Ints) -> Ints:
        """The numbers of different words in the order of the words' code points."""
        begins = self.places[numbers]
        sizes = self.places[numbers + 1] - begins
        used = self.store[: self.places[len(self)]]
        alphabet = np.flatnonzero(np.bincount(used, minlength=1)) if len(used) else np.zeros(0, np.int64)
        bits = max(len(alphabet).bit_length(), 1)
        rank = np.zeros(int(alphabet.max(initial=0)) + 1, np.uint64)
        rank[alphabet] = np.arange(1, len(alphabet) + 1)
        each = 64 // bits
        keys = []
        for first in range(0, min(int(sizes.max(initial=0)), _COMPARED), each):
            key = np.zeros(len(numbers), np.uint64)
            for at in range(first, first + each):
                letters = rank[used[np.minimum(begins + at, len(used) - 1)]]
                key = (key << np.uint64(bits)) | np.where(at < sizes, letters, np.uint64(0))
            keys.append(key)
        if not keys:
            return numbers
        order = np.lexsort(keys[::-1])
        found = numbers[order]
        if sizes.max(initial=0) > _COMPARED:
            # Long words that begin alike are few.
            same = np.logical_and.reduce([key[order][1:] == key[order][:-1] for key in keys])
            for first, last in _runs(same):
                words = dict(zip(self.words(found[first:last]), found[first:last].tolist(), strict=True))
                found[first:last] = [words[word] for word in sorted(words)]
        return found


def _runs(same: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and end of each run of items of which each is the same as the next."""
    edges = np.diff(np.concatenate([[0], same.astype(np.int8), [0]]))
    return [(int(a), int(b) + 1) for a, b in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True)]


def encoded(texts: list[str]) -> tuple[Codes, Longs]:
    """Code points of texts laid end to end, and their borders, shape (n_texts + 1,)."""
    return np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32), _borders(texts)


def encoded_narrow(texts: list[str]) -> tuple[Codes, Longs]:
    """As `encoded`, with 16 bits a code point where no text needs more: half of the memory to write and read."""
    joined = "".join(texts)
    narrow = joined.encode("utf-16-le", "surrogatepass")
    if len(narrow) == 2 * len(joined):
        return np.frombuffer(narrow, np.uint16), _borders(texts)
    return np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32), _borders(texts)


def _borders(texts: list[str]) -> Longs:
    borders = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=borders[1:])
    return borders
