from __future__ import annotations

import csv
import gzip
import json

import pytest

import topics
from topics.corpus.readers.tables import table_rows
from topics.corpus.writers import write
from topics.errors import SettingsError, WriteError
from topics.experiments.sorting import write_rows

ROWS = [
    {"id": "1", "title": "أ", "themes": ["a", "b"], "a": 0.5},
    {"id": "2", "title": "=1+1", "themes": [], "a": -0.25, "later": "سطر\nثان"},
]


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def read_jsonl(path):
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in data.decode("utf-8").splitlines()]


def test_a_csv_has_the_columns_of_every_row_and_no_formula(tmp_path):
    assert write_rows(iter(ROWS), tmp_path / "x.csv") == 2
    assert read_csv(tmp_path / "x.csv") == [
        ["id", "title", "themes", "a", "later"],
        ["1", "أ", "a|b", "0.5", ""],
        ["2", "'=1+1", "none", "-0.25", "سطر\nثان"],
    ]


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz"])
def test_json_lines_are_the_rows(tmp_path, name):
    write_rows(iter(ROWS), tmp_path / name)
    assert read_jsonl(tmp_path / name) == ROWS


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz"])
def test_rows_are_added_to_json_lines(tmp_path, name):
    write_rows(ROWS[:1], tmp_path / name)
    assert write_rows(ROWS[1:], tmp_path / name, append=True) == 1
    assert read_jsonl(tmp_path / name) == ROWS


def test_a_last_line_that_was_left_open_is_closed_before_rows_are_added(tmp_path):
    (tmp_path / "x.jsonl").write_text('{"id": "0"}', encoding="utf-8")
    write_rows(ROWS, tmp_path / "x.jsonl", append=True)
    assert [row["id"] for row in read_jsonl(tmp_path / "x.jsonl")] == ["0", "1", "2"]


def test_rows_are_added_under_the_columns_of_a_csv_in_their_order(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("\ufeffthemes,id,extra,a,title,later\nb,0,x,0.1,ب,\n", encoding="utf-8")
    write_rows(ROWS, path, append=True)
    lines = read_csv(path)
    assert lines[1] == ["b", "0", "x", "0.1", "ب", ""]
    assert lines[2] == ["a|b", "1", "", "0.5", "أ", ""]
    assert lines[3] == ["none", "2", "", "-0.25", "'=1+1", "سطر\nثان"]
    assert len(lines) == 4


def test_a_csv_that_lacks_a_column_stays_as_it_is(tmp_path):
    path = tmp_path / "x.csv"
    write_rows(ROWS[:1], path)
    before = path.read_bytes()
    with pytest.raises(SettingsError, match="has no column 'later'"):
        write_rows(ROWS[1:], path, append=True)
    assert path.read_bytes() == before


def test_a_column_named_like_a_formula_is_found_again(tmp_path):
    rows = [{"id": "1", "=x": "y"}]
    write_rows(rows, tmp_path / "x.csv")
    write_rows(rows, tmp_path / "x.csv", append=True)
    assert read_csv(tmp_path / "x.csv")[1:] == [["1", "y"], ["1", "y"]]


def test_appending_to_nothing_writes_a_new_file(tmp_path):
    write_rows(ROWS, tmp_path / "x.csv", append=True)
    assert read_csv(tmp_path / "x.csv")[0] == ["id", "title", "themes", "a", "later"]


@pytest.mark.parametrize("name", ["x.csv", "x.jsonl", "x.jsonl.gz"])
@pytest.mark.parametrize("append", [False, True])
def test_a_sorting_that_fails_leaves_the_old_file(tmp_path, name, append):
    write_rows(ROWS, tmp_path / name)
    before = (tmp_path / name).read_bytes()

    def failing():
        yield ROWS[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_rows(failing(), tmp_path / name, append=append)
    assert (tmp_path / name).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["x", "x.parquett", "x.csv.gz", "x.gz"])
def test_a_format_without_a_writer_is_refused_before_anything_is_sorted(tmp_path, name):
    with pytest.raises(WriteError, match="no writer for"):
        write_rows(pytest.fail, tmp_path / name)


def test_what_was_sorted_reads_back_as_articles(tmp_path):
    write_rows([{"id": "1", "text": "خبر", "themes": ["a"]}], tmp_path / "x.csv")
    assert topics.Corpus.read(tmp_path / "x.csv")["1"].themes == ("a",)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".parquet", ".xlsx"])
def test_a_table_is_what_the_writers_of_the_corpus_write(tmp_path, suffix):
    rows = [*ROWS, {"new": True, "id": "@x", "n": 3, "f": -0.5, "date": None}, {"id": None, "later": ["x", 1]}]
    write(rows, tmp_path / f"a{suffix}")
    write_rows(iter(rows), tmp_path / f"b{suffix}")
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".xlsx"])
def test_columns_may_be_promised_before_there_is_a_row(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    write_rows([], path, columns=["id", "p"])
    write_rows([{"id": "1", "p": 0.5, "more": "x"}], path, append=True)
    (row,) = table_rows(path)
    assert list(row) == ["id", "p", "more"]


@pytest.mark.parametrize("suffix", [".parquet", ".xlsx"])
def test_a_table_that_is_written_anew_takes_new_columns(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    write_rows(ROWS[:1], path)
    write_rows(ROWS[1:], path, append=True)
    first, second = table_rows(path)
    assert (first["id"], first["later"], second["later"]) == ("1", None, "سطر\nثان")
