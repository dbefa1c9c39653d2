"""Arrays and small tables in, Axes out; Arabic joined, right to left, or refused.

Importing this package costs nothing: each public name loads its module when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from topics.plots.corpus import articles_over_time, lengths, overview, theme_sizes
    from topics.plots.shares import copied_between, learning_curve, prevalence
    from topics.plots.style import missing_glyphs, styled, theme_colors, to_svg, use_style
    from topics.plots.sweeps import sweep_scores
    from topics.plots.themes import (
        confusion,
        cooccurrence,
        precision_recall,
        reliability,
        risk_coverage,
        span_weights,
        theme_scores,
        theme_strip,
    )
    from topics.plots.topic_studies import n_topics, topic_correlations, topic_prevalence, topic_stability
    from topics.plots.topics import top_terms, topic_grid, topic_map, topic_sizes, topic_themes

__all__ = [
    "articles_over_time",
    "confusion",
    "cooccurrence",
    "copied_between",
    "learning_curve",
    "lengths",
    "missing_glyphs",
    "n_topics",
    "overview",
    "precision_recall",
    "prevalence",
    "reliability",
    "risk_coverage",
    "span_weights",
    "styled",
    "sweep_scores",
    "theme_colors",
    "theme_scores",
    "theme_sizes",
    "theme_strip",
    "to_svg",
    "top_terms",
    "topic_correlations",
    "topic_grid",
    "topic_map",
    "topic_prevalence",
    "topic_sizes",
    "topic_stability",
    "topic_themes",
    "use_style",
]

_MODULES = {
    "articles_over_time": "corpus",
    "confusion": "themes",
    "cooccurrence": "themes",
    "copied_between": "shares",
    "learning_curve": "shares",
    "lengths": "corpus",
    "missing_glyphs": "style",
    "n_topics": "topic_studies",
    "overview": "corpus",
    "precision_recall": "themes",
    "prevalence": "shares",
    "reliability": "themes",
    "risk_coverage": "themes",
    "span_weights": "themes",
    "styled": "style",
    "sweep_scores": "sweeps",
    "theme_colors": "style",
    "theme_scores": "themes",
    "theme_sizes": "corpus",
    "theme_strip": "themes",
    "to_svg": "style",
    "top_terms": "topics",
    "topic_correlations": "topic_studies",
    "topic_grid": "topics",
    "topic_map": "topics",
    "topic_prevalence": "topic_studies",
    "topic_sizes": "topics",
    "topic_stability": "topic_studies",
    "topic_themes": "topics",
    "use_style": "style",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
