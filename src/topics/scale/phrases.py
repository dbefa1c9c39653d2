"""Names and collocations of all partitions: gensim's counts, taken apart and added up, its scores on the sums.

As `topics.features.phrases.learn_phrases` finds them on one machine, but that gensim forgets rare pairs there when
it has met 40 million, and here nothing is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.arabic.batch import BatchAnalyzer
from topics.features.matrix import batches
from topics.features.phrases import DELIMITER, MIN_COUNT, PASSES, phrase_model, split_phrases
from topics.scale import tables
from topics.scale.analysis import TOGETHER, analyzer_of, version_of, write_json
from topics.scale.merging import reduced
from topics.scale.partitions import Partition, Reading
from topics.scale.storage import read_values
from topics.scale.tasks import Work, kept

if TYPE_CHECKING:
    from topics.arabic.analyzer import Analyzer
    from topics.scale.learning import Read

_BUCKET_BYTES = 32 << 20  # of the corpus: pairs of terms are many


@kept
def count_phrases(
    *, partition: list[Any], dropped: list[int], analyzer: str, version: str, phrases: str, n_buckets: int
) -> Any:
    """How often terms and pairs of terms occur in a partition, once the phrases of a file are joined."""
    reading = Reading(Partition(*partition), frozenset(dropped))
    batch = BatchAnalyzer(analyzer_of(analyzer, version))
    model = phrase_model()
    frozen = None
    if phrases:
        frozen = model.freeze()
        frozen.phrasegrams = read_values(phrases)["phrases"]
    model.add_vocab(frozen[text] if frozen is not None else text for text in _texts(reading, batch))
    parts: dict[str, Any] = {}
    for name, pairs in (("term_", False), ("pair_", True)):
        counts = {key: count for key, count in model.vocab.items() if (DELIMITER in key) == pairs}
        table = tables.table_of(list(counts), np.fromiter(counts.values(), np.int64, len(counts))[:, None], n_buckets)
        parts |= table.arrays(name)
    return parts, {"n_words": int(model.corpus_word_count)}


def _texts(reading: Reading, batch: BatchAnalyzer) -> Iterator[list[str]]:
    """The terms of each article."""
    for articles in batches(reading.articles(), TOGETHER):
        terms = batch.read([article.full for article in articles])
        forms = batch.forms
        known = [forms[number] for number in terms.ids.tolist()]
        for first, last in zip(terms.places[:-1].tolist(), terms.places[1:].tolist(), strict=True):
            yield known[first:last]


def learn_phrases(work: Work, done: Read, analyzer: Analyzer) -> tuple[tuple[str, ...], ...]:
    """Phrases of two to four terms, in order of code points."""
    settings = {"analyzer": analyzer.to_settings()}
    version = version_of(settings)
    path = work.path(f"analyzer-{version}.npz")
    write_json(path, settings)
    n_buckets = max(-(-sum(one.size for one in done.partitions) // _BUCKET_BYTES), 1)
    found: set[tuple[str, ...]] = set()
    joined = ""
    for number in range(PASSES):
        items: list[dict[str, Any]] = [
            {
                "out": work.path(f"phrases-{number}-{partition.number:05d}.npz"), "partition": list(partition),
                "dropped": done.dropped[partition.number], "analyzer": path, "version": version, "phrases": joined,
                "n_buckets": n_buckets,
            }
            for partition in done.partitions
        ]  # fmt: skip
        values = list(work.map(f"phrases, pass {number + 1}", count_phrases, items))
        files = [item["out"] for item in items]
        model = phrase_model()
        # A pair is scored by its outer terms, however rare; it must not be rare itself.
        for name, least in (("term_", 1.0), ("pair_", float(MIN_COUNT))):
            counts = reduced(work, f"{name}{number}", files, name, n_buckets, (0, least, np.inf))
            model.vocab.update(zip(counts.words(), counts.counts[:, 0].tolist(), strict=True))
        model.corpus_word_count = sum(one["n_words"] for one in values)
        grams = model.freeze().phrasegrams
        found |= split_phrases(grams)
        joined = work.path(f"joined-{number}.npz")
        write_json(joined, {"phrases": dict(sorted(grams.items()))})
    return tuple(sorted(found))
