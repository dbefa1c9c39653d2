"""One file from a server to the disk: gone on with after a cut, never more than its cap, whole or not there.

The name appears when length and checksum are right, with NAME.sha256 beside it, which the next run compares.
A file that changed on the server begins anew.
"""

from __future__ import annotations

import hashlib
import http.client
import re
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

from topics.corpus.fetching.catalogue import File
from topics.corpus.fetching.parts import Edition, Part, claimed
from topics.corpus.fetching.transport import RANGE_NOT_THERE, Cut, Patience, opened
from topics.errors import ReadError, WriteError
from topics.files import atomic_write

Progress = Callable[[str, int, int | None], None]
"""Told of a name, how much of it is done, and of how much in all where that is known."""

_PIECE = 1 << 16
_WORTH = 1 << 20  # bytes after which a connection that broke off counts as a good one
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is there, whole."""

    path: Path
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class _Task:
    """What is fetched, and how."""

    file: File
    hosts: Sequence[str]
    patience: Patience
    progress: Progress


def download(
    file: File,
    folder: Path,
    *,
    hosts: Sequence[str] = (),
    patience: Patience | None = None,
    progress: Progress | None = None,
) -> Received:
    """The file in the folder, fetched unless it is there.

    Parameters
    ----------
    file : File
        As the catalogue has it.
    folder : Path
        Must exist.
    hosts : sequence of str
        To which its address may redirect.
    patience : Patience, optional
        How long the server is waited for.
    progress : callable, optional
        Told of the bytes that are there.

    Raises
    ------
    ReadError
        The server does not give the file, or gives another one.
    WriteError
        The disk does not take it, or something else lies there.
    """
    target = folder / file.name
    if target.exists():
        return _kept(file, target)
    with claimed(target) as part:
        _transfer(_Task(file, hosts, patience or Patience(), progress or _nobody), part)
        received = _checked(file, part, target)
        with atomic_write(_noted(target)) as note:  # as `sha256sum --check` reads it
            note.write(f"{received.sha256}  {target.name}\n".encode("ascii"))
        part.become(target)
    return received


def digests(path: Path) -> tuple[str, str]:
    """SHA-256 and MD5 of a file, in hexadecimal digits."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            sha256.update(piece)
            md5.update(piece)
    return sha256.hexdigest(), md5.hexdigest()


def _transfer(task: _Task, part: Part) -> None:
    """Bring the part to its end, over as many connections as it takes while they bring something."""
    failures, pause = 0, task.patience.pause
    while not _is_whole(task, part):
        before = part.size
        try:
            _connect(task, part)
        except Cut as cut:
            failures = 1 if part.size - before >= _WORTH else failures + 1
            if failures >= task.patience.attempts:
                raise ReadError(
                    f"{task.file.address}: broke off at {part.size:,} bytes ({cut}); what came is kept, "
                    "run the same command to go on"
                ) from cut
            time.sleep(pause)
            pause = min(2 * pause, 60.0)
        else:
            return


def _is_whole(task: _Task, part: Part) -> bool:
    """Whether an earlier run brought every byte and stopped before the name."""
    known = part.edition(task.file.address)
    return known is not None and known.length is not None and known.length == part.size


def _connect(task: _Task, part: Part) -> None:
    """One connection: the rest of the part, or all of it where the server gives no rest."""
    known = part.edition(task.file.address)
    if part.size and (known is None or known.validator is None):
        part.begin_anew()
    headers = {"Range": f"bytes={part.size}-", "If-Range": known.validator or ""} if part.size and known else {}
    with opened(task.file.address, task.hosts, headers, task.patience) as (status, response):
        start, length = _extent(status, response.headers)
        edition = Edition(task.file.address, response.headers["ETag"], response.headers["Last-Modified"], length)
        if start == 0:
            part.begin_anew()
        elif start != part.size or known is None or edition.differs_from(known):
            part.begin_anew()
            raise Cut("the server sends another file than before")
        _check_length(task.file, length)
        part.check_space((length or task.file.cap) - part.size)
        part.remember(edition)
        _receive(task, part, response, length)


