from __future__ import annotations

import os
import signal
import sys
import threading
import time

import numpy as np
import pytest
from partitioned_news import learnt, write_planted

from topics.errors import MissingExtra, ReadError, SettingsError, TopicsError
from topics.estimators import LdaTopics
from topics.scale import processes, workers
from topics.scale.fitting import fit
from topics.scale.learning import read_partitions
from topics.scale.partitions import Partition
from topics.scale.tasks import Work, tell_nobody

MEMORY = 2 << 30


def test_a_missing_library_is_told_in_one_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtra, match=r"pip install 'arabic-topics\[scale\]'"):
        workers.Workers("local", 1, MEMORY)


@pytest.mark.slow
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense", "gopher://x"])
def test_an_address_without_a_scheduler_is_refused(monkeypatch, address):
    monkeypatch.setattr(workers, "_SECONDS", 1)
    with pytest.raises(SettingsError, match="no scheduler answers at"), workers.Workers(address, 1, MEMORY):
        pass


@pytest.fixture(scope="module")
def pool():
    with workers.Workers("local", 2, MEMORY) as opened:
        yield opened


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    return learnt(folder / "work", [write_planted(folder / "a.jsonl")], 20_000, max_df=0.5)


def fitted(folder, planted, executor, n_sweeps=3, tell=tell_nobody):
    _, found, _ = planted
    folder.mkdir()
    return fit(
        Work(executor, str(folder), 4, tell), found.placed, found.n_articles, LdaTopics(4, n_sweeps=n_sweeps, tol=0.0)
    )


@pytest.mark.slow
def test_workers_find_the_bits_that_one_process_finds(tmp_path, planted, pool):
    mine = fitted(tmp_path / "mine", planted, planted[2].executor)
    theirs = fitted(tmp_path / "theirs", planted, pool)
    assert np.array_equal(mine.components, theirs.components)
    assert mine.perplexities == theirs.perplexities


@pytest.mark.slow
def test_workers_that_are_killed_change_no_bit(tmp_path, planted, pool):
    undisturbed = fitted(tmp_path / "calm", planted, planted[2].executor, 3)
    killed = []

    def kill(stage, done, total):
        if done % 9 == 4 and (processes := pool.processes()):
            killed.append(processes[len(killed) % len(processes)])
            os.kill(killed[-1], signal.SIGKILL)

    found = fitted(tmp_path / "killed", planted, pool, 3, kill)
    assert np.array_equal(found.components, undisturbed.components)
    assert len(set(killed)) > 2


@pytest.mark.slow
def test_what_people_gave_wrong_is_told_as_it_is_here(tmp_path, pool):
    path = write_planted(tmp_path / "a.jsonl", 5)
    gone = Partition(0, str(path), "lines", 0, 10**6, 10**6, "another version")
    with pytest.raises(ReadError, match="has changed since the run began"):
        read_partitions(Work(pool, str(tmp_path)), [gone], words=True, labelled=False)


@pytest.mark.slow
def test_a_task_that_ends_every_worker_is_given_up(monkeypatch):
    monkeypatch.setitem(workers._SETTINGS, "distributed.scheduler.allowed-failures", 1)
    with workers.Workers("local", 1, MEMORY) as pool, pytest.raises(TopicsError, match=r"ended 12 workers.*memory"):
        list(pool.map(os._exit, [{"status": -9}]))


@pytest.mark.slow
def test_a_worker_that_holds_too_much_is_ended_and_told():
    with workers.Workers("local", 1, 1 << 20) as pool, pytest.raises(TopicsError, match="held more than"):
        list(pool.map(time.sleep, [{"out": ""}]))


@pytest.mark.slow
def test_workers_that_cannot_start_are_told(monkeypatch):
    monkeypatch.setattr(processes, "_START", "raise SystemExit('no such module')")
    with workers.Workers("local", 1, MEMORY) as pool, pytest.raises(TopicsError, match=r"as soon as.*no such module"):
        list(pool.map(time.sleep, [{"out": ""}]))


@pytest.mark.slow
def test_a_scheduler_that_is_gone_is_told():
    from distributed import LocalCluster

    cluster = LocalCluster(
        n_workers=0, processes=False, protocol="tcp", host="127.0.0.1", dashboard_address="127.0.0.1:0"
    )
    with workers.Workers(cluster.scheduler_address, 1, MEMORY) as pool:
        threading.Timer(1.0, cluster.close).start()
        with pytest.raises(TopicsError, match="--resume goes on"):
            list(pool.map(time.sleep, [{"out": ""}]))
