"""The file of labels: JSON Lines, one answer a line, added and forced to the disk as soon as it is given."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from topics.display import one_line
from topics.errors import ReadError, WriteError
from topics.files import PathLike


class Label(NamedTuple):
    """One answer."""

    id: str  # of the article
    coder: str
    themes: tuple[str, ...]  # empty: none of them
    note: str = ""


class LabelFile:
    """Answers of any number of coders in one file.

    Parameters
    ----------
    path : path
        Made with the first answer; its folder must exist.
    """

    def __init__(self, path: PathLike) -> None:
        self.path = Path(path)

    def read(self) -> list[Label]:
        """Every answer, in the order in which they were given.

        Raises
        ------
        ReadError
            A line is no label; a last line that was cut off while it was written is left out.
        """
        try:
            lines = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise ReadError(f"{self.path}: cannot be read ({error.strerror}); check the path") from error
        torn = lines.pop()
        found = [self._label(line, number) for number, line in enumerate(lines, 1) if line.strip()]
        if torn.strip():
            with contextlib.suppress(ReadError):
                found.append(self._label(torn, len(lines) + 1))
        return found

    def of(self, coder: str, ids: Iterable[str]) -> dict[str, Label]:
        """The last answer of one coder on each of some articles, by id."""
        wanted = set(ids)
        return {label.id: label for label in self.read() if label.coder == coder and label.id in wanted}

    def add(self, label: Label) -> None:
        """Write an answer behind the others; when this returns it is on the disk.

        Raises
        ------
        WriteError
            The place cannot be written.
        """
        line = json.dumps(label._asdict(), ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        try:
            with self.path.open("a+b") as file:
                self._drop_torn_line(file)
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise WriteError(
                f"{self.path}: the answer cannot be saved ({error.strerror or error}); check the folder and free space"
            ) from error

    def _drop_torn_line(self, file: Any) -> None:
        """Cut off what a process that died left of its line; a whole one gets its line end."""
        size = file.seek(0, os.SEEK_END)
        if not size:
            return
        file.seek(size - 1)
        if file.read(1) == b"\n":
            return
        file.seek(0)
        torn = file.read().rpartition(b"\n")[2]
        try:
            self._label(torn, 0)
        except ReadError:
            file.truncate(size - len(torn))
        else:
            file.write(b"\n")

    def _label(self, line: bytes, number: int) -> Label:
        wrong = f"{self.path}, line {number}: is no label; give a file that topics.label wrote, or a new name"
        try:
            row = json.loads(line)
            themes = row["themes"]
            label = Label(row["id"], row["coder"], tuple(themes), row.get("note", ""))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ReadError(wrong) from error
        texts = (label.id, label.coder, label.note, *label.themes)
        if not isinstance(themes, list) or not all(isinstance(text, str) for text in texts):
            raise ReadError(f"{wrong} ({one_line(str(row), 60)})")
        return label
