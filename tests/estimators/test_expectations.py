import numpy as np
import pytest
from gensim.models.ldamodel import dirichlet_expectation
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import psi

from topics.estimators.expectations import digamma, exp_expectations, expectations


@settings(deadline=None)  # the first call compiles
@given(st.floats(1e-10, 1e10))
def test_digamma_is_scipys(x):
    assert digamma(x) == pytest.approx(psi(x), rel=1e-13, abs=2e-14)


@settings(deadline=None)
@given(st.lists(st.floats(1e-3, 1e10), min_size=1, max_size=20))
def test_expectations_are_gensims(parameters):
    rows = np.array([parameters, parameters[::-1]])
    np.testing.assert_allclose(expectations(rows), dirichlet_expectation(rows), rtol=1e-12, atol=2e-13)


@pytest.mark.parametrize("n", [1, 3, 8, 20, 101])
def test_their_exponentials_are_as_exact(n):
    rows = 10 ** np.random.default_rng(n).uniform(-2, 5, (4, n))
    got = np.empty_like(rows)
    exp_expectations(rows, got)
    np.testing.assert_allclose(got, np.exp(psi(rows) - psi(rows.sum(axis=1, keepdims=True))), rtol=2e-12)


def test_a_parameter_of_almost_nothing_gives_nothing():
    rows = np.array([[1e-5, 1e-300, 2.0]])
    got = np.empty_like(rows)
    exp_expectations(rows, got)
    assert np.isfinite(got).all()
    assert got[0, :2].max() < 1e-300
    assert got[0, 2] == pytest.approx(np.exp(psi(2.0) - psi(2.00001)))


def test_a_parameter_gets_the_same_bits_wherever_it_stands():
    row = np.repeat(10 ** np.random.default_rng(0).uniform(-2, 3, 3), 7)
    got = np.empty((1, 21))
    exp_expectations(row[None], got)
    assert (got.reshape(3, 7) == got.reshape(3, 7)[:, :1]).all()
