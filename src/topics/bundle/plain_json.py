"""JSON whose size, depth and numbers are bounded, and which says the same when it is read again.

Reading refuses what JSON parsers disagree about: duplicate names, NaN and infinities, numbers too
large for a float. The number of values and the depth are counted before anything is parsed, so
memory stays in proportion to the file and no nesting can reach the interpreter's stack.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from topics.bundle.advice import ASK
from topics.display import one_line
from topics.errors import BundleError

Json = Any  # a JSON value: dicts and lists of str, int, float, bool and None

MAX_DEPTH = 32
MAX_VALUES = 4_000_000
_INT64 = 1 << 63

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def dumps(value: object, where: str, *, indent: int | None = None) -> bytes:
    """A JSON value as UTF-8; mappings keep their order, tuples become lists.

    Raises
    ------
    BundleError
        The value holds something that JSON would lose or change.
    """
    separators = (",", ": " if indent else ":")
    text = json.dumps(plain(value, where), ensure_ascii=False, indent=indent, separators=separators)
    try:
        raw = text.encode()
    except UnicodeEncodeError as error:
        raise BundleError(
            f"{where}: holds half a character (a lone surrogate), which no file can; remove it"
        ) from error
    _check_size(raw, where)
    return raw


def loads(raw: bytes, where: str) -> Json:
    """The JSON value of checked bytes.

    Raises
    ------
    BundleError
        The bytes are not UTF-8 or JSON, or hold more, or deeper, than a bundle ever does.
    """
    _check_size(raw, where)
    try:
        return json.loads(raw.decode(), object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{where}: is not valid JSON ({one_line(str(error), 120)}); {ASK}") from error


def plain(value: object, where: str, depth: int = 0) -> Json:
    """The value as a JSON value, or an error that names the place."""
    if depth > MAX_DEPTH:
        raise BundleError(f"{where}: is nested deeper than {MAX_DEPTH} levels; flatten it")
    if isinstance(value, int) and not -_INT64 <= value < _INT64:
        raise BundleError(f"{where}: a whole number of {value.bit_length()} bits cannot be saved; 64 are the most")
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise BundleError(f"{where}: {value} cannot be saved; a setting or score is a finite number")
        return float(value)
    if isinstance(value, Mapping):
        if bad := [key for key in value if not isinstance(key, str)]:
            raise BundleError(f"{where}: {bad[0]!r} is no name; JSON would make it a string, so make it one first")
        return {key: plain(item, f"{where}.{key}", depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, f"{where}[{place}]", depth + 1) for place, item in enumerate(value)]
    raise BundleError(f"{where}: a {type(value).__name__} cannot be saved; use text, numbers, lists and mappings")


def _check_size(raw: bytes, where: str) -> None:
    n_values = sum(raw.count(mark) for mark in (b",", b"[", b"{"))
    if n_values > MAX_VALUES:
        raise BundleError(f"{where}: holds more than {MAX_VALUES:,} values; raise min_df so that it holds less")
    brackets = _STRING.sub(b"", raw).translate(None, _NOT_BRACKETS)
    for _ in range(MAX_DEPTH + 1):
        # Each round removes the innermost pairs, so as many rounds as levels leave nothing.
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
        if not brackets:
            return
    raise BundleError(f"{where}: is nested deeper than {MAX_DEPTH} levels, or its brackets do not match; {ASK}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {one_line(twice, 60)!r} stands there twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError(f"{digits[:40]} is too large")
    return value
