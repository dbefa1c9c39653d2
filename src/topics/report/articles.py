"""Sorted articles as a page holds them: sliced first, made visible then, cut to what may be shown."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from topics import display
from topics.corpus.article import Article
from topics.errors import SettingsError, suggest
from topics.report.masking import masked

if TYPE_CHECKING:
    from topics.models.explain import Explanation

TEXTS = ("full", "excerpt", "none")
EXCERPT_WORDS = 40
# When texts is "none": a run of five words would be the author's, so a title is cut and a longer name hidden.
TITLE_WORDS, NAME_WORDS = 3, 4
NONE = "none"
ALL = "*"  # what evaluation calls all themes together
# Of each theme's spans in an article: so many, none under this share of the strongest. A page of marks shows nothing.
_SPANS_SHOWN, _LEAST_SHARE = 25, 0.2
_PARTS_OF_WORDS = re.compile(r"[^-_/.,:;|،؛\s]+")

_Span = tuple[int, int, int, float]  # start, end, place of the theme, weight


@dataclass(frozen=True)
class ReportArticle:
    """An article as it was sorted.

    Parameters
    ----------
    article : Article
        What the author wrote.
    primary : str
        Key of its first theme, or "none".
    themes : sequence of str
        Keys of every theme it was given.
    probabilities : mapping of str to float
        Calibrated probability of each theme.
    unlike : float, optional
        How far it is from what the model has seen, 0 to 1.
    paragraphs : sequence of (start, end, mapping of str to float)
        Places in `article.full` with the probability of each theme; without them, the article's own paragraphs.
    spans : sequence of (start, end, theme, weight)
        Places in `article.full` that spoke for a theme, or against it.
    """

    article: Article
    primary: str = NONE
    themes: Sequence[str] = ()
    probabilities: Mapping[str, float] = field(default_factory=dict)
    unlike: float | None = None
    paragraphs: Sequence[tuple[int, int, Mapping[str, float]]] = ()
    spans: Sequence[tuple[int, int, str, float]] = ()

    @classmethod
    def of(
        cls,
        article: Article,
        row: Mapping[str, Any],
        explanation: Explanation | None = None,
        paragraphs: Iterable[Mapping[str, Any]] = (),
    ) -> ReportArticle:
        """From a row of `ThemeModel.sort`, its explanation, and the rows of `ThemeModel.paragraphs` as mappings."""
        keys = list(explanation.probabilities) if explanation else [key for key in row if isinstance(row[key], float)]
        keys = [key for key in keys if key != "unlike" and key in row]
        return cls(
            article,
            primary=row["primary"],
            themes=tuple(row["themes"]),
            probabilities={key: float(row[key]) for key in keys},
            unlike=row.get("unlike"),
            paragraphs=[
                (int(part["start"]), int(part["end"]), {key: float(part[key]) for key in keys}) for part in paragraphs
            ],
            spans=[(span.start, span.end, span.theme, span.weight) for span in explanation.spans]
            if explanation
            else (),
        )


class Named:
    """For each theme, and for all and none: its place, its style class and its word in the dictionary."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = list(keys)
        self._places = {key: k for k, key in enumerate(keys)}

    def place(self, key: str) -> int:
        """The place of a theme; -1 for none."""
        if key == NONE:
            return -1
        if key not in self._places:
            raise SettingsError(
                f"an article has the theme {key!r}, which the report was not given{suggest(key, self.keys)}"
            )
        return self._places[key]

    def style(self, key: str) -> str:
        """The class that gives an element the theme's color."""
        return f"theme-{self._places[key]}" if key in self._places else "theme-none"

    def word(self, key: str) -> str:
        """Its name's key in the dictionary of words; a name that is not there is shown as it is."""
        return f"theme:{self._places[key]}" if key in self._places else {ALL: "all_themes"}.get(key, key)


