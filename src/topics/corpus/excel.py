"""Tables to Excel workbooks: one sheet, right to left, and no cell that runs as a formula.

Text is stored as text whatever it begins with, so nothing needs an apostrophe in front; numbers stay
numbers. Equal rows give equal bytes.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import os
import re
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from topics.corpus.optional import library
from topics.corpus.readers import encodings
from topics.corpus.values import cell_text, plain, themes_cell
from topics.errors import WriteError

MAX_ROWS, MAX_COLUMNS, MAX_CELL = 1_048_576, 16_384, 32_767  # of the format
CUT = " …[cut: a cell holds 32,767 characters]"
"""What stands at the end of a text that is longer than a cell may be."""
_MAX_INTEGER = 1 << 53  # beyond, Excel rounds
# Text that looks like Excel's escape of a character is escaped itself; readers undo both.
_LIKE_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_XML = re.compile("[\ufffe\uffff]")
_MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - Excel knows no zones; a fixed time, so that equal rows give equal bytes
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def write_xlsx(rows: Iterable[Mapping[str, Any]], file: BinaryIO, columns: Sequence[str]) -> None:
    """Rows as the one sheet of a workbook, row by row.

    Raises
    ------
    WriteError
        More rows or columns than a sheet holds.
    """
    openpyxl = library("openpyxl")
    if len(columns) > MAX_COLUMNS:
        raise WriteError(f"{len(columns):,} columns do not fit a sheet of {MAX_COLUMNS:,}; write .csv or .parquet")
    book = openpyxl.Workbook(write_only=True)
    book.properties.created = _MADE
    sheet = book.create_sheet("topics")
    sheet.sheet_view.rightToLeft = True
    sheet.freeze_panes = "A2"
    with tempfile.TemporaryFile() as held:
        try:
            _fill(sheet, rows, columns)
            _save(book, held)
        finally:
            _forget(sheet)
        try:
            _repack(held, file)
        except zipfile.BadZipFile as error:  # how zipfile tells that a disk cannot be read
            raise OSError(errno.EIO, os.strerror(errno.EIO)) from error


def _fill(sheet: Any, rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    sheet.append([_cell(sheet, name) for name in columns])
    for line, row in enumerate(rows, 2):
        if line > MAX_ROWS:
            raise WriteError(f"more rows than the {MAX_ROWS:,} of a sheet; write .csv, .jsonl or .parquet")
        sheet.append([_cell(sheet, row.get(name), name) for name in columns])


def _save(book: Any, held: Any) -> None:
    """`Workbook.save`, whose archive stays open when the disk is full."""
    from openpyxl.writer.excel import ExcelWriter

    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()


def _forget(sheet: Any) -> None:
    """Remove the file that openpyxl keeps for a sheet until it is saved."""
    writer = getattr(sheet, "_writer", None)
    if writer is None or not Path(writer.out).exists():
        return
    for under_way in (sheet._rows, writer.xf):  # noqa: SLF001 - nothing public closes them without writing
        with contextlib.suppress(OSError, ValueError):
            under_way.close()
    writer.cleanup()


def cell_value(value: Any, *, column: str = "") -> str | int | float | bool | None:
    """A value as a cell holds it: numbers and truth values as themselves, everything else as clean text."""
    if column == "themes" and (value is None or isinstance(value, (list, tuple))):
        return text_cell(themes_cell(value))
    value = plain(value)
    if value is None or isinstance(value, (bool, float)):
        return value
    if isinstance(value, int):
        return value if abs(value) <= _MAX_INTEGER else str(value)
    return text_cell(cell_text(value))


def text_cell(text: str) -> str:
    """Text without what XML cannot hold, cut with a mark where it is longer than a cell may be."""
    text = _LIKE_ESCAPE.sub("_x005F_", _NOT_IN_XML.sub("\ufffd", encodings.clean(text)[0]))
    return text if n_units(text) <= MAX_CELL else _cut(text)


def _cut(text: str) -> str:
    kept = text[: MAX_CELL - len(CUT)]
    while (over := n_units(kept) + len(CUT) - MAX_CELL) > 0:
        kept = kept[: -max(over // 2, 1)]
    return kept + CUT


def n_units(text: str) -> int:
    """Length as Excel counts: an emoji is two."""
    return len(text) + sum(char > "\uffff" for char in text) if not text.isascii() else len(text)


def _cell(sheet: Any, value: Any, column: str = "") -> Any:
    from openpyxl.cell import WriteOnlyCell

    value = cell_value(value, column=column)
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"  # openpyxl takes "=" for a formula and "#N/A" for an error
    return cell


def _repack(held: Any, file: BinaryIO) -> None:
    """The workbook's members with one date for all of them, and without the time of writing."""
    with zipfile.ZipFile(held) as made, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for member in made.infolist():
            entry = zipfile.ZipInfo(member.filename, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            with made.open(member) as source, out.open(entry, "w", force_zip64=member.file_size > 1 << 31) as target:
                if member.filename == "docProps/core.xml":
                    target.write(_MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z", source.read()))
                    continue
                while piece := source.read(1 << 20):
                    target.write(piece)
