"""Rows that can be read more than once, however they come; those of an iterator wait on the disk.

The columns of a table stand before its rows, and the last article may bring a new one: so tables are read
twice, and memory does not grow with their number.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self

HELD_BYTES = 32 << 20
"""Of rows that wait in memory; what is more lies on the disk."""


class Spooled:
    """A temporary file, in memory while it is small; to be closed by ``with``."""

    def __init__(self) -> None:
        # Closed by __exit__; opened here, so that rows are taken in only once they are wanted.
        self._file = tempfile.SpooledTemporaryFile(HELD_BYTES, "w+b")  # noqa: SIM115

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


class Held(Spooled):
    """Rows as mappings, in their order, any number of times; to be closed by ``with``.

    Parameters
    ----------
    rows : iterable
        An iterator is consumed once; anything else is asked again each time.
    as_mappings : callable
        From `rows` to mappings, one by one.
    as_line : callable
        A mapping as a line of JSON.
    """

    def __init__(
        self,
        rows: Any,
        as_mappings: Callable[[Any], Iterator[dict[str, Any]]],
        as_line: Callable[[Mapping[str, Any]], str],
    ) -> None:
        super().__init__()
        self._rows, self._as_mappings, self._as_line = rows, as_mappings, as_line
        self._waits = isinstance(rows, Iterator)
        self._filled = False

    def __iter__(self) -> Iterator[dict[str, Any]]:
        if not self._waits:
            yield from self._as_mappings(self._rows)
            return
        if not self._filled:
            self._fill(self._as_mappings(self._rows))
        self._file.seek(0)
        while line := self._file.readline():
            yield json.loads(line)

    def _fill(self, rows: Iterable[Mapping[str, Any]]) -> None:
        for row in rows:
            self._file.write(self._as_line(row).encode("utf-8") + b"\n")
        self._filled = True