class Listing:
    """The articles as a page holds them: every text in pieces that were sliced first and escaped then.

    Of more than `limit` articles, the others are counted only; None leaves none out.
    """

    def __init__(self, named: Named, texts: str, limit: int | None, *, mask: bool = False) -> None:
        self._named, self._texts, self._limit = named, texts, limit
        self._hide = masked if mask else str
        self.rows: list[dict[str, Any]] = []
        self.n_articles = 0
        self._counts = dict.fromkeys([*named.keys, NONE], 0)

    def read(self, articles: Iterable[ReportArticle]) -> None:
        """Take every article into account, and the first ones into `rows`."""
        self.rows.extend(self.each(articles))

    def each(self, articles: Iterable[ReportArticle]) -> Iterator[dict[str, Any]]:
        """Take every article into account, and give the rows of the first ones, one by one: none is kept here."""
        for sorted_one in articles:
            self.n_articles += 1
            for key in sorted_one.themes or (NONE,):
                self._named.place(key)
                self._counts[key] += 1
            if self._limit is None or self.n_articles <= self._limit:
                yield self._row(sorted_one)

    def sizes(self) -> list[dict[str, Any]]:
        """How many articles each theme has."""
        most = max(*self._counts.values(), 1)
        return [
            {"style": self._named.style(key), "word": self._named.word(key), "n": f"{n:,}", "share": f"{n / most:.4f}"}
            for key, n in self._counts.items()
        ]

    def _row(self, one: ReportArticle) -> dict[str, Any]:
        article, hidden = one.article, self._texts == "none"
        full = self._hide(article.full)
        keys, spans = self._named.keys, [] if hidden else self._strongest(one)
        title_end = len(article.title or "")
        shown_end = self._shown_end(article)
        places = one.paragraphs or [(start, end, {}) for start, end in article.paragraphs]
        title = first_words(full[:title_end], TITLE_WORDS) if hidden else None
        largest = [0.0] * len(keys)
        for _, _, theme, weight in spans:
            largest[theme] = max(largest[theme], round(abs(weight), 3))
        return {
            "id": _private(article.id or "") if hidden else display.visible(article.id or ""),
            "title": self._pieces(full, 0, title_end, spans) if title is None else [display.visible(title)],
            "date": article.date.isoformat() if article.date else None,
            "source": _private(article.source or "") if hidden else display.visible(article.source or ""),
            "primary": self._named.place(one.primary),
            "themes": [self._named.place(key) for key in one.themes if key != NONE],
            "probabilities": [round(float(one.probabilities.get(key, 0.0)), 3) for key in keys],
            "unlike": None if one.unlike is None else round(float(one.unlike), 3),
            "largest": largest,
            "cut": shown_end < len(article.full.rstrip()),
            "paragraphs": [self._paragraph(full, place, shown_end, spans) for place in places],
        }

    def _paragraph(
        self, full: str, place: tuple[int, int, Mapping[str, float]], shown_end: int, spans: list[_Span]
    ) -> dict[str, Any]:
        start, end, chances = place
        if not 0 <= start <= end <= len(full):
            raise SettingsError(f"a paragraph stands at {start} to {end} of an article of {len(full)} characters")
        keys = self._named.keys
        paragraph: dict[str, Any] = {"length": end - start, "pieces": None, "probabilities": None}
        if chances:
            paragraph["probabilities"] = [round(float(chances.get(key, 0.0)), 3) for key in keys]
        if start < shown_end:
            paragraph["pieces"] = self._pieces(full, start, min(end, shown_end), spans)
            paragraph["direction"] = display.paragraph_direction(full[start:end])
            if end > shown_end:
                paragraph["pieces"].append(" …")
        return paragraph

    def _shown_end(self, article: Article) -> int:
        """Where in `article.full` the shown part of the text ends."""
        body = len(article.full) - len(article.text)
        if self._texts == "none":
            return 0
        if self._texts == "full":
            return len(article.full)
        return body + len(first_words(article.text, EXCERPT_WORDS, mark=""))

    def _strongest(self, one: ReportArticle) -> list[_Span]:
        """For each theme, the spans of most weight; in the order of the text."""
        kept: list[_Span] = []
        for place, key in enumerate(self._named.keys):
            mine = [(span[0], span[1], place, float(span[3])) for span in one.spans if span[2] == key and span[3]]
            mine.sort(key=lambda span: (-abs(span[3]), span[0], span[1]))
            kept += [span for span in mine[:_SPANS_SHOWN] if abs(span[3]) >= _LEAST_SHARE * abs(mine[0][3])]
        return sorted(kept)

    @staticmethod
    def _pieces(full: str, start: int, end: int, spans: list[_Span]) -> list[Any]:
        """Plain pieces as texts, marked ones as [text, {theme: weight}]."""
        inside = [span for span in spans if start <= span[0] and span[1] <= end]
        out: list[Any] = []
        for text, covering in display.pieces(full[start:end], [(span[0] - start, span[1] - start) for span in inside]):
            weights: dict[str, float] = {}
            for n in covering:
                theme = str(inside[n][2])
                weights[theme] = round(weights.get(theme, 0.0) + inside[n][3], 3)
            out.append([display.visible(text), weights] if weights else display.visible(text))
        return out


def first_words(text: str, n_words: int, mark: str = " …") -> str:
    """The first words of a text, and a mark when there are more."""
    ends = [hit.end() for _, hit in zip(range(n_words + 1), re.finditer(r"\S+", text), strict=False)]
    return text if len(ends) <= n_words else text[: ends[n_words - 1]] + mark


def _private(text: str) -> str:
    """A short name as it is; a long one, which may be a headline, as a number that stands for it."""
    if len(_PARTS_OF_WORDS.findall(text)) <= NAME_WORDS:
        return display.visible(text)
    return "#" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
