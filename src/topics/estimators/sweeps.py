"""One sweep of CVB0 over a batch of articles, on any number of threads with the same bits.

Articles are split into parts whose number depends on the counts alone. In a sweep each part changes a
copy of the topics; the changes are added in order of the parts when all are done (Asuncion, Smyth and
Welling 2008, AD-LDA, say that topics lose nothing by it).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from topics.estimators.cvb0 import Ids, Single, Starts, merge, prior_sums, sweep
from topics.estimators.kernels import parts

if TYPE_CHECKING:
    from topics.estimators.shapes import Array, Matrix
    from topics.estimators.topic_counts import Topics

MOST_PARTS = 4  # parts that do not see each other slow the convergence: 8 need a tenth more sweeps
PAIRS_A_TERM = 10  # in each part: with fewer, copying the topics would cost more than the sweep
SLICES = 8  # of the terms, when parts are merged
# The hyperprior of alpha, a gamma distribution: keeps it finite where articles are all alike (Wallach 2008).
ALPHA_SHAPE, ALPHA_RATE = 1.001, 1.0
ALPHA_LEAST, ALPHA_MOST = 1e-5, 1e3

Result = TypeVar("Result")


def each(function: Callable[[int], Result], n: int, n_jobs: int) -> list[Result]:
    """The results of function(0) to function(n - 1), on threads; the functions must not share what they write."""
    if min(n, n_jobs) <= 1:
        return [function(i) for i in range(n)]
    with ThreadPoolExecutor(min(n, n_jobs)) as pool:
        return list(pool.map(function, range(n)))


class Batch:
    """Articles that are swept together.

    Parameters
    ----------
    counts : csr_matrix of shape (n_articles, n_terms)
        Term counts.
    """

    indptr: Starts
    indices: Ids
    counts: Single

    def __init__(self, counts: Matrix) -> None:
        self.indptr, self.indices, data = parts(counts)
        self.counts = data.astype(np.float32)
        self.n_articles, self.n_terms = counts.shape
        self.n_pairs = len(self.indices)
        self.lengths = np.add.reduceat(np.append(data, 0.0), self.indptr[:-1]) * (np.diff(self.indptr) > 0)
        n_parts = min(max(self.n_pairs // (PAIRS_A_TERM * max(self.n_terms, 1)), 1), MOST_PARTS)
        cuts = np.searchsorted(self.indptr, np.linspace(0, self.n_pairs, n_parts + 1)[1:-1])
        self.bounds = [*pairwise([0, *cuts.tolist(), self.n_articles])]

    def first_pass(self, shares: Single, of_article: Single, topics: Topics) -> None:
        """Count all pairs, each article in the light of those before: no part of it can run beside another.

        `of_article` comes with what is believed of each article, and leaves with its counts.
        """
        beliefs = of_article.copy()
        self.visit(shares, of_article, topics, (0, self.n_articles))
        take_off(of_article, beliefs)
        self._merge(np.empty((0, *topics.of_term.shape), np.float32), topics, 1)

    def return_to(self, shares: Single, of_article: Single, topics: Topics, copies: Single, n_jobs: int) -> None:
        """Count all pairs in the light of topics that are known, and of `of_article`, the counts of the last visit."""
        beliefs = of_article.copy()
        self.sweep(shares, of_article, topics, copies, n_jobs)
        take_off(of_article, beliefs)

    def sweep(
        self, shares: Single, of_article: Single, topics: Topics, copies: Single, n_jobs: int, step: float = 1.0
    ) -> None:
        """Share out the tokens of all pairs anew; arrays and `step` as in `cvb0.sweep`, `copies` from `copies_of`."""

        def visit(part: int) -> None:
            of_term = copies[part] if len(copies) else topics.of_term
            mine = replace(topics, of_term=of_term, of_topic=topics.of_topic.copy())
            self.visit(shares, of_article, mine, self.bounds[part], step)

        each(visit, len(self.bounds), n_jobs)
        self._merge(copies, topics, n_jobs)

    def copies_of(self, topics: Topics) -> Single:
        """The topics once for each part, shape (n_parts, n_terms, n_topics); none where there is one part."""
        n_copies = len(self.bounds) if len(self.bounds) > 1 else 0
        return np.repeat(topics.of_term[None], n_copies, axis=0)

    def visit(
        self, shares: Single, of_article: Single, topics: Topics, span: tuple[int, int], step: float = 1.0
    ) -> None:
        """Share out anew the tokens of the articles from the first of `span` to before the second."""
        pairs = self.indptr, self.indices, self.counts
        of_term, of_topic = topics.of_term, topics.of_topic
        sweep(*pairs, shares, of_article, of_term, of_topic, topics.prior, topics.eta, step, *span)

    def _merge(self, copies: Single, topics: Topics, n_jobs: int) -> None:
        totals = np.zeros((SLICES, len(topics.alpha)))
        bounds = np.linspace(0, self.n_terms, SLICES + 1).astype(int).tolist()
        each(
            lambda s: merge(topics.of_term, copies, totals[s], bounds[s], bounds[s + 1]),
            SLICES,
            n_jobs if len(copies) else 1,
        )
        topics.of_topic = totals.sum(axis=0)

    def learn_alpha(self, of_article: Single, alpha: Array, n_jobs: int) -> Array:
        """One step of Wallach's fixed point towards the alpha under which the articles are most probable."""
        return next_alpha(alpha, *self.alpha_sums(of_article, alpha, n_jobs))

    def alpha_sums(self, of_article: Single, alpha: Array, n_jobs: int) -> tuple[Array, float]:
        """What `next_alpha` needs to know of the articles; that of several batches is the sum of each."""
        sums = np.zeros((len(self.bounds), len(alpha)))
        lengths = self.lengths

        def part(p: int) -> float:
            return prior_sums(of_article, lengths, alpha, *self.bounds[p], sums[p])

        whole = sum(each(part, len(self.bounds), n_jobs))
        return sums.sum(axis=0), whole


def next_alpha(alpha: Array, sums: Array, whole: float) -> Array:
    """The alpha that Wallach's fixed point goes to, from sums over the articles: see `cvb0.prior_sums`."""
    learnt: Array = alpha * (sums + ALPHA_SHAPE - 1.0) / (whole + ALPHA_RATE)
    return learnt.clip(ALPHA_LEAST, ALPHA_MOST)


def take_off(of_article: Single, beliefs: Single) -> None:
    """What was believed of articles before they were counted, out of their counts again."""
    of_article -= beliefs
    np.maximum(of_article, 0.0, out=of_article)
