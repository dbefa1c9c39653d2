import threading

import numpy as np
import pytest
from arabic_strategies import arabic_text
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.arabic.parallel import in_turn, n_threads
from topics.arabic.scan import Scanner
from topics.errors import SettingsError


@pytest.mark.parametrize(("n_jobs", "want"), [(None, 1), (1, 1), (3, 3), (-1, 4), (-2, 3), (-9, 1)])
def test_threads_are_counted_as_scikit_learn_counts_them(n_jobs, want, monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    assert n_threads(n_jobs) == want


def test_no_thread_at_all_is_refused():
    with pytest.raises(SettingsError, match="not 0"):
        n_threads(0)


@pytest.mark.parametrize("n_jobs", [None, 1, 2, 4])
def test_results_come_in_the_order_of_the_items(n_jobs):
    assert list(in_turn(lambda item: item * item, range(50), n_jobs)) == [item * item for item in range(50)]


@pytest.mark.parametrize("n_jobs", [1, 3])
def test_an_error_reaches_the_caller_and_ends_the_work(n_jobs):
    done = []

    def work(item):
        if item == 5:
            raise ValueError("the fifth")
        done.append(item)

    with pytest.raises(ValueError, match="the fifth"):
        list(in_turn(work, range(1000), n_jobs))
    assert len(done) < 20


def test_items_are_taken_only_as_threads_get_free():
    taken = []

    def items():
        for item in range(100):
            taken.append(item)
            yield item

    results = in_turn(lambda item: item, items(), 2)
    assert next(results) == 0
    assert len(taken) <= 4
    results.close()


def test_threads_really_work_beside_each_other():
    both = threading.Barrier(2, timeout=20)
    assert list(in_turn(lambda item: both.wait() >= 0 and item, range(2), 2)) == [0, 1]


@settings(max_examples=60)
@given(known=st.lists(arabic_text, max_size=3), texts=st.lists(arabic_text, max_size=4))
def test_adopted_words_get_the_numbers_that_the_scanner_would_have_given_itself(known, texts):
    alone, adopting, other = Scanner(), Scanner(), Scanner()
    for scanner in (alone, adopting):
        scanner.scan(known)
    want = alone.scan(texts)
    got = adopting.adopt(other, other.scan(texts))
    for one, another in zip(got, want, strict=True):
        np.testing.assert_array_equal(one, another)
    assert adopting.spellings() == alone.spellings()


def test_a_scanner_may_adopt_more_than_its_memory_holds():
    alone, adopting, other = Scanner(), Scanner(), Scanner()
    texts = [" ".join(f"w{number}x" for number in range(100_000)), "ب" * 1_500_000]
    np.testing.assert_array_equal(adopting.adopt(other, other.scan(texts)).ids, alone.scan(texts).ids)
    assert adopting.spellings() == alone.spellings()
