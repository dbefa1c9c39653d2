"""The only place that makes HTML, or a terminal line, from people's text.

Text of articles, labels, file names and terms is hostile until it went through here: HTML is
escaped after slicing, controls that could reverse or rewrite a line are shown as visible names,
and each piece stands in its own bidi isolate so that it cannot reorder its neighbours.
"""

from __future__ import annotations

import html
import itertools
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from topics.errors import PlotError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

RLM = "\u200f"
_BIDI_CONTROLS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_HIDDEN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029{_BIDI_CONTROLS}\ud800-\udfff]")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")
_STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}
FSI, RLI, PDI = "\u2068", "\u2067", "\u2069"
"""What opens an isolate in the direction of its first letter, or from right to left, and what closes either."""


def visible(text: str) -> str:
    """The text with every control that could hide or reorder it shown as ``<U+202E>``; tab and newline stay."""
    return _HIDDEN.sub(lambda hit: f"<U+{ord(hit[0]):04X}>", text)


def one_line(text: str, width: int | None = None) -> str:
    """The text for one line of a terminal or log: visible, white space folded, cut with an ellipsis at `width`."""
    line = visible(" ".join(text.split()))
    if width is not None and len(line) > width:
        return line[: max(width - 1, 0)] + "…"
    return line


def isolated(text: str, width: int) -> str:
    """The text for one cell of a terminal: one line that cannot reorder what stands beside it; empty stays empty."""
    line = one_line(text, width)
    return f"{FSI}{line}{PDI}" if line else ""


def columns_of(text: str) -> int:
    """Columns of a terminal that a text takes: marks and format characters none, wide letters two."""
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


def direction(text: str) -> str:
    """``"rtl"`` or ``"ltr"`` by the first strong letter; Arabic news without one is right to left."""
    return strong_direction(text) or "rtl"


def strong_direction(text: str) -> str | None:
    """The direction of the first strong letter; None where there is none."""
    return next((found for char in text if (found := _STRONG.get(unicodedata.bidirectional(char)))), None)


def paragraph_direction(text: str) -> str:
    """``"rtl"`` where there is any Arabic letter: an Arabic paragraph may well begin with FIFA."""
    return "rtl" if _ARABIC.search(text) else direction(text)


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


def pieces(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[str, tuple[int, ...]]]:
    """The text cut wherever a span begins or ends; joined again, the pieces are the text.

    Parameters
    ----------
    text : str
        The original text.
    spans : sequence of (start, end)
        Code points into `text`; they may overlap. What reaches beyond the text, or is empty, is left out.

    Returns
    -------
    list of (str, tuple of int)
        Each slice, never empty, with the places in `spans` of those that cover it.
    """
    inside = [(start, end, n) for n, (start, end) in enumerate(spans) if 0 <= start < end <= len(text)]
    events: dict[int, list[tuple[bool, int]]] = {0: [], len(text): []}
    for start, end, n in inside:
        events.setdefault(start, []).append((True, n))
        events.setdefault(end, []).append((False, n))
    cuts, covering, found = sorted(events), set[int](), []
    for start, end in itertools.pairwise(cuts):
        for opens, n in events[start]:
            (covering.add if opens else covering.discard)(n)
        found.append((text[start:end], tuple(sorted(covering))))
    return found


def highlight(text: str, spans: Iterable[tuple[int, int, str, str]]) -> str:
    """Text with spans marked, as HTML; escaped after slicing, so the pieces join to the text again.

    Parameters
    ----------
    text : str
        The original text.
    spans : iterable of (start, end, style class, title)
        Code points into `text`; overlapping spans after the first are left out.
    """
    parts: list[str] = []
    done = 0
    for start, end, style, title in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start < done or end <= start or end > len(text):
            continue
        parts.append(escape(text[done:start]))
        parts.append(f'<mark class="{escape(style)}" title="{escape(title)}">{escape(text[start:end])}</mark>')
        done = end
    parts.append(escape(text[done:]))
    return "".join(parts)


def number(value: float) -> str:
    """A figure for people: whole numbers plain with thin groups, others with two decimals, three below a tenth."""
    if isinstance(value, int) or (float(value).is_integer() and abs(value) > 1):
        return f"{int(value):,}"
    return f"{value:.2f}" if not value or abs(value) >= 0.095 else f"{value:.3f}"


