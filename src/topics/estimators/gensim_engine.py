"""Genuine gensim training (Hoffman, Blei and Bach 2010) whose E-step is the compiled kernel.

Everything else is gensim's own code: schedule, M-step, prior of the mixtures. The kernel starts from
the random gamma that gensim draws, in float64, and ends within 1e-6 of what gensim would give.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from gensim.models import LdaModel
from gensim.models.callbacks import Metric
from gensim.models.ldamodel import LdaState
from gensim.utils import FakeDict

from topics.estimators.engines import (
    OnSweep,
    Settings,
    State,
    Trained,
    completion_perplexity,
    halves,
    hand_out,
    has_settled,
)
from topics.estimators.expectations import expectations
from topics.estimators.kernels import plain, update_gammas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from topics.estimators.shapes import Array, Matrix

CHUNK = 1000  # articles to an M-step
STREAM_OFFSET = 8.0  # what a stream of unknown length starts with
WATCHED = 500  # articles whose perplexity is followed


class Row:
    """One article as gensim reads it: pairs of term id and count."""

    def __init__(self, ids: npt.NDArray[np.int32], counts: Array) -> None:
        self.ids, self.counts = ids, counts

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[tuple[int, float]]:
        return zip(self.ids.tolist(), self.counts.tolist(), strict=True)


class Rows:
    """A CSR matrix as a corpus of gensim; it can be read any number of times."""

    def __init__(self, counts: Matrix) -> None:
        self.counts = counts

    def __len__(self) -> int:
        return int(self.counts.shape[0])

    def __iter__(self) -> Iterator[Row]:
        indptr, indices, data = self.counts.indptr, self.counts.indices, self.counts.data
        for start, end in pairwise(indptr):
            yield Row(indices[start:end], data[start:end])


class CompiledState(LdaState):  # type: ignore[misc]
    """gensim's LdaState whose digamma is compiled, and asked once where gensim asks twice."""

    known: Array | None = None  # what the next call of get_Elogbeta shall give: the counts have not changed since

    @classmethod
    def of(cls, state: LdaState) -> CompiledState:
        """The same state."""
        made = cls(state.eta, (0, 0), state.dtype)
        made.__dict__.update(vars(state))
        return made

    def get_Elogbeta(self) -> Array:  # noqa: N802 - gensim's name
        """E[log beta], shape (n_topics, n_terms)."""
        known, self.known = self.known, None
        return expectations(self.get_lambda()) if known is None else known


class CompiledLdaModel(LdaModel):  # type: ignore[misc]
    """gensim's LdaModel with its `inference` compiled; dtype must be float64.

    Parameters
    ----------
    *args, **kwargs
        As LdaModel's.
    """

    state: Any
    resumed = False  # the corpus has been counted by the run that this one continues
    _elogbeta: Array | None = None  # that of the topics as they are

    def inference(self, chunk: Any, collect_sstats: bool = False) -> tuple[Array, Array | None]:
        """Gamma of each article in the chunk, and the expected counts where they are asked for."""
        rows = [row if isinstance(row, Row) else _row(row) for row in chunk]
        gammas = self.random_state.gamma(100.0, 1.0 / 100.0, (len(rows), self.num_topics))
        if not rows:
            return gammas, np.zeros_like(self.expElogbeta) if collect_sstats else None
        indptr = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
        indices = plain(np.concatenate([row.ids for row in rows]), np.int32)
        data = plain(np.concatenate([row.counts for row in rows]), np.float64)
        used = np.flatnonzero(np.bincount(indices, minlength=self.num_terms))
        place = np.empty(self.num_terms, dtype=np.int32)
        place[used] = np.arange(len(used))
        weights, alpha = plain(self.expElogbeta[:, used].T, np.float64), plain(self.alpha, np.float64)
        expected = np.zeros(weights.shape if collect_sstats else (0, self.num_topics))
        settings = self.iterations, self.gamma_threshold
        update_gammas(indptr, place[indices], data, weights, alpha, gammas, *settings, expected)
        if not collect_sstats:
            return gammas, None
        sstats = np.zeros_like(self.expElogbeta)
        sstats[:, used] = (expected * weights).T
        return gammas, sstats

    def sync_state(self, current_Elogbeta: Array | None = None) -> None:
        """Take the topics from the state."""
        self._compile_state()
        self._elogbeta = self.state.get_Elogbeta() if current_Elogbeta is None else current_Elogbeta
        super().sync_state(self._elogbeta)

    def do_mstep(self, rho: float, other: Any, extra_pass: bool = False) -> None:
        """Gensim's M-step; a resumed run counts no article again."""
        self._compile_state()
        self.state.known = self._elogbeta
        super().do_mstep(rho, other, extra_pass or self.resumed)

    def _compile_state(self) -> None:
        if not isinstance(self.state, CompiledState):
            self.state = CompiledState.of(self.state)

    def print_topics(self, *_args: Any, **_kwargs: Any) -> list[Any]:
        """Nothing: gensim sorts all terms for a line of its log after each M-step."""
        return []


def _row(pairs: Any) -> Row:
    pairs = list(pairs)
    ids = np.array([int(term) for term, _ in pairs], dtype=np.int32)
    return Row(ids, np.array([count for _, count in pairs], dtype=np.float64))


class _Converged(Exception):
    pass


