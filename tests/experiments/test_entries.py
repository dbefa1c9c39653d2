from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.experiments.entries import Damaged, Kept, read_kept, write_kept


def packed(kept):
    file = io.BytesIO()
    write_kept(file, kept)
    return file.getvalue()


def unpacked(data):
    return read_kept(io.BytesIO(data), len(data))


ARRAYS = [
    np.arange(6, dtype=np.int32).reshape(2, 3),
    np.asfortranarray(np.arange(6, dtype=np.float64).reshape(2, 3)),
    np.arange(20, dtype=np.float32)[::3],
    np.array([True, False]),
    np.array([2**32 - 1], dtype=np.uint32),
    np.zeros((0, 5)),
    np.array(7.5),
    np.array([1, 2], dtype=">i8"),
    np.array([np.nan, np.inf, -0.0]),
]


@pytest.mark.parametrize("array", ARRAYS, ids=str)
def test_arrays_come_back_equal_in_shape_kind_and_bits(array):
    back = unpacked(packed(Kept({}, {"a": array}))).arrays["a"]
    assert back.shape == array.shape
    assert back.dtype == array.dtype.newbyteorder("=")
    assert back.tobytes() == array.astype(back.dtype).tobytes()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), json_values))
def test_values_come_back_equal(values):
    assert unpacked(packed(Kept(values, {}))).values == values


@given(st.data())
def test_any_changed_byte_and_any_cut_is_damage(data):
    whole = packed(Kept({"كلمة": [1, 2.5]}, {"a": np.arange(4.0), "b": np.arange(3, dtype=np.int32)}))
    place = data.draw(st.integers(0, len(whole) - 1))
    flipped = bytearray(whole)
    flipped[place] ^= 1 << data.draw(st.integers(0, 7))
    for wrong in (bytes(flipped), whole[:place], whole + b"x"):
        with pytest.raises(Damaged):
            unpacked(wrong)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\x80\x04cos\nsystem\n", b"topics-kept 1\n" + b"\xff" * 8])
def test_what_is_no_kept_result_is_refused(data):
    with pytest.raises(Damaged):
        unpacked(data)


@pytest.mark.parametrize("array", [np.array([object()]), np.array(["a"]), np.array([1j])])
def test_objects_are_never_written(array):
    with pytest.raises(ValueError, match="no kind that can be kept"):
        packed(Kept({}, {"a": array}))
