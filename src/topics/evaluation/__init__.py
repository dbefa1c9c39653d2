"""How good and how sure: arrays, tables and term lists in, small results with intervals out.

Importing this package costs nothing: each public name loads its module when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from topics.evaluation.agreement import krippendorff_alpha, masi_distance, nominal_distance
    from topics.evaluation.coherence import Cooccurrence, c_npmi, c_v, diversity, exclusivity, npmi, umass
    from topics.evaluation.curves import (
        Reliability,
        RiskCoverage,
        precision_recall,
        reliability,
        risk_coverage,
    )
    from topics.evaluation.intervals import Score, bootstrap, bootstrap_weighted, paired_difference, wilson
    from topics.evaluation.matching import (
        Stability,
        jaccard,
        match_topics,
        rank_biased_overlap,
        similarity,
        stability,
    )
    from topics.evaluation.ranking import frex, relevance
    from topics.evaluation.shares import Counted, adjusted_count, prediction_powered
    from topics.evaluation.tables import differences, scores
    from topics.evaluation.themes import (
        average_precision,
        brier,
        brier_skill,
        confusion,
        cooccurrence,
        f1,
        macro_f1,
        precision,
        primary_accuracy,
        recall,
        subset_accuracy,
    )
    from topics.evaluation.windows import Windows

_MODULES = {
    "Cooccurrence": "coherence",
    "Counted": "shares",
    "Reliability": "curves",
    "RiskCoverage": "curves",
    "Score": "intervals",
    "Stability": "matching",
    "Windows": "windows",
    "adjusted_count": "shares",
    "average_precision": "themes",
    "bootstrap": "intervals",
    "bootstrap_weighted": "intervals",
    "brier": "themes",
    "brier_skill": "themes",
    "c_npmi": "coherence",
    "c_v": "coherence",
    "confusion": "themes",
    "cooccurrence": "themes",
    "differences": "tables",
    "diversity": "coherence",
    "exclusivity": "coherence",
    "f1": "themes",
    "frex": "ranking",
    "jaccard": "matching",
    "krippendorff_alpha": "agreement",
    "macro_f1": "themes",
    "masi_distance": "agreement",
    "match_topics": "matching",
    "nominal_distance": "agreement",
    "npmi": "coherence",
    "paired_difference": "intervals",
    "precision": "themes",
    "precision_recall": "curves",
    "prediction_powered": "shares",
    "primary_accuracy": "themes",
    "rank_biased_overlap": "matching",
    "recall": "themes",
    "relevance": "ranking",
    "reliability": "curves",
    "risk_coverage": "curves",
    "scores": "tables",
    "similarity": "matching",
    "stability": "matching",
    "subset_accuracy": "themes",
    "umass": "coherence",
    "wilson": "intervals",
}

__all__ = [
    "Cooccurrence",
    "Counted",
    "Reliability",
    "RiskCoverage",
    "Score",
    "Stability",
    "Windows",
    "adjusted_count",
    "average_precision",
    "bootstrap",
    "bootstrap_weighted",
    "brier",
    "brier_skill",
    "c_npmi",
    "c_v",
    "confusion",
    "cooccurrence",
    "differences",
    "diversity",
    "exclusivity",
    "f1",
    "frex",
    "jaccard",
    "krippendorff_alpha",
    "macro_f1",
    "masi_distance",
    "match_topics",
    "nominal_distance",
    "npmi",
    "paired_difference",
    "precision",
    "precision_recall",
    "prediction_powered",
    "primary_accuracy",
    "rank_biased_overlap",
    "recall",
    "relevance",
    "reliability",
    "risk_coverage",
    "scores",
    "similarity",
    "stability",
    "subset_accuracy",
    "umass",
    "wilson",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
