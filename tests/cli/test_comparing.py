from __future__ import annotations

import json
import shutil

import pytest


@pytest.fixture
def as_it_was(tiny_run, monkeypatch):
    monkeypatch.setattr("topics.experiments.verifying.run_one", lambda *_: tiny_run)


def test_runs_are_compared(topics_command, tiny_run, tiny_file, tmp_path):
    code, out, _ = topics_command(
        "run", tiny_file, "--out", tmp_path, "--set", "topics.n_topics=4", "--set", "text.level=none", "--json"
    )
    assert code == 0
    other = json.loads(out)["run"]
    code, out, err = topics_command("compare", tiny_run.path, other)
    assert code == 0, err
    assert out.splitlines()[0] == f"run 1  {tiny_run.path.name}"
    for line in ("Settings that differ", "Scores", "Higher than run 1 by, on the same articles"):
        assert line in out.splitlines()
    assert "perplexities say nothing of each other" in err
    facts = json.loads(topics_command("compare", tiny_run.path, other, "--json")[1])
    assert {row["setting"] for row in facts["settings"]} >= {"topics.n_topics", "text.level"}
    assert any(row["measure"] == "macro_f1" and row["low"] <= row["mean"] for row in facts["differences"])


def test_one_run_cannot_be_compared(topics_command, tiny_run):
    code, _, err = topics_command("compare", tiny_run.path)
    assert code == 1
    assert "name two or more" in err


def test_a_run_that_comes_out_the_same_ends_with_0(topics_command, tiny_run, as_it_was):
    code, out, _ = topics_command("verify", tiny_run.path)
    assert code == 0
    assert out.splitlines()[-1].endswith("parts came out equal.")
    assert json.loads(topics_command("verify", tiny_run.path, "--json")[1])["equal"]


def test_a_run_that_differs_ends_with_1_and_says_by_how_much(topics_command, tiny_run, tmp_path, as_it_was):
    place = tmp_path / "run"
    shutil.copytree(tiny_run.path, place)
    scores = json.loads((place / "scores.json").read_text(encoding="utf-8"))
    scores["topics"][0]["mean"] += 1.5
    (place / "scores.json").write_text(json.dumps(scores), encoding="utf-8")
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    manifest["versions"]["scipy"] = "0.1"
    (place / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    code, out, _ = topics_command("verify", place)
    assert code == 1
    assert out.startswith("scipy was 0.1, is ")
    assert "differs by up to 1.5" in out
    facts = json.loads(topics_command("verify", place, "--json")[1])
    assert not facts["equal"]
    assert facts["changed"]["scipy"]["then"] == "0.1"


def test_what_is_no_run_is_told(topics_command, tmp_path):
    for command in ("verify", "compare"):
        code, _, err = topics_command(command, tmp_path / "none")
        assert code == 1
        assert "there is no such run" in err
