import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.errors import SettingsError, TopicsError
from topics.evaluation import Score, bootstrap, bootstrap_weighted, paired_difference, wilson

values = st.lists(st.floats(-100, 100, allow_nan=False), min_size=2, max_size=40)


def test_a_score_prints_as_reports_write_it():
    score = Score(0.8123, 0.7941, 0.8306, 200)
    assert str(score) == "0.81 [0.79, 0.83]"
    assert f"{score:.3f}" == "0.812 [0.794, 0.831]"


@given(values)
@settings(max_examples=40, deadline=None)
def test_the_interval_lies_within_the_values(numbers):
    score = bootstrap(numbers, n_draws=50)
    assert score.mean == pytest.approx(np.mean(numbers))
    assert min(numbers) - 1e-9 <= score.low <= score.high <= max(numbers) + 1e-9
    assert score.n == len(numbers)


@given(values, st.integers(0, 5))
@settings(max_examples=20, deadline=None)
def test_the_fast_mean_and_a_statistic_draw_the_same_articles(numbers, seed):
    fast = bootstrap(numbers, n_draws=20, random_state=seed)
    slow = bootstrap(numbers, statistic=np.mean, n_draws=20, random_state=seed)
    assert fast == pytest.approx(slow)


def test_the_interval_is_that_of_theory():
    numbers = np.random.default_rng(3).normal(5.0, 2.0, 2000)
    score = bootstrap(numbers, n_draws=4000)
    half = 1.96 * numbers.std() / len(numbers) ** 0.5
    assert score.low == pytest.approx(numbers.mean() - half, abs=0.1 * half)
    assert score.high == pytest.approx(numbers.mean() + half, abs=0.1 * half)


def test_equal_seeds_give_equal_bytes_and_others_do_not():
    numbers = np.random.default_rng(0).random(300)
    assert bootstrap(numbers) == bootstrap(numbers)
    assert bootstrap(numbers) != bootstrap(numbers, random_state=1)


def test_groups_are_drawn_together_so_copies_widen_the_interval():
    numbers = np.repeat(np.random.default_rng(0).random(50), 10)
    groups = [f"story {index // 10}" for index in range(500)]
    alone, together = bootstrap(numbers), bootstrap(numbers, groups=groups)
    assert together.mean == pytest.approx(alone.mean)
    assert together.n == 50
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_several_figures_come_from_one_set_of_draws():
    numbers = np.random.default_rng(0).random(100)

    def twice(weights):
        mean = (weights * numbers).sum(axis=1) / weights.sum(axis=1)
        return np.stack([mean, 2 * mean], axis=1)

    first, second = bootstrap_weighted(twice, 100)
    assert second.low == pytest.approx(2 * first.low)


def test_draws_without_a_figure_are_left_out():
    numbers = np.array([1.0] + [0.0] * 9)

    def known(weights):
        some = weights @ numbers
        return np.where(some > 0, 1.0, np.nan)[:, None]

    assert bootstrap_weighted(known, 10)[0][:3] == (1.0, 1.0, 1.0)


def test_blocks_of_draws_change_nothing(monkeypatch):
    numbers = np.random.default_rng(0).random(64)
    whole = bootstrap(numbers, n_draws=100)
    monkeypatch.setattr("topics.evaluation.intervals._CELLS", 64 * 7)
    assert bootstrap(numbers, n_draws=100) == whole


def test_a_paired_difference_is_narrower_than_its_parts():
    rng = np.random.default_rng(0)
    hard = rng.random(400)
    first, second = hard + 0.05 + 0.01 * rng.random(400), hard
    score = paired_difference(first, second)
    assert 0.05 < score.low < score.mean < score.high < 0.06
    assert bootstrap(first).high - bootstrap(first).low > 10 * (score.high - score.low)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"), [(0, 10, 0.0, 0.2775), (8, 10, 0.4902, 0.9433), (10, 10, 0.7225, 1.0)]
)
def test_wilson_gives_the_published_ends(successes, n, low, high):
    score = wilson(successes, n)
    assert score == pytest.approx((successes / n, low, high, n), abs=1e-4)


@given(st.integers(1, 10_000), st.floats(0, 1), st.floats(0.5, 0.999))
def test_wilson_stays_within_0_and_1_and_holds_the_share(n, share, level):
    successes = round(share * n)
    score = wilson(successes, n, level=level)
    assert 0.0 <= score.low <= score.mean <= score.high <= 1.0


@pytest.mark.parametrize(
    ("call", "cause"),
    [
        pytest.param(lambda: bootstrap([]), "empty", id="nothing"),
        pytest.param(lambda: bootstrap([0.5]), "two articles", id="one article"),
        pytest.param(lambda: bootstrap([1.0, float("nan")]), "NaN", id="NaN"),
        pytest.param(lambda: bootstrap(["a", "b"]), "no number", id="text"),
        pytest.param(lambda: bootstrap([[1.0, 2.0]]), "2 axes", id="matrix"),
        pytest.param(lambda: bootstrap([1.0, 2.0], groups=["a"]), "1 groups for 2", id="groups"),
        pytest.param(lambda: bootstrap([1.0, 2.0], groups=["a", "a"]), "one group", id="one group"),
        pytest.param(lambda: bootstrap([1.0, 2.0], n_draws=0), "n_draws", id="no draws"),
        pytest.param(lambda: bootstrap([1.0, 2.0], level=95), "level", id="percent"),
        pytest.param(lambda: paired_difference([1.0, 2.0], [1.0]), "shapes", id="unpaired"),
        pytest.param(lambda: wilson(5, 0), "no share", id="no trials"),
        pytest.param(lambda: wilson(5, 4), "no share", id="more than all"),
    ],
)
def test_nonsense_is_refused_by_cause(call, cause):
    with pytest.raises(TopicsError, match=cause):
        call()


def test_a_wrong_setting_says_so():
    with pytest.raises(SettingsError):
        bootstrap([1.0, 2.0], level=0.0)
