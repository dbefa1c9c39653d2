"""The compiled rules: spellings to the numbers of their forms, for words that need no special treatment.

The same steps as forms.py and clitics.py, over code points (tests hold them equal on random words and on
every word of the default table). A word that is a month, an alias, very long or a head of a sequence is left to
those modules: `ASK`. So is everything for the profile lucene_light10.

What the rules ask of the tables is looked up first, for each place where a clitic may end; they then compare a few
integers. numba counts references to every array that a call hands over, which costs more than the look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from topics.arabic import clitics, letters
from topics.arabic.forms import Rules
from topics.arabic.memory import FULL, UNKNOWN, Codes, Ints, Longs, Memory, Table, find, remember
from topics.arabic.spelled import LONGEST
from topics.compiled import inlined, lent

ASK = -2  # instead of a form's number: forms.py knows
DROPPED = -1

_LETTERS = 1 << 16  # code points beyond are left to forms.py
_ALEF, _LAM, _WAW, _FEH, _BEH, _KAF, _TEH = map(ord, "الوفبكت")
_HAMZA_ABOVE, _HAMZA_BELOW, _MADDA = map(ord, clitics.HAMZA_ALEFS)
# Bits of a special word.
_STOP, _FUNCTION, _PROTECTED, _STRIPPED, _LEXICAL, _ASKED = (1 << n for n in range(6))
_DEEPEST = 4  # letters: a conjunction, a preposition and the article


def _fold_table(names: tuple[str, ...]) -> Codes:
    table = np.arange(_LETTERS, dtype=np.uint32)
    for name in names:
        for letter, to in letters.FOLDS[name].items():
            table[ord(letter)] = ord(to)
    return table


@inlined
def _depth(word: Codes, begin: int, end: int) -> int:
    """How many letters from the first on may be clitics."""
    at = begin
    stop = min(end - 1, begin + _DEEPEST)
    while at < stop and (
        word[at] == _ALEF or word[at] == _LAM or word[at] == _WAW
        or word[at] == _FEH or word[at] == _BEH or word[at] == _KAF
    ):  # fmt: skip
        at += 1
    return at - begin


@inlined
def _look_up(
    size: int, depth: int, folded: Codes, slots: Longs, places: Longs, store: Codes, counts: Longs,
    wholes: Longs, doubled: Longs,
) -> None:  # fmt: skip
    """The reference counts of folded[2:2 + size] from each of its first letters on, and those of ال before it."""
    for start in range(depth + 1):
        number = find(folded, 2 + start, 2 + size, slots, places, store)
        wholes[start] = 0 if number == UNKNOWN else counts[number]
        one, two = folded[start], folded[start + 1]
        folded[start], folded[start + 1] = _ALEF, _LAM
        number = find(folded, start, 2 + size, slots, places, store)
        doubled[start] = 0 if number == UNKNOWN else counts[number]
        folded[start], folded[start + 1] = one, two


@inlined
def _without_conjunction(word: Codes, begin: int, size: int, own: Longs, counts: Longs) -> int:
    """The start of what is left, 0 or 1; see clitics._without_conjunction."""
    rest = size - 1
    if not (word[begin] == _WAW or word[begin] == _FEH) or own[0] & _LEXICAL:
        return 0
    if own[0] & _STRIPPED or own[1] & _FUNCTION:
        return 1
    if rest < 3:
        return 0
    second = word[begin + 1]
    if word[begin] == _WAW and (second in (_HAMZA_ABOVE, _HAMZA_BELOW, _MADDA)):
        return 1
    whole, left = counts[0], counts[1]
    if word[begin + 2] == _LAM and second in (_ALEF, _LAM):
        named = rest < 4 or (rest < 5 and whole > left) or (whole > 0 and left == 0)
        return 0 if named else 1
    if word[begin] == _FEH:
        enough = left > 0 and left >= clitics.FEH_RATIO * whole and (whole > 0 or size >= 5)
        return 1 if enough else 0
    if left > 0 and left >= whole:
        return 1
    return 1 if whole == 0 and left == 0 and size >= 5 else 0


@inlined
def _has_article(start: int, size: int, own: Longs, counts: Longs, doubled: Longs) -> bool:
    """Whether the ال at `start` is an article; see clitics._has_article."""
    return size - start >= 4 and not own[start] & _PROTECTED and doubled[start] <= counts[start + 2]


@lent
def _without_clitics(word: Codes, begin: int, size: int, own: Longs, counts: Longs, doubled: Longs) -> int:
    """The start of what is left of word[begin:begin + size]; see clitics.strip_clitics."""
    if own[0] & _PROTECTED:
        return 0
    start = _without_conjunction(word, begin, size, own, counts)
    if own[start] & (_PROTECTED | _FUNCTION):
        return start
    rest = size - start
    first, second = word[begin + start], word[begin + start + 1] if rest > 1 else np.uint32(0)
    if rest >= 2 and first == _ALEF and second == _LAM:
        return start + 2 if _has_article(start, size, own, counts, doubled) else start
    preposition = first in (_BEH, _KAF)
    if rest >= 5 and preposition and second == _ALEF and word[begin + start + 2] == _LAM:
        inner = start + 1
        if counts[inner] + counts[inner + 2] >= counts[start]:
            return inner + 2 if _has_article(inner, size, own, counts, doubled) else inner
    if rest >= 4 and first == _LAM and second == _LAM:
        with_lam, with_article = counts[start + 1] + doubled[start + 1], counts[start + 2] + doubled[start + 2]
        return start + 1 if with_lam > with_article else start + 2
    if not (preposition or first == _LAM) or rest - 1 < 3:
        return start
    if own[start + 1] & _FUNCTION:
        return start + 1
    left = counts[start + 1]
    return start + 1 if left > 0 and left >= 3 * counts[start] else start


@lent
def _ends_with(word: Codes, start: int, end: int, suffix: Codes, size: int) -> bool:
    if end - start - size < 3:
        return False
    for k in range(size):  # noqa: SIM110 - numba compiles no generators
        if word[end - size + k] != suffix[k]:
            return False
    return True


@lent
def _without_suffixes(word: Codes, start: int, end: int, possessives: Codes, endings: Codes) -> int:
    """The end of what is left; see clitics.strip_suffixes. Rows of suffixes: length, then letters."""
    for row in possessives:
        if _ends_with(word, start, end, row[1:], row[0]):
            end -= row[0]
            break
    if end - start > 4 and word[end - 1] == _TEH and word[end - 2] != _ALEF:
        end -= 1
    for row in endings:
        if _ends_with(word, start, end, row[1:], row[0]):
            end -= row[0]
    return end


@inlined
def _specials(
    words: Codes, begin: int, end: int, depth: int, slots: Longs, places: Longs, store: Codes, bits: Table, own: Longs
) -> None:
    """The bits of words[begin:end] from each of its first letters on."""
    for start in range(depth + 1):
        number = find(words, begin + start, end, slots, places, store)
        own[start] = 0 if number == UNKNOWN else bits[number]


@inlined
def _fold(words: Codes, begin: int, start: int, size: int, folds: Codes, folded: Codes) -> bool:
    """Write the form of words[begin:begin + size] from `start` on; False where a letter stands there three times."""
    plain = True
    for k in range(start, size):
        folded[k] = folds[words[begin + k]]
        plain &= not (k >= start + 2 and folded[k] == folded[k - 1] and folded[k] == folded[k - 2])
    return plain


@inlined
def _is_odd(words: Codes, begin: int, end: int) -> bool:
    odd = end == begin or end - begin > LONGEST
    for k in range(begin, end):
        odd |= words[k] >= _LETTERS
    return odd


@lent
def _forms(
    words: Codes, borders: Longs, first: int, last: int,
    clitic: bool, light: bool, key_folds: Codes, folds: Codes, folded: Codes,
    own: Longs, wholes: Longs, doubled: Longs, possessives: Codes, endings: Codes,
    slots: Longs, places: Longs, store: Codes, counts: Longs,
    s_slots: Longs, s_places: Longs, s_store: Codes, s_bits: Table,
    f_slots: Longs, f_places: Longs, f_store: Codes, f_known: Longs, numbers: Ints,
) -> int:  # fmt: skip
    """Forms of the words first..last; the one to go on with once the memory of forms has grown, or last."""
    for number in range(first, last):
        numbers[number] = ASK
        begin, end = borders[number], borders[number + 1]
        if _is_odd(words, begin, end):
            continue
        size = end - begin
        depth = _depth(words, begin, end) if clitic else 0
        _specials(words, begin, end, depth, s_slots, s_places, s_store, s_bits, own)
        start = 0
        if depth > 0 and not own[0] & (_ASKED | _STOP):
            for k in range(size):
                folded[2 + k] = key_folds[words[begin + k]]
            _look_up(size, depth, folded, slots, places, store, counts, wholes, doubled)
            start = _without_clitics(words, begin, size, own, wholes, doubled)
        if own[start] & _ASKED:
            continue
        if own[start] & _STOP:
            numbers[number] = DROPPED
        elif _fold(words, begin, start, size, folds, folded):
            stop = _without_suffixes(folded, start, size, possessives, endings) if light else size
            numbers[number] = remember(folded, start, stop, f_slots, f_places, f_store, f_known)
            if numbers[number] == FULL:
                return number
    return last


class _Counts:
    """Reference counts as a memory."""

    def __init__(self, frequencies: Mapping[str, int]) -> None:
        self.memory = Memory()
        numbers = self.memory.add(frequencies)
        self.counts = np.zeros(len(self.memory), np.int64)
        self.counts[numbers] = list(frequencies.values())


def _suffixes(suffixes: tuple[str, ...]) -> Codes:
    rows = np.zeros((len(suffixes), 4), np.uint32)
    for row, suffix in zip(rows, suffixes, strict=True):
        row[0] = len(suffix)
        row[1 : len(suffix) + 1] = [ord(char) for char in suffix]
    return rows


def special_words(rules: Rules, heads: Iterable[str]) -> dict[str, int]:
    """The words that a rule names, with the bits that say which."""
    words: dict[str, int] = {}

    def mark(names: object, bit: int) -> None:
        for name in names:  # type: ignore[attr-defined]
            words[name] = words.get(name, 0) | bit

    mark(rules.stop_words, _STOP)
    mark(rules.function_words, _FUNCTION)
    mark((*clitics.PROTECTED, *clitics.form_eight()), _PROTECTED)
    mark(clitics.ALWAYS_STRIPPED, _STRIPPED)
    mark(clitics.LEXICAL, _LEXICAL)
    mark((*letters.MONTHS, *rules.aliases, *heads), _ASKED)
    if rules.level != "none":
        mark(
            (prefix + word for word in (*heads, *clitics.GOD, *clitics.GOD.values()) for prefix in ("", *"وفبل")),
            _ASKED,
        )
    return words


class QuickForms:
    """The compiled rules of one Analyzer.

    Attributes
    ----------
    forms : Memory
        Forms by number; numbers that other rules give are added to it.
    """

    def __init__(self, rules: Rules, heads: Iterable[str]) -> None:
        self.forms = Memory()
        self._level = rules.level
        self._counts: _Counts = rules.frequencies.derived(_Counts)
        words = special_words(rules, heads)
        self._special = Memory()
        self._bits = np.zeros(len(words), np.uint8)
        self._bits[self._special.add(words)] = list(words.values())
        self._folds = _fold_table(rules.fold)
        self._key_folds = _fold_table(("alef", "maqsura", "teh"))
        self._folded = np.zeros(LONGEST + 2, np.uint32)
        self._own, self._wholes, self._doubled = (np.zeros(_DEEPEST + 1, np.int64) for _ in range(3))
        self._possessives, self._endings = _suffixes(clitics.POSSESSIVES), _suffixes(clitics.ENDINGS)

    def read(self, words: Memory, first: int) -> NDArray[np.int32]:
        """The form's number of each spelling from `first` on; DROPPED, or ASK where forms.py must say."""
        last = len(words)
        numbers = np.full(last, ASK, np.int32)
        if self._level == "lucene_light10":
            return numbers[first:]
        table, special = self._counts.memory, self._special
        done = first
        while (done := _forms(
            words.store, words.places, done, last,
            self._level != "none", self._level == "light", self._key_folds, self._folds, self._folded,
            self._own, self._wholes, self._doubled, self._possessives, self._endings,
            table.slots, table.places, table.store, self._counts.counts,
            special.slots, special.places, special.store, self._bits,
            *self.forms.arrays, numbers,
        )) < last:  # fmt: skip
            self.forms.grow(LONGEST)
        return numbers[first:]
