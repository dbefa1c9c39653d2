"""A corpus cut into partitions: how many there are depends on its files and the settings, never on the workers.

JSON Lines are cut at line ends into ranges of bytes, Parquet into row groups; a packed file, or one of another
format, is a partition by itself. A line belongs to the partition in which it begins.
"""

from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from topics.corpus.article import Article
from topics.corpus.readers import FORMATS, encodings, jsonl, parquet, read_whole
from topics.corpus.readers.located import Options
from topics.corpus.readers.source import Source, reading
from topics.corpus.skipped import Log
from topics.display import one_line
from topics.errors import ReadError
from topics.scale.storage import file_system, is_remote, opened

LINES, GROUPS, WHOLE = "lines", "groups", "whole"
LEAST = 8  # partitions that a corpus of some MiB is cut into, so that there is work to share
_SMALLEST = 1 << 20  # bytes, of a partition that is smaller than asked for so that there are LEAST
_LINES = (".jsonl", ".ndjson")


class Partition(NamedTuple):
    """Some articles of one file; plain values, so that it can be sent to any worker."""

    number: int
    path: str
    kind: str
    start: int  # the first byte, or row group
    stop: int  # the one after the last
    size: int  # bytes, of a Parquet file those of its columns unpacked
    version: str  # what tells the file from what it was before: size and time, or what its store says

    @property
    def name(self) -> str:
        """What messages call it."""
        if self.kind == WHOLE:
            return self.path
        return f"{self.path} ({'bytes' if self.kind == LINES else 'row groups'} {self.start}-{self.stop})"


class _File(NamedTuple):
    path: str
    kind: str
    size: int
    version: str


