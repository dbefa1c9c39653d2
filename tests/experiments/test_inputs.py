from __future__ import annotations

import io
import sys

import pytest

from topics.errors import ReadError
from topics.experiments.inputs import Inputs


@pytest.fixture
def stdin(monkeypatch):
    def give(data):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return give


def test_files_and_stdin_come_in_the_order_they_were_named(tmp_path, stdin):
    (tmp_path / "a.txt").write_text("عنوان\nنص أول\n", encoding="utf-8")
    stdin('{"text": "نص ثان"}\n'.encode())
    texts = [article.text for article in Inputs(["-", str(tmp_path / "a.txt")])]
    assert texts == ["نص ثان", "نص أول"]


def test_stdin_may_have_another_encoding(stdin):
    stdin('{"text": "نص عربي"}\n'.encode("utf-16"))
    assert [article.text for article in Inputs(["-"])] == ["نص عربي"]


def test_what_is_skipped_is_told_with_its_line(stdin):
    stdin('{"text": "نص"}\n{broken\n'.encode())
    inputs = Inputs(["-"])
    assert len(list(inputs)) == 1
    assert [(row.file, row.line) for row in inputs.skipped] == [("stdin", 2)]


def test_strict_makes_it_an_error(stdin):
    stdin(b"{broken\n")
    with pytest.raises(ReadError, match="stdin, line 1"):
        list(Inputs(["-"], strict=True))


def test_nothing_is_left_of_stdin(stdin, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    stdin('{"text": "نص"}\n'.encode())
    list(Inputs(["-"]))
    assert not list(tmp_path.iterdir())
