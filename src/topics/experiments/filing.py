"""Sorted articles as text files, in a folder for each theme.

An article stands in the folder of every theme that it carries, so no folder lacks one of its articles; with none in
`none`, unsure in `_unsure`. The files wait in a hidden folder and are moved when all are there; what they replace waits
there in turn, until nothing can fail any more.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from topics.corpus.checks import checked_text
from topics.display import one_line
from topics.errors import WriteError
from topics.files import keep, remove_stale, safe_name, temporary_in

if TYPE_CHECKING:
    from types import TracebackType

    from topics.corpus.article import Article

UNSURE_FOLDER = "_unsure"  # no theme can be called so
_NEW, _OLD = "new", "old"  # in the hidden folder


class Folders:
    """Files for articles, all of them or none; does nothing without a folder.

    Parameters
    ----------
    home : path, optional
        The folder of the folders; made when it is not there. What it holds stays, but for files of equal name.
    """

    def __init__(self, home: Path | None) -> None:
        self._home = home
        self._staging: Path | None = None
        self._used: set[str] = set()
        self._moved: list[tuple[Path, Path | None]] = []  # a file that took its place, and what was there
        self._made: list[Path] = []

    def __enter__(self) -> Self:
        if self._home is not None:
            try:
                self._make(self._home)
                remove_stale(self._home)
                self._staging = temporary_in(self._home)
                for folder in (self._staging, self._staging / _NEW, self._staging / _OLD):
                    folder.mkdir()
            except OSError as error:
                self.__exit__(type(error), error, None)
                raise self._problem(error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            for target, old in reversed(self._moved):
                with contextlib.suppress(OSError):
                    if old is None:
                        target.unlink(missing_ok=True)
                    else:
                        old.replace(target)
        if self._staging is not None:
            shutil.rmtree(self._staging, ignore_errors=True)
        if kind is not None:
            for folder in reversed(self._made):
                with contextlib.suppress(OSError):
                    folder.rmdir()

    def add(self, article: Article, folders: Sequence[str]) -> None:
        """Write an article into folders: title, text, as a .txt file that is read back as the same article."""
        if self._staging is None:
            return
        name = safe_name(article.id or article.content_id, ".txt")
        if name in self._used:
            # Two inputs may hold files of one name: neither article may take the other's place.
            name = safe_name(f"{article.id} {article.content_id}", ".txt")
        self._used.add(name)
        data = (checked_text(article.full).rstrip("\n") + "\n").encode("utf-8")
        try:
            for folder in folders:
                place = self._staging / _NEW / (folder if folder == UNSURE_FOLDER else safe_name(folder))
                place.mkdir(exist_ok=True)
                (place / name).write_bytes(data)
        except OSError as error:
            raise self._problem(error) from error

    def commit(self) -> None:
        """Move the files to where they belong; an error before the block ends moves them back."""
        if self._staging is None or self._home is None:
            return
        try:
            for file in sorted((self._staging / _NEW).glob("*/*")):
                target = self._home / file.relative_to(self._staging / _NEW)
                self._make(target.parent)
                old = self._staging / _OLD / str(len(self._moved))
                self._moved.append((target, old if keep(target, old) else None))
                file.replace(target)
        except OSError as error:
            raise self._problem(error) from error

    def _make(self, folder: Path) -> None:
        """A folder; one that was not there goes again when the block fails."""
        if not folder.is_dir():
            folder.mkdir()
            self._made.append(folder)

    def _problem(self, error: OSError) -> WriteError:
        return WriteError(
            f"{one_line(str(self._home))}: cannot be written ({error.strerror or error}); "
            "check the free space and the permissions"
        )
