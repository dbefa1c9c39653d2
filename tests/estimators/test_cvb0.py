import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.special import psi

from topics.estimators import cvb0

ETA = 0.01


@pytest.fixture
def counts():
    return csr_matrix(np.random.default_rng(0).poisson(0.3, (20, 15)).astype(float))


def arrays(counts, n_topics, seed=0):
    """Parts of the counts, and shares drawn at random with the counts that they add up to."""
    rng = np.random.default_rng(seed)
    parts = counts.indptr.astype(np.int64), counts.indices.astype(np.int32), counts.data.astype(np.float32)
    shares = (rng.dirichlet(np.ones(n_topics), counts.nnz) * counts.data[:, None]).astype(np.float32)
    return parts, shares, *sums(counts, shares)


def sums(counts, shares):
    owners = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    of_article = np.zeros((counts.shape[0], shares.shape[1]), np.float32)
    of_term = np.zeros((counts.shape[1], shares.shape[1]), np.float32)
    np.add.at(of_article, owners, shares)
    np.add.at(of_term, counts.indices, shares)
    return of_article, of_term, of_term.sum(axis=0, dtype=float)


def visit(parts, shares, of_article, of_term, of_topic, alpha, start=0, stop=20, step=1.0):
    cvb0.sweep(*parts, shares, of_article, of_term, of_topic, alpha.astype(np.float32), ETA, step, start, stop)


def by_the_book(counts, shares, of_article, of_term, of_topic, alpha, step=1.0):
    """One sweep in plain numpy and double precision."""
    shares, of_article, of_term = (a.astype(float) for a in (shares, of_article, of_term))
    of_topic = of_topic.copy()
    for d in range(counts.shape[0]):
        inverse, before = 1 / (of_topic + ETA * counts.shape[1]), of_article[d].copy()
        for i in range(counts.indptr[d], counts.indptr[d + 1]):
            w = counts.indices[i]
            others, elsewhere = (np.maximum(sums - shares[i], 0) for sums in (of_article[d], of_term[w]))
            weight = (others + alpha) * (elsewhere + ETA) * inverse
            change = step * (counts.data[i] * weight / weight.sum() - shares[i])
            shares[i] += change
            of_article[d] += change
            of_term[w] += change
        of_topic += of_article[d] - before
    return shares, of_article, of_term, of_topic


def test_a_longer_step_goes_beyond_the_paper_and_loses_no_token(counts):
    parts, *known = arrays(counts, 4)
    alpha = np.full(4, 0.1)
    wanted = by_the_book(counts, *known, alpha, 1.6)
    visit(parts, *known, alpha, step=1.6)
    for got, want in zip(known, wanted, strict=True):
        np.testing.assert_allclose(got, want, rtol=2e-4, atol=2e-5)
    np.testing.assert_allclose(known[0].sum(axis=1), counts.data, rtol=1e-5)


@pytest.mark.parametrize("n_topics", [1, 3, 4, 7, 33])
def test_a_sweep_is_that_of_the_paper(counts, n_topics):
    parts, *known = arrays(counts, n_topics)
    alpha = np.linspace(0.05, 0.5, n_topics)
    wanted = by_the_book(counts, *known, alpha)
    visit(parts, *known, alpha)
    for got, want in zip(known, wanted, strict=True):
        np.testing.assert_allclose(got, want, rtol=2e-4, atol=2e-5)


def test_a_sweep_loses_no_token(counts):
    parts, shares, *known = arrays(counts, 6)
    for _ in range(30):
        visit(parts, shares, *known, np.full(6, 0.1))
    np.testing.assert_allclose(shares.sum(axis=1), counts.data, rtol=1e-5)
    for got, want in zip(known, sums(counts, shares), strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-4)


def test_a_first_pass_counts_what_was_not_counted(counts):
    parts, shares, of_article, of_term, of_topic = arrays(counts, 4)
    for array in (shares, of_article, of_term, of_topic):
        array[:] = 0
    of_article[np.arange(20), np.arange(20) % 4] = 1
    visit(parts, shares, of_article, of_term, of_topic, np.full(4, 0.1))
    assert of_term.sum() == pytest.approx(counts.sum())
    assert of_topic.sum() == pytest.approx(counts.sum())
    assert of_topic.std() > 0


