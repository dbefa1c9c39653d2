"""TermVectorizer: what is learnt from training text is learnt here, in fit, and never in the analyzer."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any, Self, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from topics.arabic.analyzer import Analyzer
from topics.arabic.batch import BatchAnalyzer, Terms
from topics.arabic.memory import Ints, Longs
from topics.arabic.parallel import n_threads
from topics.arabic.scan import Scanned, Scanner
from topics.errors import SettingsError
from topics.features.counting import document_frequency, inverse_document_frequency
from topics.features.learning import count_words, spellings_of
from topics.features.matrix import WEIGHTINGS, TermMatrix, counted, each, full_texts, sum_rows
from topics.features.ngrams import CharMatrix, choose, gram_matrix, grouped
from topics.features.phrases import learn_phrases
from topics.features.vocabulary import Vocabulary, candidates, chosen_forms


def _in_articles(limit: Any, n_articles: int) -> float:
    """A number of articles as it is, a share of them as a number."""
    return float(limit if isinstance(limit, Integral) else limit * n_articles)


class TermVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Articles to a sparse matrix of term weights, shape (n_articles, n_terms).

    Equal entry by entry to ``TfidfVectorizer(tokenizer=self.analyzer_, token_pattern=None, lowercase=False)``
    with the same n-grams, document frequencies and scaling (tested), and several times faster.

    Parameters
    ----------
    analyzer : Analyzer, optional
        From text to terms; ``Analyzer()`` by default.
    weighting : {"tfidf", "counts"}, default="tfidf"
        TF-IDF rows of length 1, or plain counts (for topics).
    ngrams : tuple of int, default=(1, 1)
        The shortest and longest run of terms that is a column.
    min_df, max_df : int or float
        Terms in fewer, or more, articles are left out; a float is a share of the articles.
    sublinear_tf : bool, default=True
        Whether a count c weighs 1 + ln c.
    learn_phrases : bool, default=False
        Whether names and collocations become one term (features/phrases.py).
    learn_frequencies : bool, default=True
        Whether the training articles' words are added to the analyzer's reference counts.
    title_weight : int, default=1
        How many times a title counts.
    n_jobs : int, optional
        Threads by which `transform` reads more than a few thousand articles, -1 for one a core; the matrix is the
        same with any number.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Term -> column, in order of code points.
    idf_ : ndarray of shape (n_terms,)
        Inverse document frequencies; ones where weighting is "counts".
    frequencies_ : Frequencies
        The reference counts that decided the clitics; of the training words only those in two articles or more.
    phrases_ : tuple of tuple of str
        The phrases learnt.
    spellings_ : dict of str to str
        Term -> its most frequent original spelling, of those in two articles or more.
    analyzer_ : Analyzer
        The analyzer with what was learnt.
    matrix_ : TermMatrix
        All of it, frozen: what models keep.
    """

    def __init__(
        self,
        analyzer: Analyzer | None = None,
        *,
        weighting: str = "tfidf",
        ngrams: tuple[int, int] = (1, 1),
        min_df: float = 2,
        max_df: float = 1.0,
        sublinear_tf: bool = True,
        learn_phrases: bool = False,
        learn_frequencies: bool = True,
        title_weight: int = 1,
        n_jobs: int | None = None,
    ) -> None:
        self.analyzer = analyzer
        self.weighting = weighting
        self.ngrams = ngrams
        self.min_df = min_df
        self.max_df = max_df
        self.sublinear_tf = sublinear_tf
        self.learn_phrases = learn_phrases
        self.learn_frequencies = learn_frequencies
        self.title_weight = title_weight
        self.n_jobs = n_jobs

    def fit(self, articles: Any, y: Any = None) -> Self:
        """Learn frequencies, phrases, vocabulary, idf and spellings.

        Raises
        ------
        SettingsError
            An argument that cannot be meant, or no term left by `min_df` and `max_df`.
        """
        self.fit_transform(articles, y)
        return self

    def fit_transform(self, articles: Any, y: Any = None) -> csr_matrix:  # noqa: ARG002 - scikit-learn's signature
        """Fit, and the matrix of the training articles, from one reading of them."""
        self.check()
        articles = list(each(articles))
        n_articles = len(articles)
        texts, owners = full_texts(articles, self.title_weight)
        batch, scanned = self._learn(texts, n_articles)
        terms = batch.read(texts, scanned, sources=True)
        last = terms.places[n_articles]
        bodies = Terms(terms.ids[:last], terms.sources[:last], terms.places[: n_articles + 1])
        vocabulary, forms = self._vocabulary(bodies, batch, n_articles)
        counts = sum_rows(counted(vocabulary, terms, batch), owners, n_articles)
        idf = self._idf(document_frequency(counts), n_articles)
        self.matrix_ = TermMatrix(
            self.analyzer_, tuple(vocabulary.terms), idf, self.weighting, self.sublinear_tf, self.title_weight,
            spellings_of(bodies, batch, forms), [vocabulary],
        )  # fmt: skip
        self.n_articles_ = n_articles
        return self.matrix_.weigh(counts, copy=False)

    def transform(self, articles: Any) -> csr_matrix:
        """The matrix of articles, shape (n_articles, n_terms)."""
        check_is_fitted(self)
        return self.matrix_.transform(articles, self.n_jobs)

    def check(self) -> None:
        """Refuse arguments that cannot be meant, with a SettingsError."""
        if self.weighting not in WEIGHTINGS:
            raise SettingsError(f"weighting is one of {', '.join(WEIGHTINGS)}, not {self.weighting!r}")
        shortest, longest = self.ngrams
        if not 1 <= shortest <= longest:
            raise SettingsError(f"ngrams is (shortest, longest), both at least 1, not {self.ngrams!r}")
        if self.title_weight < 1:
            raise SettingsError(f"title_weight counts a title at least once, not {self.title_weight!r} times")
        n_threads(self.n_jobs)

    def _default_analyzer(self) -> Analyzer:
        return Analyzer()

    def _learn(self, texts: list[str], n_articles: int) -> tuple[BatchAnalyzer, Scanned | None]:
        """Frequencies and phrases of the first `n_articles` texts; what reads with them, and the scan of all texts."""
        analyzer = self.analyzer if self.analyzer is not None else self._default_analyzer()
        self.frequencies_, self.phrases_ = analyzer.counts, cast("tuple[tuple[str, ...], ...]", ())
        scanner = scanned = None
        if self.learn_frequencies:
            scanner = Scanner()
            scanned = scanner.scan(texts)
            self.frequencies_ = self.frequencies_.plus(count_words(scanner, scanned, n_articles))
        self.analyzer_ = analyzer.with_counts(self.frequencies_)
        if self.learn_phrases:
            self.phrases_ = learn_phrases(self.analyzer_(text) for text in texts[:n_articles])
            self.analyzer_ = self.analyzer_.with_counts(self.frequencies_, self.phrases_)
        # The training scan is kept with the analyzer: what it taught serves transform.
        batch: BatchAnalyzer = self.analyzer_.derived("batch", lambda: BatchAnalyzer(self.analyzer_, scanner))
        return batch, scanned

    def _idf(self, frequencies: Longs, n_articles: int) -> NDArray[np.float64]:
        if self.weighting == "tfidf":
            return inverse_document_frequency(frequencies, n_articles)
        return np.ones(len(frequencies))

    def limits(self, n_articles: int) -> tuple[float, float]:
        """The fewest and most articles that a term may occur in."""
        least, most = (_in_articles(share, n_articles) for share in (self.min_df, self.max_df))
        if most < min(least, n_articles):
            raise SettingsError(
                f"max_df={self.max_df} leaves fewer articles than min_df={self.min_df} asks for; raise max_df"
            )
        return least, most

    def _vocabulary(self, terms: Terms, batch: BatchAnalyzer, n_articles: int) -> tuple[Vocabulary, Ints]:
        """The vocabulary, and the numbers of the forms that it is made of, in order of code points."""
        least, most = self.limits(n_articles)
        fewest = max(int(np.ceil(least)), 1)
        if self.ngrams == (1, 1):
            forms = chosen_forms(terms, batch, fewest, most)
            vocabulary = Vocabulary.of_forms(batch, forms)
        else:
            vocabulary = Vocabulary(candidates(terms, batch, self.ngrams, fewest, most))
            forms = batch.numbers(sorted({form for term in vocabulary.terms for form in term.split(" ")}))
        self.not_empty(vocabulary.terms, n_articles)
        return vocabulary, forms

    def not_empty(self, found: Sequence[str], n_articles: int) -> None:
        """Refuse a vocabulary without terms, with a SettingsError."""
        if not found:
            raise SettingsError(
                f"no term is left of {n_articles} articles with min_df={self.min_df} and max_df={self.max_df}; "
                "lower min_df, raise max_df, or give more articles"
            )

    @property
    def vocabulary_(self) -> dict[str, int]:
        """Term -> column."""
        check_is_fitted(self)
        return self.matrix_.vocabulary.columns

    @property
    def idf_(self) -> NDArray[np.float64]:
        """Inverse document frequencies, shape (n_terms,)."""
        check_is_fitted(self)
        return self.matrix_.idf

    @property
    def spellings_(self) -> dict[str, str]:
        """Term -> original spelling."""
        check_is_fitted(self)
        return dict(self.matrix_.spellings)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:  # noqa: ARG002 - scikit-learn's signature
        """The terms, in the order of the columns."""
        check_is_fitted(self)
        return np.array(self.matrix_.terms, dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "matrix_")


