"""A list of articles that is longer than one file should hold, in files of so many that link to each other.

The first keeps the report's name; ``report.part-2.html`` and so on lie beside it. The first is written last, so
whoever opens it finds all that it links to; and when one cannot be written, all are again what they were.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from topics import display
from topics.corpus.held import Spooled
from topics.errors import WriteError
from topics.files import PathLike, atomic_write, put_back

Further = Callable[[str, str], None]
"""Takes the name of a further file and its text."""

# By this the template marks a further file. Nothing without it is replaced or removed.
_MARK, _HEAD_BYTES = b'<meta name="topics-part" content="', 4096


@dataclass(frozen=True)
class Part:
    """One file of a list: its number and name, and which articles it holds, the first being 1."""

    number: int
    name: str
    first: int
    last: int

    @property
    def link(self) -> str:
        """Its name as a relative address."""
        return quote(os.fsencode(self.name), safe="")

    @property
    def articles(self) -> str:
        """The first and the last as people read them."""
        return f"{self.first:,}\u2013{self.last:,}"


def parts_of(name: str, n_articles: int, size: int) -> list[Part]:
    """The files of a list of articles, `size` in each; one file where there is no article."""
    path, starts = Path(name), range(0, max(n_articles, 1), size)
    return [
        Part(
            number,
            name if number == 1 else f"{path.stem}.part-{number}{path.suffix}",
            start + 1,
            min(start + size, n_articles),
        )
        for number, start in enumerate(starts, start=1)
    ]


class Waiting(Spooled):
    """Rows as JSON, waiting until it is known how many there are; to be closed by ``with``.

    Parameters
    ----------
    size : int
        How many a part has.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size, self.n_rows, self._bounds = size, 0, [0]

    def fill(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take rows in, one by one."""
        for row in rows:
            begins = self.n_rows % self._size == 0
            if begins and self.n_rows:
                self._bounds.append(self._file.tell())
            self._file.write((b"" if begins else b",") + display.json_island(row).encode("utf-8"))
            self.n_rows += 1

    def array(self, number: int) -> str:
        """A part's rows as a JSON array that may stand in a ``<script>`` element; the first part is 1."""
        bounds = [*self._bounds, self._file.seek(0, os.SEEK_END)]
        self._file.seek(bounds[number - 1])
        return f"[{self._file.read(bounds[number] - bounds[number - 1]).decode('utf-8')}]"


@contextlib.contextmanager
def beside(path: PathLike) -> Iterator[Further]:
    """What writes further files beside a report, which is itself written at the end of the block.

    When the block fails, each file is again what it was. When it ends, those of an earlier report that was larger are
    removed.

    Parameters
    ----------
    path : path
        The report.

    Raises
    ------
    WriteError
        A file cannot be written or removed, or one that is no report's has its name.
    """
    folder, written = Path(path).parent, set()
    with contextlib.ExitStack() as stack:

        def write(name: str, page: str) -> None:
            target = folder / name
            if target.exists() and not _is_part(target):
                raise WriteError(f"{target}: is there and no part of a report; move it, or write the report elsewhere")
            stack.enter_context(put_back(target))
            with atomic_write(target) as file:
                file.write(page.encode("utf-8"))
            written.add(name)

        yield write
    for left in further_files(path):
        if left.name not in written:
            _remove(left)


def further_files(path: PathLike) -> list[Path]:
    """The further files that lie beside a report, in their order."""
    path = Path(path)
    named = re.compile(rf"{re.escape(path.stem)}\.part-([1-9]\d{{0,8}}){re.escape(path.suffix)}")
    found = [(named.fullmatch(one.name), one) for one in path.parent.glob("*.part-*")]
    numbered = [(int(hit[1]), one) for hit, one in found if hit and _is_part(one)]
    return [one for _, one in sorted(numbered)]


def _is_part(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _MARK in file.read(_HEAD_BYTES)
    except OSError:
        return False


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise WriteError(
            f"{path}: belongs to an earlier report and cannot be removed ({error.strerror or error}); remove it"
        ) from error
