"""Settings: experiments with their sweeps, themes.toml, values of --set, kept results of a cache."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from random import Random

import numpy as np

from fuzzing.mutator import mutate
from fuzzing.targets import Target, answers
from topics.corpus.themes import parse_themes, parse_toml, read_themes
from topics.experiments import toml
from topics.experiments.combining import combine
from topics.experiments.entries import Damaged, Kept, read_kept, write_kept
from topics.experiments.example import write_example
from topics.experiments.settings import Experiment, read_toml

_EXPERIMENT = """name = "تجربة-1"
random_state = 7
corpus = { path = ["demo", "more.jsonl"], sample = 10 }
[text]
level = "light"
fold = ["alef"]
stop_words = ["في", "من"]
[terms]
min_df = 2
ngrams = [1, 2]
[themes]
use = ["security", "sport"]
[topics]
n_topics = 12
alpha = 0.1
engine = "gensim"
[sweep]
"topics.n_topics" = [10, 20]
terms.min_df = [1, 2, 0.5]
"""
_THEMES = """[sport]
names = { ar = "رياضة", en = "Sport" }
definition = "مباريات وأندية"
anchors = ["مباراة", "كأس العالم"]
not = ["روح رياضية"]
color = "#1b7f5c"
[water]
anchors = ["سد"]
"""
_TOKENS = tuple(
    token.encode()
    for token in (
        *(
            "[",
            "]",
            "[[",
            "]]",
            "{",
            "}",
            "=",
            ".",
            '"',
            "'",
            '"""',
            "#",
            "\n",
            ",",
            "\\u0627",
            "\\U0010ffff",
            "true",
            "inf",
            "nan",
        ),
        *(
            "name",
            "corpus",
            "path",
            "sample",
            "text",
            "terms",
            "themes",
            "topics",
            "sweep",
            "evaluation",
            "sort",
            "output",
        ),
        *(
            "n_topics",
            "level",
            "min_df",
            "max_df",
            "ngrams",
            "use",
            "start",
            "engine",
            "folds",
            "split",
            "anchors",
            "color",
        ),
        *(
            "2025-11-24",
            "10:30:00",
            "2025-11-24T10:30:00Z",
            "0x1f",
            "1_000",
            "-0",
            "1e400",
            '"labels"',
            '"demo"',
            "names",
            "not",
        ),
    )
)


def check_experiment(data: bytes) -> None:
    """An experiment's file: refused in one line, or settings that read back equal; so is each of its sweep."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "e.toml"
        path.write_bytes(data)
        answers(partial(Experiment.read, path))
        answers(partial(Experiment.read, path, {"topics.n_topics": 30, "corpus.path": None}))
        settings = answers(partial(read_toml, path))
        if settings is None:
            return
        found = answers(partial(combine, settings, folder=Path(folder)))
        for one in [] if found is None else [found[0], *(each.settings for each in found[1][:3])]:
            path.write_text(toml.dump(one.to_settings()), encoding="utf-8")
            assert Experiment.read(path) == one
            one.training(), one.random_states()
    answers(partial(toml.value_of, data.decode("utf-8", "replace")))


def check_themes(data: bytes) -> None:
    """A themes.toml: refused in one line, or themes that read back equal."""
    found = answers(partial(parse_toml, data, "themes.toml"))
    if found is None:
        return
    assert parse_themes(found.to_settings()) == found
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "themes.toml"
        path.write_text(found.to_toml(), encoding="utf-8")
        assert read_themes(path) == found
    assert "<script" not in found._repr_html_().lower()


def check_entry(data: bytes) -> None:
    """A kept result: damaged, or values and arrays."""
    try:
        kept = read_kept(io.BytesIO(data), len(data))
    except Damaged:
        return
    assert all(isinstance(array, np.ndarray) for array in kept.arrays.values())


def _experiments() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "e.toml"
        write_example(path)
        example = path.read_bytes()
    return [_EXPERIMENT.encode(), example]


def _entries() -> list[bytes]:
    held = io.BytesIO()
    write_kept(
        held, Kept({"n": 3, "names": ["أ", "ب"]}, {"a": np.arange(6.0).reshape(2, 3), "b": np.zeros(0, np.int32)})
    )
    return [held.getvalue()]


def change(data: bytes, draw: Random, others: Sequence[bytes] = ()) -> bytes:
    return mutate(data, draw, others, _TOKENS)


TARGETS = {
    "experiment": Target(check_experiment, _experiments, change),
    "themes": Target(check_themes, lambda: [_THEMES.encode()], change),
    "cache": Target(check_entry, _entries, change),
}
