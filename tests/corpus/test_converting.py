from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys

import pytest

from topics.corpus import Article, Corpus, Theme, Themes
from topics.corpus.converting import convert
from topics.errors import ReadError, SettingsError, WriteError

FORMATS = [".jsonl", ".jsonl.gz", ".csv", ".csv.gz", ".tsv", ".xlsx", ".parquet", ""]


@pytest.fixture
def corpus():
    """Columns that come late, hostile cells, and every field."""
    plain = [Article(f"خبر رقم {k}", id=f"n{k}", date=dt.date(2026, 1, 1 + k), themes=["a"]) for k in range(3)]
    odd = [
        Article("=1+1 نص\nسطر\tآخر", id="h", title="'=x", source="@s", themes=[], paragraph_themes=[["a"], []]),
        Article("نص", id="late", extra={"own": -5, "عمود": "=2", "list": [1, {"k": None}], "flag": True}),
    ]
    return Corpus([*plain, *odd], themes=Themes([Theme("a", {"ar": "ألف"})]))


@pytest.mark.parametrize("source", FORMATS)
@pytest.mark.parametrize("target", FORMATS)
def test_any_format_becomes_any_other_and_reads_back_equal(corpus, tmp_path, source, target):
    first, second = tmp_path / f"a{source}", tmp_path / f"b{target}"
    corpus.write(first)
    done = convert(first, second)
    assert done.n_articles == 5
    assert not done.skipped
    assert done.boilerplate is None
    assert Corpus.read(second).fingerprint == corpus.fingerprint


def test_a_folder_corpus_keeps_its_themes(corpus, tmp_path):
    corpus.write(tmp_path / "a")
    convert(tmp_path / "a", tmp_path / "b")
    assert Corpus.read(tmp_path / "b").themes["a"].name("ar") == "ألف"


def test_several_inputs_are_one_file(corpus, tmp_path):
    corpus.write(tmp_path / "a.csv")
    (tmp_path / "b.txt").write_text("عنوان\nخبر من ملف", encoding="utf-8")
    assert convert([tmp_path / "a.csv", tmp_path / "b.txt"], tmp_path / "c.parquet").n_articles == 6
    assert [article.id for article in Corpus.read(tmp_path / "c.parquet")][-1] == "b"


def test_articles_without_an_id_get_the_one_that_reading_gives_them(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "خبر"}\n' * 3 + '{"text": "آخر"}\n', encoding="utf-8")
    convert(path, tmp_path / "b.jsonl")
    assert Corpus.read(tmp_path / "b.jsonl") == Corpus.read(path)


