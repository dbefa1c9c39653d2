"""The command that fetches public corpora: corpus fetch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from topics.cli import corpora, streams, tables
from topics.display import one_line
from topics.errors import SettingsError

if TYPE_CHECKING:
    from topics.corpus.fetching import Entry, Fetched

_INTERRUPTED = 130
_MEGABYTE = 1_000_000


def register(app: typer.Typer) -> None:
    """Add the command to the group `corpus`."""
    app.command()(fetch)


def fetch(
    name: str | None = typer.Argument(
        None, help="A corpus of the catalogue; without one, the catalogue.", metavar="NAME"
    ),
    out: Path | None = typer.Option(None, "--out", help="The folder; by default NAME.", metavar="DIR"),
    accept_licence: bool = typer.Option(False, "--accept-licence", help="I have read its licence and accept it."),
    json: bool = typer.Option(False, "--json", help="Print JSON, one value a line."),
) -> None:
    """Fetch a public corpus of Arabic news, on its terms, as a folder corpus."""
    from topics.corpus.fetching import find_entry, read_catalogue

    if name is None:
        _list(list(read_catalogue().values()), json=json)
        return
    entry = find_entry(name)
    if not accept_licence or not json:
        _terms(entry, json=json)
    if entry.files and not accept_licence:
        raise SettingsError(f"{entry.name}: nothing was fetched; if you accept this licence, add --accept-licence")
    fetched = _fetched(entry, out or Path(entry.name))
    if json:
        streams.show_json({"corpus": entry.facts()} | _result(fetched))
        return
    streams.show()
    streams.show(f"{fetched.n_articles:,} articles in {tables.named(str(fetched.folder), 400)}")
    if fetched.was_there:
        streams.show("It was there already; nothing was fetched.")
    elif fetched.skipped is not None:
        streams.show_lines(corpora.reasons(fetched.skipped.by_reason()))


def _fetched(entry: Entry, out: Path) -> Fetched:
    from topics.corpus.fetching import fetch as fetch_corpus

    bars = _Bars()
    try:
        return fetch_corpus(entry, out, accept_licence=True, progress=bars.show)
    except KeyboardInterrupt:
        streams.say("stopped; what came is kept, the same command goes on from there")
        raise SystemExit(_INTERRUPTED) from None
    finally:
        bars.close()


class _Bars:
    """One progress bar after another on stderr, where that is a terminal."""

    def __init__(self) -> None:
        self._name: str | None = None
        self._bar: Any = None

    def show(self, name: str, done: int, of: int | None) -> None:
        """A name stands at so much."""
        from topics.experiments.clock import bar

        if name != self._name:
            self.close()
            unit, what = (" articles", "converted") if name == "articles" else ("B", one_line(name, 30))
            self._name, self._bar = name, bar(total=of, unit=unit, unit_scale=unit == "B", desc=what)
            self._bar.initial = done
        self._bar.n = done
        self._bar.update(0)

    def close(self) -> None:
        """Take the bar off the terminal."""
        if self._bar is not None:
            self._bar.close()


def _result(fetched: Fetched) -> dict[str, Any]:
    skipped = fetched.skipped
    return {
        "out": str(fetched.folder),
        "n_articles": fetched.n_articles,
        "skipped": None if skipped is None else skipped.total("skipped"),
        "repaired": None if skipped is None else skipped.total("repaired"),
        "reasons": None if skipped is None else skipped.by_reason(),
        "was_there": fetched.was_there,
    }


def _list(entries: list[Entry], *, json: bool) -> None:
    if json:
        for entry in entries:
            streams.show_json(entry.facts())
        return
    head = ["name", "articles", "size", "fetched", "licence"]
    rows = [
        [
            entry.name,
            _count(entry).rjust(len("about 1,850,000")),
            _size(entry).rjust(len("about 1,100 MB")),
            "yes" if entry.files else "by hand",
            one_line(entry.licence, 60),
        ]
        for entry in entries
    ]
    streams.show_lines(tables.lines(head, rows))


def _terms(entry: Entry, *, json: bool) -> None:
    """What has to be known before anything is fetched."""
    if json:
        streams.show_json(entry.facts())
        return
    addresses = [file.address for file in entry.files] or ["none that its publisher documents: by hand from the page"]
    more = [f"and {len(addresses) - 3} more files beside them"] if len(addresses) > 4 else addresses[3:]
    facts = [
        ("Corpus", entry.title),
        ("Articles", _count(entry)),
        ("Licence", entry.licence),
        ("Cite", entry.citation),
        ("Size", _size(entry)),
        ("Page", entry.page),
        *zip(["Address", *[""] * 3], [*addresses[:3], *more], strict=False),
        ("Note", entry.note),
    ]
    for name, value in facts:
        if value:
            streams.show(f"{name:<10}{one_line(value)}")


def _count(entry: Entry) -> str:
    if entry.n_articles is None:
        return "not stated"
    return f"{'about ' if entry.n_articles_rounded else ''}{entry.n_articles:,}"


def _size(entry: Entry) -> str:
    if entry.size is None:
        return "not stated"
    megabytes = entry.size / _MEGABYTE
    return f"{'about ' if entry.size_rounded else ''}{megabytes:,.{0 if megabytes >= 100 else 1}f} MB"
