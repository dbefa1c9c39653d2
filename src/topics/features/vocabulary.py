"""A vocabulary of terms and n-grams, and the way from term numbers to its columns.

An n-gram is a path in a tree of term numbers: a node is known by its parent and the number of the term
that leads to it, so all n-grams of all articles are looked up by a few sorted searches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from topics.arabic.batch import BatchAnalyzer, Terms
from topics.compiled import compiled

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
_NONE = -1


@dataclass(frozen=True)
class _Level:
    """The nodes at one depth: sorted keys (parent, term) and what stands at each."""

    keys: Longs
    nodes: Longs
    columns: Ints

    def find(self, keys: Longs) -> tuple[Longs, Ints]:
        """(node, column) of each key, -1 where there is none."""
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        hit = self.keys[at] == keys
        return np.where(hit, self.nodes[at], _NONE), np.where(hit, self.columns[at], _NONE).astype(np.int32)


def _key(parents: Longs, terms: Longs) -> Longs:
    return (parents << np.int64(32)) | terms


class Vocabulary:
    """Terms, one a column, in order of code points.

    Parameters
    ----------
    terms : sequence of str
        Each once; the terms of an n-gram are joined by one space.
    """

    def __init__(self, terms: Sequence[str]) -> None:
        self.terms = list(terms)
        self.columns = dict(zip(self.terms, range(len(self.terms)), strict=True))
        self._levels: tuple[BatchAnalyzer, list[_Level]] | None = None
        self._forms: tuple[BatchAnalyzer, NDArray[np.int64]] | None = None
        self._columns: tuple[BatchAnalyzer, Ints] | None = None
        self.single = " " not in "".join(self.terms)

    @classmethod
    def of_forms(cls, batch: BatchAnalyzer, numbers: Ints) -> Vocabulary:
        """The vocabulary of single terms by their numbers, which stand in the order of the terms."""
        forms = batch.forms
        vocabulary = cls([forms[number] for number in numbers.tolist()])
        vocabulary._columns = (batch, _columns_of(numbers))
        return vocabulary

    def columns_of(self, batch: BatchAnalyzer) -> Ints:
        """The column of each form by the number that `batch` gives it, -1 for none; of single terms only.

        Forms with larger numbers than the last have none. Numbers never change, so it is worked out once.
        """
        if self._columns is None or self._columns[0] is not batch:
            self._columns = (batch, _columns_of(batch.numbers(self.terms)))
        return self._columns[1]

    def __len__(self) -> int:
        return len(self.terms)

    def _tree(self, batch: BatchAnalyzer) -> list[_Level]:
        """The tree over the numbers that `batch` gives to forms; they never change, so it is built once."""
        if self._levels is not None and self._levels[0] is batch:
            return self._levels[1]
        forms = [term.split(" ") for term in self.terms]
        numbers = iter(batch.numbers([form for path in forms for form in path]).tolist())
        paths = [tuple(next(numbers) for _ in path) for path in forms]
        nodes: dict[tuple[int, ...], int] = {}
        columns: dict[tuple[int, ...], int] = {}
        for column, path in enumerate(paths):
            columns[path] = column
            for depth in range(1, len(path) + 1):
                nodes.setdefault(path[:depth], len(nodes))
        levels: list[_Level] = []
        for depth in range(1, max(map(len, paths), default=0) + 1):
            here = [path for path in nodes if len(path) == depth]
            keys = np.array([(nodes.get(path[:-1], 0) << 32) | path[-1] for path in here], np.int64)
            order = np.argsort(keys)
            levels.append(
                _Level(
                    keys[order],
                    np.array([nodes[path] for path in here], np.int64)[order],
                    np.array([columns.get(path, _NONE) for path in here], np.int32)[order],
                )
            )
        self._levels = (batch, levels)
        return levels

    def occurrences(self, terms: Terms, batch: BatchAnalyzer) -> tuple[Ints, Longs]:
        """The columns of every n-gram of every article, and their places.

        Returns
        -------
        columns : ndarray of shape (n_occurrences,)
            -1 for what the vocabulary does not hold.
        places : ndarray of shape (n_articles + 1,)
            As in `counting.count_matrix`.
        """
        levels = self._tree(batch)
        ids = terms.ids.astype(np.int64)
        found: list[Ints] = []
        parents = np.zeros(len(ids), np.int64)
        left = _left_in_article(terms.places)
        for depth, level in enumerate(levels):
            possible = np.flatnonzero((left > depth) & (parents >= 0))
            nodes, columns = np.full(len(ids), _NONE, np.int64), np.full(len(ids), _NONE, np.int32)
            nodes[possible], columns[possible] = level.find(_key(parents[possible], ids[possible + depth]))
            found.append(columns)
            parents = nodes
        if not found:
            return np.empty(0, np.int32), np.zeros_like(terms.places)
        # All n-grams that begin at a term stand together, so an article's stay in one piece.
        return np.stack(found, axis=1).ravel(), terms.places * len(found)

    def knows(self, terms: Terms, batch: BatchAnalyzer) -> NDArray[np.int64]:
        """Whether each term is part of the vocabulary, by itself or in an n-gram, shape (n_terms_of_all_articles,)."""
        if self._forms is None or self._forms[0] is not batch:
            forms = {form for term in self.terms for form in term.split(" ")}
            self._forms = (batch, np.sort(batch.numbers(sorted(forms)).astype(np.int64)))
        return np.isin(terms.ids, self._forms[1]).astype(np.int64)


def _columns_of(numbers: Ints) -> Ints:
    columns = np.full(int(numbers.max(initial=-1)) + 1, _NONE, np.int32)
    columns[numbers] = np.arange(len(numbers), dtype=np.int32)
    return columns


def _left_in_article(places: Longs) -> Longs:
    """For each term, how many terms its article still has from it on."""
    ends = np.repeat(places[1:], np.diff(places))
    return np.asarray(ends - np.arange(len(ends)), np.int64)


@compiled
def _document_frequency(groups: Ints | Longs, places: Longs, n_groups: int) -> Longs:
    """In how many articles each group occurs; groups below 0 do not count."""
    frequency, last = np.zeros(n_groups, np.int64), np.full(n_groups, -1, np.int64)
    for article in range(len(places) - 1):
        for k in range(places[article], places[article + 1]):
            group = groups[k]
            if group >= 0 and last[group] != article:
                last[group] = article
                frequency[group] += 1
    return frequency


def chosen_forms(terms: Terms, batch: BatchAnalyzer, least: int, most: float) -> Ints:
    """Numbers of the forms that between `least` and `most` articles hold, in order of the forms' code points."""
    frequency = _document_frequency(terms.ids, terms.places, int(terms.ids.max(initial=-1)) + 1)
    numbers = np.flatnonzero((frequency >= max(least, 1)) & (frequency <= most)).astype(np.int32)
    return batch.form_memory.in_order(numbers)


