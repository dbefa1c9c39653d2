"""The labelling widget without its page: what is offered, saved, resumed and hidden."""

from __future__ import annotations

import pytest
from small_news import small_corpus

import topics
from topics import ThemeModel
from topics.errors import SettingsError
from topics.widgets.labels import LabelFile

KEYS = ["security", "migration", "sport"]


@pytest.fixture(scope="module")
def model():
    return ThemeModel.train(small_corpus(), KEYS)


@pytest.fixture
def draw():
    return small_corpus()[:4]


def test_answers_are_saved_as_they_are_given_and_the_next_article_is_shown(model, draw, tmp_path):
    labelling = topics.label(model, draw, file=tmp_path / "l.jsonl", coder="هدى")
    labelling.answer(["sport", "security"], "واضح")
    assert labelling.place == 1
    assert labelling.answers == {draw[0].id: [0, 2]}
    (label,) = LabelFile(tmp_path / "l.jsonl").read()
    assert (label.id, label.coder, label.themes, label.note) == (draw[0].id, "هدى", ("security", "sport"), "واضح")


def test_it_goes_on_where_it_was_left(model, draw, tmp_path):
    first = topics.label(model, draw, file=tmp_path / "l.jsonl", coder="هدى")
    first.answer([])
    first.answer(["sport"])
    again = topics.label(model, draw, file=tmp_path / "l.jsonl", coder="هدى")
    assert again.place == 2
    assert [article.themes for article in again.labelled] == [(), ("sport",)]
    assert list(again.labelled.themes) == KEYS


def test_another_coder_starts_anew_and_sees_no_answer(model, draw, tmp_path):
    topics.label(model, draw, file=tmp_path / "l.jsonl", coder="هدى").answer(["sport"])
    other = topics.label(model, draw, file=tmp_path / "l.jsonl", coder="sami")
    assert (other.place, other.answers) == (0, {})


def test_what_the_page_sends_is_an_answer(model, draw, tmp_path):
    labelling = topics.label(model, draw, file=tmp_path / "l.jsonl", coder="هدى")
    labelling._received(labelling, {"place": 2, "themes": [1], "note": "n"}, [])
    assert labelling.answers == {draw[2].id: [1]}
    assert labelling.place == 3


def test_suggestions_are_left_out_when_asked(model, draw, tmp_path):
    shown = topics.label(model, draw, file=tmp_path / "l.jsonl", coder="a").data["articles"][0]["probabilities"]
    assert len(shown) == len(KEYS)
    hidden = topics.label(model, draw, file=tmp_path / "l.jsonl", coder="a", suggest=False)
    assert hidden.data["articles"][0]["probabilities"] is None


def test_themes_may_be_given_without_a_model(draw, tmp_path):
    labelling = topics.label(None, draw, file=tmp_path / "l.jsonl", coder="a", themes=["water", "energy"])
    labelling.answer(["water"])
    assert [article.themes for article in labelling.labelled] == [("water",)]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"coder": " "}, "coder is empty"),
        ({"themes": None}, "no theme to choose from"),
        ({"language": "de"}, "ar, en or fr"),
    ],
)
def test_bad_input_is_told_what_to_do(draw, tmp_path, changes, told):
    arguments = {"file": tmp_path / "l.jsonl", "coder": "a", "themes": ["water"], **changes}
    with pytest.raises(SettingsError, match=told):
        topics.label(None, draw, **arguments)


def test_an_unknown_theme_or_place_changes_nothing(model, draw, tmp_path):
    labelling = topics.label(model, draw, file=tmp_path / "l.jsonl", coder="a")
    with pytest.raises(SettingsError, match="not offered"):
        labelling.answer(["sports"])
    with pytest.raises(SettingsError, match="no article 9"):
        labelling.answer([], place=9)
    assert labelling.answers == {}
    assert not (tmp_path / "l.jsonl").exists()
    assert repr(labelling) == "Labelling(0 of 4 articles; coder a)"
