from __future__ import annotations

import json

import pytest

import topics
from topics.errors import BundleError, ReadError
from topics.experiments.describing import describe


def test_a_corpus_is_described(tmp_path):
    articles = [
        topics.Article("خبر", themes=["a"], source="س", extra={"register": "wire"}),
        topics.Article("خبر آخر", themes=[]),
    ]
    topics.Corpus(articles).write(tmp_path / "c.jsonl")
    with (tmp_path / "c.jsonl").open("a", encoding="utf-8") as file:
        file.write("{broken\n")
    facts = describe(tmp_path / "c.jsonl")
    assert facts["kind"] == "corpus"
    assert (facts["n_articles"], facts["n_labelled"], facts["without_themes"], facts["skipped"]) == (2, 2, 1, 1)
    assert facts["themes"] == [{"theme": "a", "n_articles": 1, "name": "a"}]
    assert facts["sources"] == [{"source": "س", "n_articles": 1}]
    assert facts["own_columns"] == ["register"]
    assert facts["dropped_copies"] == 0
    assert facts["marks"]["tatweel"] == 0
    json.dumps(facts)


def test_every_source_and_theme_is_among_the_facts(tmp_path):
    topics.Corpus(topics.Article(f"خبر {k}", source=f"س{k}", themes=[f"t{k}"]) for k in range(30)).write(
        tmp_path / "c.jsonl"
    )
    facts = describe(tmp_path / "c.jsonl")
    assert len(facts["sources"]) == len(facts["themes"]) == 30


def test_names_that_the_font_lacks_are_drawn_with_a_question_mark(tmp_path):
    topics.Corpus([topics.Article("خبر", source="新聞 صحيفة", themes=["体育"])]).write(tmp_path / "c.jsonl")
    describe(tmp_path / "c.jsonl", picture=tmp_path / "p.svg")
    assert "?? صحيفة" in (tmp_path / "p.svg").read_text(encoding="utf-8")


def test_a_run_is_described_with_scores_and_files(tiny_run):
    facts = describe(tiny_run.path)
    assert facts["kind"] == "run"
    assert {"file": "scores.json", "bytes": (tiny_run.path / "scores.json").stat().st_size} in facts["files"]
    assert describe(tiny_run.path.parent / "tiny") == facts
    json.dumps(facts)


def test_a_bundle_is_described_with_its_kind(tiny_run):
    facts = describe(tiny_run.path / "topics.topics")
    assert (facts["kind"], facts["model"]) == ("bundle", "topics")
    json.dumps(facts)


def test_what_is_no_bundle_and_what_is_not_there_are_told(tmp_path):
    (tmp_path / "x.topics").write_bytes(b"no")
    with pytest.raises(BundleError, match=r"x\.topics"):
        describe(tmp_path / "x.topics")
    with pytest.raises(ReadError, match="does not exist"):
        describe(tmp_path / "nothing")
