"""The commands that show what is there: show, report."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import typer

from topics.cli import corpora, streams, tables
from topics.display import one_line

_LANGUAGES = ("ar", "en", "fr")
_TEXTS = ("full", "excerpt", "none")
_JSON = typer.Option(False, "--json", help="Print one JSON value.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(show)
    app.command()(report)


def show(
    path: Path = typer.Argument(..., help="A corpus, a bundle or a run.", metavar="PATH"),
    picture: Path | None = typer.Option(
        None, "--picture", help="Also draw a corpus on one sheet: .png or .svg", metavar="FILE"
    ),
    lang: str = typer.Option("ar", "--lang", help="Of the words in the picture: ar, en or fr.", metavar="LANG"),
    json: bool = _JSON,
) -> None:
    """Describe a corpus, a bundle or a run.

    Of a corpus: how many articles, how long, of which themes, days and sources, how many near duplicates,
    which languages, and what the texts hold of marks, tatweel and boilerplate.
    """
    if lang not in _LANGUAGES:
        raise typer.BadParameter(f"--lang is one of {', '.join(_LANGUAGES)}", param_hint="--lang")
    from topics.experiments.describing import describe

    facts = describe(path) if picture is None else describe(path, picture=picture, language=cast("Any", lang))
    if json:
        streams.show_json(facts)
        return
    streams.show_lines(corpora.lines(facts) if facts["kind"] == "corpus" else _told(facts))
    if picture is not None:
        streams.show(f"Picture  {tables.named(str(picture), 400)}")


def report(
    run: Path = typer.Argument(..., help="A run's folder, or runs/NAME.", metavar="RUN"),
    lang: str | None = typer.Option(None, "--lang", help="Of the page when it opens: ar, en or fr.", metavar="LANG"),
    texts: str | None = typer.Option(
        None, "--texts", help="What of the articles it holds: full, excerpt or none.", metavar="TEXTS"
    ),
    mask: bool | None = typer.Option(
        None, "--mask/--no-mask", help="Mask phone numbers, e-mail addresses and identity numbers."
    ),
    json: bool = _JSON,
) -> None:
    """Write a run's report again."""
    for value, known, name in ((lang, _LANGUAGES, "--lang"), (texts, _TEXTS, "--texts")):
        if value is not None and value not in known:
            raise typer.BadParameter(f"{name} is one of {', '.join(known)}", param_hint=name)
    from topics.experiments.reporting import write_run_report
    from topics.experiments.run import Run
    from topics.experiments.stages import articles_of

    found = Run(run)
    articles, problem = articles_of(found)
    out = found.path / "report.html"
    write_run_report(found, articles, out=out, texts=texts, language=lang or "ar", mask=mask)
    if problem:
        streams.say(f"{problem}: the report shows titles only")
    if json:
        files = [str(path) for path in found.report_files]
        streams.show_json(
            {"run": str(found.path), "report": str(out), "report_files": files, "complete": problem is None}
        )
    else:
        streams.show_report(found.report_files)


def _told(facts: dict[str, Any], indent: str = "") -> list[str]:
    """Nested facts as lines: a name and its value, a table for rows."""
    lines: list[str] = []
    width = max((len(name) for name in facts), default=0)
    for name, value in facts.items():
        if isinstance(value, dict) and value:
            lines += [f"{indent}{one_line(name)}", *_told(value, indent + "  ")]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            head = list(value[0])
            cells = [[_cell(row.get(key)) for key in head] for row in value]
            lines += [f"{indent}{one_line(name)}", *(f"{indent}  {line}" for line in tables.lines(head, cells))]
        elif value is not None and value not in ({}, []):
            lines.append(f"{indent}{one_line(name):<{width}}  {_cell(value)}")
    return lines


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, (list, tuple)):
        return ", ".join(_cell(item) for item in value)
    if isinstance(value, str):
        return tables.named(value, 200)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return "" if value is None else str(value)
