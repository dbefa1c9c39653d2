"""What the fields of an article must be; each check gives the field's one form or says what to write."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from topics.corpus.values import clean_label, clean_labels, parse_date
from topics.errors import SettingsError

FIELDS = ("id", "title", "text", "date", "source", "themes", "paragraph_themes")
"""The fields of an article in the order in which files have them."""
_SURROGATE = re.compile("[\ud800-\udfff]")


def checked_text(text: str) -> str:
    """Text that UTF-8 can hold: half a surrogate pair becomes U+FFFD, as readers do it, and every place stays."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def checked_date(value: object) -> dt.date | None:
    """A date, from anything that is plainly one."""
    if value is None or type(value) is dt.date:
        return value
    found = parse_date(value)
    if found is None and value is not None:
        raise SettingsError(f"the date {value!r} of an article cannot be read; write it as 2026-11-24")
    return found


def checked_labels(labels: object, what: str) -> tuple[str, ...]:
    """Clean labels of a list of them."""
    if isinstance(labels, str) or not isinstance(labels, Iterable):
        raise SettingsError(f"{what} is a list of labels, not {labels!r}; write [{labels!r}]")
    labels = list(labels)
    for label in labels:
        if not isinstance(label, str) or not clean_label(label):
            raise SettingsError(f"{what} holds {label!r}, which is no label; use non-empty text")
    return clean_labels(labels)


def checked_extra(extra: object) -> dict[str, Any]:
    """Own columns, none of which has a field's name."""
    if not isinstance(extra, Mapping):
        raise SettingsError(f"extra is a mapping of column to value, not {type(extra).__name__}")
    for name in extra:
        if not isinstance(name, str) or name in FIELDS:
            raise SettingsError(f"extra cannot hold the column {name!r}; rename it, e.g. input_{name}")
    return {
        checked_text(name): checked_text(value) if isinstance(value, str) else value for name, value in extra.items()
    }
