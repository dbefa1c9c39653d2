"""Articles, and the corpus that holds them in order under one fingerprint.

Nothing here changes after it is made. All positions anywhere in topics are code points into
``article.full``. The fingerprint depends on the articles and their order only: not on the file
format they came from, the process, or the machine.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast, overload

from topics import display
from topics.corpus.checks import FIELDS, checked_date, checked_extra, checked_labels, checked_text
from topics.corpus.skipped import SkippedTable
from topics.corpus.themes import Themes
from topics.corpus.values import cell_text
from topics.errors import SettingsError
from topics.files import PathLike

if TYPE_CHECKING:
    from topics.corpus.concordance import Concordance
    from topics.corpus.description import Description
    from topics.corpus.readers import ArticleStream


@dataclass(frozen=True, slots=True, repr=False)
class Article:
    """One article as its author wrote it.

    Parameters
    ----------
    text : str
        The body, one paragraph a line; the title is not in it.
    id : str, optional
        Unique in its corpus. A corpus gives one to an article without: the hash of its content.
    title : str, optional
        The headline.
    date : datetime.date, optional
        Also taken from ISO text; the time of day is not kept.
    source : str, optional
        The newspaper or agency.
    themes : sequence of str, optional
        None when nobody knows, empty when the article is known to carry none. Invisible characters in a
        label are left out, so that labels that look equal are.
    paragraph_themes : sequence of sequences of str, optional
        One for each non-blank line of `text`.
    extra : mapping
        Every other column of the file, in its order.
    """

    text: str
    id: str | None = None
    title: str | None = None
    date: dt.date | None = None
    source: str | None = None
    themes: tuple[str, ...] | None = None
    paragraph_themes: tuple[tuple[str, ...], ...] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Check every field and bring it to its one form."""
        if not isinstance(self.text, str):
            raise SettingsError(f"the text of an article is a str, not {type(self.text).__name__}; decode it first")
        _set(self, "text", checked_text(self.text))
        for name in ("id", "title", "source"):
            value = getattr(self, name)
            if value is not None and not isinstance(value, str):
                raise SettingsError(f"the {name} of an article is a str or None, not {value!r}; write {name}=str(...)")
            _set(self, name, None if value is None else checked_text(value))
        _set(self, "date", checked_date(self.date))
        if self.themes is not None:
            _set(self, "themes", checked_labels(self.themes, "themes"))
        _set(self, "extra", checked_extra(self.extra))
        if self.paragraph_themes is not None:
            rows = tuple(checked_labels(row, "each row of paragraph_themes") for row in self.paragraph_themes)
            if len(rows) != len(self.paragraphs):
                raise SettingsError(
                    f"paragraph_themes has {len(rows)} rows and the text {len(self.paragraphs)} "
                    "paragraphs; give one row for each non-blank line of text, none for the title"
                )
            _set(self, "paragraph_themes", rows)

    @property
    def full(self) -> str:
        """Title, line break, text; the text alone when there is no title. All spans point into this."""
        return f"{self.title}\n{self.text}" if self.title else self.text

    @property
    def paragraphs(self) -> list[tuple[int, int]]:
        """Spans in `full` of the non-blank lines of `text`, outer white space left out; the title is none."""
        spans, at = [], len(self.title) + 1 if self.title else 0
        for line in self.text.split("\n"):
            if inner := line.strip():
                start = at + line.index(inner)
                spans.append((start, start + len(inner)))
            at += len(line) + 1
        return spans

    @property
    def content_id(self) -> str:
        """An id made from title, text, date and source: 16 hexadecimal digits, the same in every process."""
        bare = Article(self.text, title=self.title, date=self.date, source=self.source)
        return hashlib.sha256(_canonical(bare)).hexdigest()[:16]

    def to_row(self) -> dict[str, Any]:
        """The article as a row of a table: its fields in their order, then its own columns."""
        row: dict[str, Any] = {name: getattr(self, name) for name in FIELDS}
        row["date"] = self.date.isoformat() if self.date else None
        row["themes"] = None if self.themes is None else list(self.themes)
        if self.paragraph_themes is None:
            del row["paragraph_themes"]
        else:
            row["paragraph_themes"] = [list(themes) for themes in self.paragraph_themes]
        return row | dict(self.extra)

    def __repr__(self) -> str:
        known = [self.id, self.date, self.source, None if self.themes is None else ", ".join(self.themes) or "no theme"]
        about = [display.one_line(str(value), 40) for value in known if value]
        words = display.one_line(self.title or self.text[:200], 70)
        return " · ".join([words, *about, f"{len(self.text):,} characters"])

    def _repr_html_(self) -> str:
        about = [self.id, self.date, self.source, *(self.themes or ())]
        lines = [self.full[start:end] for start, end in self.paragraphs]
        return display.reading(self.title or "", [str(value) for value in about if value], lines)


