from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.arabic.memory import encoded
from topics.scale import tables
from topics.scale.storage import Damaged, write_arrays

WORDS = st.text(alphabet="ابتثجx\u2028\U0001f600", min_size=1, max_size=6)
COUNTS = st.dictionaries(WORDS, st.integers(1, 9), max_size=30)


def table_of(counts, n_buckets=1):
    return tables.table_of(list(counts), np.array(list(counts.values()), np.int64).reshape(-1, 1), n_buckets)


def as_counts(table):
    return dict(zip(table.words(), table.counts[:, 0].tolist(), strict=True))


@given(COUNTS, st.integers(1, 5))
def test_a_table_holds_each_word_once_in_the_order_of_code_points(counts, n_buckets):
    table = table_of(counts, n_buckets)
    assert as_counts(table) == counts
    for first, last in zip(table.buckets[:-1], table.buckets[1:], strict=True):
        words = table.words()[first:last]
        assert words == sorted(words)
    assert table.buckets[-1] == len(table) == len(counts)


@given(st.lists(COUNTS, max_size=6), st.integers(1, 4))
def test_merged_tables_are_the_sum_of_all_whatever_the_buckets(tmp_path_factory, several, n_buckets):
    folder = tmp_path_factory.mktemp("tables")
    paths = []
    for k, counts in enumerate(several):
        paths.append(str(folder / str(k)))
        write_arrays(paths[-1], table_of(counts, n_buckets).arrays("of_"))
    found = {}
    for bucket in range(n_buckets):
        part = as_counts(tables.merged(tables.read_bucket(path, bucket, "of_") for path in paths))
        assert not part.keys() & found.keys(), "a word has one bucket, whichever table it is in"
        found |= part
    assert found == dict(sum(map(Counter, several), Counter()))


def test_words_are_chosen_by_their_counts():
    table = table_of({"ب": 1, "ا": 2, "ج": 3})
    assert as_counts(tables.chosen(table, table.counts[:, 0] >= 2)) == {"ا": 2, "ج": 3}


def test_a_bucket_that_is_not_there_is_damage(tmp_path):
    write_arrays(str(tmp_path / "x"), table_of({"ا": 1}).arrays())
    with pytest.raises(Damaged):
        tables.read_bucket(str(tmp_path / "x"), 1)


def test_words_are_found_in_a_list_and_others_are_not():
    finder = tables.Finder(*encoded(["ا", "بت", "ج"]))
    for _ in range(2):  # unknown words are not learnt
        assert finder.find(*encoded(["ج", "كلمة", "بت", "كلمة"])).tolist() == [2, -1, 1, -1]


@pytest.mark.parametrize(("n_bytes", "n"), [(0, 1), (1, 1), (1 << 30, 1), ((1 << 30) + 1, 2)])
def test_a_larger_corpus_has_more_buckets(n_bytes, n):
    assert tables.n_buckets(n_bytes) == n