class _Watch(Metric):  # type: ignore[misc]
    """Called by gensim after each pass: follows the perplexity, hands out the state, ends training."""

    logger, title = None, "perplexity"

    def __init__(self, counts: Matrix, settings: Settings, on_sweep: OnSweep | None, past: list[float]) -> None:
        rng = np.random.default_rng(settings.random_state)
        n_articles = counts.shape[0]
        chosen = rng.choice(n_articles, min(WATCHED, n_articles), replace=False)
        self.given, self.wanted = halves(counts[np.sort(chosen)], settings.random_state)
        self.settings, self.on_sweep, self.perplexities = settings, on_sweep, past

    def get_value(self, *, model: CompiledLdaModel, **_others: Any) -> float:
        components = model.state.get_lambda()
        perplexity = completion_perplexity(self.given, self.wanted, components, model.alpha)
        self.perplexities.append(perplexity)
        hand_out(self.on_sweep, partial(_state, model, self.perplexities))
        if has_settled(self.perplexities, self.settings.tol):
            raise _Converged
        return perplexity


def train(
    counts: Matrix,
    settings: Settings,
    state: State | None = None,
    on_sweep: OnSweep | None = None,
) -> Trained:
    """Passes over all articles until the perplexity settles or `n_sweeps` are done.

    Parameters
    ----------
    counts : csr_matrix of shape (n_articles, n_terms)
        Term counts.
    settings : Settings
        `memory` and `n_jobs` play no part: gensim streams, and one worker makes it deterministic.
    state : dict of arrays, optional
        What `on_sweep` was given after some pass over the same articles.
    on_sweep : callable, optional
        Called with the state after each pass.
    """
    # A first chunk that is a small part of the articles must not replace the start altogether: terms that
    # it lacks would be lost to all topics. One that holds them all may: it is a batch step.
    model = _model(counts.shape[1], settings, offset=max(1.0, counts.shape[0] / CHUNK))
    past: list[float] = []
    if state is not None:
        past = _restore(model, state)
        model.resumed = True
        model.state.numdocs -= counts.shape[0]  # gensim's update adds them once more
    left = settings.n_sweeps - len(past)
    watch = _Watch(counts, settings, on_sweep, past)
    if left > 0 and not has_settled(past, settings.tol):
        model.callbacks = [watch]
        with suppress(_Converged):
            model.update(Rows(counts), passes=left, offset=model.offset + len(past))
    return _trained(model, watch.perplexities)


def update(counts: Matrix, settings: Settings, state: State | None = None) -> Trained:
    """One pass over new articles, which count beside all that were seen before.

    Parameters
    ----------
    counts : csr_matrix of shape (n_articles, n_terms)
        Term counts.
    settings : Settings
        As in `train`.
    state : dict of arrays, optional
        That of the model to continue.
    """
    model = _model(counts.shape[1], settings, offset=STREAM_OFFSET)
    past = [] if state is None else _restore(model, state)
    model.update(Rows(counts), passes=1)
    return _trained(model, past)


def _model(n_terms: int, settings: Settings, offset: float) -> CompiledLdaModel:
    prior: Any = settings.eta
    if settings.topic_prior is not None:
        prior = settings.eta + settings.topic_prior
    learn = settings.learn_alpha and settings.n_topics > 1  # one topic has all of every mixture
    model = CompiledLdaModel(
        id2word=FakeDict(n_terms),
        num_topics=settings.n_topics,
        chunksize=CHUNK,
        offset=offset,
        alpha="auto" if learn else settings.alpha,
        eta=prior,
        eval_every=None,
        iterations=100,
        random_state=settings.random_state,
        dtype=np.float64,
    )
    model.alpha = settings.alpha.copy()
    if settings.topic_prior is not None:
        # The prior alone pulls topics in some seeds only; in the first counts as well, in all.
        model.state.sstats += settings.topic_prior
        model.sync_state()
    return model


def _state(model: CompiledLdaModel, perplexities: list[float]) -> State:
    _, keys, position, has_gauss, gauss = model.random_state.get_state()
    return {
        "counts": model.state.sstats.copy(),
        "alpha": model.alpha.copy(),
        "perplexities": np.array(perplexities),
        "seen": np.array([model.state.numdocs, model.num_updates], dtype=np.int64),
        "random_keys": keys.copy(),
        "random_place": np.array([position, has_gauss], dtype=np.int64),
        "random_gauss": np.array([gauss]),
    }


def _restore(model: CompiledLdaModel, state: State) -> list[float]:
    if state["counts"].shape != model.state.sstats.shape:
        raise ValueError(
            f"state of shape {state['counts'].shape} cannot continue a model of shape "
            f"{model.state.sstats.shape}; fit without state=, or with the settings that made it"
        )
    model.state.sstats = np.array(state["counts"])
    model.alpha = np.array(state["alpha"])
    model.state.numdocs, model.num_updates = map(int, state["seen"])
    position, has_gauss = map(int, state["random_place"])
    gauss = float(state["random_gauss"][0])
    model.random_state.set_state(("MT19937", state["random_keys"], position, has_gauss, gauss))
    model.sync_state()
    return [float(perplexity) for perplexity in state["perplexities"]]


def _trained(model: CompiledLdaModel, perplexities: list[float]) -> Trained:
    components = np.ascontiguousarray(model.state.get_lambda())
    alpha = np.ascontiguousarray(model.alpha)
    eta = float(model.eta.min())  # one number, but where anchors are added to it
    return Trained(components, alpha, eta, np.array(perplexities), _state(model, perplexities))
