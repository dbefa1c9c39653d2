"""What the runs of a sweep share, put into the cache before they begin: no two of them work it out at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from topics.experiments import scoring
from topics.experiments.folds import plan
from topics.experiments.keeping import KeptSteps
from topics.models.steps import taking

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from topics.experiments.cache import Store
    from topics.experiments.stages import Materials
    from topics.features.matrix import TermMatrix
    from topics.features.vectorizer import TermVectorizer


class _Read(Exception):
    def __init__(self, matrix: TermMatrix) -> None:
        super().__init__()
        self.matrix = matrix


class _Reading(KeptSteps):
    """Steps of a training that ends before anything is fitted."""

    _matrix: TermMatrix

    def vectorize(self, vectorizer: TermVectorizer, articles: Any) -> csr_matrix:
        """As of any training."""
        X = super().vectorize(vectorizer, articles)
        self._matrix = vectorizer.matrix_
        return X

    def fit(self, estimator: Any, X: csr_matrix, y: Any = None, **more: Any) -> NoReturn:  # noqa: ARG002
        """The end of it."""
        raise _Read(self._matrix)


def topics(inputs: Materials, store: Store, part: int) -> None:
    """Read the articles that topics are found in: all of them, or what a fold learns from and what it is scored on.

    Parameters
    ----------
    part : int
        0 for all of them, k for fold k - 1.
    """
    corpus, settings = inputs.corpus, inputs.settings
    steps = _Reading(store)
    with taking(steps):
        train, test = corpus, corpus
        if part:
            train, test = scoring.parts_of(corpus, *plan(corpus, (), settings).parts[part - 1])
        try:
            scoring.train_topics(train, settings)
        except _Read as read:
            steps.counts(read.matrix, list(test))


def themes(inputs: Materials, store: Store) -> None:
    """Train themes, and score them."""
    corpus, settings, keys = inputs.corpus, inputs.settings, inputs.themes
    with taking(KeptSteps(store)):
        scoring.train_themes(corpus, keys, settings)
        if not any(article.themes is not None for article in corpus):
            return  # learnt from anchors: there is nothing to score by
        scoring.kept_scores("themes", "theme", inputs, lambda: scoring.theme_scores(corpus, keys, settings))
