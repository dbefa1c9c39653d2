"""Articles and tables to files: whole or not at all, valid UTF-8, and no cell that runs as a formula.

What `write` writes, `Corpus.read` reads back equal: the fingerprint of a corpus survives every format.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from topics import display
from topics.corpus.article import Article, Corpus
from topics.corpus.checks import FIELDS, checked_text
from topics.corpus.held import Held
from topics.corpus.readers import encodings
from topics.corpus.values import cell_text, plain, themes_cell
from topics.errors import SettingsError, WriteError
from topics.files import PathLike, atomic_write, new_folder, put_back

Rows = Iterable[Article] | Iterable[Mapping[str, Any]]
Table = Iterable[dict[str, Any]]

# FAULTS.md 41: what a spreadsheet takes for a formula, also after apostrophes, so that reading can undo it.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?")
# Legal in JSON, but line ends to many programs that read JSON Lines.
_LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
_THEMES = "themes.toml"
_NOT_IN_LINES = re.compile("[\x85\u2028\u2029\ud800-\udfff]")


def write(rows: Rows | Any, path: PathLike, *, columns: Sequence[str] | None = None) -> None:
    """Write articles, or rows of any table, to a file; the suffix says the format.

    Parameters
    ----------
    rows : iterable of Article, iterable of mapping, or DataFrame
        An iterator is consumed row by row; where columns must be known first, its rows wait on the disk.
    path : path
        .jsonl, .csv, .tsv (each also .gz), .xlsx or .parquet. A corpus at a path without a suffix becomes a
        folder corpus: articles.jsonl and themes.toml.
    columns : sequence of str, optional
        The columns and their order; by default every column that a row has, as first met.

    Raises
    ------
    WriteError
        The format has no writer, or the place cannot be written; an old file stays as it was.
    MissingExtra
        .xlsx or .parquet without the extra "files".
    """
    suffix, packed = suffix_of(path)
    if isinstance(rows, Corpus) and (Path(path).is_dir() or not suffix):
        _write_folder(rows, Path(path))
        return
    _check_format(path, suffix, packed=packed)
    with atomic_write(path) as file, Held(rows, _mappings, to_json_line) as held:
        # JSON Lines need no columns before the first row, so nothing has to wait.
        wanted: Table = _mappings(rows) if suffix == ".jsonl" else held
        with packing(file, packed=packed) as inner:
            WRITERS[suffix](wanted, inner, columns)


def format_of(path: PathLike) -> str:
    """The suffix that says the format, without .gz; empty for a folder corpus; one without a writer is refused."""
    suffix, packed = suffix_of(path)
    if Path(path).is_dir() or not suffix:
        return ""
    _check_format(path, suffix, packed=packed)
    return suffix


def suffix_of(path: PathLike) -> tuple[str, bool]:
    """The last suffix before .gz, and whether there is one of those."""
    suffixes = [suffix.lower() for suffix in Path(path).suffixes]
    packed = suffixes[-1:] == [".gz"]
    return "".join(suffixes[-2:-1] if packed else suffixes[-1:]), packed


@contextmanager
def packing(file: BinaryIO, *, packed: bool) -> Iterator[BinaryIO]:
    """A file to write into, which packs with gzip what goes through it, if `packed`."""
    if not packed:
        yield file
        return
    # Without a name and a time in its header, equal rows give equal bytes.
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as inner:
        yield cast("BinaryIO", inner)


def _check_format(path: PathLike, suffix: str, *, packed: bool) -> None:
    if suffix not in WRITERS or (packed and suffix in _PACKED_ALREADY):
        known = ", ".join(sorted(WRITERS))
        raise WriteError(f"{display.one_line(str(path))}: no writer for {suffix or 'this name'}; use one of {known}")


def to_json_line(row: Mapping[str, Any]) -> str:
    """A row as one line of JSON, without the line end; always valid UTF-8 and never more than one line."""
    line = json.dumps(plain(row), ensure_ascii=False, allow_nan=False)
    if not _NOT_IN_LINES.search(line):
        return line
    return checked_text(line).translate(_LINE_ENDS)


def csv_cell(value: Any, *, column: str = "") -> str | int | float:
    """A value as a CSV cell: numbers as numbers, text without controls and never a formula."""
    if column == "themes" and (value is None or isinstance(value, (list, tuple))):
        return guard(themes_cell(value))
    value = plain(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    return guard(encodings.clean(cell_text(value))[0])


def guard(text: str) -> str:
    """Text with an apostrophe before what a spreadsheet would run; a plain number stays as it is."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _write_jsonl(rows: Table, file: BinaryIO, columns: Sequence[str] | None) -> None:
    for row in rows:
        chosen = row if columns is None else {name: row.get(name) for name in columns}
        file.write(to_json_line(chosen).encode("utf-8") + b"\n")


