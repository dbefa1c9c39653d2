"""Settings as TOML text that reads back equal; people's values as TOML reads them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from topics.corpus.toml import parse
from topics.display import one_line
from topics.errors import SettingsError


def dump(settings: Mapping[str, Any]) -> str:
    """The text of a TOML file: plain settings first, then one table a section; None is left out."""
    plain = {name: value for name, value in settings.items() if not isinstance(value, Mapping)}
    sections = {name: value for name, value in settings.items() if isinstance(value, Mapping)}
    lines = _lines(plain)
    for name, section in sections.items():
        lines += ["", f"[{name}]", *_lines(section)]
    return "\n".join(lines) + "\n"


def value_of(text: str) -> Any:
    """What a text means as a TOML value; a bare word, which TOML has not, is itself."""
    try:
        found = parse(f"value = {text}\n")
    except ValueError:
        if text.strip() and not set(text) & set("\"'[]{}=\n"):
            return text.strip()
        raise SettingsError(f"{one_line(text, 60)!r} is no TOML value; write 30, 0.5, true, 'text' or [1, 2]") from None
    if len(found) != 1:
        raise SettingsError(f"{one_line(text, 60)!r} is more than one value; give each its own --set")
    return found["value"]


def _lines(section: Mapping[str, Any]) -> list[str]:
    return [f"{name} = {_value(value)}" for name, value in section.items() if value is not None]


def _value(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, float) and not math.isfinite(value):
        raise SettingsError(f"a setting is {value}, which stands for no amount; give a number")
    # JSON's string escapes are TOML's, but for the one control that JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
