"""Tables for a terminal that stay in their rows and columns whatever the articles hold.

Cells of people's text stand last in a line, in a bidi isolate, with controls shown: Arabic in one cell
cannot reorder the line, and no title can rewrite the screen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from topics.display import one_line

ALL = "*"  # what evaluation calls all themes, or topics, together
_OPEN, _CLOSE = "\u2068", "\u2069"  # first strong isolate
_ID_WIDTH = 24
_TITLE_WIDTH = 60


def isolated(text: str, width: int) -> str:
    """Text of an article for one cell."""
    line = one_line(text, width)
    return f"{_OPEN}{line}{_CLOSE}" if line else ""


def sorted_lines(rows: Iterable[Mapping[str, Any]], themes: Sequence[str]) -> Iterator[str]:
    """Rows of `ThemeModel.rows` as lines: id, primary, themes, a probability a theme, unlike where known, title."""
    rows = list(rows)
    figures = [*themes, *(["unlike"] if all("unlike" in row for row in rows) else [])]
    yield from lines(
        ["id", "primary", "themes", *figures, "title"],
        [
            [
                isolated(str(row["id"] if row["id"] is not None else ""), _ID_WIDTH),
                one_line(str(row["primary"])),
                one_line(", ".join(row["themes"] or ())),
                *(f"{row[key]:.2f}" for key in figures),
                isolated(str(row["title"] or ""), _TITLE_WIDTH),
            ]
            for row in rows
        ],
    )


def score_lines(rows: Iterable[Mapping[str, Any]], measures: Sequence[str]) -> Iterator[str]:
    """Rows of scores.json as lines, one a theme, with a column a measure."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        if row["measure"] in measures and row["of"] != ALL:
            found.setdefault(str(row["of"]), {})[row["measure"]] = score(row)
    used = [measure for measure in measures if any(measure in cells for cells in found.values())]
    cells = [[one_line(of), *(row.get(name, "") for name in used)] for of, row in found.items()]
    yield from lines(["", *(name.replace("_", " ") for name in used)], cells)


def score(row: Mapping[str, Any]) -> str:
    """A figure with its interval."""
    if row["mean"] is None:
        return "-"
    spec = ".2f" if abs(row["mean"]) < 100 else ",.0f"
    if row["low"] is None or row["high"] is None:
        return f"{row['mean']:{spec}}"
    return f"{row['mean']:{spec}} [{row['low']:{spec}}, {row['high']:{spec}}]"


def lines(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Cells in columns, the last one not padded."""
    widths = [max(map(_width, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        padded = [cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
        yield "  ".join([*padded[:-1], row[-1]]).rstrip()


def _width(text: str) -> int:
    """Columns of a terminal that a text takes: marks and format characters none, wide letters two."""
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )
