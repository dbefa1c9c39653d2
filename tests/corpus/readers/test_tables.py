from __future__ import annotations

import pytest

from topics.corpus.readers.tables import table_rows
from topics.corpus.writers import write
from topics.errors import ReadError

ROWS = [{"id": "=1", "themes": ["a", "b"], "p": 0.5}, {"id": "ب", "themes": [], "p": -0.25}]


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz", "x.parquet"])
def test_what_was_written_comes_back(tmp_path, name):
    write(ROWS, tmp_path / name)
    assert list(table_rows(tmp_path / name)) == ROWS


@pytest.mark.parametrize("name", ["x.csv", "x.tsv", "x.csv.gz"])
def test_cells_of_a_csv_are_text_without_guards(tmp_path, name):
    write(ROWS, tmp_path / name)
    assert list(table_rows(tmp_path / name)) == [
        {"id": "=1", "themes": "a|b", "p": "0.5"},
        {"id": "ب", "themes": "none", "p": "-0.25"},
    ]


def test_a_sheet_keeps_numbers(tmp_path):
    write(ROWS, tmp_path / "x.xlsx")
    assert list(table_rows(tmp_path / "x.xlsx")) == [
        {"id": "=1", "themes": "a|b", "p": 0.5},
        {"id": "ب", "themes": "none", "p": -0.25},
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [("x.jsonl", '{"a": 1}\n{broken\n'), ("x.csv", "a,b\n1,2\n1\n"), ("x.parquet", "no"), ("x.doc", "")],
)
def test_a_table_is_read_whole_or_not_at_all(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match=name.replace(".", r"\.")):
        list(table_rows(tmp_path / name))
