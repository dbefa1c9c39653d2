from __future__ import annotations

import sys
import time

import pytest

from topics.experiments.clock import Clock, peak_memory


def test_stages_are_measured_in_order_and_no_bar_is_shown_without_a_terminal(capsys):
    clock = Clock(2)
    with clock.stage("wait"):
        time.sleep(0.02)
    with clock.stage("work"):
        sum(range(100_000))
    clock.close()
    assert [row["stage"] for row in clock.stages] == ["wait", "work"]
    assert clock.stages[0]["wall_seconds"] >= 0.02
    assert clock.stages[0]["cpu_seconds"] < clock.stages[0]["wall_seconds"]
    assert capsys.readouterr() == ("", "")


def test_a_stage_that_fails_is_not_counted():
    clock = Clock(1)
    with pytest.raises(ValueError), clock.stage("fail"):
        raise ValueError
    assert clock.stages == []


def test_peak_memory_is_in_bytes():
    peak = peak_memory()
    assert peak is None or peak > 10 << 20


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep the peak of the process")
def test_the_peak_of_a_run_is_not_that_of_the_one_before():
    held = bytearray(400 << 20)
    before = peak_memory()
    del held
    Clock(1).close()
    assert peak_memory() < before - (200 << 20)
