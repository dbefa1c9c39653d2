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
    from topics.corpus.boilerplate import boilerplate_lines, drop_boilerplate
    from topics.corpus.concordance import Concordance
    from topics.corpus.description import Description
    from topics.corpus.duplicates import copies, drop_duplicates, duplicate_groups, near_duplicates
    from topics.corpus.splits import Split, split

__all__ = [
    "Article",
    "Concordance",
    "Corpus",
    "Description",
    "Skipped",
    "SkippedTable",
    "Split",
    "Theme",
    "Themes",
    "as_articles",
    "as_corpus",
    "as_themes",
    "boilerplate_lines",
    "copies",
    "drop_boilerplate",
    "drop_duplicates",
    "duplicate_groups",
    "near_duplicates",
    "parse_themes",
    "read_themes",
    "split",
    "write",
]

_MODULES = {
    "Concordance": "concordance",
    "Description": "description",
    "Split": "splits",
    "boilerplate_lines": "boilerplate",
    "copies": "duplicates",
    "drop_boilerplate": "boilerplate",
    "drop_duplicates": "duplicates",
    "duplicate_groups": "duplicates",
    "near_duplicates": "duplicates",
    "split": "splits",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
