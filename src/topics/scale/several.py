"""Topics from several random states: each as the experiment with that one would find them; only topics are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from topics.scale.fitting import Fitted
from topics.scale.storage import Damaged, read_arrays, remove_folder, write_arrays
from topics.scale.tasks import Work

if TYPE_CHECKING:
    from topics.estimators.shapes import Array
    from topics.scale.learning import Learnt

Fit = Callable[[Work, list[str], int], Fitted]
"""Of work, files of `analysis.place` and a random state."""


def other_runs(work: Work, learnt: Learnt, first: int, n_runs: int, fit: Fit) -> list[Array]:
    """Topics from the random states after `first`.

    Parameters
    ----------
    first : int
        The random state that `learnt` was placed by.
    n_runs : int
        How many there are, the first included.
    fit : callable
        Finds topics.

    Returns
    -------
    list of ndarray of shape (n_topics, n_terms)
        P(term | topic) of each, without the first.
    """
    for run in range(1, n_runs):
        _run(work, learnt, run, first + run, fit)
    return [_topics(work, run) for run in range(1, n_runs)]


def _kept(work: Work, run: int) -> str:
    return work.path(f"run-{run:04d}.npz")


def _topics(work: Work, run: int) -> Array:
    components: Array = read_arrays(_kept(work, run), "components")["components"]
    components /= components.sum(axis=1, keepdims=True)
    return components


def _run(work: Work, learnt: Learnt, run: int, random_state: int, fit: Fit) -> None:
    """One of them, unless it is there; the counts it needs are placed anew, with its own tokens held out."""
    try:
        read_arrays(_kept(work, run), "alpha")
    except Damaged:
        name = f"run-{run:04d}"

        def tell(stage: str, done: int, total: int) -> None:
            work.tell(f"run {run + 1}: {stage}", done, total)

        own = replace(work.inside(name), tell=tell)
        placed, _ = learnt.known.place(own, random_state)
        found = fit(own, placed, random_state)
        kept = {"components": found.components, "alpha": found.alpha, "perplexities": np.array(found.perplexities)}
        write_arrays(_kept(work, run), kept)
    remove_folder(work.path(f"run-{run:04d}"))
