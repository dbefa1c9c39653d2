import numpy as np
import pytest
from scipy.sparse import csr_matrix

from topics.estimators.engines import completion_perplexity, halves, has_settled


@pytest.fixture
def counts():
    return csr_matrix(np.random.default_rng(0).poisson(0.5, (200, 30)).astype(float))


def test_halves_share_out_every_token(counts):
    first, second = halves(counts, 0)
    assert ((first + second) != counts).nnz == 0
    assert first.data.min() >= 0
    assert second.data.min() >= 0
    assert first.sum() == pytest.approx(counts.sum() / 2, rel=0.05)
    assert (halves(counts, 0)[0] != first).nnz == 0


def test_counts_that_are_not_whole_stay_undivided():
    first, second = halves(csr_matrix(np.full((10, 10), 0.7)), 0)
    assert set(first.data) == set(second.data) == {0.0, 0.7}


def test_a_model_that_knows_nothing_has_the_perplexity_of_its_vocabulary(counts):
    perplexity = completion_perplexity(*halves(counts, 0), np.ones((3, 30)), np.ones(3))
    assert perplexity == pytest.approx(30)


def test_perplexity_without_a_token_is_one():
    empty = csr_matrix((3, 30))
    assert completion_perplexity(empty, empty, np.ones((3, 30)), np.ones(3)) == 1


@pytest.mark.parametrize(
    ("perplexities", "settled"),
    [
        ([], False),
        ([100, 100], False),
        ([100, 90, 90], False),
        ([100, 99.99, 99.98], True),
        ([100, 101, 102], False),
        ([100, 100.05, 100.01], True),
        ([100, 100, 100], True),
        ([200, 100, 99.95, 99.93], True),
    ],
)
def test_training_settles_after_two_sweeps_that_change_little(perplexities, settled):
    assert has_settled(perplexities, 1e-3) is settled


def test_no_tolerance_settles_nothing():
    assert not has_settled([100, 100, 100], 0)
