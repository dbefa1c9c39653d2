"""Articles between tags, as TREC collections hold them: <DOC> <DOCNO> <TITLE> <TEXT> ...

It looks like XML and is none: ampersands and quotes stand in it as they are. So tags are found, not parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from topics.corpus.readers.located import Located, Options
from topics.corpus.readers.source import Source
from topics.corpus.readers.text import decoded

_ARTICLE = re.compile(r"<DOC>(.*?)</DOC>", re.DOTALL)
_FIELD = re.compile(r"<([A-Z]+)>(.*?)</\1>", re.DOTALL)
_NAMES = {"DOCNO": "id", "TITLE": "title", "TEXT": "text", "TIME": "date", "SRC": "source", "CAT": "themes"}


def read(source: Source, options: Options) -> Iterator[Located]:
    """The articles of a tagged file; a tag that is no field is kept under its name in lower case."""
    text = decoded(source, options.log)
    if text is None:
        return
    rows = [_row(found[1]) for found in _ARTICLE.finditer(text)]
    if not rows:
        options.log.skip(source.name, None, "holds no <DOC>")
        return
    yield from options.located(source.name, ((row, None) for row in rows), own_columns=True)


def _row(inside: str) -> dict[str, Any]:
    found = {name: value.strip() for name, value in _FIELD.findall(inside)}
    row: dict[str, Any] = {field: found.get(tag, "") for tag, field in _NAMES.items()}
    row["themes"] = [row["themes"]] if row["themes"] else None
    return row | {name.lower(): value for name, value in found.items() if name not in _NAMES}
