"""What a cell of a file means: dates, labels and lists of labels, and the one text that a value has.

The same article must be the same whether it came from JSON or CSV, so both go through here, and
`cell_text` is what the CSV writer writes, what the fingerprint hashes and what the readers undo.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

NO_THEMES = "none"
"""The cell of an article that is known to carry no theme; an empty cell means that nobody knows."""

SEPARATOR = "|"
_SEPARATORS = re.compile("[;|،؛]")
_LETTER = re.compile("[^\\W_\u0640\ufe70-\ufe7f]")
# ARABIC.md 3.2: characters that are never seen and mean nothing; deleting one joins what it parted.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufe00-\ufe0f]")
_ARABIC_DIGITS = {ord(digit): str(value % 10) for value, digit in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?=$|[T\s])")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?=$|[T\s])")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME_REST = re.compile(
    r"[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp][Mm])?\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)


def has_letter(text: str) -> bool:
    """Whether a text says anything: a letter or digit that is no tatweel and no mark in a form of its own."""
    return _LETTER.search(text) is not None


def parse_date(value: object) -> dt.date | None:
    """A date from ISO text, with or without a time, or day first; None when it cannot be read as one.

    The time of day and its zone are left out: the date is the one the publisher wrote. ``21/07/2015``
    is day first, as in Arabic and French; ``07/21/2015`` can only be month first and is read so.
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if not isinstance(value, str):
        return None
    text = _INVISIBLE.sub("", value).strip().translate(_ARABIC_DIGITS)
    if compact := _COMPACT.fullmatch(text):
        return _date(compact[1], compact[2], compact[3])
    if match := _YEAR_FIRST.match(text):
        found = _date(match[1], match[3], match[4])
    elif match := _YEAR_LAST.match(text):
        found = _date(match[4], match[3], match[1]) or _date(match[4], match[1], match[3])
    else:
        return None
    rest = text[match.end() :]
    return found if not rest or _TIME_REST.fullmatch(rest) else None


def _date(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def clean_label(value: object) -> str:
    """A label as it is compared: without invisible characters, white space folded; "" when there is none."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).lower()
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        value = int(value) if value.is_integer() else value
    return " ".join(_INVISIBLE.sub("", str(value)).split())


def clean_labels(values: Iterable[object]) -> tuple[str, ...]:
    """Distinct labels in their order; "none" and empty ones are no labels."""
    labels = dict.fromkeys(clean_label(value) for value in values)
    return tuple(label for label in labels if label and label != NO_THEMES)


def parse_themes_cell(value: object, *, many: bool = True) -> tuple[str, ...] | None:
    """The themes that a cell or a JSON value names; None when it is empty, () when it says "none".

    Parameters
    ----------
    value : object
        A list, a JSON list in text, or labels separated by ``; | ،``.
    many : bool
        False for a column that holds one label, which may itself hold a separator.
    """
    if isinstance(value, (list, tuple)):
        return clean_labels(value)
    if not clean_label(value):
        return None
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            found = json.loads(value)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, list):
            return clean_labels(found)
    return clean_labels(_SEPARATORS.split(str(value)) if many else [value])


def themes_cell(themes: Iterable[str] | None) -> str:
    """Themes as one cell, which `parse_themes_cell` reads back equal."""
    if themes is None:
        return ""
    labels = list(themes)
    if any(_SEPARATORS.search(label) or label.startswith("[") for label in labels):
        return json.dumps(labels, ensure_ascii=False)
    return SEPARATOR.join(labels) or NO_THEMES


_PLAIN = frozenset((str, int, bool, type(None)))


def plain(value: Any) -> Any:
    """A value as JSON has it: numpy and pandas scalars unpacked, dates ISO, what is not finite None."""
    if type(value) in _PLAIN:  # nearly all values, told apart without asking each class for its kin
        return value
    if type(value) is float:
        return value if math.isfinite(value) else None
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat() if value == value else None  # noqa: PLR0124 - NaT is a datetime
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if hasattr(value, "tolist"):  # numpy: a scalar or an array
        return plain(value.tolist())
    # pandas' NA says neither yes nor no to a comparison, so it is known by its name.
    return None if type(value).__name__ == "NAType" else str(value)


def cell_text(value: Any) -> str:
    """The one text of a value: what CSV holds and the fingerprint hashes."""
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
