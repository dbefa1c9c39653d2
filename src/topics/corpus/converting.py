"""Articles from any files into one file: in memory that does not grow with them where the format allows it.

Nothing goes in silence: what was skipped, repaired, cut or dropped comes back as a table of cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from topics import display
from topics.corpus.article import Article, Corpus, free_id
from topics.corpus.boilerplate import Recurring, drop_boilerplate, recurring
from topics.corpus.excel import MAX_CELL, n_units
from topics.corpus.readers import located
from topics.corpus.readers.columns import check_given
from topics.corpus.readers.located import Located, Options
from topics.corpus.skipped import Log, SkippedTable
from topics.corpus.values import cell_text
from topics.corpus.writers import format_of, write
from topics.errors import ReadError
from topics.files import PathLike

Watch = Callable[[Iterator[Article]], Iterable[Article]]


class Converted(NamedTuple):
    """What was written, and what was not taken as it stood."""

    n_articles: int
    skipped: SkippedTable
    """Skipped, repaired and noted cases; lines of boilerplate that were removed are among the repaired."""
    boilerplate: list[Recurring] | None
    """What recurs in one source, most frequent first; None when it was not looked for."""


def convert(
    path: PathLike | Sequence[PathLike],
    out: PathLike,
    *,
    columns: Mapping[str, str | None] | None = None,
    repair: bool = False,
    boilerplate: bool = False,
    drop: bool = False,
    strict: bool = False,
    watch: Watch | None = None,
) -> Converted:
    """Write the articles of files, folders or standard input to one file.

    Ids are kept; an article without one gets the id that `Corpus.read` would give it, and one whose id
    was used before is skipped and counted, so the file reads back as what was read.

    Parameters
    ----------
    path : path or sequence of paths
        As for `Corpus.read`.
    out : path
        The suffix says the format, see `topics.corpus.write`; without one it is a folder corpus.
    columns, repair, strict
        As for `Corpus.read`.
    boilerplate : bool
        Whether lines that recur in one source are looked for, which holds the articles in memory, as a
        folder corpus does. All else is streamed; only the ids are remembered, about 100 bytes an article.
    drop : bool
        Whether those lines are removed as well.
    watch : callable, optional
        Given the articles as they go by, gives them on: a progress bar.

    Raises
    ------
    ReadError
        No article was found; an old file stays as it was.
    """
    suffix = format_of(out)
    log = Log(strict=strict)
    if suffix and not (boilerplate or drop):
        counted = _Counted(_identified(located(path, Options(log, check_given(columns), repair)), log), log)
        articles: Iterator[Article] = iter(counted)
        if suffix == ".xlsx":
            articles = _watching_cuts(articles, out, log)
        write(iter(watch(articles)) if watch else articles, out)
        return Converted(counted.n, log.table, None)
    corpus = Corpus.read(path, columns=columns, strict=strict, repair=repair)
    lines = recurring(corpus) if boilerplate or drop else None
    if drop:
        corpus = drop_boilerplate(corpus)
    if not len(corpus):
        raise _no_article(corpus.skipped)
    write(_watching_cuts(corpus, out, log) if suffix == ".xlsx" else corpus, out)
    return Converted(len(corpus), SkippedTable([*corpus.skipped, *log.table]), lines)


def _watching_cuts(articles: Iterable[Article], out: PathLike, log: Log) -> Iterator[Article]:
    """The articles; what a workbook cannot hold whole is counted."""
    for article in articles:
        if any(n_units(cell_text(value)) > MAX_CELL for value in article.to_row().values()):
            log.repair(str(out), None, f"cut with a mark: a cell of a workbook holds {MAX_CELL:,} characters")
        yield article


def _no_article(skipped: SkippedTable) -> ReadError:
    files = ", ".join(dict.fromkeys(display.one_line(row.file) for row in skipped)) or "the input"
    reasons = "; ".join(dict.fromkeys(display.one_line(row.reason, 80) for row in skipped)) or "it is empty"
    return ReadError(f"{display.one_line(files, 300)}: no article was found ({reasons}); give a file that holds one")


def _identified(found: Iterator[Located], log: Log) -> Iterator[Article]:
    """The articles, each with an id that none before it has."""
    seen: dict[str, int] = {}
    for article, file, line in found:
        if article.id is None:
            yield replace(article, id=free_id(article.content_id, seen))
        elif article.id in seen:
            log.skip(file, line, "its id was used before")
        else:
            seen[article.id] = 1
            yield article


class _Counted:
    """Articles as they come, counted; none at all is an error before a file takes the place of another."""

    def __init__(self, articles: Iterator[Article], log: Log) -> None:
        self._articles, self._log = articles, log
        self.n = 0

    def __iter__(self) -> Iterator[Article]:
        for article in self._articles:
            self.n += 1
            yield article
        if not self.n:
            raise _no_article(self._log.table)
