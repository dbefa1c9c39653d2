"""A web page saved as a file: its main text, without menus, related articles and share bars.

What is main text is decided by trafilatura, which also finds title, author, newspaper and date in the
page's metadata. Nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from topics.corpus.optional import library
from topics.corpus.readers.located import Located, Options
from topics.corpus.readers.source import Source
from topics.corpus.readers.text import decoded

_MAX_CHARACTERS = 1 << 26
# lxml refuses text that names an encoding of its own, and the bytes are decoded already.
_DECLARED = re.compile(r"<\?xml[^>]{0,200}\?>")
# Only what the page says about itself: guessing a date from its text would take any day it names.
_DATES = {"original_date": True, "extensive_search": False, "max_date": "2999-12-31"}


def read(source: Source, options: Options) -> Iterator[Located]:
    """The one article of a page; its id is the file's name without the suffix."""
    trafilatura = library("trafilatura")
    page = decoded(source, options.log)
    if page is None:
        return
    if len(page) > _MAX_CHARACTERS:
        options.log.skip(source.name, None, f"is longer than {_MAX_CHARACTERS:,} characters")
        return
    found = None
    if page.strip():
        found = trafilatura.bare_extraction(
            _DECLARED.sub("", page.replace("\0", ""), count=1),
            include_comments=False,
            with_metadata=True,
            date_extraction_params=_DATES,
        )
    if found is None or not found.text:
        options.log.skip(source.name, None, "no text")
        return
    yield from options.located(source.name, [(_row(source, found), None)], own_columns=True)


def _row(source: Source, found: Any) -> dict[str, Any]:
    title = " ".join((found.title or "").split())
    lines = found.text.split("\n")
    if title and " ".join(lines[0].split()) == title:
        lines = lines[1:]
    row: dict[str, Any] = {"id": source.stem, "title": title or None, "text": "\n".join(lines).strip()}
    row |= {"date": found.date, "source": found.sitename or found.hostname}
    return row | {name: value for name, value in (("byline", found.author), ("url", found.url)) if value}
