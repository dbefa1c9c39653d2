"""Sorting partition by partition: each becomes a file of rows, whole or not there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.corpus.article import Article
from topics.corpus.optional import library
from topics.corpus.writers import to_json_line, write
from topics.errors import SettingsError
from topics.features.matrix import batches
from topics.scale.partitions import Partition, Reading
from topics.scale.storage import joined, written
from topics.scale.tasks import Work, kept

if TYPE_CHECKING:
    from topics.models.topics import TopicModel
    from topics.scale.learning import Read

FORMS = (".parquet", ".jsonl")
_TOGETHER = 1024  # articles


@lru_cache(maxsize=2)
def _model(path: str, version: str) -> Any:  # noqa: ARG001 - a file of other content has another version
    from topics.models import load

    return load(path)


@kept
def sort_part(*, partition: list[Any], dropped: list[int], model: str, version: str, rows: str) -> Any:
    """The rows of a partition's articles as a file `rows`: as `ThemeModel.sort` has them, or mixtures."""
    found = _model(model, version)
    reading = Reading(Partition(*partition), frozenset(dropped))
    counted = _Counted(reading.articles())
    if found.kind == "themes":
        write(found.rows(counted), rows)
    elif rows.endswith(".parquet"):
        _write_mixtures(found, counted, rows)
    else:
        with written(rows) as file:
            for identity, title, shares in _mixtures(found, counted):
                for k in range(len(identity)):
                    row = {"id": identity[k], "title": title[k]} | _named(shares[k].tolist())
                    file.write(to_json_line(row).encode("utf-8") + b"\n")
    return {}, {"n_articles": counted.n}


class _Counted:
    def __init__(self, articles: Iterator[Article]) -> None:
        self._articles = articles
        self.n = 0

    def __iter__(self) -> Iterator[Article]:
        for article in self._articles:
            self.n += 1
            yield article


def _mixtures(model: TopicModel, articles: Any) -> Iterator[tuple[list[str | None], list[str | None], Any]]:
    from topics.estimators.kernels import infer_mixtures, topic_weights

    weights = topic_weights(model.components)
    for some in batches(articles, _TOGETHER):
        shares = infer_mixtures(model.matrix.rows(some), weights, model.alpha)
        yield [article.id for article in some], [article.title for article in some], shares


def _named(shares: list[float]) -> dict[str, float]:
    return {f"topic_{topic}": share for topic, share in enumerate(shares)}


def _write_mixtures(model: TopicModel, articles: Any, path: str) -> None:
    """Mixtures as columns, in single precision: a thousand topics of a million articles are written from arrays."""
    pa, parquet = library("pyarrow"), library("pyarrow.parquet")
    names = [f"topic_{topic}" for topic in range(len(model.alpha))]
    schema = pa.schema([("id", pa.string()), ("title", pa.string()), *((name, pa.float32()) for name in names)])
    with written(path) as file, parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for identity, title, shares in _mixtures(model, articles):
            columns = [pa.array(column) for column in np.ascontiguousarray(shares.T, dtype=np.float32)]
            arrays = [pa.array(identity, pa.string()), pa.array(title, pa.string()), *columns]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def sort(work: Work, done: Read, model: str, version: str, folder: str, form: str) -> list[str]:
    """Sort every partition; the files, one each, in order.

    Parameters
    ----------
    model : str
        The path of a bundle that every worker can read.
    version : str
        Tells its content from others.
    folder : str
        Where the files go.
    form : str
        ".parquet" or ".jsonl".
    """
    if form not in FORMS:
        raise SettingsError(f"[scale] sorted is {' or '.join(one[1:] for one in FORMS)}, not {form!r}")
    if form == ".parquet":
        library("pyarrow.parquet")
    items: list[dict[str, Any]] = [
        {
            "out": work.path(f"sorted-{version}-{partition.number:05d}.npz"), "partition": list(partition),
            "dropped": done.dropped[partition.number], "model": model, "version": version,
            "rows": joined(folder, f"part-{partition.number:05d}{form}"),
        }
        for partition in done.partitions
    ]  # fmt: skip
    for _ in work.map("sort", sort_part, items):
        pass
    return [item["rows"] for item in items]
