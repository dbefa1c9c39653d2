"""A word wherever a corpus has it, with what stands around it: in the author's spelling, right to left.

Words are compared by their forms, so that هجرة also finds الهجرة, والهِجرة and هجــرة; what is shown is
always the original. Several words match where they stand together in one line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from topics import display
from topics.arabic.analyzer import Analyzer
from topics.arabic.batch import BatchAnalyzer
from topics.arabic.find_words import KINDS
from topics.arabic.scan import Scanner
from topics.corpus.article import Article
from topics.corpus.shingles import Longs, batches, form_of
from topics.errors import SettingsError

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

_SHOWN, _SHOWN_HTML = 20, 50  # rows
_SPELLINGS = 1_000_000  # then the memory of spellings starts anew
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where the word stands: ``article.full[start:end]``."""

    id: str | None
    start: int
    """Code points into `full`, inclusive."""
    end: int
    before: str
    word: str
    after: str
    date: dt.date | None
    source: str | None

    def to_row(self) -> dict[str, Any]:
        """Its fields as plain JSON values."""
        return asdict(self) | {"date": self.date and self.date.isoformat()}


class Concordance(Sequence[Occurrence]):
    """Every occurrence of a word, in the order of the articles.

    Attributes
    ----------
    query : str
        What was looked for.
    n_articles : int
        How many articles have it.
    """

    def __init__(self, query: str, articles: Sequence[Article], places: Longs, width: int) -> None:
        self.query = query
        self.n_articles = len(np.unique(places[:, 0]))
        self._articles, self._places, self._width = articles, places, width

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, key: int) -> Occurrence: ...
    @overload
    def __getitem__(self, key: slice) -> Concordance: ...
    def __getitem__(self, key: int | slice) -> Occurrence | Concordance:
        """An occurrence; a slice is a shorter table."""
        if isinstance(key, slice):
            return Concordance(self.query, self._articles, self._places[key], self._width)
        place, start, end = self._places[key].tolist()
        article = self._articles[place]
        full, width = article.full, self._width
        before, after = full[max(start - width - 1, 0) : start], full[end : end + width + 1]
        before, after = _left(before, width), _right(after, width)
        return Occurrence(article.id, start, end, before, full[start:end], after, article.date, article.source)

    def __iter__(self) -> Iterator[Occurrence]:
        return (self[place] for place in range(len(self)))

    def to_frame(self) -> pd.DataFrame:
        """One row an occurrence: id, start, end, before, word, after, date, source."""
        import pandas as pd

        names = list(Occurrence.__dataclass_fields__)
        return pd.DataFrame([asdict(found) for found in self], columns=names)

    def to_rows(self) -> list[dict[str, Any]]:
        """The rows of `to_frame` as plain JSON values."""
        return [found.to_row() for found in self]

    def lines(self, n: int = _SHOWN) -> list[str]:
        """What a terminal shows: how many places there are, then the first `n`, the words in one column."""
        shown = [f"{display.isolated(self.query, 60)}: {self._counts()}", *map(self._line, self[:n])]
        return [*shown, *([f"... and {len(self) - n:,} more"] if len(self) > n else [])]

    def __repr__(self) -> str:
        return f"<Concordance {self._caption()}>"

    def __str__(self) -> str:
        rows = [self._line(found) for found in self[:_SHOWN]]
        more = len(self) - len(rows)
        return "\n".join([self._caption(), *rows, *([f"… {more:,} more: slice it, or to_frame()"] if more > 0 else [])])

    def _repr_html_(self) -> str:
        outer, inner = display.TABLE_STYLE
        rows = []
        for found in self[:_SHOWN_HTML]:
            cells = (("end", found.before), ("center", found.word), ("start", found.after))
            context = "".join(
                f'<td style="{inner};white-space:nowrap;text-align:{side}">{_piece(text, marked=side == "center")}</td>'
                for side, text in cells
            )
            about = (display.cell(value) for value in (found.source, found.date, found.id))
            rows.append(f"<tr>{context}{''.join(_data_cell(cell, inner) for cell in about)}</tr>")
        # Apart, as the digits would join the Arabic word.
        word, counts = display.isolate(self.query), display.isolate(self._counts())
        caption = f'<caption style="{display.CAPTION_STYLE}">{word} · {counts}</caption>'
        whole = f'<table dir="rtl" lang="ar" style="{outer}">{caption}<tbody>{"".join(rows)}</tbody></table>'
        return f'<div dir="rtl" style="{display.SCROLL_STYLE}">{whole}</div>'

    def _caption(self) -> str:
        return f"{display.one_line(self.query, 60)}: {self._counts()}"

    def _counts(self) -> str:
        return f"{len(self):,} places in {self.n_articles:,} articles"

    def _line(self, found: Occurrence) -> str:
        before, word, after = (display.visible(_flat(text)) for text in (found.before, found.word, found.after))
        pad_before, pad_after = (" " * max(self._width - display.columns_of(text), 0) for text in (before, after))
        about = " · ".join(display.one_line(value, 24) for value in (found.source, found.id) if value)
        # A terminal that knows the isolate turns the line, no other shows it.
        return f"{display.RLI}{pad_before}{before}[{word}]{after}{pad_after}{display.PDI}  {about}".rstrip()


