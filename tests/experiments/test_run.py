from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from tiny_experiment import TINY

import topics
from topics.corpus.packaged import packaged_corpus
from topics.errors import ReadError, WriteError
from topics.experiments.folder import staged
from topics.experiments.run import Run, run
from topics.experiments.settings import Experiment


def test_a_run_holds_what_the_design_lists(tiny_run):
    assert {path.name for path in tiny_run.path.iterdir()} == {
        "experiment.toml",
        "manifest.json",
        "scores.json",
        "held_out_themes.jsonl",
        "held_out_topics.jsonl",
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

    def meanwhile(settings, inputs, staging, target, cache):
        with staged(target) as other:
            execute(settings, inputs, other, target, cache)
        (target / "first").touch()
        execute(settings, inputs, staging, target, cache)

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


FIT = """
import sys
import topics
from topics.experiments import folder, keeping, stopping

folder.code_fingerprint = lambda: "0" * 64  # sources may be under way while tests run
keeping.SECONDS = keeping.SHARE = 0  # a checkpoint after each sweep
with stopping.terminable():
    topics.run(sys.argv[1], out=sys.argv[2], resume=sys.argv[3] == "resume", cache=False, themes=None)
"""


def fitted(path, out, how="", **options):
    return subprocess.Popen([sys.executable, "-c", FIT, str(path), str(out), how], **options)


def contents(run):
    return {path.name: path.read_bytes() for path in run.iterdir() if path.name != "manifest.json"}


@pytest.fixture
def fit_file(tmp_path):
    """An experiment that spends its time in fits."""
    topics_of = "n_topics = 30\nn_sweeps = 60\nmin_df = 2\nruns = 3"
    path = tmp_path / "fit.toml"
    path.write_text(TINY.replace("n_topics = 3\nn_sweeps = 2\nmin_df = 2", topics_of), encoding="utf-8")
    return path


def test_a_run_that_was_stopped_goes_on_where_it_was(tiny_file, tmp_path, fixed_code, monkeypatch):
    """FAULTS.md 18, 19."""
    from topics.experiments import scoring, stages

    undisturbed = run(tiny_file, out=tmp_path / "whole", cache=False)
    score = scoring.topic_scores
    monkeypatch.setattr(scoring, "topic_scores", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run(tiny_file, out=tmp_path / "runs", cache=False)
    (left,) = (tmp_path / "runs").iterdir()
    assert left.name.startswith(".topics-0-")
    monkeypatch.setattr(scoring, "topic_scores", score)
    monkeypatch.setattr(stages._Execution, "_learn_themes", lambda _: pytest.fail("was done again"))
    resumed = run(tiny_file, out=tmp_path / "runs", cache=False, resume=True)
    assert contents(resumed.path) == contents(undisturbed.path)
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == [resumed.path.name, "tiny.latest"]
    assert [row["stage"] for row in resumed.manifest["stages"]] == [
        row["stage"] for row in undisturbed.manifest["stages"]
    ]


def test_without_resume_a_run_begins_anew_and_what_was_left_is_gone(tiny_file, tmp_path, fixed_code, monkeypatch):
    from topics.experiments import stages

    sort = stages._Execution._sort
    monkeypatch.setattr(stages._Execution, "_sort", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run(tiny_file, out=tmp_path, topics=None)
    monkeypatch.setattr(stages._Execution, "_sort", sort)
    done = run(tiny_file, out=tmp_path, topics=None)
    assert sorted(path.name for path in tmp_path.iterdir()) == [done.path.name, "tiny.latest"]


def test_what_was_left_damaged_is_done_again(tiny_file, tmp_path, fixed_code, monkeypatch):
    from topics.experiments import stages

    sort = stages._Execution._sort
    monkeypatch.setattr(stages._Execution, "_sort", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run(tiny_file, out=tmp_path, topics=None)
    (left,) = tmp_path.iterdir()
    (left / "themes.topics").write_bytes(b"half")
    monkeypatch.setattr(stages._Execution, "_sort", sort)
    done = run(tiny_file, out=tmp_path, resume=True, topics=None)
    assert topics.load(done.path / "themes.topics")


def test_another_run_leaves_what_this_one_left(tiny_file, tmp_path, fixed_code, monkeypatch):
    from topics.experiments import stages

    sort = stages._Execution._sort
    monkeypatch.setattr(stages._Execution, "_sort", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        run(tiny_file, out=tmp_path, topics=None)
    (left,) = tmp_path.iterdir()
    monkeypatch.setattr(stages._Execution, "_sort", sort)
    run(tiny_file, out=tmp_path, topics=None, random_state=1)
    assert left.is_dir()


def test_with_and_without_a_cache_a_run_is_equal_bytes(tiny_file, tmp_path, fixed_code):
    changes = {"themes.use": ["security", "migration"]}
    found = [
        run(tiny_file, out=tmp_path / str(number), cache=cache, **changes)
        for number, cache in enumerate([False, tmp_path / "cache", tmp_path / "cache"])
    ]
    first, second, third = (contents(done.path) for done in found)
    assert first == second == third
    taken = [sum(row["kept_steps"] for row in done.manifest["stages"]) for done in found]
    assert taken[2] > taken[1]


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(tiny_file, tmp_path):
    """FAULTS.md 20: a read-only home."""
    (tmp_path / "file").touch()
    assert run(tiny_file, out=tmp_path / "runs", cache=tmp_path / "file" / "cache", topics=None).sorted is not None


def test_topics_are_sought_from_several_random_states(tiny_file, tmp_path):
    done = run(tiny_file, out=tmp_path, themes=None, **{"topics.runs": 3, "output.tables": "csv"})
    scores = done.scores
    assert scores.query("measure == 'stability' and of == '*'")["low"].notna().all()
    assert list(scores.query("measure == 'recurrence'")["of"]) == ["topic_0", "topic_1", "topic_2"]
    assert scores.query("measure == 'recurrence'")["n"].eq(2).all()
    assert done.manifest["random_states"]["topics"] == [0, 1, 2]


def test_topics_are_left_as_tables_for_other_programs(tiny_file, tmp_path):
    import pandas as pd

    done = run(tiny_file, out=tmp_path, themes=None, **{"output.tables": "parquet"})
    model = done.models.topics
    terms = pd.read_parquet(done.path / "topic_terms.parquet")
    assert list(terms.columns) == ["topic", "name", "rank", "term", "key", "probability"]
    assert len(terms) == model.topic_term.size
    assert np.allclose(terms.groupby("topic")["probability"].sum(), 1)
    mixtures = pd.read_parquet(done.path / "mixtures.parquet")
    assert np.array_equal(mixtures[["topic_0", "topic_1", "topic_2"]].to_numpy(), done.sorted.iloc[:, 2:].to_numpy())


@pytest.mark.slow
def test_twenty_kills_in_a_fit_and_the_run_is_that_of_one_undisturbed(fit_file, tmp_path, seed):
    """FAULTS.md 18."""
    rng = np.random.default_rng(seed)
    assert fitted(fit_file, tmp_path / "whole").wait() == 0
    (whole,) = (tmp_path / "whole").glob("tiny-*")
    kills = n_runs = 0
    while kills < 20 or n_runs == 0:
        out = tmp_path / f"runs{n_runs}"
        process = fitted(fit_file, out, "resume")
        # From when there is a state of a fit: this process's own, or the one that it goes on from.
        while process.poll() is None and not list(out.glob(f".topics-{process.pid}-*/checkpoint/state-*")):
            time.sleep(0.005)
        time.sleep(rng.uniform(0, 0.3))
        if kills < 20:
            process.kill()
        kills += process.wait() == -signal.SIGKILL
        if finished := list(out.glob("tiny-*")):
            assert contents(finished[0]) == contents(whole)
            assert not list(out.glob(".*"))
            n_runs += 1


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_in_a_fit_keeps_its_checkpoint(fit_file, tmp_path, number, code):
    """FAULTS.md 19."""
    command = [sys.executable, "-m", "topics", "run", str(fit_file), "--out", str(tmp_path / "runs")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
    while not list(tmp_path.glob("runs/.topics-*/manifest.json")):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(number)
    _, told = process.communicate(timeout=60)
    assert process.returncode == code
    assert "--resume goes on from there" in told
    assert "Traceback" not in told
    (left,) = (tmp_path / "runs").iterdir()
    assert left.name.startswith(".topics-0-")
    done = subprocess.run([*command, "--resume"], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert not list((tmp_path / "runs").glob(".*"))


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
            assert len(list(path.iterdir())) == 10
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
