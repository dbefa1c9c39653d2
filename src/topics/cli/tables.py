"""Tables for a terminal that stay in their rows and columns whatever the articles hold.

Cells of people's text stand last in a line, in a bidi isolate, with controls shown: Arabic in one cell
cannot reorder the line, and no title can rewrite the screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from topics.display import columns_of, isolated, one_line, scored

ALL = "*"  # what evaluation calls all themes, or topics, together
_ID_WIDTH = 24
_TITLE_WIDTH = 60


def named(text: str, width: int) -> str:
    """Text of people for one cell, in an isolate where it could turn the line."""
    return one_line(text, width) if text.isascii() else isolated(text, width)


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
            found.setdefault(str(row["of"]), {})[row["measure"]] = scored(row)
    used = [measure for measure in measures if any(measure in cells for cells in found.values())]
    cells = [[one_line(of), *(row.get(name, "") for name in used)] for of, row in found.items()]
    yield from lines(["", *(name.replace("_", " ") for name in used)], cells)


def lines(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Cells in columns, the last one not padded."""
    widths = [max(map(columns_of, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        padded = [cell + " " * (width - columns_of(cell)) for cell, width in zip(row, widths, strict=True)]
        yield "  ".join([*padded[:-1], row[-1]]).rstrip()
