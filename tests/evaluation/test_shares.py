from __future__ import annotations

import math

import numpy as np
import pytest

from topics.errors import SettingsError
from topics.evaluation.intervals import wilson
from topics.evaluation.shares import Counted, adjusted_count, prediction_powered

N_ARTICLES, N_CHECKED, N_DRAWS = 3000, 200, 200
SHARE, HITS, FALSE = 0.25, 0.7, 0.15  # of the theme; of its articles that are given it; of the others that are


def drawn(rng, n, *, share=SHARE):
    """Truth and probability of n articles of a classifier that is wrong: it counts 29 % where there are 25 %."""
    truth = rng.random(n) < share
    given = rng.random(n) < np.where(truth, HITS, FALSE)
    chance = np.where(given, rng.uniform(0.5, 1.0, n), rng.uniform(0.0, 0.5, n))
    return truth, chance


def counted(chance):
    return Counted(len(chance), float((chance >= 0.5).sum()), float(chance.sum()), float((chance**2).sum()))


def simulate(seed, *, share=SHARE, checked_share=SHARE):
    """Scores of N_DRAWS draws: raw count, adjusted, inferred."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(N_DRAWS):
        _, chance = drawn(rng, N_ARTICLES, share=share)
        truth, sample = drawn(rng, N_CHECKED, share=checked_share)
        whole = counted(chance)
        found.append((
            wilson(int(whole.given), whole.n), adjusted_count(whole, truth, sample >= 0.5),
            prediction_powered(whole, truth, sample),
        ))  # fmt: skip
    return list(zip(*found, strict=True))


def covered(scores, share):
    return np.mean([score.low <= share <= score.high for score in scores])


def test_corrected_shares_are_unbiased_and_their_intervals_hold_the_truth(seed):
    """Tolerances: coverage within .90 and .995 (.95, four standard errors of 200 draws are .06); bias within 4
    standard errors of the mean of the draws."""
    raw, adjusted, inferred = simulate(seed)
    assert covered(raw, SHARE) < 0.1
    for scores in (adjusted, inferred):
        means = np.array([score.mean for score in scores])
        assert abs(means.mean() - SHARE) < 4 * means.std() / math.sqrt(N_DRAWS)
        assert 0.90 <= covered(scores, SHARE) <= 0.995


def test_an_adjusted_count_stays_right_where_the_share_is_another_than_in_the_sample(seed):
    """Tolerances as above."""
    _, adjusted, inferred = simulate(seed, share=0.1, checked_share=0.4)
    means = np.array([score.mean for score in adjusted])
    assert abs(means.mean() - 0.1) < 4 * means.std() / math.sqrt(N_DRAWS)
    assert 0.90 <= covered(adjusted, 0.1) <= 0.995
    assert covered(inferred, 0.1) < 0.5


def test_a_good_classifier_makes_the_interval_narrower_than_the_sample_alone(seed):
    rng = np.random.default_rng(seed)
    truth = rng.random(N_ARTICLES) < SHARE
    chance = np.clip(truth + rng.normal(0, 0.1, N_ARTICLES), 0, 1)
    score = prediction_powered(counted(chance), truth[:N_CHECKED], chance[:N_CHECKED])
    alone = wilson(int(truth[:N_CHECKED].sum()), N_CHECKED)
    assert score.high - score.low < (alone.high - alone.low) / 2


def test_a_useless_classifier_leaves_the_share_of_the_sample():
    truth = [1, 0] * 20
    score = prediction_powered(Counted(100, 100, 50.0, 25.0), truth, [0.5] * 40)
    assert score.mean == 0.5


def test_few_positives_fall_back_on_the_sample():
    truth = [1] * 2 + [0] * 48
    assert prediction_powered(Counted(100, 3, 5.0, 1.0), truth, [0.1] * 50) == wilson(2, 50)


@pytest.mark.parametrize("truth", [[0] * 10, [1] * 10])
def test_rates_that_nobody_saw_cannot_adjust(truth):
    assert math.isnan(adjusted_count(Counted(100, 30, 30, 20), truth, [0, 1] * 5).mean)


def test_a_classifier_that_gives_a_theme_to_the_wrong_ones_cannot_adjust():
    assert math.isnan(adjusted_count(Counted(100, 30, 30, 20), [1, 1, 0, 0], [0, 0, 1, 1]).mean)


def test_an_adjusted_count_stays_within_0_and_1():
    truth, given = [1] * 10 + [0] * 10, [1] * 10 + [1] * 5 + [0] * 5
    assert adjusted_count(Counted(100, 10, 10, 10), truth, given).mean == 0.0


def test_what_does_not_fit_is_refused():
    with pytest.raises(SettingsError, match="must be equal"):
        adjusted_count(Counted(10, 1, 1, 1), [1, 0], [1])
    with pytest.raises(SettingsError, match="level"):
        adjusted_count(Counted(10, 5, 5, 5), [1, 0], [1, 0], level=2)
