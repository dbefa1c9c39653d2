"""The page itself: its parts put into the template, with the one script and its policy."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics import display
from topics.arabic import letters
from topics.corpus.themes import LANGUAGES, Theme
from topics.errors import SettingsError, suggest
from topics.files import PathLike, atomic_write
from topics.report import paging, tables
from topics.report.articles import TEXTS, Listing, Named, ReportArticle

if TYPE_CHECKING:
    from jinja2 import Template

SECTIONS = ("summary", "data", "themes", "topics", "time", "articles", "settings", "cite")
_PLACES = ("data", "themes", "topics", "time")  # sections that hold figures
MAX_ARTICLES = 5_000
_INK = "fill: #1b1b1b"  # of plots on light ground; style.css turns it, and the ground with it, where a page is dark
_LANGUAGE_NAMES = (("ar", "العربية"), ("en", "English"), ("fr", "Français"))

InLanguages = str | Mapping[str, str]
"""A text, or one for each language of the interface ("ar", "en", "fr")."""


def write_report(path: PathLike, **parts: Any) -> None:
    """Write the page that `render` makes; of more than `max_articles` articles, further files beside it.

    Those are named after it, ``report.part-2.html`` and so on, and hold the articles that follow; the files link to
    each other. Each file is replaced whole or not at all, the report last. Further files of an earlier report that was
    larger are removed.

    Parameters
    ----------
    path : path
        Where the report belongs, such as runs/demo/report.html.
    **parts
        Arguments of `render`, but for `name` and `further`.

    Raises
    ------
    WriteError
        A file cannot be written; all are as they were. Or one that is no report's has the name of a further file.
    """
    with paging.beside(path) as further:
        page = render(**parts, name=Path(path).name, further=further)
        with atomic_write(path) as file:
            file.write(page.encode("utf-8"))


def render(
    *,
    title: str,
    themes: Mapping[str, Theme],
    articles: Iterable[ReportArticle] = (),
    texts: str = "excerpt",
    language: str = "ar",
    summary: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    scores: Iterable[Mapping[str, Any]] = (),
    sources: Iterable[Mapping[str, Any]] = (),
    errors: Iterable[Mapping[str, Any]] = (),
    figures: Iterable[Sequence[Any]] = (),
    topics: Iterable[Mapping[str, Any]] = (),
    settings: Mapping[str, Any] | None = None,
    versions: Mapping[str, str] | None = None,
    methods: InLanguages = "",
    citation: str | None = None,
    max_articles: int = MAX_ARTICLES,
    mask: bool = False,
    name: str = "report.html",
    further: paging.Further | None = None,
) -> str:
    """A report as the text of an HTML file.

    Parameters
    ----------
    title : str
        The heading.
    themes : mapping of str to Theme
        Themes by key, in their order, with their names and colors; `Corpus.themes` is one.
    articles : iterable of ReportArticle
        In the order in which they are listed at first; read once.
    texts : {"full", "excerpt", "none"}
        What of the articles the file holds: all, title and first 40 words, or no run of five words. With
        "none", quotes are left out and titles, ids and sources shortened. Figures are shown as they come.
    language : {"ar", "en", "fr"}
        Of the interface when the page opens; a reader may switch.
    summary, data : mapping, optional
        Facts: numbers, text, dates, or Score, by name. A name that web/words.json knows, such as n_articles
        or macro_f1, is shown in the reader's language.
    scores : iterable of mapping
        theme (a key, or "*" for all), measure, mean, low, high, n, note; as `evaluation.scores` has them.
    sources : iterable of mapping
        The same with ``source``: one table a measure, sources down and themes across.
    errors : iterable of mapping
        Wrong decisions to read: title, theme, error ("missed" or "given"), probability, reasons; as
        `topics.studies.errors` has them.
    figures : iterable of (name, SVG, caption) or (name, SVG, caption, section)
        Drawings, in the section "data", "themes" (without one), "topics" or "time". What does not draw is taken
        out of them. Instead of one SVG there may be a mapping of languages of the interface to SVG.
    topics : iterable of mapping
        topic, name, terms (each a text, or a text and its weight), share (0 to 1), and quotes: each a text
        or a mapping with text and perhaps title, source, date.
    settings, versions : mapping, optional
        What was asked for, nested as in the experiment, and with which software.
    methods : str or mapping, optional
        A paragraph on how it was done.
    citation : str, optional
        How to cite the report; made from title, version and fingerprint when left out.
    max_articles : int
        How many articles a file holds.
    mask : bool
        Whether phone numbers, e-mail addresses and identity numbers in articles and quotes are masked.
    name : str
        What the file will be called; further ones are named after it.
    further : callable, optional
        Takes the name and the text of each further file when there are more articles than one holds, one after the
        other, before the first is returned. Without it that one holds the first articles and says so.

    Raises
    ------
    SettingsError
        A language, a kind of texts, a theme or a place in an article that does not exist; files without articles.
    PlotError
        A figure that is not SVG.
    """
    _check(texts, TEXTS, "texts")
    _check(language, LANGUAGES, "the language of a report")
    if max_articles < 1:
        raise SettingsError(f"a file of a report holds one article or more, not {max_articles}")
    named = Named(list(themes))
    listing = Listing(named, texts, None if further else max_articles, mask=mask)
    captions, drawn = _drawings(figures)
    with paging.Waiting(max_articles) as waiting:
        waiting.fill(listing.each(articles))
        files = _Files(title, themes, texts, language, paging.parts_of(name, waiting.n_rows, max_articles))
        if further is not None:
            for part in files.parts[1:]:
                further(part.name, files.drawn(part, waiting.array(part.number), _words(themes, "", [])))
        words = _words(themes, methods, captions)
        for own in words.values():
            own["left_out"] = own["left_out"].format(n=f"{waiting.n_rows:,}", all=f"{listing.n_articles:,}")
        facts = {**(summary or {}), **(data or {})}
        sections = {
            "sections": _sections(drawn), "summary": tables.facts(summary), "has_methods": bool(methods),
            "data": tables.facts(data), "sizes": listing.sizes(), "definitions": tables.definitions(themes, named),
            "scores": tables.score_tables(scores, named), "sources": tables.source_tables(sources, named),
            "errors": tables.mistakes(errors, named, texts, mask=mask), "figures": drawn,
            "topics": [tables.topic(topic, texts, mask=mask) for topic in topics],
            "left_out": listing.n_articles > waiting.n_rows,
            "settings": list(tables.flat(settings or {})), "versions": list((versions or {}).items()),
            "citation": citation or tables.citation(title, versions or {}, facts),
        }  # fmt: skip
        return files.drawn(files.parts[0], waiting.array(1), words, sections)


@dataclass(frozen=True)
class _Files:
    """What every file of a report has, and how one is drawn: the first with its sections, a further one without."""

    title: str
    themes: Mapping[str, Theme]
    texts: str
    language: str
    parts: list[paging.Part]

    def drawn(
        self,
        part: paging.Part,
        rows: str,
        words: dict[str, dict[str, str]],
        sections: Mapping[str, Any] | None = None,
    ) -> str:
        """The text of a file; `rows` are its articles as JSON that may stand in a page."""
        counts = {"part": part.number, "parts": len(self.parts), "all": f"{self.parts[-1].last:,}"}
        counts |= {"first": f"{part.first:,}", "last": f"{part.last:,}"}
        for own in words.values():
            own["part_of"] = own["part_of"].format(**counts)
        island = {
            "language": self.language, "texts": self.texts, "parted": len(self.parts) > 1, "fold": fold_tables(),
            "words": words, "themes": list(self.themes),
        }  # fmt: skip
        script = web_file("reader.js") + "\nreport();\n"
        whole = _raw(f'{display.json_island(island)[:-1]},"articles":{rows}}}')
        values = {
            "title": self.title, "language": self.language, "languages": _LANGUAGE_NAMES, "texts": self.texts,
            "words": words[self.language], "policy": _policy(script), "style": _raw(web_file("style.css")),
            "theme_style": _raw(theme_style(self.themes)), "script": _raw(script), "part": part, "parts": self.parts,
            "take_island": [whole].pop,  # Jinja's cycles keep what they are handed until a garbage collection
        }  # fmt: skip
        return _template().render({**values, **(sections or {})})


def _sections(drawn: Mapping[str, Any]) -> list[str]:
    return [name for name in SECTIONS if name != "time" or drawn["time"]]


def _drawings(figures: Iterable[Sequence[Any]]) -> tuple[list[InLanguages], dict[str, list[dict[str, Any]]]]:
    """The captions in their order, and for each section its figures."""
    captions: list[InLanguages] = []
    drawn: dict[str, list[dict[str, Any]]] = {place: [] for place in _PLACES}
    for n, (_, source, caption, *place) in enumerate(figures):
        _check(section := place[0] if place else "themes", _PLACES, "the section of a figure")
        drawn[section].append({"drawn": _in_each_language(source, f"figure-{n}"), "word": f"figure:{n}"})
        captions.append(caption)
    return captions, drawn


def _in_each_language(source: InLanguages, prefix: str) -> list[dict[str, Any]]:
    """A drawing, or one for each language of the interface; a language without its own has the first."""
    given = {"": source} if isinstance(source, str) else source
    found = []
    for place, (name, drawing) in enumerate(given.items()):
        element = display.svg(drawing, f"{prefix}{f'-{name}' if name else ''}")
        others = [language for language in LANGUAGES if language not in given] if name and place == 0 else []
        shown_in = " ".join([name, *others]) if len(given) > 1 else ""
        found.append({"languages": shown_in, "svg": _raw(element), "adapts": _INK in element})
    return found


def fold_tables() -> dict[str, Any]:
    """The tables of the toolkit's spelling and default folds, for the page's search: `arabic.forms` in data."""
    to_letter: dict[str, str] = dict(letters.LETTER_MAP)
    for name in ("alef", "maqsura", "teh"):
        to_letter |= letters.FOLDS[name]
    to_letter |= {chr(first + n): str(n) for first, _ in letters.DIGITS if first > 0x7F for n in range(10)}
    tatweel = (ord(letters.TATWEEL),) * 2
    return {
        "before": letters.ATTACHED,  # compatibility composition would put spaces for these
        "drop": [*letters.marks(), *letters.INVISIBLE, *letters.PREPENDED, tatweel],
        "map": to_letter,
    }


def _check(value: str, known: Sequence[str], what: str) -> None:
    if value not in known:
        raise SettingsError(f"{what} is {', '.join(known[:-1])} or {known[-1]}, not {value!r}{suggest(value, known)}")


def _words(
    themes: Mapping[str, Theme], methods: InLanguages, captions: Sequence[InLanguages]
) -> dict[str, dict[str, str]]:
    """The interface's words in each language, with the names of this report's themes and figures."""
    words = interface_words(themes)
    for language, own in words.items():
        named = {f"figure:{n}": _in_language(caption, language) for n, caption in enumerate(captions)}
        named["methods:text"] = _in_language(methods, language)
        own.update((key, display.visible(text)) for key, text in named.items())
    return words


def interface_words(themes: Mapping[str, Theme]) -> dict[str, dict[str, str]]:
    """The words of the interface in each language, with the names of themes by their places."""
    words: dict[str, dict[str, str]] = json.loads(web_file("words.json"))
    for language, own in words.items():
        own |= {f"theme:{k}": display.visible(theme.name(language)) for k, theme in enumerate(themes.values())}
    return words


def _in_language(text: InLanguages, language: str) -> str:
    if isinstance(text, str):
        return text
    return text.get(language) or next(iter(text.values()), "")


def theme_style(themes: Mapping[str, Theme]) -> str:
    """Style rules that give each theme, by its place, its color; lighter on dark ground, in a page or in a widget."""
    from topics.plots.style import theme_colors

    shown = {display.visible(key): theme.color for key, theme in themes.items()}
    found = theme_colors(shown, shown)
    rules: dict[str, list[str]] = {"light": [], "dark": []}
    for k, key in enumerate(themes):
        rgb = _rgb(found[display.visible(key)])
        lighter = [value + (255 - value) // 5 for value in rgb]  # more, and people who see fewer colors mix them up
        for ground, values in (("light", rgb), ("dark", lighter)):
            rules[ground].append(f".theme-{k}{{--c:{' '.join(map(str, values))}}}")
        drawn, shade = found[display.visible(key)].lower(), f"rgb({' '.join(map(str, lighter))}) !important"
        rules["dark"] += [f'.adapts [style*="{part}: {drawn}"]{{{part}:{shade}}}' for part in ("fill", "stroke")]
    hosted = {ground: [rule for rule in own if rule.startswith(".theme-")] for ground, own in rules.items()}
    told = [f':host([data-ground="{ground}"]) {rule}' for ground, own in hosted.items() for rule in own]
    page = [*rules["light"], "@media screen and (prefers-color-scheme: dark) {", *rules["dark"], "}"]
    return "\n".join([*page, *told])


def _rgb(color: str) -> list[int]:
    if not re.fullmatch("#[0-9a-fA-F]{6}", color):
        raise SettingsError(f"the color {color!r} of a theme is not one; write it as #1b7f5c")
    return [int(color[at : at + 2], 16) for at in (1, 3, 5)]


def _policy(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def web_file(name: str) -> str:
    """A file of the folder `web`."""
    return resources.files("topics").joinpath("web", name).read_text(encoding="utf-8")


def _raw(source: str) -> Any:
    """Our own or already escaped source, which Jinja shall not escape again."""
    from markupsafe import Markup

    return Markup(source)  # noqa: S704 - style.css, reader.js, display.svg, display.json_island


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    def shown(value: Any) -> Any:
        return display.visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = Environment(autoescape=True, undefined=StrictUndefined, finalize=shown)
    return environment.from_string(web_file("templates/report.html.j2"))
