"""Facts about a corpus as lines of a terminal: figures in columns, names last, each in its isolate."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from topics.cli import tables
from topics.display import one_line

_N_ROWS = 10
_WIDEST = 100  # of a cell that stands last
_FIELDS = ("title", "text", "date", "source", "themes")
_TRAITS = {
    "marks": "marks",
    "tatweel": "tatweel",
    "invisible": "invisible characters",
    "ascii_digits": "digits 123",
    "arabic_digits": "digits of the Arabic script",
}


def room(taken: int = 0) -> int:
    """Columns left for a cell that stands last: those of the terminal, or what a file bears."""
    if not sys.stdout.isatty():
        return _WIDEST
    return max(min(shutil.get_terminal_size().columns - taken, _WIDEST), 16)


def lines(facts: Mapping[str, Any]) -> Iterator[str]:
    """What `topics show` prints of a corpus, from the facts of `describe`."""
    yield "kind         corpus"
    yield f"path         {tables.named(facts['path'], 400)}"
    yield f"fingerprint  {facts['fingerprint']}"
    yield f"articles     {facts['n_articles']:,}"
    if facts["first_date"]:
        yield f"dates        {facts['first_date']} to {facts['last_date']}"
    if facts["own_columns"]:
        yield f"own columns  {tables.named(', '.join(facts['own_columns']), room(14))}"
    yield from _lengths(facts)
    yield from _themes(facts)
    yield from counts("source", {row["source"]: row["n_articles"] for row in facts["sources"]}, facts["n_articles"])
    yield from counts("mostly in letters", facts["languages"], facts["n_articles"])
    yield from _traits(facts)
    yield from _copies(facts["duplicates"])
    yield from boilerplate(facts["boilerplate"])
    yield from reasons(facts["reasons"])


def counts(name: str, found: Mapping[str, int], n_articles: int, *, of: str = "articles") -> Iterator[str]:
    """Names with their articles, most first, those past the tenth together."""
    if not found:
        return
    items = list(found.items())
    cells = [
        [f"{count:,}", share(count, n_articles), tables.named(key, min(room(24), 60))] for key, count in items[:_N_ROWS]
    ]
    rest = items[_N_ROWS:]
    if rest:
        n_rest = sum(count for _, count in rest)
        cells.append([f"{n_rest:,}", share(n_rest, n_articles), f"{len(rest):,} others"])
    yield from titled([of, "share", name], cells)


def boilerplate(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Lines and openings that recur in a source."""
    cells = [
        [
            f"{row['n_articles']:,}",
            f"{row['share']:.1%}",
            row["kind"],
            tables.named(row["source"] or "", 30),
            tables.named(row["line"], min(room(60), 60)),
        ]
        for row in found[:_N_ROWS]
    ]
    if cells:
        yield from titled(["articles", "of source", "kind", "source", "boilerplate"], cells)
        yield from more(len(found) - len(cells), "lines and openings that recur")


def reasons(found: Mapping[str, int]) -> Iterator[str]:
    """What the reader skipped, repaired or noted."""
    cells = [[f"{count:,}", one_line(reason, room(12))] for reason, count in list(found.items())[:_N_ROWS]]
    if cells:
        yield from titled(["cases", "skipped, repaired or noted in reading"], cells)
        yield from more(len(found) - len(cells), "reasons")


def titled(head: Sequence[str], cells: Sequence[Sequence[str]], *, numbers: int = 2) -> Iterator[str]:
    """A table after an empty line; the first columns hold figures, which stand at the right."""
    yield ""
    widths = [max(len(row[place]) for row in (head, *cells)) for place in range(min(numbers, len(head) - 1))]
    padded = [[*(row[place].rjust(width) for place, width in enumerate(widths)), *row[len(widths) :]] for row in
              (head, *cells)]  # fmt: skip
    yield from tables.lines(padded[0], padded[1:])


def more(n_rows: int, what: str) -> Iterator[str]:
    """How many rows are not shown, if any."""
    if n_rows > 0:
        yield f"... and {n_rows:,} more {what}; all with --json"


def share(count: float, whole: float) -> str:
    """A part in percent."""
    return f"{count / whole:.1%}" if whole else "-"


def _lengths(facts: Mapping[str, Any]) -> Iterator[str]:
    columns = ("shortest", "quarter", "median", "three_quarters", "longest")
    cells = [
        [f"{facts[f'n_{of}']:,}", *(f"{facts[of][name]:,}" for name in columns), of] for of in ("words", "characters")
    ]
    head = ["in all", "shortest", "1/4", "median", "3/4", "longest", "length of an article"]
    yield from titled(head, cells, numbers=6)
    lacking = {name: facts["lacking"][name] for name in _FIELDS if facts["lacking"].get(name)}
    yield from counts("without a", lacking, facts["n_articles"])


def _themes(facts: Mapping[str, Any]) -> Iterator[str]:
    n_articles = facts["n_articles"]
    cells = [
        [
            f"{row['n_articles']:,}",
            share(row["n_articles"], n_articles),
            tables.named(row["theme"], 40),
            tables.named(row["name"], 40) if row["name"] != row["theme"] else "",
        ]
        for row in facts["themes"]
    ]
    if facts["without_themes"]:
        cells.append([f"{facts['without_themes']:,}", share(facts["without_themes"], n_articles), "none", ""])
    if cells:
        yield from titled(["articles", "share", "theme", ""], cells)


def _traits(facts: Mapping[str, Any]) -> Iterator[str]:
    found, n_articles = facts["marks"], facts["n_articles"]
    cells = []
    for key, name in _TRAITS.items():
        per_letter = found.get(f"{key}_per_letter")
        rate = "" if per_letter is None else f"{1000 * per_letter:.2f}"
        cells.append([f"{round(found[key] * n_articles):,}", f"{found[key]:.1%}", rate, name])
    yield from titled(["articles", "share", "per 1,000 letters", "texts that hold"], cells, numbers=3)


def _copies(found: Mapping[str, Any]) -> Iterator[str]:
    head = ["articles", "share", "groups", "pairs", "of two sources", "near duplicates"]
    cells = [
        f"{found['n_articles']:,}",
        f"{found['share']:.1%}",
        *(f"{found[name]:,}" for name in ("n_groups", "n_pairs", "n_across")),
        "five-word shingles, Jaccard 0.7 or more",
    ]
    yield from titled(head, [cells], numbers=5)
