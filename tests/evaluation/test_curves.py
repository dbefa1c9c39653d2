import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from topics.errors import TopicsError
from topics.evaluation import precision_recall, reliability, risk_coverage


@pytest.fixture
def calibrated():
    rng = np.random.default_rng(5)
    chance = rng.random(4000)
    return rng.random(4000) < chance, chance


def test_honest_probabilities_have_slope_one_within_its_interval(calibrated):
    found = reliability(*calibrated)
    assert found.slope.low < 1 < found.slope.high
    assert found.slope.high - found.slope.low < 0.15
    inside = (found.bins["observed_low"] <= found.bins["predicted"]) & (
        found.bins["predicted"] <= found.bins["observed_high"]
    )
    assert inside.mean() >= 0.8


def test_overconfident_probabilities_have_a_slope_below_one(calibrated):
    truth, chance = calibrated
    boast = np.clip(0.5 + 1.8 * (chance - 0.5), 0, 1)
    assert reliability(truth, boast).slope.high < 0.9


def test_the_slope_is_that_of_least_squares(calibrated):
    truth, chance = calibrated
    want = np.polyfit(chance, truth.astype(float), 1)[0]
    assert reliability(truth, chance, n_draws=20).slope.mean == pytest.approx(want)


def test_bins_hold_every_article_once_and_empty_ones_are_gone():
    bins = reliability([1, 0, 1, 1], [0.05, 0.05, 0.95, 1.0], n_draws=20).bins
    assert bins["n"].tolist() == [2, 2]
    assert bins["low"].tolist() == [0.0, 0.9]
    assert bins["observed"].tolist() == [0.5, 1.0]
    assert bins["predicted"].tolist() == pytest.approx([0.05, 0.975])


def test_a_sure_model_that_knows_its_errors_halves_the_risk():
    right = np.array([1] * 80 + [0] * 20)
    knows = risk_coverage(np.linspace(1, 0, 100), right)
    assert knows.risk[79] == 0.0
    assert knows.risk[-1] == pytest.approx(0.2)
    assert knows.coverage[[0, -1]].tolist() == [0.01, 1.0]
    assert knows.random_area.mean == pytest.approx(0.2)
    assert knows.ratio.high < 0.5


@given(st.lists(st.booleans(), min_size=2, max_size=30))
@settings(max_examples=40, deadline=None)
def test_equal_confidence_is_random_abstention(right):
    found = risk_coverage(np.ones(len(right)), right, n_draws=5)
    assert found.area.mean == pytest.approx(found.random_area.mean) == pytest.approx(1 - np.mean(right))
    assert found.risk == pytest.approx(np.full(len(right), 1 - np.mean(right)))


@given(st.permutations(range(12)), st.lists(st.booleans(), min_size=12, max_size=12))
@settings(max_examples=40, deadline=None)
def test_the_order_of_articles_does_not_matter(order, right):
    sure, right = np.repeat([0.9, 0.7, 0.5, 0.2], 3), np.array(right)
    order = list(order)
    here, there = risk_coverage(sure, right, n_draws=3), risk_coverage(sure[order], right[order], n_draws=3)
    assert here.risk == pytest.approx(there.risk)
    assert 0 <= here.area.mean <= 1


def test_area_is_the_mean_of_the_risks():
    rng = np.random.default_rng(0)
    found = risk_coverage(rng.random(50), rng.random(50) < 0.7, n_draws=5)
    assert found.area.mean == pytest.approx(found.risk.mean())


def test_precision_and_recall_are_those_of_scikit_learn():
    rng = np.random.default_rng(0)
    chance = rng.random(200).round(1)
    truth = rng.random(200) < chance
    table = precision_recall(truth, chance)
    precision, recall, thresholds = metrics.precision_recall_curve(truth, chance)
    assert table["precision"].to_numpy()[::-1] == pytest.approx(precision[:-1])
    assert table["recall"].to_numpy()[::-1] == pytest.approx(recall[:-1])
    assert table["threshold"].to_numpy()[::-1] == pytest.approx(thresholds)


@pytest.mark.parametrize(
    ("call", "cause"),
    [
        pytest.param(lambda: reliability([1, 0], [0.5, 0.5]), "the same for every article", id="constant"),
        pytest.param(lambda: reliability([1, 0], [0.5, 0.5], n_bins=0), "n_bins", id="no bins"),
        pytest.param(lambda: reliability([[1], [0]], [0.5, 0.6]), "2 axes", id="matrix"),
        pytest.param(lambda: risk_coverage([0.5, 0.6], [1, 1]).ratio, "no article is wrong", id="no errors"),
        pytest.param(lambda: risk_coverage([0.5, float("nan")], [1, 0]), "NaN", id="NaN"),
        pytest.param(lambda: precision_recall([0, 0], [0.5, 0.6]), "no article carries", id="no positives"),
    ],
)
def test_nonsense_is_refused_by_cause(call, cause):
    with pytest.raises(TopicsError, match=cause):
        call()
