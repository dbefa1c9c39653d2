"""The only place that makes HTML, or a terminal line, from people's text.

Text of articles, labels, file names and terms is hostile until it went through here: HTML is
escaped after slicing, controls that could reverse or rewrite a line are shown as visible names,
and each piece stands in its own bidi isolate so that it cannot reorder its neighbours.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

RLM = "\u200f"
_BIDI_CONTROLS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_HIDDEN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029{_BIDI_CONTROLS}\ud800-\udfff]")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")
_STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}


def visible(text: str) -> str:
    """The text with every control that could hide or reorder it shown as ``<U+202E>``; tab and newline stay."""
    return _HIDDEN.sub(lambda hit: f"<U+{ord(hit[0]):04X}>", text)


def one_line(text: str, width: int | None = None) -> str:
    """The text for one line of a terminal or log: visible, white space folded, cut with an ellipsis at `width`."""
    line = visible(" ".join(text.split()))
    if width is not None and len(line) > width:
        return line[: max(width - 1, 0)] + "…"
    return line


def direction(text: str) -> str:
    """``"rtl"`` or ``"ltr"`` by the first strong letter; Arabic news without one is right to left."""
    for char in text:
        if found := _STRONG.get(unicodedata.bidirectional(char)):
            return found
    return "rtl"


def plot_label(text: str) -> str:
    """A label for matplotlib: RLM in front where Arabic follows a Latin letter or digit (DESIGN.md, Libraries)."""
    text = visible(text)
    if text and _ARABIC.search(text) and direction(text) == "ltr":
        return RLM + text
    if text[:1].isdigit() and _ARABIC.search(text):
        return RLM + text
    return text


def escape(text: str) -> str:
    """The text as HTML character data, safe in an element and in a quoted attribute."""
    return html.escape(visible(text), quote=True)


def isolate(text: str) -> str:
    """The text as one escaped run that cannot reorder what stands beside it."""
    return f'<bdi dir="auto">{escape(text)}</bdi>'


def highlight(text: str, spans: Iterable[tuple[int, int, str, str]]) -> str:
    """Text with spans marked, as HTML; escaped after slicing, so the pieces join to the text again.

    Parameters
    ----------
    text : str
        The original text.
    spans : iterable of (start, end, style class, title)
        Code points into `text`; overlapping spans after the first are left out.
    """
    pieces: list[str] = []
    done = 0
    for start, end, style, title in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start < done or end <= start or end > len(text):
            continue
        pieces.append(escape(text[done:start]))
        pieces.append(f'<mark class="{escape(style)}" title="{escape(title)}">{escape(text[start:end])}</mark>')
        done = end
    pieces.append(escape(text[done:]))
    return "".join(pieces)


def number(value: float) -> str:
    """A figure for people: whole numbers plain with thin groups, others with two decimals."""
    if float(value).is_integer() and abs(value) >= 1:
        return f"{int(value):,}"
    return f"{value:.2f}"


def cell(value: Any) -> str:
    """One table cell as HTML: numbers for reading, text isolated, lists joined."""
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT of any library
        return ""
    if isinstance(value, bool):
        return "✓" if value else ""
    if isinstance(value, (int, float)):
        return f'<span dir="ltr">{number(value)}</span>'
    if isinstance(value, (list, tuple)):
        return "، ".join(isolate(str(item)) for item in value)
    if hasattr(value, "dtype") and hasattr(value, "item"):
        return cell(value.item())
    return isolate(str(value))


TABLE_STYLE = (
    "border-collapse:collapse;font-size:13px;color:inherit;background:transparent",
    "text-align:start;padding:4px 10px;border-bottom:1px solid rgba(128,128,128,.35);vertical-align:top",
)


def table(rows: Sequence[Mapping[str, Any]], *, columns: Sequence[str] | None = None, rtl: bool = True, caption: str = "") -> str:
    """Rows as an HTML table that reads right to left, legible in light and dark notebooks.

    Parameters
    ----------
    rows : sequence of mapping
        One mapping of column to value a row.
    columns : sequence of str, optional
        Their order; by default that of the first row.
    rtl : bool
        Whether the first column stands at the right.
    caption : str
        A sentence above the table.
    """
    columns = list(columns if columns is not None else (rows[0] if rows else ()))
    outer, inner = TABLE_STYLE
    head = "".join(f'<th style="{inner}">{isolate(str(name))}</th>' for name in columns)
    body = "".join(
        "<tr>" + "".join(f'<td style="{inner}">{cell(row.get(name))}</td>' for name in columns) + "</tr>" for row in rows
    )
    title = f'<caption style="text-align:start;padding:4px 10px">{isolate(caption)}</caption>' if caption else ""
    way = "rtl" if rtl else "ltr"
    return f'<table dir="{way}" style="{outer}">{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
