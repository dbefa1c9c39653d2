"""What TermVectorizer.fit learns from training text besides the vocabulary: word counts and spellings.

Both are private by construction: what occurs in one article only is left out.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from topics.arabic import letters
from topics.arabic.batch import BatchAnalyzer, Terms
from topics.arabic.forms import BARE_CLITICS
from topics.arabic.memory import Memory
from topics.arabic.scan import Scanned, Scanner
from topics.compiled import lent

Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


@lent
def _count(ids: Ints, places: Longs, items_of: Ints, met: Ints, several: Bools) -> None:
    """Add to `met`, a row an item, the article after the last that holds it and how often it occurs."""
    for article in range(len(places) - 1):
        for k in range(places[article], places[article + 1]):
            item = items_of[ids[k]]
            if item >= 0:
                if met[item, 0] != article + 1:
                    if met[item, 0] > 0:
                        several[item] = True
                    met[item, 0] = article + 1
                met[item, 1] += 1


def count_shared(ids: Ints, places: Longs, items_of: Ints, n_items: int) -> tuple[Longs, Bools]:
    """How often each item occurs, and whether in two articles or more.

    Parameters
    ----------
    ids : ndarray of shape (n_occurrences,)
        Those of article a are ``ids[places[a]:places[a + 1]]``; below 0 they count from the end of `items_of`.
    items_of : ndarray of shape (n_ids,)
        The item of each id, -1 for none.
    n_items : int
        Items are 0 to n_items - 1.
    """
    # Article and total side by side: one look in the memory for each word.
    met, several = np.zeros((n_items, 2), np.int32), np.zeros(n_items, np.bool_)
    _count(ids, places, items_of, met, several)
    return met[:, 1].astype(np.int64), several


def count_words(scanner: Scanner, scanned: Scanned, n_articles: int) -> dict[str, int]:
    """Folded whole words of the first `n_articles` texts and how often they occur; only those in two or more."""
    memory, totals, several = word_counts(scanner, scanned, n_articles)
    shared = np.flatnonzero(several)
    return dict(zip(memory.words(shared), totals[shared].tolist(), strict=True))


def word_counts(scanner: Scanner, scanned: Scanned, n_articles: int) -> tuple[Memory, Longs, Bools]:
    """Folded whole words, how often each occurs in the first `n_articles` texts, and whether in two or more."""
    words, spelled = scanner.words, scanner.spelled.memory
    codes = spelled.store[: spelled.places[len(spelled)]].copy()
    for letter, to in (pair for name in ("alef", "maqsura", "teh") for pair in letters.FOLDS[name].items()):
        codes[codes == ord(letter)] = ord(to)
    memory = Memory()
    folded = np.append(memory.add_codes(codes, spelled.places[: len(spelled) + 1]), np.int32(-1))
    items = folded[words]
    bare = [span for span in np.flatnonzero(scanner.stretched).tolist() if _is_bare(scanner, int(words[span]))]
    items[bare] = -1
    return memory, *count_shared(scanned.ids, scanned.places[: n_articles + 1], items, len(memory))


def _is_bare(scanner: Scanner, word: int) -> bool:
    return word >= 0 and scanner.spelled.memory.word(word) in BARE_CLITICS


def spellings_of(terms: Terms, batch: BatchAnalyzer, forms: Ints) -> dict[str, str]:
    """The most frequent original spelling of each form, of those in two articles or more.

    Of spellings equally frequent the first by code point is taken, so that every process takes the same; a form
    that is its own best spelling is left out.

    Parameters
    ----------
    terms : Terms
        Those of the training articles, with their sources.
    forms : ndarray of shape (n_forms,)
        The numbers of the forms that the vocabulary is made of, in order of their code points.
    """
    shown, form, totals, several = shown_counts(terms, batch)
    wanted = np.zeros(int(max(form.max(initial=-1), forms.max(initial=-1))) + 1, np.bool_)
    wanted[forms] = True
    held = np.flatnonzero(several & wanted[form])
    best = held[np.lexsort([-totals[held], form[held]])]
    first = np.searchsorted(form[best], form[best])
    best = best[totals[best] == totals[best[first]]]
    chosen: dict[int, str] = {}
    for number, name in zip(form[best].tolist(), shown_names(shown[best], batch), strict=True):
        if number not in chosen or name < chosen[number]:
            chosen[number] = name
    known = batch.forms
    ordered = [number for number in forms.tolist() if number in chosen]
    return {known[number]: chosen[number] for number in ordered if chosen[number] != known[number]}


def shown_counts(terms: Terms, batch: BatchAnalyzer) -> tuple[Longs, Longs, Longs, Bools]:
    """What terms are written as, told apart as people would: arrays of shape (n_shown,).

    Returns
    -------
    shown : ndarray
        Numbers for `shown_names` and `shown_keys`, ascending.
    form : ndarray
        The number of the form that each gives.
    totals, several : ndarray
        How often each occurs, and whether in two articles or more.
    """
    words, merged = batch.scanner.words, batch.merged
    n_words, n_sources = len(batch.scanner.spelled.memory), len(words)
    # Spans that are written alike but for their marks are one spelling; what is no Arabic word is its own. Merges,
    # whose sources are below 0, come last, the first of them at the end.
    own = np.where(words >= 0, words, n_words + np.arange(n_sources, dtype=np.int32))
    first_merged = n_words + n_sources
    shown_of = np.append(own, first_merged + np.arange(len(merged), dtype=np.int32)[::-1]).astype(np.int32)
    n_shown = first_merged + len(merged)
    totals, several = count_shared(terms.sources, terms.places, shown_of, n_shown)
    # A spelling gives one form, so spellings are counted and not words; a season's two years are their own spelling.
    form = np.full(n_shown, -1, np.int64)
    form[shown_of[terms.sources]] = terms.ids
    shown = np.flatnonzero(totals)
    return shown, form[shown], totals[shown], several[shown]


def shown_keys(shown: Longs, batch: BatchAnalyzer) -> list[str]:
    """What tells them from each other in any process: numbers of `shown_counts` to texts, of each kind its own."""
    # A digit begins no Arabic word, so kinds never meet.
    return _texts(shown, batch, lambda source: f"1{batch.scanner.memory.word(source)}", lambda merged: f"2{merged}")


def shown_names(shown: Longs, batch: BatchAnalyzer) -> list[str]:
    """The spellings that numbers of `shown_counts` stand for, as people are shown them."""
    return _texts(shown, batch, batch.spelled, str)


def _texts(
    shown: Longs, batch: BatchAnalyzer, of_source: Callable[[int], str], of_merged: Callable[[str], str]
) -> list[str]:
    """Arabic words without their marks; what is none by its source, merges by what they merge to."""
    spelled, n_sources = batch.scanner.spelled.memory, batch.n_spellings
    n_words = len(spelled)
    texts = spelled.words(np.minimum(shown, max(n_words - 1, 0)).astype(np.int32)) if n_words else [""] * len(shown)
    for at in np.flatnonzero(shown >= n_words).tolist():
        source = int(shown[at]) - n_words
        texts[at] = of_source(source) if source < n_sources else of_merged(batch.merged[source - n_sources])
    return texts
