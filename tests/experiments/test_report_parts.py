"""What a report shows of a run beside its articles."""

from __future__ import annotations

import pytest
from small_news import small_corpus

from topics import Article, ThemeModel
from topics.experiments import report_parts

KEYS = ["security", "migration", "sport"]


@pytest.fixture(scope="module")
def model():
    return ThemeModel.train(small_corpus(), KEYS)


def row(labels, given, contested=(), **chances):
    return {
        "labels": labels, "given": given, "contested": list(contested),
        "probabilities": {key: chances.get(key, 0.1) for key in KEYS},
    }  # fmt: skip


def test_scores_by_newspaper_leave_out_those_with_few_articles():
    scored = [(Article(f"نص {n}", id=str(n), source="كبيرة"), row(["sport"], ["sport"])) for n in range(12)]
    scored += [(Article("نص", id="x", source="صغيرة"), row(["sport"], []))]
    found = report_parts.by_source(scored, KEYS)
    assert {line["source"] for line in found} == {"كبيرة"}
    assert [line["mean"] for line in found if line["theme"] == "sport"] == [1.0]
    assert {line["measure"] for line in found} == {"f1"}


def test_errors_come_worst_first_and_name_words_that_pull_that_way(model):
    text = "الشرطة أوقفت المتهم وحجزت المخدرات قبل مباراة المنتخب"
    articles = [Article(text, id=name, title=f"عنوان {name}") for name in "abc"]
    rows = [
        row([], ["security"], security=0.7),
        row(["sport"], [], sport=0.05),
        row(["sport"], [], contested=["sport"], sport=0.01),
    ]
    found = list(report_parts.errors(list(zip(articles, rows, strict=True)), model))
    assert [(line["id"], line["theme"], line["error"]) for line in found] == [
        ("b", "sport", "missed"),
        ("a", "security", "given"),
    ]
    weights = dict(model.explain(articles[0]).reasons("security", 50))
    assert found[1]["reasons"]
    assert all(weights[word] > 0 for word in found[1]["reasons"])


def test_every_figure_has_a_caption_in_three_languages_and_a_section_that_exists():
    for name, captions in report_parts.CAPTIONS.items():
        assert set(captions) == {"ar", "en", "fr"}, name
    assert set(report_parts.SECTIONS.values()) <= {"data", "themes", "topics", "time"}
