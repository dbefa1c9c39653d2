"""What plots share: which way they read, the words on their axes, bars, heat maps, panels, legends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from topics.display import strong_direction
from topics.errors import PlotError
from topics.plots.style import PALETTE, choose, grid_color, ground_color, ink_on, label, new_axes, theme_colors
from topics.plots.words import LANGUAGES, WORDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Language = Literal["ar", "en", "fr"]


class Way(NamedTuple):
    """Which way a plot reads, and the language of its own words."""

    rtl: bool
    language: str

    @property
    def start(self) -> Literal["left", "right"]:
        """The side where reading begins."""
        return "right" if self.rtl else "left"

    @property
    def end(self) -> Literal["left", "right"]:
        """The side where reading ends."""
        return "left" if self.rtl else "right"

    def word(self, name: str) -> str:
        """One of the plots' own words; a name that has none is written as it is."""
        known = WORDS.get(name)
        return label(name if known is None else known[LANGUAGES.index(self.language)])


def way(labels: Sequence[object], rtl: bool | None, language: str | None) -> Way:
    """Right to left where most labels are Arabic, or by request; own words follow unless named."""
    if language is not None:
        choose(LANGUAGES, language, "the language of plots")
    if rtl is None:
        sides = [side for text in labels if (side := strong_direction(str(text)))]
        rtl = sum(side == "rtl" for side in sides) * 2 > len(sides) if sides else language == "ar"
    return Way(rtl, language or ("ar" if rtl else "en"))


