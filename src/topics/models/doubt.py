"""When a sorting is unsure: by the model's own probabilities, or because the article is far from all that it knows.

The two rules, in this order:

1. chance: the probability that at least one theme is decided wrongly, 1 minus the product over the themes of the
   probability of what was decided, lies above `unsure`.
2. unlike: more than half of the article's different words are new to the model; more than in 99 of 100 training
   articles, where that is the higher bar.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from topics.errors import SettingsError
from topics.models.unlike import quantile

if TYPE_CHECKING:
    from topics.models.themes import ThemeModel

UNSURE = 0.3
"""Chance of a wrong theme from which a person had better look; measured by benchmarks/abstaining.py."""
_MOSTLY_NEW = 0.5
_SELDOM = 0.99


class Doubt:
    """Says of rows of `ThemeModel.rows` why they are unsure.

    Parameters
    ----------
    model : ThemeModel
        That sorted them.
    unsure : float
        Chance of a wrong theme above which a row is unsure, from 0 to 1.
    """

    def __init__(self, model: ThemeModel, unsure: float = UNSURE) -> None:
        if not 0.0 <= unsure <= 1.0:
            raise SettingsError(f"unsure is the chance of a wrong theme, from 0 to 1, not {unsure!r}; try {UNSURE}")
        self._keys = list(model.themes)
        self._thresholds: list[float] = model.thresholds.tolist()
        self._unsure = unsure
        self.most_unlike = max(_MOSTLY_NEW, quantile(model.unlike_counts, _SELDOM) if model.unlike_counts.any() else 0)

    def reason(self, row: Mapping[str, Any]) -> str | None:
        """Why the row is unsure, in one short line; None when it is not."""
        chance, worst, least = 1.0, 0, 1.0
        for k, key in enumerate(self._keys):
            right = row[key] if row[key] >= self._thresholds[k] else 1.0 - row[key]
            chance *= right
            if right < least:
                worst, least = k, right
        if 1.0 - chance > self._unsure:
            told = f"{self._keys[worst]} {row[self._keys[worst]]:.2f}, given from {self._thresholds[worst]:.2f}"
            return f"near a threshold: {told}"
        if row["unlike"] > self.most_unlike:
            return f"unlike what the model knows: {row['unlike']:.0%} of its words are new"
        return None