def plan(paths: Sequence[str], size: int) -> list[Partition]:
    """The partitions of files, folders of files, or addresses of either.

    Parameters
    ----------
    paths : sequence of str
        In the order of the articles; the files of a folder go by name.
    size : int
        Bytes that a partition is to have, about.

    Raises
    ------
    ReadError
        A path without a file, or a format that has no reader.
    """
    files = [_file(path) for given in paths for path in _inside(given)]
    total = sum(file.size for file in files)
    wanted = max(min(size, max(-(-total // LEAST), _SMALLEST)), 1)
    cuts = [(file, *cut) for file in files for cut in _cuts(file, wanted)]
    return [
        Partition(number, file.path, file.kind, start, stop, n_bytes, file.version)
        for number, (file, start, stop, n_bytes) in enumerate(cuts)
    ]


def _inside(path: str) -> list[str]:
    """The files at a path."""
    if is_remote(path):
        system, place = file_system(path)
        if not system.isdir(place):
            return [path]
        found = [str(system.unstrip_protocol(name)) for name in system.ls(place, detail=False)]
    elif Path(path).is_dir():
        found = [str(one) for one in Path(path).iterdir() if one.is_file()]
    else:
        return [path]
    articles = sorted(name for name in found if _suffix(name) in (*_LINES, ".parquet"))
    if not articles:
        raise ReadError(f"{one_line(path)}: holds no .jsonl, .jsonl.gz or .parquet; give the files, or write some")
    return articles


def _suffix(path: str) -> str:
    name = path.rpartition("/")[2].lower().removesuffix(".gz")
    return Path(name).suffix


def _file(path: str) -> _File:
    suffix = _suffix(path)
    if suffix not in FORMATS or suffix == ".zip":
        raise ReadError(f"{one_line(path)}: is not read in partitions; give .jsonl, .jsonl.gz or .parquet")
    packed = path.lower().endswith(".gz")
    kind = GROUPS if suffix == ".parquet" and not packed else LINES if suffix in _LINES and not packed else WHOLE
    with reading(Source(path, lambda: opened(path), path, suffix)):
        if is_remote(path):
            system, place = file_system(path)
            return _File(path, kind, int(system.size(place)), str(system.ukey(place)))
        facts = Path(path).stat()
    return _File(path, kind, facts.st_size, f"{facts.st_size} {facts.st_mtime_ns}")


def _cuts(file: _File, size: int) -> Iterator[tuple[int, int, int]]:
    """(start, stop, bytes) of each partition of a file."""
    if file.kind == GROUPS:
        yield from _row_groups(file, size)
        return
    n = max(-(-file.size // size), 1) if file.kind == LINES else 1
    edges = [file.size * k // n for k in range(n + 1)]
    for start, stop in pairwise(edges):
        yield start, stop, stop - start


def _row_groups(file: _File, size: int) -> Iterator[tuple[int, int, int]]:
    from topics.corpus.optional import library

    arrow = library("pyarrow.parquet")
    with parquet.told(file.path), opened(file.path) as handle:
        facts = arrow.ParquetFile(handle).metadata
        sizes = [facts.row_group(k).total_byte_size for k in range(facts.num_row_groups)]
    first = held = 0
    for group, n_bytes in enumerate(sizes):
        held += n_bytes
        if held >= size or group == len(sizes) - 1:
            yield first, group + 1, held
            first, held = group + 1, 0


@dataclass
class Reading:
    """The articles of a partition one by one; what was met on the way is there when they are done."""

    partition: Partition
    dropped: frozenset[int] = frozenset()  # places in the partition of articles whose ids others had before
    digest: str = ""
    log: Log = field(default_factory=Log)

    def articles(self) -> Iterator[Article]:
        """Those that a corpus of the whole file would hold, each with an id.

        Raises
        ------
        ReadError
            The file is gone, damaged, or no longer what it was when the partitions were made.
        """
        for place, article in enumerate(self.with_repeated()):
            if place not in self.dropped:
                yield article if article.id else _named(article)

    def with_repeated(self) -> Iterator[Article]:
        """Also those whose ids another partition had before; ids may be missing."""
        partition = self.partition
        if _file(partition.path).version != partition.version:
            raise ReadError(f"{one_line(partition.path)}: has changed since the run began; run it again")
        seen: set[str] = set()
        for article, file, line in self._located():
            if article.id is not None:
                if article.id in seen:
                    self.log.skip(file, line, "its id was used before")
                    continue
                seen.add(article.id)
            yield article

    def _located(self) -> Iterator[Any]:
        partition, options = self.partition, Options(self.log, lenient=True)
        if partition.kind == LINES:
            data = _lines(partition)
            self.digest = hashlib.sha256(data).hexdigest()
            _check_encoding(partition, data)
            source = Source(partition.name, lambda: cast("BinaryIO", io.BytesIO(data)), "", ".jsonl")
            return jsonl.read(source, options)
        self.digest = hashlib.sha256(f"{partition.version} {partition.start}".encode()).hexdigest()
        source = Source(partition.name, lambda: _unpacked(partition.path), "", _suffix(partition.path))
        if partition.kind == GROUPS:
            return parquet.read(source, options, range(partition.start, partition.stop))
        return read_whole(source, options)


def _named(article: Article) -> Article:
    return replace(article, id=article.content_id)


def _unpacked(path: str) -> BinaryIO:
    if not path.lower().endswith(".gz"):
        return opened(path)
    # What is fetched from an address is held: gzip closes no file that it is given.
    packed = path if not is_remote(path) else io.BytesIO(_whole(path))
    return cast("BinaryIO", gzip.open(packed))


def _whole(path: str) -> bytes:
    with opened(path) as file:
        return file.read()


def _lines(partition: Partition) -> bytes:
    """The lines that begin in a range of bytes, whole."""
    with reading(Source(partition.path, lambda: opened(partition.path), "", "")), opened(partition.path) as file:
        begin = partition.start
        if begin:
            file.seek(begin - 1)
            begin += len(file.readline()) - 1
        if begin >= partition.stop:
            return b""
        data = file.read(partition.stop - begin)
        return data if data.endswith(b"\n") else data + file.readline()


def _check_encoding(partition: Partition, data: bytes) -> None:
    encoding = encodings.detect([data])
    if not encoding.startswith("utf-8"):
        raise ReadError(
            f"{one_line(partition.path)}: is not UTF-8, so it cannot be cut into partitions; "
            "write it anew with topics corpus convert"
        )
