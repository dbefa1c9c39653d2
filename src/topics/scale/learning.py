"""The stages up to the matrices: read, count terms, choose the vocabulary, place the counts by its columns.

Exactly what `TermVectorizer.fit` learns of the same articles on one machine: frequencies, vocabulary, spellings
(tested). Only what is bounded crosses to this process: merged words, and figures of each partition.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.arabic.analyzer import Analyzer
from topics.errors import SettingsError
from topics.features.matrix import TermMatrix
from topics.scale import tables
from topics.scale.analysis import best_spellings, count, place, read, version_of, write_json
from topics.scale.fitting import watched_rows
from topics.scale.merging import reduced
from topics.scale.partitions import Partition
from topics.scale.storage import read_arrays, write_arrays
from topics.scale.tasks import Work

if TYPE_CHECKING:
    from topics.features.vectorizer import TermVectorizer


@dataclass(frozen=True)
class Read:
    """What is known of the articles before terms are.

    Attributes
    ----------
    files : list of str
        What `analysis.read` wrote of each partition.
    n_articles : list of int
        Of each partition, those left out not counted.
    dropped : list of list of int
        In each partition, the places of articles whose ids earlier partitions had.
    labelled : list of str
        JSON Lines files of labelled articles.
    n_unlabelled : list of int
        Of each partition, the articles without labels, where labelled ones were put aside.
    """

    partitions: list[Partition]
    files: list[str]
    n_articles: list[int]
    dropped: list[list[int]]
    labelled: list[str]
    n_labelled: int
    labelled_bytes: int
    n_skipped: int
    skipped: dict[str, int]
    fingerprint: str
    n_unlabelled: list[int]

    @property
    def n_buckets(self) -> int:
        """Of all tables."""
        return tables.n_buckets(sum(partition.size for partition in self.partitions))


@dataclass(frozen=True)
class Learnt:
    """What is learnt of terms, and the partitions by it.

    Attributes
    ----------
    placed : list of str
        The files of `analysis.place`, one a partition.
    n_articles : list of int
        Of each.
    n_pairs : int
        Pairs of an article and one of its terms, of all.
    known : Known
        What the files were made of.
    """

    matrix: TermMatrix
    placed: list[str]
    n_articles: list[int]
    n_pairs: int
    known: Known


@dataclass(frozen=True)
class Known:
    """What counts are placed by: the files of `analysis.count`, one of the vocabulary, and how tables are cut."""

    counted: list[str]
    vocabulary: str
    n_articles: list[int]
    n_buckets: int

    def place(self, work: Work, random_state: int) -> tuple[list[str], int]:
        """The partitions' counts by the columns of the vocabulary, as files of `work`; and how many pairs they hold.

        Parameters
        ----------
        random_state : int
            Which tokens are held out to follow a training.
        """
        items: list[dict[str, Any]] = [
            {
                "out": work.path(f"placed-{number:05d}.npz"), "counted": file, "vocabulary": self.vocabulary,
                "watched": watched, "random_state": random_state + number, "n_buckets": self.n_buckets,
            }
            for number, (file, watched) in enumerate(
                zip(self.counted, watched_rows(self.n_articles, random_state), strict=True)
            )
        ]  # fmt: skip
        n_pairs = sum(found["n_pairs"] for found in work.map("place", place, items))
        return [item["out"] for item in items], n_pairs


def read_partitions(work: Work, partitions: list[Partition], *, words: bool, labelled: bool) -> Read:
    """Read every partition once.

    Parameters
    ----------
    words : bool
        Whether words are counted, for the analyzer's frequencies.
    labelled : bool
        Whether labelled articles are put aside.
    """
    dropped: list[list[int]] = [[] for _ in partitions]
    wanted: dict[str, Any] = {"words": words, "labelled": labelled}
    wanted["n_buckets"] = tables.n_buckets(sum(one.size for one in partitions))
    items = [_read_item(work, one, dropped[one.number], **wanted) for one in partitions]
    values = list(work.map("read", read, items))
    repeated = _repeated([item["out"] for item in items])
    again = [number for number, places in enumerate(repeated) if places]
    redone = [_read_item(work, partitions[k], repeated[k], **wanted) for k in again]
    for number, item, found in zip(again, redone, work.map("read", read, redone), strict=True):
        items[number], values[number], dropped[number] = item, found, repeated[number]
    reasons: Counter[str] = Counter()
    for found in values:
        reasons.update(found["skipped"])
    return Read(
        partitions, [item["out"] for item in items], [found["n_articles"] for found in values], dropped,
        [item["labelled"] for item in items if labelled], sum(found["n_labelled"] for found in values),
        sum(found["labelled_bytes"] for found in values), sum(found["n_skipped"] for found in values), dict(reasons),
        hashlib.sha256("\n".join(found["digest"] for found in values).encode()).hexdigest(),
        [found["n_articles"] - found["n_labelled"] for found in values],
    )  # fmt: skip


def _read_item(
    work: Work, partition: Partition, dropped: list[int], *, words: bool, labelled: bool, n_buckets: int
) -> dict[str, Any]:
    name = f"{partition.number:05d}" + (f"-{version_of({'dropped': dropped})}" if dropped else "")
    return {
        "out": work.path(f"read-{name}.npz"), "partition": list(partition), "dropped": dropped, "words": words,
        "labelled": work.path(f"labelled-{name}.jsonl") if labelled else "",
        "n_buckets": n_buckets,
    }  # fmt: skip


def _repeated(files: Sequence[str]) -> list[list[int]]:
    """In each partition, the places of articles whose ids earlier partitions had."""
    parts = [read_arrays(path, "ids")["ids"] for path in files]
    ids = np.concatenate(parts) if parts else np.zeros((0, 2), np.uint64)
    order = np.lexsort((ids[:, 1], ids[:, 0]))  # stable: of equal ones the first comes first
    same = np.zeros(len(ids), bool)
    same[order[1:]] = (ids[order[1:]] == ids[order[:-1]]).all(axis=1)
    same &= ids.any(axis=1)  # zeros are articles without an id
    firsts = np.cumsum([0, *map(len, parts)])
    return [np.flatnonzero(same[a:b]).tolist() for a, b in pairwise(firsts.tolist())]


def learn_terms(work: Work, done: Read, vectorizer: TermVectorizer, random_state: int) -> Learnt:
    """Frequencies, vocabulary and spellings of all partitions; each partition's counts by the vocabulary's columns.

    Parameters
    ----------
    vectorizer : TermVectorizer
        With the settings; it is left as it is.
    random_state : int
        Which tokens are held out to follow a training.

    Raises
    ------
    SettingsError
        A setting that partitions do not know, or no term left.
    """
    vectorizer.check()
    if tuple(vectorizer.ngrams) != (1, 1) or vectorizer.weighting != "counts":
        raise SettingsError(
            "topics over partitions have single terms; leave [topics] ngrams out, learn_phrases finds names"
        )
    analyzer = _analyzer(work, done, vectorizer)
    settings = {"analyzer": analyzer.to_settings()}
    version = version_of(settings)
    path = work.path(f"analyzer-{version}.npz")
    write_json(path, settings)
    counted = _counted(work, done, path, version, vectorizer.title_weight)
    n_articles = sum(done.n_articles)
    least, most = vectorizer.limits(n_articles)
    cut = (0, float(max(math.ceil(least), 1)), most)
    vocabulary = reduced(work, "terms", counted, "df_", done.n_buckets, cut)
    terms = vocabulary.words()
    vectorizer.not_empty(terms, n_articles)
    known = Known(counted, work.path("vocabulary.npz"), done.n_articles, done.n_buckets)
    write_arrays(known.vocabulary, {"codes": vocabulary.codes, "places": vocabulary.places})
    placed, n_pairs = known.place(work, random_state)
    shown = reduced(work, "spellings", placed, "shown_", done.n_buckets, (1, 2.0, math.inf))
    matrix = TermMatrix(
        analyzer, tuple(terms), np.ones(len(terms)), "counts", vectorizer.sublinear_tf, vectorizer.title_weight,
        best_spellings(shown, terms),
    )  # fmt: skip
    return Learnt(matrix, placed, done.n_articles, n_pairs, known)


def _analyzer(work: Work, done: Read, vectorizer: TermVectorizer) -> Analyzer:
    """The analyzer with the frequencies and phrases of all partitions."""
    analyzer = vectorizer.analyzer if vectorizer.analyzer is not None else Analyzer()
    if vectorizer.learn_frequencies:
        words = reduced(work, "words", done.files, "", done.n_buckets, (1, 2.0, math.inf))
        met = dict(zip(words.words(), words.counts[:, 0].tolist(), strict=True))
        analyzer = analyzer.with_counts(analyzer.counts.plus(met))
    if vectorizer.learn_phrases:
        from topics.scale.phrases import learn_phrases

        analyzer = analyzer.with_counts(analyzer.counts, learn_phrases(work, done, analyzer))
    return analyzer


def _counted(work: Work, done: Read, analyzer: str, version: str, title_weight: int) -> list[str]:
    items: list[dict[str, Any]] = [
        {
            "out": work.path(f"counted-{partition.number:05d}.npz"), "partition": list(partition),
            "dropped": done.dropped[partition.number], "analyzer": analyzer, "version": version,
            "title_weight": title_weight, "n_buckets": done.n_buckets,
        }
        for partition in done.partitions
    ]  # fmt: skip
    for _ in work.map("count terms", count, items):
        pass
    return [item["out"] for item in items]