def find(articles: Sequence[Article], query: str, level: str = "clitic", width: int = 40) -> Concordance:
    """Every place where a word, or several words in a row, stand in titles and texts.

    Parameters
    ----------
    articles : sequence of Article
        Where to look.
    query : str
        One word or several. A number matches itself, in either kind of digits; stop words match too.
    level : {"none", "clitic", "light"}, default="clitic"
        How much of a word may differ, as the Analyzer's argument: nothing but spelling; conjunctions,
        article and prepositions; suffixes as well.
    width : int, default=40
        Characters shown on each side; words that do not fit are left out whole.

    Raises
    ------
    SettingsError
        The query holds no word.
    """
    if not isinstance(query, str):
        raise SettingsError(f"find looks for text, not {query!r}; write corpus.find('هجرة')")
    if isinstance(width, bool) or not isinstance(width, int) or not 0 <= width <= 1000:
        raise SettingsError(f"width is a number of characters from 0 to 1000, not {width!r}; try 40")
    reader = _Reader(level)
    if not len(reader.wanted(query)):
        raise SettingsError(f"{display.one_line(query, 60)!r} holds no word to look for; give a word or a number")
    found = [np.zeros((0, 3), np.int64)]
    texts = [article.full for article in articles]
    for first, last in batches(texts):
        found.append(reader.find(query, texts[first:last]) + np.array([first, 0, 0]))
    return Concordance(query, articles, np.concatenate(found), width)


class _Reader:
    """Texts to the numbers of their words' forms, with spans; every kind of word has a form here."""

    def __init__(self, level: str) -> None:
        # Months and dates off: who looks for مارس wants it beside a number too.
        self._analyzer = Analyzer(level=level, stop_words=None, keep=("latin",), months=False)
        self._begin()

    def _begin(self) -> None:
        self._scanner, self._batch = Scanner(), BatchAnalyzer(self._analyzer)
        self._codes = np.zeros(0, np.int64)
        self._others: dict[str, int] = {}

    def wanted(self, query: str) -> Longs:
        """The numbers of the query's words."""
        return self._read(self._scanner.scan([query]).ids)

    def find(self, query: str, texts: Sequence[str]) -> Longs:
        """(text, start, end) of each occurrence, shape (n_occurrences, 3)."""
        if len(self._scanner) > _SPELLINGS:
            self._begin()
        wanted = self.wanted(query)
        scanned = self._scanner.scan(texts)
        codes = self._read(scanned.ids)
        n_starts = len(codes) - len(wanted) + 1
        if not len(wanted) or n_starts < 1:
            return np.zeros((0, 3), np.int64)
        hit = np.ones(n_starts, bool)
        for k, code in enumerate(wanted):
            hit &= codes[k : k + n_starts] == code
        firsts = np.flatnonzero(hit)
        lasts = firsts + len(wanted) - 1
        places = np.searchsorted(scanned.places, firsts, side="right") - 1
        rows: Longs = np.column_stack([places, scanned.starts[firsts], scanned.ends[lasts]]).astype(np.int64)
        rows = rows[lasts < scanned.places[places + 1]]
        together = [len(wanted) == 1 or "\n" not in texts[place][start:end] for place, start, end in rows.tolist()]
        kept: Longs = rows[np.array(together, bool)]
        return kept

    def _read(self, ids: np.ndarray[Any, np.dtype[np.int32]]) -> Longs:
        """The form's number of each word: from 0 for Arabic and Latin words, below for the others."""
        known = len(self._codes)
        if known < len(self._scanner):
            spans = [self._scanner.spelling(number) for number in range(known, len(self._scanner))]
            terms = self._batch.read([span.key for span in spans])
            codes = np.full(len(spans), -1, np.int64)
            told = np.flatnonzero(np.diff(terms.places) == 1)
            codes[told] = terms.ids[terms.places[told]]
            for number in np.flatnonzero(self._scanner.kinds[known:] >= KINDS.index("number")).tolist():
                codes[number] = -2 - self._others.setdefault(form_of(spans[number]), len(self._others))
            self._codes = np.concatenate([self._codes, codes])
        found: Longs = self._codes[ids]
        return found


def _left(text: str, width: int) -> str:
    """What stands before the word, from the first whole word on; an ellipsis where something is left out."""
    text = text.rpartition("\n")[2]
    if len(text) <= width:
        return text
    return _ELLIPSIS + text[len(text) - width + 1 :].partition(" ")[2] if width > 1 else ""


def _right(text: str, width: int) -> str:
    text = text.partition("\n")[0]
    if len(text) <= width:
        return text
    return text[: width - 1].rpartition(" ")[0] + _ELLIPSIS if width > 1 else ""


def _flat(text: str) -> str:
    return text.replace("\t", " ")


def _data_cell(content: str, style: str) -> str:
    return f'<td style="{style}">{content}</td>'


def _piece(text: str, *, marked: bool) -> str:
    inner = f'<bdi dir="rtl">{display.escape(text)}</bdi>'
    return f"<mark>{inner}</mark>" if marked else inner
