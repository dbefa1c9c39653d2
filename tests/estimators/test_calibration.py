import numpy as np
import pytest

from topics.estimators.calibration import base_rate, f1_threshold, joint_thresholds, platt
from topics.estimators.linear import sigmoid, surplus


def sample(n, seed, slope=2.0, offset=-1.0):
    rng = np.random.default_rng(seed)
    decision = rng.normal(size=n)
    return decision, rng.random(n) < sigmoid(slope * decision + offset), np.ones(n)


def test_platt_finds_the_curve_that_made_the_labels():
    slope, offset = platt(*sample(50_000, 0))
    assert slope == pytest.approx(2, abs=0.05)
    assert offset == pytest.approx(-1, abs=0.05)


def test_platt_does_not_depend_on_the_scale_of_decision_values():
    decision, positive, weight = sample(500, 1)
    slope, offset = platt(decision, positive, weight)
    scaled, moved = platt(decision * 1e6 + 5e6, positive, weight)
    assert scaled * 1e6 == pytest.approx(slope, rel=1e-5)
    assert moved + scaled * 5e6 == pytest.approx(offset, rel=1e-4)


def test_platt_stays_unsure_when_two_positives_are_split_perfectly():
    decision = np.linspace(-1, 1, 100)
    slope, offset = platt(decision, decision > 0.97, np.ones(100))
    assert 0.05 < sigmoid(np.array([slope * 1.0 + offset]))[0] < 0.8


def test_a_threshold_fits_probabilities_that_two_positives_keep_low():
    decision = np.linspace(-1, 1, 100)
    positive = decision > 0.97
    slope, offset = platt(decision, positive, np.ones(100))
    probability = sigmoid(slope * decision + offset)
    given = probability >= f1_threshold(probability, positive, np.ones(100))
    assert given[positive].all()
    assert given.sum() < 30


def test_values_that_know_nothing_give_the_base_rate():
    decision, positive, weight = sample(400, 2)
    assert platt(-decision, positive, weight) == (0.0, base_rate(positive, weight))
    assert platt(np.zeros(400), positive, weight) == (0.0, base_rate(positive, weight))


def test_a_weight_of_two_is_an_article_twice():
    decision, positive, weight = sample(200, 3)
    twice = platt(np.tile(decision, 2), np.tile(positive, 2), np.ones(400))
    assert platt(decision, positive, 2 * weight) == pytest.approx(twice, rel=1e-6)


@pytest.mark.parametrize("n_positive", [0, 1, 100])
def test_a_base_rate_is_never_certain(n_positive):
    rate = sigmoid(np.array([base_rate(np.arange(100) < n_positive, np.ones(100))]))[0]
    assert 0 < rate < 1
    assert rate == pytest.approx(n_positive / 100, abs=0.01)


def test_with_many_positives_the_threshold_is_the_best_one():
    rng = np.random.default_rng(0)
    probability = rng.beta(0.5, 1.5, 20_000)
    positive = rng.random(20_000) < probability
    threshold = f1_threshold(probability, positive, np.ones(20_000))
    best = max(_f1(probability >= cut, positive) for cut in np.linspace(0.05, 0.9, 200))
    assert _f1(probability >= threshold, positive) > best - 0.002


def test_few_positives_do_not_give_a_threshold_near_their_own_probability():
    # Both positives lie at the very top by chance: the best cut found is .97, the prior is .35.
    probability = np.linspace(0.01, 0.99, 99)
    threshold = f1_threshold(probability, probability > 0.975, np.ones(99))
    assert 0.3 < threshold < 0.5


def test_few_positives_at_the_bottom_do_not_give_the_theme_to_everything():
    rng = np.random.default_rng(0)
    probability = np.append(rng.uniform(0.01, 0.02, 97), [0.001, 0.9, 0.8])
    positive = np.arange(100) >= 97
    threshold = f1_threshold(probability, positive, np.ones(100))
    assert 0.1 < threshold < 0.8


def test_equal_probabilities_are_not_parted():
    probability = np.full(10, 0.3)
    assert 0 < f1_threshold(probability, np.arange(10) < 3, np.ones(10)) < 0.3


def test_a_threshold_moves_less_from_sample_to_sample_than_the_best_cut_does():
    rng = np.random.default_rng(0)
    averaged, best = [], []
    for _ in range(30):
        probability = rng.beta(0.5, 1.5, 600)
        positive = rng.random(600) < probability
        averaged.append(f1_threshold(probability, positive, np.ones(600)))
        cuts = np.sort(probability)
        best.append(cuts[np.argmax([_f1(probability >= cut, positive) for cut in cuts])])
    assert np.std(averaged) < 0.8 * np.std(best)


def test_articles_of_no_weight_do_not_move_a_threshold():
    probability, positive, weight = _beliefs(300)
    dropped = np.arange(300) % 3 == 0
    kept = f1_threshold(probability[~dropped], positive[~dropped], weight[~dropped])
    assert f1_threshold(probability, positive, np.where(dropped, 0.0, 1.0)) == kept


def test_joint_thresholds_raise_the_macro_f1_of_the_theme_furthest_above():
    # Three themes, the first four times as frequent: its probabilities win wherever the others are unsure.
    rng = np.random.default_rng(0)
    theme = rng.choice(3, 3000, p=[0.7, 0.2, 0.1])
    scores = rng.normal(size=(3000, 3)) + 1.5 * np.eye(3)[theme] + np.log([0.7, 0.2, 0.1])
    probability, labels, weight = sigmoid(scores), np.eye(3, dtype=bool)[theme], np.ones(3000)
    own = np.full(3, 0.5)
    joint = joint_thresholds(probability, labels, own, weight)
    assert _macro(probability, joint, theme) > _macro(probability, own, theme) + 0.05
    assert joint[0] > joint[1] > joint[2]


def test_joint_thresholds_keep_the_mean_of_the_own_ones():
    rng = np.random.default_rng(0)
    theme = rng.choice(3, 400)
    labels, own = np.eye(3, dtype=bool)[theme], np.array([0.3, 0.4, 0.6])
    joint = joint_thresholds(rng.uniform(0.1, 0.9, (400, 3)), labels, own, np.ones(400))
    assert np.mean(np.log(joint / (1 - joint))) == pytest.approx(np.mean(np.log(own / (1 - own))))


def _beliefs(n):
    rng = np.random.default_rng(1)
    probability = rng.beta(0.5, 1.5, n)
    return probability, rng.random(n) < probability, np.ones(n)


def _macro(probability, thresholds, theme):
    chosen = surplus(probability, thresholds).argmax(axis=1)
    return np.mean([_f1(chosen == t, theme == t) for t in range(len(thresholds))])


def _f1(given, positive):
    return 2 * (given & positive).sum() / (given.sum() + positive.sum())
