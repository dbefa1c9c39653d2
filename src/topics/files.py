"""Write a file so that a reader sees the old one or the new one, whole, whatever happens between.

Bytes go to a temporary file in the same folder, are forced to the disk, and take the name in one
step. A temporary file left by a process that died is removed by the next write to that folder.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import secrets
import shutil
import stat
import sys
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from topics.display import one_line
from topics.errors import WriteError

PathLike = str | os.PathLike[str]

_LONGEST_NAME = 120  # bytes: with a suffix it fits every file system, and on some is counted in UTF-8
_DEVICES = frozenset(("con", "prn", "aux", "nul", *(f"{port}{k}" for port in ("com", "lpt") for k in range(10))))
_PREFIX, _SUFFIX = ".topics-", ".tmp"
# Not what a stopped run left to go on from: those names have one part more (experiments/folder.py).
_TEMPORARY = re.compile(r"\.topics-(\d+)-[0-9a-f]{12}\.tmp")
_STALE_SECONDS = 24 * 3600


@contextlib.contextmanager
def atomic_write(path: PathLike) -> Iterator[BinaryIO]:
    """A binary file to write into; `path` holds its bytes when the block ends, and is untouched if it fails.

    Parameters
    ----------
    path : path
        Where the bytes belong; its folder must exist. A symbolic link is written through, to its file.

    Raises
    ------
    WriteError
        The place cannot be written; the old file, if there was one, is as it was.
    """
    target = _target(path)
    temporary = temporary_in(target.parent)
    replaced = False
    try:
        remove_stale(target.parent)
        with _create(temporary) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        os.replace(temporary, target)  # noqa: PTH105 - named in FAULTS.md, and tests make it fail
        replaced = True
        sync_folder(target.parent)
    except OSError as error:
        # An error that names another file came from the caller's own reading, not from this write.
        if error.filename not in (None, str(temporary), str(target), str(target.parent)):
            raise
        why = error.strerror or error
        if replaced:
            raise WriteError(
                f"{path}: cannot be forced to the disk ({why}); check it, and write the file again"
            ) from error
        raise WriteError(
            f"{path}: cannot be written ({why}); the old file is untouched, check the free space and the permissions"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


@contextlib.contextmanager
def new_folder(path: PathLike) -> Iterator[Path]:
    """A folder to write files into, which takes the name `path` when the block ends and is gone if it fails.

    Parameters
    ----------
    path : path
        A free name, or an empty folder, in a folder that exists.

    Raises
    ------
    WriteError
        Something is there, or the place cannot be written.
    """
    target = _free_folder(path)
    staging = temporary_in(target.parent)
    try:
        remove_stale(target.parent)
        staging.mkdir()
        yield staging
        if target.is_dir():
            target.rmdir()
        staging.rename(target)
        sync_folder(target.parent)
    except WriteError as error:
        if staging.name not in str(error):
            raise
        raise WriteError(str(error).replace(str(staging), str(target))) from error
    except OSError as error:
        # An error that names another file came from the caller's own reading, not from this folder.
        if error.filename not in (None, str(staging), str(target), str(target.parent)):
            raise
        raise WriteError(
            f"{one_line(str(path))}: cannot be made ({error.strerror or error}); "
            "check the free space and the permissions"
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextlib.contextmanager
def put_back(path: PathLike) -> Iterator[None]:
    """When the block fails, `path` is again the file that it was before, or no file: for files that belong together.

    Parameters
    ----------
    path : path
        A file that the block writes by `atomic_write`.

    Raises
    ------
    WriteError
        The place cannot be written.
    """
    target = _target(path)
    kept = temporary_in(target.parent)
    try:
        was_there = keep(target, kept)
    except OSError as error:
        raise WriteError(
            f"{path}: cannot be kept while the new one is made ({error.strerror or error}); "
            "check the free space and the permissions"
        ) from error
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            if was_there:
                kept.replace(target)
            else:
                target.unlink(missing_ok=True)
        raise
    finally:
        with contextlib.suppress(OSError):
            kept.unlink()


def keep(file: Path, kept: Path) -> bool:
    """Give a file a second name, to come back to when it is replaced; whether there was one."""
    try:
        os.link(file, kept)
    except FileNotFoundError:
        return False
    except OSError:  # a file system without links
        shutil.copy2(file, kept)
    return True


def temporary_in(folder: Path) -> Path:
    """A free name in a folder that says whose it is; what is left under it is removed by a later write there."""
    return folder / f"{_PREFIX}{os.getpid()}-{secrets.token_hex(6)}{_SUFFIX}"


def remove_stale(folder: Path) -> None:
    """Remove temporary files and folders of writers that died; those of living ones stay."""
    for left in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        name = _TEMPORARY.fullmatch(left.name)
        with contextlib.suppress(OSError):
            if name and (is_dead(int(name[1])) or time.time() - left.stat().st_mtime > _STALE_SECONDS):
                if left.is_dir() and not left.is_symlink():
                    shutil.rmtree(left)
                else:
                    left.unlink()


def sync_folder(folder: PathLike) -> None:
    """Force a folder's entries to the disk, so that a rename survives a power cut; nothing where that cannot be."""
    if sys.platform == "win32":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:  # a folder that may be written and not read
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that syncs no folders
            raise
    finally:
        os.close(handle)


