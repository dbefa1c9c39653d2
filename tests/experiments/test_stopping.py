from __future__ import annotations

import contextlib
import signal
import threading

import pytest

from topics.experiments import stopping
from topics.experiments.folder import staged


@pytest.mark.parametrize(("number", "error"), [(signal.SIGTERM, SystemExit), (signal.SIGINT, stopping.Interrupted)])
def test_a_signal_ends_what_runs_and_the_handlers_are_given_back(number, error):
    before = signal.getsignal(number)
    with pytest.raises(error), stopping.terminable():
        signal.raise_signal(number)
    assert signal.getsignal(number) is before
    stopping.check()


def test_sigterm_is_143():
    with pytest.raises(SystemExit) as stopped, stopping.terminable():
        signal.raise_signal(signal.SIGTERM)
    assert stopped.value.code == 143


def swallow():
    with contextlib.suppress(SystemExit):
        signal.raise_signal(signal.SIGTERM)


def test_a_signal_that_a_library_swallowed_stops_at_the_next_check():
    def stages():
        with stopping.terminable():
            swallow()
            stopping.check()
            pytest.fail("went on")

    with pytest.raises(SystemExit):
        stages()


def test_a_run_is_not_published_after_a_signal_that_was_swallowed(tmp_path):
    with pytest.raises(SystemExit), stopping.terminable(), staged(tmp_path / "x"):
        swallow()
    assert not list(tmp_path.iterdir())


def test_a_signal_that_came_at_the_very_end_still_counts():
    with pytest.raises(SystemExit), stopping.terminable():
        swallow()


def test_an_ignored_signal_stays_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with stopping.terminable():
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_commands_run_in_a_thread_too():
    found = []

    def enter():
        with stopping.terminable():
            found.append(True)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert found == [True]
