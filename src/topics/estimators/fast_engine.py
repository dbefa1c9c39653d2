"""Collapsed variational Bayes, zero order (CVB0), in memory: the engine for corpora of a size that people read.

Where the shares of all pairs, n_pairs * n_topics * 4 bytes, would exceed `memory`, and for articles that
come in parts, the stochastic form (stochastic.py) stands in.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.estimators import stochastic
from topics.estimators.engines import OnSweep, Settings, State, Trained, has_settled
from topics.estimators.sweeps import Batch, Topics, Watch

if TYPE_CHECKING:
    from topics.estimators.cvb0 import Single
    from topics.estimators.shapes import Matrix

BELIEF = 1.0  # tokens of one random topic that an article is believed to hold before it is read
ALPHA_EVERY = 4  # sweeps: learning alpha costs a quarter of one


def train(
    counts: Matrix,
    settings: Settings,
    state: State | None = None,
    on_sweep: OnSweep | None = None,
) -> Trained:
    """Sweeps over all articles until the perplexity of held-out tokens settles or `n_sweeps` are done.

    The first is online and runs on one thread: each article is shared out in the light of those before.

    Parameters
    ----------
    counts : csr_matrix of shape (n_articles, n_terms)
        Term counts.
    settings : Settings
        All of them play a part; `n_jobs` changes no bit.
    state : dict of arrays, optional
        What `on_sweep` was given. Of the same articles: the training goes on where it was. Of others: their
        topics are where it starts (a warm start).
    on_sweep : callable, optional
        Called with the state after each sweep: copies of all arrays, the shares of all pairs among them.
    """
    if stochastic.wanted(counts, settings):
        return stochastic.train(counts, settings, state, on_sweep)
    training = _Training(counts, settings, state)
    while training.goes_on():
        training.sweep()
        if on_sweep is not None:
            on_sweep(training.state())
    return training.finish(counts)


def update(counts: Matrix, settings: Settings, state: State | None = None) -> Trained:
    """One stochastic step, or more where memory bounds them, with articles that are seen once.

    Parameters
    ----------
    counts : csr_matrix of shape (n_articles, n_terms)
        Term counts.
    settings : Settings
        As in `train`.
    state : dict of arrays, optional
        That of the model to continue.
    """
    return stochastic.update(counts, settings, state)


class _Training:
    """The arrays between sweeps."""

    def __init__(self, counts: Matrix, settings: Settings, state: State | None) -> None:
        self.settings = settings
        self.watch = Watch(counts, settings.random_state)
        self.batch = Batch(self.watch.seen)
        self.articles = fingerprint(counts, settings)
        self.shares: Single = np.zeros((self.batch.n_pairs, settings.n_topics), np.float32)
        self.perplexities: list[float] = []
        self.topics = Topics.without_tokens(self.batch.n_terms, settings)
        if state is not None:
            stochastic.check_shape(state, self.topics)
        if state is not None and "shares" in state and (state["articles"] == self.articles).all():
            self._restore(state)
        else:
            self.of_article = stochastic.beliefs(self.batch.n_articles, settings, state, BELIEF)
            self.known = state

    def _restore(self, state: State) -> None:
        self.shares, self.of_article = state["shares"].copy(), state["of_article"].copy()
        self.topics = stochastic.topics_of(state, self.settings)
        self.perplexities = [float(perplexity) for perplexity in state["perplexities"]]
        self.copies = self.batch.copies_of(self.topics)

    def goes_on(self) -> bool:
        done = len(self.perplexities)
        return done < self.settings.n_sweeps and not has_settled(self.perplexities, self.settings.tol)

    def sweep(self) -> None:
        n_jobs = self.settings.n_jobs
        if self.perplexities:
            self.batch.sweep(self.shares, self.of_article, self.topics, self.copies, n_jobs)
        else:
            self._first_pass()
        done = len(self.perplexities) + 1
        if self.settings.learn_alpha and self.settings.n_topics > 1 and done % ALPHA_EVERY == 2:
            self.topics.alpha = self.batch.learn_alpha(self.of_article, self.topics.alpha, n_jobs)
        self.perplexities.append(self.watch.perplexity(self.of_article, self.topics))

    def _first_pass(self) -> None:
        priors, topics = self.topics.of_term.copy(), self.topics
        if self.known is not None:
            topics = self.topics = stochastic.topics_of(self.known, self.settings)
        others = topics.of_term - priors
        self.batch.first_pass(self.shares, self.of_article, topics)
        if self.known is not None:  # what was known of other articles has done its work
            topics.of_term -= others
            np.maximum(topics.of_term, 0.0, out=topics.of_term)
            topics.of_topic = topics.of_term.sum(axis=0, dtype=np.float64)
        self.copies = self.batch.copies_of(topics)

    def state(self) -> State:
        return stochastic.state_of(self.topics, self.perplexities, float(self.batch.lengths.sum())) | {
            "shares": self.shares.copy(),
            "of_article": self.of_article.copy(),
            "articles": self.articles,
        }

    def finish(self, counts: Matrix) -> Trained:
        """Give the tokens that were held out to the topics as well."""
        if len(self.watch.rows):
            whole = Batch(counts)
            for row in self.watch.rows.tolist():
                whole.visit(self.shares, self.of_article, self.topics, (row, row + 1))
        state = stochastic.state_of(self.topics, self.perplexities, float(counts.sum()))
        return Trained(
            self.topics.components, self.topics.alpha.copy(), np.array(self.perplexities), state
        )


def fingerprint(counts: Any, settings: Settings) -> Any:  # noqa: ANN401
    """Tells whether a state is of these articles, in this order, and of the tokens held out by this seed."""
    arrays = [counts.indptr.astype(np.int64), counts.indices.astype(np.int32), counts.data]
    checks = [zlib.crc32(np.ascontiguousarray(array).tobytes()) for array in arrays]
    return np.array([*counts.shape, settings.random_state, *checks], dtype=np.int64)
