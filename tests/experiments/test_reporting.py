from __future__ import annotations

import json
import re

import pytest

from topics.experiments.figures import draw
from topics.experiments.report_parts import CAPTIONS
from topics.experiments.reporting import write_run_report
from topics.experiments.stages import articles_of
from topics.report import further_files


def read(path):
    """The page, and what its script shows of the articles: pieces of text joined again."""
    page = path.read_text(encoding="utf-8")
    island = re.search(r'<script type="application/json" id="island">(.*?)</script>', page, re.DOTALL)
    return page + "\n".join(joined(json.loads(island[1])["articles"]))


def list_of(path):
    page = path.read_text(encoding="utf-8")
    return json.loads(re.search(r'id="island">(.*?)</script>', page, re.DOTALL)[1])["articles"]


def joined(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from joined(item)
    elif isinstance(value, list):
        words = [item[0] if isinstance(item, list) and item else item for item in value]
        if all(isinstance(word, str) for word in words):
            yield "".join(words)
        else:
            for item in value:
                yield from joined(item)


def test_a_run_has_a_report_that_shows_its_articles(tiny_run):
    page = read(tiny_run.report)
    assert tiny_run.sorted["title"][0] in page
    assert str(tiny_run.path.parent) not in page


def test_the_report_is_made_again_from_the_run_equal(tiny_run, tmp_path):
    articles, problem = articles_of(tiny_run)
    assert problem is None
    write_run_report(tiny_run, articles, out=tmp_path / "report.html")
    assert (tmp_path / "report.html").read_bytes() == tiny_run.report.read_bytes()


def test_a_larger_run_goes_on_in_further_files_with_the_reasons_of_every_article(tiny_run, tmp_path, monkeypatch):
    monkeypatch.setattr("topics.experiments.reporting.MAX_ARTICLES", 40)
    articles, _ = articles_of(tiny_run)
    out = tmp_path / "report.html"
    write_run_report(tiny_run, articles, out=out, texts="full")
    files = [out, *further_files(out)]
    rows = [list_of(path) for path in files]
    assert [len(part) for part in rows] == [40, 40, 10]
    assert [row["id"] for part in rows for row in part] == tiny_run.sorted["id"].tolist()
    explained = [row for part in rows for row in part if any(row["largest"])]
    assert len(explained) > 80
    assert all(row["paragraphs"][0]["probabilities"] for part in rows for row in part)
    assert read(files[2]).count(articles[89].text[:60]) >= 1
    for language in ("ar", "en", "fr"):
        write_run_report(tiny_run, articles, out=out, language=language)
        assert all("90" in path.read_text(encoding="utf-8").split('data-w="part_of">')[1][:80] for path in files)
    write_run_report(tiny_run, None, out=out)
    assert [len(list_of(path)) for path in files] == [40, 40, 10]
    monkeypatch.undo()
    write_run_report(tiny_run, articles, out=out)
    assert out.read_bytes() == tiny_run.report.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_texts_none_leaks_no_title(tiny_run, tmp_path):
    articles, _ = articles_of(tiny_run)
    write_run_report(tiny_run, articles, out=tmp_path / "r.html", texts="none", language="en")
    page = read(tmp_path / "r.html")
    for article in articles:
        words = article.full.split()
        assert " ".join(words[:5]) not in page


def test_without_the_articles_titles_of_the_sorted_table_are_shown(tiny_run, tmp_path):
    write_run_report(tiny_run, None, out=tmp_path / "r.html")
    page = read(tmp_path / "r.html")
    assert tiny_run.sorted["title"][0] in page
    assert articles_of(tiny_run)[0][0].text[:60] not in page


def test_every_figure_has_its_caption(tiny_run, tmp_path):
    articles, _ = articles_of(tiny_run)
    draw(tmp_path, articles, *tiny_run.models, {"themes": tiny_run.score_rows("themes")})
    assert {path.name.split(".")[0] for path in tmp_path.iterdir()} <= set(CAPTIONS)
    assert all(set(captions) == {"ar", "en", "fr"} for captions in CAPTIONS.values())


@pytest.mark.parametrize("name", ["language", "texts"])
def test_what_a_report_does_not_know_is_refused(tiny_run, tmp_path, name):
    with pytest.raises(ValueError, match="xx"):
        write_run_report(tiny_run, None, out=tmp_path / "r.html", **{name: "xx"})
    assert not list(tmp_path.iterdir())
