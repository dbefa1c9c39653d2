"""The page itself: its parts put into the template, with the one script and its policy."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from topics import display
from topics.arabic import letters
from topics.corpus.themes import LANGUAGES, Theme
from topics.errors import SettingsError, suggest
from topics.files import PathLike, atomic_write
from topics.report import tables
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
    """Write the page that `render` makes; the file is replaced whole or not at all.

    Parameters
    ----------
    path : path
        Where the report belongs, such as runs/demo/report.html.
    **parts
        Arguments of `render`.
    """
    page = render(**parts)
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
        How many articles the file holds; when there are more, it says so.
    mask : bool
        Whether phone numbers, e-mail addresses and identity numbers in articles and quotes are masked.

    Raises
    ------
    SettingsError
        A language, a kind of texts, a theme or a place in an article that does not exist.
    PlotError
        A figure that is not SVG.
    """
    _check(texts, TEXTS, "texts")
    _check(language, LANGUAGES, "the language of a report")
    named = Named(list(themes))
    listing = Listing(named, texts, max_articles, mask=mask)
    listing.read(articles)
    captions, drawn = _drawings(figures)
    words = _words(themes, methods, captions, listing)
    island = {
        "language": language, "texts": texts, "fold": fold_tables(), "words": words, "themes": list(themes),
        "articles": listing.rows,
    }  # fmt: skip
    script = web_file("reader.js") + "\nreport();\n"
    facts = {**(summary or {}), **(data or {})}
    parts = {
        "title": title, "language": language, "languages": _LANGUAGE_NAMES, "words": words[language],
        "texts": texts, "sections": _sections(drawn), "policy": _policy(script), "style": _raw(web_file("style.css")),
        "theme_style": _raw(theme_style(themes)), "script": _raw(script), "island": _raw(display.json_island(island)),
        "summary": tables.facts(summary), "has_methods": bool(methods), "data": tables.facts(data),
        "sizes": listing.sizes(), "definitions": tables.definitions(themes, named),
        "scores": tables.score_tables(scores, named),
        "sources": tables.source_tables(sources, named), "errors": tables.mistakes(errors, named, texts, mask=mask),
        "figures": drawn,
        "topics": [tables.topic(topic, texts, mask=mask) for topic in topics], "left_out": listing.left_out,
        "settings": list(tables.flat(settings or {})), "versions": list((versions or {}).items()),
        "citation": citation or tables.citation(title, versions or {}, facts),
    }  # fmt: skip
    return _template().render(parts)


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
    themes: Mapping[str, Theme], methods: InLanguages, captions: Sequence[InLanguages], listing: Listing
) -> dict[str, dict[str, str]]:
    """The interface's words in each language, with the names of this report's themes and figures."""
    words = interface_words(themes)
    counts = {"n": f"{len(listing.rows):,}", "all": f"{listing.n_articles:,}"}
    for language, own in words.items():
        own["left_out"] = own["left_out"].format(**counts)
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
