"""What the fast engine knows of its topics between sweeps, and how it is handed out and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from topics.estimators.cvb0 import prior_sums
from topics.estimators.expectations import digamma

if TYPE_CHECKING:
    from topics.estimators.cvb0 import Single
    from topics.estimators.engines import Settings, State
    from topics.estimators.shapes import Array

ETA_LEAST, ETA_MOST = 1e-4, 10.0  # a corpus of one term, or of articles that are all alike, knows no eta
SOFT = 0.2
BELIEF = 1.0  # tokens of one random topic that an article is believed to hold before any topic is known


@dataclass
class Topics:
    """Counts of tokens, pseudo-counts of anchors included, and priors."""

    of_term: Single  # (n_terms, n_topics)
    of_topic: Array  # (n_topics,), column sums of of_term
    alpha: Array  # (n_topics,)
    eta: float

    @classmethod
    def without_tokens(cls, n_terms: int, settings: Settings) -> Topics:
        """Nothing but priors. Anchors count as tokens here, so that they pull from the first article on."""
        of_term = np.zeros((n_terms, settings.n_topics), np.float32)
        if settings.topic_prior is not None:
            of_term += settings.topic_prior.T
        return cls(of_term, of_term.sum(axis=0, dtype=np.float64), settings.alpha.copy(), settings.eta)

    @classmethod
    def from_state(cls, state: State, n_terms: int, settings: Settings) -> Topics:
        """The topics of a state, if it is one of so many terms and topics."""
        wanted, shape = (n_terms, settings.n_topics), state["counts"].shape
        if shape != wanted:
            raise ValueError(
                f"state of shape {shape} cannot continue a model of shape {wanted}; "
                "fit without state=, or with the settings that made it"
            )
        alpha = state["alpha"].copy() if settings.learn_alpha else settings.alpha.copy()
        eta = float(state["eta"][0]) if settings.learn_eta else settings.eta
        return cls(state["counts"].copy(), state["totals"].copy(), alpha, eta)

    def state(self, perplexities: list[float], tokens: float) -> State:
        """Copies of all arrays; `tokens` is how many have been visited so far."""
        return {
            "counts": self.of_term.copy(),
            "totals": self.of_topic.copy(),
            "alpha": self.alpha.copy(),
            "eta": np.array([self.eta]),
            "perplexities": np.array(perplexities),
            "tokens": np.array([tokens]),
        }

    def set_counts(self, of_term: Single) -> None:
        """Take other counts, none of them below 0."""
        np.maximum(of_term, 0.0, out=self.of_term)
        self.of_topic = self.of_term.sum(axis=0, dtype=np.float64)

    def soften(self, n_tokens: float) -> None:
        """Start to learn eta where it is a `SOFT` part of a topic: topics that sharpen as it falls settle better.

        With more, topics that hold few tokens would all become the same.
        """
        self.eta = min(max(SOFT * n_tokens / max(self.of_term.size, 1), ETA_LEAST), self.eta)

    def learn_eta(self) -> None:
        """One step of Wallach's fixed point towards the symmetric eta under which the topics are most probable.

        That of alpha (`cvb0.prior_sums`), with each topic in the place of an article and its terms for topics.
        """
        n_terms, n_topics = self.of_term.shape
        if not self.of_topic.any():
            return
        sums, rows = np.zeros(n_topics), np.ones(n_terms)
        prior_sums(self.of_term, rows, np.full(n_topics, self.eta), 0, n_terms, sums)
        whole = n_terms * self.eta
        lengths = sum(digamma(float(tokens) + whole) - digamma(whole) for tokens in self.of_topic)
        learnt = self.eta * float(sums.sum()) / (n_terms * lengths)
        self.eta = min(max(learnt, ETA_LEAST), ETA_MOST)

    @property
    def prior(self) -> Single:
        """`alpha` as the kernels take it."""
        return self.alpha.astype(np.float32)

    @property
    def components(self) -> Array:
        """Dirichlet parameters of the topics, shape (n_topics, n_terms)."""
        return np.ascontiguousarray(self.of_term.T, dtype=np.float64) + self.eta


def beliefs(n_articles: int, n_topics: int, rng: np.random.Generator) -> Single:
    """Where articles start that no topic is known for: each in a random one. This parts the topics.

    Returns
    -------
    ndarray of shape (n_articles, n_topics)
        Tokens.
    """
    start = np.zeros((n_articles, n_topics), np.float32)
    start[np.arange(n_articles), rng.integers(n_topics, size=n_articles)] = BELIEF
    return start
