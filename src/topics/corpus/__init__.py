"""Articles in and out: what they are, how files become articles, and how they become files again.

What compares or describes whole corpora loads when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from topics.corpus.article import Article, Corpus, as_articles, as_corpus
from topics.corpus.skipped import Skipped, SkippedTable
from topics.corpus.themes import Theme, Themes, as_themes, parse_themes, read_themes
from topics.corpus.writers import write

if TYPE_CHECKING:
    from topics.corpus.duplicates import duplicate_groups, near_duplicates
    from topics.corpus.splits import Split, split

__all__ = [
    "Article",
    "Corpus",
    "Skipped",
    "SkippedTable",
    "Split",
    "Theme",
    "Themes",
    "as_articles",
    "as_corpus",
    "as_themes",
    "duplicate_groups",
    "near_duplicates",
    "parse_themes",
    "read_themes",
    "split",
    "write",
]

_HOMES = {
    "Split": "splits",
    "duplicate_groups": "duplicates",
    "near_duplicates": "duplicates",
    "split": "splits",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
