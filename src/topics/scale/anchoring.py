"""Anchored topics of partitions: what `models/anchored_topics.py` does on one machine, by sums over partitions.

Signs of anchors, hints, priors, and the words that named topics start from are exactly those of the same articles on
one machine. The free topics to start from are found by a short training over the partitions of the articles without
any anchor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from topics.arabic.batch import forget_words
from topics.corpus.themes import Themes, as_themes
from topics.estimators.topic_counts import Topics
from topics.features.anchors import AnchorFinder, anchor_prior
from topics.features.matrix import TermMatrix, batches
from topics.models.anchored import Signs, hints_from, signs_of
from topics.models.anchored_topics import WEIGHT, check_known, words_apart
from topics.scale.analysis import TOGETHER, analyzer_of, csr_arrays, csr_of, version_of, write_json
from topics.scale.fitting import Fitted, fit_from, read_topics, sampled_start, write_topics
from topics.scale.partitions import Partition, Reading
from topics.scale.storage import Damaged, read_arrays, remove_folder
from topics.scale.tasks import Work, kept

if TYPE_CHECKING:
    from topics.estimators.engines import Settings
    from topics.estimators.lda import LdaTopics
    from topics.estimators.shapes import Array
    from topics.features.vectorizer import TermVectorizer
    from topics.scale.learning import Learnt, Read

SHORT = 2  # passes that find the free topics to start from: the first is ten sweeps, as many as on one machine
_PARTS = ("data", "indices", "indptr", "shape")
_NAMES = (*_PARTS, *(f"wanted_{name}" for name in _PARTS), "watched")


@dataclass(frozen=True)
class Anchored:
    """Themes that name topics, and where their anchors are.

    Attributes
    ----------
    files : list of str
        The signs of each partition's articles.
    n_strong : list of int
        Of each theme, in how many articles the signs are strong.
    known : list of bool
        Of each theme, whether an anchor can be found at all.
    """

    themes: Themes
    matrix: TermMatrix
    files: list[str]
    n_strong: list[int]
    known: list[bool]


@kept
def signs_part(
    *, partition: list[Any], dropped: list[int], analyzer: str, version: str, themes: dict[str, dict[str, Any]]
) -> Any:
    """The signs of a partition's articles; and of each theme, in how many they are strong."""
    reading, reader = Reading(Partition(*partition), frozenset(dropped)), analyzer_of(analyzer, version)
    finder = AnchorFinder.of(as_themes(themes), reader)
    found = [Signs(*(np.zeros((0, len(themes)), bool) for _ in range(2)))]
    for articles in batches(reading.articles(), TOGETHER):
        forget_words(reader)
        found.append(signs_of(finder, articles))
    strong, some = (np.concatenate(column) for column in zip(*found, strict=True))
    values = {"n_strong": strong.sum(axis=0).tolist(), "known": finder.anchored.any(axis=0).tolist()}
    return {"strong": strong, "some": some}, values


def find_signs(work: Work, read: Read, learnt: Learnt, vectorizer: TermVectorizer, themes: Themes) -> Anchored:
    """Where the anchors of themes are, in all partitions.

    Parameters
    ----------
    vectorizer : TermVectorizer
        The one that `learnt` was learnt with.
    themes : Themes
        With anchors, see `topics.models.anchored_topics.check_topic_anchors`.

    Raises
    ------
    SettingsError
        No anchor of a theme is a term of the vocabulary.
    """
    check_known(learnt.matrix, themes)
    settings = {"analyzer": words_apart(vectorizer, learnt.matrix.analyzer).to_settings()}
    version = version_of(settings)
    path = work.path(f"analyzer-{version}.npz")
    write_json(path, settings)
    items: list[dict[str, Any]] = [
        {
            "out": work.path(f"signs-{partition.number:05d}.npz"), "partition": list(partition),
            "dropped": read.dropped[partition.number], "analyzer": path, "version": version,
            "themes": themes.to_settings(),
        }
        for partition in read.partitions
    ]  # fmt: skip
    found = list(work.map("find anchors", signs_part, items))
    n_strong = np.sum([one["n_strong"] for one in found], axis=0)
    return Anchored(themes, learnt.matrix, [item["out"] for item in items], n_strong.tolist(), found[0]["known"])


def _hints(signs: str, n_strong: list[int], known: list[bool]) -> Array:
    arrays = read_arrays(signs, "strong", "some")
    return hints_from(Signs(arrays["strong"], arrays["some"]), n_strong, np.array(known, bool))


@kept
def sum_part(*, placed: str, signs: str, n_strong: list[int], known: list[bool]) -> Any:
    """How often each term of a partition occurs, in all articles and in those hinted at each theme.

    Tokens that are held out to follow the training count here, as they do on one machine.
    """
    arrays = read_arrays(placed, *_NAMES)
    seen, wanted = csr_of(arrays), csr_of({name: arrays[f"wanted_{name}"] for name in _PARTS})
    hinted = csr_matrix((_hints(signs, n_strong, known) == 1).T.astype(np.float64))
    named = hinted @ seen + hinted[:, arrays["watched"]] @ wanted
    whole = np.asarray(seen.sum(axis=0, dtype=np.float64) + wanted.sum(axis=0, dtype=np.float64)).ravel()
    terms = np.flatnonzero(whole)
    return {
        "terms": terms.astype(np.int32), "whole": whole[terms], "named": csr_matrix(named)[:, terms].toarray().T,
    }, {}  # fmt: skip


