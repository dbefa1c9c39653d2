"""What a word becomes by its neighbours: dates, months, spelled-out aliases, era signs, phrases.

Each rule is asked at one unit and looks at most `LOOK_BACK` units back and `reach` ahead, over gaps that
hold white space on one line only. So one article, a window of it, and a batch of scanned articles give
the same answer from the same code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from topics.arabic import letters
from topics.arabic.forms import DATE, HIJRI_YEARS, YEARS, Rules, Unit
from topics.arabic.letters import char_class

_SOFT_CHARS = char_class(letters.INVISIBLE, letters.TATWEEL) + r" \t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
# Possessive: what was taken is not given back, or a gap of n spaces that fits nowhere would take n * n steps.
_SOFT = re.compile(f"[{_SOFT_CHARS}]*+")
_SLASH = re.compile(f"[{_SOFT_CHARS}]*+[/(][{_SOFT_CHARS}]*+")
_HYPHEN = re.compile(f"[{_SOFT_CHARS}]*+[{letters.HYPHENS}]?[{_SOFT_CHARS}]*+")
_LIST = re.compile(f"[{_SOFT_CHARS}]*+[/،,\\-(]?[{_SOFT_CHARS}]*+")
_CLOSING = re.compile(f"\\)?{_LIST.pattern}")
_OF = frozenset({"من"})
_YEAR_WORD = frozenset({"سنة", "عام", "لسنة", "لعام"})
LOOK_BACK = 2  # units: a month of two words before an ambiguous one
_DATE_REACH = 14  # units: "1 من شهر كانون الثاني (يناير) من سنة 2025 م" is the longest date
_MONTH_REACH = 3  # a month of two words, and what stands behind it


class Merge(NamedTuple):
    """Units from `first` that stand together as one form; None drops them."""

    size: int
    form: str | None


@dataclass(frozen=True)
class Sequences:
    """The rules of one Analyzer that need neighbours."""

    rules: Rules
    compounds: Mapping[tuple[str, ...], str]  # spellings of several units -> the alias they share

    @cached_property
    def _heads(self) -> frozenset[str]:
        """Spellings at which a month, date or compound may begin."""
        if self.rules.level == "lucene_light10":
            return frozenset()
        heads = {words[0] for words in self.compounds}
        if self.rules.months:
            heads |= set(letters.MONTHS_IN_COMPANY) | {words[0] for words in letters.MONTHS_OF_TWO_WORDS}
        if self._dates:
            heads |= (
                set(letters.MONTHS)
                | set(letters.HIJRI_MONTHS)
                | letters.FIRST_OF_MONTH
                | set(letters.MONTHS_IN_COMPANY)
            )
            heads |= {words[0] for words in (*letters.HIJRI_MONTHS_OF_TWO_WORDS, *letters.MONTHS_OF_TWO_WORDS)}
        return frozenset(heads)

    def heads(self) -> frozenset[str]:
        """Every spelling at which a rule may begin, before one letter of conjunction or preposition is thought away."""
        return self._heads | self._signs

    @cached_property
    def compounds_by_head(self) -> dict[str, list[tuple[tuple[str, ...], str]]]:
        """The aliases of several words by their first, longest first."""
        found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for words in sorted(self.compounds, key=lambda words: (-len(words), words)):
            found.setdefault(words[0], []).append((words, self.compounds[words]))
        return found

    @cached_property
    def reach(self) -> int:
        """How many units from the one it is asked at a rule may look at."""
        longest = max(map(len, self.compounds), default=1)
        return _DATE_REACH if self._dates else max(_MONTH_REACH, longest + 1)

    @cached_property
    def _signs(self) -> frozenset[str]:
        return frozenset(
            () if self.rules.level == "lucene_light10" else (sign for sign in letters.ERA_SIGNS if len(sign) == 1)
        )

    @property
    def _dates(self) -> bool:
        return "date" in self.rules.keep and self.rules.level != "lucene_light10"

    def begins(self, unit: Unit) -> bool:
        """Whether a rule may begin at a unit, whatever stands around it."""
        if self._dates and (unit.number is not None or unit.date):
            return True
        spelling = unit.spelling
        return spelling in self._heads or spelling in self._signs or self._bare(spelling) in self._heads

    @cached_property
    def _companions(self) -> frozenset[str]:
        two_words = (*letters.MONTHS_OF_TWO_WORDS, *self.compounds)
        inner = {word for words in two_words for word in words}
        return frozenset({*inner, *letters.MONTHS, *letters.MONTH_WORD, *letters.FIRST_OF_MONTH})

    def companions(self) -> frozenset[str]:
        """Spellings beside which a rule may hold, before one letter is thought away as in `heads`."""
        return frozenset() if self.rules.level == "lucene_light10" else self._companions

    def company(self, unit: Unit) -> bool:
        """Whether a rule may hold at a neighbour of this unit; where neither neighbour is company, none does.

        A date is the exception: it may be one unit. Where dates are kept every unit is company.
        """
        if self._dates or unit.number is not None:
            return True
        return unit.spelling in self._companions or self._bare(unit.spelling) in self._companions

    @property
    def apart(self) -> bool:
        """Whether `company` rules anything out."""
        return not self._dates

    def _bare(self, spelling: str) -> str:
        """The spelling without one letter that may be a conjunction or preposition, where the level takes those off."""
        return spelling[1:] if self.rules.level != "none" and spelling[:1] in "وفبل" else spelling

    def at(self, units: Sequence[Unit], gap: Callable[[int], str], i: int) -> Merge | None:
        """What begins at unit `i`; `gap(k)` is the text between units k and k + 1."""
        found = _Reader(units, gap, i, self)
        return (self._dates and found.date()) or found.compound() or found.month() or found.era() or None


class _Reader:
    """The neighbourhood of one unit."""

    def __init__(self, units: Sequence[Unit], gap: Callable[[int], str], i: int, rules: Sequences) -> None:
        self.units, self.gap, self.i, self.rules = units, gap, i, rules
        self.size = len(units)

    def _spelling(self, k: int) -> str:
        return self.units[k].spelling if 0 <= k < self.size else ""

    def _number(self, k: int) -> int | None:
        return self.units[k].number if 0 <= k < self.size else None

    def _joined(self, k: int, gap: re.Pattern[str] = _SOFT) -> bool:
        """Whether units k and k + 1 both exist with nothing but `gap` between them."""
        if k < 0 or k + 1 >= self.size:
            return False
        between = self.gap(k)
        return between == " " or gap.fullmatch(between) is not None

    def _month_at(self, k: int, *, hijri: bool = False, company: bool = True) -> tuple[int, int] | None:
        """(units, number) of the month name at unit k."""
        for first in (self._spelling(k), self.rules._bare(self._spelling(k))):  # noqa: SLF001 - one mechanism, two classes
            pair = (first, self._spelling(k + 1)) if self._joined(k) else ("", "")
            for table in (letters.MONTHS_OF_TWO_WORDS, letters.HIJRI_MONTHS_OF_TWO_WORDS)[: 1 + hijri]:
                if pair in table:
                    return 2, table[pair]
            for names in (letters.MONTHS, *(letters.MONTHS_IN_COMPANY,) * company, *(letters.HIJRI_MONTHS,) * hijri):
                if first in names:
                    return 1, names[first]
        return None

    def month(self) -> Merge | None:
        if not self.rules.rules.months or not (found := self._month_at(self.i)):
            return None
        size, number = found
        form = f"M{number:02d}"
        if size == 2 or self._in_company(self.i):
            return Merge(size, form)
        return None

    def _in_company(self, k: int) -> bool:
        """A day, year or another month beside it, or شهر before it."""
        before, after = self._joined(k - 1, _LIST), self._joined(k, _LIST)
        if self._joined(k - 1) and (self._number(k - 1) is not None or self._spelling(k - 1) in letters.MONTH_WORD):
            return True
        if self._joined(k) and (self._number(k + 1) in YEARS or self._is_day(k + 1)):
            return True
        if before and (self._month_at(k - 1, company=False) or self._spelling(k - 1) in letters.FIRST_OF_MONTH):
            return True
        two_before = (self._spelling(k - 2), self._spelling(k - 1))
        if before and two_before in letters.MONTHS_OF_TWO_WORDS:
            return True
        return after and self._month_at(k + 1, company=False) is not None

    def _is_day(self, k: int) -> bool:
        number = self._number(k)
        return number is not None and 1 <= number <= 31

    def era(self) -> Merge | None:
        """هـ and م after a year belong to it and are no word."""
        year = self._number(self.i - 1)
        calendar = letters.ERA_SIGNS.get(self._spelling(self.i))
        if year is None or len(self._spelling(self.i)) != 1 or not self._joined(self.i - 1):
            return None
        in_range = year in YEARS if calendar == "gregorian" else calendar == "hijri" and year in HIJRI_YEARS
        return Merge(1, None) if in_range else None

    def compound(self) -> Merge | None:
        first = self._spelling(self.i)
        by_head = self.rules.compounds_by_head
        heads = {first, self.rules._bare(first), first.removeprefix("ال")}  # noqa: SLF001
        for words, alias in (found for head in heads for found in by_head.get(head, ())):
            rest = range(1, len(words))
            if all(self._joined(self.i + k - 1, _HYPHEN) and self._spelling(self.i + k) == words[k] for k in rest):
                return Merge(len(words), alias)
        return None

    def date(self) -> Merge | None:
        """A date that begins here: 15/09/2025, 15-9-2025, 15 شتنبر 2025, فاتح ماي, شتنبر 2025, 15 رمضان 1446 هـ."""
        i = self.i
        if self.units[i].date:
            return self._close(i + 1)
        if end := self._hyphenated(i):
            return self._close(end)
        k = i
        if self._is_day(i) or self._spelling(i) in letters.FIRST_OF_MONTH:
            k = self._skip(i + 1, _OF, letters.MONTH_WORD)
            if not self._joined(k - 1):
                return None
        if not (found := self._month_at(k, hijri=True)):
            return None
        end = k + found[0]
        if self._joined(end - 1, _SLASH) and not self._joined(end - 1) and (second := self._month_at(end, hijri=True)):
            end += second[0]
        with_year = self._year(end)
        if with_year is None:
            return Merge(end - i, DATE) if k > i else None
        return self._close(with_year)

    def _hyphenated(self, i: int) -> int | None:
        numbers = [self._number(k) for k in (i, i + 1, i + 2)]
        if any(number is None for number in numbers) or not all(self._strictly_hyphen(k) for k in (i, i + 1)):
            return None
        first, month, last = (number or 0 for number in numbers)
        known = [*YEARS, *HIJRI_YEARS]
        ordered = (first in known and 1 <= last <= 31) or (last in known and 1 <= first <= 31)
        return i + 3 if ordered and 1 <= month <= 12 else None

    def _strictly_hyphen(self, k: int) -> bool:
        return self._joined(k, _HYPHEN) and not self._joined(k)

    def _skip(self, k: int, *words: frozenset[str]) -> int:
        """The first unit from k on that is none of the optional words, in their order."""
        for optional in words:
            if self._spelling(k) in optional and self._joined(k - 1):
                k += 1
        return k

    def _year(self, k: int) -> int | None:
        """The unit after the year that stands at k, behind an optional من and سنة; None where none does."""
        at = self._skip(k, _OF, _YEAR_WORD)
        year = self._number(at)
        soft = self._joined(at - 1, _CLOSING) if at == k else self._joined(at - 1)
        return at + 1 if soft and year is not None and (year in YEARS or year in HIJRI_YEARS) else None

    def _close(self, end: int) -> Merge:
        """The date up to `end`, with the era sign behind it."""
        if self._spelling(end) in letters.ERA_SIGNS and self._joined(end - 1):
            end += 1
        return Merge(end - self.i, DATE)


def merge(
    units: Sequence[Unit], gap: Callable[[int], str], sequences: Sequences, starts: Iterable[int]
) -> dict[int, Merge]:
    """Every merge of an article, by the unit it begins at; none overlaps one before it.

    Parameters
    ----------
    starts : iterable of int
        The units at which `Sequences.begins`, in order.
    """
    merges: dict[int, Merge] = {}
    done = 0
    for i in starts:
        if i >= done and (found := sequences.at(units, gap, i)):
            merges[i] = found
            done = i + found.size
    return merges


ABD = "عبد"  # "servant of": always one name with the ال-word behind it


class Phrases:
    """Phrases as a lookup from their first form; the longest that fits wins."""

    def __init__(self, phrases: Iterable[tuple[str, ...]]) -> None:
        self._by_head: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            self._by_head.setdefault(phrase[0], []).append(tuple(phrase))
        for same in self._by_head.values():
            same.sort(key=lambda phrase: (-len(phrase), phrase))

    def __bool__(self) -> bool:
        return bool(self._by_head)

    def pairs(self) -> list[tuple[str, str]]:
        """The two forms that each phrase begins with, in order; one may also begin at `ABD`."""
        return sorted({(phrase[0], phrase[1]) for same in self._by_head.values() for phrase in same})

    def size(self, forms: Sequence[str], joined: Callable[[int], bool], i: int, *, article_next: bool) -> int:
        """How many terms from the i-th make one phrase; 1 when none does.

        `joined(k)` tells whether terms k and k + 1 stand together on one line; `article_next` whether the word
        after the i-th begins with ال.
        """
        for phrase in self._by_head.get(forms[i], ()):
            end = i + len(phrase)
            if tuple(forms[i:end]) == phrase and all(joined(k) for k in range(i, end - 1)):
                return len(phrase)
        if self._by_head and forms[i] == ABD and i + 1 < len(forms) and joined(i) and article_next:
            return 2
        return 1


def is_soft(gap: str) -> bool:
    """Whether a gap holds nothing but white space on one line, and characters that mean nothing."""
    return gap == " " or _SOFT.fullmatch(gap) is not None
