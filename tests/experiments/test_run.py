from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import topics
from topics.errors import ReadError, WriteError
from topics.experiments.folder import staged
from topics.experiments.packaged import packaged_corpus
from topics.experiments.run import Run, run
from topics.experiments.settings import Experiment


def test_a_run_holds_what_the_design_lists(tiny_run):
    assert {path.name for path in tiny_run.path.iterdir()} == {
        "experiment.toml",
        "manifest.json",
        "scores.json",
        "sorted.csv",
        "figures",
        "themes.topics",
        "topics.topics",
        "report.html",
    }
    assert tiny_run.path.name.startswith("tiny-")
    assert not [path for path in tiny_run.path.parent.iterdir() if path.name.startswith(".topics-")]


def test_the_manifest_says_what_it_takes_to_run_it_again(tiny_run):
    manifest = tiny_run.manifest
    assert manifest["versions"]["scikit-learn"]
    assert manifest["random_state"] == 0
    assert len(manifest["corpus"]["fingerprint"]) == len(manifest["code"]["fingerprint"]) == 64
    assert manifest["corpus"]["n_articles"] == 90
    stages = [row["stage"] for row in manifest["stages"]]
    assert stages == ["learn themes", "score themes", "find topics", "score topics", "sort", "draw", "report"]
    assert all(row["wall_seconds"] >= 0 and row["cpu_seconds"] >= 0 for row in manifest["stages"])
    assert manifest["peak_memory_bytes"] is None or manifest["peak_memory_bytes"] > 1 << 20


def test_tables_and_models_come_back_from_the_folder(tiny_run):
    found = topics.run  # the public name
    assert found is run
    again = Run(tiny_run.path)
    assert list(again.sorted.columns[:7]) == ["id", "title", "primary", "themes", "security", "sport", "unlike"]
    assert isinstance(again.sorted["themes"][0], list)
    assert len(again.sorted) == 90
    assert list(again.models.themes.themes) == ["security", "sport"]
    assert again.models.topics.components.shape[0] == 3


def test_the_sorted_table_is_what_the_saved_model_says(tiny_run):
    model = topics.load(tiny_run.path)
    rows = model.sort(
        topics.Corpus.read(packaged_corpus()).filter(lambda article: article.id in set(tiny_run.sorted["id"]))
    )
    assert list(rows["id"]) == list(tiny_run.sorted["id"])
    for name in ("security", "sport", "unlike"):
        assert np.abs(rows[name] - tiny_run.sorted[name]).max() < 1e-12
    assert list(rows["themes"]) == list(tiny_run.sorted["themes"])


def test_a_run_stands_where_a_bundle_is_expected(tiny_run):
    by_name = topics.load(tiny_run.path.parent / "tiny")
    assert repr(by_name) == repr(topics.load(tiny_run.path / "themes.topics"))


def test_it_shows_itself_in_a_notebook_without_a_path(tiny_run):
    page = tiny_run._repr_html_()
    assert "macro_f1" in page
    assert str(tiny_run.path.parent) not in page
    assert repr(tiny_run) == f"Run({tiny_run.path.name})"


def test_the_same_experiment_is_not_executed_twice(tiny_file, tmp_path, fixed_code, monkeypatch):
    first = run(tiny_file, out=tmp_path, topics=None)
    assert not first.reused
    monkeypatch.setattr("topics.experiments.stages.execute", lambda *_: pytest.fail("was executed"))
    second = run(tiny_file, out=tmp_path, topics=None)
    assert second.reused
    assert second.path == first.path


def test_again_leaves_the_first_as_it_is_and_latest_names_the_second(tiny_file, tmp_path, fixed_code):
    first = run(tiny_file, out=tmp_path, topics=None)
    before = {path: path.read_bytes() for path in first.path.rglob("*") if path.is_file()}
    second = run(tiny_file, out=tmp_path, again=True, topics=None)
    assert second.path.name == f"{first.path.name}-2"
    assert (tmp_path / "tiny.latest").read_text(encoding="utf-8").strip() == second.path.name
    assert {path: path.read_bytes() for path in before} == before
    for name in ("scores.json", "themes.topics", "sorted.csv", "experiment.toml"):
        assert (first.path / name).read_bytes() == (second.path / name).read_bytes()


def test_a_run_executes_again_from_its_own_settings(tiny_run, tmp_path):
    assert Experiment.read(tiny_run.path / "experiment.toml") == tiny_run.settings


