"""Split articles with any number of themes into folds that look alike, near duplicates together.

Iterative stratification (Sechidis, Tsoumakas and Vlahavas 2011) over groups of articles: the rarest
theme is dealt out first, each group to the fold that still wants most of that theme.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from topics.estimators.shapes import Integers, Labels


def stratified_folds(
    Y: Labels,
    n_folds: int,
    *,
    groups: Labels = None,
    random_state: int = 0,
) -> Integers:
    """The fold of each article, from 0 to `n_folds` - 1.

    Parameters
    ----------
    Y : array-like of shape (n_articles, n_themes)
        1 where an article carries a theme, else 0.
    n_folds : int
        Not more than there are groups.
    groups : array-like of shape (n_articles,), optional
        Articles with equal values land in the same fold; by default each article is alone.
    random_state : int
        Orders what is otherwise equal.

    Returns
    -------
    ndarray of shape (n_articles,)
        No fold is empty.
    """
    members = _members(groups, len(Y))
    n_groups = int(members.max()) + 1
    if not 2 <= n_folds <= n_groups:
        raise ValueError(f"n_folds={n_folds} must lie between 2 and the number of groups, {n_groups}")
    labels = np.asarray(Y, dtype=np.int64)
    # The last column counts articles: it is dealt out last, and breaks ties before.
    carried = np.zeros((n_groups, labels.shape[1] + 1), dtype=np.int64)
    np.add.at(carried, members, np.column_stack([labels, np.ones(len(labels), dtype=np.int64)]))
    order = np.random.default_rng(random_state).permutation(n_groups)
    return _deal(carried, n_folds, order)[members]


def _members(groups: Labels, n_articles: int) -> Integers:
    if groups is None:
        return np.arange(n_articles)
    groups = np.asarray(groups)
    if groups.shape != (n_articles,):
        raise ValueError(f"groups of shape {groups.shape} cannot go with {n_articles} articles")
    _, members = np.unique(groups, return_inverse=True)
    return members.astype(np.int64)


def _deal(carried: Integers, n_folds: int, order: Integers) -> Integers:
    """The fold of each group; `carried` is (n_groups, n_themes + 1), `order` breaks ties between groups."""
    folds = np.full(len(carried), -1, dtype=np.int64)
    wanted = np.tile(carried.sum(axis=0) / n_folds, (n_folds, 1))
    while (open_groups := order[folds[order] < 0]).size:
        left = carried[open_groups].sum(axis=0)[:-1]
        theme = int(np.argmin(np.where(left > 0, left, np.iinfo(np.int64).max))) if left.any() else -1
        holders = open_groups[carried[open_groups, theme] > 0]
        # Large groups first: small ones can still even out what they did.
        for group in holders[np.argsort(-carried[holders, theme], kind="stable")]:
            fold = int(np.lexsort((-wanted[:, -1], -wanted[:, theme]))[0])
            folds[group] = fold
            wanted[fold] -= carried[group]
    return _fill(folds, carried, n_folds)


def _fill(folds: Integers, carried: Integers, n_folds: int) -> Integers:
    """Give each empty fold the smallest group of the fold that has most groups."""
    for fold in np.setdiff1d(np.arange(n_folds), folds):
        crowded = np.flatnonzero(folds == np.argmax(np.bincount(folds, minlength=n_folds)))
        folds[crowded[np.argmin(carried[crowded, -1])]] = fold
    return folds
