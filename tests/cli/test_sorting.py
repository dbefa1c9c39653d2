from __future__ import annotations

import io
import json
import sys

import pytest

import topics
from topics.corpus.readers.tables import table_rows
from topics.corpus.values import parse_themes_cell

SPORT = "فاز المنتخب على النادي بهدفين في مباراة الدوري وتأهل إلى نهائي كأس العالم لكرة القدم"


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "خبر.txt"
    path.write_text(f"المنتخب يفوز\n{SPORT}\n{SPORT}\n", encoding="utf-8")
    return path


def test_an_article_is_sorted_into_a_file_and_shown(topics_command, tiny_run, article, tmp_path):
    code, out, err = topics_command("sort", article, "--model", tiny_run.path, "--out", tmp_path / "x.jsonl")
    assert (code, err) == (0, "")
    assert "\u2068المنتخب يفوز\u2069" in out
    assert "1 sorted; by primary theme: security 0, sport 1, none 0" in out
    row = json.loads((tmp_path / "x.jsonl").read_text(encoding="utf-8"))
    assert (row["primary"], row["themes"]) == ("sport", ["sport"])


def test_a_run_may_be_named_without_its_hash(topics_command, tiny_run, article):
    code, out, _ = topics_command("sort", article, "--model", tiny_run.path.parent / "tiny", "--json")
    assert code == 0
    assert list(json.loads(out))[:7] == ["id", "title", "primary", "themes", "security", "sport", "unlike"]


def test_json_lines_come_from_stdin_and_go_to_stdout(topics_command, tiny_run, monkeypatch):
    lines = f'{{"text": "{SPORT}", "mine": 7}}\n{{broken\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
    code, out, err = topics_command("sort", "-", "--model", tiny_run.path, "--json")
    assert code == 0
    assert json.loads(out)["mine"] == 7
    assert err.startswith("topics: 1 skipped: not JSON")


def test_strict_fails_on_what_would_be_skipped_and_writes_nothing(topics_command, tiny_run, tmp_path):
    (tmp_path / "c.jsonl").write_text(f'{{"text": "{SPORT}"}}\n{{broken\n', encoding="utf-8")
    arguments = ("sort", tmp_path / "c.jsonl", "--model", tiny_run.path, "--out", tmp_path / "x.csv")
    code, _, err = topics_command(*arguments, "--strict")
    assert code == 1
    assert "c.jsonl, line 2" in err
    assert not (tmp_path / "x.csv").exists()
    assert topics_command(*arguments)[0] == 0


def test_articles_that_the_file_has_are_left_out(topics_command, tiny_run, article, tmp_path):
    arguments = ("sort", article, "--model", tiny_run.path, "--out", tmp_path / "x.csv", "--append")
    assert topics_command(*arguments)[0] == 0
    code, out, _ = topics_command(*arguments)
    assert code == 0
    assert out.startswith("0 sorted")
    assert "1 left out: their ids are there already" in out
    assert len((tmp_path / "x.csv").read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "jsonl.gz", "parquet", "xlsx"])
def test_every_format_holds_the_same_rows(topics_command, tiny_run, article, tmp_path, suffix):
    path = tmp_path / f"x.{suffix}"
    assert topics_command("sort", article, "--model", tiny_run.path, "--out", path)[0] == 0
    (row,) = table_rows(path)
    assert (row["id"], row["primary"], parse_themes_cell(row["themes"])) == ("خبر", "sport", ("sport",))
    assert 0 <= float(row["unlike"]) <= 1