def scored(row: Mapping[str, Any], spec: str | None = None) -> str:
    """The mean of a row with its interval, ``0.81 [0.79, 0.83]``; ``-`` where there is none."""
    mean, low, high = row["mean"], row["low"], row["high"]
    if mean is None:
        return "-"
    spec = spec or (".2f" if abs(mean) < 100 else ",.0f")
    return f"{mean:{spec}}" if low is None or high is None else f"{mean:{spec}} [{low:{spec}}, {high:{spec}}]"


def cell(value: Any) -> str:
    """One table cell as HTML: numbers for reading, text isolated, lists joined."""
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT of any library
        return ""
    if isinstance(value, bool):
        return "✓" if value else ""
    if isinstance(value, (int, float)):
        return f'<span dir="ltr">{number(value)}</span>'
    if isinstance(value, (list, tuple)):
        return "، ".join(map(_item, value))
    if hasattr(value, "dtype") and hasattr(value, "item"):
        return cell(value.item())
    return isolate(str(value))


def _wrap(value: Any) -> str:
    """Ids and dates stay in one line; browsers break at hyphens."""
    text = "" if isinstance(value, (list, tuple)) else str(value)
    return ";white-space:nowrap" if "-" in text and len(text) <= 16 and " " not in text else ""


def _item(value: Any) -> str:
    """One entry of a list in a cell; a word with its weight stands as the two of them."""
    if isinstance(value, tuple):
        return " ".join(number(part) if isinstance(part, float) else isolate(str(part)) for part in value)
    return isolate(str(value))


TABLE_STYLE = (
    "border-collapse:collapse;font-size:13px;color:inherit;background:transparent",
    "text-align:start;padding:4px 10px;border-bottom:1px solid rgba(128,128,128,.35);vertical-align:top",
)

CAPTION_STYLE = "text-align:start;padding:4px 10px;min-width:28em;color:inherit"
SCROLL_STYLE = "overflow-x:auto;max-width:100%"
"""A table wider than the page scrolls by itself, from the side where it begins."""


def table(
    rows: Sequence[Mapping[str, Any]],
    *,
    columns: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
    rtl: bool = True,
    caption: str = "",
) -> str:
    """Rows as an HTML table that reads right to left, legible in light and dark notebooks.

    Parameters
    ----------
    rows : sequence of mapping
        One mapping of column to value a row.
    columns : sequence of str, optional
        Their order; by default that of the first row.
    names : sequence of str, optional
        What the columns are called in the head of the table; by default what they are called in the rows.
    rtl : bool
        Whether the first column stands at the right.
    caption : str
        A sentence above the table.
    """
    columns = list(columns if columns is not None else (rows[0] if rows else ()))
    outer, inner = TABLE_STYLE
    head = "".join(f'<th style="{inner}">{isolate(str(name))}</th>' for name in (columns if names is None else names))
    body = "".join(
        "<tr>"
        + "".join(f'<td style="{inner}{_wrap(row.get(name))}">{cell(row.get(name))}</td>' for name in columns)
        + "</tr>"
        for row in rows
    )
    title = f'<caption style="{CAPTION_STYLE}">{isolate(caption)}</caption>' if caption else ""
    way = "rtl" if rtl else "ltr"
    whole = f'<table dir="{way}" style="{outer}">{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div dir="{way}" style="{SCROLL_STYLE}">{whole}</div>'


_MOST_PARAGRAPHS = 100


def reading(title: str, about: Sequence[str], paragraphs: Sequence[str]) -> str:
    """An article to read, as HTML: title, what is known of it, paragraphs; each in its own direction.

    Parameters
    ----------
    title : str
        May be empty.
    about : sequence of str
        Date, source and the like, shown in one line.
    paragraphs : sequence of str
        The first hundred are shown, and how many follow.
    """
    shown = [
        f'<p dir="{paragraph_direction(text)}" style="margin:.5em 0;text-align:start">{escape(text)}</p>'
        for text in paragraphs[:_MOST_PARAGRAPHS]
    ]
    if len(paragraphs) > _MOST_PARAGRAPHS:
        shown.append(f'<p dir="ltr">… {len(paragraphs) - _MOST_PARAGRAPHS:,} more paragraphs</p>')
    side = paragraph_direction(title or " ".join(paragraphs[:1]))
    head = f'<div style="font-size:1.2em;font-weight:bold">{isolate(title)}</div>' if title else ""
    known = f'<div style="opacity:.8">{" · ".join(map(isolate, about))}</div>' if about else ""
    style = "max-width:48em;line-height:1.8;text-align:start;color:inherit;background:transparent"
    return f'<div dir="{side}" style="{style}">{head}{known}{"".join(shown)}</div>'


