"""All files of a corpus, then one folder corpus of them, with its licence beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from topics.corpus.article import Article, free_id
from topics.corpus.fetching import tagged
from topics.corpus.fetching.catalogue import Entry, File
from topics.corpus.fetching.download import Progress, Received, download
from topics.corpus.fetching.transport import Patience
from topics.corpus.readers import located
from topics.corpus.readers import zip as archives
from topics.corpus.readers.located import Located, Options
from topics.corpus.readers.source import Source
from topics.corpus.skipped import Log, SkippedTable
from topics.corpus.writers import write
from topics.errors import ReadError, SettingsError, WriteError
from topics.files import PathLike, atomic_write

ARTICLES = "articles.jsonl"
RECORD = "fetched.json"
README = "README.md"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A corpus that is there."""

    folder: Path
    n_articles: int
    skipped: SkippedTable | None
    """What the readers left out or repaired; None when the articles were there already."""
    was_there: bool = False


def fetch(
    entry: Entry,
    out: PathLike,
    *,
    accept_licence: bool = False,
    patience: Patience | None = None,
    progress: Progress | None = None,
) -> Fetched:
    """A public corpus as a folder corpus.

    Parameters
    ----------
    entry : Entry
        From the catalogue.
    out : path
        The folder; made when it is not there. What an earlier call left in it is gone on with.
    accept_licence : bool
        Whether the licence was read and accepted.
    patience : Patience, optional
        How long servers are waited for.
    progress : callable, optional
        Told of bytes of each file, then of articles, under the name "articles".

    Raises
    ------
    SettingsError
        The licence is not accepted, or the corpus is downloaded by hand.
    ReadError
        A server does not give a file, gives another one, or the file holds no articles.
    WriteError
        The folder does not take it, or holds something else.
    """
    if not entry.files:
        raise SettingsError(
            f"{entry.name}: its publisher documents no address of a file; download it by hand from {entry.page}, "
            f"{entry.by_hand}; then: topics corpus convert DOWNLOADED --out {entry.name}.jsonl"
        )
    if not accept_licence:
        raise SettingsError(f"{entry.name}: nothing was fetched; read its licence, then say that you accept it")
    folder, record = Path(out), _record(Path(out))
    if record is None and (folder / ARTICLES).exists():
        raise WriteError(f"{folder / ARTICLES}: is there and was not fetched; choose another folder with --out")
    if record is not None and record.get("files") != _wanted(entry):
        raise WriteError(f"{folder}: holds another corpus, or other files of this one; choose a folder with --out")
    if record is not None and (n_articles := _complete(folder, record)) is not None:
        return Fetched(folder, n_articles, None, was_there=True)
    return _fetch(entry, folder, patience, progress)


def _fetch(entry: Entry, folder: Path, patience: Patience | None, progress: Progress | None) -> Fetched:
    downloads = folder / "downloads"
    try:
        downloads.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"{downloads}: cannot be made ({error.strerror}); choose a folder with --out") from error
    record: dict[str, Any] = {"corpus": entry.name, "files": _wanted(entry)}
    # Before the articles: whatever stands there later was made from these files.
    _write_json(folder / RECORD, record)
    received = [
        download(file, downloads, hosts=entry.hosts, patience=patience, progress=progress) for file in entry.files
    ]
    log, counted = Log(), _Counted(progress)
    write(counted.count(_articles(entry, received, log)), folder / ARTICLES)
    if not counted.n:
        (folder / ARTICLES).unlink()
        raise ReadError(f"{downloads}: no articles were found in it; see `topics corpus convert`, and report this")
    with atomic_write(folder / README) as readme:
        readme.write(_readme(entry, received, counted.n, log.table).encode("utf-8"))
    size = (folder / ARTICLES).stat().st_size
    _write_json(folder / RECORD, record | {"n_articles": counted.n, "articles_bytes": size})
    return Fetched(folder, counted.n, log.table)


class _Counted:
    """Counts articles as they pass, and gives each an id of its own."""

    def __init__(self, progress: Progress | None) -> None:
        self.n = 0
        self._progress = progress
        self._seen: dict[str, int] = {}

    def count(self, articles: Iterator[Article]) -> Iterator[Article]:
        """The articles; one whose id was there before is numbered, as `Corpus` does it."""
        for article in articles:
            self.n += 1
            if self._progress is not None and self.n % 100 == 0:
                self._progress("articles", self.n, None)
            yield replace(article, id=free_id(article.id or article.content_id, self._seen))


def _articles(entry: Entry, received: list[Received], log: Log) -> Iterator[Article]:
    """The articles of all files, in the order of the catalogue."""
    options = Options(log, entry.columns or None)
    for file, found in zip(entry.files, received, strict=True):
        for article, _, _ in _located(entry, found, options):
            yield article if article.source or not file.source else replace(article, source=file.source)


def _located(entry: Entry, found: Received, options: Options) -> Iterator[Located]:
    if entry.layout != "tagged":
        return located(found.path, options)
    source = Source.of_path(found.path)
    if source.suffix == ".zip":
        return archives.read(source, options, tagged.read)
    return tagged.read(source, options)


def _wanted(entry: Entry) -> list[dict[str, Any]]:
    return [_wanted_file(file) for file in entry.files]


def _wanted_file(file: File) -> dict[str, Any]:
    return {"name": file.name, "address": file.address, "sha256": file.sha256}


def _record(folder: Path) -> dict[str, Any] | None:
    """What an earlier call noted in the folder; None where there is no such note."""
    try:
        found = json.loads((folder / RECORD).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ReadError(f"{folder / RECORD}: cannot be read ({error}); choose another folder with --out") from error
    return found if isinstance(found, dict) else {}


def _complete(folder: Path, record: dict[str, Any]) -> int | None:
    """The number of articles, when the folder is as the last call left it; None when there is work to do."""
    articles, n_articles = folder / ARTICLES, record.get("n_articles")
    if not isinstance(n_articles, int) or not articles.is_file():
        return None
    if articles.stat().st_size != record.get("articles_bytes"):
        raise WriteError(f"{articles}: was changed after it was fetched; move it away to have it made again")
    return n_articles


def _write_json(path: Path, value: dict[str, Any]) -> None:
    with atomic_write(path) as file:
        file.write(json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8") + b"\n")


def _readme(entry: Entry, received: list[Received], n_articles: int, skipped: SkippedTable) -> str:
    """Licence, citation and origin, to stay with the articles."""
    lines = [
        f"# {entry.title}",
        "",
        (
            f"{n_articles:,} articles in {ARTICLES}, converted by arabic-topics from the publisher's files; "
            f"{skipped.total('skipped'):,} records were skipped, {skipped.total('repaired'):,} repairs made."
        ),
        "",
        f"Licence: {entry.licence}",
        f"Cite: {entry.citation}",
        f"Page: {entry.page}",
        *([f"Note: {entry.note}"] if entry.note else []),
        "",
        "| file | bytes | SHA-256 | known before |",
        "|---|---|---|---|",
    ]
    for file, found in zip(entry.files, received, strict=True):
        known = "yes" if file.sha256 or file.md5 else "no"
        lines.append(f"| [{file.name}]({file.address}) | {found.size} | {found.sha256} | {known} |")
    return "\n".join(lines) + "\n"
