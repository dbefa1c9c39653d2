"""Shares with their intervals: themes by month or newspaper, copies between newspapers, scores by labelled articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from topics.errors import PlotError
from topics.plots import layout
from topics.plots.style import NONE_COLOR, PALETTE, choose, draws, label, new_axes

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_ALL = "*"
_MOST_SOURCES = 12


@draws
def prevalence(
    table: pd.DataFrame,
    theme: str,
    way: Literal["adjusted", "inferred"] | None = None,
    *,
    kind: Literal["time", "groups"] = "time",
    names: Mapping[str, str] | None = None,
    colors: Mapping[str, str | None] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> Axes:
    """The share of one theme in each part of the articles, as counted and, beside it, corrected.

    Parameters
    ----------
    table : DataFrame
        As `topics.studies.prevalence` gives it: part, theme, raw, raw_low, raw_high, and the same for the other ways.
    theme : str
        Which theme.
    way : {"adjusted", "inferred"}, optional
        The correction that is drawn beside the raw share; None draws the raw share alone.
    kind : {"time", "groups"}
        Parts in a line, or one below the other, such as newspapers; the latter by their share.
    names, colors, ax, title, rtl, language
        As in `topics.plots.theme_sizes`.

    Returns
    -------
    Axes
    """
    rows = table[(table["theme"] == theme) & (table["part"] != _ALL)]
    if rows.empty:
        raise PlotError(f"the table has no part of {theme!r}; it has {', '.join(dict.fromkeys(table['theme']))}")
    reading = layout.way(layout.shown([theme], names), rtl, language)
    color = layout.colors_of([theme], colors)[0]
    drawn = [("raw", NONE_COLOR, "s")] + ([(way, color, "o")] if way else [])
    if not way:
        drawn = [("raw", color, "o")]
    if kind == "groups":
        rows = rows.sort_values([way or "raw", "part"], ascending=[False, True], kind="stable")
    parts = [str(part) for part in rows["part"]]
    ax = new_axes(ax, 1.8 + 0.5 * len(parts) if kind == "groups" else 4.0)
    for place, (name, shade, mark) in enumerate(drawn):
        shift = 0.16 * (2 * place - (len(drawn) - 1))
        _whiskers(ax, rows, name, shade, mark, shift, reading, kind)
    return _dress(ax, parts, reading, kind, title=title, several=len(drawn) > 1)


def _whiskers(
    ax: Axes, rows: pd.DataFrame, way: str, color: str, mark: str, shift: float, reading: layout.Way, kind: str
) -> None:
    """A point and an interval a part, a little beside the other way's; parts without a figure stay empty."""
    ends = rows[[way, f"{way}_low", f"{way}_high"]].to_numpy(float)
    places = np.arange(len(ends)) + shift
    there = np.isfinite(ends).all(axis=1)
    mean, low, high = ends[there].T
    options: dict[str, Any] = {"color": color, "linewidth": 2.2}
    point: dict[str, Any] = {"color": color, "markersize": 6, "label": reading.word(way)}
    if kind == "groups":
        ax.hlines(places[there], low, high, **options)
        ax.plot(mean, places[there], mark, **point)
    else:
        ax.vlines(places[there], low, high, **options)
        ax.plot(places[there], mean, mark, linestyle="-", linewidth=0.8, **point)


