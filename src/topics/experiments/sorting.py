"""Rows of a sorting to a file, one by one: memory does not grow with their number.

The columns of a table stand before its rows, and an article far down may bring a new one; so rows for any format
but JSON Lines wait on the disk until all columns are known. A table is what `topics.corpus.writers` would write of
the same rows, byte for byte (tested).
"""

from __future__ import annotations

import csv
import struct
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from topics.corpus.held import HELD_BYTES, Held
from topics.corpus.readers.encodings import clean
from topics.corpus.readers.tables import table_rows
from topics.corpus.writers import WRITERS, csv_cell, guard, packing, suffix_of, to_json_line, union_of_columns
from topics.display import one_line
from topics.errors import ReadError, SettingsError, WriteError, suggest
from topics.files import PathLike, atomic_write

Row = Mapping[str, Any]
_CHUNK = 1 << 20
_RECORD = struct.Struct("<II")  # before a waiting line: its bytes, its cells
_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_WHOLE = (".parquet", ".xlsx")  # cannot be added to: written anew with the old rows first


def write_rows(rows: Iterable[Row], path: PathLike, *, append: bool = False, columns: Sequence[str] = ()) -> int:
    """Write rows to a file, which holds all of them afterwards or is as it was.

    Parameters
    ----------
    rows : iterable of mapping
        Rows of `ThemeModel.rows`, or of any table.
    path : path
        .csv, .tsv, .jsonl, .jsonl.gz, .parquet or .xlsx.
    append : bool
        Whether the rows come after those that the file has; a CSV must have their columns already.
    columns : sequence of str
        What stands first in the head of a new table, even when no row comes.

    Returns
    -------
    int
        How many rows were written.

    Raises
    ------
    WriteError
        The format has no writer, or the place cannot be written.
    SettingsError
        With `append`, a CSV with rows that lacks a column.
    """
    suffix, packed = format_of(path)
    counted = _Counted(rows)
    old = Path(path) if append and has_rows(path) else None
    if old is not None and suffix in _DELIMITERS and next(table_rows(old), None) is None:
        columns = [*_columns_of(old, suffix), *columns]  # a head alone may grow
        old = None
    with atomic_write(path) as file:
        if suffix in _WHOLE:
            _write_whole(counted, file, suffix, old, columns)
            return counted.n
        if old is not None:
            _copy(old, file)
        if suffix in _DELIMITERS:
            _write_table(counted, file, suffix, old, columns)
        else:
            with packing(file, packed=packed) as inner:
                WRITERS[suffix](iter(counted), inner, None)
    return counted.n


def has_rows(path: PathLike) -> bool:
    """Whether there is a file that is not empty."""
    return Path(path).is_file() and Path(path).stat().st_size > 0


def format_of(path: PathLike) -> tuple[str, bool]:
    """The suffix that decides the format, and whether .gz follows it; what has no writer is refused."""
    suffix, packed = suffix_of(path)
    if suffix not in WRITERS or (packed and suffix != ".jsonl"):
        known = [*sorted(WRITERS), ".jsonl.gz"]
        ending = "".join(Path(path).suffixes[-2:])
        raise WriteError(
            f"{one_line(str(path))}: no writer for {ending or 'a name without a suffix'}{suggest(ending, known)}"
        )
    return suffix, packed


class _Counted:
    """Rows as they come, counted."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows
        self.n = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self._rows:
            self.n += 1
            yield dict(row)


class _Repeated:
    """An iterable asked anew each time it is read."""

    def __init__(self, begin: Callable[[], Iterator[dict[str, Any]]]) -> None:
        self._begin = begin

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self._begin()


def _columns(rows: Iterable[Row], first: Sequence[str]) -> list[str]:
    return list(dict.fromkeys((*first, *union_of_columns(rows))))


def _write_whole(rows: _Counted, file: BinaryIO, suffix: str, old: Path | None, first: Sequence[str]) -> None:
    with Held(iter(rows), lambda given: given, to_json_line) as held:
        if old is None:
            WRITERS[suffix](held, file, _columns(held, first))
            return
        table = _Repeated(lambda: chain(table_rows(old), held))
        WRITERS[suffix](table, file, _columns(table, ()))


def _write_table(rows: _Counted, file: BinaryIO, suffix: str, old: Path | None, first: Sequence[str]) -> None:
    lines = _CsvLines(suffix)
    if old is not None:
        known = {name: place for place, name in enumerate(_columns_of(old, suffix))}
        file.writelines(lines.placed(row, known, old) for row in rows)
        return
    columns = dict.fromkeys(first)
    with tempfile.SpooledTemporaryFile(HELD_BYTES, "w+b") as waiting:
        for row in rows:
            columns.update(dict.fromkeys(row))
            line = lines.of([csv_cell(row.get(name), column=name) for name in columns])
            waiting.write(_RECORD.pack(len(line), len(columns)) + line)
        file.write(lines.of([_cell(name) for name in columns]))
        waiting.seek(0)
        while head := waiting.read(_RECORD.size):
            size, n_cells = _RECORD.unpack(head)
            file.write(lines.padded(waiting.read(size), len(columns) - n_cells))


class _CsvLines:
    """Rows of cells as the lines that `topics.corpus.writers` writes, each by itself."""

    def __init__(self, suffix: str) -> None:
        self._delimiter = _DELIMITERS[suffix]
        self._writer = csv.writer(_Echo(), delimiter=self._delimiter, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)

    def of(self, cells: Sequence[str | float]) -> bytes:
        """A line, with its end."""
        line: str = self._writer.writerow(cells)  # what _Echo gives back
        return line.encode("utf-8")

    def placed(self, row: Row, known: Mapping[str, int], path: Path) -> bytes:
        """A row under the columns of a file, which has all that the row needs."""
        cells: list[str | float] = [""] * len(known)
        for name, value in row.items():
            place = known.get(_cell(name))
            if place is None:
                raise SettingsError(
                    f"{one_line(str(path))}: has no column {one_line(name, 60)!r} to add rows to; write to a new file"
                )
            cells[place] = csv_cell(value, column=name)
        return self.of(cells)

    def padded(self, line: bytes, n_cells: int) -> bytes:
        """A line with so many empty cells at its end."""
        return line[:-1] + f'{self._delimiter}""'.encode() * n_cells + b"\n" if n_cells else line


class _Echo:
    """Gives back what is written to it."""

    @staticmethod
    def write(text: str) -> str:
        """The text itself."""
        return text


def _columns_of(path: Path, suffix: str) -> list[str]:
    """The cells of a CSV's first line, as they stand there."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        try:
            return next(csv.reader(file, delimiter=_DELIMITERS[suffix]), [])
        except csv.Error as error:
            raise ReadError(f"{one_line(str(path))}: is no table ({error}); write to a new file") from error


@lru_cache(maxsize=4096)
def _cell(name: str) -> str:
    return guard(clean(name)[0])


def _copy(old: Path, file: BinaryIO) -> None:
    """The bytes of the old file; a line that was left open is closed."""
    last = b"\n"
    with old.open("rb") as source:
        while piece := source.read(_CHUNK):
            file.write(piece)
            last = piece[-1:]
    if last != b"\n" and old.suffix.lower() != ".gz":
        file.write(b"\n")
