"""Facts, scores, topics and settings as the rows of a page's tables: plain texts, which the page escapes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from topics import display
from topics.corpus.themes import Theme
from topics.report.articles import ALL, EXCERPT_WORDS, TITLE_WORDS, Named, first_words
from topics.report.masking import masked

_LARGE = 100  # from here on a score, such as perplexity, is told without decimals


def facts(facts: Mapping[str, Any] | None) -> list[tuple[str, str, str]]:
    """Name, value, and the interval where the value has one."""
    return [(name, *_measured(value)) for name, value in (facts or {}).items()]


def _measured(value: Any) -> tuple[str, str]:
    if not (hasattr(value, "mean") and hasattr(value, "low")):
        return _shown(value), ""
    style = ",.0f" if abs(value.mean) >= _LARGE else ".2f"
    return f"{value.mean:{style}}", f"[{value.low:{style}}, {value.high:{style}}]"


def _shown(value: Any) -> str:
    """A value of a table for people."""
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT of any library
        return "–"
    if hasattr(value, "dtype") and hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return display.number(value)
    if isinstance(value, list | tuple | set | frozenset):
        return "، ".join(map(str, sorted(value) if isinstance(value, set | frozenset) else value))
    return str(value)


def flat(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Nested settings as rows, ``topics.n_topics`` and its value as TOML would have it."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{name}.")
        else:
            plain = value if isinstance(value, str | int | float | bool | list | tuple | None) else str(value)
            yield f"{prefix}{name}", json.dumps(plain, ensure_ascii=False, default=str)


def score_tables(rows: Iterable[Mapping[str, Any]], named: Named) -> list[dict[str, Any]]:
    """One table of the themes and one of all together: measures across, as first met, and a row for each theme."""
    groups: dict[bool, dict[str, dict[str, Mapping[str, Any]]]] = {False: {}, True: {}}
    for row in rows:
        theme = str(row.get("theme") or ALL)
        groups[theme == ALL].setdefault(theme, {})[str(row["measure"])] = row
    return [_score_table(group, named) for group in groups.values() if group]


def _score_table(group: Mapping[str, Mapping[str, Mapping[str, Any]]], named: Named) -> dict[str, Any]:
    measures = list(dict.fromkeys(measure for found in group.values() for measure in found))
    table = []
    for theme, found in group.items():
        counts = {int(row["n"]) for row in found.values() if row.get("n")}
        cells = [_score(found[measure], several=len(counts) > 1) if measure in found else None for measure in measures]
        n = f"{counts.pop():,}" if len(counts) == 1 else ""
        table.append({"style": named.style(theme), "word": named.word(theme), "cells": cells, "n": n})
    return {"measures": measures, "rows": table}


def _score(row: Mapping[str, Any], *, several: bool) -> dict[str, str]:
    mean, low, high = (
        None if row.get(key) is None or row[key] != row[key] else float(row[key]) for key in ("mean", "low", "high")
    )
    spread = low is not None and high is not None
    drawable = mean is not None and all(0 <= end <= 1 for end in (mean, low, high) if end is not None)
    ends = (low, high) if spread else (mean, mean)
    return {
        "mean": "–" if mean is None else f"{mean:.2f}",
        "interval": f"[{low:.2f}, {high:.2f}]" if spread else "",
        "place": f"--mean:{mean:.4f};--low:{ends[0]:.4f};--high:{ends[1]:.4f}" if drawable else "",
        "n": f"{int(row['n']):,}" if several and row.get("n") else "",
        "note": str(row.get("note") or ""),
    }


def source_tables(rows: Iterable[Mapping[str, Any]], named: Named) -> list[dict[str, Any]]:
    """Sources down, themes across: one measure for each, as `score_tables` has its cells; a table a measure."""
    groups: dict[str, dict[str, dict[str, Mapping[str, Any]]]] = {}
    for row in rows:
        theme = str(row.get("theme") or ALL)
        groups.setdefault(str(row["measure"]), {}).setdefault(str(row["source"]), {})[theme] = row
    tables = []
    for measure, group in groups.items():
        themes = list(dict.fromkeys(theme for found in group.values() for theme in found))
        cells = [
            {
                "source": source,
                "n": f"{max(int(row.get('n') or 0) for row in found.values()):,}",
                "cells": [_score(found[key], several=False) if key in found else None for key in themes],
            }
            for source, found in group.items()
        ]
        tables.append({"measure": measure, "themes": [named.word(key) for key in themes], "rows": cells})
    return tables


def mistakes(rows: Iterable[Mapping[str, Any]], named: Named, texts: str, *, mask: bool) -> list[dict[str, Any]]:
    """Wrong decisions: the article, the theme, missed or wrongly given, how probable, and the words that led to it."""
    found = []
    for row in rows:
        title = str(row.get("title") or row.get("id") or "")
        title = masked(title) if mask else title
        reasons = [
            str(reason[0] if isinstance(reason, list | tuple) else reason) for reason in row.get("reasons") or ()
        ]
        found.append({
            "title": first_words(title, TITLE_WORDS) if texts == "none" else title,
            "style": named.style(str(row["theme"])), "theme": named.word(str(row["theme"])),
            "error": str(row["error"]), "probability": f"{float(row['probability']):.2f}",
            "reasons": [] if texts == "none" else reasons,
        })  # fmt: skip
    return found


def definitions(themes: Mapping[str, Theme], named: Named) -> list[dict[str, str]]:
    """A row a theme: its style, its name and what it means, in the direction of the definition's script."""
    return [
        {"style": named.style(key), "word": named.word(key), "definition": theme.definition,
         "direction": display.paragraph_direction(theme.definition)}
        for key, theme in themes.items()
    ]  # fmt: skip


def topic(topic: Mapping[str, Any], texts: str, *, mask: bool = False) -> dict[str, Any]:
    """A topic as the page shows it: its terms with bars, its quotes as far as `texts` and `mask` let them be seen."""
    terms = [
        (term, 0.0) if isinstance(term, str) else (str(term[0]), float(term[1])) for term in topic.get("terms", ())
    ]
    most = max((weight for _, weight in terms), default=0.0) or 1.0
    share = topic.get("share")
    return {
        "number": str(topic.get("topic", "")),
        "name": str(topic.get("name") or ""),
        "terms": [(term, f"{max(weight, 0.0) / most:.3f}") for term, weight in terms],
        "share": "" if share is None else f"{100 * float(share):.1f} %",
        "quotes": [] if texts == "none" else [_quote(quote, texts, mask) for quote in topic.get("quotes", ())],
    }


def _quote(quote: str | Mapping[str, Any], texts: str, mask: bool) -> dict[str, Any]:
    parts = {"text": quote} if isinstance(quote, str) else quote
    text = masked(str(parts["text"])) if mask else str(parts["text"])
    return {
        "text": first_words(text, EXCERPT_WORDS) if texts == "excerpt" else text,
        "direction": display.paragraph_direction(text),
        "origin": [str(parts[key]) for key in ("title", "source", "date") if parts.get(key)],
    }


def citation(title: str, versions: Mapping[str, str], facts: Mapping[str, Any]) -> str:
    """The line that cites a report: title, version, fingerprint of the corpus."""
    version = versions.get("arabic-topics") or versions.get("topics")
    parts = [f"“{title}”", f"report made with topics{f' {version}' if version else ''} (arabic-topics)"]
    if facts.get("fingerprint"):
        parts.append(f"corpus fingerprint {facts['fingerprint']}")
    return ", ".join(parts) + "."
