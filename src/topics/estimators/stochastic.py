"""CVB0 by minibatches (SCVB0: Foulds, Boyles, DuBois, Smyth and Welling 2013): memory does not grow with n_pairs.

Shares are kept for one minibatch at a time. Each is swept until it knows its own topics, and then moves the
topics by a step rho, the share that its tokens are of all tokens visited so far, to the power `FORGET`:
with minibatches of equal size (1 + t) ** -FORGET, which meets the conditions of Robbins and Monro.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from topics.estimators.engines import OnSweep, Settings, State, Trained, has_settled
from topics.estimators.sweeps import Batch, Topics, Watch

if TYPE_CHECKING:
    from topics.estimators.cvb0 import Single
    from topics.estimators.shapes import Integers, Matrix

FORGET = 0.7
BELIEF = 1.0  # tokens of one random topic that an article is believed to hold before it is read
AGAIN = 2  # sweeps over a minibatch after the first, when it comes back
FIRST_SEEN = 10  # the same, when it is new


def wanted(counts: Matrix, settings: Settings) -> bool:
    """Whether the shares of all pairs would exceed `memory`."""
    return _bytes_of(counts.nnz, settings) > settings.memory


def train(
    counts: Matrix,
    settings: Settings,
    state: State | None = None,
    on_sweep: OnSweep | None = None,
) -> Trained:
    """Sweeps over all articles, minibatch by minibatch; parameters as in `fast_engine.train`.

    A state of other articles gives its topics, as there. The minibatches are drawn at random once.
    """
    watch = Watch(counts, settings.random_state)
    batches = _minibatches(watch.seen, settings)
    topics, perplexities, visited = Topics.without_tokens(counts.shape[1], settings), [], 0.0
    if state is not None:
        topics, visited = topics_of(state, settings), float(state["tokens"][0])
    mark = watch.fingerprint(counts, settings)
    if state is not None and np.array_equal(state.get("articles", 0), mark) and "of_article" in state:
        perplexities = [float(perplexity) for perplexity in state["perplexities"]]
        of_article = state["of_article"].copy()
    else:
        of_article = beliefs(counts.shape[0], settings, state)
    while len(perplexities) < settings.n_sweeps and not has_settled(perplexities, settings.tol):
        for rows in batches:
            batch, mixtures = Batch(watch.seen[rows]), of_article[rows]
            visited += float(batch.lengths.sum())
            _step(batch, mixtures, topics, settings, visited, AGAIN if perplexities else FIRST_SEEN)
            of_article[rows] = mixtures
        perplexities.append(watch.perplexity(of_article, topics))
        if on_sweep is not None:
            on_sweep(
                state_of(topics, perplexities, visited) | {"of_article": of_article.copy(), "articles": mark}
            )
    return trained(topics, perplexities, visited)
