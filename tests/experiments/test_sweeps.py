"""Sweeps in this process and in workers, and what they leave; FAULTS.md 17, 19, 35."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tiny_experiment import TINY

import topics
from topics.errors import ReadError, TopicsError
from topics.experiments import sweeping, workers
from topics.experiments.combining import combine
from topics.experiments.run import How, run
from topics.experiments.sweeps import Sweep

SWEPT = TINY + '\n[sweep]\n"topics.n_topics" = [2, 3]\n"topics.eta" = [0.05]\n'


@pytest.fixture(scope="module")
def sweep_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("sweeps") / "swept.toml"
    path.write_text(SWEPT, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def swept(sweep_file, tmp_path_factory):
    """Executed by two workers, with a cache."""
    place = tmp_path_factory.mktemp("swept")
    return run(sweep_file, out=place / "runs", cache=place / "cache", workers=2, **{"output.figures": True})


def test_each_combination_is_a_run_of_its_own(swept):
    assert isinstance(swept, Sweep)
    assert [(one["topics.n_topics"], one["topics.eta"]) for one in swept.combinations] == [(2, 0.05), (3, 0.05)]
    assert [len(one.models.topics.alpha) for one in swept] == [2, 3]
    assert len({one.path.name for one in swept.runs}) == len(swept) == 2
    assert swept[1].settings.topics.eta == 0.05


def test_the_table_holds_scores_with_intervals_by_combination(swept):
    table = swept.table
    assert list(table.columns[:3]) == ["run", "topics.n_topics", "topics.eta"]
    perplexity = table[table["measure"] == "perplexity"]
    assert list(perplexity["topics.n_topics"]) == [2, 3]
    assert (perplexity["low"] <= perplexity["mean"]).all()
    with (swept.path / "scores.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.reader(file)) == list(table.columns)


def test_the_picture_has_a_line_a_combination(swept):
    text = swept.picture.read_text(encoding="utf-8")
    for label in ("n_topics 2 · eta 0.05", "n_topics 3 · eta 0.05"):
        assert label in text


def test_it_shows_itself_without_a_path(swept):
    page = swept._repr_html_()
    assert "perplexity" in page
    assert str(swept.path.parent) not in page
    assert repr(swept) == f"Sweep({swept.path.name}; 2 runs)"


def test_what_is_finished_is_not_executed_again(sweep_file, tmp_path, fixed_code, monkeypatch):
    first = run(sweep_file, out=tmp_path, cache=tmp_path / "cache", workers=1, themes=None)
    monkeypatch.setattr(sweeping, "run_one", lambda *_: pytest.fail("was executed"))
    second = run(sweep_file, out=tmp_path, workers=1, themes=None)
    assert second.path == first.path
    assert all(one.reused for one in second)
    assert (tmp_path / "tiny.latest").read_text(encoding="utf-8").strip() == second[-1].path.name


def test_workers_or_none_cache_or_none_give_equal_bytes(sweep_file, swept, tmp_path):
    """FAULTS.md 35."""
    alone = run(sweep_file, out=tmp_path, cache=False, workers=1, **{"output.figures": True})
    for one, other in zip(swept, alone, strict=True):
        for name in ("scores.json", "topics.topics", "themes.topics", "sorted.csv", "held_out_topics.jsonl"):
            assert (one.path / name).read_bytes() == (other.path / name).read_bytes()


def test_what_runs_share_is_a_task_once():
    settings = {"name": "x", "corpus": {"path": "demo"}, "topics": {}, "themes": {}, "evaluation": {"folds": 3}}
    swept_over = {"topics.n_topics": [2, 3], "topics.min_df": [1, 2]}
    _, found = combine(settings | {"sweep": swept_over})
    tasks = sweeping.shared_tasks(one.settings for one in found)
    assert sorted((task.kind, task.part, task.settings.topics.min_df) for task in tasks if task.kind == "topics") == [
        ("topics", part, min_df) for part in range(4) for min_df in (1, 2)
    ]
    assert sum(task.kind == "themes" for task in tasks) == 1


@pytest.mark.parametrize("n_workers", [1, 2])
def test_one_combination_that_cannot_be_done_leaves_the_others(sweep_file, tmp_path, n_workers):
    changes = {"sweep": {"topics.n_topics": [2], "topics.max_df": [0.5, 1e-9]}}
    with pytest.raises(
        TopicsError, match=r"1 of 2 runs of the sweep could not be done, the others are there; .*max_df"
    ):
        run(sweep_file, out=tmp_path, cache=tmp_path / "cache", workers=n_workers, themes=None, **changes)
    assert len(list(tmp_path.glob("tiny-*"))) == 1


def test_a_sweep_whose_run_is_gone_is_told(swept, tmp_path):
    place = tmp_path / "x.sweep"
    place.mkdir()
    (place / "sweep.json").write_text(json.dumps({"runs": [{"run": "gone", "values": {}}]}), encoding="utf-8")
    with pytest.raises(ReadError, match="there is no such run"):
        Sweep(place)
    (place / "sweep.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ReadError, match="is no sweep"):
        Sweep(place)


def test_a_fault_in_a_worker_is_no_error_of_the_input(tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "_START", 'import sys; sys.stdin.readline(); print(\'{"fault": "ValueError: x"}\')')
    settings = topics.experiments.settings.Experiment.of({"name": "x", "corpus": {"path": "demo"}, "topics": {}})
    with pytest.raises(workers.Fault, match="ValueError: x"), workers.Workers(1, How(tmp_path)) as pool:
        pool.do([sweeping.Task(settings, "run")], lambda: None)


def test_a_worker_that_dies_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(workers, "_START", "import os; os._exit(3)")
    settings = topics.experiments.settings.Experiment.of({"name": "x", "corpus": {"path": "demo"}, "topics": {}})
    with pytest.raises(workers.Fault, match="ended with code 3"), workers.Workers(1, How(tmp_path)) as pool:
        pool.do([sweeping.Task(settings, "run")], lambda: None)


def alive(group):
    """Processes of a session that still run; a zombie counts."""
    listed = subprocess.run(["ps", "-e", "-o", "pid=,sid="], capture_output=True, encoding="ascii", check=True).stdout
    return [pid for pid, sid in (line.split() for line in listed.splitlines()) if sid == str(group)]


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_sweep_that_is_stopped_leaves_no_process_and_goes_on(sweep_file, tmp_path, number, code):
    """FAULTS.md 19."""
    slow = ["--set", "topics.n_sweeps=90", "--set", "topics.runs=5", "--set", "sweep.topics.n_topics=[40, 41, 42]"]
    command = [sys.executable, "-m", "topics", "run", str(sweep_file), "--out", str(tmp_path / "runs"), *slow]
    environment = os.environ | {"TOPICS_CACHE": str(tmp_path / "cache")}
    shared = set(Path("/dev/shm").iterdir())
    process = subprocess.Popen(command, env=environment, start_new_session=True, stderr=subprocess.PIPE)
    while not list(tmp_path.glob("runs/.topics-*/manifest.json")):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(number)
    process.communicate(timeout=120)
    assert process.returncode == code
    until = time.monotonic() + 60
    while alive(process.pid):
        assert time.monotonic() < until
        time.sleep(0.2)
    assert set(Path("/dev/shm").iterdir()) <= shared
    done = subprocess.run([*command, "--resume"], env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert not list((tmp_path / "runs").glob(".*"))
    assert len(list((tmp_path / "runs").glob("tiny-*[0-9a-f]"))) == 3
