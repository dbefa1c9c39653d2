import numpy as np
import pytest
from scipy.sparse import csr_matrix

from topics.estimators import sweeps
from topics.estimators.sweeps import Batch, each
from topics.estimators.topic_counts import Topics, beliefs


def news(n_articles=60, n_terms=20, seed=0):
    return csr_matrix(np.random.default_rng(seed).poisson(0.5, (n_articles, n_terms)).astype(float))


def counted(counts, n_topics=5):
    """A batch after its first pass."""
    batch = Batch(counts)
    topics = Topics(np.zeros((counts.shape[1], n_topics), np.float32), np.zeros(n_topics), np.full(n_topics, 0.2), 0.01)
    shares = np.zeros((batch.n_pairs, n_topics), np.float32)
    of_article = beliefs(batch.n_articles, n_topics, np.random.default_rng(0))
    batch.first_pass(shares, of_article, topics)
    return batch, shares, of_article, topics


def test_a_first_pass_leaves_the_counts_of_the_articles_without_what_was_believed():
    counts = news()
    _, shares, of_article, topics = counted(counts)
    np.testing.assert_allclose(of_article.sum(axis=1), counts.sum(axis=1).A1, rtol=1e-4)
    np.testing.assert_allclose(topics.of_topic, shares.sum(axis=0), rtol=1e-5)


@pytest.mark.parametrize("n_jobs", [2, 3, 16])
def test_threads_change_no_bit(n_jobs, monkeypatch):
    monkeypatch.setattr(sweeps, "PAIRS_A_TERM", 4)
    results = []
    for threads in (1, n_jobs):
        batch, shares, of_article, topics = counted(news())
        assert len(batch.bounds) > 3
        copies = batch.copies_of(topics)
        for _ in range(4):
            batch.sweep(shares, of_article, topics, copies, threads)
        topics.alpha = batch.learn_alpha(of_article, topics.alpha, threads)
        results.append([shares, of_article, topics.of_term, topics.of_topic, topics.alpha])
    for one, many in zip(*results, strict=True):
        assert one.tobytes() == many.tobytes()


def test_parts_cover_all_articles_whatever_their_lengths(monkeypatch):
    monkeypatch.setattr(sweeps, "PAIRS_A_TERM", 1)
    long, short = np.ones((1, 500)), np.eye(500)[:60]
    for rows in ([long, short], [short, long], [short, np.zeros((40, 500)), long, long, short]):
        batch = Batch(csr_matrix(np.vstack(rows)))
        assert [start for start, _ in batch.bounds][1:] == [stop for _, stop in batch.bounds][:-1]
        assert batch.bounds[0][0] == 0
        assert batch.bounds[-1][1] == batch.n_articles


def test_the_number_of_parts_follows_from_the_counts():
    assert len(Batch(csr_matrix(np.ones((9, 20)))).bounds) == 1
    assert len(Batch(csr_matrix(np.ones((25, 20)))).bounds) == 2
    assert len(Batch(csr_matrix(np.ones((2000, 20)))).bounds) == sweeps.MOST_PARTS
    assert Batch(csr_matrix((0, 5))).bounds == [(0, 0)]


def test_lengths_are_tokens_of_articles_even_of_empty_ones():
    counts = csr_matrix(np.array([[0, 0], [2, 3], [0, 0], [1, 0], [0, 0]], dtype=float))
    assert Batch(counts).lengths.tolist() == [0, 5, 0, 1, 0]


def test_alpha_is_that_of_the_articles():
    rng = np.random.default_rng(0)
    true = np.array([0.5, 0.1, 2.0])
    of_article = np.array([rng.multinomial(300, rng.dirichlet(true)) for _ in range(4000)], dtype=np.float32)
    batch, alpha = Batch(csr_matrix(of_article.astype(float))), np.full(3, 1 / 3)
    for _ in range(200):
        alpha = batch.learn_alpha(of_article, alpha, 1)
    np.testing.assert_allclose(alpha, true, rtol=0.1)


def test_articles_that_are_all_alike_leave_alpha_finite():
    of_article = np.full((30, 3), 50, np.float32)
    batch, alpha = Batch(csr_matrix(of_article.astype(float))), np.full(3, 1 / 3)
    for _ in range(2000):
        alpha = batch.learn_alpha(of_article, alpha, 1)
    assert (alpha <= sweeps.ALPHA_MOST).all()
    assert (alpha > 5).all()


def test_each_keeps_order_on_threads_and_hides_no_error():
    assert each(lambda i: i * i, 20, 4) == [i * i for i in range(20)]
    with pytest.raises(ZeroDivisionError):
        each(lambda i: 1 // i, 3, 2)
