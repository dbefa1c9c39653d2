"""TermMatrix: articles to a sparse matrix by what was learnt once; needs numpy, scipy.sparse and the scan only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from topics.arabic.analyzer import Analyzer
from topics.arabic.batch import batch_analyzer
from topics.corpus.article import Article, Corpus
from topics.errors import SettingsError
from topics.features.counting import count_matrix, tfidf
from topics.features.vocabulary import Vocabulary

BATCH = 2048  # articles scanned at a time
WEIGHTINGS = ("tfidf", "counts")
Articles = Iterable[Article | str]


def each(articles: Articles | str | Path) -> Iterator[Article | str]:
    """Articles of anything that gives them: a corpus, a list of articles or texts, or a path."""
    if isinstance(articles, str | Path):
        yield from Corpus.stream(articles)
        return
    for article in articles:
        if not isinstance(article, Article | str):
            raise SettingsError(f"an article is an Article or a text, not {type(article).__name__}: {article!r:.60}")
        yield article


def full_texts(articles: Sequence[Article | str], title_weight: int) -> tuple[list[str], NDArray[np.int64]]:
    """Full texts, then each title `title_weight` - 1 times more; and the article each belongs to."""
    texts = [article if isinstance(article, str) else article.full for article in articles]
    owners = list(range(len(texts)))
    for number, article in enumerate(articles):
        if title_weight > 1 and isinstance(article, Article) and article.title:
            texts.extend([article.title] * (title_weight - 1))
            owners.extend([number] * (title_weight - 1))
    return texts, np.array(owners, np.int64)


def sum_rows(matrix: csr_matrix, owners: NDArray[np.int64], n_articles: int) -> csr_matrix:
    """Rows that belong to one article added up."""
    if len(owners) == n_articles:
        return matrix
    ones = np.ones(len(owners))
    adder = csr_matrix((ones, (owners, np.arange(len(owners)))), shape=(n_articles, len(owners)))
    summed = csr_matrix(adder @ matrix)
    summed.sort_indices()
    return summed


@dataclass(frozen=True)
class TermMatrix:
    """A fitted vectorizer without scikit-learn: what `TermVectorizer.fit` learns, and what a bundle keeps.

    Attributes
    ----------
    analyzer : Analyzer
        With the frequencies and phrases of the training articles.
    terms : tuple of str
        One a column, shape (n_terms,).
    idf : ndarray of shape (n_terms,)
        Used where weighting is "tfidf".
    spellings : mapping
        Term -> its most frequent original spelling, where that is another.
    """

    analyzer: Analyzer
    terms: tuple[str, ...]
    idf: NDArray[np.float64]
    weighting: str = "tfidf"
    sublinear_tf: bool = True
    title_weight: int = 1
    spellings: Mapping[str, str] = field(default_factory=dict)
    _vocabulary: list[Vocabulary] = field(default_factory=list, repr=False, compare=False)

    @property
    def vocabulary(self) -> Vocabulary:
        """The terms with the way to their columns."""
        if not self._vocabulary:
            self._vocabulary.append(Vocabulary(self.terms))
        return self._vocabulary[0]

    def spelled(self, term: str) -> str:
        """A term as people are shown it: each of its words in its most frequent original spelling."""
        return self.spellings.get(term) or " ".join(self.spellings.get(form, form) for form in term.split(" "))

    def counts(self, articles: Sequence[Article | str]) -> csr_matrix:
        """Term counts of articles at hand, shape (n_articles, n_terms)."""
        batch = batch_analyzer(self.analyzer)
        texts, owners = full_texts(articles, self.title_weight)
        columns, places = self.vocabulary.occurrences(batch.read(texts), batch)
        return sum_rows(count_matrix(columns, places, len(self.terms)), owners, len(articles))

    def known_share(self, articles: Sequence[Article | str]) -> NDArray[np.float64]:
        """The share of each article's terms that the vocabulary holds, shape (n_articles,); 0 for one without terms."""
        batch = batch_analyzer(self.analyzer)
        terms = batch.read([article if isinstance(article, str) else article.full for article in articles])
        known = self.vocabulary.knows(terms, batch)
        totals = np.diff(terms.places)
        held = np.add.reduceat(np.append(known, 0), terms.places[:-1]) if len(totals) else np.zeros(0)
        return np.where(totals > 0, held / np.maximum(totals, 1), 0.0)

    def weigh(self, counts: csr_matrix) -> csr_matrix:
        """Counts weighted as the matrix is."""
        return tfidf(counts, self.idf, sublinear=self.sublinear_tf) if self.weighting == "tfidf" else counts

    def transform(self, articles: Articles | str | Path) -> csr_matrix:
        """The matrix of articles, shape (n_articles, n_terms); read in batches."""
        parts = [self.weigh(self.counts(batch)) for batch in batches(each(articles))]
        if not parts:
            return csr_matrix((0, len(self.terms)), dtype=np.float64)
        return parts[0] if len(parts) == 1 else csr_matrix(vstack(parts, format="csr"))


def batches(items: Iterable[Any], size: int = BATCH) -> Iterator[list[Any]]:
    """Lists of at most `size` items, in order."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
