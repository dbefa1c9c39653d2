"""The folder of a run: named by what decided it, written beside and renamed, never replaced.

Two runs with equal settings, articles and code have one name, so a run that is there already need not
be repeated. A folder of that name is complete: it took the name in one step, after its last byte. What a run that
was stopped had done by then waits in a hidden folder for the same run to go on from; it begins anew unless told to.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from topics.bundle import versions
from topics.display import one_line
from topics.errors import ReadError, WriteError
from topics.experiments import stopping
from topics.files import PathLike, atomic_write, is_dead, sync_folder

MANIFEST = "manifest.json"
SETTINGS = "experiment.toml"
SCORES = "scores.json"
SORTED = "sorted.csv"
SORTED_PARTS = "sorted"  # a folder instead, of a run over partitions
REPORT = "report.html"
THEMES = "themes.topics"
TOPICS = "topics.topics"
FIGURES = "figures"
HELD_OUT = "held_out"  # with _<model>.jsonl: what the scores rest on, article by article
TOPIC_TERMS, MIXTURES = "topic_terms", "mixtures"  # with the suffix that [output] tables says
LATEST = ".latest"
CHECKPOINT = "checkpoint"  # in a run under way: what is needed to go on, and nobody's afterwards
_STAGING, _TEMPORARY = ".topics-", ".tmp"
_NOBODY = "0"  # in the place of a process: the one that wrote it has stopped, and left it to be gone on with
_KEPT_SECONDS = 30 * 24 * 3600  # how long what other runs left is kept
_DIGITS = 12  # of a folder's name: two of 10 million runs meet with a chance of 1 in 5


class AlreadyThere(WriteError):
    """Another process finished the same run first."""


def code_fingerprint() -> str:
    """SHA-256 of the package's version and of every file of it that can change a result."""
    package = Path(str(files("topics")))
    digest = hashlib.sha256(versions()["arabic-topics"].encode())
    for path in sorted(package.rglob("*"), key=lambda path: path.relative_to(package).as_posix()):
        name = path.relative_to(package).as_posix()
        # The demo corpus and its experiment have fingerprints of their own, and lie elsewhere in a checkout.
        if "__pycache__" in name or name.startswith("data/") or not path.is_file():
            continue
        digest.update(f"\n{name}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def fingerprint(*parts: Any) -> str:
    """SHA-256 of JSON values, equal whatever the order of their keys."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True, sort_keys=True).encode()).hexdigest()


def place(runs: PathLike, name: str, decided: str, *, again: bool) -> Path:
    """The folder that a run belongs in; with `again` the first of ``-2``, ``-3`` that is free."""
    wanted = Path(runs) / f"{name}-{decided[:_DIGITS]}"
    if not again or not wanted.exists():
        return wanted
    number = 2
    while (numbered := wanted.with_name(f"{wanted.name}-{number}")).exists():
        number += 1
    return numbered


@contextlib.contextmanager
def staged(target: Path, *, resume: bool = False) -> Iterator[Path]:
    """A folder to write into, which takes the name `target` when the block ends and is gone if it fails.

    When Ctrl-C or SIGTERM ends the block it stays, for `resume` to go on from.

    Parameters
    ----------
    target : path
        The run.
    resume : bool
        Whether the folder is the one that the same run left when it was stopped; a new one where there is none.

    Raises
    ------
    WriteError
        The place cannot be written, or `target` was made meanwhile.
    """
    runs = target.parent
    try:
        runs.mkdir(parents=True, exist_ok=True)
        staging = _staging(target, str(os.getpid()))
        adopted = resume and any(_moved(left, staging) for left in _left_behind(target))
        _remove_stale(target)
        if not adopted:
            staging.mkdir()
    except OSError as error:
        raise WriteError(
            f"{one_line(str(runs))}: runs cannot be kept there ({error.strerror}); choose another place with --out"
        ) from error
    try:
        yield staging
        stopping.check()
        shutil.rmtree(staging / CHECKPOINT, ignore_errors=True)
        _sync(staging)
        _publish(staging, target)
    except (KeyboardInterrupt, SystemExit):
        if (staging / MANIFEST).exists() or (staging / CHECKPOINT).exists():
            _moved(staging, _staging(target, _NOBODY))
        raise
    except WriteError as error:
        if staging.name not in str(error):
            raise
        raise type(error)(str(error).replace(str(staging), str(target))) from error
    except OSError as error:
        # One that names another file came from reading, not from writing the run.
        if error.filename is not None and staging.name not in str(error.filename):
            raise
        raise WriteError(
            f"{one_line(str(target))}: cannot be written ({error.strerror or error}); "
            "check the free space and the permissions, nothing half done was left"
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """A JSON file for people and programs; equal values give equal bytes."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    with atomic_write(path) as file:
        file.write(text.encode("utf-8") + b"\n")


def read_json(path: Path) -> dict[str, Any]:
    """A JSON file of a run.

    Raises
    ------
    ReadError
        It is not there, or is not what a run holds.
    """
    shown = one_line(str(path))
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise ReadError(f"{shown}: is not there, so {path.parent.name} is no complete run; run it again") from error
    except OSError as error:
        raise ReadError(f"{shown}: cannot be read ({error.strerror}); check the permissions") from error
    except (ValueError, RecursionError) as error:
        raise ReadError(f"{shown}: is damaged ({one_line(str(error), 60)}); run the experiment again") from error
    if not isinstance(found, dict):
        raise ReadError(f"{shown}: is not what a run holds; run the experiment again")
    return found


def point_latest(target: Path, name: str) -> None:
    """Make ``runs/<name>.latest`` name a run."""
    with atomic_write(target.parent / f"{name}{LATEST}") as file:
        file.write(target.name.encode("utf-8") + b"\n")


def latest(runs: Path, name: str) -> Path | None:
    """The newest complete run of a name, if there is one."""
    try:
        found = runs / (runs / f"{name}{LATEST}").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    return found if (found / MANIFEST).is_file() and found.parent == runs else None


def finished(run: Path) -> int:
    """When a run's manifest was written, in nanoseconds."""
    return (run / MANIFEST).stat().st_mtime_ns


def find_run(path: PathLike) -> Path:
    """The run that a path means: its folder, or ``runs/<name>`` for the newest of a name.

    Raises
    ------
    ReadError
        There is none.
    """
    path = Path(path)
    if (path / MANIFEST).is_file():
        return path
    if found := latest(path.parent, path.name):
        return found
    shown = one_line(str(path))
    if path.exists():
        raise ReadError(f"{shown}: is no run, it holds no {MANIFEST}; give the folder that `topics run` printed")
    raise ReadError(f"{shown}: there is no such run; make one with `topics demo` or `topics run EXPERIMENT.toml`")


def _publish(staging: Path, target: Path) -> None:
    try:
        staging.rename(target)
    except OSError as error:
        if target.exists():
            raise AlreadyThere(
                f"{one_line(str(target))}: another process finished the same run first; use that, or --again"
            ) from error
        raise WriteError(
            f"{one_line(str(target))}: cannot be made ({error.strerror}); check the free space and the permissions"
        ) from error
    sync_folder(target.parent)


def _sync(folder: Path) -> None:
    """Force every file of a folder to the disk before the folder takes its name."""
    for where, _, names in os.walk(folder):
        for name in names:
            with Path(where, name).open("rb+") as file:
                os.fsync(file.fileno())
        sync_folder(where)


def _staging(target: Path, writer: str) -> Path:
    """A hidden name beside a run, which says whose it is: the process's and the run's."""
    return target.parent / f"{_STAGING}{writer}-{_of(target)}-{secrets.token_hex(4)}{_TEMPORARY}"


def _of(target: Path) -> str:
    """A few digits for a run's name, which may be as long as a file system allows."""
    return hashlib.sha256(os.fsencode(target.name)).hexdigest()[:_DIGITS]


def _left_behind(target: Path) -> list[Path]:
    """What the same run left when it was stopped or killed, the newest first."""
    found = [left for left in _all_left(target.parent) if left.name.split("-")[2] == _of(target)]
    return sorted(found, key=lambda left: -_changed(left))


def _all_left(runs: Path) -> list[Path]:
    """Hidden folders of runs that no living process writes."""
    found = []
    for left in runs.glob(f"{_STAGING}*-*-*{_TEMPORARY}"):
        writer = left.name.split("-")[1]
        if left.is_dir() and writer.isdecimal() and not _lives(int(writer)):
            found.append(left)
    return found


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _moved(source: Path, target: Path) -> bool:
    try:
        source.rename(target)
    except OSError:  # another process was first
        return False
    return True


def _remove_stale(target: Path) -> None:
    """Remove what the same run left, and what others left long ago; folders of living processes stay."""
    mine = _left_behind(target)
    for left in _all_left(target.parent):
        if left in mine or time.time() - _changed(left) > _KEPT_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def _lives(process: int) -> bool:
    """Whether a process has that number, so that what it writes is nobody else's."""
    return process != int(_NOBODY) and not is_dead(process)
