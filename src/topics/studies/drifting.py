"""Whether articles are still like those before them: how unlike they are to the model, and their shares of themes.

The rule, which `Drift.line` says in one line: a change is told when it is both too large for chance and large enough to
matter. Chance: p below .01, shared among all comparisons made (Bonferroni); the two-sample Kolmogorov-Smirnov test for
`unlike`, the two-sample test of proportions for a theme. To matter: a distance of .1 between the distributions of
`unlike`, or 5 points in the share of a theme. Fewer than 20 articles on either side are never compared.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from topics.errors import SettingsError
from topics.models.themes import ThemeModel
from topics.models.unlike import N_BINS, mean

if TYPE_CHECKING:
    import pandas as pd

    from topics.estimators.shapes import Array

LEVEL, LEAST_DISTANCE, LEAST_POINTS, LEAST_ARTICLES = 0.01, 0.1, 0.05, 20
UNLIKE = "unlike"
COLUMNS = ("what", "before", "now", "difference", "p", "drifted")


class Tally:
    """What is kept of sorted articles: a histogram of `unlike` and how many carry each theme.

    Attributes
    ----------
    n : int
        Articles.
    counts : ndarray of shape (200,)
        Articles by `unlike`, in equal bins over 0 to 1.
    themes : dict of str to int or None
        Articles by theme; None where shares cannot be compared, as those of a training corpus, which were drawn.
    """

    def __init__(self, themes: Sequence[str] | None) -> None:
        self.n = 0
        self.counts: Array = np.zeros(N_BINS)
        self.themes: dict[str, int] | None = None if themes is None else dict.fromkeys(themes, 0)

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]], themes: Sequence[str]) -> Self:
        """The tally of rows of a sorting."""
        tally = cls(themes)
        for row in rows:
            tally.add(float(row[UNLIKE]), row["themes"] or ())
        return tally

    @classmethod
    def of_training(cls, model: ThemeModel) -> Self:
        """That of the articles a model learnt from, each as if it had not been seen."""
        tally = cls(None)
        tally.counts = model.unlike_counts
        tally.n = int(tally.counts.sum())
        return tally

    def add(self, unlike: float, themes: Iterable[str]) -> None:
        """Count one article."""
        self.n += 1
        self.counts[min(int(unlike * N_BINS), N_BINS - 1)] += 1
        if self.themes is not None:
            for theme in themes:
                if theme in self.themes:
                    self.themes[theme] += 1


@dataclass(frozen=True)
class Drift:
    """What changed between two sets of articles.

    Attributes
    ----------
    table : DataFrame
        what ("unlike", then each theme), before and now (mean `unlike`; share of the articles), difference (the
        Kolmogorov-Smirnov distance for unlike, now minus before for a theme), p, drifted.
    """

    table: pd.DataFrame

    def __bool__(self) -> bool:
        return bool(self.table["drifted"].any())

    def line(self, before: str) -> str | None:
        """What drifted in one line, `before` being what the others are called; None when nothing did."""
        found = self.table[self.table["drifted"]]
        if found.empty:
            return None
        told = [
            f"unlike {row.now:.2f} (was {row.before:.2f})"
            if row.what == UNLIKE
            else f"{row.what} {row.now:.0%} (was {row.before:.0%})"
            for row in found.itertuples()
        ]
        return f"these articles differ from {before}: {', '.join(told)}; look at some before you compare"


def drift(before: Any, now: Any, themes: Sequence[str] | None = None) -> Drift:
    """Compare two sets of sorted articles, or sorted articles with those a model learnt from.

    Parameters
    ----------
    before : DataFrame of `ThemeModel.sort`, Tally or ThemeModel
        What the others are compared with; of a model's training articles only `unlike` is compared.
    now : DataFrame of `ThemeModel.sort` or Tally
        The newer articles.
    themes : sequence of str, optional
        The themes to compare; by default all that both tables have.

    Returns
    -------
    Drift
        True when anything drifted.
    """
    import pandas as pd

    keys = themes if themes is not None else sorted(_themes_of(before) | _themes_of(now))
    first, second = _tally(before, keys), _tally(now, keys)
    rows = [] if min(first.n, second.n) < LEAST_ARTICLES else _compared(first, second)
    limit = LEVEL / max(len(rows), 1)
    least = {UNLIKE: LEAST_DISTANCE}
    table = [(*row, bool(row[4] < limit and abs(row[3]) >= least.get(row[0], LEAST_POINTS))) for row in rows]
    return Drift(pd.DataFrame(table, columns=list(COLUMNS)).astype({"drifted": bool}))


def _compared(before: Tally, now: Tally) -> list[tuple[str, float, float, float, float]]:
    from scipy.special import kolmogorov

    steps = np.cumsum(before.counts) / before.n - np.cumsum(now.counts) / now.n
    distance = float(np.abs(steps).max())
    size = before.n * now.n / (before.n + now.n)
    p = float(kolmogorov(math.sqrt(size) * distance))
    rows = [(UNLIKE, mean(before.counts), mean(now.counts), distance, p)]
    if before.themes is None or now.themes is None:
        return rows
    for theme in before.themes:
        shares = before.themes[theme] / before.n, now.themes.get(theme, 0) / now.n
        rows.append((theme, *shares, shares[1] - shares[0], _proportions(*shares, before.n, now.n)))
    return rows


def _proportions(first: float, second: float, n_first: int, n_second: int) -> float:
    """Two-sided p of the test of two proportions, with their common share as the variance."""
    pooled = (first * n_first + second * n_second) / (n_first + n_second)
    error = math.sqrt(pooled * (1 - pooled) * (1 / n_first + 1 / n_second))
    return math.erfc(abs(second - first) / error / math.sqrt(2)) if error else 1.0


def _themes_of(given: Any) -> set[str]:
    if isinstance(given, Tally):
        return set(given.themes or ())
    return set().union(*given["themes"]) if hasattr(given, "columns") else set()


def _tally(given: Any, themes: Sequence[str]) -> Tally:
    if isinstance(given, Tally):
        return given
    if isinstance(given, ThemeModel):
        return Tally.of_training(given)
    if hasattr(given, "columns") and {UNLIKE, "themes"} <= set(given.columns):
        return Tally.of(given.to_dict("records"), list(themes))
    raise SettingsError(f"a table of model.sort or a ThemeModel is compared, not {type(given).__name__}")
