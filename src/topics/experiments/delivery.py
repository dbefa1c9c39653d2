"""Where sorted articles go: a table, a review list, a folder a theme. All of them, or all as they were before.

First come the files of the folders, then the review list, then the table: where even the power fails between them, no
table names an article that was not filed, and the same command done again completes the rest.
"""

from __future__ import annotations

import json
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from topics.corpus.held import HELD_BYTES
from topics.corpus.readers import encodings
from topics.corpus.readers.tables import table_rows
from topics.corpus.values import NO_THEMES, parse_themes_cell
from topics.corpus.writers import to_json_line
from topics.display import one_line
from topics.errors import SettingsError
from topics.experiments.filing import UNSURE_FOLDER, Folders
from topics.experiments.sorting import format_of, has_rows, write_rows
from topics.files import put_back
from topics.models.themes import OWN_COLUMNS
from topics.models.unlike import mean
from topics.studies.drifting import Tally, drift

if TYPE_CHECKING:
    from topics.corpus.article import Article
    from topics.models.doubt import Doubt
    from topics.models.themes import ThemeModel

REASON = "reason"
"""The column that a review list has more: why the article is unsure."""


class Unsure(dict[str, Any]):
    """A row that a person had better look at, with its reason."""


@dataclass(frozen=True)
class Places:
    """Where the rows of a sorting go.

    Attributes
    ----------
    out : path, optional
        Table of the rows.
    review : path, optional
        Table of the unsure rows, which are then in no other place.
    folders : path, optional
        Folder that gets a folder for each theme, with the articles that carry it as text files.
    append : bool
        Whether rows are added to both tables, and articles whose ids they have are left out.
    """

    out: Path | None = None
    review: Path | None = None
    folders: Path | None = None
    append: bool = False

    def check(self) -> None:
        """Refuse what cannot be written before anything is sorted."""
        for path in (self.out, self.review):
            if path is not None:
                format_of(path)
        if self.out is not None and self.review is not None and self.out.resolve() == self.review.resolve():
            raise SettingsError(f"{one_line(str(self.out))}: cannot be both the table and the review list; name two")


@dataclass
class Delivered:
    """What happened to the articles."""

    n_sorted: int = 0
    n_unsure: int = 0
    n_known: int = 0
    warnings: list[str] = field(default_factory=list)


@dataclass
class _Known:
    """What the tables hold already."""

    ids: set[str] = field(default_factory=set)
    tally: Tally | None = None


def deliver(
    model: ThemeModel,
    articles: Iterable[Article],
    places: Places,
    doubt: Doubt | None = None,
    watch: Callable[[Iterator[dict[str, Any]]], Iterator[dict[str, Any]]] = iter,
) -> Delivered:
    """Sort articles and put the rows where they belong.

    Parameters
    ----------
    model : ThemeModel
        That sorts.
    articles : iterable of Article
        In any number; memory grows by the ids that the tables hold already, and by nothing else.
    places : Places
        Where they go.
    doubt : Doubt, optional
        Which rows go to the review list.
    watch : callable
        Sees the rows on their way, for a progress bar or to print them.
    """
    places.check()
    keys = list(model.themes)
    done, known, tally = Delivered(), _known(places, keys), Tally(keys)
    columns = (*OWN_COLUMNS[:4], *keys, OWN_COLUMNS[4])
    with _together(places) as folders, tempfile.SpooledTemporaryFile(HELD_BYTES, "w+b") as held:
        new = _New(articles, known.ids, done, keep=places.folders is not None)
        judged = watch(_judged(model.rows(new), doubt))

        def sure() -> Iterator[dict[str, Any]]:
            for row in judged:
                tally.add(row["unlike"], row["themes"])
                unsure = isinstance(row, Unsure)
                if places.folders is not None:
                    folders.add(new.waiting.popleft(), [UNSURE_FOLDER] if unsure else row["themes"] or [NO_THEMES])
                if unsure and places.review is not None:
                    held.write(to_json_line(row).encode("utf-8") + b"\n")
                    done.n_unsure += 1
                    continue
                done.n_sorted += 1
                yield row
            if places.review is None:
                folders.commit()
            else:
                write_rows(_waiting(held, folders), places.review, append=places.append, columns=(*columns, REASON))

        if places.out is None:
            deque(sure(), maxlen=0)
        else:
            write_rows(sure(), places.out, append=places.append, columns=columns)
    done.warnings = _drifted(model, known.tally, tally, places)
    return done


@contextmanager
def _together(places: Places) -> Iterator[Folders]:
    """The folders to file into; when the block fails, they and both tables are what they were."""
    with ExitStack() as stack:
        for path in (places.out, places.review):
            if path is not None:
                stack.enter_context(put_back(path))
        yield stack.enter_context(Folders(places.folders))


def _waiting(held: IO[bytes], folders: Folders) -> Iterator[dict[str, Any]]:
    """The rows of the review list; before it takes its name, the articles are filed."""
    held.seek(0)
    for line in held:
        yield json.loads(line)
    folders.commit()


class _New:
    """The articles that no table has yet; those whose rows are not made yet wait to be filed."""

    def __init__(self, articles: Iterable[Article], known: set[str], done: Delivered, *, keep: bool) -> None:
        self._articles, self._known, self._done, self._keep = articles, known, done, keep
        self.waiting: deque[Article] = deque()

    def __iter__(self) -> Iterator[Article]:
        for article in self._articles:
            if self._known and _key(article.id) in self._known:
                self._done.n_known += 1
                continue
            if self._keep:
                self.waiting.append(article)
            yield article


def _judged(rows: Iterator[dict[str, Any]], doubt: Doubt | None) -> Iterator[dict[str, Any]]:
    """The rows, the unsure ones with a reason."""
    for row in rows:
        reason = None if doubt is None else doubt.reason(row)
        if reason is None:
            yield row
            continue
        own = {f"input_{REASON}": row.pop(REASON)} if REASON in row else {}
        yield Unsure({**row, **own, REASON: reason})


def _known(places: Places, themes: list[str]) -> _Known:
    """The ids that the tables have, and the tally of their rows."""
    known = _Known()
    tally = Tally(themes)
    for path in (places.out, places.review) if places.append else ():
        if path is None or not has_rows(path):
            continue
        for row in table_rows(path):
            known.ids.add(_key(row.get("id")))
            unlike = _share(row.get("unlike"))
            if unlike is not None:
                tally.add(unlike, parse_themes_cell(row.get("themes")) or ())
    known.ids.discard("")
    if tally.n:
        known.tally = tally
    return known


def _key(identity: Any) -> str:
    """An id as every format gives it back."""
    return "" if identity is None else encodings.clean(str(identity))[0]


def _share(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if 0.0 <= number <= 1.0 else None


def _drifted(model: ThemeModel, before: Tally | None, now: Tally, places: Places) -> list[str]:
    """What changed since the rows that the table had, and since the training articles: a line each."""
    lines = []
    if before is not None and places.out is not None:
        lines.append(drift(before, now, list(model.themes)).line(one_line(places.out.name, 60)))
    taught = Tally.of_training(model)
    # That articles are nearer to the model than its own were is no reason to look.
    if taught.n and now.n and mean(now.counts) > mean(taught.counts):
        lines.append(drift(taught, now).line("those the model learnt from"))
    return [line for line in lines if line is not None]
