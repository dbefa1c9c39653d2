"""What a corpus holds: its themes, its times, its lengths."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from topics.errors import PlotError
from topics.plots import layout
from topics.plots.style import NONE_COLOR, PLAIN, draws, label, new_axes

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_N_BARS = 10  # of an overview; more are drawn together


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
    shades = layout.colors_of(themes, colors) if stacked else [PLAIN]
    floor = np.zeros(len(values))
    for column, color, name in zip(values.T, shades, layout.shown(themes, names, reading), strict=True):
        ax.bar(np.arange(len(values)), column, bottom=floor, color=color, width=0.8, label=name)
        floor = floor + column
    layout.period_ticks(ax, [_period(period) for period in table.index])
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
    longest: float | None = None,
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
    longest : float, optional
        Where the picture ends, when a few very long articles would flatten it; the median is that of all.
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
    ax.hist(values if longest is None else values[values <= longest], bins=n_bins, color=PLAIN)
    middle = float(np.median(values))
    ax.axvline(middle, color=NONE_COLOR, linestyle="--", label=label(f"{reading.word('median')}: {middle:,.0f}"))
    ax.grid(visible=True, axis="y", linewidth=0.8)
    if reading.rtl:
        layout.mirror(ax)
    layout.legend(ax, reading, loc=f"upper {reading.end}")
    return layout.finish(ax, reading, title=title, xlabel="words", ylabel="articles")


class Panel(NamedTuple):
    """One part of an overview: what draws it on axes, how many inches high it stands, how many bars lie in it."""

    draw: Callable[[Axes], object]
    height: float
    n_bars: int = 0


@draws
def overview(
    n_words: Sequence[float] | layout.Array,
    *,
    periods: Mapping[str, float] | None = None,
    themes: Mapping[str, float] | None = None,
    sources: Mapping[str, float] | None = None,
    traits: Mapping[str, float] | None = None,
    names: Mapping[str, str] | None = None,
    colors: Mapping[str, str | None] | None = None,
    title: str | None = None,
    language: layout.Language = "ar",
) -> list[Axes]:
    """A corpus on one sheet: lengths, time, themes, sources, and what its texts are like; right to left in Arabic.

    Parameters
    ----------
    n_words : array-like of shape (n_articles,)
        Words of each article. Where a few are very long, the longest hundredth is left out, and the title says so.
    periods, themes, sources : mapping of str to number, optional
        Number of articles of each, in the order in which they are drawn; of sources and themes the first ten,
        the others together. What is left out or empty has no panel.
    traits : mapping of str to number, optional
        Share of articles, 0 to 1: ``copies``, ``marks``, ``tatweel``, ``ascii_digits``, ``arabic_digits``,
        ``invisible``, ``not_arabic``, or any other name.
    names, colors
        Of themes, as in `theme_sizes`.
    title : str, optional
        Of the sheet.
    language : {"ar", "en", "fr"}
        Of the words that the plot writes itself.

    Returns
    -------
    list of Axes
        One a panel, in the order above.
    """
    import matplotlib.pyplot as plt

    reading = layout.way([], None, language)
    panels = [_lengths_panel(n_words, reading, language)]
    if periods:
        panels.append(_periods_panel(periods, reading, language))
    if themes:
        panels.append(_bars_panel(themes, "themes", reading, names, layout.colors_of(list(themes), colors)))
    if sources:
        panels.append(_bars_panel(sources, "sources", reading))
    if traits:
        panels.append(_traits_panel(traits, reading))
    columns = [column for column in (panels[0::2], panels[1::2]) if column]
    height = max(sum(panel.height for panel in column) for column in columns)
    figure = plt.figure(figsize=(6.5 * len(columns), height + 0.5), layout="constrained")
    grid = figure.add_gridspec(1, len(columns))
    found: dict[int, Axes] = {}
    for side, column in enumerate(columns):
        at = grid[len(columns) - 1 - side if reading.rtl else side]
        for row, ax in enumerate(_stack(figure, at, column, height)):
            found[2 * row + side] = ax
    if title is not None:
        figure.suptitle(label(title, 90), x=0.99 if reading.rtl else 0.01, ha=reading.start)
    return [found[place] for place in range(len(panels))]


def _stack(figure: Figure, at: Any, panels: Sequence[Panel], height: float) -> list[Axes]:
    """Panels one below the other, the last one over what is left of the height; bars are of one thickness."""
    # What a layout shares out is the room inside the axes.
    rooms = [panel.height - _height(0) for panel in panels]
    rooms[-1] += height - sum(panel.height for panel in panels)
    grid = at.subgridspec(len(panels), 1, height_ratios=rooms)
    found = []
    for row, panel in enumerate(panels):
        found.append(figure.add_subplot(grid[row]))
        panel.draw(found[-1])
        if panel.n_bars:
            found[-1].set_ylim(rooms[row] / (_height(1) - _height(0)) - 0.5, -0.5)
    return found


def _lengths_panel(n_words: Sequence[float] | layout.Array, reading: layout.Way, language: layout.Language) -> Panel:
    values = layout.finite(n_words, "n_words")
    cut = float(np.quantile(values, 0.99))
    longest = cut if values.max() > 2 * cut > 0 else None
    heading = reading.word("lengths" if longest is None else "lengths_cut")
    return Panel(
        lambda ax: lengths(values, longest=longest, ax=ax, title=heading, rtl=reading.rtl, language=language), 3.6
    )


def _periods_panel(periods: Mapping[str, float], reading: layout.Way, language: layout.Language) -> Panel:
    heading = reading.word("dates")

    def draw(ax: Axes) -> None:
        from matplotlib.ticker import MaxNLocator

        articles_over_time(periods, ax=ax, title=heading, rtl=reading.rtl, language=language)
        ax.yaxis.set_major_locator(MaxNLocator(6, integer=True))

    return Panel(draw, 3.6)


def _bars_panel(
    counts: Mapping[str, float],
    what: str,
    reading: layout.Way,
    names: Mapping[str, str] | None = None,
    colors: Sequence[str] = (),
) -> Panel:
    keys, values = list(counts), layout.finite(list(counts.values()), what)
    labels = layout.shown(keys[:_N_BARS], names, reading)
    shades = list(colors[:_N_BARS]) or [PLAIN] * len(labels)
    others = float(values[_N_BARS:].sum())
    if len(keys) > _N_BARS:
        # Without a bar: of a hundred small newspapers it would make all others short.
        values = np.append(values[:_N_BARS], 0.0)
        labels, shades = [*labels, reading.word("others")], [*shades, NONE_COLOR]

    def draw(ax: Axes) -> None:
        layout.bars(ax, labels, values, shades, reading)
        if len(keys) > _N_BARS:
            ax.texts[-1].set_text(f"{others:,.0f}")
        layout.finish(ax, reading, title=reading.word(what), xlabel="articles")

    return Panel(draw, _height(len(labels)), len(labels))


def _traits_panel(traits: Mapping[str, float], reading: layout.Way) -> Panel:
    values = 100 * layout.finite(list(traits.values()), "traits")
    labels = [reading.word(name) for name in traits]

    def draw(ax: Axes) -> None:
        layout.bars(ax, labels, values, [PLAIN] * len(labels), reading, style="{:.1f}%")
        layout.finish(ax, reading, title=reading.word("traits"), xlabel="percent")

    return Panel(draw, _height(len(labels)), len(labels))


def _height(n_rows: int) -> float:
    """Inches for that many bars."""
    return 1.3 + 0.42 * n_rows


def _period(value: Any) -> str:
    """A period as its label; a time of day of zero is left out."""
    return str(value).removesuffix(" 00:00:00")
