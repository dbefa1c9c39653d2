"""CVB0 over parts of a corpus that are visited apart, wherever they lie; the kernel is that of the other forms.

What each part's tokens are counted as is kept, and taken out of the topics before the part is visited again, as
in memoized variational inference (Hughes and Sudderth 2013): the topics are the sum of the parts at any time,
nothing is counted twice, and no step size is needed. Parts of one round are visited in the light of the same
topics, and their changes are added in order: so the result depends on the parts and rounds, never on who visits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from topics.estimators.cvb0 import completion
from topics.estimators.kernels import parts
from topics.estimators.sweeps import Batch, next_alpha, take_off
from topics.estimators.topic_counts import Topics

if TYPE_CHECKING:
    from topics.estimators.cvb0 import Single
    from topics.estimators.engines import Settings
    from topics.estimators.shapes import Array, Integers, Matrix

SWEEPS_NEW, SWEEPS_KNOWN = 10, 3  # over a part that is visited for the first time, and again
SHARES = 8 << 20  # bytes, of the pairs that are swept together: they stay in the cache from sweep to sweep


@dataclass(frozen=True)
class Visit:
    """What a visit to a part found."""

    terms: Integers  # (n_used,), the terms that occur in the part
    tokens: Single  # (n_used, n_topics), tokens of each in each topic
    of_article: Single  # (n_articles, n_topics)
    sums: Array  # (n_topics,), for alpha
    whole: float


def visit(
    counts: Matrix,
    topics: Topics,
    known: tuple[Integers, Single, Single] | None,
    *,
    learn_alpha: bool,
) -> Visit:
    """Share out the tokens of a part's articles anew.

    Parameters
    ----------
    counts : csr_matrix of shape (n_articles, n_terms)
        Term counts of the part.
    topics : Topics
        Of all parts, this one included if it was visited before; left as they are.
    known : tuple of ndarray, optional
        `terms`, `tokens` and `of_article` of the last visit; None for the first.
    learn_alpha : bool
        Whether the sums for alpha are wanted; zeros otherwise.
    """
    n_topics = len(topics.alpha)
    mine = replace(topics, of_term=topics.of_term.copy(), of_topic=topics.of_topic.copy())
    of_article = np.zeros((counts.shape[0], n_topics), np.float32)
    if known is not None:
        terms, tokens, beliefs = known
        mine.of_term[terms] = np.maximum(mine.of_term[terms] - tokens, 0.0)
        mine.of_topic -= tokens.sum(axis=0, dtype=np.float64)
        np.maximum(mine.of_topic, 0.0, out=mine.of_topic)
        of_article = beliefs.copy()
    used = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]))
    before = mine.of_term[used]
    sums, whole = np.zeros(n_topics), 0.0
    for start, stop in pieces(counts, n_topics):
        batch, own = Batch(counts[start:stop]), of_article[start:stop]
        _sweep(batch, own, mine, SWEEPS_NEW if known is None else SWEEPS_KNOWN)
        if learn_alpha:
            some, all_of_it = batch.alpha_sums(own, topics.alpha, 1)
            sums, whole = sums + some, whole + all_of_it
    return Visit(used, np.maximum(mine.of_term[used] - before, 0.0), of_article, sums, whole)


def _sweep(batch: Batch, of_article: Single, topics: Topics, n_sweeps: int) -> None:
    """As `Batch.return_to` and `Batch.sweep`, the articles one after another."""
    shares = np.zeros((batch.n_pairs, of_article.shape[1]), np.float32)
    beliefs = of_article.copy()
    for sweep in range(n_sweeps):
        batch.visit(shares, of_article, topics, (0, batch.n_articles))
        if sweep == 0:
            take_off(of_article, beliefs)


def pieces(counts: Matrix, n_topics: int) -> list[tuple[int, int]]:
    """Runs of articles whose pairs' shares take SHARES bytes at most; one article at least."""
    most = max(SHARES // (4 * n_topics), 1)
    cuts = [0]
    while cuts[-1] < counts.shape[0]:
        end = int(np.searchsorted(counts.indptr, int(counts.indptr[cuts[-1]]) + most, side="right")) - 1
        cuts.append(min(max(end, cuts[-1] + 1), counts.shape[0]))
    return [*pairwise(cuts)]


class Total:
    """The topics as the sum of all parts, in double precision: so a part can be taken out and put in many times.

    Parameters
    ----------
    start : Topics
        What the first round is visited in the light of; its tokens are no part's, and go when parts come.
    settings : Settings
        Those of the training.
    """

    def __init__(self, start: Topics, settings: Settings) -> None:
        n_terms = start.of_term.shape[0]
        self.settings = settings
        self.priors = Topics.without_tokens(n_terms, settings).of_term
        self.tokens = np.zeros((n_terms, settings.n_topics))
        self.alpha, self.eta = start.alpha.copy(), start.eta
        self._start: Topics | None = start

    @property
    def topics(self) -> Topics:
        """The topics now."""
        if self._start is not None:
            return replace(self._start, alpha=self.alpha, eta=self.eta)
        of_term = np.maximum(self.priors + self.tokens, 0.0).astype(np.float32)
        return Topics(of_term, of_term.sum(axis=0, dtype=np.float64), self.alpha, self.eta)

    def add(self, terms: Integers, tokens: Array | Single) -> None:
        """Add what a visit changed."""
        self._start = None
        self.tokens[terms] += tokens

    def learn(self, sums: Array, whole: float) -> None:
        """The priors, after all parts were visited."""
        if self.settings.learn_alpha:
            self.alpha = next_alpha(self.alpha, sums, whole)
        if self.settings.learn_eta:
            topics = self.topics
            topics.learn_eta()
            self.eta = topics.eta

    def state(self) -> dict[str, Array]:
        """All that the next round depends on, beside what is kept of each part."""
        return {"tokens": self.tokens, "alpha": self.alpha, "eta": np.array([self.eta])}

    def restore(self, state: dict[str, Array]) -> None:
        """Take up a state."""
        self._start = None
        self.tokens, self.alpha, self.eta = state["tokens"], state["alpha"], float(state["eta"][0])

    @property
    def components(self) -> Array:
        """Dirichlet parameters of the topics, shape (n_topics, n_terms)."""
        return self.topics.components


def perplexity(wanted: Matrix, of_article: Single, topics: Topics) -> float:
    """exp(nats per token) of tokens that were held out of articles, given the articles' other tokens; 1 without any."""
    indptr, indices, data = parts(wanted)
    n_tokens = float(data.sum())
    if not n_tokens:
        return 1.0
    rows = np.arange(wanted.shape[0])
    nats = completion(
        indptr, indices, data.astype(np.float32), rows, of_article, topics.of_term, topics.of_topic, topics.prior,
        topics.eta,
    )  # fmt: skip
    return float(np.exp(-nats / n_tokens))
