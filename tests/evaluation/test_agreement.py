from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.errors import SettingsError, TopicsError
from topics.evaluation.agreement import krippendorff_alpha, masi_distance

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example C: four observers, twelve units, data
# missing; he gives alpha = .743 for nominal data. Example A: two observers, ten units, binary: .095.
C = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]
A = ["0100000010", "1110010000"]


def units_of(*observers):
    return [[answer for answer in unit if answer != "."] for unit in zip(*observers, strict=True)]


def test_alpha_is_that_of_the_published_example_with_missing_data():
    assert krippendorff_alpha(units_of(*C)).mean == pytest.approx(0.743, abs=5e-4)


def test_alpha_is_that_of_the_published_example_of_two_observers():
    assert krippendorff_alpha(units_of(*A)).mean == pytest.approx(0.095, abs=5e-4)


def test_perfect_agreement_is_1_and_none_at_all_is_below_0():
    assert krippendorff_alpha([[1, 1], [2, 2], [1, 1]]).mean == 1.0
    assert krippendorff_alpha([[1, 2], [2, 1], [1, 2]]).mean < 0


def test_answers_that_are_all_equal_have_no_alpha():
    assert np.isnan(krippendorff_alpha([[1, 1], [1, 1]]).mean)


def test_articles_answered_once_do_not_count():
    with pytest.raises(TopicsError, match="1 articles were answered twice"):
        krippendorff_alpha([[1], [1, 2], []])


def test_a_distance_must_be_one():
    with pytest.raises(SettingsError, match="same both ways"):
        krippendorff_alpha([[1, 2], [2, 1]], lambda a, b: float(a < b))


def test_random_answers_agree_no_more_than_chance(seed):
    """Tolerance: 0 lies in the 95 % interval of 400 articles for this seed, whose half width is near .1."""
    rng = np.random.default_rng(seed)
    score = krippendorff_alpha(rng.integers(0, 2, (400, 2)).tolist())
    assert score.low < 0 < score.high
    assert score.high - score.low < 0.25


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [
        ("ab", "ab", 0), ("", "", 0), ("a", "", 1), ("a", "b", 1), ("ab", "abcd", 1 - 1 / 2 * 2 / 3),
        ("ab", "bc", 1 - 1 / 3 * 1 / 3),
    ],
)  # fmt: skip
def test_masi_weighs_overlap_by_its_kind(first, second, distance):
    assert masi_distance(frozenset(first), frozenset(second)) == pytest.approx(distance)


sets = st.frozensets(st.sampled_from("abcd"))


@given(sets, sets)
def test_masi_is_a_symmetric_distance(first, second):
    assert masi_distance(first, second) == masi_distance(second, first)
    assert 0 <= masi_distance(first, second) <= 1
    assert (masi_distance(first, second) == 0) == (first == second)
