"""The commands about definitions of themes: themes check."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from topics.cli import streams, tables
from topics.display import PDI, RLI, isolated, one_line

if TYPE_CHECKING:
    from topics.studies.checking import AnchorCheck

_WIDTH = 40


def register(app: typer.Typer) -> None:
    """Add the commands."""
    themes = typer.Typer(no_args_is_help=True, help="Definitions of themes: what their anchors are worth.")
    themes.command()(check)
    app.add_typer(themes, name="themes")


def check(
    themes: Path = typer.Argument(..., help="A themes.toml.", metavar="THEMES.toml"),
    corpus: Path = typer.Option(..., "--corpus", help="Articles such as will be sorted.", metavar="PATH"),
    suggestions: int = typer.Option(15, "--suggestions", min=0, help="Words suggested for a theme.", metavar="N"),
    json: bool = typer.Option(False, "--json", help="Print one JSON value."),
) -> None:
    """Look at the anchors of themes: hits, those that never occur, ambiguous ones in context, suggestions."""
    from topics.corpus.article import Corpus
    from topics.corpus.themes import as_themes
    from topics.studies.checking import check_anchors

    found = check_anchors(as_themes(themes), Corpus.read(corpus), n_suggestions=suggestions)
    if json:
        streams.show_json(found.to_dict())
        return
    streams.show_lines(_lines(found))


def _lines(found: AnchorCheck) -> Iterator[str]:
    rows = found.to_dict()
    yield one_line(found.verdict, 200)
    cells = [
        [row["theme"], f"{row['articles']:,}", f"{row['hits']:,}", f"{row['cancelled']:,}", _share(row["support"]),
         isolated(row["anchor"], _WIDTH)] for row in rows["anchors"]
    ]  # fmt: skip
    yield from _titled("Anchors", ["theme", "articles", "hits", "cancelled", "support", "anchor"], cells)
    cells = [[row["theme"], isolated(f"{row['anchor']}  ←  {row['near'] or '-'}", 100)] for row in rows["missing"]]
    yield from _titled("Never occur, and what is near", ["theme", "anchor"], cells)
    cells = [
        [row["theme"], f"{row['articles']:,}", row["why"], isolated(row["anchor"], _WIDTH)] for row in rows["ambiguous"]
    ]
    yield from _titled("Ambiguous", ["theme", "articles", "why", "anchor"], cells)
    cells = [[row["theme"], _context(row["before"], row["word"], row["after"])] for row in rows["contexts"]]
    yield from _titled("Where they mislead", ["theme", "context"], cells)
    cells = [
        [row["theme"], f"{row['articles']:,}", f"{row['elsewhere']:,}", f"{row['z']:.1f}",
         isolated(row["term"], _WIDTH)] for row in rows["suggestions"]
    ]  # fmt: skip
    head = ["theme", "articles", "elsewhere", "z", "term"]
    yield from _titled("Suggestions: words that go with the anchors", head, cells)


def _titled(title: str, head: list[str], cells: list[list[str]]) -> Iterator[str]:
    if cells:
        yield ""
        yield title
        yield from tables.lines(head, cells)


def _context(before: str, word: str, after: str) -> str:
    """It reads right to left whatever its first letter is."""
    return f"{RLI}{one_line(before, 60)} [{one_line(word, 60)}] {one_line(after, 60)}{PDI}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.0%}"
