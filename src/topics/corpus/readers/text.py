"""A plain text file is one article: the title on its first line, perhaps a byline, then the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from topics.corpus.readers import encodings
from topics.corpus.readers.located import Located, Options
from topics.corpus.readers.source import Source, note_code_page
from topics.corpus.skipped import Log

_LINE = re.compile(r"\S[^\n]*")
_MAX_BYLINE = 70
_DASHES = re.compile(r"(?<=\s)[-|/](?=\s)|[\u2013\u2014]")
_BY = re.compile(r"(?:بقلم|كتبت?|إعداد|تحرير|مراسلة|by|par)\s*:?\s+", re.IGNORECASE)
_NO_BYLINE = re.compile(r"[.!?؟…:؛;\d\"«»()]")


class Parts(NamedTuple):
    """What a plain text file holds."""

    title: str | None
    byline: str | None
    text: str


def read(source: Source, options: Options) -> Iterator[Located]:
    """The one article of a text file; its id is the file's name without the suffix."""
    text = decoded(source, options.log)
    if text is not None:
        yield from options.located(source.name, [(row_of(source, split_parts(text)), None)], own_columns=True)


def decoded(source: Source, log: Log) -> str | None:
    """The whole file as text, or None when it is none, which is counted."""
    data = source.read()
    encoding = encodings.detect([data])
    text = data.decode(encoding, encodings.errors_for(encoding)).replace("\r\n", "\n").replace("\r", "\n")
    if not _is_text(text[:100_000]):
        log.skip(source.name, None, "is not text")
        return None
    note_code_page(log, source.name, encoding)
    return text


def row_of(source: Source, parts: Parts) -> dict[str, Any]:
    """A file's parts as a row; the file's name is the id."""
    row: dict[str, Any] = {"id": source.stem, "title": parts.title, "text": parts.text}
    return row | {"byline": parts.byline} if parts.byline else row


def split_parts(text: str) -> Parts:
    """Title, byline and text of the words of a file; a file of one line is a text without a title."""
    title, rest = _first_line(text)
    if not title or not rest.strip():
        return Parts(None, None, text.strip())
    second, after = _first_line(rest)
    if after.strip() and is_byline(second):
        return Parts(title, second, _trimmed(after))
    return Parts(title, None, _trimmed(rest))


def is_byline(line: str) -> bool:
    """Whether a line names who wrote: "first and last name - newspaper", or "by" and a name.

    A line that ends a sentence, quotes, counts or runs long is text.
    """
    if not 3 <= len(line) <= _MAX_BYLINE:
        return False
    if by := _BY.match(line):
        return not _NO_BYLINE.search(line[by.end() :]) and 1 <= len(line[by.end() :].split()) <= 6
    if _NO_BYLINE.search(line):
        return False
    parts = [part.split() for part in _DASHES.split(line)]
    # A name has two words or more; "الرباط – وكالة" is a dateline and belongs to the text.
    return len(parts) in (2, 3) and 2 <= len(parts[0]) <= 8 and all(1 <= len(part) <= 5 for part in parts[1:])


def _trimmed(text: str) -> str:
    """The text without blank lines around it; controls stay, to be counted when they go."""
    return text.strip("\n").rstrip(" \t\n\u00a0")


def _first_line(text: str) -> tuple[str, str]:
    """The first line that is not blank, trimmed, and everything after it."""
    found = _LINE.search(text)
    if found is None:
        return "", ""
    return found[0].strip().strip("\ufeff"), text[found.end() + 1 :]


def _is_text(sample: str) -> bool:
    """Whether controls and bytes without a meaning are few; mojibake holds many and is flagged as such."""
    _, controls, replaced = encodings.clean(sample)
    return controls + replaced <= max(0.1 * len(sample), 2) or encodings.looks_like_mojibake(sample)
