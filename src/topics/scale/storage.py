"""Results of tasks as files: written beside and renamed, never pickled, told from damaged ones by their checksums.

A file is a zip of arrays in numpy's own format, members stored, one of them JSON values. Its folder may lie on
a disk, on one that machines share, or at an address that fsspec knows.
"""

from __future__ import annotations

import io
import json
import os
import secrets
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from topics.display import one_line
from topics.errors import MissingExtra, WriteError

Arrays = dict[str, NDArray[Any]]
_VALUES = "values"
_DATE = (1980, 1, 1, 0, 0, 0)  # equal arrays give equal bytes


class Damaged(Exception):
    """A file that is not there, or not whole: its task is done again."""


def is_remote(path: str) -> bool:
    """Whether a path is an address for fsspec."""
    return "://" in path


def file_system(path: str) -> tuple[Any, str]:
    """The file system of an address, and the path there.

    Raises
    ------
    MissingExtra
        fsspec, or the library of this kind of address, is not installed.
    """
    try:
        from fsspec.core import url_to_fs
    except ModuleNotFoundError as error:
        raise MissingExtra("fsspec", "scale") from error
    try:
        system, place = url_to_fs(path)
    except ImportError as error:
        raise WriteError(f"{one_line(path)}: fsspec needs a library for it: {one_line(str(error), 120)}") from error
    return system, str(place)


def joined(folder: str, *names: str) -> str:
    """A path inside a folder."""
    return "/".join((folder.rstrip("/"), *names)) if is_remote(folder) else os.path.join(folder, *names)  # noqa: PTH118


def make_folder(path: str) -> None:
    """Make a folder with those above it; an address has none."""
    if not is_remote(path):
        try:
            Path(path).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WriteError(
                f"{one_line(path)}: cannot be made ({error.strerror}); choose another place with [scale] work"
            ) from error


def opened(path: str) -> BinaryIO:
    """A file for reading, on the disk or at an address."""
    if is_remote(path):
        system, place = file_system(path)
        return cast("BinaryIO", system.open(place, "rb"))
    return Path(path).open("rb")


def exists(path: str) -> bool:
    """Whether there is a file."""
    if is_remote(path):
        system, place = file_system(path)
        return bool(system.exists(place))
    return Path(path).exists()


def remove(path: str) -> None:
    """Take a file away; one that is gone is no fault: another worker was first."""
    if is_remote(path):
        system, place = file_system(path)
        if system.exists(place):
            system.rm(place)
        return
    Path(path).unlink(missing_ok=True)


def remove_folder(path: str) -> None:
    """Take a folder away with all that is in it; one that is gone is no fault."""
    if is_remote(path):
        system, place = file_system(path)
        if system.exists(place):
            system.rm(place, recursive=True)
        return
    shutil.rmtree(path, ignore_errors=True)


@contextmanager
def written(path: str) -> Iterator[BinaryIO]:
    """A binary file to write into, which takes its name in one step when the block ends; nothing is left if it fails.

    Unlike `topics.files.atomic_write` it does not wait for the disk: after a power cut the checksums tell.
    """
    if is_remote(path):
        system, place = file_system(path)
        held = io.BytesIO()
        yield held
        system.pipe_file(place, held.getvalue())  # an object is there whole or not at all
        return
    temporary = Path(f"{path}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("wb") as file:
            yield file
        temporary.replace(path)
    except OSError as error:
        if error.filename not in (None, str(temporary), path):
            raise
        raise WriteError(
            f"{one_line(path)}: cannot be written ({error.strerror or error}); check the free space, then --resume"
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def write_arrays(path: str, arrays: Mapping[str, NDArray[Any]], values: Mapping[str, Any] | None = None) -> int:
    """Arrays and JSON values as one file; its size in bytes."""
    with written(path) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
            for name, array in arrays.items():
                with archive.open(zipfile.ZipInfo(name, _DATE), "w", force_zip64=True) as member:
                    np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
            # Last, so that what has values has everything.
            archive.writestr(zipfile.ZipInfo(_VALUES, _DATE), json.dumps(dict(values or {}), ensure_ascii=True))
        return file.tell()


def read_values(path: str) -> dict[str, Any]:
    """The JSON values of a file.

    Raises
    ------
    Damaged
        There is no such file, or it is not whole.
    """
    return _read(path, ())[1]


def read_arrays(path: str, *names: str) -> Arrays:
    """Arrays of a file by name: those that are named, or all.

    Raises
    ------
    Damaged
        There is no such file, or it is not whole.
    """
    return _read(path, names or None)[0]


def _read(path: str, names: tuple[str, ...] | None) -> tuple[Arrays, dict[str, Any]]:
    try:
        with opened(path) as file, zipfile.ZipFile(file) as archive:
            wanted = [name for name in archive.namelist() if name != _VALUES] if names is None else names
            arrays = {}
            for name in wanted:
                with archive.open(name) as member:
                    arrays[name] = np.lib.format.read_array(member, allow_pickle=False)
            return arrays, json.loads(archive.read(_VALUES))
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise Damaged(f"{one_line(path)}: {error}") from error
