"""What topics are made of, how large they are, and which lie near each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.errors import PlotError
from topics.plots import layout
from topics.plots.style import PLAIN, draws, grid_color, ground_color, label, new_axes

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@draws
def top_terms(
    terms: Sequence[str],
    weights: Sequence[float] | layout.Array,
    *,
    corpus: Sequence[float] | layout.Array | None = None,
    color: str | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    xlabel: str = "term_probability",
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> Axes:
    """The terms of one topic with their weights, in the order given.

    Parameters
    ----------
    terms : sequence of str of length n
        Terms in the spelling that people read.
    weights : array-like of shape (n,)
        Probability, relevance or FREX of each; not negative.
    corpus : array-like of shape (n,), optional
        What each weighs in all articles, on the same scale: a mark across its bar. A bar far longer than up to its
        mark is a term of the topic's own.
    color : str, optional
        Of the bars.
    ax, title, rtl, language
        As in `topics.plots.theme_sizes`.
    xlabel : str
        What the weights are; a text of your own, or ``term_probability`` or ``weight``.

    Returns
    -------
    Axes
    """
    values = layout.finite(weights, "weights")
    layout.same_length(terms, values, "terms and weights")
    reading = layout.way(terms, rtl, language)
    ax = new_axes(ax, 1.3 + 0.36 * len(values), layout.wide_for(terms))
    _term_bars(ax, terms, values, color or PLAIN, reading)
    if corpus is not None:
        _mark_corpus(ax, layout.finite(corpus, "corpus"), values, reading)
    return layout.finish(ax, reading, title=title, xlabel=xlabel)


@draws
def topic_grid(
    terms: Sequence[Sequence[str]],
    weights: Sequence[Sequence[float]] | layout.Array,
    *,
    titles: Sequence[str] | None = None,
    colors: Sequence[str] | None = None,
    n_columns: int = 3,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> list[Axes]:
    """The top terms of several topics side by side, the first where reading begins.

    Parameters
    ----------
    terms : sequence of sequence of str
        Top terms of each topic.
    weights : sequence of array-like
        Their weights.
    titles : sequence of str of length n_topics, optional
        Names of the topics; their numbers when left out.
    colors : sequence of str of length n_topics, optional
        Of the bars.
    n_columns : int
        Topics in a row.
    rtl, language
        As in `topics.plots.theme_sizes`.

    Returns
    -------
    list of Axes
        One a topic, in order.
    """
    layout.same_length(terms, weights, "terms and weights")
    if not len(terms) or n_columns < 1:
        raise PlotError("there is no topic to draw, or no column to draw it in")
    reading = layout.way([term for topic in terms for term in topic], rtl, language)
    names = titles if titles is not None else [f"{reading.word('topic')} {k}" for k in range(len(terms))]
    layout.same_length(terms, names, "terms and titles")
    width = layout.wide_for([term for topic in terms for term in topic], 3.3, 2.0)
    panels = layout.panels(len(terms), n_columns, reading, (width, 0.8 + 0.3 * max(map(len, terms))))
    for index, ax in enumerate(panels):
        values = layout.finite(weights[index], f"weights of topic {index}")
        layout.same_length(terms[index], values, f"terms and weights of topic {index}")
        _term_bars(ax, terms[index], values, PLAIN if colors is None else colors[index], reading, figures=False)
        layout.finish(ax, reading, title=names[index])
    return panels


@draws
def topic_sizes(
    shares: Sequence[float] | layout.Array,
    labels: Sequence[str],
    *,
    colors: Sequence[str] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> Axes:
    """How much of the corpus each topic takes, as bars in percent.

    Parameters
    ----------
    shares : array-like of shape (n_topics,)
        Mean of the topic over the articles' mixtures, as a probability.
    labels : sequence of str of length n_topics
        Names of the topics.
    colors : sequence of str of length n_topics, optional
        Of the bars.
    ax, title, rtl, language
        As in `topics.plots.theme_sizes`.

    Returns
    -------
    Axes
    """
    values = layout.finite(shares, "shares")
    layout.same_length(values, labels, "shares and labels")
    reading = layout.way(labels, rtl, language)
    ax = new_axes(ax, 1.3 + 0.42 * len(values), layout.wide_for(labels))
    shades = [PLAIN] * len(values) if colors is None else list(colors)
    layout.bars(ax, [label(name) for name in labels], 100 * values, shades, reading, style="{:.1f}%")
    return layout.finish(ax, reading, title=title, xlabel="share")


@draws
def topic_map(
    topic_terms: Sequence[Sequence[float]] | layout.Array,
    *,
    shares: Sequence[float] | layout.Array | None = None,
    labels: Sequence[str] | None = None,
    colors: Sequence[str] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> Axes:
    """Topics as circles, near where they use the same terms, by classical scaling of Jensen-Shannon distances.

    Parameters
    ----------
    topic_terms : array-like of shape (n_topics, n_terms)
        P(term | topic), or weights that are scaled to it.
    shares : array-like of shape (n_topics,), optional
        Size of each topic: the area of its circle.
    labels : sequence of str of length n_topics, optional
        Names of the topics; their numbers when left out.
    colors : sequence of str of length n_topics, optional
        Of the circles.
    ax, title, rtl, language
        As in `topics.plots.theme_sizes`. The map itself is not mirrored: left and right mean nothing on it.

    Returns
    -------
    Axes
    """
    places = positions(topic_terms)
    sizes = np.ones(len(places)) if shares is None else layout.finite(shares, "shares")
    names = [str(k) for k in range(len(places))] if labels is None else [label(name, 36) for name in labels]
    layout.same_length(places, sizes, "topics and shares")
    layout.same_length(places, names, "topics and labels")
    reading = layout.way(names, rtl, language)
    ax = new_axes(ax, 5.2, 7.4)
    radii = 34 * np.sqrt(sizes / (sizes.max() or 1.0)) / 2 + 3
    shades = [PLAIN] * len(places) if colors is None else list(colors)
    ax.scatter(
        places[:, 0], places[:, 1], s=(2 * radii) ** 2, c=shades, alpha=0.75, edgecolors=ground_color(), linewidths=1
    )
    ax.axhline(0, color=grid_color(), linewidth=0.8, zorder=0)
    ax.axvline(0, color=grid_color(), linewidth=0.8, zorder=0)
    ax.margins(0.2)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    layout.finish(ax, reading, title=title)
    _name_circles(ax, places, radii, names)
    return ax


@draws
def topic_themes(
    table: pd.DataFrame,
    *,
    topics: Mapping[Any, str] | None = None,
    names: Mapping[str, str] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
    rtl: bool | None = None,
    language: layout.Language | None = None,
) -> Axes:
    """How much of each topic the articles of each theme hold.

    Parameters
    ----------
    table : DataFrame of shape (n_topics, n_themes)
        Mean mixture of the articles of a theme (column) in a topic (row).
    topics : mapping, optional
        Row of the table to the name that is shown.
    names : mapping of str to str, optional
        Theme key to the name that is shown.
    ax, title, rtl, language
        As in `topics.plots.theme_sizes`.

    Returns
    -------
    Axes
    """
    values = layout.finite(table.to_numpy(), "table", ndim=2)
    rows = [label((topics or {}).get(key, key)) for key in table.index]
    keys = [str(key) for key in table.columns]
    reading = layout.way([*rows, *layout.shown(keys, names)], rtl, language)
    ax = layout.heat(ax, values, rows, layout.shown(keys, names, reading), reading, style="{:.2f}")
    return layout.finish(ax, reading, title=title, xlabel="theme", ylabel="topic")


def positions(topic_terms: Any) -> layout.Array:
    """Two coordinates a topic, shape (n_topics, 2): classical scaling, each axis' farthest topic positive."""
    weights = layout.finite(topic_terms, "topic_terms", ndim=2)
    if weights.min() < 0 or not weights.sum(axis=1).all():
        raise PlotError("topic_terms holds a negative weight or a topic without any; hand in P(term | topic)")
    p = weights / weights.sum(axis=1, keepdims=True)
    # Squared Jensen-Shannon distance: entropy of the mixture less the mean entropy of the two.
    entropy = _entropy(p)
    squared = np.array([_entropy((row + p) / 2) - (_entropy(row) + entropy) / 2 for row in p])
    squared = np.maximum((squared + squared.T) / 2, 0)
    middle = np.eye(len(p)) - 1 / len(p)
    values, vectors = np.linalg.eigh(-middle @ squared @ middle / 2)
    found = np.zeros((len(p), 2))
    for axis, column in enumerate(range(len(p) - 1, max(len(p) - 3, -1), -1)):
        place = vectors[:, column] * np.sqrt(max(values[column], 0.0))
        # Rounded before comparing, so that a tie falls to the first topic on every machine.
        farthest = place[np.argmax(np.abs(place).round(9))]
        found[:, axis] = place if farthest >= 0 else -place
    return found


