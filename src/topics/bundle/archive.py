"""A zip of stored members, written one way and read in one way only.

`zipfile` is made to cope: it searches for the end of the archive, skips what stands before it and
lets members overlap. Here every byte of the file belongs to one header or one member, members are
stored (so nothing can grow when it is read), and any other file is refused with the reason.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import struct
import zlib
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Protocol

from topics.bundle.advice import COPY, SAVE
from topics.display import one_line
from topics.errors import BundleError, DamagedBundle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_MEMBERS = 64
MAX_DIRECTORY = 1 << 16  # bytes
MAX_ZIP = (1 << 32) - (1 << 20)  # bytes; a larger zip needs another kind of header

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_NEEDS, _UNIX, _DATE = 20, 3 << 8, (0 << 9) | (1 << 5) | 1  # 1980-01-01
_FILE_MODE = (stat.S_IFREG | 0o644) << 16
_ENCRYPTED, _HARMLESS = 0x0001, 0x0806  # names in UTF-8; how hard a compressor would have tried
_CHUNK = 1 << 20

KNOWN_FILES = (
    (b"\x1f\x8b", "is compressed with gzip; unpack it first"),
    (b"BZh", "is compressed with bzip2; unpack it first"),
    (b"\xfd7zXZ", "is compressed with xz; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "is compressed with zstd; unpack it first"),
    (b"7z\xbc\xaf", "is a 7z archive; unpack it first"),
    (b"Rar!", "is a rar archive; unpack it first"),
    (b"\x93NUMPY", f"is a numpy array, not a bundle; {SAVE}"),
    (b"\x89HDF", f"is an HDF5 file, not a bundle; {SAVE}"),
    *(
        (bytes([0x80, protocol]), f"is a pickle, which can run code when it is opened; {SAVE}")
        for protocol in range(1, 6)
    ),
)


class Entry(NamedTuple):
    """One member: where its local header starts, and what its central header says of it."""

    start: int
    name: str
    size: int  # bytes
    crc: int


class Reader:
    """The bytes of one member, in order and once; what passes is summed and hashed."""

    def __init__(self, file: BinaryIO, size: int, crc: int | None = None) -> None:
        self._file, self._crc_saved = file, crc
        self._crc, self._hash = 0, hashlib.sha256()
        self.left = size

    def read(self, size: int) -> bytes:
        """The next `size` bytes, all of them."""
        data = self._file.read(min(size, self.left))
        if len(data) != size:
            raise DamagedBundle(f"ends too soon; {COPY}")
        self._count(data)
        return data

    def readinto(self, view: memoryview) -> None:
        """Fill `view` with the next bytes."""
        if view.nbytes > self.left:
            raise DamagedBundle(f"ends too soon; {COPY}")
        for start in range(0, view.nbytes, _CHUNK):
            piece = view[start : start + _CHUNK]
            done = 0
            while done < piece.nbytes:
                # BufferedIOBase promises readinto; typing's BinaryIO does not name it.
                more = self._file.readinto(piece[done:])  # type: ignore[attr-defined]
                if not more:
                    raise DamagedBundle(f"ends too soon; {COPY}")
                done += more
            self._count(piece)

    def check(self, name: str, sha256: str | None) -> None:
        """Raise unless the whole member is what was saved.

        Raises
        ------
        DamagedBundle
            Its sum or hash is another one.
        """
        while self.left:
            self.read(min(self.left, _CHUNK))
        changed = self._crc_saved not in (None, self._crc) or sha256 not in (None, self._hash.hexdigest())
        if changed:
            raise DamagedBundle(f"{name} is damaged: it is not what was saved; {COPY}")

    def _count(self, data: bytes | memoryview) -> None:
        self.left -= len(data)
        self._hash.update(data)
        if self._crc_saved is not None:
            self._crc = zlib.crc32(data, self._crc)


class Source(Protocol):
    """The members of a bundle, as a file or as a folder."""

    is_folder: bool
    sizes: dict[str, int]

    def member(self, name: str) -> contextlib.AbstractContextManager[Reader]:
        """A reader of one member."""


class ZipSource:
    """The members of an open zip file."""

    is_folder = False

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._entries = {entry.name: entry for entry in entries(file, size)}
        self.sizes = {entry.name: entry.size for entry in self._entries.values()}

    @contextlib.contextmanager
    def member(self, name: str) -> Iterator[Reader]:
        """A reader of one member; one at a time."""
        entry = self._entries[name]
        self._file.seek(entry.start)
        self._file.seek(_local_length(self._file, entry) + entry.start)
        yield Reader(self._file, entry.size, entry.crc)


class FolderSource:
    """The members of an unpacked bundle; other files in the folder are ignored."""

    is_folder = True

    def __init__(self, folder: Path, names: Iterable[str]) -> None:
        self._folder = folder
        self.sizes = {}
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                info = (folder / name).lstat()
                if not stat.S_ISREG(info.st_mode):
                    raise BundleError(f"{name} is no ordinary file; put the member itself into the folder")
                self.sizes[name] = info.st_size

    @contextlib.contextmanager
    def member(self, name: str) -> Iterator[Reader]:
        """A reader of one member."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        with os.fdopen(os.open(self._folder / name, flags), "rb") as file:
            yield Reader(file, self.sizes[name])


