"""Collapsed variational Bayes, zero order (CVB0), in memory: the engine for corpora of a size that people read.

Where the shares of all pairs, n_pairs * n_topics * 4 bytes, would exceed `memory`, and for articles that
come in parts, the stochastic form (stochastic.py) stands in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics.estimators import stochastic
from topics.estimators.engines import OnSweep, Settings, State, Trained, hand_out, has_settled
from topics.estimators.starts import best_start
from topics.estimators.sweeps import Batch
from topics.estimators.topic_counts import Topics
from topics.estimators.watch import Watch

if TYPE_CHECKING:
    from topics.estimators.cvb0 import Single
    from topics.estimators.shapes import Matrix

LEARN_EVERY = 4  # sweeps; a step costs a quarter of one
ETA_FALLS = 8  # sweeps after each of which eta is learnt
STEP, STEP_FROM = 1.6, 4  # of sweeps once the first are done; 1.9 did not converge in eight parts


def train(
    counts: Matrix,
    settings: Settings,
    state: State | None = None,
    on_sweep: OnSweep | None = None,
) -> Trained:
    """Sweeps over all articles until the perplexity of held-out tokens settles or `n_sweeps` are done.

    The first is online and runs on one thread: each article is shared out in the light of those before, and of
    the best start found on a sample.

    Parameters
    ----------
    counts : csr_matrix of shape (n_articles, n_terms)
        Term counts.
    settings : Settings
        All of them play a part; `n_jobs` changes no bit.
    state : dict of arrays, optional
        What `on_sweep` was given. Of the same articles: the training goes on where it was. Of others: their
        topics are what the first sweep starts from (a warm start).
    on_sweep : callable, optional
        Called with the state after each sweep: copies of all arrays, the shares of all pairs among them.
    """
    if stochastic.is_wanted(counts, settings):
        return stochastic.train(counts, settings, state, on_sweep)
    training = _Training(counts, settings, state)
    while training.goes_on():
        training.sweep()
        hand_out(on_sweep, training.state)
    return training.finish(counts)


def update(counts: Matrix, settings: Settings, state: State | None = None) -> Trained:
    """Move the topics by articles that are seen once; see `stochastic.update`.

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
        n_articles, n_terms = counts.shape
        self.settings = settings
        self.watch = Watch(counts, settings.random_state)
        self.batch = Batch(self.watch.seen)
        self.perplexities: list[float] = []
        if state is None:
            self.topics = best_start(self.watch.seen, settings)
        else:
            self.topics = Topics.from_state(state, n_terms, settings)
        if state is not None and self.watch.made(state, "shares"):
            self.shares, self.of_article = state["shares"].copy(), state["of_article"].copy()
            self.perplexities = state["perplexities"].tolist()
            self.copies = self.batch.copies_of(self.topics)
        else:
            self.shares = np.zeros((self.batch.n_pairs, settings.n_topics), np.float32)
            self.of_article = np.zeros((n_articles, settings.n_topics), np.float32)

    def goes_on(self) -> bool:
        """Whether another sweep is wanted."""
        done = len(self.perplexities)
        return done < self.settings.n_sweeps and not has_settled(self.perplexities, self.settings.tol)

    def sweep(self) -> None:
        """Do one, learn alpha where it is due, and measure."""
        n_jobs = self.settings.n_jobs
        if self.perplexities:
            self.batch.sweep(self.shares, self.of_article, self.topics, self.copies, n_jobs, self._step())
        else:
            self._first_pass()
        done = len(self.perplexities)
        if self.settings.learn_eta and (done < ETA_FALLS or done % LEARN_EVERY == 1):
            self.topics.learn_eta()
        if self.settings.learn_alpha and done % LEARN_EVERY == 1:
            self.topics.alpha = self.batch.learn_alpha(self.of_article, self.topics.alpha, n_jobs)
        self.perplexities.append(self.watch.perplexity(self.of_article, self.topics))

    def _step(self) -> float:
        """A long one, unless the last sweep made things worse (Salakhutdinov and Roweis: adaptive over-relaxation)."""
        past = self.perplexities
        return STEP if len(past) >= STEP_FROM and past[-1] <= past[-2] else 1.0

    def _first_pass(self) -> None:
        priors = Topics.without_tokens(self.batch.n_terms, self.settings).of_term
        known: Single = self.topics.of_term - priors  # tokens of the sample, or of other articles
        self.batch.first_pass(self.shares, self.of_article, self.topics)
        self.topics.set_counts(self.topics.of_term - known)
        self.copies = self.batch.copies_of(self.topics)

    def state(self) -> State:
        """All that the next sweep depends on."""
        return self._small_state() | {
            "shares": self.shares.copy(),
            "of_article": self.of_article.copy(),
            "articles": self.watch.mark,
        }

    def _small_state(self) -> State:
        return self.topics.state(self.perplexities, float(self.batch.lengths.sum()))

    def finish(self, counts: Matrix) -> Trained:
        """Give the topics the tokens that were held out, too, and take back what long steps took below 0."""
        whole = Batch(counts)
        if len(self.perplexities) > STEP_FROM:
            whole.sweep(self.shares, self.of_article, self.topics, self.copies, self.settings.n_jobs)
        else:
            for row in self.watch.rows.tolist():
                whole.visit(self.shares, self.of_article, self.topics, (row, row + 1))
        self.topics.set_counts(self.topics.of_term)
        perplexities = np.array(self.perplexities)
        return Trained(self.topics.components, self.topics.alpha, self.topics.eta, perplexities, self._small_state())
