"""From a span to its form: a pure function of the span's characters, worked out once per spelling.

The steps, in this order: compatibility spelling (NFKC); marks, tatweel and invisible characters out;
one letter for each sound; stop words; clitics; stop words again; aliases; folds; elongation; suffixes.
Stop words are tested before folding, or على "on" and علي "Ali" would be one word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from topics.arabic import letters, light10
from topics.arabic.clitics import fold_word, strip_clitics, strip_suffixes
from topics.arabic.words import Span

NUMBER, DATE, URL, EMAIL, USER = "<NUM>", "<DATE>", "<URL>", "<EMAIL>", "<USER>"
_PLACEHOLDERS = {"url": URL, "email": EMAIL, "user": USER}

_NO_LETTER = f"[{letters.char_class(letters.marks(), letters.INVISIBLE, letters.PREPENDED, letters.TATWEEL + ' ')}]"
_NOT_LETTERS = re.compile(f"{_NO_LETTER}+")
_NOT_LATIN = re.compile(f"(?:(?![\u0300-\u036f]){_NO_LETTER})+")  # the accents of Latin letters stay
_LETTER_MAP = str.maketrans(letters.LETTER_MAP)
_ASCII_DIGITS = {first + n: str(n) for first, _ in letters.DIGITS for n in range(10)}
_RUN = re.compile(r"(.)\1{2,}")
# A clitic written with a tatweel behind it: الـ, سيـ, والـ.
BARE_CLITICS = frozenset(
    conjunction + rest
    for conjunction in ("", "و", "ف")
    for rest in ("", "ب", "ك", "ل", "س", "ال", "بال", "كال", "لل", "سي", "سن", "ست", "سا", "سأ")
    if conjunction + rest
)
YEARS = range(1900, 2101)
HIJRI_YEARS = range(1300, 1501)


class Counts(Protocol):
    """Reference counts as the rules ask them; `Frequencies` in analyzer.py."""

    def get(self, word: str, default: Any = None, /) -> Any:
        """How often a folded word occurs."""

    def derived(self, make: Callable[[Mapping[str, int]], Any]) -> Any:
        """What `make` makes of all counts, worked out once."""


class Unit(NamedTuple):
    """What a spelling is: the terms it gives, and what its neighbours may make of it (sequences.py)."""

    parts: tuple[tuple[int, int, str], ...]  # (start, end, form) in the span; () when dropped
    spelling: str  # as people are shown it: no marks, no tatweel, not folded
    number: int | None = None  # the value of a plain number
    date: bool = False  # a numeric date, such as 15/09/2025


def spell(word: str) -> str:
    """An Arabic word without marks, tatweel and invisible characters, one letter for each sound; not folded."""
    composed = unicodedata.normalize("NFKC", word)
    return _NOT_LETTERS.sub("", composed).translate(_LETTER_MAP)


def spell_latin(word: str) -> str:
    """A Latin word in lower case, composed, without invisible characters."""
    lower = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).lower())
    # Composed again: what was taken out may have stood between a letter and its accent.
    return unicodedata.normalize("NFKC", _NOT_LATIN.sub("", lower))


def ascii_digits(text: str) -> str:
    """A number with ASCII digits and without marks and invisible characters."""
    return _NOT_LETTERS.sub("", text).translate(_ASCII_DIGITS)


@dataclass(frozen=True)
class Rules:
    """The rules that an Analyzer's parameters stand for; frozen, so that what was remembered stays right."""

    level: str
    fold: tuple[str, ...]
    stop_words: frozenset[str]
    function_words: frozenset[str]
    keep: frozenset[str]
    months: bool
    aliases: Mapping[str, str]
    elongation: bool
    frequencies: Counts = field(repr=False)

    @cached_property
    def _folds(self) -> dict[int, str]:
        return str.maketrans({letter: to for name in self.fold for letter, to in letters.FOLDS[name].items()})

    def count(self, folded: str) -> int:
        """How often the reference text holds a folded word."""
        return int(self.frequencies.get(folded, 0))

    def unit(self, span: Span) -> Unit:
        """What a span gives."""
        if span.kind in {"arabic", "rial"}:
            return self._arabic(span)
        if span.kind == "latin":
            form = spell_latin(span.key)
            return self._whole(span, form if "latin" in self.keep and form not in self.stop_words else None, form)
        if span.kind == "number":
            return self._number(span)
        return self._whole(span, _PLACEHOLDERS[span.kind] if span.kind in self.keep else None, span.key)

    @staticmethod
    def _whole(span: Span, form: str | None, spelling: str) -> Unit:
        return Unit(((0, span.end - span.start, form),) if form else (), spelling)

    def _arabic(self, span: Span) -> Unit:
        spelling = spell(span.key)
        if span.key.endswith(letters.TATWEEL) and spelling in BARE_CLITICS:
            return Unit((), spelling)
        return self._whole(span, self.form(spelling), spelling)

    def form(self, spelling: str) -> str | None:
        """The form of an Arabic word from its spelling; None for a stop word."""
        if spelling in self.stop_words:
            return None
        if self.level == "lucene_light10":
            return light10.stem(light10.normalize(spelling)) or None
        if self.months and spelling in letters.MONTHS:
            return f"M{letters.MONTHS[spelling]:02d}"
        if self.level != "none":
            spelling = strip_clitics(spelling, self.count, self.function_words)
            if spelling in self.stop_words:
                return None
            if self.months and spelling in letters.MONTHS:
                return f"M{letters.MONTHS[spelling]:02d}"
        return self.keyed(self.aliases.get(spelling, spelling))

    def keyed(self, spelling: str) -> str:
        """The key of a word that no rule takes anything off: folded, not stretched, without suffixes at level light."""
        form = spelling.translate(self._folds)
        if self.elongation:
            form = self._shortened(form)
        return strip_suffixes(form) if self.level == "light" else form

    def _shortened(self, form: str) -> str:
        short = _RUN.sub(r"\1", form)
        return short if short != form and self.count(fold_word(short)) else form

    def _number(self, span: Span) -> Unit:
        digits = ascii_digits(span.key)
        if self.level == "lucene_light10":
            return self._whole(span, digits, digits)
        if digits.isdigit():
            # A number of many digits is an identifier; int() refuses strings over 4,300 digits.
            value = int(digits) if len(digits) <= 9 else None
            return self._whole(span, self._number_form(digits), digits)._replace(number=value)
        numbers = [int(part) for part in re.split(r"[/.]", digits) if part.isdigit() and len(part) <= 4]
        date = is_numeric_date(digits)
        if date and "date" in self.keep:
            return Unit(((0, span.end - span.start, DATE),), digits, date=True)
        if date or ("/" in digits and any(number in YEARS for number in numbers)):
            pieces = re.finditer(rf"[^{re.escape(letters.SEPARATORS + letters.PERCENT)}]+", span.key)
            parts = [
                (hit.start(), hit.end(), self._number_form(ascii_digits(hit[0])))
                for hit in pieces
                if ascii_digits(hit[0])
            ]
            return Unit(tuple((start, end, form) for start, end, form in parts if form), digits, date=date)
        return self._whole(span, self._number_form(""), digits)

    def _number_form(self, digits: str) -> str | None:
        if "year" in self.keep and len(digits) == 4 and int(digits) in YEARS:
            return digits
        return NUMBER if "number" in self.keep else None


def is_numeric_date(digits: str) -> bool:
    """Whether 15/09/2025, 2025/09/15, 15.9.25 and the like name a day, Gregorian or Hijri."""
    parts = re.split(r"[/.]", digits)
    if (
        len(parts) != 3
        or not all(part.isdigit() and len(part) <= 4 for part in parts)
        or len(set(digits) & {"/", "."}) > 1
    ):
        return False
    first, month, last = map(int, parts)
    if not 1 <= month <= 12 or len(parts[1]) > 2:
        return False
    if len(parts[0]) == 4:
        return (first in YEARS or first in HIJRI_YEARS) and 1 <= last <= 31 and len(parts[2]) <= 2
    if len(parts[2]) == 4:
        return (last in YEARS or last in HIJRI_YEARS) and 1 <= first <= 31 and len(parts[0]) <= 2
    return "/" in digits and 1 <= first <= 31 and len(parts[2]) == 2
