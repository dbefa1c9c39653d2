from __future__ import annotations

import errno
import json
import os
import subprocess
import sys

import pytest

from topics.errors import ReadError, WriteError
from topics.experiments import folder


def complete(path):
    path.mkdir(parents=True)
    (path / folder.MANIFEST).write_text("{}", encoding="utf-8")
    return path


def test_a_run_is_named_by_what_decided_it(tmp_path):
    assert folder.place(tmp_path, "demo", "abcdef0123456789", again=False).name == "demo-abcdef012345"


def test_again_takes_the_first_free_number(tmp_path):
    first = folder.place(tmp_path, "demo", "a" * 64, again=True)
    complete(first)
    second = folder.place(tmp_path, "demo", "a" * 64, again=True)
    complete(second)
    third = folder.place(tmp_path, "demo", "a" * 64, again=True)
    assert [path.name for path in (first, second, third)] == [
        "demo-aaaaaaaaaaaa",
        "demo-aaaaaaaaaaaa-2",
        "demo-aaaaaaaaaaaa-3",
    ]


def test_the_folder_takes_its_name_when_all_is_in_it(tmp_path):
    target = tmp_path / "runs" / "x-1"
    with folder.staged(target) as staging:
        assert staging.parent == target.parent
        (staging / "a.txt").write_text("a", encoding="utf-8")
        assert not target.exists()
    assert [path.name for path in target.parent.iterdir()] == ["x-1"]
    assert (target / "a.txt").read_text(encoding="utf-8") == "a"


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt(), SystemExit(143), MemoryError()])
def test_what_fails_leaves_nothing(tmp_path, error):
    def failing():
        with folder.staged(tmp_path / "runs" / "x-1") as staging:
            (staging / "a.txt").touch()
            raise error

    with pytest.raises(type(error)):
        failing()
    assert not list((tmp_path / "runs").iterdir())


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path):
    def failing():
        with folder.staged(tmp_path / "runs" / "x-1"):
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(WriteError, match=r"x-1: cannot be written \(No space left on device\)"):
        failing()
    assert not list((tmp_path / "runs").iterdir())


def test_a_file_of_the_run_that_cannot_be_written_is_named_where_it_would_have_been(tmp_path):
    target = tmp_path / "x-1"

    def failing():
        with folder.staged(target) as staging:
            (staging / "scores.json").mkdir()
            folder.write_json(staging / "scores.json", {})

    with pytest.raises(WriteError, match=r"x-1/scores\.json: is a folder"):
        failing()


def test_a_place_that_cannot_hold_runs_is_told(tmp_path):
    (tmp_path / "runs").touch()
    with pytest.raises(WriteError, match="--out"), folder.staged(tmp_path / "runs" / "x-1"):
        pass


def test_a_run_that_another_process_finished_first_is_not_replaced(tmp_path):
    target = tmp_path / "x-1"

    def second():
        with folder.staged(target):
            complete(target)
            (target / "first").touch()

    with pytest.raises(folder.AlreadyThere, match="finished the same run first"):
        second()
    assert (target / "first").exists()


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path):
    code = (
        "import os, signal, sys; from pathlib import Path; from topics.experiments import folder\n"
        "with folder.staged(Path(sys.argv[1])) as staging:\n"
        "    (staging / 'half').touch(); os.kill(os.getpid(), 9)\n"
    )
    target = tmp_path / "runs" / "x-1"
    assert subprocess.run([sys.executable, "-c", code, str(target)], check=False).returncode != 0
    assert [path.name.startswith(".topics-") for path in target.parent.iterdir()] == [True]
    with folder.staged(target) as staging:
        assert [path.name for path in target.parent.iterdir()] == [staging.name]
    assert [path.name for path in target.parent.iterdir()] == ["x-1"]


def test_the_staging_folder_of_a_living_process_stays(tmp_path):
    other = tmp_path / f".topics-{os.getpid()}-abc.tmp"
    other.mkdir()
    with folder.staged(tmp_path / "x-1"):
        pass
    assert other.is_dir()


def test_a_name_means_its_newest_complete_run(tmp_path):
    run = complete(tmp_path / "demo-1")
    folder.point_latest(run, "demo")
    assert folder.find_run(tmp_path / "demo") == run
    assert folder.find_run(run) == run


@pytest.mark.parametrize("content", ["gone", "", "../elsewhere", "a\x00b", "."])
def test_a_pointer_to_nothing_is_no_run(tmp_path, content):
    complete(tmp_path / "elsewhere")
    runs = tmp_path / "runs"
    runs.mkdir()
    (runs / "demo.latest").write_text(content, encoding="utf-8")
    with pytest.raises(ReadError, match="no such run"):
        folder.find_run(runs / "demo")


def test_a_folder_that_is_no_run_is_told(tmp_path):
    with pytest.raises(ReadError, match=r"holds no manifest\.json"):
        folder.find_run(tmp_path)


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff", b"[" * 100_000])
def test_a_damaged_file_of_a_run_is_told(tmp_path, content):
    (tmp_path / "scores.json").write_bytes(content)
    with pytest.raises(ReadError, match=r"scores\.json: is"):
        folder.read_json(tmp_path / "scores.json")


def test_json_is_the_same_bytes_for_equal_values_and_never_nan(tmp_path):
    folder.write_json(tmp_path / "a.json", {"x": "أ", "y": [1.5, None]})
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == {"x": "أ", "y": [1.5, None]}
    with pytest.raises(ValueError, match="Out of range"):
        folder.write_json(tmp_path / "a.json", {"x": float("nan")})


def test_the_fingerprint_of_values_does_not_depend_on_their_order():
    assert folder.fingerprint({"a": 1, "b": 2}) == folder.fingerprint({"b": 2, "a": 1})
    assert folder.fingerprint({"a": 1}) != folder.fingerprint({"a": 2})


def test_the_fingerprint_of_the_code_changes_with_any_file_but_the_demo_corpus(tmp_path, monkeypatch):
    package = tmp_path / "topics"
    (package / "data" / "demo").mkdir(parents=True)
    (package / "__pycache__").mkdir()
    (package / "a.py").write_text("1", encoding="utf-8")
    monkeypatch.setattr(folder, "files", lambda name: package)
    before = folder.code_fingerprint()
    (package / "data" / "demo" / "articles.jsonl").touch()
    (package / "__pycache__" / "a.pyc").touch()
    assert folder.code_fingerprint() == before
    (package / "a.py").write_text("2", encoding="utf-8")
    assert folder.code_fingerprint() != before


def test_a_run_says_when_it_was_finished(tmp_path):
    """By which a run that ended just before it was named the newest is named so later."""
    first, second = complete(tmp_path / "x-1"), complete(tmp_path / "x-2")
    os.utime(first / folder.MANIFEST, ns=(5, 5))
    assert folder.finished(first) == 5 < folder.finished(second)