def test_unsure_rows_go_to_a_review_list(topics_command, tiny_run, tmp_path):
    rows = [{"text": SPORT, "id": "s"}, {"text": "qwfp zxcv arst", "id": "odd"}]
    (tmp_path / "c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    arguments = ("sort", tmp_path / "c.jsonl", "--model", tiny_run.path, "--out", tmp_path / "x.csv")
    code, out, _ = topics_command(*arguments, "--abstain", tmp_path / "r.csv", "--unsure", "1")
    assert code == 0
    assert "1 unsure, to be looked at" in out
    assert [row["id"] for row in table_rows(tmp_path / "x.csv")] == ["s"]
    assert [row["reason"][:6] for row in table_rows(tmp_path / "r.csv")] == ["unlike"]
    code, _, err = topics_command(*arguments, "--abstain", tmp_path / "r.csv", "--unsure", "2")
    assert code == 1
    assert "from 0 to 1" in err


def test_articles_are_filed_by_theme_and_no_table_is_needed(topics_command, tiny_run, article, tmp_path):
    code, out, _ = topics_command("sort", article, "--model", tiny_run.path, "--by-folder", tmp_path / "by")
    assert code == 0
    assert "Articles by theme in" in out
    assert (tmp_path / "by" / "sport" / "خبر.txt").read_text(encoding="utf-8").startswith("المنتخب يفوز\n")


def test_folders_and_files_are_inputs_together(topics_command, tiny_run, tmp_path):
    for name in ("a", "b"):
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / f"{name}1.txt").write_text(f"خبر {name}\n{SPORT}\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text(f"id,text\nc1,{SPORT}\n", encoding="utf-8")
    arguments = ("sort", tmp_path / "in", tmp_path / "c.csv", "--model", tiny_run.path, "--json")
    code, out, _ = topics_command(*arguments)
    assert code == 0
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["a/a1", "b/b1", "c1"]


def test_drift_is_told_on_stderr(topics_command, tiny_run, tmp_path):
    strange = [{"text": f"كلمات غريبة لم يرها أحد قط {k}", "id": str(k)} for k in range(40)]
    (tmp_path / "c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in strange), encoding="utf-8")
    code, _, err = topics_command("sort", tmp_path / "c.jsonl", "--model", tiny_run.path, "--out", tmp_path / "x.csv")
    assert code == 0
    assert "warning: these articles differ from those the model learnt from: unlike" in err


def test_a_corpus_keeps_its_order_and_columns(topics_command, tiny_run, tmp_path):
    corpus = topics.Corpus([topics.Article(SPORT, id=str(n), extra={"page": n}) for n in range(50)])
    corpus.write(tmp_path / "c.jsonl")
    code, out, _ = topics_command("sort", tmp_path / "c.jsonl", "--model", tiny_run.path, "--out", tmp_path / "x.csv")
    assert code == 0
    assert "... and 30 more" in out
    back = (tmp_path / "x.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[0].strip('"') for line in back[1:]] == [str(n) for n in range(50)]
    assert '"page"' in back[0]


def test_sorting_needs_themes(topics_command, tiny_run, article, tmp_path):
    code, _, err = topics_command(
        "sort", article, "--model", tiny_run.path / "topics.topics", "--out", tmp_path / "x.csv"
    )
    assert code == 1
    assert "holds topics, and sort needs themes" in err


def test_without_a_model_the_one_that_ships_sorts(topics_command, article, tmp_path):
    code, out, _ = topics_command("sort", article, "--out", tmp_path / "x.csv")
    assert code == 0
    assert "security 0, migration 0, sport 1, none 0" in out


def test_rows_must_go_somewhere(topics_command, article):
    code, _, err = topics_command("sort", article)
    assert code == 2
    assert "say where the rows go" in err


def test_a_file_without_an_article_is_1(topics_command, tiny_run, tmp_path):
    (tmp_path / "empty.txt").touch()
    code, _, err = topics_command("sort", tmp_path / "empty.txt", "--model", tiny_run.path, "--out", tmp_path / "x.csv")
    assert code == 1
    assert "no article was found" in err
    assert not (tmp_path / "x.csv").exists()


def test_an_unknown_format_is_refused_before_the_model_is_read(topics_command, article, tmp_path):
    code, _, err = topics_command("sort", article, "--model", tmp_path / "nothing", "--out", tmp_path / "x.xls")
    assert code == 1
    assert "no writer for .xls" in err


@pytest.mark.parametrize("name", ["مجلد جديد.csv", "a b.csv", "a\nb.csv", "a\u202eb.csv"])
def test_a_file_may_have_any_name(topics_command, tiny_run, article, tmp_path, name):
    """FAULTS.md 20."""
    code, out, _ = topics_command("sort", article, "--model", tiny_run.path, "--out", tmp_path / name)
    assert code == 0
    assert (tmp_path / name).is_file()
    assert "\u202e" not in out


def test_a_title_cannot_rewrite_the_terminal(topics_command, tiny_run, tmp_path):
    """FAULTS.md 42."""
    row = {"text": SPORT, "title": "\x1b[2J\r\x07\u202eعنوان", "id": "\x1b]0;x\x07"}
    (tmp_path / "c.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    code, out, err = topics_command("sort", tmp_path / "c.jsonl", "--model", tiny_run.path, "--out", tmp_path / "x.csv")
    assert code == 0
    assert not set(out + err) & set("\x1b\r\x07\u202e")


def test_an_explanation_shows_probabilities_reasons_and_paragraphs(topics_command, tiny_run, article):
    code, out, _ = topics_command("explain", article, "--model", tiny_run.path)
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "\u2068المنتخب يفوز\u2069"
    assert lines[1].startswith("primary sport; themes sport; unlike ")
    assert lines[3].startswith("sport ")
    assert "\u2068المنتخب\u2069 +" in lines[3]
    assert [line.split()[0] for line in lines if line[:1].isdigit()] == ["1", "2"]


def test_an_explanation_as_json_has_spans_of_the_text(topics_command, tiny_run, article):
    code, out, _ = topics_command("explain", article, "--model", tiny_run.path, "--json")
    assert code == 0
    facts = json.loads(out)
    full = f"المنتخب يفوز\n{SPORT}\n{SPORT}"
    span = max(facts["spans"], key=lambda span: span["weight"] if span["theme"] == "sport" else 0)
    assert full[span["start"] : span["end"]] in SPORT
    assert len(facts["paragraphs"]) == 2
    total = facts["intercepts"]["sport"] + sum(s["weight"] for s in facts["spans"] if s["theme"] == "sport")
    assert total == pytest.approx(facts["scores"]["sport"])


def test_an_explanation_is_also_a_page(topics_command, tiny_run, article, tmp_path):
    code, _, err = topics_command("explain", article, "--model", tiny_run.path, "--html", tmp_path / "x.html")
    assert code == 0
    assert "1 explained" in err
    assert "<mark" in (tmp_path / "x.html").read_text(encoding="utf-8")
