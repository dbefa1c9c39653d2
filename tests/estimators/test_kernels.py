import numpy as np
import pytest
from scipy.sparse import csr_array, csr_matrix, random_array
from scipy.special import psi

from topics.estimators.kernels import infer_gammas, infer_mixtures, log_likelihood, topic_weights


@pytest.fixture
def topics():
    return np.random.default_rng(0).dirichlet(np.full(50, 0.1), 4) * 100 + 0.01


@pytest.fixture
def counts():
    rng = np.random.default_rng(1)
    return csr_matrix(rng.poisson(0.4, (30, 50)).astype(float))


def test_topic_weights_are_the_expected_logarithms(topics):
    want = np.exp(psi(topics) - psi(topics.sum(axis=1, keepdims=True)))
    np.testing.assert_allclose(topic_weights(topics), want, rtol=1e-12)


def test_mixtures_are_probabilities(topics, counts):
    mixtures = infer_mixtures(counts, topic_weights(topics), np.full(4, 0.1))
    assert mixtures.shape == (30, 4)
    assert (mixtures > 0).all()
    np.testing.assert_allclose(mixtures.sum(axis=1), 1, atol=1e-12)


def test_an_empty_article_gets_the_priors_mean(topics):
    alpha = np.array([0.1, 0.2, 0.3, 0.4])
    mixtures = infer_mixtures(csr_matrix((2, 50)), topic_weights(topics), alpha)
    np.testing.assert_allclose(mixtures, np.tile(alpha / alpha.sum(), (2, 1)), rtol=1e-12)


def test_no_articles_give_no_mixtures(topics):
    assert infer_mixtures(csr_matrix((0, 50)), topic_weights(topics), np.full(4, 0.1)).shape == (0, 4)


def test_an_article_gets_the_same_bits_alone_and_among_others(topics, counts):
    weights, alpha = topic_weights(topics), np.full(4, 0.1)
    together = infer_mixtures(counts, weights, alpha)
    alone = np.vstack([infer_mixtures(counts[i], weights, alpha) for i in range(30)])
    assert (together == alone).all()


def test_order_within_a_row_and_kind_of_matrix_do_not_matter(topics, counts):
    weights, alpha = topic_weights(topics), np.full(4, 0.1)
    backwards = csr_matrix(
        (counts.data[::-1], counts.indices[::-1], counts.nnz - counts.indptr[::-1]), shape=counts.shape
    )[::-1]
    np.testing.assert_allclose(
        infer_mixtures(backwards, weights, alpha), infer_mixtures(counts, weights, alpha), rtol=1e-9
    )
    whole = csr_array(counts.astype(np.int64))
    assert (infer_mixtures(whole, weights, alpha) == infer_mixtures(counts, weights, alpha)).all()


def test_read_only_and_fortran_arrays_are_taken(topics, counts):
    weights = topic_weights(topics)
    want = infer_mixtures(counts, weights, np.full(4, 0.1))
    fortran, alpha = np.asfortranarray(weights), np.full(4, 0.1)
    for array in (fortran, alpha, counts.data, counts.indices, counts.indptr):
        array.setflags(write=False)
    assert (infer_mixtures(counts, fortran, alpha) == want).all()


def test_an_article_of_one_topic_is_put_there(topics):
    word = csr_matrix(np.eye(50)[[int(topics[2].argmax())]] * 20)
    assert infer_mixtures(word, topic_weights(topics), np.full(4, 0.1)).argmax() == 2


def test_a_term_that_no_topic_knows_leaves_figures_finite(topics):
    weights = topic_weights(topics)
    weights[:, 7] = 0
    assert np.isfinite(infer_mixtures(csr_matrix(np.eye(50)[[7]]), weights, np.full(4, 0.1))).all()


def test_a_tight_tolerance_reaches_the_fixed_point(topics, counts):
    weights, alpha = topic_weights(topics), np.full(4, 0.1)
    gammas = infer_gammas(counts, weights, alpha, max_iter=5000, tol=1e-12)
    theta = np.exp(psi(gammas) - psi(gammas.sum(axis=1, keepdims=True)))
    again = alpha + theta * ((counts.toarray() / (theta @ weights + 2.0**-52)) @ weights.T)
    np.testing.assert_allclose(gammas, again, rtol=1e-8)


def test_shapes_that_do_not_fit_are_refused(counts):
    with pytest.raises(ValueError, match=r"want topics of shape \(3, 50\), not \(3, 49\)"):
        infer_mixtures(counts, np.ones((3, 49)), np.ones(3))


def test_log_likelihood_is_that_of_the_tokens(topics, counts):
    beta = topics / topics.sum(axis=1, keepdims=True)
    theta = np.random.default_rng(0).dirichlet(np.ones(4), 30)
    want = (counts.toarray() * np.log(theta @ beta)).sum()
    assert log_likelihood(counts, theta, beta) == pytest.approx(want, rel=1e-12)


def test_wide_and_narrow_batches_agree():
    rng = np.random.default_rng(3)
    counts = csr_matrix(random_array((40, 30), density=0.5, rng=rng).ceil())
    weights = topic_weights(rng.gamma(1.0, size=(3, 30)) + 0.01)
    wide = csr_matrix((counts.data, counts.indices, counts.indptr), shape=(40, 3000))
    padded = np.hstack([weights, np.zeros((3, 2970))])
    assert (infer_mixtures(wide, padded, np.ones(3)) == infer_mixtures(counts, weights, np.ones(3))).all()
