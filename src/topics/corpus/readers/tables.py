"""The rows of a table as they stand, whatever its columns mean: what a command wrote, read again.

Apostrophes that guard a cell of a CSV are taken off, as when articles are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from topics import display
from topics.corpus.readers import csv, jsonl, parquet, xlsx
from topics.corpus.readers.source import Source
from topics.corpus.skipped import Log
from topics.errors import ReadError
from topics.files import PathLike

_TEXT = {**dict.fromkeys((".csv", ".tsv", ".tab"), csv.rows_of), **dict.fromkeys((".jsonl", ".ndjson"), jsonl.rows_of)}


def table_rows(path: PathLike) -> Iterator[dict[str, Any]]:
    """The rows of a .csv, .tsv, .jsonl (each also .gz), .parquet or .xlsx file, one by one.

    Raises
    ------
    ReadError
        The file is none of these, or has a row that cannot be read: a table of results is read whole or not at all.
    """
    source = Source.of_path(Path(path))
    log = Log(strict=True)
    if source.suffix in _TEXT:
        yield from (row for row, _ in _TEXT[source.suffix](source, log))
    elif source.suffix == ".parquet":
        yield from (row for row, _ in parquet.rows_of(source))
    elif source.suffix == ".xlsx":
        yield from (row for row, _ in xlsx.rows_of(source, log))
    else:
        known = ", ".join([*_TEXT, ".parquet", ".xlsx"])
        raise ReadError(f"{display.one_line(str(path))}: is no table; give one of {known}")
