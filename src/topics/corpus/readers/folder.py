"""A folder as a corpus: articles.jsonl with themes.toml beside it, or a tree of files.

In a tree, files are read in the order of their names; an article without themes that stands in a
subfolder carries the subfolder's name as its theme. A name of digits (a year, a month) is no theme.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from topics.corpus.readers.located import Located, Options
from topics.corpus.readers.source import Source
from topics.corpus.values import clean_label

ARTICLES = ("articles.jsonl", "articles.jsonl.gz")
_ABOUT = ("readme", "license", "licence", "themes", "citation", "changelog")


def article_files(folder: Path) -> list[Path]:
    """The files of a folder that may hold articles, by name; without hidden ones and a README."""
    for name in ARTICLES:
        if (folder / name).is_file():
            return [folder / name]
    found: list[Path] = []
    for where, folders, names in os.walk(folder):  # does not follow links to folders, which may form a ring
        folders[:] = [name for name in folders if not name.startswith((".", "__MACOSX"))]
        found += [Path(where) / name for name in names if may_hold_articles(name)]
    return sorted(found, key=lambda path: path.relative_to(folder).parts)


def may_hold_articles(name: str) -> bool:
    """Whether a file's name is not that of a hidden file, a README or the like."""
    return not name.startswith((".", "~$")) and name.lower().split(".")[0] not in _ABOUT


def sources(folder: Path) -> Iterator[tuple[Source, str | None]]:
    """Each file of the folder as a source, and the theme that its subfolder names."""
    for path in article_files(folder):
        source = Source.of_path(path)
        parts = path.relative_to(folder).parts
        identity = "/".join([*parts[:-1], source.stem])
        yield replace(source, stem=identity), folder_theme(parts)


def folder_theme(parts: tuple[str, ...]) -> str | None:
    """The theme that a file's first subfolder names, when its name has a letter in it."""
    name = clean_label(parts[0]) if len(parts) > 1 else ""
    return name if any(char.isalpha() for char in name) else None


def with_theme(articles: Iterable[Located], theme: str | None, options: Options) -> Iterator[Located]:
    """The articles, those without themes given the theme of their folder."""
    for located in articles:
        if theme is None or located.article.themes is not None:
            yield located
            continue
        if theme == "none":
            yield located._replace(article=replace(located.article, themes=()))
            continue
        options.log.note(located.file, None, "themes taken from the folder's name")
        yield located._replace(article=replace(located.article, themes=(theme,)))
