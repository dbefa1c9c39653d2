"""Excel workbooks: every sheet a table, its first row naming the columns; values, never formulas."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Any

from topics import display
from topics.corpus.optional import library
from topics.corpus.readers import caps
from topics.corpus.readers.columns import bare_name, unique_names
from topics.corpus.readers.located import Located, Options
from topics.corpus.readers.source import Source
from topics.corpus.skipped import Log
from topics.errors import ReadError

_ROWS = 500  # at a time
_MOST_ROWS = 1 << 20  # what Excel holds; openpyxl fills a gap with empty rows, were it up to the row 10^18
# How Excel writes characters that XML cannot hold, and the same for text that looks like that.
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def read(source: Source, options: Options) -> Iterator[Located]:
    """The articles of a workbook, one by one; the line is the row of the sheet."""
    with _opened(source) as worksheets:
        sheets = [sheet for sheet in worksheets if next(_filled(sheet, source.name), None)]
        # One table is the file's; of several, one without a text is only a note.
        inside = options if len(sheets) < 2 else replace(options, lenient=True)
        for sheet in sheets:
            called = source.name if len(sheets) < 2 else f"{source.name} [{sheet.title}]"
            yield from inside.located(called, _rows(sheet, called, options.log))
        if not sheets:
            options.log.skip(source.name, None, "the file is empty")


def rows_of(source: Source, log: Log) -> Iterator[tuple[dict[str, Any], int]]:
    """The rows of a workbook's first sheet that holds anything, as they stand, with their lines."""
    with _opened(source) as worksheets:
        for sheet in worksheets:
            if next(_filled(sheet, source.name), None):
                yield from _rows(sheet, source.name, log)
                break


@contextmanager
def _opened(source: Source) -> Iterator[list[Any]]:
    """The sheets of a workbook."""
    openpyxl = library("openpyxl")
    with source.seekable() as file:
        caps.check_package(file, source.name)
        with _quietly(source.name):
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        yield book.worksheets
        book.close()


@contextmanager
def _quietly(file: str) -> Iterator[None]:
    """Turn whatever openpyxl says of a damaged file into one error, and what it says of styles into nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Exception as error:  # it raises whatever the XML leads it into
        raise ReadError(
            f"{display.one_line(file)}: is no Excel workbook or a damaged one ({type(error).__name__}); "
            "open it in Excel or LibreOffice and save it again as .xlsx"
        ) from error


def _filled(sheet: Any, file: str) -> Iterator[tuple[list[Any], int]]:
    """The rows that hold anything, without the empty cells at their ends."""
    line = 0
    with _quietly(file):
        sheet.reset_dimensions()  # what a sheet says of its own size is often wrong
        rows = sheet.iter_rows(values_only=True)
    while True:
        with _quietly(file):  # warnings are the whole process's, so not across a yield
            some = list(islice(rows, _ROWS))
        if not some:
            return
        if line + len(some) > _MOST_ROWS:
            raise ReadError(
                f"{display.one_line(file)}: numbers a row beyond {_MOST_ROWS:,}, the last that Excel has; "
                "open it in Excel or LibreOffice and save it again as .xlsx"
            )
        for line, cells in enumerate(some, line + 1):  # noqa: B020 - goes on where it was
            values = [_value(cell) for cell in cells]
            while values and values[-1] is None:
                values.pop()
            if values:
                yield values, line


def _rows(sheet: Any, file: str, log: Log) -> Iterator[tuple[dict[str, Any], int]]:
    rows = _filled(sheet, file)
    head, line = next(rows)
    names = ["" if value is None else bare_name(str(value)) for value in head]
    columns = unique_names(names)
    if columns != names:
        log.repair(file, line, "two columns have one name, or one has none; they are numbered")
    for values, line in rows:
        if len(values) > len(columns):
            log.skip(file, line, f"has {len(values)} cells where the table has {len(columns)} columns")
        else:
            yield dict(zip(columns, values + [None] * (len(columns) - len(values)), strict=True)), line


def _value(cell: Any) -> Any:
    """A cell as the other tables have it: text, a number, a truth value or nothing."""
    if isinstance(cell, str):
        return _ESCAPED.sub(lambda hit: chr(int(hit[1], 16)), cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat()
    if cell is None or isinstance(cell, (bool, int, float)):
        return cell
    return cell.isoformat() if isinstance(cell, (dt.date, dt.time)) else str(cell)
