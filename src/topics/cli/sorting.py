"""The commands that use a trained model: sort, explain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from topics.cli import streams, tables
from topics.display import isolated
from topics.models.shipped import DEFAULT

if TYPE_CHECKING:
    from topics.corpus.article import Article
    from topics.errors import ReadError
    from topics.experiments.delivery import Delivered, Places
    from topics.experiments.inputs import Inputs
    from topics.models.explain import Explanation
    from topics.models.themes import ThemeModel

_SHOWN = 20  # rows that are printed beside the file
_REASONS = 8

_MODEL = typer.Option(
    Path(DEFAULT),
    "--model",
    help="A bundle, a run, runs/NAME for the newest of a name, or a model that ships.",
    metavar="M",
)
_STRICT = typer.Option(False, "--strict", help="Anything that would be skipped or repaired is an error.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(sort)
    app.command()(explain)


def sort(
    inputs: list[str] = typer.Argument(..., help="Files, folders, or - for JSON Lines from stdin.", metavar="INPUT..."),
    model: Path = _MODEL,
    out: Path | None = typer.Option(
        None, "--out", help="Where the rows go: .csv .tsv .jsonl .jsonl.gz .parquet .xlsx", metavar="FILE"
    ),
    append: bool = typer.Option(
        False, "--append", help="Add to what FILE has; articles whose ids it has are left out, and drift is told."
    ),
    by_folder: Path | None = typer.Option(
        None,
        "--by-folder",
        help="Also write each article as a text file into a folder for each of its themes, or none.",
        metavar="DIR",
    ),
    abstain: Path | None = typer.Option(
        None, "--abstain", help="Rows that a person had better look at go here instead, with a reason.", metavar="FILE"
    ),
    unsure: float = typer.Option(
        0.3, "--unsure", help="Chance of a wrong theme above which --abstain takes a row, 0 to 1.", metavar="CHANCE"
    ),
    strict: bool = _STRICT,
    json: bool = typer.Option(False, "--json", help="Print the rows as JSON Lines; --out may then be left out."),
) -> None:
    """Sort articles into themes.

    Any number of articles, in memory that does not grow with it. With --append it grows by the ids that FILE has.

    A row is unsure when a theme may be decided wrongly by the model's own probabilities (see --unsure), or when more
    than half of the article's different words are new to the model.
    """
    if out is None and by_folder is None and not json:
        raise typer.BadParameter("say where the rows go: --out FILE, --by-folder DIR, or print them with --json")
    if append and out is None:
        raise typer.BadParameter("--append adds to a file; name it with --out FILE")
    from topics.experiments.delivery import Places, deliver
    from topics.experiments.inputs import Inputs
    from topics.models.doubt import Doubt

    places = Places(out, abstain, by_folder, append)
    places.check()
    sorter = _themes_of(model, "sort")
    doubt = Doubt(sorter, unsure) if abstain is not None else None
    articles = Inputs(inputs, strict=strict)
    seen = _Seen(inputs, articles, print_json=json)
    done = deliver(sorter, articles, places, doubt, watch=seen.watch)
    if not json:
        _show_sorted(seen, list(sorter.themes), done, places)
    for line in done.warnings:
        streams.say(f"warning: {line}")
    _say_skipped(articles)


class _Seen:
    """What goes by on the way to the file: the first rows, and how many got each theme."""

    def __init__(self, inputs: list[str], articles: Inputs, *, print_json: bool) -> None:
        self._inputs, self._articles, self._print_json = inputs, articles, print_json
        self.n = 0
        self.first: list[dict[str, Any]] = []
        self.primary: Counter[str] = Counter()

    def watch(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for row in streams.progress(rows, "articles"):
            self.n += 1
            self.primary[row["primary"]] += 1
            if len(self.first) < _SHOWN:
                self.first.append(row)
            if self._print_json:
                streams.show_json(row)
            yield row
        if not self._articles.n:
            # Raised here, so that no empty file takes the place of a full one.
            raise _no_article(self._inputs, self._articles)


def _show_sorted(seen: _Seen, themes: list[str], done: Delivered, places: Places) -> None:
    if seen.n:
        streams.show_lines(tables.sorted_lines(seen.first, themes))
        if seen.n > len(seen.first):
            streams.show(f"... and {seen.n - len(seen.first):,} more")
        streams.show()
    counts = ", ".join(f"{key} {seen.primary[key]:,}" for key in [*themes, "none"])
    streams.show(f"{seen.n:,} sorted" + (f"; by primary theme: {counts}" if seen.n else ""))
    if done.n_known:
        streams.show(f"{done.n_known:,} left out: their ids are there already")
    if places.out is not None:
        streams.show(f"Written to {isolated(str(places.out), 400)}")
    if places.review is not None:
        streams.show(f"{done.n_unsure:,} unsure, to be looked at: {isolated(str(places.review), 400)}")
    if places.folders is not None:
        streams.show(f"Articles by theme in {isolated(str(places.folders), 400)}")


def explain(
    file: str = typer.Argument(..., help="A file of articles, or - for JSON Lines from stdin.", metavar="FILE"),
    model: Path = _MODEL,
    html: Path | None = typer.Option(None, "--html", help="Also write a page with the words marked.", metavar="FILE"),
    strict: bool = _STRICT,
    json: bool = typer.Option(False, "--json", help="Print one JSON value an article."),
) -> None:
    """Say why an article gets its themes.

    For each article of FILE: probabilities, the words that spoke for and against, and its paragraphs.
    """
    from topics.experiments.inputs import Inputs

    sorter = _themes_of(model, "explain")
    articles = Inputs([file], strict=strict)
    found = _explanations(sorter, articles, file=file, as_json=json)
    if html is not None:
        from topics.experiments.page import write_explanations

        n_articles = write_explanations(found, html)
        streams.say(f"{n_articles:,} explained, see {html}")
    else:
        n_articles = sum(1 for _ in found)
    _say_skipped(articles)


def _explanations(model: ThemeModel, articles: Inputs, *, file: str, as_json: bool) -> Iterator[Explanation]:
    article: Article | None = None
    for article in articles:
        explanation = model.explain(article)
        row = next(iter(model.rows([article])))
        paragraphs: list[dict[Any, Any]] = model.paragraphs(article).to_dict("records")
        if as_json:
            streams.show_json(_facts(row, explanation, paragraphs))
        else:
            _show_explanation(row, explanation, paragraphs)
        yield explanation
    if article is None:
        raise _no_article([file], articles)


def _facts(row: dict[str, Any], explanation: Explanation, paragraphs: list[dict[Any, Any]]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "title": row["title"],
        "primary": row["primary"],
        "themes": row["themes"],
        "probabilities": explanation.probabilities,
        "scores": explanation.scores,
        "intercepts": explanation.intercepts,
        "unlike": row["unlike"],
        "paragraphs": paragraphs,
        "spans": [span._asdict() for span in explanation.spans],
    }


def _show_explanation(row: dict[str, Any], explanation: Explanation, paragraphs: list[dict[Any, Any]]) -> None:
    article = explanation.article
    streams.show(isolated(article.title or article.full, 100))
    streams.show(f"primary {row['primary']}; themes {', '.join(row['themes']) or 'none'}; unlike {row['unlike']:.2f}")
    cells = []
    for key, probability in sorted(explanation.probabilities.items(), key=lambda item: -item[1]):
        reasons = (f"{isolated(words, 30)} {weight:+.2f}" for words, weight in explanation.reasons(key, _REASONS))
        cells.append([key, f"{probability:.2f}", "  ".join(reasons)])
    streams.show_lines(tables.lines(["theme", "probability", "words that spoke for it, or against"], cells))
    streams.show()
    keys = list(explanation.probabilities)
    parts = [
        [
            str(number),
            *(f"{part[key]:.2f}" for key in keys),
            isolated(article.full[part["start"] : part["end"]], 70),
        ]
        for number, part in enumerate(paragraphs, 1)
    ]
    streams.show_lines(tables.lines(["paragraph", *keys, "text"], parts))
    streams.show()


def _themes_of(path: Path, command: str) -> ThemeModel:
    """The theme model that was named; a topics bundle sorts nothing."""
    from topics.errors import BundleError
    from topics.models import load
    from topics.models.themes import ThemeModel

    model = load(path)
    if not isinstance(model, ThemeModel):
        raise BundleError(
            f"{path}: holds topics, and {command} needs themes; give a bundle that an experiment with [themes] left"
        )
    return model


def _no_article(inputs: list[str], articles: Inputs) -> ReadError:
    from topics.errors import ReadError

    reasons = "; ".join(dict.fromkeys(row.reason for row in articles.skipped)) or "it is empty"
    return ReadError(f"{', '.join(inputs)}: no article was found there ({reasons}); give a file that holds one")


def _say_skipped(articles: Inputs) -> None:
    """What was left out or repaired, by reason."""
    for outcome in ("skipped", "repaired"):
        reasons = Counter[str]()
        for row in articles.skipped:
            if row.outcome == outcome:
                reasons[row.reason] += row.count
        if reasons:
            told = "; ".join(f"{reason} ({count:,})" for reason, count in reasons.most_common(5))
            streams.say(f"{sum(reasons.values()):,} {outcome}: {told}")
