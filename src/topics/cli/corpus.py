"""The commands under `topics corpus`: convert, dedupe, split, find; and fetch, of fetching.py."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import typer

from topics.cli import corpora, fetching, streams, tables

if TYPE_CHECKING:
    from topics.corpus import Article, Corpus, SkippedTable

_WAYS = ("group", "time", "source")
_FORMS = ("jsonl", "csv", "tsv", "xlsx", "parquet", "folder")
_LEVELS = ("none", "clitic", "light")
_FIELDS = ("id", "title", "text", "date", "source", "themes", "paragraph_themes")
_COMMA = re.compile(rf",(?=(?:{'|'.join(_FIELDS)})=)")
_N_ROWS = 10
_ABOUT = 30  # columns of a terminal for source and id beside a context

_INPUTS = typer.Argument(..., help="Files, folders, or - for JSON Lines from stdin.", metavar="IN...")
_COLUMNS = typer.Option(
    [],
    "--columns",
    help="Which column is which field, where guessing fails: text=body,title=headline",
    metavar="FIELD=NAME,...",
)
_STRICT = typer.Option(False, "--strict", help="Anything that would be skipped or repaired is an error.")
_JSON = typer.Option(False, "--json", help="Print one JSON value.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    corpus_app = typer.Typer(
        name="corpus", help="Articles in and out: fetch, convert, dedupe, split, find.", no_args_is_help=True
    )
    for command in (convert, dedupe, split, find):
        corpus_app.command()(command)
    fetching.register(corpus_app)
    app.add_typer(corpus_app)


def convert(
    inputs: list[str] = _INPUTS,
    out: Path = typer.Option(
        ..., "--out", help="The new file: .jsonl .csv .tsv (also .gz) .xlsx .parquet; no suffix: a folder.",
        metavar="FILE",
    ),
    columns: list[str] = _COLUMNS,
    repair: bool = typer.Option(False, "--repair-mojibake", help="Repair text that was decoded with a wrong table."),
    boilerplate: bool = typer.Option(
        False, "--boilerplate", help="Report lines that recur in one source; holds the articles in memory."
    ),
    drop: bool = typer.Option(False, "--drop-boilerplate", help="Report those lines and leave them out."),
    strict: bool = _STRICT,
    json: bool = _JSON,
) -> None:  # fmt: skip
    """Write articles of any files into one file.

    In memory that does not grow with the articles. Every column is kept; what was skipped or repaired is told.
    """
    from topics.corpus.converting import convert as convert_articles

    done = convert_articles(
        inputs, out, columns=_mapping(columns), repair=repair, boilerplate=boilerplate, drop=drop, strict=strict,
        watch=lambda articles: cast("Iterable[Article]", streams.progress(articles, "articles")),
    )  # fmt: skip
    found = None if done.boilerplate is None else [line._asdict() for line in done.boilerplate]
    if json:
        facts = {"out": str(out), "n_articles": done.n_articles, **_reading(done.skipped)}
        streams.show_json(facts | {"boilerplate": found, "boilerplate_dropped": drop})
        return
    streams.show(f"{done.n_articles:,} articles written to {tables.named(str(out), 400)}")
    if found is not None:
        streams.show_lines(corpora.boilerplate(found))
        end = "left out" if drop else "kept; leave them out with --drop-boilerplate"
        streams.show(f"\n{len(found):,} lines and openings recur in one source" + (f": {end}" if found else ""))
    streams.show_lines(corpora.reasons(done.skipped.by_reason()))


def dedupe(
    inputs: list[str] = _INPUTS,
    out: Path = typer.Option(..., "--out", help="The articles that stay; the suffix says the format.", metavar="FILE"),
    groups: Path | None = typer.Option(
        None, "--groups", help="Also write the groups, one a row, with the ids in each.", metavar="FILE"
    ),
    threshold: float = typer.Option(
        0.7, "--threshold", min=0.2, max=1, help="Lowest Jaccard similarity of five-word shingles.", metavar="SHARE"
    ),
    columns: list[str] = _COLUMNS,
    strict: bool = _STRICT,
    json: bool = _JSON,
) -> None:
    """Keep one article of each group of near duplicates.

    The earliest stays, or the first where dates do not tell: the same text, printed twice or by several newspapers.
    """
    from topics.corpus.duplicates import deduplicated
    from topics.corpus.writers import format_of, write

    for path in (out, groups):
        if path is not None:
            format_of(path)
    corpus = _read(inputs, columns, strict=strict)
    done = deduplicated(corpus, threshold)
    done.kept.write(out)
    if groups is not None:
        write(done.groups, groups)
    facts = {
        "out": str(out), "groups_file": str(groups) if groups else None, "threshold": threshold,
        "n_articles": len(corpus), "n_kept": len(done.kept), "n_dropped": len(corpus) - len(done.kept),
        "duplicates": done.copies._asdict(), "dropped": dict(done.dropped), "agencies": _agencies(done.groups),
    }  # fmt: skip
    if json:
        streams.show_json(facts | _reading(corpus.skipped) | {"groups": done.groups.to_dict("records")})
        return
    streams.show_lines(_told_of_copies(facts, done.groups))
    streams.show_lines(corpora.reasons(corpus.skipped.by_reason()))


def split(
    inputs: list[str] = _INPUTS,
    by: str = typer.Option(
        "group", "--by", help="group: copies together; time: the latest in the test; source: whole sources.",
        metavar="WAY",
    ),
    test_size: float = typer.Option(0.2, "--test-size", help="Share of the articles in the test.", metavar="SHARE"),
    random_state: int = typer.Option(0, "--random-state", min=0, help="Which groups or sources are drawn."),
    out: Path = typer.Option(..., "--out", help="A new folder for train and test.", metavar="DIR"),
    form: str | None = typer.Option(
        None, "--format", help=f"Of the files: {', '.join(_FORMS)} (keeps themes.toml).", metavar="FORMAT"
    ),
    columns: list[str] = _COLUMNS,
    strict: bool = _STRICT,
    json: bool = _JSON,
) -> None:  # fmt: skip
    """Part articles into train and test, without one knowing the other.

    Says how many pairs of near duplicates a random split would have parted. Articles that lack the date or the
    source that is asked for are written to left_out.
    """
    _choice("--by", by, _WAYS)
    if form is not None:
        _choice("--format", form, _FORMS)
    if not 0 < test_size < 1:
        raise typer.BadParameter("is a share of the articles, above 0 and below 1", param_hint="--test-size")
    from topics.corpus.splits import FIELD_OF, write_split
    from topics.corpus.splits import split as split_corpus

    corpus = _read(inputs, columns, strict=strict)
    field = FIELD_OF.get(by)
    left_out = corpus.filter(lambda article: field and not getattr(article, field))
    sided = corpus.filter(lambda article: not field or getattr(article, field)) if len(left_out) else corpus
    found = split_corpus(sided, by=by, test_size=test_size, random_state=random_state)
    paths = write_split(found, out, form, left_out=left_out)
    facts = {
        "by": by, "random_state": random_state, "n_train": len(found.train), "n_test": len(found.test),
        "n_left_out": len(left_out), "parted_pairs": found.parted_pairs, "leaked_pairs": found.leaked_pairs,
        "files": {name: str(path) for name, path in paths.items()}, **_reading(corpus.skipped),
    }  # fmt: skip
    if json:
        streams.show_json(facts)
    else:
        streams.show_lines(_told_of_split(facts, len(corpus)))
        streams.show_lines(corpora.reasons(corpus.skipped.by_reason()))


def find(
    word: str = typer.Argument(..., help="A word, or several that stand together.", metavar="WORD"),
    inputs: list[str] = _INPUTS,
    level: str = typer.Option(
        "clitic", "--level", help="What a word may carry: none, clitic (و ف ب ل ك ال), light (suffixes too).",
        metavar="LEVEL",
    ),
    width: int | None = typer.Option(
        None, "--width", min=0, max=1000, help="Characters on each side; by default what the terminal bears, or 40."
    ),
    n: int | None = typer.Option(None, "--n", min=1, help="How many places are shown; by default 20."),
    out: Path | None = typer.Option(None, "--out", help="Write every place to a table.", metavar="FILE"),
    columns: list[str] = _COLUMNS,
    strict: bool = _STRICT,
    json: bool = typer.Option(False, "--json", help="Print every place, or the first N, as JSON Lines."),
) -> None:  # fmt: skip
    """Show a word in its context, wherever the articles have it.

    Words are compared as models compare them, and shown as they were written.
    """
    _choice("--level", level, _LEVELS)
    from topics.corpus.writers import format_of, write

    if out is not None:
        format_of(out)
    corpus = _read(inputs, columns, strict=strict)
    found = corpus.find(word, level=level, width=_context(width, word))
    if out is not None:
        write((row.to_row() for row in found), out)
    if json:
        for row in found[:n]:
            streams.show_json(row.to_row())
        return
    streams.show_lines(found.lines(n or _N_ROWS * 2))
    if out is not None:
        streams.show(f"{len(found):,} places written to {tables.named(str(out), 400)}")
    _say_skipped(corpus.skipped)


def _choice(option: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise typer.BadParameter(f"{value!r} is none of {', '.join(known)}", param_hint=option)


def _mapping(given: Sequence[str]) -> dict[str, str | None] | None:
    """``text=body,title=`` as a mapping; an empty name keeps a column from being guessed."""
    found: dict[str, str | None] = {}
    for text in given:
        for part in _COMMA.split(text):
            field, equals, name = part.partition("=")
            if not equals or field.strip() not in _FIELDS:
                raise typer.BadParameter(
                    f"{part!r} is not FIELD=NAME with a field of {', '.join(_FIELDS)}", param_hint="--columns"
                )
            found[field.strip()] = name or None
    return found or None


def _read(inputs: list[str], columns: Sequence[str], *, strict: bool) -> Corpus:
    """The articles of the inputs; none at all is an error."""
    from topics.corpus import Corpus
    from topics.errors import ReadError

    corpus = Corpus.read(inputs, columns=_mapping(columns), strict=strict)
    if not len(corpus):
        reasons = "; ".join(corpus.skipped.by_reason()) or "it is empty"
        raise ReadError(f"{', '.join(inputs)}: no article was found there ({reasons}); give a file that holds one")
    return corpus


def _context(width: int | None, word: str) -> int:
    """Characters on each side of a word that fit the terminal beside source and id."""
    if width is not None:
        return width
    return min(max((corpora.room(_ABOUT + len(word) + 8)) // 2, 8), 40)


def _reading(skipped: SkippedTable) -> dict[str, Any]:
    """What reading did, as facts."""
    return {
        "skipped": skipped.total("skipped"), "repaired": skipped.total("repaired"), "reasons": skipped.by_reason(),
    }  # fmt: skip


def _agencies(groups: Any) -> dict[str, int]:
    """Agency to number of groups in which an article credits it."""
    counts = groups["agency"].dropna().value_counts()
    return {str(name): int(counts[name]) for name in sorted(counts.index, key=lambda name: (-counts[name], name))}


def _told_of_copies(facts: dict[str, Any], groups: Any) -> Iterable[str]:
    found = facts["duplicates"]
    yield f"{facts['n_kept']:,} of {facts['n_articles']:,} articles kept in {tables.named(facts['out'], 400)}"
    yield (
        f"{facts['n_dropped']:,} dropped: {found['n_articles']:,} articles stand in {found['n_groups']:,} groups of "
        f"near duplicates, {found['n_pairs']:,} pairs, {found['n_across']:,} of them between two sources"
    )
    yield from corpora.counts("dropped of", facts["dropped"], facts["n_dropped"])
    yield from corpora.counts("credited in groups", facts["agencies"], found["n_groups"], of="groups")
    cells = [
        [
            f"{row['n_articles']:,}", f"{row['n_sources']:,}", str(row["first"] or ""),
            tables.named(row["title"] or "", corpora.room(40)),
        ]
        for row in groups.head(_N_ROWS).to_dict("records")
    ]  # fmt: skip
    if cells:
        yield from corpora.titled(["articles", "sources", "first", "largest groups"], cells)
    if facts["groups_file"]:
        yield f"\n{found['n_groups']:,} groups written to {tables.named(facts['groups_file'], 400)}"


def _told_of_split(facts: dict[str, Any], n_articles: int) -> Iterable[str]:
    cells = [
        [f"{facts[f'n_{name}']:,}", corpora.share(facts[f"n_{name}"], n_articles), name, tables.named(path, 400)]
        for name, path in facts["files"].items()
    ]
    yield from list(corpora.titled(["articles", "share", "part", "written to"], cells))[1:]
    yield f"\nPairs of near duplicates parted: {facts['parted_pairs']:,} by this split, by {facts['by']};"
    yield f"a random split of the same sizes parts {facts['leaked_pairs']:,.1f} on average"
    if facts["n_left_out"]:
        lacking = "date" if facts["by"] == "time" else "source"
        yield f"{facts['n_left_out']:,} articles have no {lacking}, so they are in neither part"


def _say_skipped(skipped: SkippedTable) -> None:
    """What reading skipped, beside a table that is the answer."""
    if n_skipped := skipped.total("skipped"):
        streams.say(f"{n_skipped:,} skipped in reading: {'; '.join(list(skipped.by_reason())[:5])}")
