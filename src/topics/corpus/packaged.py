"""What ships with the package, found in an installed wheel and in a source checkout alike."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from topics.errors import ReadError

CORPUS = "demo"
"""The name of the packaged corpus, as a path in an experiment: a folder of that name is written ./demo."""


def packaged_corpus() -> Path:
    """The folder of the demo corpus."""
    return _first("demo", "corpora/demo")


def packaged_experiment() -> Path:
    """The experiment of the main job."""
    return _first("demo.toml", "experiments/demo.toml")


def _first(installed: str, checkout: str) -> Path:
    # A package on the disk, never in a zip: numba compiles beside its files.
    package = Path(str(files("topics")))
    for place in (package / "data" / installed, package.parent.parent / checkout):
        if place.exists():
            return place
    raise ReadError(f"{checkout} is not where this package was installed; install arabic-topics again")
