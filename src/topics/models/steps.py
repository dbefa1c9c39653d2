"""The two costly steps of a training, reading its articles and fitting its estimator, where they can be kept.

Training asks `steps()` for both. By default they are simply done; what executes experiments puts in its own, which
looks first whether the same step was done before. Results never depend on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy.sparse import csr_matrix

    from topics.corpus.article import Article
    from topics.features.vectorizer import TermVectorizer


class Steps:
    """Each step done when it is asked for."""

    def vectorize(self, vectorizer: TermVectorizer, articles: Sequence[Article]) -> csr_matrix:
        """Fit a vectorizer to training articles; their matrix, shape (n_articles, n_terms)."""
        matrix: csr_matrix = vectorizer.fit_transform(articles)
        return matrix

    def fit(self, estimator: Any, X: csr_matrix, y: Any = None, **more: Any) -> Any:
        """Fit an estimator to a matrix; the estimator."""
        return estimator.fit(X, y, **more)


_DONE_AT_ONCE = Steps()
_current: ContextVar[Steps] = ContextVar("steps", default=_DONE_AT_ONCE)


def steps() -> Steps:
    """The steps of trainings here and now."""
    return _current.get()


@contextmanager
def taking(chosen: Steps) -> Iterator[None]:
    """Inside, trainings of this thread take other steps."""
    token = _current.set(chosen)
    try:
        yield
    finally:
        _current.reset(token)