def test_only_the_articles_asked_for_are_visited(counts):
    parts, shares, *known = arrays(counts, 4)
    before = shares.copy()
    visit(parts, shares, *known, np.full(4, 0.1), 5, 9)
    touched = (shares != before).any(axis=1)
    assert set(np.flatnonzero(touched)) <= set(range(counts.indptr[5], counts.indptr[9]))
    assert touched.any()


def test_sums_that_rounding_left_below_zero_do_no_harm(counts):
    parts, shares, of_article, of_term, of_topic = arrays(counts, 4)
    visit(parts, shares, of_article - 1.0, of_term - 1.0, of_topic, np.full(4, 0.1))
    assert np.isfinite(shares).all()
    assert (shares >= 0).all()


def test_changes_of_all_copies_are_added_and_copies_made_equal():
    rng = np.random.default_rng(0)
    base = rng.random((30, 5)).astype(np.float32)
    copies = base + rng.random((3, 30, 5)).astype(np.float32)
    want = base + (copies - base).sum(axis=0)
    totals = np.zeros(5)
    cvb0.merge(base, copies, totals, 0, 20)
    cvb0.merge(base, copies, totals, 20, 30)
    np.testing.assert_allclose(base, want, rtol=1e-6)
    assert (copies == base).all()
    np.testing.assert_allclose(totals, base.sum(axis=0), rtol=1e-6)


def test_merging_loses_no_token_to_a_count_below_zero():
    base = np.full((2, 2), 0.5, np.float32)
    totals = np.zeros(2)
    cvb0.merge(base, np.zeros((3, 2, 2), np.float32), totals, 0, 2)
    assert (base == -1).all()
    assert (totals == -2).all()


def test_completion_is_the_log_probability_under_the_mean_of_both_posteriors(counts):
    _, _, of_article, of_term, of_topic = arrays(counts, 4)
    alpha, rows = np.array([0.1, 0.2, 0.3, 0.4]), np.array([2, 11])
    wanted = counts[[5, 6]]
    theta = of_article[rows] + alpha
    theta /= theta.sum(axis=1, keepdims=True)
    beta = (of_term + ETA) / (of_topic + ETA * 15)
    held = wanted.indptr.astype(np.int64), wanted.indices.astype(np.int32), wanted.data.astype(np.float32)
    got = cvb0.completion(*held, rows, of_article, of_term, of_topic, alpha.astype(np.float32), ETA)
    assert got == pytest.approx((wanted.toarray() * np.log(theta @ beta.T)).sum(), rel=1e-5)


def fixed_point_sums(of_article, alpha):
    lengths = of_article.sum(axis=1, dtype=float)
    out = np.zeros(len(alpha))
    whole = cvb0.prior_sums(of_article, lengths, alpha, 0, len(of_article), out)
    return out, whole


def test_the_sums_of_the_fixed_point_are_those_of_expected_counts():
    of_article = np.random.default_rng(0).gamma(0.3, 4.0, (50, 6)).astype(np.float32)
    alpha = np.linspace(0.05, 2, 6)
    some = 1 - np.exp(-of_article.astype(float))
    want = (some * (psi(of_article / some + alpha) - psi(alpha))).sum(axis=0)
    got, whole = fixed_point_sums(of_article, alpha)
    np.testing.assert_allclose(got, want, rtol=1e-3)
    lengths = of_article.sum(axis=1, dtype=float)
    assert whole == pytest.approx((psi(lengths + alpha.sum()) - psi(alpha.sum())).sum())


def test_whole_counts_need_no_correction():
    of_article = np.random.default_rng(0).multinomial(400, [0.5, 0.3, 0.2], 40).astype(np.float32)
    alpha = np.array([0.5, 0.3, 0.2])
    got, _ = fixed_point_sums(of_article, alpha)
    np.testing.assert_allclose(got, (psi(of_article + alpha) - psi(alpha)).sum(axis=0), rtol=1e-9)


def test_many_small_shares_are_not_taken_for_small_whole_counts():
    # One token that may lie in any of a hundred topics says what a token in one of them says: 1 / alpha.
    of_article = np.full((1, 100), 0.01, np.float32)
    got, _ = fixed_point_sums(of_article, np.full(100, 0.02))
    assert got.sum() == pytest.approx(1 / 0.02, rel=0.01)


def test_articles_without_tokens_say_nothing_of_alpha():
    got, whole = fixed_point_sums(np.zeros((5, 3), np.float32), np.ones(3))
    assert whole == 0
    assert (got == 0).all()
