"""Questions asked of models: each a function that gives a small table with intervals.

Importing this package costs nothing: each public name loads its module when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from topics.studies.beside_nmf import compare_with_nmf
    from topics.studies.checking import AnchorCheck, check_anchors
    from topics.studies.coders import Agreement, agreement
    from topics.studies.comparison import compare
    from topics.studies.drifting import Drift, drift
    from topics.studies.intruders import IntrusionSheet, intrusion_sheet
    from topics.studies.mistakes import errors, label_errors
    from topics.studies.n_topics import choose_n_topics
    from topics.studies.named import topic_anchors
    from topics.studies.over_time import topic_prevalence
    from topics.studies.returning import stability
    from topics.studies.shares import prevalence
    from topics.studies.together import correlations
    from topics.studies.validation import CrossValidation, cross_validate

# No module is named like a name here: once imported it would stand in the place of the function.
_MODULES = {
    "Agreement": "coders",
    "AnchorCheck": "checking",
    "CrossValidation": "validation",
    "Drift": "drifting",
    "IntrusionSheet": "intruders",
    "agreement": "coders",
    "check_anchors": "checking",
    "choose_n_topics": "n_topics",
    "compare": "comparison",
    "compare_with_nmf": "beside_nmf",
    "correlations": "together",
    "cross_validate": "validation",
    "drift": "drifting",
    "errors": "mistakes",
    "intrusion_sheet": "intruders",
    "label_errors": "mistakes",
    "prevalence": "shares",
    "stability": "returning",
    "topic_anchors": "named",
    "topic_prevalence": "over_time",
}

__all__ = [
    "Agreement",
    "AnchorCheck",
    "CrossValidation",
    "Drift",
    "IntrusionSheet",
    "agreement",
    "check_anchors",
    "choose_n_topics",
    "compare",
    "compare_with_nmf",
    "correlations",
    "cross_validate",
    "drift",
    "errors",
    "intrusion_sheet",
    "label_errors",
    "prevalence",
    "stability",
    "topic_anchors",
    "topic_prevalence",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
