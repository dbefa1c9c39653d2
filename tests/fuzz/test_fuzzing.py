"""What fuzzing found stays found out: its inputs are replayed, and some drawn ones beside them, a few for each target."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from fuzzing.targets import targets
from fuzzing.work import KEPT

TARGETS = targets()
INPUTS = sorted(path for path in KEPT.glob("*/*") if path.is_file())
SUPPORT = Path(__file__).resolve().parent.parent / "support"


def test_every_kept_input_belongs_to_a_target():
    assert {path.parent.name for path in INPUTS} <= set(TARGETS)
    assert all(path.stat().st_size <= 1 << 17 for path in INPUTS)


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_kept_input_breaks_no_promise_again(path):
    TARGETS[path.parent.name].check(path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_a_few_drawn_inputs_break_no_promise(name):
    target, draw = TARGETS[name], Random(7)
    pool = target.seeds()
    for data in [pool[0], *(target.mutate(draw.choice(pool), draw, pool) for _ in range(8))]:
        target.check(data)


@pytest.mark.parametrize("name", TARGETS)
def test_a_number_is_enough_to_make_an_input_again(name):
    target = TARGETS[name]
    pool = target.seeds()
    first, second = ([target.mutate(pool[0], draw, pool) for _ in range(5)] for draw in (Random(1), Random(1)))
    assert first == second


CRASHES = """
import sys
from fuzzing import targets, work
def check(data):
    if len(data) % 3 == 1: raise KeyError("no answer")
    if len(data) % 3 == 2: held[:] = b"x" * (300 << 20),
held = []
targets.targets = lambda: {"x": targets.Target(check, lambda: [b"abc"])}
work._WARM = 0
sys.exit(work.child("x", 2, 1, "own", *map(work.Path, sys.argv[1:])))
"""


def test_exceptions_and_memory_are_findings_with_their_inputs(tmp_path):
    found, held = tmp_path / "found", tmp_path / "held"
    found.mkdir(), held.mkdir()
    subprocess.run([sys.executable, "-c", CRASHES, found, held], env={"PYTHONPATH": str(SUPPORT)}, check=True)
    said = [path.read_text() for path in found.glob("*.txt")]
    assert any("KeyError: 'no answer'" in text for text in said)
    assert any(text.startswith("took 3") for text in said)
    for path in found.glob("*.txt"):
        assert len(path.with_suffix(".bin").read_bytes()) % 3
