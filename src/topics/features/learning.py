"""What TermVectorizer.fit learns from training text besides the vocabulary: word counts and spellings.

Both are private by construction: what occurs in one article only is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from topics.arabic.analyzer import Frequencies
from topics.arabic.batch import BatchAnalyzer, Terms
from topics.arabic.clitics import fold_word
from topics.arabic.memory import Memory
from topics.arabic.scan import Scanned, Scanner
from topics.compiled import compiled

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


@compiled
def _spread(items: Ints, places: Longs, first: Longs, several: Bools) -> None:
    """For each item the first article that holds it, -1 for none, and whether more than one does."""
    for article in range(len(places) - 1):
        for k in range(places[article], places[article + 1]):
            item = items[k]
            if item < 0:
                continue
            if first[item] < 0:
                first[item] = article
            elif first[item] != article:
                several[item] = True


def spread(items: Ints, places: Longs, n_items: int) -> tuple[Longs, Bools]:
    """The first article of each item and whether it occurs in two or more; items below 0 do not count.

    Parameters
    ----------
    items : ndarray of shape (n_occurrences,)
        Those of article a are ``items[places[a]:places[a + 1]]``.
    places : ndarray of shape (n_articles + 1,)
    n_items : int
        Items are 0 to n_items - 1.
    """
    first, several = np.full(n_items, -1, np.int64), np.zeros(n_items, np.bool_)
    _spread(items, places, first, several)
    return first, several


def _spelled_numbers(scanner: Scanner, fold: tuple[str, ...]) -> tuple[Ints, list[str]]:
    """The number of each spelling's Arabic word, spelled and folded, and the words by number; -1 for other words."""
    numbers = scanner.words
    words = scanner.spelled.memory.words()
    if not fold:
        return numbers, words
    memory = Memory()
    folded = memory.add([fold_word(word) for word in words])
    return np.where(numbers >= 0, folded[numbers], -1) if len(folded) else numbers, memory.words()


def count_words(scanner: Scanner, scanned: Scanned, n_articles: int) -> dict[str, int]:
    """Folded whole words of the first `n_articles` texts and how often they occur; only those in two or more."""
    numbers, words = _spelled_numbers(scanner, ("alef", "maqsura", "teh"))
    places = scanned.places[: n_articles + 1]
    items = numbers[scanned.ids[: places[-1]]]
    _, several = spread(items, places, len(words))
    totals = np.bincount(items[items >= 0], minlength=len(words))
    return {words[number]: int(totals[number]) for number in np.flatnonzero(several)}


def spellings_of(terms: Terms, batch: BatchAnalyzer, forms: Sequence[str]) -> dict[str, str]:
    """The most frequent original spelling of each form, of those in two articles or more.

    Of spellings equally frequent the first by code point is taken, so that every process takes the same; a form
    that is its own best spelling is left out.

    Parameters
    ----------
    terms : Terms
        Those of the training articles, with their sources.
    forms : sequence of str
        The forms that the vocabulary is made of.
    """
    n_sources, merged = batch.n_spellings, batch.merged
    # Merges are numbered below 0: they come behind the spellings.
    sources = np.where(terms.sources >= 0, terms.sources, n_sources - 1 - terms.sources).astype(np.int32)
    numbers, words = _spelled_numbers(batch.scanner, ())
    odd = np.flatnonzero(numbers < 0)
    names = [*words, *merged, *(batch.spelled(int(source)) for source in odd)]
    shown = np.concatenate([numbers, len(words) + np.arange(len(merged))])
    shown[odd] = len(words) + len(merged) + np.arange(len(odd))
    # A spelling gives one form, so spellings are counted and not words; a season's two years are their own spelling.
    first, several = spread(sources, terms.places, len(shown))
    form = np.full(len(shown), -1, np.int64)
    form[sources] = terms.ids
    held = np.flatnonzero(form >= 0)
    totals = np.bincount(sources, minlength=len(shown))
    pairs, pair = np.unique((form[held] << 32) | shown[held], return_inverse=True)
    total = np.bincount(pair, weights=totals[held], minlength=len(pairs)).astype(np.int64)
    earliest, latest = np.full(len(pairs), len(terms.places)), np.full(len(pairs), -1)
    np.minimum.at(earliest, pair, first[held])
    np.maximum.at(latest, pair, first[held])
    shared = (earliest != latest) | (np.bincount(pair, weights=several[held], minlength=len(pairs)) > 0)
    wanted = np.isin(pairs >> 32, batch.numbers(forms)) & shared
    known = batch.forms
    best: dict[str, tuple[int, str]] = {}
    for key, count in zip(pairs[wanted].tolist(), total[wanted].tolist(), strict=True):
        name, candidate = known[key >> 32], (-count, names[key & 0xFFFFFFFF])
        if name not in best or candidate < best[name]:
            best[name] = candidate
    return {form: spelling for form, (_, spelling) in sorted(best.items()) if spelling != form}
