from __future__ import annotations

import sys
import warnings

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


def test_a_line_for_people_is_one_line(capsys):
    streams.say("a\nb\x1b")
    assert capsys.readouterr().err == "topics: a b<U+001B>\n"
    assert sys.stderr
