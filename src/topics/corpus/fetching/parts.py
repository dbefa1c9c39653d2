"""What has come of a file so far: NAME.part, and NAME.part.json, which says of what edition of the file it is."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import FileIO
from pathlib import Path

from topics.errors import WriteError
from topics.files import atomic_write, sync_folder


@dataclass(frozen=True, slots=True)
class Edition:
    """What tells one state of a file on its server from another."""

    address: str
    etag: str | None = None
    modified: str | None = None
    length: int | None = None

    @property
    def validator(self) -> str | None:
        """What If-Range takes: an ETag that speaks for every byte, or the time of the last change."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified

    def differs_from(self, other: Edition) -> bool:
        """Whether anything that both say is different."""
        return any(
            mine is not None and theirs is not None and mine != theirs
            for mine, theirs in (
                (self.address, other.address),
                (self.etag, other.etag),
                (self.modified, other.modified),
                (self.length, other.length),
            )
        )


class Part:
    """The bytes that came, held by this process alone."""

    def __init__(self, path: Path, file: FileIO) -> None:
        self.path = path
        self._file = file

    @property
    def size(self) -> int:
        """In bytes."""
        return os.fstat(self._file.fileno()).st_size

    def append(self, piece: bytes) -> None:
        """Write bytes at the end."""
        rest = memoryview(piece)
        with writing(self.path):
            while rest:
                rest = rest[self._file.write(rest) :]

    def begin_anew(self) -> None:
        """Forget what came."""
        with writing(self.path):
            self._file.truncate(0)
            _note(self.path).unlink(missing_ok=True)

    def edition(self, address: str) -> Edition | None:
        """Of what edition the bytes are; None where no note says, or they came from elsewhere."""
        try:
            found = Edition(**json.loads(_note(self.path).read_bytes()))
        except (OSError, ValueError, TypeError):
            return None
        return found if found.address == address else None

    def remember(self, edition: Edition) -> None:
        """Note of what edition the bytes are."""
        with atomic_write(_note(self.path)) as note:
            note.write(json.dumps(asdict(edition)).encode("utf-8"))

    def check_space(self, wanted: int) -> None:
        """Refuse to begin what the disk cannot hold."""
        free = shutil.disk_usage(self.path.parent).free
        if wanted > free:
            raise WriteError(
                f"{self.path}: wants {wanted:,} bytes more and the disk has {free:,}; make room, or choose --out"
            )

    def become(self, target: Path) -> None:
        """Take the name of the whole file."""
        with writing(target):
            os.fsync(self._file.fileno())
            if sys.platform == "win32":
                self._file.close()  # an open file cannot be renamed there
            os.replace(self.path, target)  # noqa: PTH105 - as in files.py
            sync_folder(target.parent)
            _note(self.path).unlink(missing_ok=True)


@contextmanager
def claimed(target: Path) -> Iterator[Part]:
    """The part of a file, for this process alone; an empty one is taken away in the end.

    Raises
    ------
    WriteError
        Another process fetches it, or it cannot be written.
    """
    path = target.with_name(f"{target.name}.part")
    with writing(path):
        file = path.open("ab", buffering=0)
    with file:
        if not _locked(file) or not _is(file, path):
            raise WriteError(f"{path}: another process is fetching it; wait for its end, or choose --out")
        part = Part(path, file)
        try:
            yield part
        finally:
            with contextlib.suppress(OSError, ValueError):
                if not part.size and _is(file, path):
                    path.unlink()
                    _note(path).unlink(missing_ok=True)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the disk says into an error that names the file."""
    try:
        yield
    except OSError as error:
        raise WriteError(
            f"{path}: cannot be written ({error.strerror or error}); what came is kept, check the free space and "
            "the permissions and run the same command again"
        ) from error


def _locked(file: FileIO) -> bool:
    """Whether nobody else holds the file; the system lets go of it when the process ends."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(file.fileno(), 1 << 40, os.SEEK_SET)  # far behind the bytes, which stay readable
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is(file: FileIO, path: Path) -> bool:
    """Whether the open file still bears its name: whoever held it before may have renamed it."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _note(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")
