"""Tables as text: CSV with comma, semicolon or tab, the first record naming the columns.

A line number is that of the record's first line, since a quoted cell may span many.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import islice
from typing import TextIO

from topics.corpus.readers.columns import BadRow, bare_name, find_columns, unique_names
from topics.corpus.readers.located import Located, Options
from topics.corpus.readers.source import Source
from topics.corpus.skipped import Log

DELIMITERS = (",", ";", "\t")
# A cell can be an article, and csv's own limit is 128 KiB; a quote that never closes must end somewhere.
_MAX_CELL = 1 << 28
_GUARDED = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")


def read(source: Source, options: Options) -> Iterator[Located]:
    """The articles of a CSV or TSV file, one by one."""
    yield from options.located(source.name, rows_of(source, options.log))


def unguard(cell: str) -> str:
    """A cell without the apostrophe that the writer puts before what a spreadsheet would run as a formula."""
    return cell[1:] if _GUARDED.match(cell) else cell


def sniff_delimiter(head: str) -> str:
    """The delimiter by the first record: the one that gives most known columns, then most columns."""

    def worth(delimiter: str) -> tuple[int, int]:
        try:
            names = next(csv.reader(head.splitlines(keepends=True), delimiter=delimiter), [])
        except csv.Error:
            return 0, 0
        try:
            return len(find_columns(unique_names(names)).of_field), len(names)
        except BadRow:
            return 0, len(names)

    return max(DELIMITERS, key=worth)


def rows_of(source: Source, log: Log) -> Iterator[tuple[dict[str, str], int]]:
    """The rows of the table as they stand, with their lines."""
    csv.field_size_limit(_MAX_CELL)
    with source.text(log, newline="") as lines:
        head = "".join(islice(_short(lines), 5))
    delimiter = "\t" if source.suffix in (".tsv", ".tab") else sniff_delimiter(head)
    with source.text(Log(), newline="") as lines:
        records = _records(lines, delimiter, source.name, log)
        names = [bare_name(unguard(name)) for name in next(records, ([], 0))[0]]
        columns = unique_names(names)
        if columns != names:
            log.repair(source.name, 1, "two columns have one name; the later ones are numbered")
        for cells, line in records:
            if len(cells) != len(columns):
                log.skip(source.name, line, f"has {len(cells)} cells where the table has {len(columns)} columns")
                continue
            yield dict(zip(columns, map(unguard, cells), strict=True)), line


def _records(lines: TextIO, delimiter: str, file: str, log: Log) -> Iterator[tuple[list[str], int]]:
    """The records that are not blank, with their first lines; one that csv refuses is skipped."""
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            log.skip(file, line, f"not CSV: {problem}")
            continue
        if any(cell.strip() for cell in cells):
            yield cells, line


def _short(lines: TextIO) -> Iterator[str]:
    """Lines for sniffing; the first of them may be as long as an article."""
    while line := lines.readline(1 << 16):
        yield line
