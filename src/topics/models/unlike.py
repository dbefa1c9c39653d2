"""How far an article is from what a model has seen: the share of its different words that are new to the model.

Counting each word once was measured against counting every occurrence, TF-IDF mass and the distance to the
mean article, see docs/decisions/0005-unlike.md. Training articles are looked at as if they were not seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from topics.arabic.batch import batch_analyzer
from topics.corpus.article import Article
from topics.features.counting import distinct_shares

if TYPE_CHECKING:
    from topics.arabic.analyzer import Analyzer
    from topics.features.matrix import TermMatrix

Floats = NDArray[np.float64]
N_BINS = 200
"""Bins of `histogram`, over 0 to 1."""
_LEAST = 2  # articles that hold a word before a model knows it: a bundle holds nothing of one article alone


def unlike(matrix: TermMatrix, articles: Sequence[Article]) -> Floats:
    """The share of each article's different words that the vocabulary does not hold, shape (n_articles,).

    1 for an article without any known word.
    """
    batch = batch_analyzer(matrix.analyzer)
    terms = batch.read([article.full for article in articles])
    known = matrix.vocabulary.knows(terms, batch)
    return 1.0 - distinct_shares(terms.ids, terms.places, known.astype(np.float64), len(batch.forms))


def held_out_unlike(analyzer: Analyzer, articles: Sequence[Article], folds: NDArray[np.int64]) -> Floats:
    """The same of training articles, each by the words of the other folds alone, shape (n_articles,).

    Parameters
    ----------
    analyzer : Analyzer
        As the matrix has it.
    articles : sequence of Article
        What a model was trained with.
    folds : ndarray of shape (n_articles,)
        Fold of each article; near duplicates share one.
    """
    batch = batch_analyzer(analyzer)
    terms = batch.read([article.full for article in articles])
    n_forms = len(batch.forms)
    owners = np.repeat(np.arange(len(articles)), np.diff(terms.places))
    pairs = np.unique(owners * n_forms + terms.ids)  # each form once an article
    own_fold, forms = folds[pairs // n_forms], pairs % n_forms
    everywhere = np.bincount(forms, minlength=n_forms)
    shares = np.ones(len(articles))
    for fold in np.unique(folds):
        elsewhere = everywhere - np.bincount(forms[own_fold == fold], minlength=n_forms)
        known = (elsewhere >= _LEAST)[terms.ids].astype(np.float64)
        inside = folds == fold
        shares[inside] = 1.0 - distinct_shares(terms.ids, terms.places, known, n_forms)[inside]
    return shares


def histogram(values: Floats) -> Floats:
    """How many values fall into each of N_BINS equal bins over 0 to 1, as float64: what a bundle keeps of them."""
    return np.histogram(values, bins=N_BINS, range=(0.0, 1.0))[0].astype(np.float64)


def quantile(counts: Floats, share: float) -> float:
    """The upper end of the bin below which a share of the counted values lies; 1 when nothing was counted."""
    total = float(counts.sum())
    if not total:
        return 1.0
    return float(np.searchsorted(np.cumsum(counts), share * total - 1e-9) + 1) / len(counts)


def mean(counts: Floats) -> float:
    """Mean of the counted values, to half a bin."""
    return float(counts @ (np.arange(len(counts)) + 0.5) / len(counts) / counts.sum())
