from __future__ import annotations

import json

import pytest

from topics.experiments.example import EXAMPLE
from topics.experiments.settings import Experiment


@pytest.fixture
def fixed_code(monkeypatch):
    monkeypatch.setattr("topics.experiments.folder.code_fingerprint", lambda: "0" * 64)


def test_a_run_prints_table_scores_report_and_folder(topics_command, tiny_file, tmp_path):
    code, out, err = topics_command("run", tiny_file, "--out", tmp_path / "runs", "--set", "output.report=true")
    assert code == 0, err
    lines = out.splitlines()
    assert lines[0].split() == ["id", "primary", "themes", "security", "sport", "unlike", "title"]
    assert lines[21].startswith("... and 70 more in ")
    assert any(line.startswith("macro f1  0.") for line in lines)
    assert any(line.startswith("topic_2  ") for line in lines)
    run = lines[-1].split()[-1]
    assert lines[-2] == f"Report  {run}/report.html"
    assert lines[-1] == f"Run     {run}"


def test_a_second_run_says_that_it_is_the_first(topics_command, tiny_file, tmp_path, fixed_code):
    arguments = ("run", tiny_file, "--out", tmp_path, "--set", "topics.n_topics=2", "--json")
    first = json.loads(topics_command(*arguments)[1])
    assert not first["reused"]
    code, out, err = topics_command(*arguments[:-1])
    assert code == 0
    assert "that run; --again executes once more" in err
    assert out.splitlines()[-1].endswith(first["run"])
    again = json.loads(topics_command(*arguments, "--again")[1])
    assert again["run"] == first["run"] + "-2"
    assert again["scores"] == first["scores"]


def test_settings_are_changed_from_the_command_line(topics_command, tiny_file, tmp_path):
    code, out, _ = topics_command(
        "run", tiny_file, "--out", tmp_path, "--json", "--set", "topics.n_topics=2", "--set", "text.level=light"
    )
    assert code == 0
    settings = Experiment.read(json.loads(out)["run"] + "/experiment.toml")
    assert settings.topics.n_topics == 2
    assert settings.text.level == "light"


def test_a_misspelled_setting_is_told_in_one_line(topics_command, tiny_file, tmp_path):
    code, _, err = topics_command("run", tiny_file, "--out", tmp_path, "--set", "topics.n_topic=2")
    assert code == 1
    assert err.endswith("[topics] has no setting 'n_topic'; did you mean n_topics?\n")


def test_a_sweep_prints_a_line_a_combination_and_the_way_to_the_picture(topics_command, tiny_file, tmp_path):
    arguments = ["run", tiny_file, "--out", tmp_path, "--workers", "1", "--set", "themes.use=['sport']"]
    arguments += ["--set", "sweep.topics.n_topics=[2, 4]", "--set", "output.figures=true"]
    code, out, err = topics_command(*arguments)
    assert code == 0, err
    lines = out.splitlines()
    assert lines[0].split()[:2] == ["topics.n_topics", "macro"]
    assert [line.split()[0] for line in lines[1:3]] == ["2", "4"]
    assert "[" in lines[1]
    assert lines[-2].startswith("Picture ")
    sweep = lines[-1].split()[-1]
    facts = json.loads(topics_command(*arguments, "--json")[1])
    assert [row["topics.n_topics"] for row in facts["scores"] if row["measure"] == "npmi"] == [2, 4]
    code, out, _ = topics_command("show", sweep)
    assert code == 0
    assert out.splitlines()[0].split() == ["kind", "sweep"]


def test_the_user_is_told_how_to_go_on_with_a_run_that_was_stopped(topics_command, tiny_file, tmp_path, monkeypatch):
    """FAULTS.md 19."""
    from topics.experiments import stages

    sort = stages._Execution._sort
    arguments = ("run", tiny_file, "--out", tmp_path, "--no-cache", "--set", "themes.use=['sport']")

    def stopped(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("topics.experiments.folder.code_fingerprint", lambda: "0" * 64)
    monkeypatch.setattr(stages._Execution, "_sort", stopped)
    code, _, err = topics_command(*arguments)
    assert code == 130
    assert "the same command with --resume goes on from there" in err
    monkeypatch.setattr(stages._Execution, "_sort", sort)
    monkeypatch.setattr(stages._Execution, "_learn_themes", lambda _: pytest.fail("was done again"))
    assert topics_command(*arguments, "--resume")[0] == 0
    assert not list(tmp_path.glob(".*"))


def test_no_cache_keeps_nothing(topics_command, tiny_file, tmp_path, monkeypatch):
    monkeypatch.setenv("TOPICS_CACHE", str(tmp_path / "cache"))
    arguments = ("run", tiny_file, "--out", tmp_path / "runs", "--set", "topics.n_topics=2")
    assert topics_command(*arguments, "--no-cache")[0] == 0
    assert not (tmp_path / "cache").exists()
    assert topics_command(*arguments, "--again")[0] == 0
    code, out, _ = topics_command("show", tmp_path / "cache")
    assert code == 0
    assert out.splitlines()[0].split() == ["kind", "cache"]


def test_init_writes_a_file_that_runs(topics_command, tmp_path):
    code, out, _ = topics_command("run", "--init", tmp_path / "mine.toml")
    assert code == 0
    assert "topics run" in out
    assert (tmp_path / "mine.toml").read_text(encoding="utf-8") == EXAMPLE
    assert topics_command("run", "--init", tmp_path / "mine.toml")[0] == 1


def test_demo_is_the_packaged_experiment(topics_command, tmp_path, monkeypatch, tiny_run, project):
    called = {}

    def run(experiment, **options):
        called.update(options, experiment=experiment)
        return tiny_run

    monkeypatch.setattr("topics.experiments.run.run", run)
    code, out, _ = topics_command("demo", "--out", tmp_path)
    assert code == 0
    assert called == {"experiment": project / "experiments" / "demo.toml", "out": tmp_path, "again": False}
    assert f"Report  {tiny_run.report}" in out


@pytest.mark.slow
def test_the_demo_runs_and_sorts_the_article_that_the_issue_names(topics_command, tmp_path, project):
    code, out, _ = topics_command("demo", "--out", tmp_path / "runs")
    assert code == 0
    assert "report.html" in out
    article = (
        "عبد اللطيف الحموشي في زيارة عمل\nأجرى المدير العام للأمن الوطني مباحثات مع الشرطة التركية حول مكافحة الجريمة"
    )
    (tmp_path / "a.txt").write_text(article, encoding="utf-8")
    code, out, _ = topics_command("sort", tmp_path / "a.txt", "--model", tmp_path / "runs" / "demo", "--json")
    assert json.loads(out)["primary"] == "security"
