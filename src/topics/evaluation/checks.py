"""Refuse what cannot be scored, before anything is computed; every message names the cause.

What passes is a plain array of the stated shape without NaN, so the measures need no checks of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from topics.errors import SettingsError, UnknownTerm

Array: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Integers: TypeAlias = npt.NDArray[np.int64]
ArrayLike: TypeAlias = Any  # a list, an array, a table of pandas or a matrix of scipy
Statistic: TypeAlias = Callable[[Array], Array]
"""From weights of shape (n_draws, n_articles), how often each article was drawn, to (n_draws, n_values)."""


def numbers(values: ArrayLike, name: str, *, ndim: int) -> Array:
    """Values as finite float64 of `ndim` axes, none of them empty."""
    if hasattr(values, "toarray"):
        values = values.toarray()
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise SettingsError(f"{name} holds something that is no number; hand in numbers only") from None
    if array.ndim != ndim:
        shape = ("a list of numbers", "one row an article and one column a theme")[ndim - 1]
        raise SettingsError(f"{name} has {array.ndim} axes where {ndim} are expected: {shape}")
    if not array.size:
        raise SettingsError(f"{name} is empty, shape {array.shape}; there is nothing to score")
    if not np.isfinite(array).all():
        raise SettingsError(f"{name} holds NaN or infinity; leave those articles out first")
    return array


def indicators(values: ArrayLike, name: str, *, ndim: int = 2) -> Flags:
    """Values as booleans; anything but 0, 1, True and False is refused."""
    array = numbers(values, name, ndim=ndim)
    if not np.isin(array, (0.0, 1.0)).all():
        odd = array[~np.isin(array, (0.0, 1.0))][0]
        raise SettingsError(f"{name} holds {odd:g} where 0 or 1 is expected: carries the theme, or not")
    flags: Flags = array == 1.0
    return flags


def probabilities(values: ArrayLike, name: str, *, ndim: int = 2) -> Array:
    """Values as float64 within 0 and 1."""
    array = numbers(values, name, ndim=ndim)
    if array.min() < 0.0 or array.max() > 1.0:
        odd = array.min() if array.min() < 0.0 else array.max()
        raise SettingsError(f"{name} holds {odd:g}, which is no probability; calibrate decision values first")
    return array


def same_shape(first: npt.NDArray[Any], second: npt.NDArray[Any], names: str) -> None:
    """Refuse two arrays of different shapes."""
    if first.shape != second.shape:
        raise SettingsError(f"{names} have shapes {first.shape} and {second.shape}; they must be equal")


def counted(leave_out: ArrayLike | None, like: npt.NDArray[Any]) -> Array:
    """1.0 where a pair counts, 0.0 where `leave_out` says it does not."""
    if leave_out is None:
        return np.ones(like.shape)
    left = indicators(leave_out, "leave_out", ndim=like.ndim)
    same_shape(left, like, "leave_out and the labels")
    return np.where(left, 0.0, 1.0)


def theme_names(themes: Sequence[str] | None, n_themes: int) -> list[str]:
    """The names of the columns, ``theme 0`` and so on where none are given."""
    if themes is None:
        return [f"theme {index}" for index in range(n_themes)]
    if len(themes) != n_themes:
        raise SettingsError(f"{len(themes)} theme names for {n_themes} columns; hand in one name a column")
    return [str(theme) for theme in themes]


def label_list(values: ArrayLike, name: str) -> list[str]:
    """Labels as strings, at least one."""
    if isinstance(values, str):
        raise SettingsError(f"{name} is one string; hand in a list with one label an article")
    labels = [str(value) for value in values]
    if not labels:
        raise SettingsError(f"{name} is empty; there is nothing to score")
    return labels


def term_lists(top_terms: Sequence[Sequence[str]], *, at_least: int = 1) -> list[list[str]]:
    """Top terms as lists, one a topic, without repeats within a topic."""
    if isinstance(top_terms, str) or any(isinstance(terms, str) for terms in top_terms):
        raise SettingsError("top_terms takes one list of terms a topic, not strings")
    topics = [list(terms) for terms in top_terms]
    if not topics:
        raise SettingsError("top_terms is empty; hand in one list of terms a topic")
    for index, terms in enumerate(topics):
        if len(terms) < at_least:
            raise SettingsError(f"topic {index} has {len(terms)} terms; at least {at_least} are needed")
        if len(set(terms)) < len(terms):
            raise SettingsError(f"topic {index} names a term twice; a term counts once")
    return topics


def known_terms(terms: Iterable[str], vocabulary: frozenset[str]) -> None:
    """Refuse terms that never occur in the reference."""
    if missing := sorted(set(terms) - vocabulary):
        raise UnknownTerm(
            f"{len(missing)} terms never occur in the reference corpus, e.g. {missing[0]}; "
            "prepare the reference with the same text settings, or take a larger one"
        )


def distributions(values: ArrayLike, name: str) -> Array:
    """Rows of weights as probabilities: not negative, scaled to sum to 1."""
    array = numbers(values, name, ndim=2)
    if array.min() < 0.0:
        raise SettingsError(f"{name} holds {array.min():g}; a topic's weights are not negative")
    sums = array.sum(axis=1, keepdims=True)
    if not sums.all():
        row = int(np.argmin(sums))
        raise SettingsError(f"row {row} of {name} is all zero; a topic has weight on some term")
    scaled: Array = array / sums
    return scaled
