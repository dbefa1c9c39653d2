"""The commands that execute experiments: demo, run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from topics.cli import streams, tables
from topics.display import isolated, scored

if TYPE_CHECKING:
    from topics.experiments.run import Run
    from topics.experiments.sweeps import Sweep

_SHOWN = 20  # rows of the sorted table
_THEME_MEASURES = ("precision", "recall", "f1", "average_precision")

_JSON = typer.Option(False, "--json", help="Print one JSON value instead of tables.")
_OUT = typer.Option(Path("runs"), "--out", help="The folder of runs.", metavar="DIR")
_AGAIN = typer.Option(False, "--again", help="Execute although the same run is there; its name ends with -2, -3 ...")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(demo)
    app.command()(run)


def demo(out: Path = _OUT, again: bool = _AGAIN, json: bool = _JSON) -> None:
    """The main job, on the corpus that ships.

    Learns themes and topics, scores them, sorts, draws and reports; leaves a run in DIR and prints the sorted
    table, the scores, and the way to the report.
    """
    from topics.corpus.packaged import packaged_experiment

    _execute(packaged_experiment(), {"out": out, "again": again}, json)


def run(
    experiment: Path | None = typer.Argument(None, help="A file of settings.", metavar="EXPERIMENT.toml"),
    change: list[str] = typer.Option([], "--set", help="Change a setting: topics.n_topics=30.", metavar="A.B=VALUE"),
    init: Path | None = typer.Option(
        None, "--init", help="Write a file with every setting explained, and leave.", metavar="FILE"
    ),
    out: Path = _OUT,
    again: bool = _AGAIN,
    resume: bool = typer.Option(False, "--resume", help="Go on where the same run was stopped."),
    no_cache: bool = typer.Option(False, "--no-cache", help="Work everything out anew, and keep nothing for later."),
    workers: int | None = typer.Option(
        None, "--workers", min=1, help="How many runs of a sweep at a time; by default one a core.", metavar="N"
    ),
    scheduler: str | None = typer.Option(
        None,
        "--scheduler",
        help="Work on partitions of the corpus: in this process, on workers here, or on those of a dask scheduler.",
        metavar="none|local|ADDRESS",
    ),
    json: bool = _JSON,
) -> None:
    """Execute an experiment.

    When settings, articles and code are those of a run that is there, that run is shown. An experiment with a
    section [sweep] becomes a run for each combination of its values. Results of costly steps are kept in the
    user's cache: `topics show cache` describes it.
    """
    if init is not None:
        if experiment is not None:
            raise typer.BadParameter("--init writes a new file; leave EXPERIMENT.toml out")
        _write_example(init)
        return
    if experiment is None:
        raise typer.BadParameter("name the experiment's file, or make one with --init FILE")
    options = {"out": out, "again": again, "resume": resume, "cache": not no_cache, "workers": workers}
    _execute(experiment, options | {"scheduler": scheduler} | _changes(change), json)


def _write_example(path: Path) -> None:
    from topics.experiments.example import write_example

    write_example(path)
    streams.show(f"Wrote {isolated(str(path), 200)}; execute it with: topics run FILE")


def _changes(given: list[str]) -> dict[str, Any]:
    from topics.experiments.toml import value_of

    found: dict[str, Any] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise typer.BadParameter(f"--set {text!r} is not written A.B=VALUE, such as topics.n_topics=30")
        found[name.strip()] = value_of(value)
    return found


def _execute(experiment: Path, options: dict[str, Any], as_json: bool) -> None:
    from topics.experiments.run import Run, run

    try:
        done = run(experiment, **options)
    except (KeyboardInterrupt, SystemExit):
        if "resume" in options:
            streams.say("what was done is kept for a while: the same command with --resume goes on from there")
        raise
    if not isinstance(done, Run):
        _show_sweep(done, as_json=as_json)
        return
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
        "report_files": [str(path) for path in run.report_files],
        "reused": run.reused,
        "scores": {model: run.score_rows(model) for model in ("themes", "topics")},
        "manifest": run.manifest,
    }


def _show_sweep(sweep: Sweep, *, as_json: bool) -> None:
    from topics.experiments.run import records

    reused = sum(run.reused for run in sweep.runs)
    if as_json:
        picture = str(sweep.picture) if sweep.picture else None
        runs = [str(run.path) for run in sweep.runs]
        scores = records(sweep.table)
        streams.show_json(
            {"sweep": str(sweep.path), "runs": runs, "n_reused": reused, "scores": scores, "picture": picture}
        )
        return
    if reused:
        streams.say(f"{reused} of {len(sweep)} runs were there; --again executes them once more")
    rows = sweep.rows()
    head = [*dict.fromkeys(name for row in rows for name in row)]
    cells = [[_plain(row.get(name, "")) for name in head] for row in rows]
    streams.show_lines(tables.lines([name if name in sweep.swept else name.replace("_", " ") for name in head], cells))
    streams.show()
    if sweep.picture:
        streams.show(f"Picture {sweep.picture}")
    streams.show(f"Sweep   {sweep.path}")


def _plain(value: Any) -> str:
    text = str(value)
    return text if text.isascii() else isolated(text, 60)


def _show(run: Run) -> None:
    if "scale" in run.manifest:
        _show_scaled(run)
        return
    if run.settings.themes is not None:
        _show_sorted(run)
        streams.show("Themes, scored on articles that the model has not seen")
        streams.show_lines(tables.score_lines(run.score_rows("themes"), _THEME_MEASURES))
        _show_overall(run.score_rows("themes"))
    if run.settings.topics is not None:
        streams.show("Topics, by the words that set them apart")
        _show_topics(run)
        _show_overall(run.score_rows("topics"))
    streams.show_report(run.report_files)
    streams.show(f"Run     {run.path}")


def _show_scaled(run: Run) -> None:
    facts, corpus = run.manifest["scale"], run.manifest["corpus"]
    if run.settings.themes is not None:
        streams.show("Themes, scored on labelled articles that the model has not seen")
        streams.show_lines(tables.score_lines(run.score_rows("themes"), _THEME_MEASURES))
        _show_overall(run.score_rows("themes"))
    if run.settings.topics is not None:
        streams.show("Topics, by the words that set them apart")
        _show_topics(run)
    for row in run.manifest["stages"]:
        streams.show(f"{row['stage']:<14}{row['wall_seconds']:10.1f} s")
    where = facts.get("sorted_at") or run.path / "sorted"
    n_sorted = facts.get("inputs", corpus)["n_articles"]
    streams.show(f"Sorted  {n_sorted:,} articles, {facts['sorted_files']} files in {where}")
    streams.show(f"Run     {run.path}")


def _show_sorted(run: Run) -> None:
    from topics.experiments.run import records

    keys = dict.fromkeys(row["of"] for row in run.score_rows("themes") if row["of"] != tables.ALL)
    streams.show_lines(tables.sorted_lines(records(run.sorted.head(_SHOWN)), list(keys)))
    if len(run.sorted) > _SHOWN:
        streams.show(f"... and {len(run.sorted) - _SHOWN:,} more in {run.path / 'sorted.csv'}")
    streams.show()


def _show_topics(run: Run) -> None:
    model = run.models.topics
    names = model.names if model is not None else []
    rows = [dict(row, name=isolated(name, 60)) for row, name in zip(_topic_rows(run), names, strict=True)]
    cells = [[row["of"], f"{row['mean']:.0%}", row["name"]] for row in rows]
    streams.show_lines(tables.lines(["topic", "share", "words"], cells))


def _topic_rows(run: Run) -> list[dict[str, Any]]:
    return [row for row in run.score_rows("topics") if row["measure"] == "share"]


def _show_overall(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        if row["of"] == tables.ALL:
            streams.show(f"{row['measure'].replace('_', ' ')}  {scored(row)}")
    streams.show()
