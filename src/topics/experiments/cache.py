"""The cache: results of costly steps by the hash of all that decides them, in a folder that may vanish at any time.

Each entry is one file, written beside and renamed. A missing, damaged or unreadable one is no entry, a place that
cannot be written keeps nothing, and neither is an error: the step is done again. When the folder holds more than
its bound, the entries that were used longest ago go.

``TOPICS_CACHE`` names another folder, or none when it is empty; ``TOPICS_CACHE_SIZE`` another bound, such as 500MiB.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import platform
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from topics.bundle import versions
from topics.errors import SettingsError, WriteError
from topics.experiments.entries import Damaged, Kept, read_kept, write_kept
from topics.files import atomic_write

FOLDER, BOUND = "TOPICS_CACHE", "TOPICS_CACHE_SIZE"
KINDS = {
    "analysis": "what was learnt of the words of some articles: frequencies, phrases",
    "matrix": "a fitted vectorizer and the matrix of its articles",
    "counts": "term counts of other articles",
    "fit": "a fitted estimator",
    "scores": "scores of a model, with what they rest on",
    "groups": "near duplicates",
}
"""Kind of an entry to what it holds."""
_SUFFIX = ".kept"
_DEFAULT_BOUND = "2GiB"
_TAG = "CACHEDIR.TAG"
# The first line is the one by which backup programs know a cache: https://bford.info/cachedir/
_TAG_TEXT = (
    b"Signature: 8a477f597d28d172789f06886806bc55\n"
    b"# Results that arabic-topics keeps to save time. Delete the folder whenever you like.\n"
)


class Store:
    """Kept results in a folder.

    Parameters
    ----------
    folder : path
        It is made when the first result is kept.
    most_bytes : int, optional
        The bound; None for none.
    """

    def __init__(self, folder: Path, most_bytes: int | None = None) -> None:
        self.folder = folder
        self.most_bytes = most_bytes

    def path(self, kind: str, key: str) -> Path:
        """Where a result lies, if it is there."""
        return self.folder / f"{kind}-{key}{_SUFFIX}"

    def get(self, kind: str, key: str) -> Kept | None:
        """A kept result; None where there is none that can be used."""
        path = self.path(kind, key)
        try:
            with path.open("rb") as file:
                found = read_kept(file, os.fstat(file.fileno()).st_size)
        except (OSError, Damaged, MemoryError):
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # used now
        return found

    def put(self, kind: str, key: str, kept: Kept) -> bool:
        """Keep a result; whether that was possible."""
        size = sum(array.nbytes for array in kept.arrays.values())
        if self.most_bytes is not None and size > self.most_bytes // 2:
            return False
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if self.most_bytes is not None and not (self.folder / _TAG).exists():
                with atomic_write(self.folder / _TAG) as file:
                    file.write(_TAG_TEXT)
            with atomic_write(self.path(kind, key)) as file:
                write_kept(file, kept)
        except (OSError, WriteError, ValueError):
            return False
        if self.most_bytes is not None:
            self._shrink(self.most_bytes)
        return True

    def entries(self) -> list[tuple[Path, os.stat_result]]:
        """Every entry with its size and times; other processes may take them away meanwhile."""
        found = []
        with contextlib.suppress(OSError):
            for path in self.folder.glob(f"*-*{_SUFFIX}"):
                with contextlib.suppress(OSError):
                    found.append((path, path.stat()))
        return found

    def _shrink(self, most_bytes: int) -> None:
        entries = sorted(self.entries(), key=lambda entry: (entry[1].st_mtime_ns, entry[0].name))
        surplus = sum(stat.st_size for _, stat in entries) - most_bytes
        for path, stat in entries:
            if surplus <= 0:
                return
            with contextlib.suppress(OSError):  # on Windows while somebody reads it
                path.unlink()
                surplus -= stat.st_size


class NoStore(Store):
    """Keeps nothing."""

    def __init__(self) -> None:
        super().__init__(Path())

    def get(self, kind: str, key: str) -> None:  # noqa: ARG002
        """Nothing."""
        return

    def put(self, kind: str, key: str, kept: Kept) -> bool:  # noqa: ARG002
        """Not kept."""
        return False


def user_store(folder: Path | None = None) -> Store | None:
    """The user's cache; None where the variable TOPICS_CACHE is empty.

    Raises
    ------
    SettingsError
        TOPICS_CACHE_SIZE is no size.
    """
    if folder is None and os.environ.get(FOLDER) == "":
        return None
    try:
        return Store(folder or default_folder(), bound())
    except RuntimeError:  # nobody's home
        return None


def bound() -> int:
    """The most bytes that the cache holds."""
    from topics.estimators.lda import parse_memory

    given = os.environ.get(BOUND) or _DEFAULT_BOUND
    try:
        return parse_memory(given)
    except ValueError as error:
        raise SettingsError(f"{BOUND}: {error}") from None


def default_folder() -> Path:
    """TOPICS_CACHE, else the place that the system has for caches of a user."""
    if chosen := os.environ.get(FOLDER):
        return Path(chosen)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        return base / "arabic-topics" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "arabic-topics"
    given = os.environ.get("XDG_CACHE_HOME", "")
    # The specification tells to ignore a relative path.
    return (Path(given) if Path(given).is_absolute() else Path.home() / ".cache") / "arabic-topics"


def is_cache(path: Path) -> bool:
    """Whether a folder is a cache of this package."""
    try:
        return (path / _TAG).read_bytes() == _TAG_TEXT
    except OSError:
        return False


def describe_cache(path: Path) -> dict[str, Any]:
    """A cache in a few plain facts."""
    entries = Store(path).entries()
    rows = []
    for kind, holds in KINDS.items():
        own = [stat for entry, stat in entries if entry.name.startswith(f"{kind}-")]
        if own:
            used = dt.datetime.fromtimestamp(min(stat.st_mtime for stat in own), dt.UTC)
            size = sum(stat.st_size for stat in own)
            rows.append(
                {
                    "entries": kind,
                    "n": len(own),
                    "bytes": size,
                    "unused_since": used.isoformat(timespec="minutes"),
                    "holds": holds,
                }
            )
    return {
        "kind": "cache",
        "path": str(path),
        "n_entries": len(entries),
        "bytes": sum(stat.st_size for _, stat in entries),
        "most_bytes": bound(),
        "contents": rows,
        "delete": "the folder, whenever you like: what is needed is worked out again",
    }


@cache
def code_of(*layers: str) -> str:
    """SHA-256 of the sources and tables of some layers, and of the versions of the libraries.

    What a step gives can change with these only; the rest of the package may.
    """
    package = Path(str(files("topics")))
    # Other processors may add in another order, and caches lie on shared homes.
    machine = {"machine": platform.machine(), "system": platform.system()}
    digest = hashlib.sha256(repr(sorted((versions() | machine).items())).encode())
    for layer in layers:
        place = package / layer
        paths = sorted(place.rglob("*")) if place.is_dir() else [place.with_suffix(".py")]
        for path in paths:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"\n{path.relative_to(package).as_posix()}\n".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
