"""Which terms occur together within a sliding window of reference articles, counted once for any number of topics.

The counts are those of gensim's WordOccurrenceAccumulator, to the unit, so measures made of them are gensim's; they
come from a compiled loop, which makes a grid of models affordable. gensim drops a term from a window when one
occurrence of it slides out, even where another is still inside; it is counted so here too.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from topics.compiled import compiled
from topics.errors import SettingsError
from topics.evaluation.checks import Array, Integers, known_terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Ints = npt.NDArray[np.int32]
_EPSILON = 1e-12  # gensim's


class Windows:
    """Counts of terms and of pairs of terms over the windows of reference articles.

    Parameters
    ----------
    texts : iterable of sequence of str
        The terms of each reference article, in order, whatever a model's vocabulary is.
    terms : iterable of str
        The terms that will be asked about, such as the top terms of all models.
    size : int
        Terms in a window; an article of fewer is one window.

    Attributes
    ----------
    vocabulary : frozenset of str
        The terms asked about that occur.
    n_windows : int
        How many windows there are.
    """

    def __init__(self, texts: Iterable[Sequence[str]], terms: Iterable[str], *, size: int) -> None:
        if size < 2:
            raise SettingsError(f"window is {size}; pairs need at least 2 terms, 110 is usual")
        names = sorted(set(terms))
        self.place = {name: number for number, name in enumerate(names)}
        numbered = [np.array([self.place.get(term, -1) for term in text], np.int32) for text in texts]
        if not any(len(text) for text in numbered):
            raise SettingsError("texts hold no term; hand in the terms of the reference articles, in order")
        places = np.cumsum([0, *(len(text) for text in numbered)]).astype(np.int64)
        self.pairs: Integers = np.zeros((len(names), len(names)), np.int64)
        self.n_windows = int(_count(np.concatenate(numbered), places, size, self.pairs))
        self.pairs += np.triu(self.pairs, 1).T
        self.vocabulary = frozenset(name for name, n in zip(names, np.diag(self.pairs), strict=True) if n)

    def __repr__(self) -> str:
        return f"Windows({len(self.vocabulary):,} terms in {self.n_windows:,} windows)"

    def npmi(self, topics: Sequence[Sequence[str]]) -> list[Array]:
        """Normalized PMI, as gensim has it, of each pair of a topic's terms: shape (n_terms, n_terms) a topic.

        Raises
        ------
        UnknownTerm
            A term that never occurs.
        """
        known_terms(chain(*topics), self.vocabulary)
        found = []
        for terms in topics:
            places = [self.place[term] for term in terms]
            joint = self.pairs[np.ix_(places, places)] / self.n_windows
            alone = np.diag(joint)
            found.append(np.log((joint + _EPSILON) / np.outer(alone, alone)) / -np.log(joint + _EPSILON))
        return found


@compiled
def _add(active: Ints, n_active: int, times: int, pairs: Integers) -> None:
    """Count the pairs of the terms in a window, and each term, `times` times; only the upper half is filled."""
    for i in range(n_active):
        a = active[i]
        pairs[a, a] += times
        for j in range(i + 1, n_active):
            b = active[j]
            pairs[min(a, b), max(a, b)] += times


@compiled
def _count(ids: Ints, places: npt.NDArray[np.int64], size: int, pairs: Integers) -> int:
    """Fill `pairs`, give the number of windows."""
    active = np.empty(len(pairs), np.int32)
    at = np.full(len(pairs), -1, np.int32)
    n_windows = 0
    for article in range(len(places) - 1):
        first, last = places[article], places[article + 1]
        n_active = 0
        for k in range(first, min(first + size, last)):
            term = ids[k]
            if term >= 0 and at[term] < 0:
                at[term], active[n_active] = n_active, term
                n_active += 1
        waiting = 1  # windows like this one: most slides change nothing
        for k in range(first + size, last):
            gone, come = ids[k - size], ids[k]
            leaves, enters = gone >= 0 and at[gone] >= 0, come >= 0 and (at[come] < 0 or come == gone)
            if leaves or enters:
                _add(active, n_active, waiting, pairs)
                n_windows += waiting
                waiting = 0
            if leaves:
                n_active -= 1
                moved = active[n_active]
                active[at[gone]], at[moved] = moved, at[gone]
                at[gone] = -1
            if come >= 0 and at[come] < 0:
                at[come], active[n_active] = n_active, come
                n_active += 1
            waiting += 1
        _add(active, n_active, waiting, pairs)
        n_windows += waiting
        for i in range(n_active):
            at[active[i]] = -1
    return n_windows
