"""Files and folders to articles: one module a format, found by the suffix.

Each reader module has ``read(source, options)``, which gives `Located` articles one by one. To add a
format, write such a module and name it in `FORMATS`.
"""

from __future__ import annotations

import heapq
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from importlib import import_module
from pathlib import Path

from topics import display
from topics.corpus.article import Article, Corpus
from topics.corpus.readers import folder
from topics.corpus.readers.caps import NESTED
from topics.corpus.readers.columns import check_given
from topics.corpus.readers.located import Located, Options
from topics.corpus.readers.source import Source, piped
from topics.corpus.skipped import Log, SkippedTable
from topics.corpus.themes import Theme, Themes, read_themes
from topics.errors import ReadError, SettingsError
from topics.files import PathLike

FORMATS = {
    ".txt": "text",
    **dict.fromkeys((".md", ".markdown"), "markdown"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    ".docx": "docx",
    **dict.fromkeys((".jsonl", ".json", ".ndjson"), "jsonl"),
    **dict.fromkeys((".csv", ".tsv", ".tab"), "csv"),
    ".xlsx": "xlsx",
    ".parquet": "parquet",
    ".zip": "zip",
}
"""Suffix to the module that reads it; any of them may be followed by .gz."""
STDIN = "-"


class ArticleStream(Iterator[Article]):
    """Articles one by one from a path or several; `skipped` says what was left out so far."""

    def __init__(
        self,
        path: PathLike | Sequence[PathLike],
        *,
        columns: Mapping[str, str | None] | None = None,
        strict: bool = False,
        repair: bool = False,
    ) -> None:
        self._log = Log(strict=strict)
        self._articles = located(path, Options(self._log, check_given(columns), repair))

    def __next__(self) -> Article:
        article = next(self._articles).article
        return article if article.id else replace(article, id=article.content_id)

    @property
    def skipped(self) -> SkippedTable:
        """What was skipped or repaired until now."""
        return self._log.table


def read_corpus(
    path: PathLike | Sequence[PathLike],
    *,
    columns: Mapping[str, str | None] | None = None,
    strict: bool = False,
    sample: int | None = None,
    repair: bool = False,
) -> Corpus:
    """A corpus of everything at a path or several; `Corpus.read` says what the arguments mean."""
    if sample is not None and (isinstance(sample, bool) or not isinstance(sample, int) or sample < 1):
        raise SettingsError(f"sample is a number of articles, 1 or more, not {sample!r}")
    log = Log(strict=strict)
    found = _distinct(located(path, Options(log, check_given(columns), repair)), log)
    articles = list(found) if sample is None else _sample(found, sample)
    return Corpus(articles, themes=_defined_themes(path), skipped=log.table)


def located(path: PathLike | Sequence[PathLike], options: Options) -> Iterator[Located]:
    """Articles with their places from a file, a folder, or several of them, in order; "-" is standard input."""
    for one in _paths(path):
        if one == STDIN:
            with piped() as source:
                yield from _read(source, options)
        elif Path(one).is_dir():
            inside = replace(options, lenient=True)
            for source, theme in folder.sources(Path(one)):
                yield from folder.with_theme(_read(source, inside), theme, options)
        elif not Path(one).exists():
            raise ReadError(f"{display.one_line(str(one))}: no such file or folder; check the path")
        else:
            yield from _read(Source.of_path(Path(one)), options)


def read_whole(source: Source, options: Options) -> Iterator[Located]:
    """The articles of one file that is no archive, by its suffix; what cannot be read is an error."""
    return _read_by_suffix(source, replace(options, lenient=False))


def _read(source: Source, options: Options) -> Iterator[Located]:
    """The articles of a file; as one of many, a file that cannot be read is skipped and counted."""
    try:
        yield from _read_by_suffix(source, options)
    except ReadError as problem:
        if options.log.strict or not options.lenient:
            raise
        options.log.skip(source.name, None, str(problem).removeprefix(f"{display.one_line(source.name)}: "))


def _read_by_suffix(source: Source, options: Options) -> Iterator[Located]:
    module = FORMATS.get(source.suffix)
    if module == "zip" and options.lenient:
        options.log.skip(source.name, None, "is an archive; give it by itself")
    elif module == "zip":
        yield from import_module("topics.corpus.readers.zip").read(source, options, _read)
    elif module is not None:
        yield from import_module(f"topics.corpus.readers.{module}").read(source, options)
    else:
        fault = _no_reader(source)
        if not options.lenient:
            raise ReadError(f"{display.one_line(source.name)}: {fault}")
        options.log.skip(source.name, None, fault.partition(";")[0])


def _no_reader(source: Source) -> str:
    if source.suffix in NESTED:
        return f"{source.suffix} archives are not read; unpack it and give the folder, or use zip"
    known = " ".join(sorted(FORMATS))
    return f"no reader for {source.suffix or 'a name without a suffix'}; give one of {known}, or a folder of them"


def _paths(path: PathLike | Sequence[PathLike]) -> list[PathLike]:
    if isinstance(path, (str, os.PathLike)):
        return [path]
    if not isinstance(path, Sequence) or not path:
        raise SettingsError(f"a path, or a list of them, is wanted, not {path!r}")
    return list(path)


def _defined_themes(path: PathLike | Sequence[PathLike]) -> Themes:
    """The themes of every themes.toml in the folders and archives that were read."""
    found: list[Theme] = []
    for one in map(Path, _paths(path)):
        if (one / "themes.toml").is_file():
            found += read_themes(one / "themes.toml").values()
        elif one.suffix.lower() == ".zip" and one.is_file():
            found += import_module("topics.corpus.readers.zip").themes(Source.of_path(one)).values()
    return Themes(found)


def _distinct(articles: Iterator[Located], log: Log) -> Iterator[Article]:
    """The articles, without those whose id another one had before."""
    seen: set[str] = set()
    for article, file, line in articles:
        if article.id is None:
            yield article
        elif article.id in seen:
            log.skip(file, line, "its id was used before")
        else:
            seen.add(article.id)
            yield article


def _sample(articles: Iterator[Article], n: int) -> list[Article]:
    """The n articles whose ids hash lowest, in their order: the same ones whatever the order of the file."""
    keyed = (
        (
            -int.from_bytes(sha256((article.id or article.content_id).encode("utf-8", "replace")).digest()),
            -place,
            article,
        )
        for place, article in enumerate(articles)
    )
    kept: list[tuple[int, int, Article]] = []
    for item in keyed:
        if len(kept) < n:
            heapq.heappush(kept, item)
        elif item[:2] > kept[0][:2]:
            heapq.heapreplace(kept, item)
    return [article for _, _, article in sorted(kept, key=lambda item: -item[1])]
