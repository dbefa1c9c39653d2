import csv
import gzip
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.corpus import Article, Corpus, Theme, Themes, write
from topics.corpus.readers import encodings
from topics.corpus.writers import csv_cell, guard, to_json_line
from topics.errors import SettingsError, WriteError

FORMATS = [".jsonl", ".jsonl.gz", ".csv", ".csv.gz", ".tsv", ".xlsx", ".parquet"]
HOSTILE = [
    "=1+1",
    "+x",
    "-x",
    "@x",
    "'=1",
    "''=1",
    "＝1",
    "\t=1",
    'a"b',
    "a,b;c\td",
    "سطر\nآخر",
    "\u202eأ\u202c",
    "\u2028\u2029",
    "<b>",
    "none",
    "-5",
    "[1]",
    "#N/A",
    "TRUE",
    "0012",
    "1e5",
    "2026-03-01",
    "_x000D_",
    "_x005F_x000D_",
    "__x0041_",
    " حوله فراغ ",
    "  ",
    "&amp; <![CDATA[x]]>",
    "{{7*7}}",
    "\U0001f600\u200d",
    "\u0640\u064e",
]


def hostile_corpus():
    articles = [
        Article(
            f"{text} نص",
            id=f"{place}",
            title=text,
            source=text,
            themes=[f"{text} x"],
            extra={"own": text, "رقم": place},
        )
        for place, text in enumerate(text for text in HOSTILE if text.strip() not in ("none", ""))
    ]
    plain = [
        Article("فقرة\nأخرى", id="p", date="2026-03-01", themes=[], paragraph_themes=[["a"], []]),
        Article("نص", id="q", extra={"list": [1, {"k": None}], "flag": True, "half": 0.5, "empty": None}),
    ]
    return Corpus([*articles, *plain], themes=Themes([Theme("sea", {"ar": "بحر"}, anchors=("موج",))]))


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_is_written_reads_back_with_the_same_fingerprint(tmp_path, suffix):
    corpus = hostile_corpus()
    path = tmp_path / f"a{suffix}"
    corpus.write(path)
    again = Corpus.read(path)
    assert [(a.title, a.text, a.themes) for a in again] == [
        (a.title if a.title and a.title.strip() else None, a.text, a.themes) for a in corpus
    ]
    assert again.fingerprint == corpus.fingerprint
    assert again.skipped == ()


def test_json_lines_read_back_equal_in_every_value(tmp_path):
    corpus = hostile_corpus()
    corpus.write(tmp_path / "a.jsonl")
    assert Corpus.read(tmp_path / "a.jsonl")["q"] == corpus["q"]


words = st.text(
    alphabet=st.one_of(st.sampled_from("ابج=+-@'\";,|،\t\n\u200f\u202e＝"), st.characters(codec="utf-8")), max_size=12
)
# XML cannot hold U+FFFE and U+FFFF: test_excel.py says what becomes of them.
clean_words = words.map(lambda text: encodings.clean(text)[0].translate({0xFFFE: None, 0xFFFF: None}))


@given(st.lists(st.tuples(clean_words, clean_words), min_size=1, max_size=4), st.sampled_from(FORMATS))
def test_any_text_survives_any_format(tmp_path_factory, pairs, suffix):
    corpus = Corpus(Article(f"خبر {text}", title="عنوان", extra={"own": own}) for text, own in pairs)
    path = tmp_path_factory.mktemp("w") / f"a{suffix}"
    corpus.write(path)
    again = Corpus.read(path)
    flagged = {row.reason[:11] for row in again.skipped}
    assert flagged <= {"looks like "}
    assert again.fingerprint == corpus.fingerprint


@pytest.mark.parametrize(
    "text", ["=1+1", "+x", "-x", "@x", "\tx", "\rx", "＝x", "＋x", "－x", "＠x", "'=x", '=HYPERLINK("x")']
)
def test_a_cell_never_begins_a_formula(tmp_path, text):
    path = tmp_path / "a.csv"
    write([{"id": text, "x": 1}], path)
    with path.open(encoding="utf-8", newline="") as file:
        cell = next(csv.DictReader(file))["id"]
    assert cell.startswith("'")


def test_formulas_in_column_names_are_guarded_too(tmp_path):
    path = tmp_path / "a.csv"
    write([{"=1+1": 1}], path)
    assert path.read_text(encoding="utf-8").startswith('"\'=1+1"')


@pytest.mark.parametrize(
    ("value", "want"),
    [
        (-5, -5),
        (-0.5, -0.5),
        ("-5", "-5"),
        ("+212", "+212"),
        ("-x", "'-x"),
        (np.float64(-1), -1.0),
        (None, ""),
        (True, "true"),
        ("\x00=1", "'=1"),
        ("أ\x1bب", "أب"),
    ],
)
def test_numbers_stay_numbers_and_controls_go(value, want):
    assert csv_cell(value) == want


@given(st.text(max_size=10))
def test_guarded_text_is_safe_in_a_spreadsheet(text):
    cell = guard(text)
    assert cell[:1] not in {"=", "@", "\t", "\r", "＝", "＋", "－", "＠"}
    assert cell[:1] not in {"+", "-"} or cell[1:2].isdigit()


@pytest.mark.parametrize("row", [{"a": "\ud800\u2028\x85"}, {"a": float("nan")}, {"\ud800": 1}])
def test_a_json_line_is_valid_and_one_line_for_every_program(row):
    line = to_json_line(row)
    line.encode("utf-8")
    assert len(line.splitlines()) == 1
    json.loads(line)


def test_tables_of_all_kinds_are_written(tmp_path):
    rows = [{"id": "1", "themes": ["a", "b"], "a": 0.5}, {"id": "2", "themes": [], "new": None}]
    path = tmp_path / "a.csv"
    for table in (rows, iter(rows), pd.DataFrame(rows)):
        write(table, path)
        found = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        assert [row["themes"] for row in found] == ["a|b", "none"]
        assert list(found[0]) == ["id", "themes", "a", "new"]
    write(iter(rows), path, columns=["themes", "id"])
    assert path.read_text(encoding="utf-8").splitlines()[0] == '"themes","id"'
    with pytest.raises(SettingsError, match="a row is an Article or a mapping"):
        write(["x"], path)


def test_equal_rows_give_equal_bytes_packed_or_not(tmp_path):
    corpus = hostile_corpus()
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        corpus.write(tmp_path / name)
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()
    corpus.write(tmp_path / "c.jsonl")
    assert gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes()) == (tmp_path / "c.jsonl").read_bytes()


def test_a_folder_corpus_keeps_its_themes(tmp_path):
    corpus = hostile_corpus()
    corpus.write(tmp_path / "مدونة")
    again = Corpus.read(tmp_path / "مدونة")
    assert again.defined_themes == corpus.defined_themes
    assert len(again) == len(corpus)


def test_a_failure_while_rows_are_made_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("old", encoding="utf-8")

    def rows():
        yield {"id": "1"}
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write(rows(), path)
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.jsonl"]


@pytest.mark.parametrize("name", ["a.pkl", "a.txt", "a.tar.gz", "a.xlsx.gz", "a.parquet.gz"])
def test_a_format_without_a_writer_is_refused_by_name(tmp_path, name):
    with pytest.raises(WriteError, match=r"no writer for .*; use one of \.csv"):
        write([{"a": 1}], tmp_path / name)
