"""Topics of partitions: visited by workers, added up here, in rounds that do not depend on how many workers there are.

A visit is a task whose file holds what the partition's tokens are counted as; the next visit begins from it. So a
worker that dies takes nothing with it, and a fit goes on after the last visit that was written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from topics.estimators.by_parts import Total, perplexity, visit
from topics.estimators.engines import Settings, has_settled
from topics.estimators.starts import SAMPLE, best_start
from topics.estimators.topic_counts import Topics
from topics.estimators.watch import MOST_WATCHED, WATCHED_SHARE
from topics.scale.analysis import csr_arrays, csr_of
from topics.scale.storage import Arrays, Damaged, read_arrays, read_values, remove, write_arrays
from topics.scale.tasks import Work, kept

if TYPE_CHECKING:
    from topics.estimators.lda import LdaTopics

_STATE = "fit-state.npz"


def watched_rows(n_articles: Sequence[int], random_state: int) -> list[list[int]]:
    """In each partition, the articles of which tokens are held out to follow the training: 500 at most in all."""
    total = sum(n_articles)
    n_watched = min(MOST_WATCHED, total // WATCHED_SHARE)
    chosen = np.random.default_rng(random_state).choice(total, n_watched, replace=False)
    return by_partition(np.sort(chosen), n_articles)


def by_partition(rows: NDArray[np.int64], n_articles: Sequence[int]) -> list[list[int]]:
    """In each partition, those of some ascending places in all partitions that are its own."""
    firsts = np.concatenate([[0], np.cumsum(n_articles)])
    return [(rows[(rows >= first) & (rows < end)] - first).tolist() for first, end in pairwise(firsts.tolist())]


@kept
def pick(*, placed: str, rows: list[int]) -> Any:
    """Some rows of a partition's counts."""
    counts = csr_of(read_arrays(placed, "data", "indices", "indptr", "shape"))
    return csr_arrays(counts[rows]), {"n_rows": len(rows)}


@kept
def visit_part(*, placed: str, topics: str, before: str, learn_alpha: bool) -> Any:
    """Visit a partition in the light of topics, from what the visit before left, if there was one."""
    arrays = read_arrays(placed, "data", "indices", "indptr", "shape", "watched")
    known = None
    if before:
        last = read_arrays(before, "terms", "tokens", "of_article")
        known = last["terms"], last["tokens"], last["of_article"]
    found = visit(csr_of(arrays), read_topics(topics), known, learn_alpha=learn_alpha)
    # Terms of a partition are the same at each visit, so what changed needs no terms of its own.
    change = found.tokens if known is None else found.tokens - known[1]
    kept_arrays = {
        "terms": found.terms.astype(np.int32), "tokens": found.tokens, "change": change, "of_article": found.of_article,
        "sums": found.sums, "watched": found.of_article[arrays["watched"]],
    }  # fmt: skip
    return kept_arrays, {"whole": found.whole}


def write_topics(path: str, topics: Topics) -> None:
    """Topics as a file for tasks to read."""
    arrays: Arrays = {"of_term": topics.of_term, "of_topic": topics.of_topic, "alpha": topics.alpha}
    write_arrays(path, arrays, {"eta": topics.eta})


def read_topics(path: str) -> Topics:
    """Topics from a file."""
    arrays = read_arrays(path)
    return Topics(arrays["of_term"], arrays["of_topic"], arrays["alpha"], float(read_values(path)["eta"]))


@dataclass(frozen=True)
class Fitted:
    """What a fit gives."""

    components: NDArray[np.float64]  # (n_topics, n_terms)
    alpha: NDArray[np.float64]
    perplexities: list[float]


def fit(work: Work, placed: Sequence[str], n_articles: Sequence[int], lda: LdaTopics) -> Fitted:
    """Topics of all partitions.

    Parameters
    ----------
    placed : sequence of str
        The files of `analysis.place`.
    n_articles : sequence of int
        Of each.
    lda : LdaTopics
        With the settings; its engine and memory play no part.
    """
    from topics.estimators.lda import checked_settings

    settings = checked_settings(lda)
    return fit_from(work, placed, settings, sampled_start(work, placed, n_articles, settings))


