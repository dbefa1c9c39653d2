from __future__ import annotations

import hashlib
from itertools import pairwise

import numpy as np
import pytest
from planted_topics import overlap, planted
from scipy.sparse import csr_matrix

from topics.estimators import LdaTopics, by_parts
from topics.estimators.by_parts import Total, pieces, visit
from topics.estimators.lda import checked_settings
from topics.estimators.starts import best_start

N_TOPICS = 5


def counts_of(n_articles=400):
    counts, topics = planted(n_articles, N_TOPICS)
    return csr_matrix(counts, dtype=np.float32), topics


def fitted(counts, n_parts=4, n_passes=6, together=2, **settings):
    """Topics after some passes, and the last visit of each part."""
    chosen = checked_settings(LdaTopics(N_TOPICS, **settings))
    total = Total(best_start(counts, chosen), chosen)
    edges = np.linspace(0, counts.shape[0], n_parts + 1).astype(int)
    parts = [counts[a:b] for a, b in pairwise(edges)]
    last = [None] * n_parts
    for _ in range(n_passes):
        sums, whole = np.zeros(N_TOPICS), 0.0
        for first in range(0, n_parts, together):
            topics = total.topics
            for k in range(first, min(first + together, n_parts)):
                found = visit(parts[k], topics, last[k], learn_alpha=chosen.learn_alpha)
                total.add(found.terms, found.tokens if last[k] is None else found.tokens - last[k][1])
                last[k] = found.terms, found.tokens, found.of_article
                sums, whole = sums + found.sums, whole + found.whole
        total.learn(sums, whole)
    return total, last


@pytest.mark.parametrize("n_parts", [1, 2, 4, 7])
def test_planted_topics_are_found_in_any_number_of_parts(n_parts):
    counts, topics = counts_of()
    total, _ = fitted(counts, n_parts, 12, n_parts)
    assert overlap(total.components / total.components.sum(axis=1, keepdims=True), topics) > 0.8


def test_every_token_is_counted_once_after_any_number_of_passes():
    counts, _ = counts_of()
    for n_passes in (1, 2, 5):
        total, last = fitted(counts, n_passes=n_passes)
        assert total.tokens.sum() == pytest.approx(counts.sum(), rel=1e-5)
        assert total.tokens.sum(axis=1) == pytest.approx(np.asarray(counts.sum(axis=0)).ravel(), abs=0.02)
        of_articles = np.concatenate([found[2] for found in last])
        assert of_articles.sum(axis=1) == pytest.approx(np.asarray(counts.sum(axis=1)).ravel(), abs=0.02)


def test_equal_parts_and_rounds_give_equal_bits():
    counts, _ = counts_of()
    digests = {hashlib.sha256(fitted(counts)[0].components.tobytes()).hexdigest() for _ in range(2)}
    assert len(digests) == 1


def test_a_visit_leaves_the_topics_and_what_was_known_as_they_are():
    counts, _ = counts_of(100)
    total, last = fitted(counts, 2, 2)
    topics = total.topics
    before = [array.copy() for array in (topics.of_term, topics.of_topic, *last[0])]
    visit(counts[:50], topics, last[0], learn_alpha=True)
    for now, then in zip((topics.of_term, topics.of_topic, *last[0]), before, strict=True):
        assert np.array_equal(now, then)


def test_a_state_is_gone_on_from():
    counts, _ = counts_of(100)
    total, _ = fitted(counts, 2, 3)
    chosen = checked_settings(LdaTopics(N_TOPICS))
    other = Total(best_start(counts, chosen), chosen)
    other.restore(total.state())
    assert np.array_equal(other.components, total.components)
    assert np.array_equal(other.alpha, total.alpha)


def test_a_given_alpha_stays():
    counts, _ = counts_of(100)
    total, _ = fitted(counts, 2, 3, alpha=0.3)
    assert total.alpha.tolist() == [0.3] * N_TOPICS


def test_a_learnt_eta_moves():
    counts, _ = counts_of(100)
    total, _ = fitted(counts, 2, 3, eta="auto")
    assert 0 < total.eta < 1


def test_a_part_is_cut_where_its_shares_would_be_too_many(monkeypatch):
    counts, _ = counts_of(100)
    assert pieces(counts, N_TOPICS) == [(0, 100)]
    monkeypatch.setattr(by_parts, "SHARES", 4 * N_TOPICS * 300)
    cut = pieces(counts, N_TOPICS)
    assert [first for first, _ in cut[1:]] == [end for _, end in cut[:-1]]
    assert cut[0][0] == 0
    assert cut[-1][1] == 100
    assert all(counts.indptr[b] - counts.indptr[a] <= 300 for a, b in cut)
    monkeypatch.setattr(by_parts, "SHARES", 1)
    assert pieces(counts, N_TOPICS) == [(k, k + 1) for k in range(100)]


def test_articles_without_terms_hold_nothing():
    counts, _ = counts_of(20)
    found = visit(csr_matrix((3, counts.shape[1]), dtype=np.float32), _topics(counts), None, learn_alpha=True)
    assert len(found.terms) == 0
    assert not found.of_article.any()
    assert found.whole == 0.0


def _topics(counts):
    return best_start(counts, checked_settings(LdaTopics(N_TOPICS)))


def test_perplexity_of_nothing_is_one():
    counts, _ = counts_of(20)
    empty = csr_matrix((0, counts.shape[1]), dtype=np.float32)
    assert by_parts.perplexity(empty, np.zeros((0, N_TOPICS), np.float32), _topics(counts)) == 1.0
