"""What a command prints and where: facts to stdout, all else to stderr, and nothing that rewrites a terminal."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from topics.display import one_line

WIDTH = 1000  # of a line on stderr: long enough for a path, short enough for a screen


def prepare() -> None:
    """Output that is the same bytes everywhere when it goes to a file; never an error for a letter."""
    _open_closed()
    for stream in (sys.stdout, sys.stderr):
        if not hasattr(stream, "reconfigure"):
            continue
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")
    warnings.showwarning = _show_warning


def _open_closed() -> None:
    """Give a stream that was closed to nowhere; else the next file that is opened would take its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - as long as the process


def say(text: str) -> None:
    """One line on stderr, controls shown."""
    with contextlib.suppress(OSError):
        print(f"topics: {one_line(text, WIDTH)}", file=sys.stderr, flush=True)


def show(text: str = "") -> None:
    """A line on stdout; what came from people went through `display` before."""
    print(text)


def show_lines(lines: Iterable[str]) -> None:
    """Lines on stdout."""
    for line in lines:
        show(line)


def show_json(value: Any) -> None:
    """One JSON value a line on stdout, always valid UTF-8."""
    from topics.corpus.writers import to_json_line

    print(to_json_line(value))


def show_report(files: Sequence[Path]) -> None:
    """The way to a report, and how many files it goes on in; nothing where there is none."""
    if files:
        show(f"Report  {files[0]}")
    if files[1:]:
        show(f"        goes on in {len(files) - 1:,} more, to {files[-1].name}")


def progress(items: Iterable[Any], unit: str) -> Iterable[Any]:
    """The items, counted on stderr where that is a terminal."""
    from topics.experiments.clock import bar

    counted: Iterable[Any] = bar(items, unit=f" {unit}")
    return counted


def is_broken_pipe(stopped: SystemExit) -> bool:
    """Whether a command ended because nobody reads its output any more."""
    cause = stopped.__context__
    return isinstance(cause, OSError) and cause.errno == errno.EPIPE


def drop_if_broken() -> None:
    """Send the rest of stdout nowhere when its reader is gone, so that Python's own exit does not fail on it."""
    try:
        sys.stdout.flush()
    except (BrokenPipeError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show_warning(message: Warning | str, category: type[Warning], *_place: object, **_more: object) -> None:
    """A warning as a line for people, without the place in the source."""
    if issubclass(category, (DeprecationWarning, PendingDeprecationWarning, ResourceWarning)):
        return
    say(f"warning: {message}")
