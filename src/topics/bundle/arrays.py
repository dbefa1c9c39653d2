"""Arrays to bytes and back, equal to the last bit, or not at all.

The bytes are safetensors. Its library writes memory as it lies and would scramble an array that is
not C-contiguous without an error, so everything goes through `write_array`, and what was written is
read back and compared. Reading checks the header against the size of the member before memory is
taken, and needs numpy only.
"""

from __future__ import annotations

import io
import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from topics.bundle.advice import ASK
from topics.bundle.archive import Reader
from topics.bundle.plain_json import loads
from topics.display import one_line
from topics.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Array = NDArray[Any]

MEMBER = "arrays.safetensors"
# safetensors' name -> numpy's, little-endian as in the file
DTYPES = {"F64": "<f8", "F32": "<f4", "I64": "<i8", "I32": "<i4", "U8": "|u1", "BOOL": "|b1"}
MAX_HEADER = 1 << 20
MAX_DIMENSIONS = 8
_MAX_EXTENT = 1 << 48  # bytes; keeps numpy's own products from overflowing where one length is 0
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,99}")
_NAMES = "bool, uint8, int32, int64, float32 or float64"


class _Entry(NamedTuple):
    """One array of a header: ``member[begin:end]`` after the header, in bytes."""

    begin: int
    end: int
    name: str
    dtype: str
    shape: tuple[int, ...]


def write_array(name: str, array: Array) -> Array:
    """The array as it will lie in the file: C-contiguous, little-endian, of a known dtype, finite.

    Parameters
    ----------
    name : str
        Its name in the bundle: a letter, then letters, digits and ``_ . : -``.
    array : ndarray
        Any memory order and strides; bool, uint8, int32, int64, float32 or float64 of either byte order.

    Returns
    -------
    ndarray
        Equal to `array`; a copy only where it has to be one.

    Raises
    ------
    BundleError
        The dtype is another one, or a value is NaN or infinite.
    """
    import numpy as np

    if not _NAME.fullmatch(name):
        raise BundleError(f"array {name!r}: is no name for an array; use a letter, then letters, digits and _ . : -")
    if not isinstance(array, np.ndarray) or isinstance(array, np.ma.MaskedArray):
        raise BundleError(f"array {name!r}: is a {type(array).__name__}; make it a numpy array first")
    dtype = array.dtype.newbyteorder("<")
    if dtype.str not in DTYPES.values():
        raise BundleError(f"array {name!r}: has dtype {array.dtype}; convert it to {_NAMES}")
    if array.ndim > MAX_DIMENSIONS:
        raise BundleError(f"array {name!r}: has {array.ndim} dimensions; reshape it to at most {MAX_DIMENSIONS}")
    flat = np.asarray(array, dtype=dtype, order="C")  # ascontiguousarray would give a number a dimension
    if not np.isfinite(flat).all():
        raise BundleError(f"array {name!r}: holds NaN or infinity; train the model again, or look at its input")
    return flat


def write_arrays(arrays: Mapping[str, Array]) -> bytes:
    """Named arrays as safetensors bytes, read back and compared."""
    from safetensors.numpy import save

    ready = {name: write_array(name, array) for name, array in arrays.items()}
    data = save(ready)
    back = read_arrays(data)
    for name, array in arrays.items():
        if not _same(array, back[name]):
            raise BundleError(f"array {name!r}: came back changed; report this with its dtype, shape and strides")
    return data


def read_arrays(data: bytes) -> dict[str, Array]:
    """The arrays of safetensors bytes; each has memory of its own.

    Raises
    ------
    BundleError
        An array is of an unlisted dtype, does not fit its bytes, or holds NaN or infinity.
    """
    return take_arrays(Reader(io.BytesIO(data), len(data)))


def take_arrays(reader: Reader) -> dict[str, Array]:
    """The arrays of a member, in the order of their names; the header is checked before memory is taken."""
    import numpy as np

    arrays: dict[str, Array] = {}
    for entry in _header(reader):
        array = np.empty(entry.shape, dtype=entry.dtype)
        if array.size:
            reader.readinto(array.reshape(-1).view(np.uint8).data)
        if entry.dtype == DTYPES["BOOL"] and (array.view(np.uint8) > 1).any():
            raise BundleError(f"{MEMBER}: array {entry.name!r} holds truth values other than 0 and 1; {ASK}")
        if not np.isfinite(array).all():
            raise BundleError(f"{MEMBER}: array {entry.name!r} holds NaN or infinity; {ASK}")
        arrays[entry.name] = array.astype(array.dtype.newbyteorder("="), copy=False)
    return dict(sorted(arrays.items()))


def _header(reader: Reader) -> list[_Entry]:
    """The entries in the order of their bytes, which they cover without gap or overlap."""
    length = int.from_bytes(reader.read(min(8, reader.left)), "little")
    if not 2 <= length <= min(reader.left, MAX_HEADER):
        raise BundleError(f"{MEMBER}: its header does not fit into it; {ASK}")
    header = loads(reader.read(length), f"{MEMBER}, header")
    if not isinstance(header, dict):
        raise BundleError(f"{MEMBER}: its header is no list of arrays; {ASK}")
    entries = sorted(_entry(name, fields) for name, fields in header.items())
    place = 0
    for entry in entries:
        if entry.begin != place or entry.end > reader.left:
            raise BundleError(f"{MEMBER}: array {entry.name!r} points outside the file or into another array; {ASK}")
        place = entry.end
    if place != reader.left:
        raise BundleError(f"{MEMBER}: {reader.left - place} bytes belong to no array; {ASK}")
    return entries


def _entry(name: str, fields: object) -> _Entry:
    """One entry of a header, checked by itself."""
    label = f"{MEMBER}: array {one_line(name, 60)!r}"
    if not _NAME.fullmatch(name):
        raise BundleError(f"{label} has a name that no bundle uses; {ASK}")
    if not isinstance(fields, dict) or sorted(fields) != ["data_offsets", "dtype", "shape"]:
        raise BundleError(f"{label} needs dtype, shape and data_offsets, and nothing else; {ASK}")
    dtype = fields["dtype"]
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise BundleError(f"{label} has dtype {one_line(str(dtype), 40)!r}; a bundle holds {_NAMES}; {ASK}")
    shape, offsets = fields["shape"], fields["data_offsets"]
    if not _whole(shape) or len(shape) > MAX_DIMENSIONS:
        raise BundleError(f"{label} has no shape of at most {MAX_DIMENSIONS} lengths of 0 or more; {ASK}")
    if not _whole(offsets) or len(offsets) != 2:
        raise BundleError(f"{label} has no two offsets of 0 or more; {ASK}")
    item = int(DTYPES[dtype][2:])
    if item * math.prod(max(length, 1) for length in shape) > _MAX_EXTENT:
        raise BundleError(f"{label} has a shape larger than any file; {ASK}")
    begin, end = offsets
    if end - begin != item * math.prod(shape):
        raise BundleError(f"{label} has shape {shape}, which is not the {end - begin} bytes it points to; {ASK}")
    return _Entry(begin, end, name, DTYPES[dtype], tuple(shape))


def _whole(values: object) -> bool:
    return isinstance(values, list) and all(type(value) is int and value >= 0 for value in values)


def _same(left: Array, right: Array) -> bool:
    """Equal in shape, type and value; the byte order may differ."""
    import numpy as np

    same_type = left.dtype.newbyteorder("=") == right.dtype
    return same_type and left.shape == right.shape and bool(np.array_equal(left, right))