def _receive(task: _Task, part: Part, response: http.client.HTTPResponse, length: int | None) -> None:
    """Write what comes until the server ends, within the cap and above the least rate."""
    file, size = task.file, part.size
    window, since = time.monotonic(), size
    task.progress(file.name, size, length)
    while piece := response.read1(_PIECE):
        size += len(piece)
        if size > file.cap:
            part.begin_anew()
            raise ReadError(f"{file.address}: sends more than the {file.cap:,} bytes that it may; nothing was kept")
        part.append(piece)
        task.progress(file.name, size, length)
        if (passed := time.monotonic() - window) >= task.patience.timeout:
            if size - since < task.patience.rate * passed:
                raise Cut("the server is too slow")
            window, since = time.monotonic(), size
    if length is not None and size < length:
        raise Cut(f"{length - size:,} bytes are missing")


def _extent(status: int, headers: Message) -> tuple[int, int | None]:
    """Where an answer begins in the file (-1: nowhere), and how long the whole file is."""
    length = headers.get("Content-Length") or ""
    if status == http.client.PARTIAL_CONTENT:
        found = _CONTENT_RANGE.fullmatch((headers.get("Content-Range") or "").strip())
        return (int(found[1]), int(found[2]) if found[2] != "*" else None) if found else (-1, None)
    return (-1, None) if status == RANGE_NOT_THERE else (0, int(length) if length.isdecimal() else None)


def _check_length(file: File, length: int | None) -> None:
    """Refuse at once what cannot come out right."""
    if length is None:
        return
    if length > file.cap and file.exact_size is None:
        raise ReadError(
            f"{file.address}: is {length:,} bytes, and {file.cap:,} are the most it may be; nothing was fetched, "
            "see the publisher's page"
        )
    if file.exact_size not in (None, length):
        raise ReadError(
            f"{file.address}: is {length:,} bytes now, not {file.exact_size:,}; the publisher changed the file, "
            "see the publisher's page"
        )


def _checked(file: File, part: Part, target: Path) -> Received:
    """The part as it will be, when it is the file that was meant; forgotten when it is not."""
    size, (sha256, md5) = part.size, digests(part.path)
    fault = None
    if file.exact_size not in (None, size):
        fault = f"came with {size:,} bytes, not {file.exact_size:,}"
    elif file.sha256 not in (None, sha256):
        fault = f"came with the SHA-256 {sha256}, not {file.sha256}"
    elif file.md5 not in (None, md5):
        fault = f"came with the MD5 {md5}, not {file.md5}"
    elif file.name.endswith(".zip") and not zipfile.is_zipfile(part.path):
        fault = "is no zip archive: cut short, or a page with an error"
    if fault:
        part.begin_anew()
        raise ReadError(f"{file.address}: {fault}; it was not kept, try again later or see the publisher's page")
    return Received(target, size, sha256)


def _kept(file: File, target: Path) -> Received:
    """A file that is there already, when it is what was fetched."""
    try:
        note = _noted(target).read_text(encoding="ascii").split() if _noted(target).is_file() else []
        size, (sha256, md5) = target.stat().st_size, digests(target)
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"{target}: cannot be compared with what was fetched ({error}); move it away") from error
    expected = file.sha256 or next(iter(note), None)
    if expected is None:
        raise WriteError(f"{target}: is there, and no note says that it was fetched; move it away, or choose --out")
    if sha256 != expected or file.md5 not in (None, md5):
        raise WriteError(f"{target}: is not the file that was fetched (SHA-256 {sha256}); move it away to fetch it")
    return Received(target, size, sha256)


def _noted(target: Path) -> Path:
    return target.with_name(f"{target.name}.sha256")


def _nobody(_name: str, _done: int, _of: int | None) -> None:
    """Nobody watches."""
