"""What LdaTopics and its engines say to each other: settings in, a trained model and its state out.

An engine is a module with ``train(counts, settings, state, on_sweep)`` and ``update(counts, settings,
state)``, both giving a `Trained`. A fit that is resumed from a state gives the arrays of one that
was never interrupted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from topics.estimators.kernels import infer_mixtures, log_likelihood, topic_weights

if TYPE_CHECKING:
    from topics.estimators.shapes import Array, Matrix

State = dict[str, npt.NDArray[Any]]
OnSweep = Callable[[State], None]


@dataclass(frozen=True)
class Settings:
    """The checked parameters of LdaTopics."""

    n_topics: int
    alpha: Array  # (n_topics,), where learning starts
    learn_alpha: bool
    eta: float  # where learning starts, or less (`Topics.soften`)
    learn_eta: bool
    topic_prior: Array | None  # (n_topics, n_terms), added to eta
    n_sweeps: int
    tol: float
    memory: int  # bytes
    random_state: int
    n_jobs: int


@dataclass(frozen=True)
class Trained:
    """What an engine gives back."""

    components: Array  # (n_topics, n_terms), Dirichlet parameters of the topics
    alpha: Array  # (n_topics,)
    eta: float
    perplexities: Array  # after each sweep
    state: State


def hand_out(on_sweep: OnSweep | None, state: Callable[[], State]) -> None:
    """Give `on_sweep` the state; one that has a method `due` is asked first, as the copies cost half a sweep."""
    if on_sweep is not None and getattr(on_sweep, "due", _always)():
        on_sweep(state())


def _always() -> bool:
    return True


def halves(counts: Matrix, random_state: int) -> tuple[Any, Any]:
    """Deal the tokens of each article to two matrices at random, each token to either with equal chance.

    Counts that are not whole go to one side undivided.
    """
    rng = np.random.default_rng(random_state)
    whole = np.floor(counts.data)
    coin = rng.random(counts.nnz) < 0.5
    first, second = counts.copy(), counts.copy()
    first.data = np.where(whole == counts.data, rng.binomial(whole.astype(np.int64), 0.5), coin * counts.data)
    second.data = counts.data - first.data
    return first, second


def completion_perplexity(given: Matrix, wanted: Matrix, components: Array, alpha: Array) -> float:
    """Perplexity of the tokens in `wanted` under mixtures inferred from `given`, of the same articles.

    Parameters
    ----------
    given, wanted : csr_matrix of shape (n_articles, n_terms)
        Term counts, as `halves` deals them.
    components : ndarray of shape (n_topics, n_terms)
        Dirichlet parameters of the topics.
    alpha : ndarray of shape (n_topics,)
        Prior of the mixtures.

    Returns
    -------
    float
        exp(nats per token); the number of terms for a model that knows nothing. 1 without any token.
    """
    n_tokens = float(wanted.sum())
    if not n_tokens:
        return 1.0
    theta = infer_mixtures(given, topic_weights(components), alpha)
    beta = components / components.sum(axis=1, keepdims=True)
    return float(np.exp(-log_likelihood(wanted, theta, beta) / n_tokens))


def has_settled(perplexities: list[float], tol: float) -> bool:
    """Whether each of the last two sweeps changed the perplexity by less than `tol` of it.

    A perplexity that rises has not settled: in a small corpus it may do so for some sweeps, and fall later.
    """
    return len(perplexities) > 2 and all(
        abs(before - after) < tol * before for before, after in zip(perplexities[-3:-1], perplexities[-2:], strict=True)
    )
