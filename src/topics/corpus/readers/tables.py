"""The rows of a table as they stand, whatever its columns mean: what a command wrote, read again.

Apostrophes that guard a cell of a CSV are taken off, as when articles are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from topics import display
from topics.corpus.readers.csv import _rows as csv_rows
from topics.corpus.readers.jsonl import _rows as jsonl_rows
from topics.corpus.readers.parquet import _rows as parquet_rows
from topics.corpus.readers.source import Source
from topics.corpus.readers.xlsx import sheet_rows
from topics.corpus.skipped import Log
from topics.errors import ReadError
from topics.files import PathLike

_TEXT = {".csv": csv_rows, ".tsv": csv_rows, ".tab": csv_rows, ".jsonl": jsonl_rows, ".ndjson": jsonl_rows}


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
        yield from (row for row, _ in parquet_rows(source))
    elif source.suffix == ".xlsx":
        yield from (row for row, _ in sheet_rows(source, log))
    else:
        known = ", ".join([*_TEXT, ".parquet", ".xlsx"])
        raise ReadError(f"{display.one_line(str(path))}: is no table; give one of {known}")
