import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from topics.corpus import Article, Corpus, write


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.parquet"


def test_the_schema_says_what_each_column_is(path):
    rows = [
        Article(
            "فقرة\nأخرى", id="1", date="2026-03-01", themes=["port"], paragraph_themes=[["port"], []],
            extra={"n": 1, "share": 0.5, "flag": True, "mixed": 1, "list": [1], "رقم": None, "huge": 2**70},
        ),
        Article("نص", id="2", extra={"n": None, "share": 1.5, "flag": False, "mixed": "x", "huge": 1}),
    ]  # fmt: skip
    Corpus(rows).write(path)
    schema = pq.read_schema(path)
    strings = pa.list_(pa.string())
    assert {field.name: field.type for field in schema} == {
        "id": pa.string(),
        "title": pa.string(),
        "text": pa.string(),
        "date": pa.date32(),
        "source": pa.string(),
        "themes": strings,
        "paragraph_themes": pa.list_(strings),
        "n": pa.int64(),
        "share": pa.float64(),
        "flag": pa.bool_(),
        "mixed": pa.string(),
        "list": pa.string(),
        "رقم": pa.string(),
        "huge": pa.string(),
    }


def test_values_come_back_as_they_went(path):
    rows = [{"id": "a", "themes": ["x"], "date": "2026-03-01", "p": 0.25}, {"id": "b", "themes": [], "p": None}]
    write(rows, path)
    assert pq.read_table(path).to_pylist() == [
        {"id": "a", "themes": ["x"], "date": dt.date(2026, 3, 1), "p": 0.25},
        {"id": "b", "themes": [], "date": None, "p": None},
    ]


def test_what_only_looks_like_dates_stays_text(path):
    write([{"date": "2026-02-30"}, {"date": "أمس"}], path)
    assert pq.read_schema(path).field("date").type == pa.string()


def test_lone_surrogates_are_replaced_and_a_table_without_rows_is_one(path):
    write([{"a": "\ud800", "b\udfff": {"k\ud800": 1}}], path)
    assert pq.read_table(path).to_pylist() == [{"a": "\ufffd", "b\ufffd": '{"k\ufffd": 1}'}]
    write([], path, columns=["id", "text"])
    assert pq.read_table(path).num_rows == 0


def test_equal_rows_give_equal_bytes(path, tmp_path):
    for place in (path, tmp_path / "b.parquet"):
        write([{"id": "1", "n": 1}], place)
    assert path.read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_types_hold_for_every_row_also_where_the_last_one_is_another(tmp_path, monkeypatch):
    monkeypatch.setattr("topics.corpus.parquet._ROWS", 3)
    rows = [{"text": "خبر", "n": k, "half": 0.5, "late": None} for k in range(7)]
    write(iter([*rows, {"text": "آخر", "n": "x", "half": 1.5, "late": True}]), tmp_path / "a.parquet")
    file = pq.ParquetFile(tmp_path / "a.parquet")
    assert file.num_row_groups == 3
    assert [str(field.type) for field in file.schema_arrow] == ["string", "string", "double", "bool"]
    assert file.read().column("n").to_pylist() == [*map(str, range(7)), "x"]
