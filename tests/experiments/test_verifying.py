from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

import topics
from topics import bundle
from topics.errors import ReadError
from topics.experiments.run import Run
from topics.experiments.verifying import verify


@pytest.fixture(scope="module")
def verified(tiny_run):
    return verify(tiny_run)


@pytest.fixture
def copied(tiny_run, tmp_path):
    """A run that may be changed; its corpus ships, so it is found from anywhere."""
    place = tmp_path / "runs" / tiny_run.path.name
    shutil.copytree(tiny_run.path, place)
    return place


@pytest.fixture
def as_it_was(tiny_run, monkeypatch):
    """What comes out now is what came out then, without the time it takes."""
    monkeypatch.setattr("topics.experiments.verifying.run_one", lambda *_: tiny_run)


def parts(found):
    return {part.name: part for part in found.parts}


def test_a_run_comes_out_the_same_again(verified):
    assert verified.equal
    names = set(parts(verified))
    assert {"sorted.csv", "held_out_themes.jsonl", "held_out_topics.jsonl"} <= names
    assert {"scores.json: themes, macro_f1", "scores.json: topics, npmi"} <= names
    assert {"themes.topics: coef", "topics.topics: components", "topics.topics: terms"} <= names


def test_nothing_is_left_of_the_second_execution(tiny_run, verified):
    assert verified.run == tiny_run.path.name
    assert not list(tiny_run.path.parent.glob(".topics-*"))


def test_a_manifest_that_names_other_versions_is_told(copied, as_it_was):
    manifest = json.loads((copied / "manifest.json").read_text(encoding="utf-8"))
    manifest["versions"] |= {"numpy": "1.0", "torch": "2.0"}
    manifest["code"]["fingerprint"] = "f" * 64
    (copied / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    found = verify(Run(copied))
    assert found.equal
    assert found.changed["numpy"] == ("1.0", np.__version__)
    assert found.changed["torch"] == ("2.0", "nothing")
    assert found.changed["code"][0] == "f" * 12
    assert "numpy was 1.0, is " in str(found)


def test_another_array_is_told_with_the_largest_difference(copied, as_it_was):
    path = copied / "topics.topics"
    contents = bundle.read(path)
    components = contents.arrays["components"].copy()
    components[1, 2] += 0.25
    from dataclasses import replace

    bundle.write(path, replace(contents, arrays={**contents.arrays, "components": components}))
    found = parts(verify(Run(copied)))
    assert not found["topics.topics: components"].equal
    assert found["topics.topics: components"].difference == pytest.approx(0.25)
    assert found["topics.topics: alpha"].equal
    assert found["themes.topics: coef"].equal


def test_other_scores_and_rows_are_told(copied, as_it_was):
    scores = json.loads((copied / "scores.json").read_text(encoding="utf-8"))
    row = next(row for row in scores["themes"] if row["measure"] == "macro_f1")
    row["mean"] += 0.125
    row["note"] = "another"
    (copied / "scores.json").write_text(json.dumps(scores), encoding="utf-8")
    text = (copied / "sorted.csv").read_text(encoding="utf-8-sig")
    (copied / "sorted.csv").write_text(text.rsplit("\n", 2)[0] + "\n", encoding="utf-8-sig")
    found = parts(verify(Run(copied)))
    assert found["scores.json: themes, macro_f1"].difference == pytest.approx(0.125)
    assert found["scores.json: themes, macro_f1"].note == "1 other values"
    assert found["scores.json: themes, f1"].equal
    assert not found["sorted.csv"].equal


def test_a_model_that_only_one_of_the_two_has_is_told(copied, as_it_was):
    (copied / "themes.topics").unlink()
    assert parts(verify(Run(copied)))["themes.topics"].note == "only one of the two has it"


def test_articles_that_changed_are_told_and_those_that_are_gone_are_an_error(tmp_path):
    corpus = topics.Corpus(
        [topics.Article(f"خبر{n} عن الكرة والنادي والمباراة", themes=["a"] * (n % 2)) for n in range(30)]
    )
    place = tmp_path / "c.jsonl"
    corpus.write(place)
    settings = {"name": "m", "corpus": {"path": str(place)}, "themes": {}, "evaluation": {"folds": 2}}
    done = topics.run(settings, out=tmp_path / "runs", **{"output.figures": False, "output.report": False})
    topics.Corpus([*corpus, topics.Article("خبر جديد عن الكرة", themes=["a"])]).write(place)
    found = verify(done)
    assert not found.equal
    assert {"corpus", "sorted articles"} <= set(found.changed)
    place.unlink()
    with pytest.raises(ReadError, match=r"c\.jsonl"):
        verify(done)


def test_a_manifest_that_lacks_what_it_needs_is_told(copied, as_it_was):
    (copied / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ReadError, match=r"manifest\.json is not what a run holds"):
        verify(Run(copied))


@pytest.mark.slow
def test_the_demo_comes_out_the_same_again(project, tmp_path):
    changes = {"output.figures": False, "output.report": False}
    assert verify(topics.run(project / "experiments" / "demo.toml", out=tmp_path, **changes)).equal