_UNSAFE_IN_ISLAND = re.compile(f"[<>&\u2028\u2029\x7f-\x9f{_BIDI_CONTROLS}\ud800-\udfff\ufeff]")


def json_island(value: Any) -> str:
    """A value as JSON that may stand inside a ``<script>`` element: nothing in it ends one, or reverses its source."""
    plain = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _UNSAFE_IN_ISLAND.sub(lambda hit: f"\\u{ord(hit[0]):04x}", plain)


# What matplotlib draws with, and no more: an element or attribute that is not named here does not reach the page.
_SVG_ELEMENTS = frozenset(
    (
        "svg",
        "g",
        "defs",
        "title",
        "desc",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "use",
        "clipPath",
        "marker",
        "pattern",
        "image",
        "linearGradient",
        "radialGradient",
        "stop",
        "symbol",
    )
)
_SVG_LINK = re.compile(r"#[\w.:-]+|data:image/png;base64,[A-Za-z0-9+/=\s]*")
_SVG_REFERENCE = re.compile(r"url\(\s*['\"]?#([\w.:-]+)['\"]?\s*\)")
_SVG_UNSAFE = re.compile(r"(?i)url\((?!#)|javascript:|expression\(|@import|\\")
_MARKS_OF_DIRECTION = re.compile("<U[+](061C|200E|200F)>")


def svg(source: str, prefix: str) -> str:
    """A drawing as an element of a page: only what draws, its labels escaped, its ids its own.

    Parameters
    ----------
    source : str
        An SVG file, such as matplotlib writes with ``svg.fonttype = "none"``.
    prefix : str
        Put before every id, so that two drawings on a page do not share one: ASCII letters, digits, hyphens.

    Raises
    ------
    PlotError
        The source is not an SVG drawing.
    """
    from xml.etree import ElementTree as ET  # entities are refused below, and nothing is fetched

    if "<!ENTITY" in source:
        raise PlotError("a drawing that defines entities is not shown; save the figure again with matplotlib")
    try:
        root = ET.fromstring(_HIDDEN_IN_XML.sub("", source))  # noqa: S314
    except ET.ParseError as error:
        raise PlotError(f"the drawing is not well-formed SVG ({error}); save the figure again") from error
    if _local(root.tag) != "svg":
        raise PlotError(f"the drawing is <{_local(root.tag)}>, not <svg>; save the figure with format='svg'")
    return _svg_element(root, prefix)


_HIDDEN_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]


def _svg_element(node: Element, prefix: str) -> str:
    name = _local(node.tag)
    if name not in _SVG_ELEMENTS:
        return ""
    attributes = "".join(_svg_attribute(_local(key), value, prefix) for key, value in node.attrib.items())
    inner = _svg_text(node.text) + "".join(_svg_element(child, prefix) + _svg_text(child.tail) for child in node)
    return f"<{name}{attributes}>{inner}</{name}>"


def _svg_text(text: str | None) -> str:
    # The marks that plot_label sets are harmless in a label of their own, and steer it the right way.
    shown = _MARKS_OF_DIRECTION.sub(lambda hit: chr(int(hit[1], 16)), visible(text or ""))
    return html.escape(shown, quote=True)


def _svg_attribute(name: str, value: str, prefix: str) -> str:
    if name.lower().startswith("on") or not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name):
        return ""
    if name == "href":
        if not _SVG_LINK.fullmatch(value):
            return ""
        value = f"#{prefix}-{value[1:]}" if value.startswith("#") else value
    elif name == "id":
        value = f"{prefix}-{value}"
    else:
        value = _SVG_REFERENCE.sub(lambda hit: f"url(#{prefix}-{hit[1]})", value)
        if _SVG_UNSAFE.search(value):
            return ""
    return f' {name}="{html.escape(visible(value), quote=True)}"'
