import numpy as np
import pytest
from scipy.sparse import csr_matrix

from topics.estimators import starts
from topics.estimators.engines import Settings
from topics.estimators.starts import best_start, spread_out

NONE = np.array([], dtype=np.int64)


def settings(n_topics, **changes):
    options = {
        "n_topics": n_topics,
        "alpha": np.full(n_topics, 1 / n_topics),
        "learn_alpha": True,
        "eta": 0.01,
        "learn_eta": False,
        "topic_prior": None,
        "n_sweeps": 10,
        "tol": 1e-3,
        "memory": 2**30,
        "random_state": 0,
        "n_jobs": 1,
    }
    return Settings(**options | changes)


def two_subjects(n_articles=200):
    """Articles that hold the first ten terms or the last ten."""
    rng = np.random.default_rng(0)
    counts = np.zeros((n_articles, 20))
    counts[::2, :10], counts[1::2, 10:] = rng.poisson(2, (2, n_articles // 2, 10))
    return csr_matrix(counts)


def test_a_start_parts_the_subjects():
    topics = best_start(two_subjects(), settings(2))
    shares = topics.of_term[:10].sum(axis=0) / topics.of_topic
    assert sorted(shares.round(2)) == [0, 1]


def test_a_start_holds_the_tokens_of_its_sample(monkeypatch):
    counts = two_subjects()
    assert best_start(counts, settings(3)).of_topic.sum() == pytest.approx(counts.sum(), rel=1e-4)
    monkeypatch.setattr(starts, "SAMPLE", 50)
    assert best_start(counts, settings(3)).of_topic.sum() == pytest.approx(counts.sum() / 4, rel=0.1)


def test_threads_change_no_bit_and_seeds_do():
    counts = two_subjects()
    one = best_start(counts, settings(4))
    assert one.of_term.tobytes() == best_start(counts, settings(4, n_jobs=3)).of_term.tobytes()
    assert one.of_term.tobytes() != best_start(counts, settings(4, random_state=1)).of_term.tobytes()


@pytest.mark.parametrize("seed", range(10))
def test_anchors_hold_their_topic(seed):
    prior = np.zeros((3, 20))
    prior[1, 12:14] = 20.0
    topics = best_start(two_subjects(), settings(3, topic_prior=prior, random_state=seed))
    assert topics.of_term[10:, 1].sum() > 0.9 * topics.of_topic[1]
    assert (topics.of_term.T - prior).min() > -1e-3


def test_anchors_of_terms_that_the_sample_lacks_are_kept():
    prior = np.zeros((2, 25))
    prior[0, 24] = 7.0
    counts = csr_matrix((two_subjects().data, two_subjects().indices, two_subjects().indptr), shape=(200, 25))
    assert best_start(counts, settings(2, topic_prior=prior)).of_term[24].tolist() == [7, 0]


@pytest.mark.parametrize(
    "counts", [np.zeros((5, 4)), np.vstack([np.zeros((900, 4)), np.ones((1, 4))]), np.ones((5, 4))]
)
def test_odd_corpora_give_finite_starts(counts):
    topics = best_start(csr_matrix(counts), settings(6))
    assert np.isfinite(topics.of_term).all()
    assert topics.of_topic.sum() == pytest.approx(counts.sum())


def test_articles_that_are_chosen_are_unlike_each_other():
    likeness = np.kron(np.eye(5), np.ones((40, 40)))
    for seed in range(10):
        chosen = spread_out(likeness, 5, np.random.default_rng(seed), NONE)
        assert sorted(chosen // 40) == [0, 1, 2, 3, 4]
        chosen = spread_out(likeness, 3, np.random.default_rng(seed), np.array([1, 90]))
        assert sorted(chosen // 40) == [1, 3, 4]


def test_more_may_be_chosen_than_there_are_kinds():
    assert len(spread_out(np.ones((3, 3)), 7, np.random.default_rng(0), NONE)) == 7
    assert len(spread_out(np.ones((3, 3)), 0, np.random.default_rng(0), NONE)) == 0
