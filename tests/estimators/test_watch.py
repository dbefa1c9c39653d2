import numpy as np
import pytest
from scipy.sparse import csr_matrix

from topics.estimators.topic_counts import Topics
from topics.estimators.watch import MOST_WATCHED, Watch


def news(n_articles, seed=0):
    return csr_matrix(np.random.default_rng(seed).poisson(1.0, (n_articles, 12)).astype(float))


def test_half_of_the_tokens_of_some_articles_are_held_out():
    counts = news(400)
    watch = Watch(counts, 0)
    assert len(watch.rows) == 20
    missing = (counts - watch.seen).toarray()
    assert (missing >= 0).all()
    assert set(np.flatnonzero(missing.any(axis=1))) <= set(watch.rows)
    assert missing.sum() == pytest.approx(counts[watch.rows].sum() / 2, rel=0.2)
    assert (watch.seen.indices == counts.indices).all()
    assert len(Watch(news(20_000), 0).rows) == MOST_WATCHED


def test_too_few_articles_are_seen_whole():
    counts = news(19)
    watch = Watch(counts, 0)
    assert not len(watch.rows)
    assert (watch.seen != counts).nnz == 0


@pytest.mark.parametrize("n_articles", [5, 200])
def test_topics_that_know_nothing_have_the_perplexity_of_the_vocabulary(n_articles):
    topics = Topics(np.zeros((12, 3), np.float32), np.zeros(3), np.ones(3), 0.1)
    watch = Watch(news(n_articles), 0)
    assert watch.perplexity(np.zeros((n_articles, 3), np.float32), topics) == pytest.approx(12)


def test_perplexity_without_a_token_is_one():
    topics = Topics(np.zeros((12, 3), np.float32), np.zeros(3), np.ones(3), 0.1)
    assert Watch(csr_matrix((50, 12)), 0).perplexity(np.zeros((50, 3), np.float32), topics) == 1


def test_a_state_is_known_by_its_articles_and_their_held_out_tokens():
    counts = news(100)
    mark = {"articles": Watch(counts, 0).mark, "shares": np.zeros(1)}
    assert Watch(counts, 0).made(mark, "shares")
    assert not Watch(counts, 0).made(mark, "shares", "of_article")
    assert not Watch(counts, 0).made(None)
    assert not Watch(counts, 1).made(mark)
    assert not Watch(counts[::-1], 0).made(mark)
    assert not Watch(counts * 2, 0).made(mark)
