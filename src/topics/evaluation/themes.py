"""How well articles were sorted: measures over indicator matrices and probabilities.

Pairs of an article and a theme that people do not agree on are left out by a mask, not the whole
article. A figure that cannot exist is an error that says why. Each function gives the plain figure;
`topics.evaluation.scores` gives all of them with intervals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics.errors import SettingsError, TopicsError
from topics.evaluation import measures
from topics.evaluation.checks import (
    Array,
    ArrayLike,
    counted,
    indicators,
    label_list,
    numbers,
    probabilities,
    same_shape,
    theme_names,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


def precision(
    Y_true: ArrayLike,
    Y_pred: ArrayLike,
    *,
    themes: Sequence[str] | None = None,
    leave_out: ArrayLike | None = None,
) -> Array:
    """Of the articles sorted into a theme, the share that carries it.

    Parameters
    ----------
    Y_true, Y_pred : array-like of shape (n_articles, n_themes)
        1 where an article carries, or was sorted into, a theme; else 0.
    themes : sequence of str, optional
        Names of the columns, for messages.
    leave_out : array-like of shape (n_articles, n_themes), optional
        1 where a pair of an article and a theme does not count, such as a contested label.

    Returns
    -------
    ndarray of shape (n_themes,)
        Within 0 and 1.
    """
    return _chosen(measures.PRECISION, Y_true, Y_pred, themes, leave_out)


def recall(
    Y_true: ArrayLike,
    Y_pred: ArrayLike,
    *,
    themes: Sequence[str] | None = None,
    leave_out: ArrayLike | None = None,
) -> Array:
    """Of the articles that carry a theme, the share that was sorted into it.

    Parameters
    ----------
    Y_true, Y_pred, themes, leave_out
        As in `precision`.

    Returns
    -------
    ndarray of shape (n_themes,)
        Within 0 and 1.
    """
    return _chosen(measures.RECALL, Y_true, Y_pred, themes, leave_out)


def f1(
    Y_true: ArrayLike,
    Y_pred: ArrayLike,
    *,
    themes: Sequence[str] | None = None,
    leave_out: ArrayLike | None = None,
) -> Array:
    """Harmonic mean of precision and recall of each theme.

    Parameters
    ----------
    Y_true, Y_pred, themes, leave_out
        As in `precision`.

    Returns
    -------
    ndarray of shape (n_themes,)
        Within 0 and 1; 0 when no article is right, an error only when none carries the theme
        and none was sorted into it.
    """
    return _chosen(measures.F1, Y_true, Y_pred, themes, leave_out)


def macro_f1(
    Y_true: ArrayLike,
    Y_pred: ArrayLike,
    *,
    themes: Sequence[str] | None = None,
    leave_out: ArrayLike | None = None,
) -> float:
    """Mean of the themes' F1: a rare theme counts as much as a frequent one.

    Parameters
    ----------
    Y_true, Y_pred, themes, leave_out
        As in `precision`.

    Returns
    -------
    float
        Within 0 and 1.
    """
    return float(f1(Y_true, Y_pred, themes=themes, leave_out=leave_out).mean())


def subset_accuracy(Y_true: ArrayLike, Y_pred: ArrayLike, *, leave_out: ArrayLike | None = None) -> float:
    """Share of the articles that got exactly the themes they carry.

    Parameters
    ----------
    Y_true, Y_pred, leave_out
        As in `precision`. An article is judged by its pairs that count; one without any is left out.

    Returns
    -------
    float
        Within 0 and 1.
    """
    data = labels(Y_true, Y_pred=Y_pred, leave_out=leave_out)
    return float(measured(measures.SUBSET_ACCURACY, data, ["all themes"])[0])


def average_precision(
    Y_true: ArrayLike,
    P: ArrayLike,
    *,
    themes: Sequence[str] | None = None,
    leave_out: ArrayLike | None = None,
) -> Array:
    """Precision averaged over the steps of recall as the threshold falls: how good the order is.

    Parameters
    ----------
    Y_true : array-like of shape (n_articles, n_themes)
        1 where an article carries a theme, else 0.
    P : array-like of shape (n_articles, n_themes)
        Probability that it does.
    themes, leave_out
        As in `precision`.

    Returns
    -------
    ndarray of shape (n_themes,)
        Within 0 and 1; the theme's share of articles is what chance reaches.
    """
    return _chances(measures.AVERAGE_PRECISION, Y_true, P, themes, leave_out)


def brier(
    Y_true: ArrayLike,
    P: ArrayLike,
    *,
    themes: Sequence[str] | None = None,
    leave_out: ArrayLike | None = None,
) -> Array:
    """Mean squared distance of probability and label; smaller is better.

    Parameters
    ----------
    Y_true, P, themes, leave_out
        As in `average_precision`.

    Returns
    -------
    ndarray of shape (n_themes,)
        Within 0 and 1.
    """
    return _chances(measures.BRIER, Y_true, P, themes, leave_out)


def brier_skill(
    Y_true: ArrayLike,
    P: ArrayLike,
    *,
    base_rate: ArrayLike | None = None,
    themes: Sequence[str] | None = None,
    leave_out: ArrayLike | None = None,
) -> Array:
    """Share of the base rate's Brier score that the probabilities save: 1 is perfect, 0 no gain.

    Parameters
    ----------
    Y_true, P, themes, leave_out
        As in `average_precision`.
    base_rate : array-like of shape (n_themes,), optional
        Probability to beat, such as a theme's share in training; its share in `Y_true` when left out,
        which is the hardest to beat.

    Returns
    -------
    ndarray of shape (n_themes,)
        At most 1; negative when worse than the base rate.
    """
    data = labels(Y_true, P=P, leave_out=leave_out, base_rate=base_rate)
    return measured(measures.BRIER_SKILL, data, theme_names(themes, data.truth.shape[1]))


def primary_accuracy(primary_true: Sequence[str], primary_pred: Sequence[str]) -> float:
    """Share of the articles whose primary theme, or ``none``, is right.

    Parameters
    ----------
    primary_true, primary_pred : sequence of str of length n_articles
        A theme key or ``none``.

    Returns
    -------
    float
        Within 0 and 1.
    """
    return float(primary_hits(primary_true, primary_pred).mean())


def confusion(
    primary_true: Sequence[str], primary_pred: Sequence[str], *, order: Sequence[str] | None = None
) -> pd.DataFrame:
    """Articles by the primary theme they have (rows) and the one they got (columns).

    Parameters
    ----------
    primary_true, primary_pred : sequence of str of length n_articles
        A theme key or ``none``.
    order : sequence of str, optional
        Order of rows and columns; by default alphabetical with ``none`` last.

    Returns
    -------
    DataFrame of shape (n_labels, n_labels)
        Counts of articles; they sum to n_articles.
    """
    import pandas as pd

    true, pred = label_list(primary_true, "primary_true"), label_list(primary_pred, "primary_pred")
    primary_hits(true, pred)
    kinds = set(true) | set(pred)
    names = sorted(kinds, key=lambda kind: (kind == "none", kind)) if order is None else list(order)
    if unknown := sorted(kinds - set(names)):
        raise SettingsError(f"order leaves out {unknown[0]}, which articles have; name every label")
    place = {name: index for index, name in enumerate(names)}
    table = np.zeros((len(names), len(names)), dtype=np.int64)
    np.add.at(table, ([place[name] for name in true], [place[name] for name in pred]), 1)
    return pd.DataFrame(table, index=pd.Index(names, name="is"), columns=pd.Index(names, name="sorted into"))


def cooccurrence(Y: ArrayLike, *, themes: Sequence[str] | None = None) -> pd.DataFrame:
    """How many articles carry both of two themes; on the diagonal, how many carry one.

    Parameters
    ----------
    Y : array-like of shape (n_articles, n_themes)
        1 where an article carries a theme, else 0.
    themes : sequence of str, optional
        Names of the columns.

    Returns
    -------
    DataFrame of shape (n_themes, n_themes)
        Counts of articles; symmetric.
    """
    import pandas as pd

    array = indicators(Y, "Y").astype(np.int64)
    names = theme_names(themes, array.shape[1])
    return pd.DataFrame(array.T @ array, index=pd.Index(names), columns=pd.Index(names))


def labels(
    Y_true: ArrayLike,
    *,
    Y_pred: ArrayLike | None = None,
    P: ArrayLike | None = None,
    leave_out: ArrayLike | None = None,
    base_rate: ArrayLike | None = None,
) -> measures.Labels:
    """The checked arrays that measures work on; what is not given is zero."""
    truth = indicators(Y_true, "Y_true")
    chosen, chance, rate = np.zeros(truth.shape), np.zeros(truth.shape), None
    if Y_pred is not None:
        same_shape(truth, picked := indicators(Y_pred, "Y_pred"), "Y_true and Y_pred")
        chosen = picked.astype(np.float64)
    if P is not None:
        same_shape(truth, chance := probabilities(P, "P"), "Y_true and P")
    if base_rate is not None:
        rate = probabilities(base_rate, "base_rate", ndim=1)
        same_shape(truth[0], rate, "a row of Y_true and base_rate")
    return measures.Labels(truth.astype(np.float64), counted(leave_out, truth), chosen, chance, rate)


def measured(measure: measures.Measure, data: measures.Labels, names: Sequence[str]) -> Array:
    """The measure on the articles as they are; an error naming the first theme that has none."""
    values: Array = measure.prepare(data)(np.ones((1, len(data.truth))))[0]
    if (gone := np.isnan(values)).any():
        name = names[int(np.argmax(gone))]
        raise TopicsError(f"{measure.name} of {name} does not exist: {measure.missing}; leave the theme out")
    return values


def primary_hits(primary_true: Sequence[str], primary_pred: Sequence[str]) -> Array:
    """1.0 for each article whose primary theme is right, shape (n_articles,)."""
    true, pred = label_list(primary_true, "primary_true"), label_list(primary_pred, "primary_pred")
    if len(true) != len(pred):
        raise SettingsError(f"{len(true)} true and {len(pred)} found primary themes; hand in one an article")
    return numbers([a == b for a, b in zip(true, pred, strict=True)], "primary", ndim=1)


def _chosen(
    measure: measures.Measure,
    Y_true: ArrayLike,
    Y_pred: ArrayLike,
    themes: Sequence[str] | None,
    leave_out: ArrayLike | None,
) -> Array:
    data = labels(Y_true, Y_pred=Y_pred, leave_out=leave_out)
    return measured(measure, data, theme_names(themes, data.truth.shape[1]))


def _chances(
    measure: measures.Measure,
    Y_true: ArrayLike,
    P: ArrayLike,
    themes: Sequence[str] | None,
    leave_out: ArrayLike | None,
) -> Array:
    data = labels(Y_true, P=P, leave_out=leave_out)
    return measured(measure, data, theme_names(themes, data.truth.shape[1]))