def _entropy(p: layout.Array) -> layout.Array:
    """In nats, of the last axis."""
    found: layout.Array = -np.sum(p * np.log(np.where(p > 0, p, 1.0)), axis=-1)
    return found


def _term_bars(
    ax: Axes, terms: Sequence[str], values: layout.Array, color: str, reading: layout.Way, *, figures: bool = True
) -> None:
    if values.min() < 0:
        raise PlotError("a weight of a top term is negative; span_weights draws those")
    words = [label(term) for term in terms]
    layout.bars(
        ax,
        words,
        values,
        [color] * len(values),
        reading,
        style=("{:,.0f}" if values.max() > 1 else "{:.3f}") if figures else "",
        n_ticks=5 if figures else 3,
    )


def _mark_corpus(ax: Axes, marks: layout.Array, values: layout.Array, reading: layout.Way) -> None:
    """A line across each bar, white on it and gray beyond it, and what it means."""
    import matplotlib as mpl

    layout.same_length(values, marks, "weights and corpus")
    places = np.arange(len(marks))
    for width, color in ((4.5, ground_color()), (2.0, mpl.rcParams["text.color"])):
        ax.vlines(marks, places - 0.36, places + 0.36, color=color, linewidth=width)
    ax.plot([], [], "|", color=mpl.rcParams["text.color"], markersize=12, label=reading.word("in_corpus"))
    bottom, top = ax.get_ylim()
    ax.set_ylim(bottom, top - 0.9)
    far = max(float(marks.max()) * 1.05, *ax.get_xlim())
    ax.set_xlim((far, 0) if reading.rtl else (0, far))
    layout.legend(ax, reading, loc=f"upper {reading.end}")


