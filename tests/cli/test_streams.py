from __future__ import annotations

import signal
import sys
import threading
import warnings

import pytest

from topics.cli import streams


def test_warnings_are_lines_without_places_in_the_source(capsys):
    before = warnings.showwarning
    try:
        streams.prepare()
        warnings.showwarning(UserWarning("few articles"), UserWarning, "/home/x/themes.py", 3)
        warnings.showwarning(DeprecationWarning("old"), DeprecationWarning, "x.py", 3)
    finally:
        warnings.showwarning = before
    assert capsys.readouterr().err == "topics: warning: few articles\n"


def test_there_is_no_bar_without_a_terminal(capsys):
    assert list(streams.progress(range(3), "articles")) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")


def test_sigterm_ends_a_command_like_an_error_and_the_handler_is_given_back():
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as stopped, streams.terminable():
        signal.raise_signal(signal.SIGTERM)
    assert stopped.value.code == 143
    assert signal.getsignal(signal.SIGTERM) is before


def test_commands_run_in_a_thread_too():
    found = []
    thread = threading.Thread(target=lambda: found.append(enter()))

    def enter():
        with streams.terminable():
            return True

    thread.start()
    thread.join()
    assert found == [True]


def test_a_line_for_people_is_one_line(capsys):
    streams.say("a\nb\x1b")
    assert capsys.readouterr().err == "topics: a b<U+001B>\n"
    assert sys.stderr