@contextlib.contextmanager
def open_source(path: str | os.PathLike[str], names: Iterable[str], max_bytes: int) -> Iterator[Source]:
    """The members of the file or folder at `path`, of at most `max_bytes`."""
    info = Path(path).stat()
    if stat.S_ISDIR(info.st_mode):
        folder = FolderSource(Path(path), names)
        _check_total(sum(folder.sizes.values()), max_bytes)
        yield folder
        return
    if not stat.S_ISREG(info.st_mode):
        raise BundleError("is a device or a pipe; copy it to an ordinary file first")
    with Path(path).open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        _check_total(size, max_bytes)
        yield ZipSource(file, size)


def pack(file: BinaryIO, members: Iterable[tuple[str, bytes]]) -> None:
    """Write members as a zip: stored, in their order, dated 1980-01-01; the same bytes with every Python."""
    directory, place = [], 0
    for name, data in members:
        raw, crc = name.encode("ascii"), zlib.crc32(data)
        common = (0, 0, 0, _DATE, crc, len(data), len(data), len(raw), 0)
        directory.append(
            _CENTRAL.pack(_CENTRAL_MARK, _UNIX | _NEEDS, _NEEDS, *common, 0, 0, 0, _FILE_MODE, place) + raw
        )
        header = _LOCAL.pack(_LOCAL_MARK, _NEEDS, *common) + raw
        place += len(header) + len(data)
        file.write(header)
        file.write(data)
    end = b"".join(directory)
    file.write(end)
    file.write(_END.pack(_END_MARK, 0, 0, len(directory), len(directory), len(end), place, 0))


def entries(file: BinaryIO, size: int) -> list[Entry]:
    """The members of a zip of `size` bytes, once headers, names and places are known to be plain.

    Raises
    ------
    BundleError
        It is another kind of file, or holds what no bundle holds.
    DamagedBundle
        It is a zip whose parts do not fit together, such as the first half of one.
    """
    start, count = _directory(file, size)
    file.seek(start)
    directory = file.read(size - _END.size - start)
    found: list[Entry] = []
    place = 0
    for _ in range(count):
        entry, length = _central(directory[place:])
        if any(entry.name == other.name for other in found):
            raise BundleError(f"holds {entry.name!r} twice; {SAVE}")
        found.append(entry)
        place += length
    if place != len(directory):
        raise DamagedBundle(f"its list of members does not end where it should; {COPY}")
    _check_places(file, found, start)
    return found


