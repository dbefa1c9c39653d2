import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.errors import SettingsError
from topics.evaluation import frex, relevance

# Three terms: one that all topics share, one of each topic's own.
SHARED = np.array([[0.6, 0.39, 0.01], [0.6, 0.01, 0.39]])


def topics_of(seed, n_topics=3, n_terms=12):
    return np.random.default_rng(seed).dirichlet(np.full(n_terms, 0.5), n_topics) + 1e-9


def test_relevance_is_what_the_formula_says():
    shares = [0.6, 0.2, 0.2]
    log = np.log(SHARED)
    want = 0.3 * log + 0.7 * (log - np.log(shares))
    assert relevance(SHARED, shares, weight=0.3) == pytest.approx(want)
    assert relevance(SHARED * 50, np.array(shares) * 7, weight=1.0) == pytest.approx(log)


def test_both_put_a_topics_own_term_before_the_shared_one():
    assert relevance(SHARED, SHARED.sum(axis=0)).argmax(axis=1).tolist() == [1, 2]
    assert frex(SHARED, weight=0.7).argmax(axis=1).tolist() == [1, 2]
    assert SHARED.argmax(axis=1).tolist() == [0, 0]


def test_frex_is_the_harmonic_mean_of_two_ranks():
    # Of three terms the shared one is the most frequent (3/3) and second in exclusivity (2/3).
    assert frex(SHARED, weight=0.5)[0] == pytest.approx([1 / (0.5 * 3 / 2 + 0.5), 1 / (0.5 + 0.5 * 3 / 2), 1 / 3])
    assert frex(SHARED, weight=0.0)[0] == pytest.approx([1, 2 / 3, 1 / 3])


@given(st.integers(0, 2**16), st.floats(0, 1))
def test_frex_lies_above_0_and_within_1_and_follows_the_terms(seed, weight):
    topics = topics_of(seed)
    found = frex(topics, weight=weight)
    assert found.min() > 0
    assert found.max() <= 1 + 1e-12
    assert frex(topics[:, ::-1], weight=weight)[:, ::-1] == pytest.approx(found)


@pytest.mark.parametrize(
    ("call", "cause"),
    [
        pytest.param(lambda: relevance(SHARED, [0.5, 0.5]), "one a term", id="shares"),
        pytest.param(lambda: relevance([[0.0, 1.0]], [0.5, 0.5]), "no logarithm", id="zero"),
        pytest.param(lambda: relevance(SHARED, [1, 1, 1], weight=2), "between 0 and 1", id="lambda"),
        pytest.param(lambda: frex(SHARED, weight=-1), "between 0 and 1", id="weight"),
        pytest.param(lambda: frex([[-1.0, 2.0]]), "not negative", id="negative"),
    ],
)
def test_nonsense_is_refused_by_cause(call, cause):
    with pytest.raises(SettingsError, match=cause):
        call()