def test_a_second_article_of_an_id_is_skipped_and_told(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "1", "text": "خبر"}\n{"id": "1", "text": "آخر"}\n{bad\n', encoding="utf-8")
    done = convert(path, tmp_path / "b.csv")
    assert [(row.line, row.outcome) for row in done.skipped] == [(2, "skipped"), (3, "skipped")]
    assert done.skipped[0].reason == "its id was used before"
    assert [article.text for article in Corpus.read(tmp_path / "b.csv")] == ["خبر"]
    with pytest.raises(ReadError, match=r"a\.jsonl, line 2"):
        convert(path, tmp_path / "b.csv", strict=True)
    assert len(Corpus.read(tmp_path / "b.csv")) == 1


def test_columns_can_be_named(tmp_path):
    (tmp_path / "a.csv").write_text("x1,x2\nعنوان,خبر طويل\n", encoding="utf-8")
    convert(tmp_path / "a.csv", tmp_path / "b.jsonl", columns={"text": "x2", "title": "x1"})
    assert Corpus.read(tmp_path / "b.jsonl")[0].title == "عنوان"


def test_mojibake_is_repaired_on_request_only(tmp_path):
    (tmp_path / "a.txt").write_text("عنوان\nأعلن المجلس".encode().decode("latin-1"), encoding="utf-8")
    done = convert(tmp_path / "a.txt", tmp_path / "b.csv")
    assert "looks like mojibake (decoded with a wrong table)" in done.skipped.by_reason()
    convert(tmp_path / "a.txt", tmp_path / "b.csv", repair=True)
    assert Corpus.read(tmp_path / "b.csv")[0].text == "أعلن المجلس"


class TestBoilerplate:
    @pytest.fixture
    def path(self, tmp_path):
        Corpus(Article(f"خبر رقم {k}\nشارك الخبر", id=str(k), source="الأفق") for k in range(30)).write(
            tmp_path / "a.jsonl"
        )
        return tmp_path / "a.jsonl"

    def test_it_is_reported_on_request_and_kept(self, path, tmp_path):
        done = convert(path, tmp_path / "b.jsonl", boilerplate=True)
        assert [(line.line, line.n_articles) for line in done.boilerplate] == [("خبر رقم 0", 30), ("شارك الخبر", 30)]
        assert Corpus.read(tmp_path / "b.jsonl") == Corpus.read(path)

    def test_it_is_dropped_on_request_and_counted(self, path, tmp_path):
        rows = [Article(f"{'كلمة ' * k}نص\nشارك الخبر", id=str(k), source="الأفق") for k in range(30)]
        Corpus(rows).write(path)
        done = convert(path, tmp_path / "b.jsonl", drop=True)
        assert done.skipped.by_reason() == {"boilerplate line removed: شارك الخبر": 30}
        assert not any("شارك" in article.text for article in Corpus.read(tmp_path / "b.jsonl"))


@pytest.mark.parametrize("whole", [False, True])
def test_a_text_that_a_workbook_cannot_hold_is_told(tmp_path, whole):
    Corpus([Article("خ" * 40_000, id="1"), Article("قصير", id="2")]).write(tmp_path / "a.jsonl")
    done = convert(tmp_path / "a.jsonl", tmp_path / "b.xlsx", boilerplate=whole)
    assert done.skipped.by_reason() == {"cut with a mark: a cell of a workbook holds 32,767 characters": 1}
    with pytest.raises(ReadError, match="cut with a mark"):
        convert(tmp_path / "a.jsonl", tmp_path / "c.xlsx", strict=True, boilerplate=whole)
    assert not (tmp_path / "c.xlsx").exists()


@pytest.mark.parametrize("options", [{}, {"boilerplate": True}])
def test_a_file_without_an_article_takes_no_place(tmp_path, options):
    (tmp_path / "a.jsonl").write_text('{"text": ""}\n', encoding="utf-8")
    (tmp_path / "b.csv").write_text("قديم", encoding="utf-8")
    with pytest.raises(ReadError, match=r"a\.jsonl: no article was found \(no text\)"):
        convert(tmp_path / "a.jsonl", tmp_path / "b.csv", **options)
    assert (tmp_path / "b.csv").read_text(encoding="utf-8") == "قديم"


def test_what_cannot_be_written_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(WriteError, match=r"no writer for \.doc"):
        convert(tmp_path / "missing.jsonl", tmp_path / "b.doc")
    with pytest.raises(SettingsError):
        convert(tmp_path / "missing.jsonl", tmp_path / "b.csv", columns={"texte": "x"})


def test_a_file_is_converted_in_its_own_place(corpus, tmp_path):
    corpus.write(tmp_path / "a.jsonl")
    convert(tmp_path / "a.jsonl", tmp_path / "a.jsonl")
    assert Corpus.read(tmp_path / "a.jsonl").fingerprint == corpus.fingerprint


@pytest.mark.load
@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize("suffix", [".jsonl.gz", ".csv", ".parquet"])
def test_a_gigabyte_becomes_another_format_within_300_mebibytes(tmp_path, suffix):
    """Issue 5: memory does not grow with the file, in the formats that can be written row by row."""
    line = json.dumps({"id": "@", "title": "عنوان", "text": "خبر طويل عن الميناء والمدينة. " * 60}, ensure_ascii=False)
    n_lines = (1 << 30) // len(line.encode()) + 1
    with (tmp_path / "a.jsonl").open("w", encoding="utf-8") as file:
        for number in range(n_lines):
            file.write(line.replace("@", str(number)) + "\n")
    program = (
        "import re, sys; from topics.corpus.converting import convert;"
        "n = convert(sys.argv[1], sys.argv[2]).n_articles;"
        "print(n, int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]) // 1024)"
    )
    arguments = [sys.executable, "-c", program, tmp_path / "a.jsonl", tmp_path / f"b{suffix}"]
    done = subprocess.run(arguments, capture_output=True, check=True, text=True, env=os.environ)
    n_found, mebibytes = map(int, done.stdout.split())
    assert n_found == n_lines
    assert mebibytes < 300