def _name_circles(ax: Axes, places: layout.Array, radii: layout.Array, names: Sequence[str]) -> None:
    """A name beside each circle, at the first of some places where it covers no other name or circle."""
    from matplotlib.transforms import Bbox

    figure = ax.get_figure(root=True)
    if figure is None:
        return
    figure.draw_without_rendering()
    pixel = figure.dpi / 72
    centers = ax.transData.transform(places)
    taken = [Bbox.from_bounds(x - r, y - r, 2 * r, 2 * r) for (x, y), r in zip(centers, radii * pixel, strict=True)]
    inside = ax.get_window_extent()
    for place, radius, name in zip(places, radii, names, strict=True):
        # Written invisibly at the circle to be measured, then again where there is room.
        trial = ax.annotate(name, place, ha="center", va="center", fontsize=11)
        own = trial.get_window_extent()
        trial.remove()
        shifts = _around(radius, np.array([own.width, own.height]) / 2 / pixel)
        boxes = [own.translated(*(shift * pixel)) for shift in shifts]
        costs = [
            sum(_shared(box, other) for other in taken) + 3 * (own.width * own.height - _shared(box, inside))
            for box in boxes
        ]
        best = int(np.argmin(np.round(costs)))  # the nearest of equally good ones
        leader = {"arrowstyle": "-", "color": "#808080", "shrinkA": 0, "shrinkB": 0} if best >= 8 else None
        ax.annotate(
            name,
            place,
            tuple(shifts[best]),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=11,
            arrowprops=leader,
        )
        taken.append(boxes[best])


def _around(radius: float, half: layout.Array) -> list[layout.Array]:
    """Middles of a label of that half width and height around a circle, in points: eight near, then farther."""
    sides = [(0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1)]
    return [np.array(side) * (radius * reach + 2 + half) for reach in (1.0, 1.7, 2.5, 3.5) for side in sides]


def _shared(first: Any, second: Any) -> float:
    """Area that two boxes share, in square pixels."""
    width = min(first.x1, second.x1) - max(first.x0, second.x0)
    height = min(first.y1, second.y1) - max(first.y0, second.y0)
    return float(max(width, 0.0) * max(height, 0.0))
