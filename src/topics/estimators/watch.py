"""Follow a training by tokens that it does not see."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.estimators.cvb0 import completion
from topics.estimators.engines import State, halves
from topics.estimators.kernels import parts

if TYPE_CHECKING:
    from topics.estimators.cvb0 import Single
    from topics.estimators.shapes import Integers, Matrix
    from topics.estimators.topic_counts import Topics

MOST_WATCHED = 500  # articles
WATCHED_SHARE = 20  # at most one article in this many


class Watch:
    """Half of the tokens of some articles, held out of the training: its perplexity is that of these.

    Where there are too few articles to spare any token, it is that of all tokens, which are all seen.

    Parameters
    ----------
    counts : csr_matrix of shape (n_articles, n_terms)
        Term counts.
    random_state : int
        Chooses the articles and their tokens.

    Attributes
    ----------
    seen : csr_matrix of shape (n_articles, n_terms)
        The counts without the tokens held out; its pairs are those of `counts`, some with a count of 0.
    rows : ndarray of shape (n_watched,)
        The articles with tokens held out, ascending.
    mark : ndarray of int64
        Tells these articles, in this order, with these tokens held out, from others.
    """

    def __init__(self, counts: Matrix, random_state: int) -> None:
        n_articles = counts.shape[0]
        n_watched = min(MOST_WATCHED, n_articles // WATCHED_SHARE)
        chosen = np.random.default_rng(random_state).choice(n_articles, n_watched, replace=False)
        self.rows: Integers = np.sort(chosen).astype(np.int64)
        self._scored = self.rows if n_watched else np.arange(n_articles)
        self.seen, wanted = counts.copy(), counts
        if n_watched:
            given, wanted = halves(counts[self.rows], random_state)
            self.seen.data[_places(counts, self.rows)] = given.data
        indptr, indices, data = parts(wanted)
        self._pairs = indptr, indices, data.astype(np.float32)
        self._n_tokens = float(data.sum())
        self.mark = _fingerprint(counts, random_state)

    def perplexity(self, of_article: Single, topics: Topics) -> float:
        """exp(nats per token) of the tokens held out, given the others of their articles; 1 without any."""
        if not self._n_tokens:
            return 1.0
        of_term, of_topic = topics.of_term, topics.of_topic
        nats = completion(*self._pairs, self._scored, of_article, of_term, of_topic, topics.prior, topics.eta)
        return float(np.exp(-nats / self._n_tokens))

    def made(self, state: State | None, *names: str) -> bool:
        """Whether a state holds arrays of these names and is of these articles."""
        return state is not None and {"articles", *names} <= set(state) and np.array_equal(state["articles"], self.mark)


def _places(counts: Any, rows: Integers) -> Integers:
    """Where the pairs of `rows` lie in a CSR matrix."""
    return np.concatenate([np.arange(counts.indptr[row], counts.indptr[row + 1]) for row in rows])


def _fingerprint(counts: Any, random_state: int) -> Any:
    arrays = counts.indptr.astype(np.int64), counts.indices.astype(np.int32), counts.data
    checks = [zlib.crc32(np.ascontiguousarray(array).tobytes()) for array in arrays]
    return np.array([*counts.shape, random_state, *checks], dtype=np.int64)
