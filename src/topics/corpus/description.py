"""A corpus in figures: how much, how long, of which themes, days and newspapers, how clean, how often copied."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from topics import display
from topics.arabic.scan import Scanner
from topics.corpus.boilerplate import recurring
from topics.corpus.duplicates import copies
from topics.corpus.script import KINDS, count_letters, languages
from topics.corpus.shingles import batches
from topics.corpus.values import has_letter

if TYPE_CHECKING:
    from topics.corpus.article import Article, Corpus

_N_LINES = 10  # of boilerplate, and of every list that is shown
_MOST_DAYS, _MOST_YEARS_OF_MONTHS, _MOST_YEARS = 62, 10, 300
_QUANTILES = {"shortest": 0.0, "quarter": 0.25, "median": 0.5, "three_quarters": 0.75, "longest": 1.0}


@dataclass(frozen=True, slots=True)
class Description:
    """A corpus in figures; shows itself as a table in terminal and notebook."""

    n_articles: int
    fingerprint: str
    n_characters: int
    n_words: int
    """Words as the Analyzer finds them, before anything is dropped."""
    characters: Mapping[str, int]
    """Length of an article, title included: shortest, quarter, median, three_quarters, longest."""
    words: Mapping[str, int]
    lacking: Mapping[str, int]
    """How many articles have no title, text (only a title), date, source, themes."""
    themes: Mapping[str, int]
    """Theme to number of articles, in the order of the corpus; an article may carry several."""
    n_without_theme: int
    """Articles known to carry none."""
    first: str | None
    """Earliest date, ISO."""
    last: str | None
    months: Mapping[str, int]
    """"2026-03" to number of articles, without gaps left out."""
    sources: Mapping[str, int]
    """Source to number of articles, most frequent first."""
    duplicates: Mapping[str, Any]
    """n_articles in near-duplicate pairs and their share, n_groups, n_pairs, n_across sources."""
    languages: Mapping[str, int]
    """Script of most of an article's letters to number of articles."""
    letters: Mapping[str, float]
    """Share of all letters that are arabic, latin, other."""
    marks: Mapping[str, float]
    """Share of articles that hold: marks, tatweel, invisible characters, ascii_digits, arabic_digits; and
    marks_per_letter, tatweel_per_letter over the Arabic letters."""
    boilerplate: Sequence[Mapping[str, Any]]
    """Lines and openings that recur in one source, most frequent first: source, kind, line, n_articles, share."""
    skipped: Mapping[str, int]
    """What the reader skipped or repaired: reason to number of cases."""

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain JSON values."""
        plain: dict[str, Any] = asdict(self)
        return plain

    def __str__(self) -> str:
        rows = self._rows(isolated=True)
        width = max(len(name) for name, _ in rows)
        return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        rows = [{"": name, "value": value} for name, value in self._rows()]
        return display.table(rows, columns=("", "value"), rtl=False, caption=f"{self.n_articles:,} articles")

    def _rows(self, *, isolated: bool = False) -> list[tuple[str, str]]:
        """Name and value of each line that is shown; `isolated` for a terminal, as pages have their own way."""
        rows = [
            ("articles", f"{self.n_articles:,} · fingerprint {self.fingerprint[:4]}…"),
            ("characters", f"{self.n_characters:,} · {_spread(self.characters)} an article"),
            ("words", f"{self.n_words:,} · {_spread(self.words)} an article"),
            ("lacking", _listed(self.lacking, isolated=isolated)),
            ("themes", _listed(self.themes, isolated=isolated)),
            ("no theme", f"{self.n_without_theme:,}" if self.n_without_theme else ""),
            ("dates", f"{self.first} to {self.last}" if self.first else ""),
            ("sources", _listed(self.sources, isolated=isolated)),
            ("duplicates", _copied(self.duplicates)),
            ("languages", _listed(self.languages, isolated=isolated)),
            ("letters", _shares(self.letters)),
            ("articles with", _shares({name: self.marks[name] for name in KINDS[3:]})),
            ("boilerplate", _boilerplate(self.boilerplate, isolated=isolated)),
            ("skipped", _listed(self.skipped, isolated=isolated)),
        ]
        return [(name, value) for name, value in rows if value]


def describe(corpus: Corpus) -> Description:
    """Figures about a corpus; 15,000 articles take a few seconds, most of it for near duplicates."""
    texts = corpus.texts
    counts = count_letters(texts)
    n_words = word_counts(texts)
    n_characters = np.array([len(text) for text in texts], np.int64)
    dates = sorted(article.date for article in corpus if article.date)
    carried = Counter(theme for article in corpus for theme in article.themes or ())
    return Description(
        n_articles=len(corpus),
        fingerprint=corpus.fingerprint,
        n_characters=int(n_characters.sum()),
        n_words=int(n_words.sum()),
        characters=_lengths(n_characters),
        words=_lengths(n_words),
        lacking=_lacking(corpus),
        themes={theme: carried[theme] for theme in corpus.themes},
        n_without_theme=sum(article.themes == () for article in corpus),
        first=dates[0].isoformat() if dates else None,
        last=dates[-1].isoformat() if dates else None,
        months=_months(corpus),
        sources=dict(_most(Counter(article.source for article in corpus if article.source))),
        duplicates=_duplicates(corpus),
        languages=dict(_most(Counter(languages(counts).tolist()))),
        letters=_letter_shares(counts),
        marks=_mark_shares(counts),
        boilerplate=[line._asdict() for line in recurring(corpus)],
        skipped=corpus.skipped.by_reason(),
    )


def word_counts(texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Words of each text as the Analyzer finds them, before anything is dropped, shape (n_texts,)."""
    counts = [np.diff(Scanner().scan(texts[first:last]).places) for first, last in batches(texts)]
    return np.concatenate([np.zeros(0, np.int64), *counts])


