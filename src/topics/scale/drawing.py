"""Some articles of all partitions, drawn by their places: a number that is bounded, for one process to learn from."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from topics.corpus.writers import to_json_line
from topics.scale.fitting import by_partition
from topics.scale.learning import Read
from topics.scale.partitions import Partition, Reading
from topics.scale.storage import written
from topics.scale.tasks import Work, kept


class Draw(NamedTuple):
    """What is drawn."""

    places: NDArray[np.int64]  # in ascending order
    unlabelled: bool  # whether places number the articles without labels only


class Drawn(NamedTuple):
    """What was drawn."""

    files: list[str]  # JSON Lines, in the order of the articles
    n_bytes: int


@kept
def draw_part(
    *, partition: list[Any], dropped: list[int], chosen: list[list[int]], unlabelled: list[bool], files: list[str]
) -> Any:
    """Articles of a partition by their places, the articles of each draw as a JSON Lines file."""
    wanted = [frozenset(places) for places in chosen]
    lines: list[list[bytes]] = [[] for _ in chosen]
    n_unlabelled = 0
    for place, article in enumerate(Reading(Partition(*partition), frozenset(dropped)).articles()):
        for k, only in enumerate(unlabelled):
            if (n_unlabelled in wanted[k] and article.themes is None) if only else place in wanted[k]:
                lines[k].append(to_json_line(article.to_row()).encode("utf-8") + b"\n")
        n_unlabelled += article.themes is None
    for path, some in zip(files, lines, strict=True):
        if some:
            with written(path) as file:
                file.writelines(some)
    return {}, {"n_bytes": [sum(map(len, some)) for some in lines]}


def draw(work: Work, read: Read, draws: list[Draw]) -> list[Drawn]:
    """Articles of all partitions, each partition read once, and only where some of its articles are drawn.

    Parameters
    ----------
    read : Read
        Read with `labelled`, where draws are of unlabelled articles.
    """
    counts = (read.n_articles, read.n_unlabelled)
    chosen = [by_partition(one.places, counts[one.unlabelled]) for one in draws]
    items: list[dict[str, Any]] = [
        {
            "out": work.path(f"drawn-{partition.number:05d}.npz"), "partition": list(partition),
            "dropped": read.dropped[partition.number], "chosen": [some[partition.number] for some in chosen],
            "unlabelled": [one.unlabelled for one in draws],
            "files": [work.path(f"drawn-{partition.number:05d}-{k:03d}.jsonl") for k in range(len(draws))],
        }
        for partition in read.partitions
        if any(some[partition.number] for some in chosen)
    ]  # fmt: skip
    sizes = [values["n_bytes"] for values in work.map("draw articles", draw_part, items)]
    return [
        Drawn(
            [item["files"][k] for item, some in zip(items, sizes, strict=True) if some[k]],
            sum(some[k] for some in sizes),
        )
        for k in range(len(draws))
    ]
