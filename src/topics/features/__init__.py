"""Text to matrices: TermVectorizer, and short names for its two weightings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from topics.features.vectorizer import TermVectorizer

__all__ = ["TermVectorizer", "counts", "tfidf"]


def __getattr__(name: str) -> Any:
    if name == "TermVectorizer":
        from topics.features.vectorizer import TermVectorizer

        return TermVectorizer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def counts(**settings: Any) -> TermVectorizer:
    """A TermVectorizer that counts, for topics."""
    from topics.features.vectorizer import TermVectorizer

    return TermVectorizer(weighting="counts", **settings)


def tfidf(**settings: Any) -> TermVectorizer:
    """A TermVectorizer that weighs by TF-IDF, for themes."""
    from topics.features.vectorizer import TermVectorizer

    return TermVectorizer(weighting="tfidf", **settings)
