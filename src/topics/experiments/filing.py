"""Sorted articles as text files, in a folder for each theme.

An article stands in the folder of every theme that it carries, so no folder lacks one of its articles; with none in
`none`, unsure in `_unsure`. The files wait in a folder beside and are moved when all are there.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from topics.display import one_line
from topics.errors import WriteError
from topics.files import safe_name

if TYPE_CHECKING:
    from types import TracebackType

    from topics.corpus.article import Article

UNSURE_FOLDER = "_unsure"  # no theme can be called so
_SURROGATE = re.compile("[\ud800-\udfff]")


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

    def __enter__(self) -> Self:
        if self._home is not None:
            try:
                self._home.mkdir(exist_ok=True)
                self._staging = Path(tempfile.mkdtemp(prefix=f".topics-{os.getpid()}-", suffix=".tmp", dir=self._home))
            except OSError as error:
                raise self._problem(error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._staging is not None:
            shutil.rmtree(self._staging, ignore_errors=True)

    def add(self, article: Article, folders: Sequence[str]) -> None:
        """Write an article into folders: title, text, as a .txt file that is read back as the same article."""
        if self._staging is None:
            return
        name = safe_name(article.id or article.content_id, ".txt")
        if name in self._used:
            # Two inputs may hold files of one name: neither article may take the other's place.
            name = safe_name(f"{article.id} {article.content_id}", ".txt")
        self._used.add(name)
        data = (_SURROGATE.sub("\ufffd", article.full).rstrip("\n") + "\n").encode("utf-8")
        try:
            for folder in folders:
                place = self._staging / (folder if folder == UNSURE_FOLDER else safe_name(folder))
                place.mkdir(exist_ok=True)
                (place / name).write_bytes(data)
        except OSError as error:
            raise self._problem(error) from error

    def commit(self) -> None:
        """Move the files to where they belong."""
        if self._staging is None or self._home is None:
            return
        try:
            for folder in sorted(self._staging.iterdir()):
                target = self._home / folder.name
                target.mkdir(exist_ok=True)
                for file in sorted(folder.iterdir()):
                    file.replace(target / file.name)
        except OSError as error:
            raise self._problem(error) from error

    def _problem(self, error: OSError) -> WriteError:
        return WriteError(
            f"{one_line(str(self._home))}: cannot be written ({error.strerror or error}); "
            "check the free space and the permissions"
        )
