"""The commands that execute experiments: demo, run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

import typer

from topics.cli import streams, tables

if TYPE_CHECKING:
    from topics.experiments.run import Run

_SHOWN = 20  # rows of the sorted table
_THEME_MEASURES = ("precision", "recall", "f1", "average_precision", "macro_f1", "subset_accuracy")
_TOPIC_MEASURES = ("perplexity", "npmi")

_JSON = typer.Option(False, "--json", help="Print one JSON value instead of tables.")
_OUT = typer.Option(Path("runs"), "--out", help="The folder of runs.", metavar="DIR")
_AGAIN = typer.Option(False, "--again", help="Execute although the same run is there; its name ends with -2, -3 ...")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(demo)
    app.command()(run)


def demo(out: Path = _OUT, again: bool = _AGAIN, json: bool = _JSON) -> None:
    """The main job on the corpus that ships: learn, score, sort, draw, report.

    Leaves a run in DIR and prints the sorted table, the scores, and the way to the report.
    """
    from topics.experiments.packaged import packaged_experiment

    _execute(packaged_experiment(), out, again, {}, json)


def run(
    experiment: Optional[Path] = typer.Argument(None, help="A file of settings.", metavar="EXPERIMENT.toml"),
    change: list[str] = typer.Option([], "--set", help="Change a setting: topics.n_topics=30.", metavar="A.B=VALUE"),
    init: Optional[Path] = typer.Option(None, "--init", help="Write a file with every setting explained, and leave.", metavar="FILE"),
    out: Path = _OUT,
    again: bool = _AGAIN,
    json: bool = _JSON,
) -> None:
    """Execute an experiment, or show the run that is there when nothing has changed since."""
    if init is not None:
        if experiment is not None:
            raise typer.BadParameter("--init writes a new file; leave EXPERIMENT.toml out")
        _write_example(init)
        return
    if experiment is None:
        raise typer.BadParameter("name the experiment's file, or make one with --init FILE")
    _execute(experiment, out, again, _changes(change), json)


def _write_example(path: Path) -> None:
    from topics.experiments.example import write_example

    write_example(path)
    streams.show(f"Wrote {tables.isolated(str(path), 200)}; execute it with: topics run FILE")


def _changes(given: list[str]) -> dict[str, Any]:
    from topics.experiments.toml import value_of

    found: dict[str, Any] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise typer.BadParameter(f"--set {text!r} is not written A.B=VALUE, such as topics.n_topics=30")
        found[name.strip()] = value_of(value)
    return found


def _execute(experiment: Path, out: Path, again: bool, changes: dict[str, Any], as_json: bool) -> None:
    from topics.experiments.run import run

    done = run(experiment, out=out, again=again, **changes)
    if as_json:
        streams.show_json(_facts(done))
        return
    if done.reused:
        streams.say("the same settings, articles and code ran before: this is that run; --again executes once more")
    _show(done)


def _facts(run: Run) -> dict[str, Any]:
    return {
        "run": str(run.path),
        "report": str(run.report) if run.report else None,
        "reused": run.reused,
        "scores": {model: run.score_rows(model) for model in ("themes", "topics")},
        "manifest": run.manifest,
    }


def _show(run: Run) -> None:
    themes = run.settings.themes is not None
    if themes:
        table = run.sorted
        keys = list(dict.fromkeys(row["of"] for row in run.score_rows("themes") if row["of"] != "*"))
        rows = table.head(_SHOWN).astype(object).where(table.head(_SHOWN).notna(), None).to_dict("records")
        for line in tables.sorted_lines([{str(name): cell for name, cell in row.items()} for row in rows], keys):
            streams.show(line)
        if len(table) > _SHOWN:
            streams.show(f"... and {len(table) - _SHOWN:,} more articles in {run.path / 'sorted.csv'}")
        streams.show()
    for model, measures in (("themes", _THEME_MEASURES), ("topics", _TOPIC_MEASURES)):
        if listed := run.score_rows(model):
            streams.show(f"{model.capitalize()}, scored on articles that the model has not seen" if model == "themes" else "Topics")
            for line in tables.score_lines(listed, measures):
                streams.show(line)
            streams.show()
    if run.report:
        streams.show(f"Report  {run.report}")
    streams.show(f"Run     {run.path}")
