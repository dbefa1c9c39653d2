"""Words as code points, each with a number, found again letter by letter; for compiled loops.

A slot is two integers in one cache line: half of the word's hash with its number, and where its letters
lie. Most words are found with one look at the slot and one at the letters, and a hash is never trusted
without the letters.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from topics.compiled import compiled, inlined

Codes = NDArray[np.uint32]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Table = NDArray[np.uint8]
Hashes = NDArray[np.uint64]

FNV_OFFSET = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)
_LENGTH_BITS = 34  # of a slot's second integer: the length above, the place below
_PLACE_MASK = (1 << _LENGTH_BITS) - 1
_EMPTY = -1
FULL = -1  # instead of a number: the memory must grow first
UNKNOWN = -1  # instead of a number: no such word


@inlined
def hashed(value: np.uint64, code: np.uint32) -> np.uint64:
    """The hash of a word (FNV-1a) with one more letter."""
    return (value ^ np.uint64(code)) * _FNV_PRIME


@inlined
def hash_of(codes: Codes, start: int, end: int) -> np.uint64:
    """The hash of the word codes[start:end]."""
    value = FNV_OFFSET
    for k in range(start, end):
        value = hashed(value, codes[k])
    return value


@inlined
def _slot(codes: Codes, start: int, end: int, value: np.uint64, slots: Longs, store: Codes) -> int:
    """The slot of the word codes[start:end], or the empty one where it would go."""
    size = end - start
    mask = (len(slots) >> 1) - 1
    slot = np.int64((value ^ (value >> np.uint64(29))) & np.uint64(mask))
    tag = np.int64(value >> np.uint64(33))
    while True:
        entry = slots[2 * slot]
        if entry < 0:
            return int(slot)
        if entry >> 32 == tag:
            first = slots[2 * slot + 1]
            if first >> _LENGTH_BITS == size:
                first &= _PLACE_MASK
                # Without a way out of the loop it runs several letters at a time.
                different = np.uint32(0)
                for k in range(size):
                    different |= store[first + k] ^ codes[start + k]
                if different == 0:
                    return int(slot)
        slot = (slot + 1) & mask


@compiled
def find(codes: Codes, start: int, end: int, slots: Longs, store: Codes) -> int:
    """The number of the word codes[start:end]; UNKNOWN where the memory does not hold it."""
    entry = int(slots[2 * _slot(codes, start, end, hash_of(codes, start, end), slots, store)])
    return entry & 0xFFFFFFFF if entry >= 0 else UNKNOWN


@compiled
def _insert(
    codes: Codes, start: int, end: int, value: np.uint64, slot: int,
    slots: Longs, places: Longs, store: Codes, known: Longs,
) -> int:  # fmt: skip
    """Give a new word a number, in the empty slot that `_slot` found; FULL where the memory must grow first."""
    number, size = int(known[0]), end - start
    if (number + 1) * 4 > len(slots) or number + 2 > len(places) or places[number] + size > len(store):
        return FULL
    first = places[number]
    for k in range(size):
        store[first + k] = codes[start + k]
    slots[2 * slot] = (np.int64(value >> np.uint64(33)) << 32) | number
    slots[2 * slot + 1] = (np.int64(size) << _LENGTH_BITS) | first
    places[number + 1] = first + size
    known[0] = number + 1
    return number


@compiled
def remember_all(
    codes: Codes, starts: Longs, ends: Longs, hashes: Hashes, n_words: int,
    slots: Longs, places: Longs, store: Codes, known: Longs, numbers: Ints,
) -> bool:  # fmt: skip
    """Write the number of each of `n_words` words; False where the memory must grow first."""
    for k in range(n_words):
        slot = _slot(codes, starts[k], ends[k], hashes[k], slots, store)
        entry = slots[2 * slot]
        if entry >= 0:
            numbers[k] = entry & 0xFFFFFFFF
        else:
            number = _insert(codes, starts[k], ends[k], hashes[k], slot, slots, places, store, known)
            if number == FULL:
                return False
            numbers[k] = number
    return True


@compiled
def remember(codes: Codes, start: int, end: int, slots: Longs, places: Longs, store: Codes, known: Longs) -> int:
    """The number of the word codes[start:end], given now if it is new; FULL where the memory must grow first."""
    value = hash_of(codes, start, end)
    slot = _slot(codes, start, end, value, slots, store)
    if slots[2 * slot] >= 0:
        return int(slots[2 * slot]) & 0xFFFFFFFF
    return _insert(codes, start, end, value, slot, slots, places, store, known)


@compiled
def _refill(slots: Longs, places: Longs, store: Codes, n_words: int) -> None:
    for number in range(n_words):
        first, end = places[number], places[number + 1]
        value = hash_of(store, first, end)
        slot = _slot(store, first, end, value, slots, store)
        slots[2 * slot] = (np.int64(value >> np.uint64(33)) << 32) | number
        slots[2 * slot + 1] = ((end - first) << _LENGTH_BITS) | first


@compiled
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
            self.slots = np.full(2 * len(self.slots), _EMPTY, np.int64)
            _refill(self.slots, self.places, self.store, known)
        if known + 2 > len(self.places):
            self.places = np.concatenate([self.places, np.zeros(len(self.places) - 1, np.int64)])
        if self.places[known] + n_codes > len(self.store):
            # Untouched memory costs nothing, and one word may be as long as the text: a megabyte without a space.
            grown = np.empty(2 * len(self.store) + n_codes, np.uint32)
            grown[: self.places[known]] = self.store[: self.places[known]]
            self.store = grown

    def add(self, words: Iterable[str]) -> Ints:
        """The number of each word."""
        codes, borders = encoded(list(words))
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

    def words(self) -> list[str]:
        """Every word, in the order of the numbers."""
        n_words = len(self)
        text = self.store[: self.places[n_words]].tobytes().decode("utf-32-le", "surrogatepass")
        places = self.places[: n_words + 1].tolist()
        return [text[places[k] : places[k + 1]] for k in range(n_words)]


def encoded(texts: list[str]) -> tuple[Codes, Longs]:
    """Code points of texts laid end to end, and their borders, shape (n_texts + 1,)."""
    parts = [text.encode("utf-32-le", "surrogatepass") for text in texts]
    borders = np.zeros(len(parts) + 1, np.int64)
    np.cumsum([len(part) // 4 for part in parts], out=borders[1:])
    return np.frombuffer(b"".join(parts), np.uint32), borders
