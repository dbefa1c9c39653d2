"""What the scores of a run rest on, article by article, and topics as tables: files for other programs and runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics.display import one_line
from topics.errors import ReadError
from topics.experiments.folder import HELD_OUT
from topics.files import atomic_write

if TYPE_CHECKING:
    from topics.models.topics import TopicModel


def path_of(folder: Path, model: str) -> Path:
    """The file of a run for "themes" or "topics"."""
    return folder / f"{HELD_OUT}_{model}.jsonl"


def write(folder: Path, model: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the rows of `scoring.Scored`, one a line."""
    with atomic_write(path_of(folder, model)) as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=True, allow_nan=False).encode() + b"\n")


def read(folder: Path, model: str) -> dict[str, dict[str, Any]]:
    """The rows by the article's id; empty where the run has none.

    Raises
    ------
    ReadError
        The file is damaged.
    """
    path = path_of(folder, model)
    try:
        rows = [json.loads(line) for line in path.read_bytes().split(b"\n") if line]
        return {str(row["id"]): row for row in rows}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReadError(f"{one_line(str(path))}: is damaged ({one_line(str(error), 60)}); run it again") from error


def topic_terms(model: TopicModel) -> Iterator[dict[str, Any]]:
    """Every term of every topic: topic, name, rank by probability, term as it is spelled, key, probability."""
    names = model.names
    for row in model.top_terms(len(model.matrix.terms)).to_dict("records"):
        yield {"topic": row["topic"], "name": names[row["topic"]]} | {str(name): row[name] for name in row}
