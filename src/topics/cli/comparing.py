"""The commands that hold runs against each other: compare, verify."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from topics.cli import streams, tables
from topics.display import one_line, scored

if TYPE_CHECKING:
    from topics.experiments.compare import Comparison
    from topics.experiments.verifying import Verification

_JSON = typer.Option(False, "--json", help="Print one JSON value.")
_SHOWN = ("macro_f1", "f1", "average_precision", "perplexity")
_WIDTH = 60


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(compare)
    app.command()(verify)


def compare(
    runs: list[Path] = typer.Argument(..., help="Two or more runs: folders, or runs/NAME.", metavar="RUN RUN..."),
    json: bool = _JSON,
) -> None:
    """Say how runs differ: settings, scores, topics.

    Scores are tested pair by pair on the articles that both runs scored with models that had not seen them: an
    interval without 0 is a difference. Topics are matched one to one.
    """
    from topics.experiments.compare import compare as compared
    from topics.experiments.run import Run

    found = compared([Run(run) for run in runs])
    if json:
        streams.show_json(found.to_dict())
        return
    _show_comparison(found)


def verify(
    run: Path = typer.Argument(..., help="A run's folder, or runs/NAME.", metavar="RUN"), json: bool = _JSON
) -> None:
    """Execute a run again from its own settings, and say what came out the same.

    Ends with 1 when something differs.
    """
    from topics.experiments.run import Run
    from topics.experiments.verifying import verify as verified

    found = verified(Run(run))
    if json:
        streams.show_json(found.to_dict())
    else:
        _show_verification(found)
    if not found.equal:
        raise typer.Exit(1)


def _show_comparison(found: Comparison) -> None:
    places = {name: f"run {number}" for number, name in enumerate(found.runs, 1)}
    for name, place in places.items():
        streams.show(f"{place}  {one_line(name, 200)}")
    _show_table("Settings that differ", [_named(row, places) for row in found.settings])
    scores = [row for row in found.scores if row["measure"] in _SHOWN]
    _show_table("Scores", [_named(row, places) for row in scores])
    tested = [row for row in found.differences if row["measure"] in _SHOWN]
    _show_table(
        "Higher than run 1 by, on the same articles",
        [
            {"run": places[row["run"]], "of": row["of"], "measure": row["measure"].replace("_", " ")}
            | {"difference": _signed(row), "articles or groups": str(row["n"])}
            for row in tested
        ],
    )
    _show_table(
        "Topics of run 1, and those that match them",
        [
            {"run": places[row["run"]], "topic": row["topic"], "there": row["topic_there"]}
            | {"alike": row["similarity"], "terms": row["terms"], "terms there": row["terms_there"]}
            for row in found.topics
        ],
    )
    for note in found.notes:
        streams.say(note)


def _show_verification(found: Verification) -> None:
    from topics.experiments.verifying import told

    for name, (then, now) in found.changed.items():
        streams.show(f"{one_line(name)} was {one_line(then, 100)}, is {one_line(now, 100)}")
    cells = [[one_line(part.name, 80), told(part)] for part in found.parts]
    streams.show_lines(tables.lines(["part", "now"], cells))
    streams.show()
    differing = sum(not part.equal for part in found.parts)
    if found.equal:
        streams.show(f"All {len(found.parts)} parts came out equal.")
    else:
        streams.show(f"{differing} of {len(found.parts)} parts differ.")


def _named(row: Mapping[str, Any], places: Mapping[str, str]) -> dict[str, Any]:
    """A row whose columns are runs, under their short names."""
    return {places.get(name, name): value for name, value in row.items()}


def _show_table(title: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    streams.show()
    streams.show(title)
    head = list(rows[0])
    streams.show_lines(tables.lines(head, [[_cell(row.get(name)) for name in head] for row in rows]))


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, list) and len(value) == 3 and all(item is None or isinstance(item, float) for item in value):
        return scored(dict(zip(("mean", "low", "high"), value, strict=True)))
    if isinstance(value, float):
        return f"{value:.2f}" if value != round(value) else f"{value:g}"
    return tables.named(str(value), _WIDTH)


def _signed(row: Mapping[str, Any]) -> str:
    return scored(row, "+.3f" if abs(row["mean"] or 0) < 10 else "+,.0f")
