"""JSON Lines: one object a line; a line that is none is skipped with its number.

A .json file may also hold one list of objects, or one object, over any number of lines.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from topics.corpus.readers.located import Located, Options
from topics.corpus.readers.source import Source
from topics.corpus.skipped import Log

_MAX_INTEGER = 1 << 63  # what tables and other tools can hold


def read(source: Source, options: Options) -> Iterator[Located]:
    """The articles of a JSON Lines file, one by one."""
    whole = _whole(source, options.log) if source.suffix == ".json" else None
    yield from options.located(source.name, rows_of(source, options.log) if whole is None else whole)


def parse_line(line: str) -> dict[str, Any]:
    """The object on a line.

    Raises
    ------
    ValueError
        It is no object, or one that other programs would read otherwise: NaN, a repeated key, an
        integer beyond 64 bits, nesting without end. The text is the reason.
    """
    try:
        found = _DECODER.decode(line)
    except RecursionError:
        raise ValueError("not JSON: nested too deep") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.pos + 1}") from None
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - one kind of error for every bad line
    return found


def _whole(source: Source, log: Log) -> list[tuple[dict[str, Any], None]] | None:
    """The objects of a file that is one JSON value, and not an object on each line; None when it is not."""
    with source.text(Log()) as lines:
        head = lines.read(1 << 16).lstrip(" \t\r\n\ufeff")
        if not head.startswith(("[", "{")) or _is_object(head.partition("\n")[0]):
            return None
    with source.text(log) as lines:
        try:
            found = _DECODER.decode(lines.read().strip(" \t\r\n\ufeff"))
        except (ValueError, RecursionError):
            return None
    objects = found if isinstance(found, list) else [found]
    for number, one in enumerate(objects, 1):
        if not isinstance(one, dict):
            log.skip(source.name, None, f"item {number} of the list is not a JSON object")
    return [(one, None) for one in objects if isinstance(one, dict)]


def _is_object(line: str) -> bool:
    try:
        parse_line(line)
    except ValueError:
        return False
    return True


def rows_of(source: Source, log: Log) -> Iterator[tuple[dict[str, Any], int]]:
    """The objects of the lines as they stand, with their lines."""
    with source.text(log) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip(" \t\r\n\ufeff"):
                continue
            try:
                row = parse_line(line.strip(" \t\r\n\ufeff"))
            except ValueError as problem:
                log.skip(source.name, number, str(problem))
                continue
            yield row, number


def _constant(name: str) -> None:
    raise ValueError(f"not JSON: {name} is no value")


def _float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number too large to hold")
    return value


def _integer(digits: str) -> int:
    if len(digits) > 20 or not -_MAX_INTEGER <= int(digits) < _MAX_INTEGER:
        raise ValueError("an integer too large to hold")
    return int(digits)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        repeated = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {repeated[:40]!r} occurs twice")
    return found


# strict=False: a raw tab in a string is common and harmless; other controls are removed and counted later.
_DECODER = json.JSONDecoder(
    parse_constant=_constant, parse_float=_float, parse_int=_integer, object_pairs_hook=_unique, strict=False
)
