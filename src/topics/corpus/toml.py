"""TOML as people write it, parsed within bounds: what goes through here can be walked and shown without a care."""

from __future__ import annotations

import re
import tomllib
from typing import Any

_MAX_DEPTH = 50
# A key of so many parts; the parser's memory grows with the square of their number.
_PART = r"(?:[A-Za-z0-9_-]++|\"[^\"\n]*\"|'[^'\n]*')"
_LONG_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_PART}[ \t]*\.[ \t]*){{{_MAX_DEPTH}}}")


def parse(text: str) -> dict[str, Any]:
    """The values of a TOML text.

    Raises
    ------
    ValueError
        It is no TOML, or is nested deeper than settings ever are. The text is the reason.
    """
    if _LONG_KEY.search(text):
        raise ValueError(f"a key of more than {_MAX_DEPTH} parts")
    try:
        found = tomllib.loads(text.replace("\r\n", "\n"))
    except RecursionError:
        raise ValueError("nested too deep") from None
    # Tables in tables nest without brackets, so the parser itself stops at no depth; level by level, neither does this.
    level: list[Any] = [found]
    for _ in range(_MAX_DEPTH):
        level = [item for value in level for item in _inside(value)]
        if not level:
            return found
    raise ValueError(f"nested more than {_MAX_DEPTH} deep")


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
