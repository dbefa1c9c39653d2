"""What studies of topics say: how many, whether they come back, which go together, when they are large.

Each takes the table of a function of `topics.studies`, or one with its columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from topics.errors import PlotError
from topics.plots import layout
from topics.plots.style import NONE_COLOR, PALETTE, PLAIN, draws, grid_color, ground_color, ink_on, label, new_axes

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_PANEL = (3.9, 2.7)  # inches


@draws
def n_topics(
    table: pd.DataFrame,
    *,
    measures: Sequence[str] | None = None,
    n_columns: int = 3,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> list[Axes]:
    """Every measure against the number of topics, with intervals; filled where a number cannot be told from the best.

    Parameters
    ----------
    table : DataFrame
        Of `topics.studies.choose_n_topics`: n_topics, measure, mean, low, high, tied.
    measures : sequence of str, optional
        Which, in order; all that the table has when left out.
    n_columns : int
        Panels in a row.
    rtl : bool, optional
        Growing from right to left; by default where the language is Arabic.
    language : {"ar", "en", "fr"}, optional
        Of the words that the plot writes itself; Arabic when mirrored, else English.

    Returns
    -------
    list of Axes
        One a measure, in order.
    """
    shown = list(dict.fromkeys(table["measure"])) if measures is None else list(measures)
    if unknown := [name for name in shown if name not in set(table["measure"])]:
        raise PlotError(f"the table has no measure {unknown[0]!r}; it has {', '.join(sorted(set(table['measure'])))}")
    reading = layout.way([], rtl, language)
    panels = layout.panels(len(shown), n_columns, reading, _PANEL)
    for ax, measure in zip(panels, shown, strict=True):
        rows = table[table["measure"] == measure].sort_values("n_topics")
        places = layout.finite(rows["n_topics"], "n_topics")
        mean, low, high = (layout.finite(rows[name], f"{name} of {measure}") for name in ("mean", "low", "high"))
        ax.plot(places, mean, color=PLAIN, linewidth=1.2)
        ax.vlines(places, low, high, color=PLAIN, linewidth=1.6)
        fill = [PLAIN if tied else ground_color() for tied in rows["tied"]]
        ax.scatter(places, mean, s=46, c=fill, edgecolors=PLAIN, linewidths=1.6, zorder=3)
        layout.number_ticks(ax, places.tolist(), 26)
        ax.margins(x=0.08)
        ax.grid(visible=True, axis="y", linewidth=0.8)
        if reading.rtl:
            layout.mirror(ax)
        layout.finish(ax, reading, title=reading.word(measure), xlabel="n_topics")
    return panels


@draws
def topic_stability(
    matches: pd.DataFrame,
    *,
    labels: Sequence[str] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> Axes:
    """How alike each topic is to its match in each run, as a table of shades.

    Parameters
    ----------
    matches : DataFrame of shape (n_topics, n_runs)
        ``parts["matches"]`` of `topics.studies.stability`: overlaps, 0 to 1.
    labels : sequence of str of length n_topics, optional
        Names of the topics; the index when left out.
    ax, title, rtl, language
        As in `topics.plots.theme_sizes`.

    Returns
    -------
    Axes
    """
    values = layout.finite(matches.to_numpy(), "matches", ndim=2)
    names = [label(name) for name in (labels if labels is not None else matches.index)]
    layout.same_length(values, names, "topics and labels")
    reading = layout.way(names, rtl, language)
    columns = [str(run) for run in range(values.shape[1])]
    ax = layout.heat(ax, values, names, columns, reading, style="{:.2f}", top=1.0)
    return layout.finish(ax, reading, title=title, xlabel="run")


@draws
def topic_correlations(
    table: pd.DataFrame,
    *,
    labels: Sequence[str] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> Axes:
    """Correlations of topics as shades of two colors, white where unrelated topics would lie; figures where told apart.

    Parameters
    ----------
    table : DataFrame
        Of `topics.studies.correlations`: a, b, correlation, related.
    labels : sequence of str of length n_topics, optional
        Names of the topics; their numbers when left out.
    ax, title, rtl, language
        As in `topics.plots.theme_sizes`.

    Returns
    -------
    Axes
    """
    n = int(max(table["b"])) + 1 if len(table) else 0
    values = np.full((n, n), np.nan)
    told = np.zeros((n, n), bool)
    for a, b, value, related in table[["a", "b", "correlation", "related"]].itertuples(index=False):
        values[b, a], told[b, a] = value, related != 0
    layout.finite(values[np.tril_indices(n, -1)], "correlations")
    names = [label(name) for name in (labels if labels is not None else range(n))]
    layout.same_length(names, values, "labels and topics")
    reading = layout.way(names, rtl, language)
    # The first topic has no row, the last no column: half of the square says it all.
    part, shown = values[1:, :-1], told[1:, :-1]
    ax = new_axes(ax, 1.8 + 0.42 * (n - 1), max(6.4, 0.62 * (n - 1) + 0.12 * max(map(len, names)) + 0.6))
    _draw_cells(ax, part, shown)
    ax.set(xlim=(0, n - 1), ylim=(0, n - 1))
    ax.set_yticks(np.arange(n - 1) + 0.5, names[1:])
    ax.invert_yaxis()
    ax.xaxis.tick_top()
    layout.column_labels(ax, names[:-1], reading)
    ax.tick_params(length=0)
    if reading.rtl:
        layout.mirror(ax)
    ax.spines[:].set_visible(False)
    return layout.finish(ax, reading, title=title)


def _draw_cells(ax: Axes, values: layout.Array, told: layout.Flags) -> None:
    """The lower half of a table of correlations as shades, with the figures of those that are told apart."""
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    chance = -1 / len(values)  # see topics.studies.correlations
    half = np.tril_indices(len(values))
    top = float(np.abs(values[half] - chance).max()) or 1.0
    shades = LinearSegmentedColormap.from_list("topics", [PALETTE[3], ground_color(), PALETTE[0]])
    edge = grid_color()
    for row, column in zip(*half, strict=True):
        value = values[row, column]
        face = shades(0.5 + (value - chance) / (2 * top))
        ax.add_patch(Rectangle((float(column), float(row)), 1, 1, facecolor=face, edgecolor=edge, linewidth=0.8))
        if told[row, column]:
            text = f"{value + 0.0:.2f}".replace("-0.00", "0.00").replace("-", "\N{MINUS SIGN}")
            ax.text(column + 0.5, row + 0.5, text, ha="center", va="center", color=ink_on(face[:3]), fontsize=10)


@draws
def topic_prevalence(
    table: pd.DataFrame,
    *,
    topics: Sequence[int] | None = None,
    names: Mapping[int, str] | None = None,
    joined: bool = True,
    n_columns: int = 2,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> list[Axes]:
    """The share of topics in each part, with intervals; the dashed line is the mean of the parts.

    Parameters
    ----------
    table : DataFrame
        Of `topics.studies.topic_prevalence`: part, topic, name, share, low, high.
    topics : sequence of int, optional
        Which, in order; all when left out.
    names : mapping of int to str, optional
        Names that are shown instead of those of the table.
    joined : bool
        Whether points are joined: for times, not for newspapers.
    n_columns : int
        Panels in a row.
    rtl, language
        As in `topics.plots.theme_sizes`; parts run from right to left where names are Arabic.

    Returns
    -------
    list of Axes
        One a topic, in order.
    """
    own = dict(zip(table["topic"], table["name"], strict=True))
    shown = list(own) if topics is None else list(topics)
    if unknown := [topic for topic in shown if topic not in own]:
        raise PlotError(f"the table has no topic {unknown[0]!r}; it has {', '.join(map(str, own))}")
    titles = [label((names or {}).get(topic, own[topic])) for topic in shown]
    reading = layout.way(titles, rtl, language)
    panels = layout.panels(
        len(shown), n_columns, reading, (layout.wide_for(titles, _PANEL[0], 1.2), _PANEL[1]), share_y=True
    )
    for ax, topic, title in zip(panels, shown, titles, strict=True):
        rows = table[table["topic"] == topic]
        share, low, high = (100 * layout.finite(rows[name], name) for name in ("share", "low", "high"))
        places = np.arange(len(rows))
        ax.vlines(places, low, high, color=PLAIN, linewidth=1.8)
        if joined:
            ax.plot(places, share, color=PLAIN, linewidth=1.0)
        ax.scatter(places, share, s=30, color=PLAIN, zorder=3)
        ax.axhline(float(share.mean()), color=NONE_COLOR, linestyle="--", linewidth=1.0, zorder=0)
        _part_ticks(ax, [str(part) for part in rows["part"]], every=not joined)
        ax.margins(x=0.06)
        ax.grid(visible=True, axis="y", linewidth=0.8)
        if reading.rtl:
            layout.mirror(ax)
        layout.finish(ax, reading, title=title)
    if table["share"].min() >= 0:
        panels[0].set_ylim(bottom=0)
    for ax in panels[:: min(n_columns, len(panels))]:
        layout.finish(ax, reading, title=None, ylabel="share_in_percent")
    return panels


def _part_ticks(ax: Axes, parts: Sequence[str], *, every: bool) -> None:
    """Labels of parts: as many as there is room for, or all of them, slanted where they would touch."""
    names = [label(part, 24) for part in parts]
    room = 26  # characters
    step = 1 if every else max(1, -(-sum(map(len, names)) // room))
    slant = every and sum(map(len, names)) > room
    places = list(range(0, len(names), step))
    ax.set_xticks(places, [names[k] for k in places], rotation=30 if slant else 0, ha="right" if slant else "center")