def safe_name(label: str, suffix: str = "") -> str:
    """A file name for any label: no folder, no device of Windows, no hidden sign, and one name for one label.

    Letters and digits of any script stay, everything else is a hyphen. A label that this changes, that is
    long, or whose capitals another system would not tell apart, is followed by eight digits of its hash.

    Examples
    --------
    >>> safe_name("sport", ".csv"), safe_name("رياضة")
    ('sport.csv', 'رياضة')
    >>> safe_name("../x", ".csv")
    'x-d6b96a97.csv'
    """
    kept = "".join(char if char.isalnum() or char == "_" else "-" for char in unicodedata.normalize("NFC", label))
    slug = re.sub("-{2,}", "-", kept).strip("-")
    while len(slug.encode("utf-8", "replace")) > _LONGEST_NAME:
        slug = slug[:-1]
    if not slug or slug != label or slug != slug.lower() or slug in _DEVICES:
        digest = hashlib.sha256(label.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        slug = f"{slug}-{digest}".lstrip("-")
    return slug + suffix


def _target(path: PathLike) -> Path:
    """The file that will be replaced, once it is known that it may be."""
    try:
        target = Path(os.path.realpath(path))
        if target.is_dir():
            raise WriteError(f"{path}: is a folder; name a file in it")
        if not target.parent.is_dir():
            raise WriteError(f"{path}: its folder does not exist; make {target.parent} first")
        if target.exists() and not target.is_file():
            raise WriteError(f"{path}: is a device or a pipe, which cannot be replaced; name an ordinary file")
    except (OSError, ValueError) as error:
        if isinstance(error, WriteError):
            raise
        raise WriteError(f"{str(path)!r}: cannot be a file name ({error}); choose another") from error
    return target


def _free_folder(path: PathLike) -> Path:
    """The folder that will be made, once it is known that it may be."""
    shown = one_line(str(path))
    try:
        target = Path(os.path.realpath(path))
        if target.exists() and not (target.is_dir() and not any(target.iterdir())):
            raise WriteError(f"{shown}: is there already; name a new folder, nothing was changed")
        if not target.parent.is_dir():
            raise WriteError(f"{shown}: its folder does not exist; make {one_line(str(target.parent))} first")
    except (OSError, ValueError) as error:
        if isinstance(error, WriteError):
            raise
        raise WriteError(f"{shown}: cannot be a folder's name ({error}); choose another") from error
    return target


def _create(path: Path) -> BinaryIO:
    """A new file under the user's umask; mkstemp's 0600 would hide results from colleagues."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    return os.fdopen(os.open(path, flags, 0o666), "wb")


def is_dead(process: int) -> bool:
    """Whether no process has that number; never on Windows, where asking would end the process."""
    if sys.platform == "win32":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False
