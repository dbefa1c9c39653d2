"""Many articles to the numbers of their terms: scanned once, each rule asked once a spelling.

Gives what `Analyzer.tokens` gives, as arrays. Words whose neighbours matter (a month in company, a
date, an alias of two words) are found by their spelling's flag and asked one by one, by the same
`Sequences` that the one-article call uses.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from topics.arabic.analyzer import Analyzer
from topics.arabic.forms import Unit, spell
from topics.arabic.memory import Ints, Longs, Memory
from topics.arabic.quick_forms import ASK, DROPPED, QuickForms
from topics.arabic.scan import Scanned, Scanner
from topics.arabic.sequences import ABD, LOOK_BACK, is_soft, merge
from topics.compiled import lent

_SEVERAL = -3  # instead of a form's number: a spelling gives several
# Bits: a rule of sequences may begin at a spelling; one may hold beside it; it gives several forms.
_BEGINS, _COMPANY, _MANY = 1, 2, 4
_SPELLINGS = 2_000_000  # then the memory of spellings starts anew
_REMEMBERED = 300_000  # spellings and forms of a stream without an end; some 450 bytes each
_Merges = tuple[Longs, Ints, Ints, Ints]


class Terms(NamedTuple):
    """The terms of some articles: those of article a are places[a]:places[a + 1] of `ids`."""

    ids: Ints  # numbers of forms, see BatchAnalyzer.forms
    sources: Ints  # numbers of the spellings they came from, see BatchAnalyzer.spelled; empty unless asked for
    places: Longs  # shape (n_articles + 1,)


class _Table:
    """An array that grows at its end."""

    def __init__(self, dtype: type[np.generic] = np.int32) -> None:
        self._data = np.zeros(1 << 12, dtype)
        self._size = 0

    def extend(self, values: Any) -> None:
        need = self._size + len(values)
        if need > len(self._data):
            room = np.zeros(max(need, len(self._data)), self._data.dtype)
            self._data = np.concatenate([self._data, room])
        self._data[self._size : need] = values
        self._size = need

    @property
    def values(self) -> NDArray[Any]:
        return self._data[: self._size]


@lent
def _emit(  # noqa: C901, PLR0912 - each part of a term written down where it is asked for
    ids: Ints, places: Longs, forms: Ints, part_places: Ints, parts: Ints,
    merge_at: Longs, merge_size: Ints, merge_form: Ints, merge_source: Ints, sourced: bool, placed: bool,
    terms: Ints, sources: Ints, firsts: Longs, lasts: Longs, term_places: Longs,
) -> None:  # fmt: skip
    """Words to terms, with the merges put in; the source of each and its first and last word, if asked."""
    out = found = 0
    next_merge = merge_at[0] if len(merge_at) else -1
    for article in range(len(places) - 1):
        word, end = places[article], places[article + 1]
        while word < end:
            if word == next_merge:
                if merge_form[found] >= 0:
                    terms[out] = merge_form[found]
                    if sourced:
                        sources[out] = merge_source[found]
                    if placed:
                        firsts[out], lasts[out] = word, word + merge_size[found] - 1
                    out += 1
                word += merge_size[found]
                found += 1
                next_merge = merge_at[found] if found < len(merge_at) else -1
                continue
            spelling = ids[word]
            form = forms[spelling]
            if form == _SEVERAL:
                for part in range(part_places[spelling], part_places[spelling + 1]):
                    terms[out] = parts[part]
                    if sourced:
                        sources[out] = spelling
                    if placed:
                        firsts[out], lasts[out] = word, word
                    out += 1
            else:
                # Written down before it is known to be a term: a loop without a branch is twice as fast.
                terms[out] = form
                if sourced:
                    sources[out] = spelling
                if placed:
                    firsts[out], lasts[out] = word, word
                out += form >= 0
            word += 1
        term_places[article + 1] = out


class _Words(Sequence[Unit]):
    """The words first..last of a scanned article, counted from the article's own first, as `sequences.merge` asks."""

    def __init__(
        self, unit: Callable[[int], Unit], text: str, scanned: Scanned, article: tuple[int, int], window: slice
    ) -> None:
        self._unit, self._text = unit, text
        begin, end = article
        self._size = end - begin
        self._first = window.start
        here = slice(begin + window.start, begin + window.stop)
        self._ids, self._starts, self._ends = (part[here].tolist() for part in scanned[:3])

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, k: Any) -> Any:
        return self._unit(self._ids[k - self._first])

    def gap(self, k: int) -> str:
        """The text between words k and k + 1."""
        k -= self._first
        return self._text[self._ends[k] : self._starts[k + 1]]

    def spelled(self, first: int, size: int) -> str:
        """Several words as people are shown them."""
        first -= self._first
        return spell_run(self._text[self._starts[first] : self._ends[first + size - 1]])


