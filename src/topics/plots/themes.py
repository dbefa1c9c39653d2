"""How well themes were found, and where in an article they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from topics.errors import PlotError
from topics.plots import layout
from topics.plots.style import NONE_COLOR, PLAIN, draws, label, new_axes

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@draws
def theme_scores(
    table: pd.DataFrame,
    measure: str = "f1",
    *,
    names: Mapping[str, str] | None = None,
    colors: Mapping[str, str | None] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> Axes:
    """One measure of each theme with its interval.

    Parameters
    ----------
    table : DataFrame
        Columns theme, measure, mean, low, high, as `topics.evaluation.scores` gives it.
    measure : str
        Which of its measures; with ``f1``, macro_f1 is the last row.
    names, colors, ax, title, rtl, language
        As in `topics.plots.theme_sizes`.

    Returns
    -------
    Axes
    """
    from matplotlib.ticker import MaxNLocator

    rows = table[table["measure"].isin([measure, f"macro_{measure}"])]
    rows = rows[rows["mean"].notna()]
    if rows.empty:
        others = ", ".join(dict.fromkeys(table["measure"]))
        raise PlotError(f"the table has no figure of {measure}; it has {others}")
    keys = [str(key) for key in rows["theme"]]
    known = rows["low"].notna().to_list()
    ends = rows[["mean", "low", "high"]].apply(lambda end: end.fillna(rows["mean"]))
    values = layout.finite(ends, "scores", ndim=2)
    reading = layout.way(layout.shown(keys, names), rtl, language)
    ax = new_axes(ax, 1.5 + 0.62 * len(keys))
    shades = layout.colors_of([key if key != "*" else "none" for key in keys], colors)
    for place, ((mean, low, high), color) in enumerate(zip(values, shades, strict=True)):
        ax.hlines(place, low, high, color=color, linewidth=3.5)
        ax.plot(mean, place, "o", color=color, markersize=8)
        text = f"{mean:.2f} [{low:.2f}, {high:.2f}]" if known[place] else f"{mean:.2f}"
        ax.annotate(text, (mean, place), (0, 8), textcoords="offset points", ha="center", fontsize=10.5)
    ax.set_yticks(range(len(keys)), layout.shown(keys, names, reading))
    ax.set_ylim(len(keys) - 0.5, -0.75)
    ax.tick_params(axis="y", length=0)
    low, high = values.min(), values.max()
    room = 0.28 * max(high - low, 0.2)
    # A score is at most 1, and so is the axis but for the width of a mark.
    ax.set_xlim(low - room, min(high + room, 1.01) if high <= 1 else high + room)
    ax.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    ax.grid(visible=True, axis="x", linewidth=0.8)
    if reading.rtl:
        layout.mirror(ax)
    return layout.finish(ax, reading, title=title, xlabel=measure)


@draws
def confusion(
    table: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> Axes:
    """Articles by the primary theme they have and the one they got.

    Parameters
    ----------
    table : DataFrame of shape (n_labels, n_labels)
        As `topics.evaluation.confusion` gives it.
    names, ax, title, rtl, language
        As in `topics.plots.theme_sizes`.

    Returns
    -------
    Axes
    """
    ax, reading = _heat(table, names, ax, rtl, language)
    return layout.finish(ax, reading, title=title, xlabel="sorted_into", ylabel="is")


@draws
def cooccurrence(
    table: pd.DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> Axes:
    """Articles that carry both of two themes; on the diagonal, one.

    Parameters
    ----------
    table : DataFrame of shape (n_themes, n_themes)
        As `topics.evaluation.cooccurrence` gives it.
    names, ax, title, rtl, language
        As in `topics.plots.theme_sizes`.

    Returns
    -------
    Axes
    """
    ax, reading = _heat(table, names, ax, rtl, language)
    return layout.finish(ax, reading, title=title)


@draws
def precision_recall(
    curves: Mapping[str, pd.DataFrame],
    *,
    names: Mapping[str, str] | None = None,
    colors: Mapping[str, str | None] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> Axes:
    """Precision against recall of each theme as its threshold falls.

    Parameters
    ----------
    curves : mapping of str to DataFrame
        Theme key to columns recall and precision, as `topics.evaluation.precision_recall` gives them.
    names, colors, ax, title, language
        As in `topics.plots.theme_sizes`.
    rtl : bool, optional
        Legend and title from the right; the axes of curves are never mirrored.

    Returns
    -------
    Axes
    """
    ax, reading, rows = _curves(curves, names, colors, ax, rtl, language)
    for table, color, name in rows:
        steps = table[~table["recall"].duplicated()]  # what follows at equal recall only loses precision
        ax.step(steps["recall"], steps["precision"], where="pre", color=color, label=name)
    layout.unit_axes(ax)
    layout.legend(ax, reading, loc="lower left")
    return layout.finish(ax, reading, title=title, xlabel="recall", ylabel="precision")


@draws
def reliability(
    bins: Mapping[str, pd.DataFrame],
    *,
    names: Mapping[str, str] | None = None,
    colors: Mapping[str, str | None] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> Axes:
    """The share of articles that carry a theme against the probability they got, with intervals.

    Parameters
    ----------
    bins : mapping of str to DataFrame
        Theme key to columns predicted, observed, observed_low and observed_high, as the ``bins`` of
        `topics.evaluation.reliability`.
    names, colors, ax, title, rtl, language
        As in `precision_recall`.

    Returns
    -------
    Axes
    """
    ax, reading, rows = _curves(bins, names, colors, ax, rtl, language)
    ax.plot([0, 1], [0, 1], "--", color=NONE_COLOR, linewidth=1.2, label=reading.word("calibrated"))
    for table, color, name in rows:
        ax.vlines(table["predicted"], table["observed_low"], table["observed_high"], color=color, alpha=0.55)
        ax.plot(table["predicted"], table["observed"], "o-", color=color, label=name, markersize=6)
    layout.unit_axes(ax)
    layout.legend(ax, reading, loc="upper left")
    return layout.finish(ax, reading, title=title, xlabel="probability", ylabel="observed")


@draws
def risk_coverage(
    coverage: Sequence[float] | layout.Array,
    risk: Sequence[float] | layout.Array,
    *,
    random: float | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> Axes:
    """The share of errors among the articles decided, surest first.

    Parameters
    ----------
    coverage, risk : array-like of shape (n_articles,)
        As `topics.evaluation.risk_coverage` gives them.
    random : float, optional
        Risk of abstaining at random, by default that of deciding all.
    ax, title, rtl, language
        As in `precision_recall`.

    Returns
    -------
    Axes
    """
    x, y = layout.finite(coverage, "coverage"), layout.finite(risk, "risk")
    layout.same_length(x, y, "coverage and risk")
    reading = layout.way([], rtl, language)
    ax = new_axes(ax)
    ax.axhline(y[-1] if random is None else random, color=NONE_COLOR, linestyle="--", label=reading.word("random"))
    ax.plot(x, y, color=PLAIN, label=reading.word("model"))
    ax.set(xlim=(0, 1.01), ylim=(0, max(float(y.max()), 0.01) * 1.3))
    ax.grid(visible=True, linewidth=0.8)
    layout.legend(ax, reading, loc="upper center", n_columns=2)
    return layout.finish(ax, reading, title=title, xlabel="coverage", ylabel="risk")


@draws
def theme_strip(
    probabilities: Sequence[Sequence[float]] | layout.Array | pd.DataFrame,
    themes: Sequence[str],
    *,
    sizes: Sequence[float] | layout.Array | None = None,
    names: Mapping[str, str] | None = None,
    colors: Mapping[str, str | None] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> Axes:
    """Where in an article its themes stand: one row a theme, one field a paragraph, stronger when surer.

    Parameters
    ----------
    probabilities : array-like of shape (n_paragraphs, n_themes)
        Probability of each theme in each paragraph, in the order of reading.
    themes : sequence of str of length n_themes
        Theme keys.
    sizes : array-like of shape (n_paragraphs,), optional
        Length of each paragraph in characters: the width of its field.
    names, colors, ax, title, rtl, language
        As in `topics.plots.theme_sizes`.

    Returns
    -------
    Axes
    """
    from matplotlib.colors import to_rgb

    chance = layout.finite(probabilities, "probabilities", ndim=2)
    layout.same_length(chance.T, themes, "columns of probabilities and themes")
    widths = np.ones(len(chance)) if sizes is None else layout.finite(sizes, "sizes")
    layout.same_length(chance, widths, "probabilities and sizes")
    if chance.min() < 0 or chance.max() > 1 or widths.min() <= 0:
        raise PlotError("probabilities lie within 0 and 1, and a paragraph has a length above 0")
    reading = layout.way(layout.shown(themes, names), rtl, language)
    ax = new_axes(ax, 1.4 + 0.5 * len(themes))
    ends = np.cumsum(widths) / widths.sum()
    starts = ends - widths / widths.sum()
    for row, color in enumerate(layout.colors_of(themes, colors)):
        shades = [(*to_rgb(color), value) for value in chance[:, row]]
        ax.barh(
            np.full(len(starts), row),
            ends - starts,
            left=starts,
            height=0.8,
            color=shades,
            edgecolor=color,
            linewidth=0.8,
        )
    ax.set_yticks(range(len(themes)), layout.shown(themes, names, reading))
    ax.set(xlim=(-0.004, 1.004), ylim=(len(themes) - 0.5, -0.5))
    _paragraph_ticks(ax, (starts + ends) / 2)
    ax.tick_params(length=0)
    if reading.rtl:
        layout.mirror(ax)
    ax.spines[:].set_visible(False)
    return layout.finish(ax, reading, title=title, xlabel="paragraph")


@draws
def span_weights(
    terms: Sequence[str],
    weights: Sequence[float] | layout.Array,
    *,
    n: int = 12,
    color: str | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> Axes:
    """Why an article got a theme: what its words add to the decision value, and what they take away.

    Parameters
    ----------
    terms : sequence of str of length n_spans
        Words as the author wrote them.
    weights : array-like of shape (n_spans,)
        What each adds; negative ones speak against the theme.
    n : int
        How many are shown, largest first whatever their sign.
    color : str, optional
        Of what speaks for the theme, as `topics.plots.theme_colors` gives it.
    ax, title, rtl, language
        As in `topics.plots.theme_sizes`.

    Returns
    -------
    Axes
    """
    values = layout.finite(weights, "weights")
    layout.same_length(terms, values, "terms and weights")
    order = np.argsort(-np.abs(values), kind="stable")[:n]
    values, words = values[order], [label(terms[place]) for place in order]
    reading = layout.way(words, rtl, language)
    ax = new_axes(ax, 1.3 + 0.36 * len(words), layout.wide_for(words))
    shades = [(color or PLAIN) if value >= 0 else NONE_COLOR for value in values]
    places = np.arange(len(values))
    ax.barh(places, values, color=shades, height=0.72)
    decimals = 2 if np.abs(values).max() >= 0.5 else 3
    for place, value in zip(places, values, strict=True):
        side, gap = ("left", 4) if (value >= 0) != reading.rtl else ("right", -4)
        text = f"{value:+.{decimals}f}".replace("-", "\N{MINUS SIGN}")
        ax.annotate(text, (value, place), (gap, 0), textcoords="offset points", va="center", ha=side)
    ax.axvline(0, color=NONE_COLOR, linewidth=1)
    ax.set_yticks(places, words)
    ax.tick_params(axis="y", length=0)
    span = max(values.max(), 0.0) - min(values.min(), 0.0) or 1.0
    ax.set_xlim(min(values.min(), 0.0) - 0.2 * span * (values.min() < 0), max(values.max(), 0.0) + 0.2 * span)
    ax.invert_yaxis()
    if reading.rtl:
        layout.mirror(ax)
    return layout.finish(ax, reading, title=title, xlabel="weight")


def _heat(
    table: pd.DataFrame, names: Mapping[str, str] | None, ax: Axes | None, rtl: bool | None, language: str | None
) -> tuple[Axes, layout.Way]:
    """A table of counts, themes on both sides."""
    values = layout.finite(table.to_numpy(), "table", ndim=2)
    rows, columns = [[str(key) for key in side] for side in (table.index, table.columns)]
    reading = layout.way(layout.shown(rows + columns, names), rtl, language)
    ax = layout.heat(ax, values, layout.shown(rows, names, reading), layout.shown(columns, names, reading), reading)
    return ax, reading


def _curves(
    tables: Mapping[str, pd.DataFrame],
    names: Mapping[str, str] | None,
    colors: Mapping[str, str | None] | None,
    ax: Axes | None,
    rtl: bool | None,
    language: str | None,
) -> tuple[Axes, layout.Way, list[tuple[pd.DataFrame, str, str]]]:
    """Axes for one curve a theme, and each theme's table, color and name."""
    if not tables or any(table.empty for table in tables.values()):
        raise PlotError("there is a theme without a curve, or no theme; hand in one table a theme")
    keys = [str(key) for key in tables]
    reading = layout.way(layout.shown(keys, names), rtl, language)
    rows = zip(tables.values(), layout.colors_of(keys, colors), layout.shown(keys, names, reading), strict=True)
    return new_axes(ax, 4.6), reading, list(rows)


def _paragraph_ticks(ax: Axes, middles: layout.Array) -> None:
    """Numbers of the paragraphs, at most twelve."""
    step = -(-len(middles) // 12)
    places = np.arange(0, len(middles), step)
    ax.set_xticks(middles[places], [str(place + 1) for place in places])