def candidates(terms: Terms, batch: BatchAnalyzer, ngrams: tuple[int, int], least: int, most: float) -> list[str]:
    """N-grams by how many articles hold them, between `least` and `most`, in order of code points."""
    ids = terms.ids.astype(np.int64)
    left = _left_in_article(terms.places)
    forms = batch.forms
    kept: list[str] = []
    groups, n_groups = ids, len(forms)
    for n in range(1, ngrams[1] + 1):
        if n > 1:
            at = np.flatnonzero((left >= n) & (groups >= 0))
            keys, inverse = np.unique(_key(groups[at], ids[at + n - 1]), return_inverse=True)
            groups = np.full(len(ids), _NONE, np.int64)
            groups[at] = inverse
            n_groups = len(keys)
        frequency = _document_frequency(groups, terms.places, n_groups)
        if n >= ngrams[0]:
            chosen = (frequency >= least) & (frequency <= most)
            starts = np.full(n_groups, _NONE, np.int64)
            held = np.flatnonzero(groups >= 0)
            starts[groups[held]] = held
            begun = starts[chosen].tolist()
            kept.extend(
                [forms[k] for k in ids[begun]]
                if n == 1
                else (" ".join(forms[k] for k in ids[start : start + n]) for start in begun)
            )
        if not n_groups:
            break  # no article is that long
        # A rare n-gram only has rarer ones beginning with it.
        groups = np.where((groups >= 0) & (frequency[groups] >= least), groups, _NONE)
    return sorted(kept)