class BatchAnalyzer:
    """An Analyzer for many articles; remembers spellings and forms from batch to batch.

    Attributes
    ----------
    scanner : Scanner
        The one that finds its words.
    """

    def __init__(self, analyzer: Analyzer, scanner: Scanner | None = None) -> None:
        self._analyzer = analyzer
        self._quick = QuickForms(analyzer.rules, analyzer.sequences.heads() | analyzer.sequences.companions())
        self._forms: list[str] = []
        self._numbers: dict[str, int] = {}
        self._lock = threading.RLock()
        self._begin(scanner or Scanner())

    def _begin(self, scanner: Scanner) -> None:
        self.scanner = scanner
        self._units: dict[int, Unit] = {}
        self._word_forms, self._spelling_forms, self._parts, self._part_places = (_Table() for _ in range(4))
        self._flags = _Table(np.uint8)
        self._part_places.extend([0])
        self._merged: dict[str, int] = {}  # spellings of merges: their sources are below 0

    @property
    def forms(self) -> list[str]:
        """The form that each number stands for, in the order of meeting; numbers never change."""
        if len(self._forms) < len(self._quick.forms):
            self._forms = self._quick.forms.words()
        return self._forms

    @property
    def form_memory(self) -> Memory:
        """The forms as code points, for compiled loops."""
        return self._quick.forms

    def number(self, form: str) -> int:
        """The number of a form, given now if it is new."""
        if form not in self._numbers:
            self._numbers[form] = int(self._quick.forms.add([form])[0])
        return self._numbers[form]

    def numbers(self, forms: Sequence[str]) -> Ints:
        """The numbers of forms, shape (n_forms,)."""
        with self._lock:
            return self._quick.forms.add(forms)

    @property
    def n_spellings(self) -> int:
        """How many spellings are known: sources are below this number."""
        return len(self.scanner)

    @property
    def merged(self) -> list[str]:
        """The spellings of merges met: the k-th has the source -1 - k."""
        return list(self._merged)

    def spelled(self, source: int) -> str:
        """The spelling that a source number of `Terms` stands for, as people are shown it."""
        if source < 0:
            return next(islice(self._merged, -source - 1, None))
        span = self.scanner.spelling(source)
        return spell(span.key) if span.kind in {"arabic", "rial"} else self._unit(source).spelling

    def _unit(self, number: int) -> Unit:
        unit = self._units.get(number)
        if unit is None:
            unit = self._units[number] = self._analyzer.rules.unit(self.scanner.spelling(number))
        return unit

    def read(
        self, texts: Sequence[str], scanned: Scanned | None = None, *, sources: bool = False, apart: bool = False
    ) -> Terms:
        """The terms of every text, with their sources if asked.

        `scanned` spares the scan where this analyzer's scanner has done it. `apart` lets several threads scan at a
        time: each with a scanner of its own, whose spellings are then adopted.
        """
        own = (scanner := Scanner(), scanner.scan(texts)) if apart else None
        with self._lock:
            if scanned is None:
                if len(self.scanner) > _SPELLINGS:
                    self._begin(Scanner())
                scanned = self.scanner.adopt(*own) if own else self.scanner.scan(texts)
            self._learn()
            placed = bool(self._analyzer.phrase_rules)
            terms, firsts, lasts = self._terms(texts, scanned, sourced=sources, placed=placed)
            return self._with_phrases(texts, scanned, terms, firsts, lasts) if placed else terms

    def _learn(self) -> None:
        """Ask the rules about the spellings that are new: the compiled ones, and forms.py about what those leave."""
        first = len(self._flags.values)
        if first == len(self.scanner):
            return
        known = self._known(first)
        sizes = (known >= 0).astype(np.int32)
        flags = np.zeros(len(known), np.uint8)
        sequences = self._analyzer.sequences
        asked = np.flatnonzero(known == ASK)
        answers = [self._unit(first + number) for number in asked.tolist()]
        sizes[asked] = [len(unit.parts) for unit in answers]
        flags[asked] = [_BEGINS * sequences.begins(unit) | _COMPANY * sequences.company(unit) for unit in answers]
        places = np.cumsum(sizes) + self._part_places.values[-1]
        parts = np.empty(int(sizes.sum()), np.int32)
        at = places - self._part_places.values[-1] - sizes
        parts[at[known >= 0]] = known[known >= 0]
        forms = self.numbers([form for unit in answers for _, _, form in unit.parts])
        within = np.concatenate([np.arange(size) for size in sizes[asked]]) if len(asked) else np.zeros(0, np.int64)
        parts[np.repeat(at[asked], sizes[asked]) + within] = forms
        known[asked] = DROPPED
        single = asked[sizes[asked] == 1]
        known[single] = parts[at[single]]
        known[sizes > 1] = _SEVERAL
        flags[sizes > 1] |= np.uint8(_MANY)
        self._flags.extend(flags)
        self._parts.extend(parts)
        self._part_places.extend(places)
        self._spelling_forms.extend(known)

    def _known(self, first: int) -> Ints:
        """The form's number of each spelling from `first` on, as QuickForms gives it."""
        words = self.scanner.words[first:]
        self._word_forms.extend(self._quick.read(self.scanner.spelled.memory, len(self._word_forms.values)))
        known = np.full(len(words), ASK, np.int32)
        arabic = np.flatnonzero(words >= 0)
        known[arabic] = self._word_forms.values[words[arabic]]
        known[self.scanner.stretched[first:]] = ASK  # a clitic with a tatweel behind it is no term
        return known

    def _merges(self, texts: Sequence[str], scanned: Scanned, asked: Longs, *, sourced: bool) -> _Merges:
        """Place, size, form and source of the words that stand together; a rule may begin at the words `asked`."""
        rows: list[tuple[int, int, int, int]] = []
        borders = np.searchsorted(asked, scanned.places)
        sequences = self._analyzer.sequences
        for article in np.flatnonzero(np.diff(borders)).tolist():
            first, end = int(scanned.places[article]), int(scanned.places[article + 1])
            at_words = (asked[borders[article] : borders[article + 1]] - first).tolist()
            window = slice(
                max(at_words[0] - LOOK_BACK, 0), min(at_words[-1] + sequences.reach + LOOK_BACK, end - first)
            )
            words = _Words(self._unit, texts[article], scanned, (first, end), window)
            for at, (size, form) in merge(words, words.gap, sequences, at_words).items():
                number = -1 if form is None else self.number(form)
                source = self._merged_source(words.spelled(at, size)) if sourced else 0
                rows.append((first + at, size, number, source))
        table = np.array(rows, np.int64).reshape(-1, 4)
        return table[:, 0].copy(), *(table[:, k].astype(np.int32) for k in (1, 2, 3))  # type: ignore[return-value]

    def _merged_source(self, spelling: str) -> int:
        return -1 - self._merged.setdefault(spelling, len(self._merged))

    def _terms(
        self, texts: Sequence[str], scanned: Scanned, *, sourced: bool, placed: bool
    ) -> tuple[Terms, Longs, Longs]:
        flags = self._flags.values[scanned.ids]
        marked = np.flatnonzero(flags)
        marks = flags[marked]
        begun = marked[marks & _BEGINS > 0]
        if self._analyzer.sequences.apart:
            before, behind = flags[np.maximum(begun - 1, 0)], flags[np.minimum(begun + 1, len(flags) - 1)]
            begun = begun[(before | behind) & _COMPANY > 0]
        merges = self._merges(texts, scanned, begun, sourced=sourced)
        many = scanned.ids[marked[marks & _MANY > 0]]
        part_places = self._part_places.values
        room = len(scanned.ids) + int((part_places[many + 1] - part_places[many]).sum(dtype=np.int64)) + 1
        ids, sources = np.empty(room, np.int32), np.empty(room if sourced else 0, np.int32)
        firsts, lasts = (np.empty(room if placed else 0, np.int64) for _ in range(2))
        places = np.zeros(len(scanned.places), np.int64)
        _emit(
            scanned.ids, scanned.places, self._spelling_forms.values, part_places, self._parts.values,
            *merges, sourced, placed, ids, sources, firsts, lasts, places,
        )  # fmt: skip
        n_terms = int(places[-1])
        return Terms(ids[:n_terms], sources[:n_terms], places), firsts[:n_terms], lasts[:n_terms]

    def _with_phrases(self, texts: Sequence[str], scanned: Scanned, terms: Terms, firsts: Longs, lasts: Longs) -> Terms:
        at_heads = self._heads(terms.ids)
        forms = self.forms  # of single terms; asking again after each new phrase would list them all each time
        ids, sources = terms.ids.copy(), terms.sources.copy()
        kept = np.ones(len(ids), bool)
        articles = np.searchsorted(terms.places, at_heads, side="right") - 1
        done = 0
        for head, article in zip(at_heads.tolist(), articles.tolist(), strict=True):
            if head < done:
                continue
            end = int(terms.places[article + 1])
            size = self._phrase_size(texts[article], scanned, terms, firsts, lasts, head, end, forms)
            if size == 1:
                continue
            done = head + size
            ids[head] = self.number("_".join(forms[k] for k in terms.ids[head:done]))
            if len(sources):
                spelling = spell_run(texts[article][scanned.starts[firsts[head]] : scanned.ends[lasts[done - 1]]])
                sources[head] = self._merged_source(spelling)
            kept[head + 1 : done] = False
        before = np.concatenate([[0], np.cumsum(kept)])
        return Terms(ids[kept], sources[kept] if len(sources) else sources, before[terms.places])

    def _heads(self, ids: Ints) -> Longs:
        """The places of terms at which a phrase may begin: its first two forms stand there, or a name's عبد."""
        pairs = self._analyzer.phrase_rules.pairs()
        numbers = self.numbers([form for pair in pairs for form in pair]).astype(np.int64).reshape(-1, 2)
        n_forms = len(self._quick.forms)
        two = ids[:-1].astype(np.int64) * n_forms + ids[1:]
        return np.flatnonzero(np.isin(two, numbers @ [n_forms, 1]) | (ids[:-1] == self.number(ABD)))

    def _phrase_size(
        self, text: str, scanned: Scanned, terms: Terms, firsts: Longs, lasts: Longs, head: int, end: int,
        known: Sequence[str],
    ) -> int:  # fmt: skip
        forms = [known[k] for k in terms.ids[head : min(end, head + 16)]]

        def joined(k: int) -> bool:
            last, following = lasts[head + k], firsts[head + k + 1]
            return bool(last + 1 == following) and is_soft(text[scanned.ends[last] : scanned.starts[following]])

        following = firsts[head + 1] if len(forms) > 1 else firsts[head]
        article_next = self._unit(int(scanned.ids[following])).spelling.startswith("ال")
        return self._analyzer.phrase_rules.size(forms, joined, 0, article_next=article_next)


def spell_run(text: str) -> str:
    """Several words as people are shown them: each spelled, one space between."""
    return " ".join(word for piece in text.split() if (word := spell(piece)))


def batch_analyzer(analyzer: Analyzer) -> BatchAnalyzer:
    """The analyzer's own BatchAnalyzer, kept with it so that what one batch taught serves the next."""
    found: BatchAnalyzer = analyzer.derived("batch", lambda: BatchAnalyzer(analyzer))
    return found


def forget_words(analyzer: Analyzer) -> None:
    """Let the analyzer's BatchAnalyzer begin anew once it remembers many words, so that a stream can go on for ever.

    Numbers of forms then begin anew too: only for those who ask `batch_analyzer` for each batch and keep no number.
    """
    batch = batch_analyzer(analyzer)
    if batch.n_spellings + len(batch.form_memory) > _REMEMBERED:
        analyzer.forget("batch")
