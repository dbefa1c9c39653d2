"""Answers of coders in a file that no stopped process can spoil."""

from __future__ import annotations

import json

import pytest

from topics.errors import ReadError, WriteError
from topics.widgets.labels import Label, LabelFile

HUDA = Label("a-1", "هدى", ("security", "sport"), "ملاحظة")


def test_answers_come_back_as_they_were_given(tmp_path):
    file = LabelFile(tmp_path / "تسميات.jsonl")
    assert file.read() == []
    file.add(HUDA)
    file.add(Label("a-2", "sami", ()))
    assert file.read() == [HUDA, Label("a-2", "sami", ())]


def test_the_last_answer_of_a_coder_counts_and_others_are_not_seen(tmp_path):
    file = LabelFile(tmp_path / "labels.jsonl")
    for label in (HUDA, Label("a-1", "sami", ("sport",)), Label("a-1", "هدى", ()), Label("b-9", "هدى", ())):
        file.add(label)
    assert file.of("هدى", ["a-1"]) == {"a-1": Label("a-1", "هدى", ())}


def test_a_line_that_was_cut_off_is_left_out_and_the_next_answer_replaces_it(tmp_path):
    file = LabelFile(tmp_path / "labels.jsonl")
    file.add(HUDA)
    with file.path.open("ab") as raw:
        raw.write('{"id": "a-2", "coder": "هد'.encode()[:-1])
    assert file.read() == [HUDA]
    file.add(Label("a-3", "هدى", ()))
    assert file.read() == [HUDA, Label("a-3", "هدى", ())]
    assert [json.loads(line)["id"] for line in file.path.read_text(encoding="utf-8").splitlines()] == ["a-1", "a-3"]


def test_a_whole_last_line_without_its_end_is_kept(tmp_path):
    file = LabelFile(tmp_path / "labels.jsonl")
    file.path.write_text(json.dumps(HUDA._asdict()), encoding="utf-8")
    file.add(Label("a-3", "هدى", ()))
    assert [label.id for label in file.read()] == ["a-1", "a-3"]


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[]",
        '{"id": "a"}',
        '{"id": "a", "coder": "x", "themes": "sport"}',
        '{"id": 7, "coder": "x", "themes": []}',
    ],
)
def test_a_file_that_holds_something_else_is_refused_with_the_line(tmp_path, line):
    file = LabelFile(tmp_path / "labels.jsonl")
    file.path.write_text(json.dumps(HUDA._asdict()) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(ReadError, match="line 2: is no label"):
        file.read()


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(WriteError, match="cannot be saved"):
        LabelFile(tmp_path / "no folder" / "labels.jsonl").add(HUDA)
