"""Articles in and out: what they are, how files become articles, and how they become files again."""

from topics.corpus.article import Article, Corpus, as_articles, as_corpus
from topics.corpus.skipped import Skipped, SkippedTable
from topics.corpus.themes import Theme, Themes, as_themes, parse_themes, read_themes
from topics.corpus.writers import write

__all__ = [
    "Article",
    "Corpus",
    "Skipped",
    "SkippedTable",
    "Theme",
    "Themes",
    "as_articles",
    "as_corpus",
    "as_themes",
    "parse_themes",
    "read_themes",
    "write",
]
