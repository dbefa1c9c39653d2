"""The models that come with the package, by name: `topics sort article.txt` works before anything is trained."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

DEFAULT = "themes-ar"
"""The model of `topics sort` and `topics explain` when none is named."""

# Not in the folder of this module: what lies in `data` has fingerprints of its own and names no run.
_FOLDER = ("data", "models")


def shipped() -> dict[str, Path]:
    """Name -> bundle of each model that ships."""
    folder = Path(str(files("topics"))).joinpath(*_FOLDER)
    return {path.stem: path for path in sorted(folder.glob("*.topics"))}
