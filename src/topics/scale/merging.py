"""Tables of all partitions to one, in a tree of merges on the workers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from topics.scale import tables
from topics.scale.tasks import Work, kept


@kept
def merge(*, inputs: list[str], bucket: int, name: str, cut: list[float] | None) -> Any:
    """Tables of several tasks as one, of one bucket; with `cut` (column, least, most) only what lies between.

    Merged tables have one bucket, so those of merges are read as bucket 0.
    """
    table = tables.merged(tables.read_bucket(path, bucket, name) for path in inputs)
    if cut is not None:
        column, least, most = int(cut[0]), cut[1], cut[2]
        table = tables.chosen(table, (table.counts[:, column] >= least) & (table.counts[:, column] <= most))
    return table.arrays(), {"n_words": len(table)}


def reduced(
    work: Work, stage: str, files: Sequence[str], name: str, n_buckets: int, cut: tuple[int, float, float]
) -> tables.Table:
    """Tables of all partitions as one, in a tree of merges; only words whose count lies between bounds.

    Parameters
    ----------
    stage : str
        Its name.
    name : str
        What the table's arrays begin with in the files.
    cut : tuple
        (column of the counts, least, most).
    """
    level, files_of = 0, {bucket: list(files) for bucket in range(n_buckets)}
    while level == 0 or any(len(some) > 1 for some in files_of.values()):
        items: list[dict[str, Any]] = []
        above: dict[int, list[str]] = {}
        for bucket, some in files_of.items():
            runs = [some[k : k + tables.FAN_IN] for k in range(0, len(some), tables.FAN_IN)]
            outs = [work.path(f"{stage}-{level}-{bucket:04d}-{k:05d}.npz") for k in range(len(runs))]
            items += [
                {
                    "out": out, "inputs": run, "bucket": bucket if level == 0 else 0,
                    "name": name if level == 0 else "",
                    # Only when all are merged is it known what is rare.
                    "cut": list(cut) if len(runs) == 1 else None,
                }
                for out, run in zip(outs, runs, strict=True)
            ]  # fmt: skip
            above[bucket] = outs
        for _ in work.map(f"merge {stage}", merge, items):
            pass
        level, files_of = level + 1, above
    return tables.merged(tables.read_bucket(some[0], 0) for some in files_of.values() if some)
