"""Rows of a sorting to a file, one by one: memory does not grow with their number.

The columns of a CSV stand in its first line, and an article far down may bring a new one; so rows for a
CSV wait in a temporary file until all columns are known.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from topics.corpus.writers import WRITERS, guard, to_json_line
from topics.display import one_line
from topics.errors import ReadError, SettingsError, WriteError, suggest
from topics.files import PathLike, atomic_write

Row = Mapping[str, Any]
_CHUNK = 1 << 20
_HELD_BYTES = 32 << 20  # of waiting rows; what is more lies on the disk
_DELIMITERS = {".csv": ",", ".tsv": "\t"}


def write_rows(rows: Iterable[Row], path: PathLike, *, append: bool = False) -> int:
    """Write rows to a file, which holds all of them afterwards or is as it was.

    Parameters
    ----------
    rows : iterable of mapping
        Rows of `ThemeModel.rows`, or of any table.
    path : path
        .csv, .tsv or .jsonl, the last also .jsonl.gz.
    append : bool
        Whether the rows come after those that the file has; a CSV must have their columns already.

    Returns
    -------
    int
        How many rows were written.

    Raises
    ------
    WriteError
        The format has no writer, or the place cannot be written.
    SettingsError
        With `append`, a CSV that lacks a column.
    """
    suffix, packed = format_of(path)
    counted = _Counted(rows)
    with atomic_write(path) as file:
        old = Path(path) if append and Path(path).is_file() and Path(path).stat().st_size else None
        if old is not None:
            _copy(old, file)
        if suffix in _DELIMITERS:
            _write_table(counted, file, suffix, old)
        else:
            with _opened(file, packed=packed) as inner:
                WRITERS[suffix](iter(counted), inner, None)
    return counted.n


def format_of(path: PathLike) -> tuple[str, bool]:
    """The suffix that decides the format, and whether .gz follows it; what has no writer is refused."""
    suffixes = [suffix.lower() for suffix in Path(path).suffixes]
    packed = suffixes[-1:] == [".gz"]
    suffix = ([""] + (suffixes[:-1] if packed else suffixes))[-1]
    if suffix not in WRITERS or (packed and suffix in _DELIMITERS):
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


def _write_table(rows: _Counted, file: BinaryIO, suffix: str, old: Path | None) -> None:
    with tempfile.SpooledTemporaryFile(_HELD_BYTES, "w+", encoding="utf-8", newline="\n") as waiting:
        columns: dict[str, None] = {}
        for row in rows:
            columns.update(dict.fromkeys(row))
            waiting.write(to_json_line(row) + "\n")
        waiting.seek(0)
        later = (json.loads(line) for line in waiting)
        if old is None:
            WRITERS[suffix](later, file, list(columns))
            return
        known = _columns_of(old, suffix)
        _check_columns(list(columns), known, old)
        names = {_cell(name): name for name in columns}
        order = [names.get(name, name) for name in known]
        WRITERS[suffix](later, cast("BinaryIO", _WithoutHead(file, suffix, order)), order)


class _WithoutHead(io.RawIOBase):
    """A file that swallows the header line that a CSV writer begins with."""

    def __init__(self, file: BinaryIO, suffix: str, columns: list[str]) -> None:
        super().__init__()
        head = io.BytesIO()
        WRITERS[suffix](iter(()), head, columns)
        self._file = file
        self._left = len(head.getvalue())

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: Any) -> int:
        """Pass on what comes after the header."""
        left = min(self._left, len(data))
        self._left -= left
        self._file.write(data[left:])
        return len(data)


def _columns_of(path: Path, suffix: str) -> list[str]:
    """The cells of a CSV's first line, as they stand there."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        try:
            return next(csv.reader(file, delimiter=_DELIMITERS[suffix]), [])
        except csv.Error as error:
            raise ReadError(f"{one_line(str(path))}: is no table ({error}); write to a new file") from error


def _check_columns(columns: list[str], known: list[str], path: Path) -> None:
    for name in columns:
        if _cell(name) not in known:
            raise SettingsError(
                f"{one_line(str(path))}: has no column {one_line(name, 60)!r} to add rows to; write to a new file"
            )


def _cell(name: str) -> str:
    from topics.corpus.readers.encodings import clean

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


@contextmanager
def _opened(file: BinaryIO, *, packed: bool) -> Iterator[BinaryIO]:
    if not packed:
        yield file
        return
    # Without a name and a time in its header, equal rows give equal bytes.
    with gzip.GzipFile(filename="", mode="wb", fileobj=cast("IO[bytes]", file), mtime=0) as inner:
        yield cast("BinaryIO", inner)
