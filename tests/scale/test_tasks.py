from __future__ import annotations

import numpy as np
import pytest

from topics.scale.storage import Damaged, read_arrays, read_values
from topics.scale.tasks import Serial, Work, kept

made = []


@kept
def doubled(*, number):
    """A task."""
    made.append(number)
    return {"array": np.full(3, 2 * number)}, {"twice": 2 * number}


def test_a_task_leaves_a_file_and_is_not_done_again(tmp_path):
    made.clear()
    path = str(tmp_path / "x")
    for _ in range(2):
        assert doubled(path, number=4) == {"twice": 8}
    assert made == [4]
    assert read_arrays(path)["array"].tolist() == [8, 8, 8]


def test_a_task_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(TypeError):
        doubled(str(tmp_path / "x"), number=None)
    with pytest.raises(Damaged):
        read_values(str(tmp_path / "x"))
    assert not list(tmp_path.iterdir())


def test_work_tells_how_far_it_is(tmp_path):
    told = []
    work = Work(Serial(), str(tmp_path), tell=lambda *facts: told.append(facts))
    items = [{"out": work.path(str(k)), "number": k} for k in range(3)]
    assert [found["twice"] for found in work.map("double", doubled, items, 2, 9)] == [0, 2, 4]
    assert told == [("double", 2, 9), ("double", 3, 9), ("double", 4, 9), ("double", 5, 9)]


def test_a_folder_inside_is_made(tmp_path):
    inside = Work(Serial(), str(tmp_path)).inside("again")
    doubled(inside.path("x"), number=1)
    assert (tmp_path / "again" / "x").is_file()
