from __future__ import annotations

import json

import pandas as pd
import pytest

from topics import Article
from topics.errors import SettingsError, TopicsError
from topics.studies import agreement

FIRST = {"1": ["sport"], "2": [], "3": ["security", "sport"], "4": ["migration"], "5": ["security"], "6": []}
SECOND = {"1": ["sport"], "2": [], "3": ["security"], "4": ["security"], "5": ["security"], "6": None}


def answers(labels, coder):
    return [{"id": identity, "coder": coder, "themes": themes} for identity, themes in labels.items()]


def test_each_theme_and_the_sets_get_an_alpha_with_its_interval():
    found = agreement(FIRST, {key: value for key, value in SECOND.items() if value is not None})
    assert found.table.theme.tolist() == [*(t for t in ("migration", "security", "sport") for _ in range(2)), "*", "*"]
    assert found["sport"].low <= found["sport"].mean <= found["sport"].high
    assert found["sport"].n == 5
    # Five noes, five yeses, one article of two answers: observed 2 / 10, expected 2 * 5 * 5 / (10 * 9).
    assert found["security"].mean == pytest.approx(1 - 0.2 / (50 / 90))
    assert "disagreements" in str(found)


def test_equal_labels_agree_perfectly_and_nothing_is_listed():
    found = agreement(FIRST, FIRST)
    assert found["*"].mean == 1.0
    assert found.disagreements.empty


def test_the_widest_disagreement_stands_first_with_what_is_disputed():
    found = agreement(pd.DataFrame(answers(FIRST, "أمل")), pd.DataFrame(answers(SECOND, "سمير"))).disagreements
    assert found.columns.tolist() == ["id", "أمل", "سمير", "themes", "distance"]
    assert found.id.tolist() == ["4", "3"]
    assert found.themes.tolist() == [["migration", "security"], ["sport"]]
    assert found["سمير"].tolist() == [["security"], ["security"]]


def test_one_file_may_hold_all_coders_and_the_last_answer_counts(tmp_path):
    rows = [*answers(FIRST, "a"), *answers(SECOND, "b"), {"id": "4", "coder": "b", "themes": ["migration"]}]
    path = tmp_path / "labels.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert agreement(path).disagreements.id.tolist() == ["3"]


def test_a_csv_and_articles_are_labels_too(tmp_path):
    (tmp_path / "a.csv").write_text("id,themes\n1,sport\n2,none\n3,security|sport\n", encoding="utf-8")
    articles = [Article("نص", id=key, themes=value) for key, value in SECOND.items() if value is not None]
    found = agreement(tmp_path / "a.csv", articles)
    assert found.disagreements.columns.tolist()[:3] == ["id", "a", "b"]
    assert found["*"].n == 3


def test_only_the_themes_asked_for_are_compared():
    found = agreement(FIRST, {key: value for key, value in SECOND.items() if value is not None}, themes=["sport"])
    assert found.disagreements.id.tolist() == ["3"]
    with pytest.raises(SettingsError, match="no coder gave the theme 'war'"):
        found["war"]


def test_a_theme_that_all_give_alike_everywhere_has_no_alpha_and_says_why():
    found = agreement({"1": ["a"], "2": ["a"]}, {"1": ["a"], "2": ["a"]})
    assert found.table.note.str.contains("all answers are equal").tolist() == [True, False, True, False]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([FIRST], "1 coder cannot disagree"),
        ([FIRST, {"9": []}], "0 articles were labelled by two"),
        ([FIRST, [1, 2]], "labels are a path"),
        ([FIRST, pd.DataFrame([{"themes": []}])], "has no id"),
    ],
)
def test_what_cannot_be_compared_is_refused(labels, message):
    with pytest.raises(TopicsError, match=message):
        agreement(*labels)
