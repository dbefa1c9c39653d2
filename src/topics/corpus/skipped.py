"""What a reader left out, changed or guessed: every case with its file and line, counted by reason.

`Log` is written by readers while they read; `corpus.skipped` shows it. Its size does not grow with
the file: past a thousand rows of one reason, further lines are only counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, astuple, dataclass, fields
from typing import Any, Literal

from topics import display
from topics.errors import ReadError

Outcome = Literal["skipped", "repaired", "noted"]

_MAX_ROWS_OF_A_REASON = 1000


@dataclass(frozen=True, slots=True)
class Skipped:
    """One thing that a reader did not take as it stood."""

    file: str
    line: int | None
    """First line of the record, from 1; None when it concerns the whole file or many lines."""
    reason: str
    count: int = 1
    outcome: Outcome = "skipped"
    """"skipped": the article is not there; "repaired": it is, changed; "noted": it is, unchanged."""


_FIELDS = [field.name for field in fields(Skipped)]


class SkippedTable(tuple[Skipped, ...]):
    """Rows of Skipped in the order they were met; shows itself as a table in notebooks."""

    __slots__ = ()

    def total(self, outcome: Outcome = "skipped") -> int:
        """How many cases of one outcome there were."""
        return sum(row.count for row in self if row.outcome == outcome)

    def by_reason(self) -> dict[str, int]:
        """Reason to number of cases, most frequent first."""
        counts: dict[str, int] = {}
        for row in self:
            counts[row.reason] = counts.get(row.reason, 0) + row.count
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def to_frame(self) -> Any:
        """The rows as a DataFrame with the columns file, line, reason, count, outcome."""
        import pandas as pd

        return pd.DataFrame([astuple(row) for row in self], columns=_FIELDS).astype({"line": "Int64"})

    def _repr_html_(self) -> str:
        # The folder of a file is nobody else's business: notebooks are shared (FAULTS.md 43).
        rows = [asdict(row) | {"file": _name(row.file)} for row in self[:100]]
        return display.table(rows, columns=_FIELDS, rtl=False, caption=_caption(self))


class Log:
    """Collects what readers skip or repair; with `strict`, the first case is an error instead."""

    def __init__(self, *, strict: bool = False) -> None:
        self.strict = strict
        self._counts: dict[tuple[str, int | None, str, Outcome], int] = {}
        self._rows: dict[tuple[str, str], int] = {}

    def skip(self, file: str, line: int | None, reason: str) -> None:
        """An article is left out."""
        self._fail(file, line, reason, "correct it, or read without strict to leave it out")
        self._add(file, line, reason, 1, "skipped")

    def repair(self, file: str, line: int | None, reason: str, count: int = 1) -> None:
        """An article is changed, `count` times."""
        self._fail(file, line, reason, "correct it, or read without strict to have it repaired")
        self._add(file, line, reason, count, "repaired")

    def flag(self, file: str, line: int | None, reason: str) -> None:
        """An article is kept as it is although something looks wrong."""
        self._fail(file, line, reason, "correct it, or read without strict to keep it as it is")
        self._add(file, line, reason, 1, "noted")

    def note(self, file: str, line: int | None, reason: str) -> None:
        """Something worth knowing that is no fault; no error even with strict."""
        self._add(file, line, reason, 1, "noted")

    def knows(self, file: str) -> bool:
        """Whether anything was said about a file."""
        return any(known == file for known, _ in self._rows)

    @property
    def table(self) -> SkippedTable:
        """What was met so far."""
        return SkippedTable(
            Skipped(file, line, reason, count, outcome) for (file, line, reason, outcome), count in self._counts.items()
        )

    def _fail(self, file: str, line: int | None, reason: str, advice: str) -> None:
        if self.strict:
            place = file if line is None else f"{file}, line {line}"
            raise ReadError(f"{display.one_line(place)}: {display.one_line(reason, 200)}; {advice}")

    def _add(self, file: str, line: int | None, reason: str, count: int, outcome: Outcome) -> None:
        key = (file, line, reason, outcome)
        if key not in self._counts:
            rows = self._rows.get((file, reason), 0)
            if rows >= _MAX_ROWS_OF_A_REASON:
                key = (file, None, reason, outcome)
            self._rows[file, reason] = rows + 1
        self._counts[key] = self._counts.get(key, 0) + count


def _name(file: str) -> str:
    return file.replace("\\", "/").rpartition("/")[2]


def _caption(rows: Iterable[Skipped]) -> str:
    table = SkippedTable(rows)
    parts = [f"{table.total(outcome):,} {outcome}" for outcome in ("skipped", "repaired", "noted")]
    return " · ".join(parts)
