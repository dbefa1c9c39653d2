"""Scores of a sweep: every combination of settings beside the others, measure by measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from topics.errors import PlotError
from topics.plots import layout
from topics.plots.style import PLAIN, draws

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@draws
def sweep_scores(
    scores: Mapping[str, pd.DataFrame],
    labels: Sequence[str],
    *,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> list[Axes]:
    """A panel a measure, in it a line a combination: its score and the interval.

    Parameters
    ----------
    scores : mapping of str to DataFrame
        Measure to columns mean, low and high, one row a combination in the order of `labels`; low and high are
        missing where there is no interval, mean where there is no score.
    labels : sequence of str of length n_combinations
        What the combinations are called.
    rtl, language
        As in `topics.plots.theme_sizes`.

    Returns
    -------
    list of Axes
        One a measure, in order.
    """
    import matplotlib.pyplot as plt

    if not scores or not len(labels):
        raise PlotError("there is no score to draw; hand in a measure and a combination at least")
    for name, table in scores.items():
        layout.same_length(table.index.tolist(), labels, f"rows of {name} and labels")
    reading = layout.way(labels, rtl, language)
    size = (1.2 + 3.4 * len(scores), 1.2 + 0.34 * len(labels))
    _, grid = plt.subplots(1, len(scores), figsize=size, squeeze=False, sharey=True, layout="constrained")
    places = list(grid[0, ::-1] if reading.rtl else grid[0])
    for ax, (name, table) in zip(places, scores.items(), strict=True):
        for row, (mean, low, high) in enumerate(table[["mean", "low", "high"]].to_numpy(float)):
            if np.isfinite(mean):
                ax.plot(mean, row, "o", color=PLAIN, markersize=6)
            if np.isfinite(low) and np.isfinite(high):
                ax.hlines(row, low, high, color=PLAIN, linewidth=2, alpha=0.6)
        ax.set_yticks(range(len(labels)), list(labels))
        ax.grid(visible=True, axis="x", linewidth=0.8)
        if reading.rtl:
            layout.mirror(ax)
        layout.finish(ax, reading, title=reading.word(name).replace("_", " "))
    places[0].set_ylim(len(labels) - 0.5, -0.5)
    return places
