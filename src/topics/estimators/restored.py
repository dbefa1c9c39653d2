"""Estimators as `fit` would have left them, from the arrays that a bundle keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from topics.estimators.kernels import topic_weights
from topics.estimators.lda import LdaTopics
from topics.estimators.themes import ThemeClassifier

if TYPE_CHECKING:
    from topics.estimators.shapes import Array


def theme_classifier(
    themes: Sequence[str], coef: Array, intercept: Array, slope: Array, offset: Array, thresholds: Array
) -> ThemeClassifier:
    """A fitted ThemeClassifier; coef has shape (n_themes, n_terms), the others (n_themes,)."""
    model = ThemeClassifier()
    model.classes_ = np.array(list(themes), dtype=object)
    model.coef_, model.intercept_, model.slope_, model.offset_ = coef, intercept, slope, offset
    model.thresholds_ = thresholds
    model.n_features_in_ = coef.shape[1]
    model._single = False  # noqa: SLF001 - set by fit, as here
    return model


def lda_topics(components: Array, alpha: Array) -> LdaTopics:
    """A fitted LdaTopics; components has shape (n_topics, n_terms), alpha (n_topics,)."""
    model = LdaTopics(n_topics=len(components))
    model.components_, model.alpha_ = components, alpha
    model.n_features_in_ = components.shape[1]
    model._weights = topic_weights(components)  # noqa: SLF001 - set by fit, as here
    return model
