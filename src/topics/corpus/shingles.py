"""Which texts say nearly the same: sets of five-word shingles, found by MinHash, verified exactly.

A shingle is five words that stand together, folded, so that a mark, a tatweel or another spelling of
an alef makes no difference; a number counts as itself. MinHash only proposes pairs: whether a pair is
one is decided by the two whole sets. So the result depends on the texts, the threshold and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from topics.arabic.clitics import fold_word
from topics.arabic.forms import ascii_digits, spell, spell_latin
from topics.arabic.scan import Scanner
from topics.arabic.words import Span
from topics.compiled import compiled
from topics.errors import SettingsError

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Floats = NDArray[np.float64]

N_WORDS = 5
_N_SLOTS = 128  # of a MinHash signature
_MISSED = 1e-6  # the most that LSH may miss of pairs that lie exactly at the threshold
_SEED = 42
_BATCH = 1 << 22  # characters scanned at a time: the scan holds twenty bytes for each
_SPELLINGS = 1_000_000  # a batch; then the memory of spellings starts anew

_FIRST = np.uint64(0x9E3779B97F4A7C15)
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)


class Shingles(NamedTuple):
    """The shingles of some texts: those of text k are places[k]:places[k + 1] of `hashes`, sorted, distinct."""

    hashes: Hashes
    places: Longs


class Links(NamedTuple):
    """What was found among texts; every array has shape (n_texts,)."""

    groups: Longs
    """The group of each text, numbered from 0 by first occurrence; a text without a copy is alone in its group."""
    pairs: Longs
    """With how many later texts it makes a pair."""
    across: Longs
    """With how many of these it does so under another label."""
    least: Floats
    """The lowest similarity of these pairs; 1 when there are none."""


def link(texts: Sequence[str], threshold: float = 0.7, *, labels: Sequence[int] | Longs | None = None) -> Links:
    """Every pair of texts whose shingles overlap by the threshold, and the groups that pairs make.

    Parameters
    ----------
    texts : sequence of str
        A text of fewer than five words is one shingle; one without a word has no copy.
    threshold : float
        Lowest Jaccard similarity of a pair, 0.2 to 1.
    labels : sequence of int, optional
        Pairs under two different labels are counted apart; a label below 0 is unknown and differs from none.
    """
    if isinstance(threshold, bool) or not isinstance(threshold, (int, float)) or not 0.2 <= threshold <= 1:
        raise SettingsError(f"threshold is a Jaccard similarity from 0.2 to 1, not {threshold!r}; .7 finds agency copy")
    shingles = shingle_sets(texts)
    n_texts = len(texts)
    named = np.full(n_texts, -1, np.int64) if labels is None else np.asarray(labels, np.int64)
    parents = np.arange(n_texts, dtype=np.int64)
    pairs, across, least = np.zeros(n_texts, np.int64), np.zeros(n_texts, np.int64), np.ones(n_texts)
    told = np.flatnonzero(np.diff(shingles.places))  # those that have a shingle
    if len(told) > 1:
        keys = _band_keys(shingles, told, float(threshold))
        sums = _sums(*shingles)
        for band in range(len(keys)):
            order = np.argsort(keys[band], kind="stable")
            _link_band(band, keys, order, told, *shingles, sums, named, float(threshold), parents, pairs, across, least)
    return Links(_numbered(parents), pairs, across, least)


def shingle_sets(texts: Sequence[str]) -> Shingles:
    """The shingles of each text."""
    parts: list[Hashes] = []
    places = np.zeros(len(texts) + 1, np.int64)
    scanner, numbers, forms = Scanner(), np.zeros(0, np.int64), _Forms()
    for first, last in batches(texts):
        if len(scanner) > _SPELLINGS:
            scanner, numbers = Scanner(), np.zeros(0, np.int64)
        scanned = scanner.scan(texts[first:last])
        new = [forms[form_of(scanner.spelling(k))] for k in range(len(numbers), len(scanner))]
        numbers = np.concatenate([numbers, np.array(new, np.int64)])
        found = np.empty(len(scanned.ids) + last - first, np.uint64)
        ends = np.zeros(last - first + 1, np.int64)
        _shingle(numbers[scanned.ids], scanned.places, found, ends)
        parts.append(found[: ends[-1]].copy())
        places[first + 1 : last + 1] = places[first] + ends[1:]
    return Shingles(np.concatenate([np.zeros(0, np.uint64), *parts]), places)


def batches(texts: Sequence[str], n_characters: int = _BATCH) -> Iterator[tuple[int, int]]:
    """First and last (exclusive) of runs of texts that hold together no more characters than that, or one text."""
    first = held = 0
    for k, text in enumerate(texts):
        if k > first and held + len(text) > n_characters:
            yield first, k
            first, held = k, 0
        held += len(text)
    if first < len(texts):
        yield first, len(texts)


def form_of(span: Span) -> str:
    """A word as two copies of it are compared; digits are ASCII and stay what they are."""
    return _FORM_OF_KIND.get(span.kind, str)(span.key)


def rows_of_band(threshold: float) -> int:
    """Slots in a band: as many as leave at most one pair in a million at the threshold unseen."""
    for rows in range(_N_SLOTS, 1, -1):
        if (1 - threshold**rows) ** (_N_SLOTS // rows) <= _MISSED:
            return rows
    return 1


_FORM_OF_KIND: dict[str, Callable[[str], str]] = {
    "arabic": lambda key: fold_word(spell(key)),
    "latin": spell_latin,
    "number": ascii_digits,
}


class _Forms(dict[str, int]):
    """Form -> number, given when it is first asked for."""

    def __missing__(self, form: str) -> int:
        self[form] = number = len(self)
        return number


def _band_keys(shingles: Shingles, told: Longs, threshold: float) -> Hashes:
    """One key for each band of each text's signature, shape (n_bands, n_told)."""
    from rensa import RMinHash

    rows = rows_of_band(threshold)
    keys = np.empty((_N_SLOTS // rows, len(told)), np.uint64)
    step = 4096  # rensa gives signatures as lists of Python integers
    for first in range(0, len(told), step):
        some = told[first : first + step]
        begin, end = shingles.places[some[0]], shingles.places[some[-1] + 1]
        borders = np.append(shingles.places[some], end) - begin
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(
            shingles.hashes[begin:end], borders.astype(np.uint64), _N_SLOTS, _SEED
        )
        slots = np.array(matrix.to_rows(), np.uint64)
        for band in range(len(keys)):
            keys[band, first : first + step] = _fold_columns(slots[:, band * rows : (band + 1) * rows])
    return keys


def _fold_columns(slots: Hashes) -> Hashes:
    """One hash a row."""
    key = np.full(len(slots), _FIRST, np.uint64)
    for column in slots.T:
        key = (key ^ column) * _MIX_A
        key ^= key >> np.uint64(29)
    return key


def _numbered(parents: Longs) -> Longs:
    """Groups numbered from 0 in the order in which their first text stands."""
    roots = _roots(parents)
    _, first, members = np.unique(roots, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    return rank[members]


@compiled
def _mixed(value: np.uint64) -> np.uint64:
    """The last steps of splitmix64: every bit of the result depends on every bit of the value."""
    value = (value ^ (value >> np.uint64(30))) * _MIX_A
    value = (value ^ (value >> np.uint64(27))) * _MIX_B
    return value ^ (value >> np.uint64(31))


@compiled
def _shingle(words: Longs, places: Longs, hashes: Hashes, ends: Longs) -> None:
    """Sorted distinct hashes of the shingles of each text, one text behind the other."""
    done = 0
    for text in range(len(places) - 1):
        begin, end = places[text], places[text + 1]
        size = min(N_WORDS, end - begin)
        n_shingles = end - begin - size + 1 if size else 0
        for k in range(n_shingles):
            value = _FIRST ^ np.uint64(size)
            for word in range(begin + k, begin + k + size):
                value = _mixed((value ^ np.uint64(words[word])) * _FIRST)
            hashes[done + k] = value
        hashes[done : done + n_shingles].sort()
        kept = 0
        for k in range(n_shingles):
            if k == 0 or hashes[done + k] != hashes[done + kept - 1]:
                hashes[done + kept] = hashes[done + k]
                kept += 1
        done += kept
        ends[text + 1] = done


@compiled
def _sums(hashes: Hashes, places: Longs) -> Hashes:
    """The sum of each set's hashes: equal sets have equal sums."""
    sums = np.zeros(len(places) - 1, np.uint64)
    for text in range(len(sums)):
        for k in range(places[text], places[text + 1]):
            sums[text] += hashes[k]
    return sums


@compiled
def _jaccard(hashes: Hashes, at: int, at_end: int, to: int, to_end: int, threshold: float) -> float:
    """The similarity of two sorted sets; some value below the threshold where that much is certain."""
    n_both = (at_end - at) + (to_end - to)
    wanted = threshold / (1.0 + threshold) * n_both - 1e-6  # common shingles
    common = 0
    while at < at_end and to < to_end:
        if common + min(at_end - at, to_end - to) < wanted:
            return 0.0
        if hashes[at] == hashes[to]:
            common += 1
            at += 1
            to += 1
        elif hashes[at] < hashes[to]:
            at += 1
        else:
            to += 1
    return common / (n_both - common)


@compiled
def _root(parents: Longs, text: int) -> int:
    while parents[text] != text:
        parents[text] = parents[parents[text]]
        text = parents[text]
    return text


@compiled
def _roots(parents: Longs) -> Longs:
    roots = np.empty_like(parents)
    for text in range(len(parents)):
        roots[text] = _root(parents, text)
    return roots


@compiled
def _met_before(keys: Hashes, band: int, a: int, b: int) -> bool:
    """Whether an earlier band has shown the two to each other."""
    for earlier in range(band):  # noqa: SIM110 - numba compiles no generator
        if keys[earlier, a] == keys[earlier, b]:
            return True
    return False


@compiled
def _link_band(
    band: int, keys: Hashes, order: Longs, told: Longs, hashes: Hashes, places: Longs, sums: Hashes, labels: Longs,
    threshold: float, parents: Longs, pairs: Longs, across: Longs, least: Floats,
) -> None:  # fmt: skip
    """Compare all texts that share a key in this band and have not met before."""
    for at in range(len(order)):
        first = order[at]
        for to in range(at + 1, len(order)):
            second = order[to]
            if keys[band, first] != keys[band, second]:
                break
            if _met_before(keys, band, first, second):
                continue
            a, b = told[first], told[second]
            # Equal sets are seen at once, so that a bulletin printed ten thousand times costs no comparison.
            similarity = 1.0
            if sums[a] != sums[b]:
                similarity = _jaccard(hashes, places[a], places[a + 1], places[b], places[b + 1], threshold)
            if similarity < threshold:
                continue
            pairs[a] += 1
            if labels[a] >= 0 and labels[b] >= 0 and labels[a] != labels[b]:
                across[a] += 1
            least[a] = min(least[a], similarity)
            root, other = _root(parents, a), _root(parents, b)
            parents[max(root, other)] = min(root, other)
