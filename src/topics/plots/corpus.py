"""What a corpus holds: its themes, its times, its lengths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.errors import PlotError
from topics.plots import layout
from topics.plots.style import NONE_COLOR, PALETTE, draws, label, new_axes

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@draws
def theme_sizes(
    counts: Mapping[str, float] | pd.Series,
    *,
    names: Mapping[str, str] | None = None,
    colors: Mapping[str, str | None] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> Axes:
    """How many articles carry each theme, as bars.

    Parameters
    ----------
    counts : mapping or Series of length n_themes
        Theme key to number of articles, drawn in this order from the top.
    names : mapping of str to str, optional
        Theme key to the name that is shown.
    colors : mapping of str to str, optional
        Theme key to color, as in themes.toml.
    ax : Axes, optional
        Where to draw; new axes when left out.
    title : str, optional
        Of the plot.
    rtl : bool, optional
        Mirrored for right-to-left; by default where most labels are Arabic.
    language : {"ar", "en", "fr"}, optional
        Of the words on the axes; by default Arabic when mirrored, else English.

    Returns
    -------
    Axes
    """
    keys = [str(key) for key in counts.keys()]  # noqa: SIM118 - a Series iterates over its values
    values = layout.finite([counts[key] for key in counts.keys()], "counts")  # noqa: SIM118
    reading = layout.way(layout.shown(keys, names), rtl, language)
    ax = new_axes(ax, _height(len(keys)))
    layout.bars(ax, layout.shown(keys, names, reading), values, layout.colors_of(keys, colors), reading)
    return layout.finish(ax, reading, title=title, xlabel="articles")


@draws
def articles_over_time(
    counts: pd.Series | pd.DataFrame | Mapping[Any, float],
    *,
    names: Mapping[str, str] | None = None,
    colors: Mapping[str, str | None] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> Axes:
    """How many articles each period has, stacked by theme when there is a column a theme.

    Parameters
    ----------
    counts : Series or mapping of length n_periods, or DataFrame of shape (n_periods, n_themes)
        Number of articles of each period, in order; periods as text, dates or pandas periods.
    names, colors, ax, title, language
        As in `theme_sizes`.
    rtl : bool, optional
        Time from right to left; by default where theme names are Arabic, or the language is.

    Returns
    -------
    Axes
    """
    import pandas as pd

    table = counts if isinstance(counts, pd.DataFrame) else pd.Series(counts).to_frame("")
    values = layout.finite(table.to_numpy(), "counts", ndim=2)
    themes = [str(key) for key in table.columns]
    reading = layout.way(layout.shown(themes, names), rtl, language)
    ax = new_axes(ax)
    stacked = themes != [""]
    shades = layout.colors_of(themes, colors) if stacked else [PALETTE[0]]
    floor = np.zeros(len(values))
    for column, color, name in zip(values.T, shades, layout.shown(themes, names, reading), strict=True):
        ax.bar(np.arange(len(values)), column, bottom=floor, color=color, width=0.8, label=name)
        floor = floor + column
    _period_ticks(ax, [_period(period) for period in table.index])
    ax.grid(visible=True, axis="y", linewidth=0.8)
    if reading.rtl:
        layout.mirror(ax)
    if stacked:
        longest = max(map(len, layout.shown(themes, names, reading)))
        n_columns = min(max(46 // (longest + 5), 1), len(themes), 4)
        ax.set_ylim(0, (float(floor.max()) or 1.0) * (1.08 + 0.1 * -(-len(themes) // n_columns)))
        layout.legend(ax, reading, loc="upper center", n_columns=n_columns)
    return layout.finish(ax, reading, title=title, xlabel="time", ylabel="articles")


@draws
def lengths(
    n_words: Sequence[float] | layout.Array,
    *,
    n_bins: int = 30,
    ax: Axes | None = None,
    title: str | None = None,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> Axes:
    """How long articles are, as a histogram with its median.

    Parameters
    ----------
    n_words : array-like of shape (n_articles,)
        Words of each article.
    n_bins : int
        Bins of equal width.
    ax, title, rtl, language
        As in `theme_sizes`; mirrored where the language is Arabic.

    Returns
    -------
    Axes
    """
    values = layout.finite(n_words, "n_words")
    if n_bins < 1:
        raise PlotError(f"n_bins is {n_bins}; at least one bin is needed")
    reading = layout.way([], rtl, language)
    ax = new_axes(ax)
    ax.hist(values, bins=n_bins, color=PALETTE[0])
    middle = float(np.median(values))
    ax.axvline(middle, color=NONE_COLOR, linestyle="--", label=label(f"{reading.word('median')}: {middle:,.0f}"))
    ax.grid(visible=True, axis="y", linewidth=0.8)
    if reading.rtl:
        layout.mirror(ax)
    layout.legend(ax, reading, loc=f"upper {reading.end}")
    return layout.finish(ax, reading, title=title, xlabel="words", ylabel="articles")


def _height(n_rows: int) -> float:
    """Inches for that many bars."""
    return 1.3 + 0.42 * n_rows


def _period(value: Any) -> str:
    """A period as its label; a time of day of zero is left out."""
    return str(value).removesuffix(" 00:00:00")


def _period_ticks(ax: Axes, periods: list[str]) -> None:
    """At most seven labels, evenly spaced."""
    step = -(-len(periods) // 7)
    places = np.arange(0, len(periods), step)
    ax.set_xticks(places, [label(periods[place]) for place in places])
