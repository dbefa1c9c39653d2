"""What each command prints when it is asked with --help, for the documentation and its tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_WIDTH = 100  # columns, wherever it is asked


def pages() -> dict[str, str]:
    """Command -> its help, in the order in which `topics --help` lists them."""
    import typer

    from topics.cli.app import build

    return {name: _help(command, name) for name, command in _commands(typer.main.get_command(build()), "topics")}


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    yield name, command
    for part, inner in getattr(command, "commands", {}).items():
        yield from _commands(inner, f"{name} {part}")


def _help(command: Any, name: str) -> str:
    with command.make_context(name, [], resilient_parsing=True, terminal_width=_WIDTH) as context:
        text: str = command.get_help(context)
    return text
