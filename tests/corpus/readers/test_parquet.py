import datetime as dt
import decimal
import gzip

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from topics.corpus import Corpus
from topics.errors import ReadError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.parquet"


def test_a_table_of_another_program_is_read(path):
    table = pa.table(
        {
            "معرف": pa.array([1, 2]),
            "نص": pa.array(["خبر أول", "خبر ثان"]).dictionary_encode(),
            "date": pa.array([dt.datetime(2026, 3, 1, 10), None], pa.timestamp("ms")),  # noqa: DTZ001
            "themes": pa.array([["port", "sea"], None]),
            "bytes": pa.array(["أ".encode(), b"\xff"]),
            "half": pa.array([0.5, float("nan")]),
            "price": pa.array([decimal.Decimal("1.50"), None]),
            "nested": pa.array([{"k": [1]}, None]),
        }
    )
    pq.write_table(table, path)
    corpus = Corpus.read(path)
    assert [(a.id, a.text, a.themes) for a in corpus] == [("1", "خبر أول", ("port", "sea")), ("2", "خبر ثان", None)]
    assert corpus[0].date == dt.date(2026, 3, 1)
    assert corpus[0].extra == {"bytes": "أ", "half": 0.5, "price": "1.50", "nested": {"k": [1]}}
    assert corpus[1].extra == {"bytes": "\ufffd", "half": None, "price": None, "nested": None}


def test_pandas_row_numbers_are_no_column(path):
    pd.DataFrame({"text": ["خبر"], "n": [1]}, index=[7]).to_parquet(path)
    assert Corpus.read(path)[0].extra == {"n": 1}


def test_rows_that_cannot_be_articles_are_counted_with_their_number(path):
    pq.write_table(pa.table({"text": ["خبر", None, "آخر"]}), path)
    corpus = Corpus.read(path)
    assert len(corpus) == 2
    assert [(row.line, row.reason) for row in corpus.skipped] == [(2, "no text")]


def test_a_packed_one_is_read_too(path, tmp_path):
    pq.write_table(pa.table({"text": ["خبر"]}), path)
    packed = tmp_path / "b.parquet.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert Corpus.read(packed)[0].text == "خبر"


@pytest.mark.parametrize("cut", [0, 4, 0.5, 0.99])
def test_a_damaged_one_is_refused_by_name(path, cut):
    pq.write_table(pa.table({"text": ["خبر"] * 500}), path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * cut) if cut < 1 else cut])
    with pytest.raises(ReadError, match=r"a\.parquet: is no Parquet file or a damaged one"):
        Corpus.read(path)


def test_an_empty_table_is_counted(path):
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), path)
    assert [row.reason for row in Corpus.read(path).skipped] == ["the file is empty"]