def periods(corpus: Sequence[Article]) -> dict[str, int]:
    """Articles of each day, month or year, without gaps, whichever of the three gives a picture of the whole.

    Days up to two months, months up to ten years, else years; a span of more than 300 years, mostly a slip in a
    date, shows the years that there are.
    """
    dates = sorted(article.date for article in corpus if article.date)
    if not dates:
        return {}
    first, last = dates[0], dates[-1]
    if last.toordinal() - first.toordinal() < _MOST_DAYS:
        days = Counter(date.toordinal() for date in dates)
        span = range(first.toordinal(), last.toordinal() + 1)
        return {dt.date.fromordinal(day).isoformat(): days[day] for day in span}
    if last.year - first.year < _MOST_YEARS_OF_MONTHS:
        return _months(corpus)
    years = Counter(date.year for date in dates)
    known = range(first.year, last.year + 1) if last.year - first.year <= _MOST_YEARS else sorted(years)
    return {f"{year:04d}": years[year] for year in known}


def _lengths(lengths: np.ndarray[Any, np.dtype[np.int64]]) -> dict[str, int]:
    if not len(lengths):
        return dict.fromkeys(_QUANTILES, 0)
    values = np.quantile(lengths, list(_QUANTILES.values()), method="nearest")
    return {name: int(value) for name, value in zip(_QUANTILES, values, strict=True)}


def _lacking(corpus: Sequence[Article]) -> dict[str, int]:
    found = {
        "title": sum(not article.title for article in corpus),
        "text": sum(not has_letter(article.text) for article in corpus),
        "date": sum(article.date is None for article in corpus),
        "source": sum(not article.source for article in corpus),
        "themes": sum(article.themes is None for article in corpus),
    }
    return {field: count for field, count in found.items() if count}


def _months(corpus: Sequence[Article]) -> dict[str, int]:
    """Every month from the first to the last; far-off dates, mostly slips, leave out the empty months between."""
    counts = Counter(article.date.year * 12 + article.date.month - 1 for article in corpus if article.date)
    if not counts:
        return {}
    known: Sequence[int] = sorted(counts)
    if known[-1] - known[0] < 1200:
        known = range(known[0], known[-1] + 1)
    return {f"{month // 12:04d}-{month % 12 + 1:02d}": counts[month] for month in known}


def _duplicates(corpus: Sequence[Article]) -> dict[str, Any]:
    found = copies(corpus)
    return {"share": found.n_articles / len(corpus) if len(corpus) else 0.0, **found._asdict()}


def _letter_shares(counts: np.ndarray[Any, np.dtype[np.int64]]) -> dict[str, float]:
    totals = counts[:, :3].sum(axis=0)
    return {kind: float(total / max(totals.sum(), 1)) for kind, total in zip(KINDS, totals, strict=False)}


def _mark_shares(counts: np.ndarray[Any, np.dtype[np.int64]]) -> dict[str, float]:
    column = {kind: counts[:, place] for place, kind in enumerate(KINDS)}
    n_articles, n_letters = max(len(counts), 1), max(int(column["arabic"].sum()), 1)
    shares = {kind: float((column[kind] > 0).sum() / n_articles) for kind in KINDS[3:]}
    return shares | {f"{kind}_per_letter": float(column[kind].sum() / n_letters) for kind in ("marks", "tatweel")}


def _most(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _name(text: str, width: int, *, isolated: bool) -> str:
    line = display.one_line(text, width)
    # Arabic names do not turn the line of a terminal.
    return f"{display.FSI}{line}{display.PDI}" if isolated and not line.isascii() else line


def _listed(counts: Mapping[str, int], *, isolated: bool) -> str:
    """Names with their numbers, the first ten."""
    shown = [f"{_name(name, 60, isolated=isolated)} {count:,}" for name, count in list(counts.items())[:_N_LINES]]
    more = len(counts) - len(shown)
    return " · ".join([*shown, *([f"{more:,} more"] if more > 0 else [])])


def _spread(lengths: Mapping[str, int]) -> str:
    shown = (lengths[name] for name in ("shortest", "median", "longest"))
    return "{:,} to {:,} to {:,}".format(*shown)


def _shares(shares: Mapping[str, float]) -> str:
    return " · ".join(f"{name.replace('_', ' ')} {100 * share:.1f} %" for name, share in shares.items() if share)


def _copied(found: Mapping[str, Any]) -> str:
    if not found["n_pairs"]:
        return "none"
    return (
        f"{found['n_articles']:,} articles ({100 * found['share']:.1f} %) in {found['n_groups']:,} groups · "
        f"{found['n_pairs']:,} pairs, {found['n_across']:,} of them between two sources"
    )


def _boilerplate(lines: Sequence[Mapping[str, Any]], *, isolated: bool) -> str:
    if not lines:
        return ""
    first = lines[0]
    line, count = _name(first["line"], 40, isolated=isolated), first["n_articles"]
    return f"{len(lines):,} lines and openings recur, most often {line} ({count:,})"
