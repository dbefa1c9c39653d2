"""What every reader is given, and what it gives: articles that know their file and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from topics import display
from topics.corpus.article import Article
from topics.corpus.readers.columns import BadRow, NoColumn, RowReader
from topics.corpus.skipped import Log
from topics.errors import ReadError


class Located(NamedTuple):
    """An article and where it stood."""

    article: Article
    file: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Options:
    """How to read, the same for every file of one reading."""

    log: Log
    columns: Mapping[str, str | None] | None = None
    repair: bool = False
    lenient: bool = False
    """Whether a file without a text column is only skipped, as one of many in a folder should be."""

    def located(
        self, file: str, rows: Iterable[tuple[Mapping[str, Any], int | None]], *, own_columns: bool = False
    ) -> Iterator[Located]:
        """The articles of rows; what cannot be one is skipped and logged.

        Parameters
        ----------
        file : str
            What the log calls the file.
        rows : iterable of (mapping, line)
            Column to value, and the line on which the row begins.
        own_columns : bool
            Whether the reader itself made the columns, so that the user's names do not apply.

        Raises
        ------
        ReadError
            The file has rows and none of them has a text column.
        """
        reader = RowReader(file, self.log, None if own_columns else self.columns, repair=self.repair)
        no_column: str | None = None
        n_rows = n_found = 0
        for n_rows, (row, line) in enumerate(rows, 1):  # noqa: B007 - counted for the end
            try:
                article = reader.article(row, line)
            except BadRow as problem:
                no_column = no_column or (str(problem) if isinstance(problem, NoColumn) else None)
                self.log.skip(file, line, str(problem))
                continue
            n_found += 1
            yield Located(article, file, line)
        if not n_rows and not self.log.knows(file):
            self.log.skip(file, None, "the file is empty")
        if no_column and not n_found and not self.lenient:
            raise ReadError(f"{display.one_line(file)}: {no_column}")
