"""Counts by word, as sorted arrays: made by each partition, merged in a tree, exact whatever the order of merging.

A table is cut into buckets by a hash of the words, so that a merge holds one bucket at a time: memory is bounded by
the number of buckets, which depends on the size of the corpus. Nothing is left out before all partitions are
merged, for what is rare in each may not be rare in all.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from topics.arabic.memory import Codes, Longs, Memory, encoded
from topics.scale.storage import Arrays, Damaged, read_arrays

FAN_IN = 16  # tables that one task merges
BUCKET_BYTES = 1 << 30  # of the corpus, for one bucket
_POWER = np.uint64(0x9E3779B97F4A7C15)


class Table(NamedTuple):
    """Words in the order of buckets, then of code points, with their counts."""

    codes: Codes  # all words laid end to end
    places: Longs  # shape (n_words + 1,)
    counts: Longs  # shape (n_words, n_counts)
    buckets: Longs  # shape (n_buckets + 1,): the words of bucket b are buckets[b]:buckets[b + 1]

    def __len__(self) -> int:
        return len(self.counts)

    def words(self) -> list[str]:
        """The words as texts."""
        text = self.codes.tobytes().decode("utf-32-le", "surrogatepass")
        places = self.places.tolist()
        return [text[begin:end] for begin, end in pairwise(places)]

    def arrays(self, name: str = "") -> Arrays:
        """The parts by name, for a file."""
        return {f"{name}{part}": array for part, array in self._asdict().items()}


def n_buckets(n_bytes: int) -> int:
    """How many buckets tables of a corpus of so many bytes have."""
    return max(-(-n_bytes // BUCKET_BYTES), 1)


def table_of(words: Sequence[str], counts: NDArray[Any], buckets: int) -> Table:
    """The table of different words.

    Parameters
    ----------
    words : sequence of str
        Each once, in any order.
    counts : ndarray of shape (n_words, n_counts)
        What is known of each.
    """
    codes, places = encoded(list(words))
    return laid_out(codes, places, counts, buckets)


def laid_out(codes: Codes, places: Longs, counts: NDArray[Any], buckets: int) -> Table:
    """The table of different words that are laid end to end."""
    memory = Memory()
    numbers = memory.add_codes(codes, places)
    return _of_memory(memory, np.asarray(counts, np.int64)[np.argsort(numbers)], buckets)


def _of_memory(memory: Memory, counts: Longs, buckets: int) -> Table:
    n_words = len(memory)
    order = memory.in_order(np.arange(n_words, dtype=np.int32))
    own = _buckets(memory.store, memory.places[: n_words + 1], buckets)
    order = order[np.argsort(own[order], kind="stable")]
    codes, places = _taken(memory.store, memory.places[: n_words + 1], order)
    borders = np.searchsorted(own[order], np.arange(buckets + 1))
    return Table(codes, places, counts[order], borders.astype(np.int64))


def _taken(store: Codes, places: Longs, order: NDArray[Any]) -> tuple[Codes, Longs]:
    """Words in another order, laid end to end."""
    sizes = np.diff(places)[order]
    borders = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    at = np.arange(borders[-1]) - np.repeat(borders[:-1] - places[:-1][order], sizes)
    return store[at], borders


def _buckets(store: Codes, places: Longs, n: int) -> Longs:
    """The bucket of each word, by a hash that every process knows."""
    sizes = np.diff(places)
    if n == 1 or not len(sizes):
        return np.zeros(len(sizes), np.int64)
    used = store[: places[-1]].astype(np.uint64)
    within = np.arange(len(used)) - np.repeat(places[:-1], sizes)
    with np.errstate(over="ignore"):
        mixed = (used + np.uint64(1)) * (_POWER * (2 * within.astype(np.uint64) + np.uint64(1)))
        mixed ^= mixed >> np.uint64(29)
        sums = np.add.reduceat(np.append(mixed, np.uint64(0)), places[:-1])
        return ((sums * _POWER >> np.uint64(33)) % np.uint64(n)).astype(np.int64)


def read_bucket(path: str, bucket: int, name: str = "") -> Table:
    """One bucket of a table that lies in a file, as a table of one bucket."""
    parts = ("codes", "places", "counts", "buckets")
    arrays = read_arrays(path, *(f"{name}{part}" for part in parts))
    whole = Table(*(arrays[f"{name}{part}"] for part in parts))
    if bucket + 1 >= len(whole.buckets):
        raise Damaged(f"{path}: has no bucket {bucket}")
    first, last = int(whole.buckets[bucket]), int(whole.buckets[bucket + 1])
    places = whole.places[first : last + 1]
    return Table(
        whole.codes[places[0] : places[-1]], places - places[0], whole.counts[first:last], np.array([0, last - first])
    )


def merged(tables: Sequence[Table] | Any) -> Table:
    """Tables of one bucket as one, counts added up; they may come one by one."""
    memory = Memory()
    sums = np.zeros((0, 1), np.int64)
    for table in tables:
        numbers = memory.add_codes(table.codes, table.places)
        if len(memory) > len(sums):
            room = np.zeros((max(len(memory), 2 * len(sums)), table.counts.shape[1]), np.int64)
            room[: len(sums), : sums.shape[1]] = sums
            sums = room
        sums[numbers] += table.counts
    return _of_memory(memory, sums[: len(memory)], 1)


def chosen(table: Table, keep: NDArray[np.bool_]) -> Table:
    """Some words of a table of one bucket."""
    order = np.flatnonzero(keep)
    codes, places = _taken(table.codes, table.places, order)
    return Table(codes, places, table.counts[order], np.array([0, len(order)]))


class Finder:
    """Words to their places in a list that is known: a vocabulary's columns.

    Parameters
    ----------
    codes, places : ndarray
        The words laid end to end.
    """

    def __init__(self, codes: Codes, places: Longs) -> None:
        self._codes, self._places = codes, places
        self._n_words = len(places) - 1

    def find(self, codes: Codes, places: Longs) -> NDArray[np.int32]:
        """The place of each word, -1 for one that is not there."""
        memory = Memory()  # a new one each time: unknown words are forgotten
        memory.add_codes(self._codes, self._places)
        numbers = memory.add_codes(codes, places)
        return np.where(numbers < self._n_words, numbers, -1).astype(np.int32)
