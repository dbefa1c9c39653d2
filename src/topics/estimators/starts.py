"""Where training starts: the best of several short trainings on a sample of the articles.

CVB0 finds the optimum that its start leads to, and a start that gives one subject two topics leaves another
without. On a sample a start costs next to nothing, and how probable it makes the sample tells good from bad.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix, diags_array

from topics.estimators.cvb0 import completion
from topics.estimators.sweeps import Batch, each
from topics.estimators.topic_counts import Topics, beliefs

if TYPE_CHECKING:
    from topics.estimators.cvb0 import Single
    from topics.estimators.engines import Settings
    from topics.estimators.shapes import Array, Integers, Matrix

STARTS = 8
SAMPLE = 500  # articles
SWEEPS = 6
CANDIDATES = 3  # articles looked at for each topic


def best_start(counts: Matrix, settings: Settings) -> Topics:
    """Topics to start from: priors, and the tokens of a sample of the articles.

    Each start lends each topic the tokens of an article: the one nearest to its anchors, or where it has none
    one unlike those of the other topics.

    Parameters
    ----------
    counts : csr_matrix of shape (n_articles, n_terms)
        Term counts.
    settings : Settings
        `random_state` draws the sample and the starts; they run beside each other on `n_jobs` threads.

    Returns
    -------
    Topics
        Of the start under which the sample is most probable; priors alone for one topic or no tokens.
    """
    rng = np.random.default_rng(settings.random_state)
    topics = Topics.without_tokens(counts.shape[1], settings)
    if settings.learn_eta:
        topics.soften(float(counts.sum()))
    filled = np.flatnonzero(np.diff(counts.indptr))
    if settings.n_topics == 1 or not counts.nnz:
        return topics
    rows = np.sort(rng.choice(filled, min(SAMPLE, len(filled)), replace=False))
    terms, sample = _without_unused_terms(counts[rows])
    priors, unit = topics.of_term[terms], _unit_rows(sample)
    likeness: Array = np.asarray((unit @ unit.T).todense())
    anchored = np.flatnonzero(topics.of_topic > 0.0)
    free = np.setdiff1d(np.arange(settings.n_topics), anchored)
    nearest = np.asarray(unit @ priors[:, anchored]).argmax(axis=0)
    seeds = rng.spawn(STARTS)

    def start(i: int) -> tuple[float, Topics]:
        first = np.zeros_like(priors)
        first[:, anchored] = sample[nearest].toarray().T
        first[:, free] = sample[spread_out(likeness, len(free), seeds[i], nearest)].toarray().T
        mine = Topics(priors + first, topics.of_topic, topics.alpha.copy(), topics.eta)
        mine.set_counts(mine.of_term)
        belief = beliefs(sample.shape[0], settings.n_topics, seeds[i])
        return _short_training(Batch(sample), mine, first, belief)

    _, best = min(each(start, STARTS, settings.n_jobs), key=lambda scored: scored[0])
    topics.of_term[terms] = best.of_term
    topics.set_counts(topics.of_term)
    return topics


def spread_out(likeness: Array, n: int, rng: np.random.Generator, taken: Integers) -> Integers:
    """Articles that are unlike each other, by greedy k-means++ (Arthur and Vassilvitskii 2007).

    Parameters
    ----------
    likeness : ndarray of shape (n_articles, n_articles)
        1 for articles that are alike, 0 for those that share nothing.
    n : int
        How many; an article is chosen twice only when all are like one that is chosen.
    rng : Generator
        Draws `CANDIDATES` articles at a time; the one that leaves least uncovered is chosen.
    taken : ndarray of shape (n_taken,)
        Articles that those chosen shall be unlike as well.

    Returns
    -------
    ndarray of shape (n,)
    """
    likeness = likeness.clip(0.0, 1.0)
    far = (1.0 - likeness[taken]).min(axis=0, initial=1.0)
    chosen = np.empty(n, dtype=np.int64)
    for k in range(n):
        weights = far**2 if far.any() else np.ones(len(far))
        candidates = rng.choice(len(far), CANDIDATES, p=weights / weights.sum())
        left = np.minimum(far, 1.0 - likeness[candidates])
        best = int(np.argmin((left**2).sum(axis=1)))
        chosen[k], far = candidates[best], left[best]
    return chosen


def _short_training(batch: Batch, topics: Topics, first: Single, of_article: Single) -> tuple[float, Topics]:
    """How improbable the sample is in the end, in nats, and its topics; `first` are tokens lent to the start."""
    shares = np.zeros((batch.n_pairs, len(topics.alpha)), np.float32)
    batch.first_pass(shares, of_article, topics)
    topics.set_counts(topics.of_term - first)
    copies = batch.copies_of(topics)
    for _ in range(SWEEPS - 1):
        batch.sweep(shares, of_article, topics, copies, 1)
    rows = np.arange(batch.n_articles)
    nats = completion(
        batch.indptr,
        batch.indices,
        batch.counts,
        rows,
        of_article,
        topics.of_term,
        topics.of_topic,
        topics.prior,
        topics.eta,
    )
    return -nats, topics


def _unit_rows(sample: Matrix) -> Matrix:
    """Square roots of counts, terms weighed by rarity, rows of length 1: their products are cosines."""
    frequency = np.bincount(sample.indices, minlength=sample.shape[1])
    rarity = np.log((1 + sample.shape[0]) / (1 + frequency))
    weights = csr_matrix(sample.sqrt() @ diags_array(rarity))
    lengths = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
    return csr_matrix(diags_array(1.0 / np.maximum(lengths, 1e-12)) @ weights)


def _without_unused_terms(counts: Matrix) -> tuple[Integers, Matrix]:
    terms = np.unique(counts.indices)
    return terms, csr_matrix(counts[:, terms])
