"""Tables to Parquet, with a schema that says what each column is.

An article's fields have fixed types. An own column is of numbers, truth values or text when all its
values are; anything else is kept as the text that a CSV cell would hold.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO

from topics.corpus.checks import FIELDS
from topics.corpus.optional import library
from topics.corpus.values import cell_text, plain

_SURROGATE = re.compile("[\ud800-\udfff]")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_MAX_INTEGER = 1 << 63
_ROWS = 10_000  # of a row group: what a reader holds at a time


def write_parquet(rows: Iterable[Mapping[str, Any]], file: BinaryIO, columns: Sequence[str]) -> None:
    """Rows as a Parquet file; all are held until their types are known."""
    pa, parquet = library("pyarrow"), library("pyarrow.parquet")
    values: dict[str, list[Any]] = {name: [] for name in columns}
    for row in rows:
        for name, held in values.items():
            held.append(_clean(plain(row.get(name))))
    arrays = [_array(pa, name, held) for name, held in values.items()]
    table = pa.table(arrays, names=[_clean(name) for name in columns])
    parquet.write_table(table, file, compression="zstd", row_group_size=_ROWS)


def _array(pa: Any, name: str, values: list[Any]) -> Any:
    labels = pa.list_(pa.string())
    if name == "themes" and all(value is None or _is_labels(value) for value in values):
        return pa.array(values, labels)
    if name == "paragraph_themes" and all(value is None or _is_rows(value) for value in values):
        return pa.array(values, pa.list_(labels))
    if name == "date" and all(value is None or _is_day(value) for value in values):
        return pa.array([None if value is None else dt.date.fromisoformat(value) for value in values], pa.date32())
    if name not in FIELDS:
        told = [value for value in values if value is not None]
        for kind, of_kind in ((pa.bool_(), bool), (pa.int64(), int), (pa.float64(), float)):
            if told and all(type(value) is of_kind for value in told) and not _is_huge(told):
                return pa.array(values, kind)
    return pa.array([None if value is None else cell_text(value) for value in values], pa.string())


def _is_huge(values: list[Any]) -> bool:
    """Whether an integer needs more than 64 bits."""
    return any(type(value) is int and not -_MAX_INTEGER <= value < _MAX_INTEGER for value in values)


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


def _clean(value: Any) -> Any:
    """Text that UTF-8 can hold, at any depth."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return {_clean(key): _clean(item) for key, item in value.items()} if isinstance(value, dict) else value
