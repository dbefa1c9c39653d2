"""TermMatrix: articles to a sparse matrix by what was learnt once; needs numpy, scipy.sparse and the scan only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from topics.arabic.analyzer import Analyzer
from topics.arabic.batch import BatchAnalyzer, Terms, batch_analyzer
from topics.arabic.parallel import in_turn, n_threads
from topics.corpus.article import Article, Corpus
from topics.errors import SettingsError
from topics.features.counting import count_matrix, form_counts, tfidf
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

    def __getstate__(self) -> dict[str, Any]:
        """The fields, without what is worked out from them when needed."""
        return {name: [] if name.startswith("_") else value for name, value in self.__dict__.items()}

    def counts(self, articles: Sequence[Article | str], *, apart: bool = False) -> csr_matrix:
        """Term counts of articles at hand, shape (n_articles, n_terms); `apart` as in `BatchAnalyzer.read`."""
        batch = batch_analyzer(self.analyzer)
        texts, owners = full_texts(articles, self.title_weight)
        return sum_rows(counted(self.vocabulary, batch.read(texts, apart=apart), batch), owners, len(articles))

    def weigh(self, counts: csr_matrix, *, copy: bool = True) -> csr_matrix:
        """Counts weighted as the matrix is; in their place unless `copy`."""
        return tfidf(counts, self.idf, sublinear=self.sublinear_tf, copy=copy) if self.weighting == "tfidf" else counts

    def rows(self, articles: Sequence[Article | str], *, apart: bool = False) -> csr_matrix:
        """The matrix of articles at hand, shape (n_articles, n_terms)."""
        return self.weigh(self.counts(articles, apart=apart), copy=False)

    def transform(self, articles: Articles | str | Path, n_jobs: int | None = None) -> csr_matrix:
        """The matrix of articles, shape (n_articles, n_terms); read in batches by `n_jobs` threads, None for one."""
        waiting = batches(each(articles))
        # The first batch goes alone: it works out what every thread needs.
        parts = [self.rows(batch) for batch in islice(waiting, 1)]
        parts += in_turn(partial(self.rows, apart=n_threads(n_jobs) > 1), waiting, n_jobs)
        if not parts:
            return csr_matrix((0, len(self.terms)), dtype=np.float64)
        return parts[0] if len(parts) == 1 else csr_matrix(vstack(parts, format="csr"))


def parts_of(terms: Terms) -> list[tuple[slice, Terms]]:
    """Terms in parts of BATCH articles, the same for any number of threads, and which articles each part holds."""
    n_articles = len(terms.places) - 1
    found = []
    for first in range(0, max(n_articles, 1), BATCH):
        places = terms.places[first : first + BATCH + 1]
        part = Terms(terms.ids[places[0] : places[-1]], terms.sources[:0], places - places[0])
        found.append((slice(first, first + len(places) - 1), part))
    return found


def counted(vocabulary: Vocabulary, terms: Terms, batch: BatchAnalyzer) -> csr_matrix:
    """Counts of a vocabulary's terms, shape (n_articles, n_terms); in parts, so that what is worked on stays near."""
    if vocabulary.single:
        return form_counts(terms.ids, terms.places, vocabulary.columns_of(batch), len(vocabulary))
    matrices = [count_matrix(*vocabulary.occurrences(part, batch), len(vocabulary)) for _, part in parts_of(terms)]
    return matrices[0] if len(matrices) == 1 else csr_matrix(vstack(matrices, format="csr"))


def batches(items: Iterable[Any], size: int = BATCH) -> Iterator[list[Any]]:
    """Lists of at most `size` items, in order."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