def test_a_corpus_moved_with_its_run_is_found(tmp_path, fixed_code):
    corpus = topics.Corpus(
        [topics.Article(f"خبر{n} " * 6 + "عن الكرة والنادي", themes=["a"] * (n % 2)) for n in range(30)]
    )
    (tmp_path / "x").mkdir()
    corpus.write(tmp_path / "x" / "c.jsonl")
    settings = {"name": "m", "corpus": {"path": str(tmp_path / "x" / "c.jsonl")}, "themes": {}}
    quiet = {"output.figures": False, "output.report": False, "evaluation.folds": 2}
    first = run(settings, out=tmp_path / "x" / "runs", **quiet)
    assert 'path = "../../c.jsonl"' in (first.path / "experiment.toml").read_text(encoding="utf-8")
    (tmp_path / "x").rename(tmp_path / "y")
    moved = Run(tmp_path / "y" / "runs" / "m")
    assert run(moved.settings, out=tmp_path / "y" / "runs").reused


def test_only_themes_or_only_topics_may_be_learnt(tiny_file, tmp_path):
    themes = run(tiny_file, out=tmp_path, topics=None)
    assert themes.models.topics is None
    topics_only = run(tiny_file, out=tmp_path, themes=None, **{"output.report": True, "output.figures": True})
    assert topics_only.models.themes is None
    assert list(topics_only.sorted.columns) == ["id", "title", "topic_0", "topic_1", "topic_2"]
    assert topics_only.report


def test_other_articles_can_be_sorted(tiny_file, tmp_path):
    (tmp_path / "new.jsonl").write_text('{"text": "فاز المنتخب بالكأس", "column": "=1+1"}\n', encoding="utf-8")
    changes = {"sort.inputs": [str(tmp_path / "new.jsonl")], "topics": None, "output.report": True}
    done = run(tiny_file, out=tmp_path / "runs", **changes)
    assert len(done.sorted) == 1
    assert done.sorted["column"][0] == "'=1+1"


def test_a_folder_is_no_experiment(tmp_path):
    with pytest.raises(ReadError, match="is a folder"):
        run(tmp_path)


def test_a_process_that_comes_second_takes_the_run_of_the_first(tiny_file, tmp_path, fixed_code, monkeypatch):
    """FAULTS.md 17."""
    from topics.experiments import stages

    execute = stages.execute

    def meanwhile(settings, inputs, staging, target):
        with staged(target) as other:
            execute(settings, inputs, other, target)
        (target / "first").touch()
        execute(settings, inputs, staging, target)

    monkeypatch.setattr(stages, "execute", meanwhile)
    found = run(tiny_file, out=tmp_path, topics=None)
    assert found.reused
    assert (found.path / "first").exists()


@pytest.mark.parametrize("stage", ["_learn_themes", "_score_themes", "_sort", "_write_manifest"])
def test_a_full_disk_at_any_stage_leaves_nothing(tiny_file, tmp_path, monkeypatch, stage):
    """FAULTS.md 16."""
    from topics.experiments import stages

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stages._Execution, stage, full)
    with pytest.raises(WriteError, match="No space left"):
        run(tiny_file, out=tmp_path, topics=None)
    assert not list(tmp_path.iterdir())


CODE = "import sys, topics; topics.run(sys.argv[1], out=sys.argv[2], **{'output.figures': True, 'output.report': True})"


@pytest.mark.slow
def test_killed_anywhere_leaves_no_half_run_and_the_next_cleans_up(tiny_file, tmp_path, seed):
    """FAULTS.md 15."""
    rng = np.random.default_rng(seed)
    command = [sys.executable, "-c", CODE, str(tiny_file), str(tmp_path)]
    for _ in range(8):
        process = subprocess.Popen(command)
        time.sleep(rng.uniform(0.5, 6.0))
        process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        process.wait()
        for path in tmp_path.glob("tiny-*"):
            assert len(list(path.iterdir())) == 8
    subprocess.run(command, check=True)
    assert not list(tmp_path.glob(".topics-*"))
    assert json.loads((Run(tmp_path / "tiny").path / "manifest.json").read_bytes())["name"] == "tiny"


@pytest.mark.slow
def test_two_runs_of_the_demo_are_equal_bytes(project, tmp_path):
    """FAULTS.md 35: other hash seeds, other numbers of threads, other processes."""
    code = "import sys, topics; topics.run(sys.argv[1], out=sys.argv[2], **{'output.figures': False})"
    for number, (hash_seed, threads) in enumerate([("0", "1"), ("12345", "2")]):
        threads_of = dict.fromkeys(
            ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), threads
        )
        environment = os.environ | {"PYTHONHASHSEED": hash_seed} | threads_of
        command = [sys.executable, "-c", code, str(project / "experiments" / "demo.toml"), str(tmp_path / str(number))]
        subprocess.run(command, check=True, env=environment)
    first, second = (Run(tmp_path / name / "demo").path for name in "01")
    for name in ("scores.json", "themes.topics", "topics.topics", "sorted.csv", "report.html"):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name
