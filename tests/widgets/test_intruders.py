"""The widget of intrusion sheets without its page: what is asked, saved, resumed, scored and kept back."""

from __future__ import annotations

import json

import pytest
from dated_news import dated_corpus

from topics import TopicModel, studies
from topics.errors import SettingsError, WriteError
from topics.widgets import find_intruders


@pytest.fixture(scope="module")
def corpus():
    return dated_corpus()


@pytest.fixture(scope="module")
def sheet(corpus):
    model = TopicModel.train(corpus, 3, n_sweeps=30, min_df=2, learn_phrases=False)
    return studies.intrusion_sheet(model, corpus, n_articles=3)


def test_answers_are_saved_as_they_are_given_and_the_next_question_is_shown(sheet, tmp_path):
    widget = find_intruders(sheet, file=tmp_path / "هدى.csv")
    widget.answer(2)
    widget.answer(1, place=4)
    assert widget.place == 5
    first, fifth = sheet.table["item"][0], sheet.table["item"][4]
    assert widget.answers == {first: 2, fifth: 1}
    assert sheet.answered(tmp_path / "هدى.csv") == {first: 2, fifth: 1}
    assert repr(widget) == "Intruders(2 of 9 questions answered)"


def test_it_goes_on_where_it_was_left(sheet, tmp_path):
    find_intruders(sheet, file=tmp_path / "a.csv").answer(3)
    again = find_intruders(sheet, file=tmp_path / "a.csv")
    assert again.place == 1
    again.answer(1, place=0)
    assert list(find_intruders(sheet, file=tmp_path / "a.csv").answers.values()) == [1]


def test_who_finds_every_intruder_is_scored_so_by_the_widget_and_by_its_file(sheet, tmp_path):
    widget = find_intruders(sheet, file=tmp_path / "a.csv")
    for choice in sheet.solutions["solution"]:
        widget.answer(int(choice))
    assert widget.place == len(sheet.table)
    told = widget.score.query("topic == '*'")
    assert told["found"].tolist() == [1.0, 1.0]
    assert (told["low"] < 1).all()  # Wilson's interval: so few answers do not make it certain
    assert widget.score.equals(sheet.score(tmp_path / "a.csv"))


def test_the_page_is_not_given_the_solutions(sheet, tmp_path):
    widget = find_intruders(sheet, file=tmp_path / "a.csv")
    assert all(set(row) == {"item", "task", "text", "direction", "choices"} for row in widget.data["questions"])
    assert "solution" not in json.dumps(widget.get_state(["data", "answers", "place"]), default=str)


def test_what_the_page_sends_is_an_answer(sheet, tmp_path):
    widget = find_intruders(sheet, file=tmp_path / "a.csv")
    widget._received(widget, {"place": 2, "choice": 4}, [])
    assert widget.answers == {sheet.table["item"][2]: 4}


@pytest.mark.parametrize(
    ("choice", "place", "told"), [(9, 0, "is no choice"), (0, 0, "is no choice"), (1, 9, "no question 9")]
)
def test_a_choice_or_question_that_is_not_there_changes_nothing(sheet, tmp_path, choice, place, told):
    widget = find_intruders(sheet, file=tmp_path / "a.csv")
    with pytest.raises(SettingsError, match=told):
        widget.answer(choice, place=place)
    assert widget.answers == {}
    assert not (tmp_path / "a.csv").exists()


def test_answers_to_another_sheet_and_places_that_cannot_be_written_are_told(sheet, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("item,answer\n001-xyz,1\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="no item '001-xyz' on this sheet"):
        find_intruders(sheet, file=path)
    with pytest.raises(WriteError):
        find_intruders(sheet, file=tmp_path / "no folder" / "a.csv").answer(1)
    with pytest.raises(SettingsError, match="ar, en or fr"):
        find_intruders(sheet, file=path, language="de")