def fit_from(work: Work, placed: Sequence[str], settings: Settings, start: Topics) -> Fitted:
    """As `fit`, from settings that were checked; `start` is what the first round is visited in the light of."""
    try:
        return _Fit(work, list(placed), settings, start).fit()
    except Damaged:
        # What an earlier pass left is gone: the topics are found anew, from matrices that are whole.
        remove(work.path(_STATE))
        return _Fit(work.inside("again"), list(placed), settings, start).fit()


def sampled_start(work: Work, placed: Sequence[str], n_articles: Sequence[int], settings: Settings) -> Topics:
    """Where training starts: the best of some short trainings on a sample of all articles."""
    total = sum(n_articles)
    rng = np.random.default_rng(settings.random_state)
    # Articles without terms are no use, so a few more are drawn than a start looks at.
    rows = np.sort(rng.choice(total, min(2 * SAMPLE, total), replace=False))
    chosen = by_partition(rows, n_articles)
    items: list[dict[str, Any]] = [
        {"out": work.path(f"start-{k:05d}.npz"), "placed": path, "rows": some}
        for k, (path, some) in enumerate(zip(placed, chosen, strict=True))
    ]
    list(work.map("start", pick, items))
    sample = csr_matrix(vstack([csr_of(read_arrays(item["out"])) for item in items], format="csr"))
    return best_start(sample, settings)


class _Fit:
    def __init__(self, work: Work, placed: list[str], settings: Settings, start: Topics) -> None:
        self.work, self.placed, self.settings = work, placed, settings
        self.total = Total(start, settings)
        self.perplexities: list[float] = []
        self.wanted = csr_matrix(vstack([self._wanted(path) for path in placed], format="csr"))

    @staticmethod
    def _wanted(path: str) -> csr_matrix:
        names = ("data", "indices", "indptr", "shape")
        arrays = read_arrays(path, *(f"wanted_{name}" for name in names))
        return csr_of({name: arrays[f"wanted_{name}"] for name in names})

    def fit(self) -> Fitted:
        """Pass after pass, until the perplexity of tokens held out settles or `n_sweeps` are done."""
        self._take_up()
        while self._goes_on():
            self._pass(len(self.perplexities))
        return Fitted(self.total.components, self.total.alpha, self.perplexities)

    def _goes_on(self) -> bool:
        done = len(self.perplexities)
        return done < self.settings.n_sweeps and not has_settled(self.perplexities, self.settings.tol)

    def _take_up(self) -> None:
        """Go on after the last pass that a fit that was stopped had done."""
        try:
            arrays = read_arrays(self.work.path(_STATE))
        except Damaged:
            return
        self.total.restore(arrays)
        self.perplexities = arrays["perplexities"].tolist()

    def _visit(self, number: int, part: int) -> str:
        return self.work.path(f"visit-{number:04d}-{part:05d}.npz")

    def _pass(self, number: int) -> None:
        n_parts, together = len(self.placed), self.work.together
        sums, whole = np.zeros(self.settings.n_topics), 0.0
        watched: list[NDArray[np.float32]] = []
        for first in range(0, n_parts, together):
            topics = self.work.path(f"topics-{number:04d}-{first:05d}.npz")
            write_topics(topics, self.total.topics)
            items: list[dict[str, Any]] = [
                {
                    "out": self._visit(number, part), "placed": self.placed[part], "topics": topics,
                    "before": self._visit(number - 1, part) if number else "",
                    "learn_alpha": self.settings.learn_alpha,
                }
                for part in range(first, min(first + together, n_parts))
            ]  # fmt: skip
            label = f"topics, pass {number + 1}"
            # In the order of the parts, whoever is ready first: sums of other orders have other bits.
            for item, values in zip(items, self.work.map(label, visit_part, items, first, n_parts), strict=True):
                arrays = read_arrays(item["out"], "terms", "change", "sums", "watched")
                self.total.add(arrays["terms"], arrays["change"])
                sums, whole = sums + arrays["sums"], whole + values["whole"]
                watched.append(arrays["watched"])
        self.total.learn(sums, whole)
        self.perplexities.append(perplexity(self.wanted, np.concatenate(watched), self.total.topics))
        self._write_state(number)

    def _write_state(self, number: int) -> None:
        state = self.total.state() | {"perplexities": np.array(self.perplexities)}
        write_arrays(self.work.path(_STATE), state)
        for first in range(0, len(self.placed), self.work.together):
            remove(self.work.path(f"topics-{number:04d}-{first:05d}.npz"))
        for part in range(len(self.placed) if number else 0):
            remove(self._visit(number - 1, part))
