"""CVB0 by minibatches (SCVB0: Foulds, Boyles, DuBois, Smyth and Welling 2013): memory does not grow with n_pairs.

Shares are kept for one minibatch at a time. Each is swept until it has found its own topics, and then moves
the topics by a step rho: the share that its tokens are of all tokens visited so far, to the power `FORGET`.
With minibatches of equal size that is (1 + t) ** -FORGET, which meets the conditions of Robbins and Monro.
"""

from __future__ import annotations

import math
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from topics.estimators.engines import OnSweep, Settings, State, Trained, hand_out, has_settled
from topics.estimators.starts import best_start
from topics.estimators.sweeps import Batch
from topics.estimators.topic_counts import Topics
from topics.estimators.watch import Watch

if TYPE_CHECKING:
    from topics.estimators.cvb0 import Single
    from topics.estimators.shapes import Integers, Matrix

FORGET = 0.7
SWEEPS_NEW, SWEEPS_KNOWN = 10, 2  # over a minibatch that is met for the first time, and again


def is_wanted(counts: Matrix, settings: Settings) -> bool:
    """Whether the shares of all pairs would exceed `memory`."""
    return _bytes(counts.nnz, settings) > settings.memory


def train(
    counts: Matrix,
    settings: Settings,
    state: State | None = None,
    on_sweep: OnSweep | None = None,
) -> Trained:
    """Sweeps over all articles, minibatch by minibatch, each as large as half of `memory` allows.

    Parameters as in `fast_engine.train`; articles are dealt to minibatches at random, once.
    """
    watch = Watch(counts, settings.random_state)
    deal = np.random.default_rng(settings.random_state).permutation(counts.shape[0])
    training = _Training(watch.seen, settings, state, float(watch.seen.sum()))
    of_article = np.zeros((counts.shape[0], settings.n_topics), np.float32)
    perplexities: list[float] = []
    if state is not None and watch.made(state, "of_article"):
        of_article, perplexities = state["of_article"].copy(), state["perplexities"].tolist()
    while len(perplexities) < settings.n_sweeps and not has_settled(perplexities, settings.tol):
        for rows in _minibatches(watch.seen, deal, settings):
            mixtures = of_article[rows]
            training.step(Batch(watch.seen[rows]), mixtures, SWEEPS_KNOWN if perplexities else SWEEPS_NEW)
            of_article[rows] = mixtures
        perplexities.append(watch.perplexity(of_article, training.topics))
        hand_out(on_sweep, partial(_state, training, perplexities, of_article, watch))
    return training.finish(perplexities)


def _state(training: _Training, perplexities: list[float], of_article: Single, watch: Watch) -> State:
    articles = {"of_article": of_article.copy(), "articles": watch.mark}
    return training.topics.state(perplexities, training.visited) | articles


def update(counts: Matrix, settings: Settings, state: State | None = None) -> Trained:
    """One step with articles that are seen once; several where `memory` holds no more.

    Parameters as in `fast_engine.update`.
    """
    training = _Training(counts, settings, state, math.inf)
    for rows in _minibatches(counts, np.arange(counts.shape[0]), settings):
        mixtures = np.zeros((len(rows), settings.n_topics), np.float32)
        training.step(Batch(counts[rows]), mixtures, SWEEPS_NEW)
    return training.finish([] if state is None else state["perplexities"].tolist())


class _Training:
    """Topics between minibatches; their counts stand for `n_tokens` tokens, or all that were visited if fewer."""

    def __init__(self, counts: Matrix, settings: Settings, state: State | None, n_tokens: float) -> None:
        self.settings, self.n_tokens = settings, n_tokens
        self.priors = Topics.without_tokens(counts.shape[1], settings).of_term
        if state is None:
            self.topics, self.visited = best_start(counts, settings), 0.0
        else:
            self.topics = Topics.from_state(state, counts.shape[1], settings)
            self.visited = float(state["tokens"][0])

    def step(self, batch: Batch, of_article: Single, n_sweeps: int) -> None:
        """Sweep over a minibatch, then move the topics towards what it found."""
        here = float(batch.lengths.sum())
        if not here:
            return
        before, alpha = self.topics.of_term.copy(), self.topics.alpha
        first = not self.visited
        self.visited += here
        self._sweeps(batch, of_article, n_sweeps, first=first)
        rho = (here / self.visited) ** FORGET
        tokens, found = before - self.priors, self.topics.of_term - before
        standing = min(self.visited, self.n_tokens)
        weight = (1.0 - rho) * standing / max(float(tokens.sum(dtype=np.float64)), 1e-9)
        moved = np.float32(weight) * tokens + np.float32(rho * standing / here) * found
        self.topics.set_counts(self.priors + moved)
        self.topics.alpha = (1.0 - rho) * alpha + rho * self.topics.alpha
        if self.settings.learn_eta:
            self.topics.learn_eta()

    def _sweeps(self, batch: Batch, of_article: Single, n_sweeps: int, *, first: bool) -> None:
        topics, n_jobs = self.topics, self.settings.n_jobs
        shares = np.zeros((batch.n_pairs, self.settings.n_topics), np.float32)
        if first:
            batch.first_pass(shares, of_article, topics)
        copies = batch.copies_of(topics)
        if not first:
            batch.return_to(shares, of_article, topics, copies, n_jobs)
        for _ in range(n_sweeps - 1):
            batch.sweep(shares, of_article, topics, copies, n_jobs)
        if self.settings.learn_alpha:
            topics.alpha = batch.learn_alpha(of_article, topics.alpha, n_jobs)

    def finish(self, perplexities: list[float]) -> Trained:
        """The model; tokens held out stay so, being few among so many."""
        state = self.topics.state(perplexities, self.visited)
        return Trained(self.topics.components, self.topics.alpha, self.topics.eta, np.array(perplexities), state)


def _bytes(n_pairs: int, settings: Settings) -> int:
    return int(n_pairs) * settings.n_topics * np.dtype(np.float32).itemsize


def _minibatches(counts: Matrix, order: Integers, settings: Settings) -> list[Integers]:
    """Articles in the given order, cut where their shares would take half of `memory`; ascending in each."""
    pairs = np.cumsum(np.diff(counts.indptr)[order])
    most = max(settings.memory // (2 * _bytes(1, settings)), 1)
    cuts, start = [0], 0
    while start < len(order):
        used = int(pairs[start - 1]) if start else 0
        # One article at least: it cannot be cut.
        start = max(int(np.searchsorted(pairs, used + most, side="right")), start + 1)
        cuts.append(start)
    return [np.sort(order[start:end]) for start, end in pairwise(cuts)]
