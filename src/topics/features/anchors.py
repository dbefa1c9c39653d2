"""Anchors: words and phrases that speak for a theme, found in articles and in a vocabulary by their forms.

An anchor is read by the Analyzer that reads the articles, so one spelling stands for all that have its form; a
phrase is a sequence of forms. What an exclusion phrase of a theme covers is no hit of that theme.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from topics.arabic.analyzer import Analyzer
from topics.arabic.batch import batch_analyzer
from topics.corpus.article import Article
from topics.corpus.themes import Themes, as_themes
from topics.errors import SettingsError
from topics.features.matrix import TermMatrix
from topics.features.vocabulary import Vocabulary

Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Evidence(NamedTuple):
    """What the anchors of each theme say of each article; all of shape (n_articles, n_themes)."""

    distinct: Longs  # different anchors
    total: Longs  # hits
    in_title: Longs  # hits in the title


class Hits(NamedTuple):
    """Anchors found, in the order of themes, then of articles and places."""

    articles: Longs  # of each hit
    anchors: Longs  # a number into AnchorFinder.forms
    themes: Longs  # a number into AnchorFinder.themes
    places: Longs  # terms of the article before it
    n_terms: Longs  # of each article, shape (n_articles,)


@dataclass(frozen=True)
class AnchorFinder:
    """The anchors of some themes as one analyzer reads them.

    Attributes
    ----------
    themes : Themes
        Whose anchors are looked for.
    analyzer : Analyzer
        What reads anchors and articles.
    forms : tuple of str
        Each distinct anchor or exclusion: its forms, one space between; in order of code points.
    anchored, excluded : ndarray of bool of shape (n_forms, n_themes)
        Whether a form is an anchor, or an exclusion, of a theme.
    """

    themes: Themes
    analyzer: Analyzer
    forms: tuple[str, ...]
    anchored: Bools
    excluded: Bools
    _vocabulary: Vocabulary

    @classmethod
    def of(cls, themes: Any, analyzer: Analyzer | None = None) -> AnchorFinder:
        """Read the anchors of themes; those that the analyzer makes nothing of are found nowhere."""
        found, analyzer = as_themes(themes), analyzer if analyzer is not None else Analyzer()
        read = {
            phrase: form_of(phrase, analyzer)
            for theme in found.values()
            for phrase in (*theme.anchors, *theme.exclusions)
        }
        forms = sorted({form for form in read.values() if form})
        number = {form: k for k, form in enumerate(forms)}
        anchored, excluded = (np.zeros((len(forms), len(found)), bool) for _ in range(2))
        for t, theme in enumerate(found.values()):
            for flags, phrases in ((anchored, theme.anchors), (excluded, theme.exclusions)):
                flags[[number[read[phrase]] for phrase in phrases if read[phrase]], t] = True
        return cls(found, analyzer, tuple(forms), anchored, excluded, Vocabulary(forms))

    def find(self, texts: Sequence[str], *, nested: bool = True) -> Hits:
        """Every hit in every text.

        Parameters
        ----------
        texts : sequence of str
            Such as `Article.full`.
        nested : bool, default=True
            Whether an anchor inside a longer anchor of the same theme is a hit too, as كأس in كأس العالم.
        """
        batch = batch_analyzer(self.analyzer)
        terms = batch.read(texts)
        n_terms = np.diff(terms.places)
        columns, _ = self._vocabulary.occurrences(terms, batch)
        at = np.flatnonzero(columns >= 0)
        depth = max(len(columns) // max(len(terms.ids), 1), 1)
        starts, form = at // depth, columns[at].astype(np.int64)
        ends = starts + at % depth
        parts = [
            _of_theme(starts, ends, form, self.anchored[:, t], self.excluded[:, t], nested=nested)
            for t in range(len(self.themes))
        ]
        kept = np.concatenate(parts) if parts else np.empty(0, np.int64)
        theme = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        articles = np.searchsorted(terms.places, starts[kept], side="right") - 1
        return Hits(articles, form[kept], theme, starts[kept] - terms.places[articles], n_terms)

    def evidence(self, articles: Sequence[Article]) -> Evidence:
        """How many anchors of each theme each article holds; one inside a longer one is not counted beside it."""
        shape = (len(articles), len(self.themes))
        hits = self.find([article.full for article in articles], nested=False)
        titles = self.find([article.title or "" for article in articles], nested=False)
        pairs = np.unique(np.stack([hits.articles, hits.themes, hits.anchors]), axis=1)
        return Evidence(
            _tally(pairs[0], pairs[1], shape),
            _tally(hits.articles, hits.themes, shape),
            _tally(titles.articles, titles.themes, shape),
        )


def _tally(articles: Longs, themes: Longs, shape: tuple[int, int]) -> Longs:
    counts = np.zeros(shape, np.int64)
    np.add.at(counts, (articles, themes), 1)
    return counts


def _of_theme(starts: Longs, ends: Longs, form: Longs, anchored: Bools, excluded: Bools, *, nested: bool) -> Longs:
    """Which hits count for a theme: those of its anchors that no exclusion, and no longer anchor, covers."""
    mine = np.flatnonzero(anchored[form])
    out = excluded[form]
    mine = mine[~_covered(starts[mine], ends[mine], starts[out], ends[out])]
    if nested:
        return mine
    # A span covers itself: what begins with a hit or before it must reach further than it, or begin earlier.
    first, last = starts[mine], ends[mine]
    return mine[~(_covered(first - 1, last, first, last) | _covered(first, last + 1, first, last))]


def _covered(starts: Longs, ends: Longs, over_starts: Longs, over_ends: Longs) -> Bools:
    """Whether a span lies within one of others; those are in order of their starts."""
    if not len(over_starts):
        return np.zeros(len(starts), bool)
    reach = np.maximum.accumulate(over_ends)
    before = np.searchsorted(over_starts, starts, side="right") - 1
    return np.asarray((before >= 0) & (reach[np.maximum(before, 0)] >= ends))


def form_of(phrase: str, analyzer: Analyzer) -> str:
    """The forms of an anchor, one space between; empty where it is stop words only."""
    return " ".join(analyzer(phrase))


def anchor_matrix(vocabulary: Any, themes: Any, analyzer: Analyzer | None = None) -> csr_matrix:
    """Which terms of a vocabulary are anchors of which theme.

    Parameters
    ----------
    vocabulary : TermVectorizer, TermMatrix, or terms in the order of their columns
        A fitted vectorizer brings the analyzer that made its terms.
    themes : Themes, mapping or path
        With their anchors; a phrase is an anchor where it is one term, of several words or learnt as a phrase.
    analyzer : Analyzer, optional
        What reads the anchors for a bare list of terms; ``Analyzer()`` by default.

    Returns
    -------
    csr_matrix of shape (n_themes, n_terms)
        1 where the term is an anchor of the theme. Rows in the order of the themes.
    """
    terms, analyzer = _read_vocabulary(vocabulary, analyzer)
    columns = {term: column for column, term in enumerate(terms)}
    found = as_themes(themes)
    pairs = sorted(
        {
            (t, columns[form])
            for t, theme in enumerate(found.values())
            for anchor in theme.anchors
            if (form := form_of(anchor, analyzer)) in columns
        }
    )
    places = np.array(pairs, np.int64).reshape(-1, 2)
    return csr_matrix((np.ones(len(places)), (places[:, 0], places[:, 1])), shape=(len(found), len(terms)))


def lone_anchors(vocabulary: Any, themes: Any, analyzer: Analyzer | None = None) -> csr_matrix:
    """`anchor_matrix` without the terms that two themes claim."""
    claimed = anchor_matrix(vocabulary, themes, analyzer)
    alone = np.asarray(claimed.sum(axis=0)).ravel() == 1
    lone = csr_matrix(claimed.multiply(alone))
    lone.eliminate_zeros()
    return lone


def anchor_prior(
    vocabulary: Any, themes: Any, n_topics: int, weight: float, analyzer: Analyzer | None = None
) -> NDArray[np.float64]:
    """The prior by which anchors pull the first topics, one a theme: `topic_prior` of LdaTopics.

    As in keyATM (Eshima, Imai and Sasaki 2024) named topics stand beside free ones; here the anchors are
    pseudo-counts, in the prior and in the counts that training starts from, which holds in every seed where the
    prior alone holds in some. A term that two themes claim pulls neither.

    Parameters
    ----------
    vocabulary, themes, analyzer
        As in `anchor_matrix`.
    n_topics : int
        At least as many as there are themes.
    weight : float
        Pseudo-counts of each anchor, above 0.

    Returns
    -------
    ndarray of shape (n_topics, n_terms)
        Row t is of the t-th theme; the other rows are 0.
    """
    lone = lone_anchors(vocabulary, themes, analyzer).toarray()
    if not len(lone) <= n_topics:
        raise SettingsError(f"{len(lone)} themes cannot be anchored in {n_topics} topics; raise n_topics")
    if not (np.isfinite(weight) and weight > 0):
        raise SettingsError(f"weight is the pseudo-counts of an anchor, above 0, not {weight!r}; 50 suits news")
    prior = np.zeros((n_topics, lone.shape[1]))
    prior[: len(lone)] = weight * lone
    return prior


def _read_vocabulary(vocabulary: Any, analyzer: Analyzer | None) -> tuple[Sequence[str], Analyzer]:
    matrix = getattr(vocabulary, "matrix_", vocabulary)
    if isinstance(matrix, TermMatrix):
        return matrix.terms, matrix.analyzer if analyzer is None else analyzer
    if isinstance(vocabulary, str):
        raise SettingsError("vocabulary is a fitted vectorizer or a list of terms, not one text")
    # A dict of terms to columns, as scikit-learn's vectorizers have it, need not be in the order of the columns.
    terms = sorted(vocabulary, key=vocabulary.__getitem__) if isinstance(vocabulary, Mapping) else list(vocabulary)
    return terms, Analyzer() if analyzer is None else analyzer
