"""Tables to Parquet, with a schema that says what each column is.

An article's fields have fixed types. An own column is of numbers, truth values or text when all its
values are; anything else is kept as the text that a CSV cell would hold.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, BinaryIO

from topics.corpus.checks import FIELDS, checked_text
from topics.corpus.optional import library
from topics.corpus.values import cell_text, plain

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_MAX_INTEGER = 1 << 63
_ROWS = 2_000  # of a row group: what a reader holds at a time


def write_parquet(rows: Iterable[Mapping[str, Any]], file: BinaryIO, columns: Sequence[str]) -> None:
    """Rows as a Parquet file; they are read twice, for their types and to be written, some rows at a time."""
    pa, parquet = library("pyarrow"), library("pyarrow.parquet")
    table = list(rows) if isinstance(rows, Iterator) else rows
    kinds = [_Kind(name) for name in columns]
    for row in table:
        for name, kind in zip(columns, kinds, strict=True):
            kind.see(_clean(plain(row.get(name))))
    types = _types(pa)
    schema = pa.schema([(_clean(name), types[kind.name]) for name, kind in zip(columns, kinds, strict=True)])
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for some in batched(table, _ROWS):
            arrays = [
                pa.array([kind.value(_clean(plain(row.get(name)))) for row in some], types[kind.name])
                for name, kind in zip(columns, kinds, strict=True)
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def batched(rows: Iterable[Mapping[str, Any]], n_rows: int) -> Iterator[list[Mapping[str, Any]]]:
    """Runs of at most so many rows, in order."""
    left = iter(rows)
    while some := list(islice(left, n_rows)):
        yield some


class _Kind:
    """The narrowest type that holds every value of a column seen so far; text holds any."""

    def __init__(self, column: str) -> None:
        self._possible: tuple[str, ...] = _OF_FIELD.get(column, () if column in FIELDS else _OF_OWN)
        self._told = column in _OF_FIELD  # a field without any value keeps its type, an own column is text

    def see(self, value: Any) -> None:
        if value is not None:
            self._told = True
            self._possible = tuple(name for name in self._possible if _TESTS[name](value))

    @property
    def name(self) -> str:
        """One of the keys of `_types`."""
        return self._possible[0] if self._told and self._possible else "text"

    def value(self, value: Any) -> Any:
        """A value as Arrow takes it."""
        if value is None or self.name not in ("text", "day"):
            return value
        return dt.date.fromisoformat(value) if self.name == "day" else cell_text(value)


def _types(pa: Any) -> dict[str, Any]:
    labels = pa.list_(pa.string())
    return {
        "labels": labels, "rows": pa.list_(labels), "day": pa.date32(), "flag": pa.bool_(), "integer": pa.int64(),
        "number": pa.float64(), "text": pa.string(),
    }  # fmt: skip


def _is_labels(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_labels, value))


def _is_day(value: Any) -> bool:
    if not isinstance(value, str) or not _ISO.fullmatch(value):
        return False
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return False
    return True


_OF_FIELD: dict[str, tuple[str, ...]] = {"themes": ("labels",), "paragraph_themes": ("rows",), "date": ("day",)}
_OF_OWN = ("flag", "integer", "number")
_TESTS: dict[str, Callable[[Any], bool]] = {
    "labels": _is_labels,
    "rows": _is_rows,
    "day": _is_day,
    "flag": lambda value: type(value) is bool,
    "integer": lambda value: type(value) is int and -_MAX_INTEGER <= value < _MAX_INTEGER,
    "number": lambda value: type(value) is float,
}


def _clean(value: Any) -> Any:
    """Text that UTF-8 can hold, at any depth."""
    if isinstance(value, str):
        return checked_text(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return {_clean(key): _clean(item) for key, item in value.items()} if isinstance(value, dict) else value
