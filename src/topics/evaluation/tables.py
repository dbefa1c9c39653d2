"""Every measure of a sorting in one table, each with its interval; and the difference of two sortings.

All rows come from the same draws of articles, so differences are paired.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from topics.errors import SettingsError
from topics.evaluation import measures
from topics.evaluation.checks import Array, ArrayLike, Statistic, indicators, theme_names
from topics.evaluation.intervals import Score, bootstrap_weighted, sums
from topics.evaluation.themes import labels, primary_hits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

ALL = "*"
"""What stands in the column `theme` for a measure of all themes together; no theme can be called so."""

LONE = "one article, or one group of them, has no spread"
"""Why an interval is NaN."""

NOTHING_WRONG = "no article is wrong, so abstaining has nothing to win"

_FROM_CHOICES = (measures.PRECISION, measures.RECALL, measures.F1)
_FROM_CHANCES = (measures.AVERAGE_PRECISION, measures.BRIER, measures.BRIER_SKILL, measures.SLOPE)
_OVERALL = (measures.MACRO_F1, measures.SUBSET_ACCURACY)


class _Row(NamedTuple):
    theme: str
    measure: str
    missing: str
    n: int


class _Plan(NamedTuple):
    """Rows of a table and the statistic that gives their figures in the same order."""

    rows: list[_Row]
    statistic: Statistic


def scores(
    Y_true: ArrayLike,
    Y_pred: ArrayLike | None = None,
    P: ArrayLike | None = None,
    *,
    themes: Sequence[str] | None = None,
    primary: tuple[Sequence[str], Sequence[str]] | None = None,
    leave_out: ArrayLike | None = None,
    base_rate: ArrayLike | None = None,
    by: Sequence[Any] | None = None,
    groups: ArrayLike | None = None,
    n_draws: int = 1000,
    level: float = 0.95,
    random_state: int = 0,
) -> pd.DataFrame:
    """Every measure that the arrays allow, with its bootstrap interval over articles.

    Parameters
    ----------
    Y_true : array-like of shape (n_articles, n_themes)
        1 where an article carries a theme, else 0.
    Y_pred : array-like of shape (n_articles, n_themes), optional
        1 where it was sorted into it: gives precision, recall, f1, macro_f1, subset_accuracy.
    P : array-like of shape (n_articles, n_themes), optional
        Probabilities: give average_precision, brier, brier_skill, reliability_slope.
    themes : sequence of str, optional
        Names of the columns.
    primary : (sequence of str, sequence of str), optional
        True and found primary theme of each article: gives primary_accuracy.
    leave_out : array-like of shape (n_articles, n_themes), optional
        1 where a pair does not count, such as a contested label.
    base_rate : array-like of shape (n_themes,), optional
        What brier_skill is measured against; the share in `Y_true` when left out.
    by : sequence of length n_articles, optional
        Source, country or month of each article: one block of rows for each, in a first column ``by``.
    groups, n_draws, level, random_state
        As in `bootstrap`.

    Returns
    -------
    DataFrame
        Columns theme (``*`` for all together), measure, mean, low, high, n (articles that count) and
        note: why a figure or its interval is NaN, else empty.
    """
    import pandas as pd

    chosen = {"Y_true": Y_true, "Y_pred": Y_pred, "P": P, "leave_out": leave_out, "groups": groups}
    draws = (n_draws, level, random_state)
    if by is None:
        return _scores(chosen, primary, themes, base_rate, draws)
    blocks = []
    kinds = np.asarray([str(kind) for kind in by])
    _same_length(kinds, Y_true, "by")
    for kind in sorted(set(kinds)):
        where = np.flatnonzero(kinds == kind)
        part = {name: _rows_of(values, where) for name, values in chosen.items()}
        named = None if primary is None else tuple([side[i] for i in where] for side in map(list, primary))
        block = _scores(part, named, themes, base_rate, draws)
        block.insert(0, "by", kind)
        blocks.append(block)
    return pd.concat(blocks, ignore_index=True)


def differences(
    Y_true: ArrayLike,
    Y_pred: tuple[ArrayLike, ArrayLike] | None = None,
    P: tuple[ArrayLike, ArrayLike] | None = None,
    *,
    themes: Sequence[str] | None = None,
    primary: tuple[Sequence[str], Sequence[str], Sequence[str]] | None = None,
    leave_out: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    n_draws: int = 1000,
    level: float = 0.95,
    random_state: int = 0,
) -> pd.DataFrame:
    """How much higher the first of two sortings lies than the second, in every measure, paired by article.

    Parameters
    ----------
    Y_true : array-like of shape (n_articles, n_themes)
        1 where an article carries a theme, else 0.
    Y_pred : (array-like, array-like), optional
        What each of the two sorted, of shape (n_articles, n_themes).
    P : (array-like, array-like), optional
        Their probabilities, of shape (n_articles, n_themes).
    primary : (sequence of str, sequence of str, sequence of str), optional
        True primary themes, the first's and the second's.
    themes, leave_out, groups, n_draws, level, random_state
        As in `scores`.

    Returns
    -------
    DataFrame
        Columns as in `scores`; mean, low and high are of first minus second. Of brier, negative is better.
    """
    plans = []
    for side in range(2):
        data = labels(
            Y_true,
            Y_pred=None if Y_pred is None else Y_pred[side],
            P=None if P is None else P[side],
            leave_out=leave_out,
        )
        hits = None if primary is None else primary_hits(primary[0], primary[1 + side])
        plans.append(_plan(data, Y_pred is not None, P is not None, hits, themes))
    first, second = plans
    both = _Plan(first.rows, lambda weights: first.statistic(weights) - second.statistic(weights))
    return _table(both, len(data.truth), groups, (n_draws, level, random_state))


def with_rows(table: pd.DataFrame, found: Mapping[str, Score]) -> pd.DataFrame:
    """A table of scores with more measures of all themes together, NaN where one does not exist."""
    import pandas as pd

    rows = [
        (ALL, measure, *score[:3], score.n, NOTHING_WRONG if np.isnan(score.mean) else "")
        for measure, score in found.items()
    ]
    return pd.concat([table, pd.DataFrame(rows, columns=list(table.columns))], ignore_index=True)


def _scores(
    given: dict[str, Any],
    primary: tuple[Sequence[str], ...] | None,
    themes: Sequence[str] | None,
    base_rate: ArrayLike | None,
    draws: tuple[int, float, int],
) -> pd.DataFrame:
    Y_pred, P = given["Y_pred"], given["P"]
    data = labels(given["Y_true"], Y_pred=Y_pred, P=P, leave_out=given["leave_out"], base_rate=base_rate)
    hits = None if primary is None else primary_hits(primary[0], primary[1])
    plan = _plan(data, Y_pred is not None, P is not None, hits, themes)
    return _table(plan, len(data.truth), given["groups"], draws)


def _plan(
    data: measures.Labels, choices: bool, chances: bool, hits: Array | None, themes: Sequence[str] | None
) -> _Plan:
    """Which rows the given arrays allow, and the statistic that fills them."""
    if not choices and not chances and hits is None:
        raise SettingsError("nothing to compare Y_true with; hand in Y_pred, P or primary")
    names = theme_names(themes, data.truth.shape[1])
    counts = data.counts.sum(axis=0).astype(np.int64)
    each = (_FROM_CHOICES if choices else ()) + (_FROM_CHANCES if chances else ())
    rows = [_Row(name, m.name, m.missing, int(n)) for m in each for name, n in zip(names, counts, strict=True)]
    n_scored = int((data.counts.sum(axis=1) > 0).sum())
    overall = _OVERALL if choices else ()
    rows += [_Row(ALL, m.name, m.missing, n_scored) for m in overall]
    parts = [m.prepare(data) for m in (*each, *overall)]
    if hits is not None:
        if len(hits) != len(data.truth):
            raise SettingsError(f"{len(hits)} primary themes for {len(data.truth)} articles")
        rows.append(_Row(ALL, "primary_accuracy", "", len(hits)))
        parts.append(lambda weights: sums(weights, hits[:, None]) / weights.sum(axis=1, keepdims=True))
    return _Plan(rows, lambda weights: np.concatenate([part(weights) for part in parts], axis=1))


def _table(plan: _Plan, n_articles: int, groups: ArrayLike | None, draws: tuple[int, float, int]) -> pd.DataFrame:
    import pandas as pd

    n_draws, level, random_state = draws
    # One article, or one group, of a source: the figures stand, their spread is not known.
    alone = n_articles < 2 or (groups is not None and len({str(group) for group in groups}) < 2)
    if alone:
        estimate = plan.statistic(np.ones((1, n_articles)))[0]
        found = [Score(float(mean), np.nan, np.nan, n_articles) for mean in estimate]
    else:
        found = bootstrap_weighted(
            plan.statistic, n_articles, groups=groups, n_draws=n_draws, level=level, random_state=random_state
        )
    notes = [row.missing if np.isnan(score.mean) else LONE * alone for row, score in zip(plan.rows, found, strict=True)]
    records = [
        (row.theme, row.measure, *score[:3], row.n, note)
        for row, score, note in zip(plan.rows, found, notes, strict=True)
    ]
    return pd.DataFrame(records, columns=["theme", "measure", "mean", "low", "high", "n", "note"])


def _rows_of(values: ArrayLike | None, where: Any) -> ArrayLike | None:
    if values is None:
        return None
    return np.asarray(values.toarray() if hasattr(values, "toarray") else values)[where]


def _same_length(kinds: ArrayLike, Y_true: ArrayLike, name: str) -> None:
    n_articles = len(indicators(Y_true, "Y_true"))
    if len(kinds) != n_articles:
        raise SettingsError(f"{name} has {len(kinds)} entries for {n_articles} articles; one each")