def _dress(ax: Axes, parts: list[str], reading: layout.Way, kind: str, *, title: str | None, several: bool) -> Axes:
    """Ticks, percent, legend."""
    from matplotlib.ticker import PercentFormatter

    across = kind == "groups"
    axis = ax.xaxis if across else ax.yaxis
    low, high = min(0.0, axis.get_view_interval()[0]), axis.get_view_interval()[1]
    # A share is at most 1; a legend stands above all whiskers.
    ticks = axis.get_major_locator().tick_values(low, high)
    axis.set_ticks([tick for tick in ticks if low <= tick <= min(high, 1 + 1e-9)])
    axis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    ax.grid(visible=True, axis="x" if across else "y", linewidth=0.8)
    if across:
        ax.set_yticks(range(len(parts)), [label(part) for part in parts])
        ax.set_ylim(len(parts) - 0.5, -1.1 if several else -0.5)
        ax.tick_params(axis="y", length=0)
        ax.set_xlim(low, high)
    else:
        layout.period_ticks(ax, parts)
        ax.set_xlim(-0.6, len(parts) - 0.4)
        ax.set_ylim(low, high + 0.14 * (high - low) if several else high)
    if reading.rtl:
        layout.mirror(ax)
    if several:
        layout.legend(ax, reading, loc="upper center", n_columns=2)
    words = ("share_of_articles", None) if across else ("time", "share_of_articles")
    return layout.finish(ax, reading, title=title, xlabel=words[0], ylabel=words[1])


@draws
def copied_between(
    groups: Iterable[Sequence[str]],
    *,
    ax: Axes | None = None,
    title: str | None = None,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> Axes:
    """How many groups of near duplicates each two newspapers share; on the diagonal, those within one.

    Parameters
    ----------
    groups : iterable of sequence of str
        The source of each article of each group, such as ``[corpus[i].source for i in row.ids]``.
    ax, title, rtl, language
        As in `topics.plots.theme_sizes`. The twelve sources with most copies are drawn.

    Returns
    -------
    Axes
    """
    pairs: Counter[tuple[str, str]] = Counter()
    for sources in groups:
        counts = Counter(str(source) for source in sources if source)
        pairs.update((name, name) for name, n in counts.items() if n > 1)
        pairs.update(combinations(sorted(counts), 2))
    if not pairs:
        raise PlotError("no group of near duplicates has a source; there is nothing to draw")
    total: Counter[str] = Counter()
    for pair, n in pairs.items():
        for name in set(pair):
            total[name] += n
    kept = [name for name, _ in sorted(total.items(), key=lambda item: (-item[1], item[0]))[:_MOST_SOURCES]]
    values = np.array([[pairs[min(a, b), max(a, b)] for b in kept] for a in kept], dtype=np.float64)
    shown = [label(name, 24) for name in kept]
    reading = layout.way(shown, rtl, language)
    ax = layout.heat(ax, values, shown, shown, reading)
    return layout.finish(ax, reading, title=title)


@draws
def learning_curve(
    table: pd.DataFrame,
    *,
    measure: str = "macro_f1",
    ax: Axes | None = None,
    title: str | None = None,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> Axes:
    """A score by the number of labelled articles, with its interval; one line for each way of choosing them.

    Parameters
    ----------
    table : DataFrame
        Columns n (labelled articles), mean, low, high, and perhaps `way`, which names the line.
    measure : str
        The name of the score on its axis.
    ax, title, rtl, language
        As in `topics.plots.theme_sizes`; mirrored where the language is Arabic.

    Returns
    -------
    Axes
    """
    choose(list(table.columns), "n", "the table of a learning curve")
    reading = layout.way([], rtl, language)
    ax = new_axes(ax)
    ways = list(dict.fromkeys(table["way"])) if "way" in table else [""]
    for place, (way, color) in enumerate(zip(ways, PALETTE, strict=False)):
        rows = table[table["way"] == way] if "way" in table else table
        rows = rows.sort_values("n", kind="stable")
        values = layout.finite(rows[["n", "mean", "low", "high"]].to_numpy(float), "table", ndim=2)
        n, mean, low, high = values.T
        ax.fill_between(n, low, high, color=color, alpha=0.18, linewidth=0)
        ax.plot(n, mean, "os^D"[place % 4] + "-", color=color, label=label(reading.word(str(way))))
    layout.number_ticks(ax, table["n"].tolist(), 46)
    ax.grid(visible=True, axis="y", linewidth=0.8)
    if reading.rtl:
        layout.mirror(ax)
    if ways != [""]:
        layout.legend(ax, reading, loc="best")
    return layout.finish(ax, reading, title=title, xlabel="n_labelled", ylabel=measure)
