"""Parquet tables, some rows at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from topics import display
from topics.corpus.optional import library
from topics.corpus.readers.located import Located, Options
from topics.corpus.readers.source import Source
from topics.corpus.values import plain
from topics.errors import ReadError

_ROWS = 500  # at a time
_INDEX = re.compile(r"__index_level_\d+__")  # pandas' row numbers are no column of the table


def read(source: Source, options: Options, groups: Sequence[int] | None = None) -> Iterator[Located]:
    """The articles of a Parquet file, or of some of its row groups; the line is the number of the row in these."""
    yield from options.located(source.name, rows_of(source, groups))


def rows_of(source: Source, groups: Sequence[int] | None = None) -> Iterator[tuple[dict[str, Any], int]]:
    """The rows of the table as they stand, with their numbers."""
    parquet = library("pyarrow.parquet")
    line = 0
    with source.seekable() as file, told(source.name):
        table = parquet.ParquetFile(file)
        names = [name for name in table.schema_arrow.names if not _INDEX.fullmatch(name)]
        for batch in table.iter_batches(batch_size=_ROWS, columns=names, row_groups=groups):
            for row in batch.to_pylist():
                line += 1
                yield {name: plain(_text(value)) for name, value in row.items()}, line


@contextmanager
def told(name: str) -> Iterator[None]:
    """Turn what pyarrow says about a file into an error that names it and the next step."""
    pa = library("pyarrow")
    try:
        yield
    except ReadError:
        raise
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise ReadError(
            f"{display.one_line(name)}: is no Parquet file or a damaged one "
            f"({display.one_line(str(error), 80)}); write it again"
        ) from error


def _text(value: Any) -> Any:
    """Bytes are text in files of programs that do not tell them apart."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    if isinstance(value, list):
        return [_text(item) for item in value]
    return {_text(key): _text(item) for key, item in value.items()} if isinstance(value, dict) else value
