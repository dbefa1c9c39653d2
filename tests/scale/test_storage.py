from __future__ import annotations

import numpy as np
import pytest

from topics.errors import WriteError
from topics.scale import storage


def arrays():
    return {"a": np.arange(12, dtype=np.float32).reshape(3, 4).T, "b": np.zeros(0, np.int64)}


@pytest.mark.parametrize("folder", ["disk", "memory://scale"])
def test_what_was_written_comes_back(tmp_path, folder):
    if "://" in folder:
        pytest.importorskip("fsspec")
    place = folder if "://" in folder else str(tmp_path / folder)
    storage.make_folder(place)
    path = storage.joined(place, "x.npz")
    storage.write_arrays(path, arrays(), {"n": 3, "word": "كلمة"})
    found = storage.read_arrays(path)
    assert list(found) == ["a", "b"]
    assert np.array_equal(found["a"], arrays()["a"])
    assert storage.read_values(path) == {"n": 3, "word": "كلمة"}
    assert storage.exists(path)
    storage.remove(path)
    storage.remove(path)
    assert not storage.exists(path)


def test_equal_arrays_are_equal_bytes(tmp_path):
    paths = [tmp_path / name for name in ("x", "y")]
    for path in paths:
        storage.write_arrays(str(path), arrays(), {"n": 1})
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize("keep", [0.0, 0.3, 0.9, 0.999])
def test_a_file_that_was_cut_short_is_damaged(tmp_path, keep):
    path = tmp_path / "x"
    storage.write_arrays(str(path), arrays())
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    with pytest.raises(storage.Damaged):
        storage.read_values(str(path))


def test_a_flipped_bit_is_damage(tmp_path):
    path = tmp_path / "x"
    storage.write_arrays(str(path), {"a": np.arange(1000)})
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    path.write_bytes(data)
    with pytest.raises(storage.Damaged):
        storage.read_arrays(str(path))


def test_what_is_not_there_is_damaged(tmp_path):
    with pytest.raises(storage.Damaged):
        storage.read_arrays(str(tmp_path / "nothing"))


def test_objects_are_not_written(tmp_path):
    with pytest.raises(ValueError, match="allow_pickle"):
        storage.write_arrays(str(tmp_path / "x"), {"a": np.array([{}])})
    assert not list(tmp_path.iterdir())


def write_half(path):
    with storage.written(path) as file:
        file.write(b"half")
        raise MemoryError


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "x"
    storage.write_arrays(str(path), arrays())
    with pytest.raises(MemoryError):
        write_half(str(path))
    assert [one.name for one in tmp_path.iterdir()] == ["x"]
    assert storage.read_values(str(path)) == {}


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(WriteError, match="cannot be written"), storage.written(str(tmp_path / "no" / "x")):
        pass
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WriteError, match="cannot be made"):
        storage.make_folder(str(tmp_path / "file" / "x"))
