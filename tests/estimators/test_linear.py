import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array, csr_matrix, random_array

from topics.estimators.linear import calibrate, decision_values, sigmoid, surplus


@pytest.fixture
def model():
    rng = np.random.default_rng(0)
    return rng.normal(size=(3, 200)), rng.normal(size=3)


@pytest.fixture
def weights():
    return csr_matrix(random_array((50, 200), density=0.1, rng=np.random.default_rng(1)))


def test_decision_values_are_the_product(model, weights):
    coef, intercept = model
    np.testing.assert_allclose(
        decision_values(weights, coef, intercept), weights.toarray() @ coef.T + intercept, rtol=1e-12
    )


def test_an_article_gets_the_same_bits_alone_and_among_others(model, weights):
    together = decision_values(weights, *model)
    alone = np.vstack([decision_values(weights[i], *model) for i in range(50)])
    assert (together == alone).all()
    assert (decision_values(csr_array(weights), *model) == together).all()


def test_memory_order_of_coefficients_does_not_matter(model, weights):
    coef, intercept = model
    fortran = decision_values(weights, np.asfortranarray(coef), intercept)
    assert (fortran == decision_values(weights, coef, intercept)).all()


def test_an_empty_article_gets_the_intercept(model):
    assert (decision_values(csr_matrix((1, 200)), *model) == model[1]).all()


def test_another_vocabulary_is_refused(model):
    with pytest.raises(ValueError, match="X has 199 terms, but the coefficients are for 200"):
        decision_values(csr_matrix((1, 199)), *model)


@given(st.floats(-1e300, 1e300))
def test_a_sigmoid_is_finite_and_symmetric(log_odds):
    p, q = sigmoid(np.array([log_odds, -log_odds]))
    assert 0 <= p <= 1
    assert p + q == pytest.approx(1, abs=1e-15)


def test_a_slope_of_zero_gives_all_articles_one_probability():
    probability = calibrate(np.array([[-9.0], [0.0], [9.0]]), np.zeros(1), np.array([-1.0]))
    np.testing.assert_allclose(probability, 1 / (1 + np.exp(1)), rtol=1e-15)


def test_surplus_is_positive_where_a_theme_is_given():
    probability = np.array([[0.2, 0.4, 0.3, 0.0, 1.0]])
    thresholds = np.array([0.3, 0.3, 0.3, 0.3, 0.5])
    got = surplus(probability, thresholds)
    assert np.sign(got).tolist() == [[-1, 1, 0, -1, 1]]
    assert np.isfinite(got).all()