class Corpus(Sequence[Article]):
    """Articles in order, each with its own id; made once, never changed.

    Parameters
    ----------
    articles : iterable of Article
        Those without an id are given their `content_id`, a repeated one followed by -2, -3 ...
    themes : Themes, optional
        Definitions, as a themes.toml holds them; labels without one are added after them.
    skipped : SkippedTable, optional
        What the reader left out or repaired.
    """

    def __init__(
        self,
        articles: Iterable[Article] = (),
        *,
        themes: Themes | None = None,
        skipped: SkippedTable | None = None,
    ) -> None:
        self._articles = _with_ids(articles)
        self._defined = themes if themes is not None else Themes()
        self._skipped = skipped if skipped is not None else SkippedTable()

    @classmethod
    def read(
        cls,
        path: PathLike | Sequence[PathLike],
        columns: Mapping[str, str | None] | None = None,
        strict: bool = False,
        sample: int | None = None,
        *,
        repair: bool = False,
    ) -> Corpus:
        """Every article of a file, a folder, or several of them.

        Parameters
        ----------
        path : path or sequence of paths
            The suffix says the format; see `topics.corpus.readers`.
        columns : mapping, optional
            Field to column of the file, ``{"text": "body"}``; None keeps a column from being guessed.
        strict : bool
            Whether anything that would be skipped or repaired is an error.
        sample : int, optional
            Only so many articles, the same ones every time, whatever their order in the file.
        repair : bool
            Whether mojibake is repaired; offsets then refer to the repaired text.
        """
        from topics.corpus.readers import read_corpus

        return read_corpus(path, columns=columns, strict=strict, sample=sample, repair=repair)

    @staticmethod
    def stream(
        path: PathLike | Sequence[PathLike],
        columns: Mapping[str, str | None] | None = None,
        strict: bool = False,
        *,
        repair: bool = False,
    ) -> ArticleStream:
        """The articles one by one, in memory that does not grow; `skipped` of the iterator fills as it goes.

        Ids are not compared with each other, which would need memory: a repeated one comes twice.
        Arguments as for `read`.
        """
        from topics.corpus.readers import ArticleStream

        return ArticleStream(path, columns=columns, strict=strict, repair=repair)

    @property
    def texts(self) -> list[str]:
        """The full text of each article, title first."""
        return [article.full for article in self._articles]

    @cached_property
    def themes(self) -> Themes:
        """The themes by key: those defined, then labels that articles carry without a definition."""
        return self._defined.with_labels(label for article in self._articles for label in article.themes or ())

    @property
    def defined_themes(self) -> Themes:
        """Only the themes that have a definition."""
        return self._defined

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the articles in their order, 64 hexadecimal digits."""
        digest = hashlib.sha256()
        for article in self._articles:
            digest.update(_canonical(article))
            digest.update(b"\n")
        return digest.hexdigest()

    @property
    def skipped(self) -> SkippedTable:
        """What was skipped or repaired in reading, with file, line, reason and count."""
        return self._skipped

    def filter(self, keep: Callable[[Article], object]) -> Corpus:
        """The articles for which the function says yes, as a corpus with the same theme definitions."""
        return self._with(article for article in self._articles if keep(article))

    def find(self, query: str, level: str = "clitic", width: int = 40) -> Concordance:
        """Every place where a word stands, with what is around it; see `topics.corpus.concordance.find`."""
        from topics.corpus.concordance import find

        return find(self, query, level, width)

    def describe(self) -> Description:
        """What the corpus holds, in figures; see `topics.corpus.description.Description`."""
        from topics.corpus.description import describe

        return describe(self)

    def write(self, path: PathLike) -> None:
        """Write the articles; the suffix says the format, see `topics.corpus.writers.write`."""
        from topics.corpus.writers import write

        write(self, path)

    @overload
    def __getitem__(self, key: int | str) -> Article: ...
    @overload
    def __getitem__(self, key: slice) -> Corpus: ...
    def __getitem__(self, key: int | str | slice) -> Article | Corpus:
        """An article by place or by id; a slice is a corpus."""
        if isinstance(key, slice):
            return self._with(self._articles[key])
        if isinstance(key, str):
            if key not in self._places:
                raise SettingsError(f"no article has the id {display.one_line(key, 60)!r}; see [a.id for a in corpus]")
            return self._articles[self._places[key]]
        return self._articles[key]

    def __len__(self) -> int:
        return len(self._articles)

    def __iter__(self) -> Iterator[Article]:
        return iter(self._articles)

    def __eq__(self, other: object) -> bool:
        return self._articles == other._articles if isinstance(other, Corpus) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._articles)

    def __repr__(self) -> str:
        parts = [f"{len(self):,} articles"]
        if self.themes:
            parts.append(f"{len(self.themes)} theme{'' if len(self.themes) == 1 else 's'}")
        if years := sorted({article.date.year for article in self._articles if article.date}):
            parts.append("-".join(dict.fromkeys((str(years[0]), str(years[-1])))))
        if lost := self._skipped.total("skipped"):
            parts.append(f"{lost:,} skipped")
        return " · ".join([*parts, f"fingerprint {self.fingerprint[:4]}…"])

    def _repr_html_(self) -> str:
        rows = [article.to_row() for article in self._articles[:5]]
        for row in rows:
            row["title"] = display.one_line(row["title"] or row["text"], 80)
        columns = ("id", "title", "themes", "date", "source")
        return display.table(rows, columns=columns, caption=repr(self))

    @cached_property
    def _places(self) -> dict[str | None, int]:
        return {article.id: place for place, article in enumerate(self._articles)}

    def _with(self, articles: Iterable[Article]) -> Corpus:
        return Corpus(articles, themes=self._defined, skipped=self._skipped)


def as_articles(articles: Article | Iterable[Article] | PathLike) -> Iterable[Article]:
    """Articles from anything that gives them: a corpus, a list, an iterator, or a path, which is streamed."""
    if isinstance(articles, Article):
        return [articles]
    if isinstance(articles, str) or not isinstance(articles, Iterable):
        return Corpus.stream(articles)
    return articles


def as_corpus(articles: Article | Iterable[Article] | PathLike) -> Corpus:
    """A corpus from anything that gives articles."""
    if isinstance(articles, Corpus):
        return articles
    if isinstance(articles, Article):
        return Corpus([articles])
    if isinstance(articles, str) or not isinstance(articles, Iterable):
        return Corpus.read(articles)
    return Corpus(articles)


def _canonical(article: Article) -> bytes:
    """The article as bytes that are equal exactly when its content is.

    Every value goes through the text that a CSV cell has, so that a corpus written as CSV and read
    again has the fingerprint it had as JSON. Lone surrogates are escaped by ASCII JSON.
    """
    extra = {name: text for name, value in sorted(article.extra.items()) if (text := cell_text(value))}
    values = [
        article.id,
        article.title if (article.title or "").strip() else None,
        article.text,
        article.date.isoformat() if article.date else None,
        article.source if (article.source or "").strip() else None,
        None if article.themes is None else sorted(article.themes),
        None if article.paragraph_themes is None else [sorted(row) for row in article.paragraph_themes],
        extra,
    ]
    return json.dumps(values, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def _with_ids(articles: Iterable[Article]) -> tuple[Article, ...]:
    """The articles, each with an id; an id that is given twice is an error, one that is made is numbered."""
    found = list(articles)
    for article in cast("list[object]", found):
        if not isinstance(article, Article):
            raise SettingsError(
                f"a corpus is made of Article, not {type(article).__name__}; wrap it: Article(text=...)"
            )
    given = Counter(article.id for article in found if article.id)
    if repeated := next((identity for identity, count in given.items() if count > 1), None):
        raise SettingsError(f"two articles have the id {display.one_line(repeated, 60)!r}; give each its own")
    for place, article in enumerate(found):
        if not article.id:
            found[place] = replace(article, id=free_id(article.content_id, given))
    return tuple(found)


def free_id(wanted: str, seen: dict[str, int]) -> str:
    """The id itself, or followed by -2, -3 ... where `seen` has it; noted there with how often it was wanted."""
    identity = wanted
    while identity in seen:
        seen[wanted] += 1
        identity = f"{wanted}-{seen[wanted]}"
    seen[identity] = 1
    return identity


def _set(article: Article, name: str, value: object) -> None:
    object.__setattr__(article, name, value)
