from __future__ import annotations

import json
import shutil

import pytest

import topics


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


def test_a_report_in_several_files_says_where_it_goes_on(topics_command, copied, monkeypatch):
    monkeypatch.setattr("topics.experiments.reporting.MAX_ARTICLES", 40)
    code, out, err = topics_command("report", copied)
    assert (code, err) == (0, "")
    report, more = out.splitlines()
    assert (report, more) == (f"Report  {copied / 'report.html'}", "        goes on in 2 more, to report.part-3.html")
    names = ["report.html", "report.part-2.html", "report.part-3.html"]
    assert json.loads(topics_command("report", copied, "--json")[1])["report_files"] == [str(copied / n) for n in names]
    shown = {row["file"] for row in json.loads(topics_command("show", copied, "--json")[1])["files"]}
    assert set(names) <= shown
    assert [path.name for path in topics.experiments.run.Run(copied).report_files] == names


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


@pytest.fixture
def news(tmp_path):
    rows = [
        {
            "id": f"n{k}", "title": "عنوان", "text": "وصلت الباخرة صباح اليوم إلى مينـاء المدينة " + "خَبَر " * k,
            "date": f"2026-0{1 + k % 3}-05", "source": f"جريدة {k % 12}", "themes": ["sea"] if k % 2 else [],
        }
        for k in range(24)
    ]  # fmt: skip
    path = tmp_path / "news.jsonl"
    lines = [*(json.dumps(row, ensure_ascii=False) for row in rows), "{bad", '{"text": ""}']
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_corpus_is_a_table_of_all_that_is_known_of_it(topics_command, news):
    code, out, err = topics_command("show", news)
    assert (code, err) == (0, "")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    for line in (
        "articles 24",
        "dates 2026-01-05 to 2026-03-05",
        "12 50.0% sea",
        "12 50.0% none",
        "4 16.7% 2 others",
        "24 100.0% arabic",
        "1 no text",
    ):
        assert line in lines
    for start in ("articles share groups pairs", "in all shortest", "articles share per 1,000 letters"):
        assert any(line.startswith(start) for line in lines)
    heads = [line for line in lines if line.endswith(("near duplicates", "tatweel", "marks", "source"))]
    assert len(heads) == 4


def test_a_corpus_as_json_holds_every_figure_of_its_description(topics_command, news):
    facts = json.loads(topics_command("show", news, "--json")[1])
    described = topics.Corpus.read(news).describe().to_dict()
    for name in ("n_words", "words", "characters", "months", "duplicates", "languages", "letters", "marks", "lacking"):
        assert facts[name] == described[name]
    assert len(facts["sources"]) == 12
    assert (facts["skipped"], facts["reasons"]) == (2, described["skipped"])


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_a_corpus_is_drawn_on_one_sheet(topics_command, news, tmp_path, suffix):
    picture = tmp_path / f"p.{suffix}"
    code, out, _ = topics_command("show", news, "--picture", picture, "--lang", "fr")
    assert code == 0
    assert out.splitlines()[-1] == f"Picture  {picture}"
    data = picture.read_bytes()
    assert data.startswith({"png": b"\x89PNG", "svg": b"<?xml"}[suffix])
    if suffix == "svg":
        assert "Longueur des articles" in data.decode()
        assert json.loads(topics_command("show", news, "--picture", picture, "--lang", "fr", "--json")[1])
        assert picture.read_bytes() == data


def test_a_picture_is_not_blank(topics_command, news, tmp_path):
    """FAULTS.md 37."""
    from matplotlib.image import imread

    topics_command("show", news, "--picture", tmp_path / "p.png")
    pixels = imread(tmp_path / "p.png")[..., :3]
    assert 0.02 < (pixels < 0.9).any(axis=2).mean() < 0.6
    for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]):
        assert (edge > 0.99).all()


def test_a_picture_that_cannot_be_is_refused_before_anything_is_written(topics_command, news, tiny_run, tmp_path):
    for arguments, told in (
        ((news, "--picture", tmp_path / "p.pdf"), "a picture is a file .png or .svg"),
        ((tiny_run.path, "--picture", tmp_path / "p.png"), "is no corpus"),
        ((tiny_run.path / "themes.topics", "--picture", tmp_path / "p.png"), "is no corpus"),
        ((news, "--picture", tmp_path / "missing" / "p.png"), "its folder does not exist"),
    ):
        code, out, err = topics_command("show", *arguments)
        assert (code, out) == (1, "")
        assert told in err
    assert topics_command("show", news, "--lang", "de")[0] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["news.jsonl"]
