r"""One kept result as a file: JSON values and arrays, and a hash by which damage is told.

::

    topics-kept 1 \n
    8 bytes, little-endian: length of the head
    head: JSON {"values": ..., "arrays": [[name, dtype, shape], ...]}
    the arrays' bytes, one after another, C order
    32 bytes: SHA-256 of all before

Nothing in it is executed; dtypes other than whole and floating numbers are refused, and shapes are held
against the size of the file before memory is taken.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MAGIC = b"topics-kept 1\n"
_HASH_BYTES = 32
_DTYPES = frozenset(("|b1", "|u1", "<u4", "<i4", "<i8", "<f4", "<f8"))


class Damaged(ValueError):
    """A file that is no kept result, or not the one that was written."""


class Kept(NamedTuple):
    """What one step gave."""

    values: dict[str, Any]  # JSON values
    arrays: Mapping[str, NDArray[Any]]


def storable(array: Any) -> bool:
    """Whether an array can be kept: whole or floating numbers, not objects."""
    return bool(array.dtype.newbyteorder("<").str in _DTYPES)


def write_kept(file: BinaryIO, kept: Kept) -> None:
    """Write one to an open file."""
    import numpy as np

    # A number keeps its shape (), which ascontiguousarray would lose.
    arrays = {
        name: np.asarray(array, dtype=array.dtype.newbyteorder("<"), order="C") for name, array in kept.arrays.items()
    }
    listed = [[name, array.dtype.str, list(array.shape)] for name, array in arrays.items()]
    if wrong := [name for name, dtype, _ in listed if dtype not in _DTYPES]:
        raise ValueError(f"array {wrong[0]!r} is of no kind that can be kept")
    head = json.dumps({"values": kept.values, "arrays": listed}, ensure_ascii=True).encode()
    digest = hashlib.sha256()
    parts: list[bytes | memoryview] = [_MAGIC, len(head).to_bytes(8, "little"), head]
    parts += [array.reshape(-1).view(np.uint8).data for array in arrays.values()]
    for part in parts:
        digest.update(part)
        file.write(part)
    file.write(digest.digest())


def read_kept(file: BinaryIO, size: int) -> Kept:
    """Read one from an open file of `size` bytes.

    Raises
    ------
    Damaged
        It is no kept result, or its bytes have changed.
    """
    import numpy as np

    digest = hashlib.sha256()

    def take(n: int) -> bytes:
        data = file.read(n)
        if len(data) != n:
            raise Damaged("ends too early")
        digest.update(data)
        return data

    if take(len(_MAGIC)) != _MAGIC:
        raise Damaged("is no kept result")
    length = int.from_bytes(take(8), "little")
    left = size - len(_MAGIC) - 8 - _HASH_BYTES
    if length > left:
        raise Damaged("its head does not fit into it")
    values, listed = _head(take(length), left - length)
    arrays = {}
    for name, dtype, shape in listed:
        array = np.empty(shape, dtype)
        into = array.reshape(-1).view(np.uint8).data
        if file.readinto(into) != len(into):  # type: ignore[attr-defined]
            raise Damaged("ends too early")
        digest.update(into)
        arrays[name] = array
    if file.read(_HASH_BYTES + 1) != digest.digest():
        raise Damaged("its bytes are not those that were written")
    return Kept(values, arrays)


def _head(data: bytes, left: int) -> tuple[dict[str, Any], list[tuple[str, str, tuple[int, ...]]]]:
    """The values, and the arrays whose bytes follow: exactly `left` of them."""
    try:
        head = json.loads(data)
        listed = [(str(name), str(dtype), tuple(map(int, shape))) for name, dtype, shape in head["arrays"]]
        values = dict(head["values"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Damaged("its head cannot be read") from error
    if any(dtype not in _DTYPES or min(shape, default=0) < 0 for _, dtype, shape in listed):
        raise Damaged("holds an array that nobody wrote")
    if sum(int(dtype[2:]) * math.prod(shape) for _, dtype, shape in listed) != left:
        raise Damaged("its arrays do not fit into it")
    return values, listed
