"""The compiled rules: spellings to the numbers of their forms, for words that need no special treatment.

The same steps as forms.py and clitics.py, over code points (tests hold them equal on random words and on
every word of the default table). A word that is a month, an alias, a number, Latin, oddly encoded or a head
of a sequence is left to those modules: `ASK`. So is everything for the profile lucene_light10.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from topics.arabic import clitics, letters
from topics.arabic.forms import BARE_CLITICS, Rules, spell
from topics.arabic.memory import FULL, UNKNOWN, Codes, Ints, Longs, Memory, Table, find, remember
from topics.compiled import compiled

ASK = -2  # instead of a form's number: forms.py knows
DROPPED = -1

_LETTERS = 1 << 16  # code points beyond are left to forms.py
_TATWEEL = ord(letters.TATWEEL)
_ALEF, _LAM, _WAW, _FEH, _BEH, _KAF, _TEH = map(ord, "الوفبكت")
# Bits of a special word.
_STOP, _FUNCTION, _PROTECTED, _STRIPPED, _LEXICAL, _BARE, _ASKED = (1 << n for n in range(7))


@cache
def _letter_table() -> Codes:
    """What each code point of a word becomes: a letter, 0 (deleted) or 1 (ask forms.py)."""
    table = np.ones(_LETTERS, np.uint32)
    for first, last in letters.ARABIC_LETTERS:
        for code in range(first, min(last + 1, _LETTERS)):
            char = chr(code)
            if unicodedata.normalize("NFKC", char) == char and len(spelled := spell(char)) == 1:
                table[code] = ord(spelled)
    # Marks that never compose with a letter; hamza above and madda do.
    for first, last in ((0x064B, 0x0652), (0x0670, 0x0670), (_TATWEEL, _TATWEEL), *letters.INVISIBLE):
        table[first : last + 1] = 0
    return table


def _fold_table(names: tuple[str, ...]) -> Codes:
    table = np.arange(_LETTERS, dtype=np.uint32)
    for name in names:
        for letter, to in letters.FOLDS[name].items():
            table[ord(letter)] = ord(to)
    return table


@compiled
def _bits(word: Codes, start: int, end: int, slots: Longs, store: Codes, bits: Table) -> int:
    number = find(word, start, end, slots, store)
    return 0 if number == UNKNOWN else bits[number]


@compiled
def _count(
    word: Codes, start: int, end: int, article: bool, key_folds: Codes, scratch: Codes,
    slots: Longs, store: Codes, counts: Longs,
) -> int:  # fmt: skip
    """The reference count of word[start:end], with the article before it if asked."""
    size = 0
    if article:
        scratch[0], scratch[1] = _ALEF, _LAM
        size = 2
    for k in range(start, end):
        scratch[size] = key_folds[word[k]]
        size += 1
    number = find(scratch, 0, size, slots, store)
    return 0 if number == UNKNOWN else counts[number]


@compiled
def _without_conjunction(
    word: Codes, start: int, end: int, key_folds: Codes, scratch: Codes,
    slots: Longs, store: Codes, counts: Longs, s_slots: Longs, s_store: Codes, s_bits: Table,
) -> int:  # fmt: skip
    """The start of what is left; see clitics._without_conjunction."""
    own = _bits(word, start, end, s_slots, s_store, s_bits)
    rest = start + 1
    if not (word[start] == _WAW or word[start] == _FEH) or own & _LEXICAL:
        return start
    if own & _STRIPPED or _bits(word, rest, end, s_slots, s_store, s_bits) & _FUNCTION:
        return rest
    if end - rest < 3:
        return start
    whole = _count(word, start, end, False, key_folds, scratch, slots, store, counts)
    left = _count(word, rest, end, False, key_folds, scratch, slots, store, counts)
    if word[rest + 1] == _LAM and (word[rest] == _ALEF or word[rest] == _LAM):
        named = end - rest < 4 or (end - rest < 5 and whole > left) or (whole > 0 and left == 0)
        return start if named else rest
    if word[start] == _FEH:
        enough = left > 0 and left >= clitics.FEH_RATIO * whole and (whole > 0 or end - start >= 5)
        return rest if enough else start
    if left > 0 and left >= whole:
        return rest
    return rest if whole == 0 and left == 0 and end - start >= 5 else start


@compiled
def _has_article(
    word: Codes, start: int, end: int, key_folds: Codes, scratch: Codes,
    slots: Longs, store: Codes, counts: Longs, s_slots: Longs, s_store: Codes, s_bits: Table,
) -> bool:  # fmt: skip
    if end - start < 4 or _bits(word, start, end, s_slots, s_store, s_bits) & _PROTECTED:
        return False
    doubled = _count(word, start, end, True, key_folds, scratch, slots, store, counts)
    return doubled <= _count(word, start + 2, end, False, key_folds, scratch, slots, store, counts)


@compiled
def _family(
    word: Codes, start: int, end: int, key_folds: Codes, scratch: Codes, slots: Longs, store: Codes, counts: Longs
) -> int:
    return _count(word, start, end, False, key_folds, scratch, slots, store, counts) + _count(
        word, start, end, True, key_folds, scratch, slots, store, counts
    )


@compiled
def _without_clitics(
    word: Codes, end: int, key_folds: Codes, scratch: Codes,
    slots: Longs, store: Codes, counts: Longs, s_slots: Longs, s_store: Codes, s_bits: Table,
) -> int:  # fmt: skip
    """The start of what is left of word[0:end]; see clitics.strip_clitics."""
    if _bits(word, 0, end, s_slots, s_store, s_bits) & _PROTECTED:
        return 0
    start = _without_conjunction(word, 0, end, key_folds, scratch, slots, store, counts, s_slots, s_store, s_bits)
    if _bits(word, start, end, s_slots, s_store, s_bits) & (_PROTECTED | _FUNCTION):
        return start
    size = end - start
    if size >= 2 and word[start] == _ALEF and word[start + 1] == _LAM:
        article = _has_article(word, start, end, key_folds, scratch, slots, store, counts, s_slots, s_store, s_bits)
        return start + 2 if article else start
    preposition = word[start] == _BEH or word[start] == _KAF
    if size >= 5 and preposition and word[start + 1] == _ALEF and word[start + 2] == _LAM:
        inner = start + 1
        attested = _count(word, inner, end, False, key_folds, scratch, slots, store, counts) + _count(
            word, inner + 2, end, False, key_folds, scratch, slots, store, counts
        )
        if attested >= _count(word, start, end, False, key_folds, scratch, slots, store, counts):
            article = _has_article(word, inner, end, key_folds, scratch, slots, store, counts, s_slots, s_store, s_bits)
            return inner + 2 if article else inner
    if size >= 4 and word[start] == _LAM and word[start + 1] == _LAM:
        with_lam = _family(word, start + 1, end, key_folds, scratch, slots, store, counts)
        with_article = _family(word, start + 2, end, key_folds, scratch, slots, store, counts)
        return start + 1 if with_lam > with_article else start + 2
    rest = start + 1
    if not (preposition or word[start] == _LAM) or end - rest < 3:
        return start
    if _bits(word, rest, end, s_slots, s_store, s_bits) & _FUNCTION:
        return rest
    left = _count(word, rest, end, False, key_folds, scratch, slots, store, counts)
    whole = _count(word, start, end, False, key_folds, scratch, slots, store, counts)
    return rest if left > 0 and left >= 3 * whole else start


@compiled
def _ends_with(word: Codes, start: int, end: int, suffix: Codes, size: int) -> bool:
    if end - start - size < 3:
        return False
    for k in range(size):  # noqa: SIM110 - numba compiles no generators
        if word[end - size + k] != suffix[k]:
            return False
    return True


@compiled
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


@compiled
def _form(
    word: Codes, size: int, stretched: bool, clitic: bool, light: bool, key_folds: Codes, folds: Codes, scratch: Codes,
    possessives: Codes, endings: Codes,
    slots: Longs, store: Codes, counts: Longs, s_slots: Longs, s_store: Codes, s_bits: Table,
) -> tuple[int, int]:  # fmt: skip
    """(start, end) of the form that word[0:size] is folded into; (DROPPED, 0) or (ASK, 0)."""
    own = _bits(word, 0, size, s_slots, s_store, s_bits)
    if own & _ASKED:
        return ASK, 0
    if own & _STOP or (stretched and own & _BARE):
        return DROPPED, 0
    start = 0
    if clitic:
        start = _without_clitics(word, size, key_folds, scratch, slots, store, counts, s_slots, s_store, s_bits)
        own = _bits(word, start, size, s_slots, s_store, s_bits)
        if own & _ASKED:
            return ASK, 0
        if own & _STOP:
            return DROPPED, 0
    for k in range(start, size):
        word[k] = folds[word[k]]
        if k >= start + 2 and word[k] == word[k - 1] and word[k] == word[k - 2]:
            return ASK, 0
    return start, _without_suffixes(word, start, size, possessives, endings) if light else size


@compiled
def _forms(
    spellings: Codes, places: Longs, kinds: Table, first: int, last: int, letter_table: Codes,
    clitic: bool, light: bool, key_folds: Codes, folds: Codes, scratch: Codes, word: Codes,
    possessives: Codes, endings: Codes,
    slots: Longs, store: Codes, counts: Longs, s_slots: Longs, s_store: Codes, s_bits: Table,
    f_slots: Longs, f_places: Longs, f_store: Codes, f_known: Longs, numbers: Ints,
) -> int:  # fmt: skip
    """Forms of the spellings first..last; the one to go on with once the memory of forms has grown, or last."""
    for number in range(first, last):
        numbers[number] = ASK
        begin, end = places[number], places[number + 1]
        if kinds[number] != 0 or end - begin > len(word) - 2:
            continue
        size = 0
        odd = False
        for k in range(begin, end):
            letter = letter_table[spellings[k]] if spellings[k] < _LETTERS else np.uint32(1)
            if letter == 1:
                odd = True
                break
            if letter != 0:
                word[size] = letter
                size += 1
        if odd or size == 0:
            continue
        start, stop = _form(
            word, size, spellings[end - 1] == _TATWEEL, clitic, light, key_folds, folds, scratch, possessives, endings,
            slots, store, counts, s_slots, s_store, s_bits,
        )  # fmt: skip
        if start >= 0:
            numbers[number] = remember(word, start, stop, f_slots, f_places, f_store, f_known)
            if numbers[number] == FULL:
                return number
        else:
            numbers[number] = start
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


def special_words(rules: Rules, heads: frozenset[str]) -> dict[str, int]:
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
    mark(BARE_CLITICS, _BARE)
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

    def __init__(self, rules: Rules, heads: frozenset[str]) -> None:
        self.forms = Memory()
        self._level = rules.level
        self._counts: _Counts = rules.frequencies.derived(_Counts)
        words = special_words(rules, heads)
        self._special = Memory()
        self._bits = np.zeros(len(words), np.uint8)
        self._bits[self._special.add(words)] = list(words.values())
        self._folds = _fold_table(rules.fold)
        self._key_folds = _fold_table(("alef", "maqsura", "teh"))
        self._scratch, self._word = np.zeros(68, np.uint32), np.zeros(64, np.uint32)
        self._possessives, self._endings = _suffixes(clitics.POSSESSIVES), _suffixes(clitics.ENDINGS)

    def read(self, spellings: Memory, kinds: Table, first: int) -> NDArray[np.int32]:
        """The form's number of each spelling from `first` on; DROPPED, or ASK where forms.py must say."""
        last = len(spellings)
        numbers = np.full(last, ASK, np.int32)
        if self._level == "lucene_light10":
            return numbers[first:]
        done = first
        while (done := _forms(
            spellings.store, spellings.places, kinds, done, last, _letter_table(),
            self._level != "none", self._level == "light", self._key_folds, self._folds, self._scratch, self._word,
            self._possessives, self._endings,
            self._counts.memory.slots, self._counts.memory.store, self._counts.counts,
            self._special.slots, self._special.store, self._bits,
            *self.forms.arrays, numbers,
        )) < last:  # fmt: skip
            self.forms.grow(64)
        return numbers[first:]
