"""Text to matrices: TermVectorizer with short names for its two weightings, CharVectorizer, and anchors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from topics.features.anchors import anchor_matrix, anchor_prior
    from topics.features.vectorizer import CharVectorizer, TermVectorizer

__all__ = ["CharVectorizer", "TermVectorizer", "anchor_matrix", "anchor_prior", "counts", "tfidf"]


def __getattr__(name: str) -> Any:
    if name in {"CharVectorizer", "TermVectorizer"}:
        from topics.features import vectorizer

        return getattr(vectorizer, name)
    if name in {"anchor_matrix", "anchor_prior"}:
        from topics.features import anchors

        return getattr(anchors, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def counts(**settings: Any) -> TermVectorizer:
    """A TermVectorizer that counts, for topics."""
    from topics.features.vectorizer import TermVectorizer

    return TermVectorizer(weighting="counts", **settings)


def tfidf(**settings: Any) -> TermVectorizer:
    """A TermVectorizer that weighs by TF-IDF, for themes."""
    from topics.features.vectorizer import TermVectorizer

    return TermVectorizer(weighting="tfidf", **settings)
