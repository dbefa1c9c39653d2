from __future__ import annotations

import json
import shutil

import pytest


@pytest.mark.parametrize("part", ["", "themes.topics", "topics.topics", "sorted.csv"])
def test_everything_a_run_holds_can_be_shown(topics_command, tiny_run, tmp_path, part):
    path = tiny_run.path / part
    if part == "sorted.csv":
        path = tmp_path / "c.jsonl"
        path.write_text('{"text": "خبر عن الكرة", "source": "صحيفة"}\n', encoding="utf-8")
    code, out, _ = topics_command("show", path)
    assert code == 0
    assert out.splitlines()[0].split() == ["kind", json.loads(topics_command("show", path, "--json")[1])["kind"]]


def test_a_name_is_shown_as_its_newest_run(topics_command, tiny_run):
    code, out, _ = topics_command("show", tiny_run.path.parent / "tiny")
    assert code == 0
    assert tiny_run.path.name in out


@pytest.fixture
def copied(tiny_run, tmp_path):
    return shutil.copytree(tiny_run.path, tmp_path / "runs" / tiny_run.path.name)


def test_a_report_is_written_again(topics_command, copied):
    before = (copied / "report.html").read_bytes()
    (copied / "report.html").unlink()
    code, out, err = topics_command("report", copied)
    assert (code, err) == (0, "")
    assert out == f"Report  {copied / 'report.html'}\n"
    assert (copied / "report.html").read_bytes() == before


def test_a_report_may_hold_less_and_open_in_another_language(topics_command, copied):
    code, out, _ = topics_command("report", copied, "--texts", "none", "--lang", "fr", "--json")
    assert code == 0
    assert json.loads(out)["complete"]
    page = (copied / "report.html").read_text(encoding="utf-8")
    assert '<html lang="fr"' in page
    assert 'data-texts="none"' in page


def test_a_report_without_the_articles_says_so(topics_command, copied, monkeypatch):
    monkeypatch.setattr("topics.experiments.stages.articles_of", lambda run: (None, "the articles are gone"))
    code, out, err = topics_command("report", copied)
    assert code == 0
    assert err == "topics: the articles are gone: the report shows titles only\n"
    assert out