class CharVectorizer(TermVectorizer):
    """Articles to a sparse matrix of character n-grams of their forms, shape (n_articles, n_terms).

    Equal entry by entry to ``TfidfVectorizer(analyzer="char_wb", lowercase=False)`` on
    ``" ".join(self.analyzer_(text))`` with the same n-grams, document frequencies and scaling (tested), and
    several times faster.

    Parameters
    ----------
    analyzer : Analyzer, optional
        From text to forms; ``Analyzer(level="none")`` by default.
    weighting : {"tfidf", "counts"}, default="tfidf"
        TF-IDF rows of length 1, or plain counts.
    ngrams : tuple of int, default=(2, 5)
        The shortest and longest n-gram, in code points; the space before and after a form belongs to it.
    min_df, max_df : int or float
        N-grams in fewer, or more, articles are left out; a float is a share of the articles.
    sublinear_tf, learn_frequencies, title_weight
        As in TermVectorizer.
    n_jobs : int, optional
        Threads that share the work of `fit` and `transform`, -1 for one a core; the matrices are the same with any.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        N-gram -> column, in order of code points.
    idf_, frequencies_, analyzer_
        As in TermVectorizer; no phrases or spellings are learnt.
    matrix_ : CharMatrix
        All of it, frozen: what models keep.
    """

    def __init__(
        self,
        analyzer: Analyzer | None = None,
        *,
        weighting: str = "tfidf",
        ngrams: tuple[int, int] = (2, 5),
        min_df: float = 2,
        max_df: float = 1.0,
        sublinear_tf: bool = True,
        learn_frequencies: bool = True,
        title_weight: int = 1,
        n_jobs: int | None = None,
    ) -> None:
        super().__init__(
            analyzer,
            weighting=weighting,
            ngrams=ngrams,
            min_df=min_df,
            max_df=max_df,
            sublinear_tf=sublinear_tf,
            learn_frequencies=learn_frequencies,
            title_weight=title_weight,
            n_jobs=n_jobs,
        )

    def fit_transform(self, articles: Any, y: Any = None) -> csr_matrix:  # noqa: ARG002 - scikit-learn's signature
        """Fit, and the matrix of the training articles, from one reading of them."""
        self.check()
        articles = list(each(articles))
        n_articles = len(articles)
        texts, owners = full_texts(articles, self.title_weight)
        batch, scanned = self._learn(texts, n_articles)
        terms = grouped(batch.read(texts, scanned), owners, n_articles)
        least, most = self.limits(n_articles)
        shortest, longest = self.ngrams
        names, frequencies, lists = choose(
            terms, batch, (shortest, longest), least=least, most=most, n_jobs=self.n_jobs
        )
        self.not_empty(names, n_articles)
        idf = self._idf(frequencies, n_articles)
        self.matrix_ = CharMatrix(
            self.analyzer_, tuple(names), idf, self.weighting, self.sublinear_tf, self.title_weight,
            ngrams=(shortest, longest),
        )  # fmt: skip
        self.n_articles_ = n_articles
        return gram_matrix(
            terms, lists, len(names), idf=idf if self.weighting == "tfidf" else None, sublinear=self.sublinear_tf,
            n_jobs=self.n_jobs,
        )  # fmt: skip

    def _default_analyzer(self) -> Analyzer:
        return Analyzer(level="none")
