"""Character n-grams of forms: those of each form worked out once, then summed by article.

The n-grams are scikit-learn's "char_wb": a form stands between two spaces, an n-gram never leaves it, and a
form shorter than n counts once as a whole. Most words of news are repeats, so an article costs what its
distinct forms cost. Needs numpy, scipy.sparse and the scan only.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from topics.arabic.batch import BatchAnalyzer, Terms, batch_analyzer
from topics.arabic.memory import FULL, Codes, Ints, Longs, Memory, find, remember
from topics.arabic.parallel import in_turn
from topics.compiled import compiled, lent
from topics.corpus.article import Article
from topics.features.counting import BIT_PLACES, Floats, emit_bits, set_bit, sorted_rows, weigh_rows
from topics.features.matrix import TermMatrix, full_texts, parts_of

_SPACE = ord(" ")


@lent
def _grams(
    codes: Codes, borders: Longs, first: int, last: int, shortest: int, longest: int, learn: bool, word: Codes,
    slots: Longs, places: Longs, store: Codes, known: Longs, flat: Ints, ends: Longs,
) -> int:  # fmt: skip
    """The n-grams of the forms first..last, new ones remembered or left out; the form to go on with, or last.

    Those of a form are flat[ends[form] : ends[form + 1]], one for each occurrence.
    """
    for form in range(first, last):
        begin, size, out = borders[form], borders[form + 1] - borders[form] + 2, ends[form]
        word[0] = word[size - 1] = _SPACE
        for k in range(size - 2):
            word[k + 1] = codes[begin + k]
        for n in range(shortest, longest + 1):
            width = min(n, size)
            for start in range(size - width + 1):
                if learn:
                    number = remember(word, start, start + width, slots, places, store, known)
                    if number == FULL:
                        return form
                else:
                    number = find(word, start, start + width, slots, places, store)
                if number >= 0:
                    flat[out] = number
                    out += 1
            if n >= size:
                break
        ends[form + 1] = out
    return last


@compiled
def _spread(ids: Ints, places: Longs, flat: Ints, ends: Longs, frequency: Longs, sizes: Longs) -> None:
    """Add to `frequency` how many articles hold each n-gram, and to `sizes` how many n-grams each article holds."""
    last_form, last_gram = np.full(len(ends), -1, np.int32), np.full(len(frequency), -1, np.int32)
    for article in range(len(places) - 1):
        for k in range(places[article], places[article + 1]):
            form = ids[k]
            if last_form[form] == article:
                continue
            last_form[form] = article
            for gram in flat[ends[form] : ends[form + 1]]:
                if last_gram[gram] != article:
                    last_gram[gram] = article
                    frequency[gram] += 1
                    sizes[article] += 1


@compiled
def _rows(
    ids: Ints, places: Longs, flat: Ints, ends: Longs, n_terms: int, table: Longs, out: int, indices: Ints, data: Floats
) -> None:
    """Fill CSR rows from `out` on with counts. A bit stands for each column met, so that nothing need be sorted."""
    counts, forms = np.zeros(len(ends), np.int32), np.empty(len(ids), np.int32)
    totals = np.zeros(n_terms, np.int32)
    bits = np.zeros((n_terms >> 6) + 1, np.uint64)
    heads = np.zeros((len(bits) >> 6) + 1, np.uint64)
    for article in range(len(places) - 1):
        n_forms = 0
        for k in range(places[article], places[article + 1]):
            form = ids[k]
            if counts[form] == 0:
                forms[n_forms] = form
                n_forms += 1
            counts[form] += 1
        for form in forms[:n_forms]:
            for column in flat[ends[form] : ends[form + 1]]:
                if totals[column] == 0:
                    set_bit(column, heads, bits)
                totals[column] += counts[form]
            counts[form] = 0
        out = emit_bits(heads, bits, table, totals, out, indices, data)


class Lists(NamedTuple):
    """The n-grams of each form: those of form f are flat[ends[f]:ends[f + 1]], one for each occurrence."""

    flat: Ints
    ends: Longs

    def renumbered(self, numbers: Ints) -> Lists:
        """The same lists by other numbers; n-grams whose number is below 0 are left out."""
        flat = numbers[self.flat]
        kept = flat >= 0
        return Lists(flat[kept], np.concatenate([[0], np.cumsum(kept)])[self.ends])


class FormGrams:
    """The n-grams of every form of a BatchAnalyzer, worked out when the form is first met.

    Parameters
    ----------
    ngrams : tuple of int
        The shortest and longest n-gram, in code points.
    memory : Memory
        The n-grams by number.
    learn : bool
        Whether n-grams that `memory` does not hold are added to it, or left out.
    """

    def __init__(self, ngrams: tuple[int, int], memory: Memory, *, learn: bool) -> None:
        self._shortest, self._longest = ngrams
        self.memory = memory
        self._learn = learn
        self._known = 0
        self._flat, self._ends = np.empty(1 << 16, np.int32), np.zeros(1 << 12, np.int64)
        self._lock = threading.Lock()

    def of(self, forms: Memory, n_forms: int) -> Lists:
        """The n-grams of the forms numbered 0 to `n_forms` - 1."""
        with self._lock:
            if n_forms > self._known:
                self._add(forms, n_forms)
            return Lists(self._flat[: self._ends[n_forms]], self._ends[: n_forms + 1])

    def _add(self, forms: Memory, n_forms: int) -> None:
        sizes = np.diff(forms.places[self._known : n_forms + 1]) + 2
        lengths = np.minimum(sizes, self._longest) - np.minimum(sizes, self._shortest) + 1
        self._reserve(int(self._ends[self._known] + (sizes * lengths).sum()), n_forms + 1)
        word = np.empty(int(sizes.max()), np.uint32)
        while (done := _grams(
            forms.store, forms.places, self._known, n_forms, self._shortest, self._longest, self._learn, word,
            *self.memory.arrays, self._flat, self._ends,
        )) < n_forms:  # fmt: skip
            self._known = done
            self.memory.grow(self._longest)
        self._known = n_forms

    def _reserve(self, n_flat: int, n_ends: int) -> None:
        # The arrays in use elsewhere stay as they are.
        if n_flat > len(self._flat):
            self._flat = np.concatenate([self._flat, np.empty(max(n_flat, len(self._flat)), np.int32)])
        if n_ends > len(self._ends):
            self._ends = np.concatenate([self._ends, np.zeros(max(n_ends, len(self._ends)), np.int64)])


def spread(terms: Terms, lists: Lists, n_grams: int, n_jobs: int | None = None) -> tuple[Longs, Longs]:
    """In how many articles each n-gram occurs, shape (n_grams,); how many each article holds, shape (n_articles,)."""
    sizes = np.zeros(len(terms.places) - 1, np.int64)

    def count(part: tuple[slice, Terms]) -> Longs:
        articles, here = part
        frequency = np.zeros(n_grams, np.int64)
        _spread(here.ids, here.places, *lists, frequency, sizes[articles])
        return frequency

    return sum(in_turn(count, parts_of(terms), n_jobs), np.zeros(n_grams, np.int64)), sizes


def gram_matrix(
    terms: Terms, lists: Lists, n_terms: int,
    *, idf: Floats | None = None, sublinear: bool = False, n_jobs: int | None = None,
) -> csr_matrix:  # fmt: skip
    """Occurrences of each n-gram in each article.

    Parameters
    ----------
    terms : Terms
        The forms of the articles.
    lists : Lists
        The columns of each form's n-grams.
    n_terms : int
        How many columns there are.
    idf : ndarray of shape (n_terms,), optional
        Inverse document frequencies: rows are then TF-IDF weights of length 1.
    sublinear : bool, default=False
        Whether a count c then weighs 1 + ln c.
    n_jobs : int, optional
        Threads; the matrix is the same with any number of them.

    Returns
    -------
    csr_matrix of shape (n_articles, n_terms), float64
        Column numbers ascend in each row.
    """
    indptr = np.concatenate([[0], np.cumsum(spread(terms, lists, n_terms, n_jobs)[1])])
    indices, data = np.empty(int(indptr[-1]), np.int32), np.empty(int(indptr[-1]), np.float64)

    def fill(part: tuple[slice, Terms]) -> None:
        articles, here = part
        _rows(here.ids, here.places, *lists, n_terms, BIT_PLACES, int(indptr[articles.start]), indices, data)
        if idf is not None:
            weigh_rows(indptr[articles.start : articles.stop + 1], indices, data, idf, sublinear)

    for _ in in_turn(fill, parts_of(terms), n_jobs):
        pass
    return sorted_rows(indptr, indices, data, n_terms)


def grouped(terms: Terms, owners: Longs, n_articles: int) -> Terms:
    """The terms of texts that belong to one article put together."""
    if len(owners) == n_articles:
        return terms
    belongs = np.repeat(owners, np.diff(terms.places))
    sizes = np.bincount(belongs, minlength=n_articles)
    order = np.argsort(belongs, kind="stable")
    return Terms(terms.ids[order], terms.sources[:0], np.concatenate([[0], np.cumsum(sizes)]))


def choose(
    terms: Terms, batch: BatchAnalyzer, ngrams: tuple[int, int], *, least: float, most: float, n_jobs: int | None = None
) -> tuple[list[str], Longs, Lists]:
    """The n-grams that between `least` and `most` articles hold, in order of code points: the columns of a vocabulary.

    Returns
    -------
    names : list of str
    frequency : ndarray of shape (n_terms,)
        In how many articles each occurs.
    lists : Lists
        The columns of the n-grams of each form of `terms`.
    """
    memory = Memory()
    lists = FormGrams(ngrams, memory, learn=True).of(batch.form_memory, _n_forms(terms))
    frequency, _ = spread(terms, lists, len(memory), n_jobs)
    chosen = np.flatnonzero((frequency >= max(least, 1)) & (frequency <= most)).astype(np.int32)
    order = memory.in_order(chosen)
    columns = np.full(len(memory), -1, np.int32)
    columns[order] = np.arange(len(order))
    return memory.words(order), frequency[order], lists.renumbered(columns)


def _n_forms(terms: Terms) -> int:
    return int(terms.ids.max(initial=-1)) + 1


@dataclass(frozen=True)
class CharMatrix(TermMatrix):
    """A fitted CharVectorizer without scikit-learn: `TermMatrix` with n-grams for terms.

    Attributes
    ----------
    ngrams : tuple of int
        The shortest and longest n-gram, in code points.
    """

    ngrams: tuple[int, int] = (2, 5)
    _grams: list[tuple[BatchAnalyzer, FormGrams]] = field(default_factory=list, repr=False, compare=False)

    def spelled(self, term: str) -> str:
        """An n-gram as people are shown it: as it is."""
        return term

    def lists(self, terms: Terms, batch: BatchAnalyzer) -> Lists:
        """The columns of the n-grams of each form."""
        if not self._grams or self._grams[0][0] is not batch:
            memory = Memory()
            memory.add(self.terms)
            self._grams[:] = [(batch, FormGrams(self.ngrams, memory, learn=False))]
        return self._grams[0][1].of(batch.form_memory, _n_forms(terms))

    def counts(self, articles: Sequence[Article | str], *, apart: bool = False) -> csr_matrix:
        """Counts of n-grams in articles at hand, shape (n_articles, n_terms); `apart` as in `BatchAnalyzer.read`."""
        return self._matrix(articles, None, apart=apart)

    def rows(self, articles: Sequence[Article | str], *, apart: bool = False) -> csr_matrix:
        """The matrix of articles at hand, shape (n_articles, n_terms)."""
        return self._matrix(articles, self.idf if self.weighting == "tfidf" else None, apart=apart)

    def _matrix(self, articles: Sequence[Article | str], idf: Floats | None, *, apart: bool) -> csr_matrix:
        batch = batch_analyzer(self.analyzer)
        texts, owners = full_texts(articles, self.title_weight)
        terms = grouped(batch.read(texts, apart=apart), owners, len(articles))
        return gram_matrix(terms, self.lists(terms, batch), len(self.terms), idf=idf, sublinear=self.sublinear_tf)
