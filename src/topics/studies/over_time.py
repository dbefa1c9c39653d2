"""How large topics are by month, newspaper or any column, as stm's estimateEffect does it.

A mixture is itself an estimate. So the method of composition is used (Treier and Jackman 2008; Roberts et al. 2016):
each draw takes every article's mixture from its posterior, regresses it on the covariates, and takes coefficients from
theirs; intervals are over draws, and hold both kinds of doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.corpus.article import Article, as_articles
from topics.errors import SettingsError, suggest
from topics.estimators.kernels import infer_gammas, topic_weights
from topics.features.matrix import batches
from topics.models.scoring import part_of
from topics.studies.shares import ALL
from topics.studies.showing import Table

if TYPE_CHECKING:
    from topics.estimators.shapes import Array, Integers
    from topics.models.topics import TopicModel


def topic_prevalence(
    model: TopicModel, articles: Any, by: str | None = "month", *, control: str | Sequence[str] = (),
    versus: str | None = None, n_draws: int = 200, level: float = 0.95, random_state: int = 0,
) -> Table:  # fmt: skip
    """The expected share of each topic in an article of each part, with intervals.

    Parameters
    ----------
    model : TopicModel
        Whose topics.
    articles : Corpus, articles or path
        Taken for a sample of what their newspapers print.
    by : {"month", "year", "source"} or an own column, optional
        The parts; None for all articles together, the part "*".
    control : such a name or a sequence of them
        What else is held at its mean over the articles: ``by="month", control="source"`` compares months as if each had
        the same newspapers.
    versus : str, optional
        A part; shares then are differences from it.
    n_draws, level, random_state
        Of the method of composition.

    Returns
    -------
    Table
        One row a part and topic: part, topic, name, n (articles), share, low, high (cut off at 0 and 1).

    Raises
    ------
    SettingsError
        No article, more parts than articles can tell apart, or a part that does not exist.
    """
    listed = list(as_articles(articles))
    parts, labels = _coded([ALL if by is None else part_of(article, by) for article in listed])
    if versus is not None and versus not in parts:
        raise SettingsError(f"no article is of {versus!r} by {by}{suggest(versus, parts)}")
    design = _design(listed, labels, len(parts), [control] if isinstance(control, str) else list(control))
    weights = topic_weights(model.components)
    gammas = np.concatenate([infer_gammas(model.matrix.transform(b), weights, model.alpha) for b in batches(listed)])
    shares, draws = _composition(gammas, design, len(parts), n_draws, np.random.default_rng(random_state))
    if versus is not None:
        base = parts.index(versus)
        shares, draws = shares - shares[base], draws - draws[:, base : base + 1]
    # The regression does not know that a share is none below 0 or above 1; who reads the interval does.
    draws = np.clip(draws, 0.0 if versus is None else -1.0, 1.0)
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=0)
    sizes, names = np.bincount(labels, minlength=len(parts)), model.names
    rows = [
        (part, k, names[k], int(sizes[p]), float(shares[p, k]), float(low[p, k]), float(high[p, k]))
        for p, part in enumerate(parts)
        for k in range(len(names))
        if part != versus
    ]
    columns = ["part", "topic", "name", "n", "share", "low", "high"]
    overall = gammas / gammas.sum(axis=1, keepdims=True)
    level_of = np.zeros(len(names)) if versus is not None else overall.mean(axis=0)
    return Table(rows, columns=columns, verdict=_in_words(rows, level_of, by, versus))


def _coded(values: Sequence[str]) -> tuple[list[str], Integers]:
    """The distinct values in order, and the number of each."""
    kinds = sorted(set(values))
    place = {value: number for number, value in enumerate(kinds)}
    return kinds, np.array([place[value] for value in values], np.int64)


def _design(articles: Sequence[Article], labels: Integers, n_parts: int, control: Sequence[str]) -> Array:
    """A column a part, then the controls' values but the first, each less its mean: shape (n_articles, n_columns)."""
    blocks = [np.eye(n_parts)[labels]]
    for name in control:
        kinds, own = _coded([part_of(article, name) for article in articles])
        block = np.eye(len(kinds))[own][:, 1:]
        blocks.append(block - block.mean(axis=0))
    design = np.concatenate(blocks, axis=1)
    n_articles, n_columns = design.shape
    if n_articles <= n_columns:
        raise SettingsError(
            f"{n_articles} articles cannot tell {n_columns} shares apart; choose larger parts, or give more"
        )
    if np.linalg.matrix_rank(np.einsum("na,nb->ab", design, design)) < n_columns:
        raise SettingsError(
            f"{', '.join(control)} and the parts cannot be told apart: one decides the other; leave it out of control"
        )
    return design


def _composition(
    gammas: Array, design: Array, n_parts: int, n_draws: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Shares, shape (n_parts, n_topics), and their draws, shape (n_draws, n_parts, n_topics)."""
    # Sums by einsum: the last bits of BLAS depend on the number of threads.
    cross = np.einsum("na,nb->ab", design, design)
    inverse = np.linalg.inv(cross)
    half = np.linalg.cholesky(inverse)
    free = len(design) - design.shape[1]

    def fitted(mixtures: Array) -> Array:
        return np.asarray(np.einsum("ab,bk->ak", inverse, np.einsum("na,nk->ak", design, mixtures)))

    draws = np.empty((n_draws, n_parts, gammas.shape[1]))
    for draw in range(n_draws):
        mixtures = rng.standard_gamma(gammas)
        mixtures /= np.maximum(mixtures.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
        coefficients = fitted(mixtures)
        explained = np.einsum("ak,ab,bk->k", coefficients, cross, coefficients)
        noise = np.sqrt(np.maximum((mixtures**2).sum(axis=0) - explained, 0.0) / free)
        moved = np.einsum("ab,bk->ak", half, rng.standard_normal(coefficients.shape)) * noise
        draws[draw] = (coefficients + moved)[:n_parts]
    return fitted(gammas / gammas.sum(axis=1, keepdims=True))[:n_parts], draws


def _in_words(rows: list[tuple[Any, ...]], level: Array, by: str | None, versus: str | None) -> str:
    if by is None or not rows:
        return ""
    apart = [row for row in rows if not row[5] <= level[row[1]] <= row[6]]
    what = f"from that of {versus}" if versus is not None else "from the topic's share over all"
    text = f"{len(apart)} of {len(rows)} shares by {by} differ {what}; about {len(rows) / 20:.0f} would by chance"
    if apart:
        most = max(apart, key=lambda row: (abs(row[4] - level[row[1]]), row[0]))
        text += f". The largest: topic {most[1]} in {most[0]}, {most[4]:.2f} [{most[5]:.2f}, {most[6]:.2f}]"
    return text + "."