@kept
def rest_part(*, placed: str, signs: str, n_strong: list[int], known: list[bool]) -> Any:
    """The counts of a partition's articles without any anchor, as `analysis.place` has those of all."""
    arrays = read_arrays(placed, *_NAMES)
    rest = (_hints(signs, n_strong, known) == 0).all(axis=1)
    watched = rest[arrays["watched"]]
    counts = csr_of(arrays)[np.flatnonzero(rest)]
    wanted = csr_of({name: arrays[f"wanted_{name}"] for name in _PARTS})[np.flatnonzero(watched)]
    places = np.cumsum(rest) - 1
    held = {f"wanted_{name}": array for name, array in csr_arrays(wanted).items()}
    found = csr_arrays(counts) | held | {"watched": places[arrays["watched"][watched]].astype(np.int64)}
    return found, {"n_articles": int(rest.sum())}


def fit_anchored(work: Work, placed: Sequence[str], lda: LdaTopics, anchored: Anchored) -> Fitted:
    """Topics of all partitions, the first of them those of the themes in their order.

    Parameters
    ----------
    placed : sequence of str
        The files of `analysis.place`.
    lda : LdaTopics
        With the settings, without a prior; its engine and memory play no part.
    anchored : Anchored
        What `find_signs` found.
    """
    from topics.estimators.lda import checked_settings

    settings = checked_settings(lda)
    items: list[dict[str, Any]] = [
        {"placed": path, "signs": signs, "n_strong": anchored.n_strong, "known": anchored.known}
        for path, signs in zip(placed, anchored.files, strict=True)
    ]
    sums = [item | {"out": work.path(f"sums-{k:05d}.npz")} for k, item in enumerate(items)]
    whole, named = _added(work, sums, anchored)
    prior = anchor_prior(anchored.matrix, anchored.themes, settings.n_topics, WEIGHT)
    prior *= whole
    settings = replace(settings, topic_prior=prior)
    return fit_from(work, placed, settings, _start(work, items, settings, named))


def _added(work: Work, sums: list[dict[str, Any]], anchored: Anchored) -> tuple[Array, Array]:
    """How often each term occurs, and in hinted articles: of shapes (n_terms,) and (n_terms, n_themes)."""
    n_terms = len(anchored.matrix.terms)
    whole, named = np.zeros(n_terms), np.zeros((n_terms, len(anchored.themes)))
    for item, _ in zip(sums, work.map("sum anchors", sum_part, sums), strict=True):
        arrays = read_arrays(item["out"])
        whole[arrays["terms"]] += arrays["whole"]
        named[arrays["terms"]] += arrays["named"]
    return whole, named


def _start(work: Work, items: list[dict[str, Any]], settings: Settings, named: Array) -> Topics:
    """Named topics of the words of hinted articles, free ones of a short training on those without any anchor."""
    path = work.path("anchored-start.npz")
    try:
        return read_topics(path)
    except Damaged:
        pass
    n_named = named.shape[1]
    start = Topics.without_tokens(len(named), settings)
    start.of_term[:, :n_named] += named
    if n_named < settings.n_topics:
        start.of_term[:, n_named:] += _free(work.inside("free"), items, settings, settings.n_topics - n_named)
    start.set_counts(start.of_term)
    if settings.learn_alpha:
        start.alpha = np.full(settings.n_topics, 1.0 / settings.n_topics)
    write_topics(path, start)
    remove_folder(work.path("free"))
    return start


def _free(work: Work, items: list[dict[str, Any]], settings: Settings, n_free: int) -> NDArray[np.float32] | float:
    """Tokens of the terms in free topics, shape (n_terms, n_free); 0 where each article holds an anchor."""
    items = [item | {"out": work.path(f"rest-{k:05d}.npz")} for k, item in enumerate(items)]
    n_articles = [values["n_articles"] for values in work.map("without anchors", rest_part, items)]
    if not sum(n_articles):
        return 0.0
    own = replace(
        settings, n_topics=n_free, alpha=np.full(n_free, 1.0 / n_free), topic_prior=None,
        n_sweeps=min(SHORT, settings.n_sweeps),
    )  # fmt: skip
    placed = [str(item["out"]) for item in items]
    tell = work.tell

    def told(stage: str, done: int, total: int) -> None:
        tell(stage.replace("topics", "free topics"), done, total)

    work = replace(work, tell=told)
    found = fit_from(work, placed, own, sampled_start(work, placed, n_articles, own))
    return (found.components - own.eta).T.astype(np.float32)