def _directory(file: BinaryIO, size: int) -> tuple[int, int]:
    """Where the list of members starts, and how many it lists."""
    file.seek(0)
    head = file.read(512)
    if not head:
        raise BundleError(f"is empty (0 bytes); {COPY}")
    if not head.startswith((_LOCAL_MARK, _END_MARK)):
        raise BundleError(_kind(head))
    file.seek(max(size - _END.size, 0))
    tail = file.read(_END.size)
    if len(tail) < _END.size or not tail.startswith(_END_MARK):
        raise DamagedBundle(f"is cut off, or something was added at its end; {COPY}")
    _, disk, other, here, count, length, start, comment = _END.unpack(tail)
    if count > MAX_MEMBERS or length > MAX_DIRECTORY:
        raise BundleError(f"holds {count:,} members or more, a bundle holds six; {SAVE}")
    if disk or other or comment or here != count or start + length + _END.size != size:
        raise DamagedBundle(f"its list of members is not where its end says; {COPY}")
    return start, count


def _central(header: bytes) -> tuple[Entry, int]:
    """One member of the list, and the length of its entry in bytes."""
    if len(header) < _CENTRAL.size or not header.startswith(_CENTRAL_MARK):
        raise DamagedBundle(f"its list of members is broken; {COPY}")
    fields = _CENTRAL.unpack(header[: _CENTRAL.size])
    _, _, _, flags, method, _, _, crc, packed, size, name_size, extra, comment, disk, _, mode, start = fields
    length = _CENTRAL.size + name_size + extra + comment
    name = _member_name(header[_CENTRAL.size : _CENTRAL.size + name_size])
    if flags & _ENCRYPTED:
        raise BundleError(f"{name!r} is encrypted; {SAVE}")
    if stat.S_IFMT(mode >> 16) not in (0, stat.S_IFREG):
        raise BundleError(f"{name!r} is a link or another special file; {SAVE}")
    if method:
        raise BundleError(f"{name!r} is compressed, which a bundle never is; {SAVE}, or pack it with: zip -0 -X")
    if flags & ~_HARMLESS or disk or packed != size or len(header) < length:
        raise DamagedBundle(f"the entry of {name!r} is broken; {COPY}")
    return Entry(start, name, size, crc), length


def _member_name(raw: bytes) -> str:
    """The name of a member that stands beside the others and nowhere else."""
    name = raw.decode(errors="replace")
    shown = one_line(name, 60)
    if "\\" in name or "\x00" in name or re.match("[A-Za-z]:", name):
        raise BundleError(f"holds a member named {shown!r}, which some systems read as another place; {SAVE}")
    if "/" in name or name in ("", ".", ".."):
        raise BundleError(f"holds a member named {shown!r}, not at its top; {SAVE}, or pack it without its folder")
    return shown


def _check_places(file: BinaryIO, found: list[Entry], end: int) -> None:
    """Raise unless the members, one after the other, fill the file up to `end`."""
    found = sorted(found)
    for entry, following in pairwise(found):
        if following.start < entry.start + _LOCAL.size + entry.size:
            raise BundleError(f"{following.name!r} overlaps another member; {SAVE}")
    place = 0
    for entry in found:
        file.seek(entry.start)
        length = _local_length(file, entry) if entry.start == place else -1
        place += length + entry.size
        if length < 0 or place > end:
            raise DamagedBundle(f"{entry.name!r} is not where the list of members says; {COPY}")
    if place != end:
        raise DamagedBundle(f"{end - place} bytes belong to no member; {COPY}")


def _local_length(file: BinaryIO, entry: Entry) -> int:
    """The length of a local header that agrees with the list of members, else -1."""
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size:
        return -1
    mark, _, flags, method, _, _, crc, packed, size, name_size, extra = _LOCAL.unpack(header)
    agrees = (crc, packed, size, method) == (entry.crc, entry.size, entry.size, 0)
    if mark != _LOCAL_MARK or not agrees or flags & ~_HARMLESS or file.read(name_size) != entry.name.encode():
        return -1
    return _LOCAL.size + int(name_size) + int(extra)


def _kind(head: bytes) -> str:
    """What a file that is no zip seems to be, and what to do with it."""
    for mark, message in KNOWN_FILES:
        if head.startswith(mark):
            return message
    if head[257:262] == b"ustar":
        return "is a tar archive; unpack it, or use zip"
    return f"is no bundle (not a zip); {SAVE}"


def _check_total(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise BundleError(f"has {size:,} bytes, more than the {max_bytes:,} allowed; to read it, set max_bytes={size}")
