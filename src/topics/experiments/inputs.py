"""Articles from what a command was given: files, folders, and ``-`` for JSON Lines on stdin."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, cast

from topics.corpus.article import Article, Corpus
from topics.corpus.readers import jsonl
from topics.corpus.readers.located import Options
from topics.corpus.readers.source import Source
from topics.corpus.skipped import Log, SkippedTable

STDIN = "-"


class Inputs(Iterator[Article]):
    """Articles one by one, in order of the inputs; `skipped` says what was left out so far.

    Parameters
    ----------
    inputs : sequence of str
        Paths, or ``-``.
    strict : bool
        Whether anything that would be skipped or repaired is an error.
    """

    def __init__(self, inputs: Sequence[str], *, strict: bool = False) -> None:
        self._strict = strict
        self._tables: list[SkippedTable] = []
        self._articles = self._read(inputs)

    def __next__(self) -> Article:
        return next(self._articles)

    @property
    def skipped(self) -> SkippedTable:
        """What was skipped or repaired until now."""
        return SkippedTable(row for table in self._tables for row in table)

    def _read(self, inputs: Sequence[str]) -> Iterator[Article]:
        for given in inputs:
            if given == STDIN:
                yield from self._stdin()
                continue
            stream = Corpus.stream(given, strict=self._strict)
            try:
                yield from stream
            finally:
                self._tables.append(stream.skipped)

    def _stdin(self) -> Iterator[Article]:
        """A source is read twice, for its encoding and for its articles; a pipe cannot be, so it waits on the disk."""
        log = Log(strict=self._strict)
        with tempfile.TemporaryDirectory(prefix="topics-") as folder:
            held = Path(folder) / "stdin.jsonl"
            with held.open("wb") as file:
                shutil.copyfileobj(sys.stdin.buffer, file)
            source = Source("stdin", lambda: cast("BinaryIO", held.open("rb")), "stdin", ".jsonl")
            try:
                yield from (located.article for located in jsonl.read(source, Options(log)))
            finally:
                self._tables.append(log.table)
