"""Themes and topics of Arabic news: from articles to reasons, models and reports.

Importing this package costs nothing: each public name loads its module when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from topics import arabic, estimators, evaluation, features, plots, studies
    from topics.arabic.analyzer import Analyzer, Token
    from topics.corpus.article import Article, Corpus
    from topics.corpus.duplicates import near_duplicates
    from topics.corpus.splits import split
    from topics.errors import TopicsError
    from topics.experiments.run import run
    from topics.features.vectorizer import TermVectorizer
    from topics.models import load
    from topics.models.themes import ThemeModel
    from topics.models.topics import TopicModel
    from topics.widgets import explore, label

__version__ = "0.1.0"

__all__ = [
    "Analyzer",
    "Article",
    "Corpus",
    "TermVectorizer",
    "ThemeModel",
    "Token",
    "TopicModel",
    "TopicsError",
    "arabic",
    "estimators",
    "evaluation",
    "explore",
    "features",
    "label",
    "load",
    "near_duplicates",
    "plots",
    "run",
    "split",
    "studies",
]

_HOMES = {
    "Analyzer": "topics.arabic.analyzer",
    "Article": "topics.corpus.article",
    "Corpus": "topics.corpus.article",
    "TermVectorizer": "topics.features.vectorizer",
    "ThemeModel": "topics.models.themes",
    "Token": "topics.arabic.analyzer",
    "TopicModel": "topics.models.topics",
    "TopicsError": "topics.errors",
    "arabic": "topics.arabic",
    "estimators": "topics.estimators",
    "evaluation": "topics.evaluation",
    "explore": "topics.widgets",
    "features": "topics.features",
    "label": "topics.widgets",
    "load": "topics.models",
    "near_duplicates": "topics.corpus.duplicates",
    "plots": "topics.plots",
    "run": "topics.experiments.run",
    "split": "topics.corpus.splits",
    "studies": "topics.studies",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(_HOMES[name])
    return home if home.__name__ == f"{__name__}.{name}" else getattr(home, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
