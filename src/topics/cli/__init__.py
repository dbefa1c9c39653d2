"""The command `topics`: a thin layer, whatever it does a line of Python does.

Exit code 0 is done, 1 could not (one line on stderr: what, which file, what to do), 2 wrong usage, 130
and 143 stopped by Ctrl-C and SIGTERM; a reader that closes the pipe early ends it with 0. There is never
a traceback, unless the variable TOPICS_TRACEBACK asks for one.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        What follows the command's name; by default what it was called with.

    Returns
    -------
    int
        The exit code.
    """
    from topics.cli import streams
    from topics.experiments.stopping import terminable

    streams.prepare()
    try:
        with terminable():
            code = _call(arguments)
            sys.stdout.flush()
    except SystemExit as stopped:
        code = stopped.code if isinstance(stopped.code, int) else 1
        if streams.is_broken_pipe(stopped):
            code = 0
    except BaseException as error:  # noqa: BLE001 - the last place that can keep a traceback from people
        code = _explained(error)
    finally:
        streams.drop_if_broken()
    return code


def _call(arguments: Sequence[str] | None) -> int:
    import typer

    from topics.cli import streams
    from topics.cli.app import build

    try:
        code = int(build()(arguments, prog_name="topics", standalone_mode=False) or 0)
    except typer.TyperException as error:
        if hasattr(error, "show"):
            error.show()
        return error.exit_code
    except typer.Abort:
        return 1
    if code == _INTERRUPTED:
        streams.say("stopped; nothing half done was left")
    return code


def _explained(error: BaseException) -> int:
    """The exit code of an error, told in one line."""
    from topics.cli import streams
    from topics.errors import TopicsError

    if os.environ.get("TOPICS_TRACEBACK"):
        raise error
    if isinstance(error, BrokenPipeError):
        return 0
    if isinstance(error, KeyboardInterrupt):
        streams.say("stopped; nothing half done was left")
        return _INTERRUPTED
    if isinstance(error, TopicsError):
        streams.say(str(error))
    elif isinstance(error, OSError):
        name = f"{error.filename}: " if error.filename else ""
        streams.say(f"{name}{error.strerror or error}; check the path, the permissions and the free space")
    elif isinstance(error, MemoryError):
        streams.say("not enough memory; give fewer articles, or set [corpus] sample")
    else:
        kind = type(error).__name__
        streams.say(f"a fault in topics ({kind}: {error}); run again with TOPICS_TRACEBACK=1 and report what it prints")
    return 1
