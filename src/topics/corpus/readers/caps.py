"""What an archive may hold: caps on what is unpacked into memory, and names that are never followed.

Sizes are counted while unpacking, because an archive says what it likes about itself. Nothing is ever
written to the disk.
"""

from __future__ import annotations

import gzip
import io
import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from topics import display
from topics.errors import ReadError

MAX_MEMBER = 1 << 28  # bytes of one member, unpacked
MAX_PACKAGE = 1 << 30  # of all members of a .docx or .xlsx together
MAX_MEMBERS = 100_000
MAX_RATIO = 200  # unpacked to packed; text of people reaches about 10
_SMALL = 1 << 24  # a ratio says nothing of a short file
NESTED = frozenset((".zip", ".tar", ".tgz", ".tbz2", ".txz", ".7z", ".rar", ".bz2", ".xz", ".zst", ".jar", ".iso"))
"""Suffixes of archives: refused by name, and skipped inside another one."""
_DRIVE = re.compile(r"[A-Za-z]:")
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError, ValueError)
"""What unpacking a damaged archive raises."""


class TooLarge(ValueError):
    """Something that unpacks to more than its cap."""


@contextmanager
def opened_zip(file: BinaryIO, name: str) -> Iterator[zipfile.ZipFile]:
    """A zip archive; what cannot be opened as one is refused by name."""
    try:
        archive = zipfile.ZipFile(file)
    except DAMAGED as error:
        shown = display.one_line(name)
        raise ReadError(f"{shown}: is no zip archive or a damaged one ({error}); save it again") from error
    with archive:
        if len(archive.infolist()) > MAX_MEMBERS:
            shown = display.one_line(name)
            raise ReadError(f"{shown}: holds more than {MAX_MEMBERS:,} files; unpack it and give the folder")
        yield archive


def check_package(data: BinaryIO, name: str) -> None:
    """Refuse a .docx or .xlsx that would unpack to more than memory should hold; it is at its start afterwards."""
    with opened_zip(data, name) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > MAX_PACKAGE or any(map(is_bomb, members)):
            raise ReadError(
                f"{display.one_line(name)}: unpacks to far more than a text does, as a zip bomb would; "
                "open it in its program and save it again"
            )
    data.seek(0)


def is_bomb(member: zipfile.ZipInfo) -> bool:
    """Whether a member claims to unpack to more than any text does."""
    return member.file_size > _SMALL and member.file_size > MAX_RATIO * max(member.compress_size, 1)


def fault_of(member: zipfile.ZipInfo, name: str) -> str | None:
    """Why a member is not read, or None."""
    mode = member.external_attr >> 16
    checks = (
        ("its name is absolute or leads out of the archive", unsafe_name(name)),
        ("is a link or a device, not a file", bool(stat.S_IFMT(mode)) and not stat.S_ISREG(mode)),
        ("is encrypted", bool(member.flag_bits & 1)),
        ("is an archive inside an archive", _suffix(name) in NESTED),
        ("unpacks to more than any text does", is_bomb(member)),
        (f"unpacks to more than {MAX_MEMBER >> 20} MiB", member.file_size > MAX_MEMBER),
    )
    return next((fault for fault, found in checks if found), None)


def unsafe_name(name: str) -> bool:
    """Whether a name could point out of a folder, on any system."""
    parts = name.split("/")
    return bool(not name or "\0" in name or "\\" in name or parts[0] == "" or ".." in parts or _DRIVE.match(name))


def _suffix(name: str) -> str:
    """The last suffix of a path's last part, lower case, ".gz" left out."""
    base = name.rpartition("/")[2].lower().removesuffix(".gz")
    return f".{base.rpartition('.')[2]}" if "." in base[1:] else ""


def unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """A member's bytes; those of a .gz member are unpacked once more.

    Raises
    ------
    TooLarge
        More than MAX_MEMBER bytes come out.
    """
    with archive.open(member) as file:
        data = _all(file)
    if member.filename.lower().endswith(".gz"):
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as inner:
            return _all(inner)
    return data


def _all(file: IO[bytes] | gzip.GzipFile) -> bytes:
    # Piece by piece: read(n) of a gzip file may ask for all n bytes of memory at once.
    pieces: list[bytes] = []
    size = 0
    while piece := file.read(1 << 20):
        size += len(piece)
        if size > MAX_MEMBER:
            raise TooLarge(f"unpacks to more than {MAX_MEMBER >> 20} MiB")
        pieces.append(piece)
    return b"".join(pieces)
