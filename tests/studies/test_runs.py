import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_1samp

from topics.studies.runs import bar, drawn, next_run


@given(st.lists(st.integers(0, 4), min_size=1, max_size=20), st.integers(0, 99))
def test_copies_are_drawn_together_and_as_often(values, seed):
    groups = np.unique(values, return_inverse=True)[1].astype(np.int64)
    for rows in drawn(groups, 3, seed):
        times = np.bincount(rows, minlength=len(groups))
        assert all(len(set(times[groups == group])) == 1 for group in set(groups.tolist()))
        of_groups = [times[groups == group][0] for group in sorted(set(groups.tolist()))]
        assert sum(of_groups) == len(of_groups)
        assert (np.diff(rows) >= 0).all()


def test_draws_follow_the_seed():
    groups = np.arange(50)
    first, again, other = (drawn(groups, 2, seed) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])
    assert not np.array_equal(first[0], first[1])


def test_the_next_run_falls_farther_than_the_mean_may():
    values = [0.5, 0.6, 0.55, 0.7]
    score = next_run(values)
    mean = ttest_1samp(values, 0).confidence_interval()
    assert score.mean == pytest.approx(0.5875)
    assert score.low < mean.low < mean.high < score.high
    assert (score.high - score.mean) / (mean.high - score.mean) == pytest.approx(5**0.5)
    assert score.n == 4


def test_the_bar_is_silent_without_a_terminal(capsys):
    assert list(bar([1, 2], "runs", 2)) == [1, 2]
    assert capsys.readouterr() == ("", "")
