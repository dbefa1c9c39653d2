"""Matrices in, matrices out: scikit-learn estimators, and array functions that predict without scikit-learn.

Importing this package costs nothing: each public name loads its module when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from topics.estimators.folds import stratified_folds
    from topics.estimators.kernels import infer_mixtures, topic_weights
    from topics.estimators.lda import LdaTopics
    from topics.estimators.linear import calibrate, decision_values, surplus
    from topics.estimators.themes import FewPositives, ThemeClassifier

__all__ = [
    "FewPositives",
    "LdaTopics",
    "ThemeClassifier",
    "calibrate",
    "decision_values",
    "infer_mixtures",
    "stratified_folds",
    "surplus",
    "topic_weights",
]

_MODULES = {
    "FewPositives": "themes",
    "LdaTopics": "lda",
    "ThemeClassifier": "themes",
    "calibrate": "linear",
    "decision_values": "linear",
    "infer_mixtures": "kernels",
    "stratified_folds": "folds",
    "surplus": "linear",
    "topic_weights": "kernels",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