def _write_csv(rows: Table, file: BinaryIO, columns: Sequence[str] | None, delimiter: str = ",") -> None:
    rows, file, columns = _with_columns(rows, columns, file)
    text = io.TextIOWrapper(file, "utf-8", newline="")
    # Text in quotes throughout: a program that splits at another delimiter meets no bare "=" either.
    table = csv.writer(text, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    table.writerow([guard(encodings.clean(name)[0]) for name in columns])
    for row in rows:
        table.writerow([csv_cell(row.get(name), column=name) for name in columns])
    text.flush()
    text.detach()


def _write_tsv(rows: Table, file: BinaryIO, columns: Sequence[str] | None) -> None:
    _write_csv(rows, file, columns, delimiter="\t")


def _write_xlsx(rows: Table, file: BinaryIO, columns: Sequence[str] | None) -> None:
    from topics.corpus.excel import write_xlsx

    write_xlsx(*_with_columns(rows, columns, file))


def _write_parquet(rows: Table, file: BinaryIO, columns: Sequence[str] | None) -> None:
    from topics.corpus.parquet import write_parquet

    write_parquet(*_with_columns(rows, columns, file))


WRITERS: dict[str, Callable[[Table, BinaryIO, Sequence[str] | None], None]] = {
    ".jsonl": _write_jsonl,
    ".csv": _write_csv,
    ".tsv": _write_tsv,
    ".xlsx": _write_xlsx,
    ".parquet": _write_parquet,
}
"""Suffix to the function that writes it."""
_PACKED_ALREADY = (".xlsx", ".parquet")


def _with_columns(rows: Table, columns: Sequence[str] | None, file: BinaryIO) -> tuple[Table, BinaryIO, Sequence[str]]:
    """The arguments of a writer, the columns of the rows found where none are given, by reading them once more."""
    if columns is not None:
        return rows, file, columns
    held = list(rows) if isinstance(rows, Iterator) else rows
    return held, file, union_of_columns(held)


def union_of_columns(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Every column of the rows, as first met; an article's own fields keep their order in front."""
    found: dict[str, None] = {}
    for row in rows:
        found.update(dict.fromkeys(row))
    if "paragraph_themes" in found and "text" in found:
        return [*(name for name in FIELDS if name in found), *(name for name in found if name not in FIELDS)]
    return list(found)


def _mappings(rows: Any) -> Iterator[dict[str, Any]]:
    """Articles, mappings or a DataFrame as dictionaries, one by one."""
    if hasattr(rows, "to_dict") and hasattr(rows, "columns"):
        rows = rows.to_dict("records")
    for row in rows:
        if isinstance(row, Article):
            yield row.to_row()
        elif isinstance(row, Mapping):
            yield {str(name): value for name, value in row.items()}
        else:
            raise SettingsError(f"a row is an Article or a mapping of column to value, not {type(row).__name__}")


def _write_folder(corpus: Corpus, folder: Path) -> None:
    """A folder corpus, whole or not at all; in a folder that is there, beside what it holds."""
    if folder.exists():
        with put_back(folder / _THEMES):
            _fill(corpus, folder)
    else:
        with new_folder(folder) as staging:
            _fill(corpus, staging)


def _fill(corpus: Corpus, folder: Path) -> None:
    """The themes first, so that the articles never stand there without their themes."""
    defined = corpus.defined_themes
    if defined:
        with atomic_write(folder / _THEMES) as file:
            file.write(defined.to_toml().encode("utf-8"))
    write(corpus, folder / "articles.jsonl")
