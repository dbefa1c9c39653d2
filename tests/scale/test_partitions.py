from __future__ import annotations

import gzip
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from partitioned_news import cut, write_planted

from topics import Article, Corpus
from topics.corpus.writers import write
from topics.errors import ReadError
from topics.scale.partitions import GROUPS, LEAST, LINES, WHOLE, Partition, Reading, plan


def articles_of(partitions):
    return [article for one in partitions for article in Reading(one).articles()]


@pytest.mark.parametrize("size", [1, 700, 5000, 10**9])
def test_every_article_is_in_one_partition_in_its_place(tmp_path, size):
    path = write_planted(tmp_path / "a.jsonl", 60)
    partitions = cut([path], size)
    assert articles_of(partitions) == list(Corpus.read(path))
    assert [one.number for one in partitions] == list(range(len(partitions)))


@given(
    st.lists(st.text(alphabet="ابتx\u2028 ", min_size=1, max_size=30), max_size=12), st.integers(1, 120), st.booleans()
)
def test_no_cut_breaks_or_repeats_a_line(tmp_path_factory, texts, size, ended):
    path = tmp_path_factory.mktemp("cut") / "a.jsonl"
    lines = "\n".join('{"text": "' + text + 'ا"}' for text in texts)
    path.write_text(lines + "\n" * ended, encoding="utf-8", newline="\n")
    found = [article.text for one in cut([path], size) for article in Reading(one).articles()]
    assert found == [text + "ا" for text in texts]


def test_a_packed_file_is_one_partition(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(write_planted(tmp_path / "a.jsonl", 40).read_bytes()))
    (only,) = cut([path], 100)
    assert only.kind == WHOLE
    assert articles_of([only]) == list(Corpus.read(path))


def test_parquet_is_cut_at_row_groups(tmp_path):
    path = tmp_path / "a.parquet"
    write((Article(f"كلمة {k}", id=str(k)) for k in range(4500)), path)
    partitions = cut([path], 1)
    assert [(one.kind, one.start, one.stop) for one in partitions] == [(GROUPS, k, k + 1) for k in range(3)]
    assert articles_of(partitions) == list(Corpus.read(path))


def test_a_folder_is_its_files_by_name(tmp_path):
    for name in ("b", "a"):
        write([Article(f"نص {name}", id=name)], tmp_path / f"{name}.jsonl")
    (tmp_path / "themes.toml").write_text("", encoding="utf-8")
    assert [article.id for article in articles_of(plan([str(tmp_path)], 100))] == ["a", "b"]


def test_there_are_some_partitions_to_share_but_no_tiny_ones(tmp_path):
    small = write_planted(tmp_path / "a.jsonl", 20)
    assert len(plan([str(small)], 64 << 20)) == 1
    big = tmp_path / "b.jsonl"
    big.write_bytes(b"\n" * (LEAST << 20))
    assert len(plan([str(big)], 64 << 20)) == LEAST
    assert {one.kind for one in plan([str(big)], 64 << 20)} == {LINES}


def test_an_id_that_comes_again_in_a_partition_is_left_out_and_told(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "x", "text": "أول"}\n{"id": "x", "text": "ثان"}\nnothing\n', encoding="utf-8")
    reading = Reading(cut([path], 1000)[0])
    assert [article.text for article in reading.articles()] == ["أول"]
    assert reading.log.table.by_reason().keys() == {
        "its id was used before",
        "not JSON: Expecting value at character 1",
    }


def test_a_file_that_changed_since_is_refused(tmp_path):
    path = write_planted(tmp_path / "a.jsonl", 5)
    partitions = cut([path], 10**6)
    path.write_bytes(path.read_bytes() * 2)
    with pytest.raises(ReadError, match="has changed since the run began"):
        articles_of(partitions)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("a.jsonl", '{"text": "كلمة عربية"}\n'.encode("cp1256"), "is not UTF-8", id="code page"),
        pytest.param("a.jsonl.gz", b"\x1f\x8b\x08damaged", "gzip file is cut short or damaged", id="gzip"),
        pytest.param("a.parquet", b"PAR1 damaged", "no Parquet file or a damaged one", id="parquet"),
        pytest.param("a.zip", b"PK", "not read in partitions", id="archive"),
        pytest.param("a.exe", b"MZ", "not read in partitions", id="unknown"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ReadError, match=message):
        articles_of(plan([str(tmp_path / name)], 1000))


def test_what_is_not_there_is_refused(tmp_path):
    with pytest.raises(ReadError, match="no such file"):
        plan([str(tmp_path / "nothing.jsonl")], 1000)
    with pytest.raises(ReadError, match=r"holds no \.jsonl"):
        plan([str(tmp_path)], 1000)


def test_an_address_of_fsspec_is_read(tmp_path):
    fsspec = pytest.importorskip("fsspec")
    data = write_planted(tmp_path / "a.jsonl", 30).read_bytes()
    memory = fsspec.filesystem("memory")
    memory.pipe_file("/news/a.jsonl", data)
    try:
        assert articles_of(cut(["memory://news/a.jsonl"], 2000)) == list(Corpus.read(tmp_path / "a.jsonl"))
        assert articles_of(cut(["memory://news"], 2000)) == list(Corpus.read(tmp_path / "a.jsonl"))
    finally:
        memory.rm("/news", recursive=True)


def test_a_partition_is_plain_values(tmp_path):
    import json

    one = cut([write_planted(tmp_path / "a.jsonl", 5)], 10**6)[0]
    assert Partition(*json.loads(json.dumps(one))) == one
    assert os.fspath(tmp_path) in one.name
