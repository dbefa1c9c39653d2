from __future__ import annotations

import json

import numpy as np
import pytest
from partitioned_news import write_planted

from topics import load, run
from topics.errors import ReadError, SettingsError
from topics.experiments import scaling
from topics.experiments.run import How, Run
from topics.experiments.settings import Experiment


@pytest.fixture
def settings(tmp_path):
    write_planted(tmp_path / "a.jsonl", 400)
    return {
        "name": "parts",
        "corpus": {"path": str(tmp_path / "a.jsonl")},
        "terms": {"learn_phrases": False},
        "themes": {},
        "topics": {"n_topics": 4, "n_sweeps": 3},
        "evaluation": {"folds": 2},
        "scale": {"sorted": "jsonl"},
    }


@pytest.fixture(autouse=True)
def many_partitions(monkeypatch):
    monkeypatch.setattr("topics.scale.partitions._SMALLEST", 1)


def scaled(settings, tmp_path, told=None, **given):
    said = [] if told is None else told
    return scaling.run_scaled(Experiment.of(settings), How(tmp_path / "runs", **given), None, said.append)


def test_a_run_over_partitions_is_a_run(settings, tmp_path):
    told = []
    found = scaled(settings, tmp_path, told)
    assert told[0].startswith("8 partitions; analysis: ")
    assert [row["stage"] for row in found.manifest["stages"]] == [
        "read", "learn themes", "count terms", "find topics", "sort",
    ]  # fmt: skip
    assert found.manifest["corpus"]["n_articles"] == 400
    assert found.manifest["scale"]["themes"].startswith("exact: learnt from all ")
    assert len(list((found.path / "sorted").iterdir())) == 8
    assert found.sorted["id"].tolist() == [f"g{k:08d}" for k in range(400)]
    assert len(found.models.topics.alpha) == 4
    assert {row["measure"] for row in found.score_rows("topics")} == {"share", "perplexity"}
    assert not list((tmp_path / "runs").glob(".topics-*")), "nothing of the work is left"
    assert Run(tmp_path / "runs" / "parts").path == found.path


def test_themes_are_those_of_one_machine(settings, tmp_path):
    found = scaled(settings, tmp_path)
    del settings["scale"], settings["topics"]
    plain = run(settings | {"output": {"report": False, "figures": False}}, out=tmp_path / "plain", cache=False)
    mine, theirs = found.models.themes, plain.models.themes
    assert mine.matrix.terms == theirs.matrix.terms
    for name in ("coef", "intercept", "slope", "offset", "thresholds"):
        assert np.array_equal(getattr(mine, name), getattr(theirs, name)), name
    assert found.score_rows("themes") == plain.score_rows("themes")
    assert found.sorted["primary"].tolist() == plain.sorted["primary"].tolist()


def test_the_same_run_is_not_done_again(settings, tmp_path):
    del settings["themes"]
    first = scaled(settings, tmp_path)
    settings["scale"] |= {"workers": 1, "memory": "3GiB"}
    again = scaled(settings, tmp_path)
    assert again.reused
    assert again.path == first.path
    assert scaled(settings, tmp_path, again=True).path != first.path


def test_a_run_that_was_stopped_goes_on(settings, tmp_path, monkeypatch):
    del settings["themes"]
    told = []

    def stopped(*given):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("topics.scale.sorting.sort", stopped)
        with pytest.raises(KeyboardInterrupt):
            scaled(settings, tmp_path, told)
    assert "--resume" in told[-1]
    assert not list((tmp_path / "runs").glob("parts-*"))

    def counted(*given, **more):
        raise AssertionError("visited again")

    with monkeypatch.context() as patch:
        patch.setattr("topics.scale.fitting.visit", counted)
        found = scaled(settings, tmp_path, resume=True)
    other = scaled(settings, tmp_path / "other")
    assert np.array_equal(found.models.topics.components, other.models.topics.components)
    assert json.loads((found.path / "scores.json").read_bytes()) == json.loads(
        (other.path / "scores.json").read_bytes()
    )


def test_a_corrupt_partition_is_told_and_can_be_mended(settings, tmp_path):
    bad = tmp_path / "b.jsonl.gz"
    bad.write_bytes(b"\x1f\x8b\x08 damaged")
    settings["corpus"]["path"] = [settings["corpus"]["path"], str(bad)]
    with pytest.raises(ReadError, match=r"b\.jsonl\.gz: the gzip file is cut short or damaged"):
        scaled(settings, tmp_path)
    assert not list((tmp_path / "runs").glob("parts-*"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"corpus.sample": 10}, r"\[corpus\] sample", id="sample"),
        pytest.param({"corpus.duplicates": "drop"}, "dedupe", id="duplicates"),
        pytest.param({"sort.inputs": ["a.jsonl"]}, r"\[sort\] inputs", id="inputs"),
        pytest.param({"themes.start": "both"}, "start = 'labels'", id="start"),
        pytest.param({"topics.anchors": True}, "anchors", id="anchors"),
        pytest.param({"topics.engine": "gensim"}, "gensim", id="engine"),
        pytest.param({"topics.runs": 5}, "runs = 1", id="runs"),
        pytest.param({"topics.ngrams": [1, 2]}, "single terms", id="ngrams"),
        pytest.param({"scale.memory": "100MiB"}, "analysis needs .* raise memory", id="memory"),
        pytest.param({"topics.n_topics": 200_000}, "topics needs .* raise memory", id="too many topics"),
    ],
)
def test_what_cannot_be_done_over_partitions_is_refused(settings, tmp_path, changes, message):
    with pytest.raises(SettingsError, match=message):
        scaling.run_scaled(Experiment.of(settings, changes), How(tmp_path / "runs"), None, lambda text: None)


def test_a_sweep_over_partitions_is_refused(settings, tmp_path):
    with pytest.raises(SettingsError, match=r"\[sweep\] over partitions"):
        run(settings | {"sweep": {"topics.n_topics": [2, 3]}}, out=tmp_path / "runs")


def test_a_scheduler_is_enough_and_the_model_loads(settings, tmp_path):
    del settings["scale"], settings["themes"]
    found = run(settings, out=tmp_path / "runs", scheduler="none")
    assert "scale" in found.manifest
    assert load(found).kind == "topics"
    assert list(found.sorted.columns) == ["id", "title", "topic_0", "topic_1", "topic_2", "topic_3"]
