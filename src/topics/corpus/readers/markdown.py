"""A Markdown file is one article: front matter or a first heading for what is known, then its words.

The marks of Markdown go, the words stay: a paragraph becomes one line, a link its text, an image nothing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from topics.corpus.readers.columns import find_columns
from topics.corpus.readers.located import Located, Options
from topics.corpus.readers.source import Source
from topics.corpus.readers.text import decoded
from topics.corpus.values import has_letter

_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_RULE = re.compile(r"\s{0,3}(?:[-*_]\s*){3,80}")
_UNDERLINE = re.compile(r"\s{0,3}(?:=+|-+)\s*")
_HEADING = re.compile(r"\s{0,3}#{1,6}(?:\s+|$)")
_STARTS_LINE = re.compile(r"\s{0,3}(?:#{1,6}\s|>|[-*+]\s|\d{1,9}[.)]\s|\|)")
_LINE_MARKS = re.compile(r"\s{0,12}(?:>\s?|#{1,6}\s+|[-*+]\s+)+")
# Every quantifier is bounded or cannot cross what it looks for, so that a megabyte of brackets is linear.
_TARGET = r"(?:\((?:[^()\n]|\([^()\n]{0,200}\)){0,1000}\)|\[[^\[\]\n]{0,100}\])"
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>|~])")
_INLINE = (
    (re.compile(rf"!\[[^\[\]\n]{{0,500}}\]{_TARGET}"), ""),
    (re.compile(rf"\[([^\[\]\n]{{0,500}})\]{_TARGET}"), r"\1"),
    (re.compile(r"<(https?://[^<>\s]{1,1000})>"), r"\1"),
    (re.compile(r"</?[A-Za-z!][^<>\n]{0,300}>"), ""),
    (re.compile(r"\*\*|__|~~|`+"), ""),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,500})(?<!\s)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_(?=[^\s_])([^_\n]{1,500})(?<!\s)_(?![\w_])"), r"\1"),
)
_FRONT_LINE = re.compile(r"([\w .-]{1,60})\s*:\s*(.*)")
_MAX_FRONT = 200  # lines


def read(source: Source, options: Options) -> Iterator[Located]:
    """The one article of a Markdown file; its id is the file's name without the suffix."""
    text = decoded(source, options.log)
    if text is None:
        return
    front, body = front_matter(text)
    front = {name: value for name, value in front.items() if name not in ("text", "paragraph_themes")}
    row: dict[str, Any] = {"id": source.stem} | front
    title, rest = _title(body)
    said = find_columns([*front, "text"]).of_field.get("title")
    if said is None and title:
        row["title"], body = title, rest
    elif said is not None and title == row[said]:
        body = rest
    yield from options.located(source.name, [(row | {"text": plain(body)}, None)], own_columns=True)


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Simple ``name: value`` lines between two lines of ---, and the rest; lists as [a, b] or as lines of - a."""
    lines = text.lstrip("\ufeff").split("\n")
    if lines[0].strip() != "---":
        return {}, text
    end = next((k for k, line in enumerate(lines[1:_MAX_FRONT], 1) if line.strip() in ("---", "...")), None)
    if end is None:
        return {}, text
    found: dict[str, Any] = {}
    name = ""
    for line in lines[1:end]:
        if name and (item := line.strip()).startswith("- "):
            held = found[name]
            found[name] = [*(held if isinstance(held, list) else []), _value(item[2:])]
        elif match := _FRONT_LINE.fullmatch(line.strip()):
            name = match[1].strip()
            found[name] = _value(match[2])
    return found, "\n".join(lines[end + 1 :])


def plain(text: str) -> str:
    """The words of Markdown, one paragraph a line."""
    lines: list[str] = []
    joins = fenced = False  # whether the next line goes on with this one
    for line in text.split("\n"):
        if _FENCE.match(line):
            fenced, joins = not fenced, False
        elif fenced:
            lines.append(line)
        elif not line.strip() or _RULE.fullmatch(line) or _UNDERLINE.fullmatch(line):
            lines.append("")
            joins = False
        else:
            words = _inline(line)
            if joins and not _STARTS_LINE.match(line):
                lines[-1] += f" {words}"
            else:
                lines.append(words)
            joins = not line.endswith(("  ", "\\")) and not _HEADING.match(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _title(body: str) -> tuple[str | None, str]:
    """A heading that begins the text, and the rest."""
    first, _, rest = body.lstrip("\n \t").partition("\n")
    if re.match(r"\s{0,3}#\s", first):
        return _inline(first).rstrip("# ").strip(), rest
    second, _, after = rest.partition("\n")
    if has_letter(first) and len(first) <= 300 and re.fullmatch(r"\s{0,3}=+\s*", second):
        return _inline(first), after
    return None, body


def _inline(line: str) -> str:
    line = _LINE_MARKS.sub("", line.rstrip("\\ \t"), count=1) if _LINE_MARKS.match(line) else line.rstrip("\\ \t")
    line = line.strip()
    if line.startswith("|") and line.endswith("|") and len(line) > 1:
        line = " ".join(cell.strip() for cell in line[1:-1].split("|") if cell.strip(" :-"))
    line = _ESCAPED.sub(lambda hit: f"&#{ord(hit[1])};", line)
    for pattern, words in _INLINE:
        line = pattern.sub(words, line)
    return html.unescape(line).strip()


def _value(text: str) -> Any:
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        return [item for part in re.split("[,،]", text[1:-1]) if (item := part.strip().strip("\"'"))]
    return text.strip("\"'") or None
