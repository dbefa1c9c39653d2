"""The same model trained again and again: on articles drawn anew, from another random start; and what that shows.

Copies of one text are drawn together, so that agency copy does not pass for agreement.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from tqdm import tqdm

from topics.estimators.shapes import Array, Integers
from topics.evaluation.intervals import Score


def drawn(groups: Integers, n_runs: int, random_state: int) -> list[Integers]:
    """For each run as many groups as there are, drawn with replacement: the rows of their articles, ascending.

    Parameters
    ----------
    groups : ndarray of shape (n_articles,)
        Numbers from 0; articles of one are drawn together.
    """
    rng = np.random.default_rng(random_state)
    n_groups = int(groups.max()) + 1
    times = [np.bincount(rng.integers(0, n_groups, n_groups), minlength=n_groups) for _ in range(n_runs)]
    return [np.repeat(np.arange(len(groups)), count[groups]) for count in times]


def next_run(values: Sequence[float] | Array, level: float = 0.95) -> Score:
    """The mean over runs, and where one more run on other articles from another start would fall (Student's t).

    A bootstrap of a handful of runs would be too narrow: five values cannot show what the sixth may be.
    """
    from scipy.stats import t

    array = np.asarray(values, np.float64)
    n, mean = len(array), float(np.mean(array))
    half = float(t.ppf(0.5 + level / 2, n - 1)) * float(np.std(array, ddof=1)) * (1 + 1 / n) ** 0.5
    return Score(mean, mean - half, mean + half, n)


def bar(items: Iterable[Any], name: str, total: int) -> Iterable[Any]:
    """A progress bar to stderr, on a terminal only; it leaves nothing behind."""
    size = shutil.get_terminal_size()
    return tqdm(items, name, total, disable=None, leave=False, ncols=min(size.columns - 1, 100), nrows=size.lines)