def finite(values: Any, name: str, *, ndim: int = 1) -> Array:
    """Values as finite numbers of `ndim` axes; nothing to draw is an error."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != ndim or not array.size:
        raise PlotError(f"{name} has shape {array.shape}; there is nothing to draw as {ndim} axes of numbers")
    if not np.isfinite(array).all():
        raise PlotError(f"{name} holds NaN or infinity; leave those rows out first")
    return array


def same_length(first: Sequence[Any] | Array, second: Sequence[Any] | Array, names: str) -> None:
    """Refuse lists of different lengths."""
    if len(first) != len(second):
        raise PlotError(f"{names} have {len(first)} and {len(second)} entries; hand in one for each")


def shown(keys: Sequence[str], names: Mapping[str, str] | None, reading: Way | None = None) -> list[str]:
    """The names under which themes are shown; ``none`` and ``*`` are words of the plots, empty before `way`."""
    own = {"none": "none", "*": "all"}
    given = names or {}
    found = []
    for key in keys:
        if key in given or key not in own:
            found.append(label(given.get(key, key)))
        else:
            found.append("" if reading is None else reading.word(own[key]))
    return found


def colors_of(keys: Sequence[str], colors: Mapping[str, str | None] | None) -> list[str]:
    """One color a theme key."""
    known = theme_colors(keys, colors)
    return [known[key] for key in keys]


def finish(ax: Axes, reading: Way, *, title: str | None, xlabel: str | None = None, ylabel: str | None = None) -> Axes:
    """Title where reading begins, the y axis there too, and the words of the axes."""
    if title is not None:
        ax.set_title(label(title, 70), loc=reading.start)
    if xlabel is not None:
        above = ax.xaxis.get_label_position() == "top"
        ax.set_xlabel(reading.word(xlabel), labelpad=10 if above else None)
    if ylabel is not None:
        ax.set_ylabel(reading.word(ylabel), labelpad=8)
    return ax


def wide_for(labels: Sequence[str], least: float = 6.4, rest: float = 4.6) -> float:
    """Inches for labels of that length beside `rest` inches for what is drawn, `least` at least."""
    return max(least, rest + 0.11 * max(map(len, labels), default=0))


def panels(n: int, n_columns: int, reading: Way, size: tuple[float, float], *, share_y: bool = False) -> list[Any]:
    """So many axes of `size` inches in rows, the first where reading begins; empty places are left out."""
    import matplotlib.pyplot as plt

    if n < 1 or n_columns < 1:
        raise PlotError("there is nothing to draw, or no column to draw it in")
    n_columns = min(n, n_columns)
    n_rows = -(-n // n_columns)
    whole = (size[0] * n_columns, size[1] * n_rows)
    figure, grid = plt.subplots(n_rows, n_columns, figsize=whole, squeeze=False, layout="constrained", sharey=share_y)
    places = (grid[:, ::-1] if reading.rtl else grid).ravel()
    for ax in places[n:]:
        figure.delaxes(ax)
    if share_y:
        for ax in places[:n]:
            ax.tick_params(labelleft=True)
    return list(places[:n])


def mirror(ax: Axes) -> None:
    """The y axis at the right, x growing to the left."""
    ax.yaxis.tick_right()
    ax.yaxis.set_label_position("right")
    ax.spines["left"].set_visible(False)
    ax.spines["right"].set_visible(True)
    low, high = sorted(ax.get_xlim())
    ax.set_xlim(high, low)


def bars(
    ax: Axes,
    labels: Sequence[str],
    values: Array,
    colors: Sequence[str],
    reading: Way,
    *,
    style: str = "{:,.0f}",
    n_ticks: int = 5,
) -> None:
    """Bars from the side where reading begins, the first on top, each with its figure at its end."""
    from matplotlib.ticker import MaxNLocator

    places = np.arange(len(values))
    ax.barh(places, values, color=colors, height=0.72)
    ax.set_yticks(places, labels)
    ax.tick_params(axis="y", length=0)
    top = float(values.max()) or 1.0
    ax.set_xlim(0, top * 1.17)
    ax.invert_yaxis()
    for place, value in zip(places, values, strict=True):
        gap = -4 if reading.rtl else 4
        ax.annotate(
            style.format(value), (value, place), (gap, 0), textcoords="offset points", va="center", ha=reading.start
        )
    whole = style.endswith(".0f}")
    ax.xaxis.set_major_locator(MaxNLocator(n_ticks, integer=whole))
    if whole:
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    if reading.rtl:
        mirror(ax)


def heat(
    ax: Axes | None,
    values: Array,
    rows: Sequence[str],
    columns: Sequence[str],
    reading: Way,
    *,
    style: str = "{:,.0f}",
    top: float | None = None,
) -> Axes:
    """A table of shades with its figures, full at `top`; the first column where reading begins."""
    from matplotlib.colors import LinearSegmentedColormap

    figures = [[style.format(value) for value in row] for row in values]
    cell = 0.35 + 0.11 * max(len(figure) for row in figures for figure in row)
    ax = new_axes(ax, 1.6 + 0.45 * len(rows), max(6.4, cell * len(columns) + 0.13 * max(map(len, rows)) + 0.6))
    shades = LinearSegmentedColormap.from_list("topics", [ground_color(), PALETTE[0]])
    top = top or float(values.max()) or 1.0
    ax.pcolormesh(values, cmap=shades, vmin=0, vmax=top, edgecolors=grid_color(), linewidth=0.6)
    ax.set_yticks(np.arange(len(rows)) + 0.5, rows)
    ax.invert_yaxis()
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    column_labels(ax, columns, reading)
    ax.tick_params(length=0)
    for (row, column), value in np.ndenumerate(values):
        ink = ink_on(shades(value / top)[:3])
        ax.text(column + 0.5, row + 0.5, figures[row][column], ha="center", va="center", color=ink)
    if reading.rtl:
        mirror(ax)
    ax.spines[:].set_visible(False)
    return ax


def column_labels(ax: Axes, columns: Sequence[str], reading: Way) -> None:
    """Labels above columns, slanted where they would touch."""
    places = np.arange(len(columns)) + 0.5
    if max(map(len, columns)) * len(columns) <= 46:
        ax.set_xticks(places, columns)
        return
    slant, side = (-40, "right") if reading.rtl else (40, "left")
    ax.set_xticks(places, columns, rotation=slant, ha=side, rotation_mode="anchor")


def legend(ax: Axes, reading: Way, *, loc: Any, n_columns: int = 1) -> None:
    """A legend whose signs stand, and whose columns start, where reading begins."""
    from matplotlib.lines import Line2D

    handles, names = ax.get_legend_handles_labels()
    # matplotlib fills columns from the left; full columns can be turned round.
    short = -len(handles) % n_columns
    handles += [Line2D([], [], linestyle="none")] * short
    names += [" "] * short
    depth = len(handles) // n_columns
    order = list(range(len(handles)))
    if reading.rtl:
        order = [place for start in reversed(order[::depth]) for place in order[start : start + depth]]
    found = ax.legend(
        [handles[place] for place in order],
        [names[place] for place in order],
        loc=loc,
        ncols=n_columns,
        markerfirst=not reading.rtl,
    )
    for text in found.get_texts():
        text.set_horizontalalignment(reading.start)


def period_ticks(ax: Axes, periods: list[str]) -> None:
    """As many labels as stand side by side, seven at most, evenly spaced."""
    step = -(-len(periods) // max(min(7, 36 // max(map(len, periods))), 2))
    places = np.arange(0, len(periods), step)
    ax.set_xticks(places, [label(periods[place]) for place in places])


def number_ticks(ax: Axes, numbers: Iterable[float], room: int) -> None:
    """A tick at each number, but for those too near to the one before; the axis has room for so many characters."""
    known = sorted(set(numbers))
    names = [f"{number:,.0f}" for number in known]
    least = (known[-1] - known[0]) * (max(map(len, names)) + 1.5) / room
    kept: list[int] = []
    for place, number in enumerate(known):
        if not kept or number - known[kept[-1]] >= least:
            kept.append(place)
    ax.set_xticks([known[place] for place in kept], [names[place] for place in kept])


def unit_axes(ax: Axes) -> None:
    """Both axes from 0 to 1, with a light grid."""
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.04))
    ax.grid(visible=True, linewidth=0.8)
