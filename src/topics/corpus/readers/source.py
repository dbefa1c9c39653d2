"""Where the bytes of a file come from, so that readers need not know whether it lies on the disk.

A source can be opened again: the first pass decides the encoding, the second reads, and neither
holds the file in memory.
"""

from __future__ import annotations

import gzip
import io
import os
import shutil
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from topics import display
from topics.corpus.readers import encodings
from topics.corpus.skipped import Log
from topics.errors import ReadError

_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class Source:
    """A named run of bytes that can be read more than once."""

    name: str
    """What messages call it: the path as the user wrote it."""
    open: Callable[[], BinaryIO]
    stem: str
    """The name without folder and suffix: the id of an article that has a file of its own."""
    suffix: str
    """Lower case, ".gz" removed: ".jsonl" for a.JSONL.gz."""

    @classmethod
    def of_path(cls, path: Path, name: str | None = None) -> Source:
        """The source of a file on the disk; gzip is undone by suffix."""
        packed = path.suffix.lower() == ".gz"
        bare = path.with_suffix("") if packed else path

        def opened() -> BinaryIO:
            if path.exists() and not path.is_file():
                shown = display.one_line(name or str(path))
                raise ReadError(f"{shown}: is a pipe or a device; give a file, or - for JSON Lines from standard input")
            return cast("BinaryIO", gzip.open(path)) if packed else path.open("rb")

        return cls(name or str(path), opened, bare.stem, bare.suffix.lower())

    def read(self) -> bytes:
        """All bytes."""
        with reading(self), self.open() as file:
            return file.read()

    @contextmanager
    def seekable(self) -> Iterator[BinaryIO]:
        """The bytes as a file that can be read from its end; those of a gzip file are unpacked first."""
        with reading(self), self.open() as file:
            packed = isinstance(file, gzip.GzipFile)
            yield io.BytesIO(file.read()) if packed else file

    def chunks(self) -> Iterator[bytes]:
        """The bytes in pieces."""
        with reading(self), self.open() as file:
            while piece := file.read(_CHUNK):
                yield piece

    @contextmanager
    def text(self, log: Log, *, newline: str = "\n") -> Iterator[TextIO]:
        """The file as lines of text, decoded by the encoding of the whole file.

        Bytes that mean nothing come as lone surrogates, which `encodings.clean` replaces and counts.
        """
        encoding = encodings.detect(self.chunks())
        note_code_page(log, self.name, encoding)
        errors = encodings.errors_for(encoding)
        with reading(self), self.open() as file, io.TextIOWrapper(file, encoding, errors, newline) as lines:
            yield lines


def note_code_page(log: Log, name: str, encoding: str) -> None:
    """Tell the log of a file's encoding where it was guessed."""
    if encoding in encodings.CODE_PAGES:
        log.note(name, None, f"read as {encoding}, the likeliest of the Arabic code pages")


@contextmanager
def piped() -> Iterator[Source]:
    """What comes through standard input, as JSON Lines; a pipe cannot be read twice, so it waits on the disk."""
    with tempfile.TemporaryFile() as held:
        shutil.copyfileobj(sys.stdin.buffer, held)
        held.flush()

        def opened() -> BinaryIO:
            file = os.fdopen(os.dup(held.fileno()), "rb")
            file.seek(0)
            return file

        yield Source("stdin", opened, "stdin", ".jsonl")


@contextmanager
def reading(source: Source) -> Iterator[None]:
    """Turn what the system says about a file into an error that names it and the next step."""
    name = display.one_line(source.name)
    try:
        yield
    except FileNotFoundError as error:
        raise ReadError(f"{name}: no such file; check the path") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ReadError(f"{name}: the gzip file is cut short or damaged ({error}); fetch or pack it again") from error
    except OSError as error:
        raise ReadError(
            f"{name}: cannot be read ({error.strerror or error}); check the file and its permissions"
        ) from error
