"""Lines that a newspaper prints under article after article: share bars, credits, datelines.

A line is boilerplate when it stands in at least 1 % and at least 20 articles of one source; numbers in it
may differ. The same holds for an opening, what stands before the first dash or colon of a text. Both are
reported; they are dropped on request only, and what was dropped is counted in `corpus.skipped`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from topics.corpus.article import Article, Corpus, as_corpus
from topics.corpus.skipped import Skipped, SkippedTable
from topics.corpus.values import has_letter
from topics.errors import SettingsError
from topics.files import PathLike

if TYPE_CHECKING:
    import pandas as pd

MIN_SHARE, MIN_ARTICLES = 0.01, 20
# Within one line, or a paragraph would be lost with it.
_OPENING = re.compile(r"\s*(\S.{1,58}?(?:[^\S\n]*:|[^\S\n][-\u2013\u2014]+|[^\S\n]*[\u2013\u2014]+))[^\S\n]+(?=\S)")
_DIGITS = re.compile(r"\d+")
_MAX_LINE = 500  # characters; what is longer is an article printed twice


class Recurring(NamedTuple):
    """A line, or an opening, that many articles of one source share."""

    source: str | None
    kind: str
    """"line" or "opening"."""
    line: str
    """As it is written most often."""
    n_articles: int
    share: float
    """Of the articles of that source."""


_Key = tuple[str | None, str, str]


def recurring(
    articles: Iterable[Article] | PathLike, *, min_share: float = MIN_SHARE, min_articles: int = MIN_ARTICLES
) -> list[Recurring]:
    """The boilerplate of each source, most frequent first.

    Parameters
    ----------
    articles : corpus, articles or path
        Articles without a source count as those of one.
    min_share : float, default=0.01
        Of the source's articles, above 0 and at most 1.
    min_articles : int, default=20
        How many articles of the source hold it at least.
    """
    return list(_found(as_corpus(articles), min_share, min_articles).values())


def boilerplate_lines(
    articles: Iterable[Article] | PathLike, *, min_share: float = MIN_SHARE, min_articles: int = MIN_ARTICLES
) -> pd.DataFrame:
    """`recurring` as a table: source, kind, line, n_articles, share."""
    import pandas as pd

    rows = recurring(articles, min_share=min_share, min_articles=min_articles)
    table = pd.DataFrame(rows, columns=list(Recurring._fields))
    return table.astype({"n_articles": "int64", "share": "float64"})


def drop_boilerplate(
    articles: Iterable[Article] | PathLike, *, min_share: float = MIN_SHARE, min_articles: int = MIN_ARTICLES
) -> Corpus:
    """The corpus without its boilerplate; `skipped` says which lines went, and from how many articles.

    Arguments as for `recurring`. Titles stay; so does a text that would have no word left. A paragraph's
    themes go with it. Ids are kept, so that results can be laid beside those of the whole texts.
    """
    corpus = as_corpus(articles)
    found = _found(corpus, min_share, min_articles)
    dropped: Counter[_Key] = Counter()
    kept = [_without(article, found, dropped) for article in corpus]
    rows = [
        Skipped(key[0] or "corpus", None, f"boilerplate {key[1]} removed: {found[key].line}", count, "repaired")
        for key, count in dropped.most_common()
    ]
    return Corpus(kept, themes=corpus.defined_themes, skipped=SkippedTable([*corpus.skipped, *rows]))


def _found(corpus: Sequence[Article], min_share: float, min_articles: int) -> dict[_Key, Recurring]:
    if isinstance(min_share, bool) or not isinstance(min_share, (int, float)) or not 0 < min_share <= 1:
        raise SettingsError(f"min_share is a share of a source's articles, above 0 to 1, not {min_share!r}; try .01")
    if isinstance(min_articles, bool) or not isinstance(min_articles, int) or min_articles < 2:
        raise SettingsError(f"min_articles is a number of articles, 2 or more, not {min_articles!r}; try 20")
    of_source = Counter(article.source for article in corpus)
    counts: Counter[_Key] = Counter()
    for article in corpus:
        if of_source[article.source] >= min_articles:
            counts.update({(article.source, kind, _plain(line)) for kind, line in _lines(article.text)})
    often = {key: count for key, count in counts.items() if count >= max(min_articles, min_share * of_source[key[0]])}
    written: dict[_Key, Counter[str]] = {key: Counter() for key in often}
    for article in corpus:
        for kind, line in _lines(article.text):
            if (key := (article.source, kind, _plain(line))) in written:
                written[key][line] += 1
    order = sorted(often, key=lambda key: (-often[key], key[0] or "", key[1], key[2]))
    return {
        key: Recurring(key[0], key[1], _commonest(written[key]), often[key], often[key] / of_source[key[0]])
        for key in order
    }


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """(kind, line) of everything in a text that could be boilerplate."""
    for line in text.split("\n"):
        if len(line) <= _MAX_LINE and has_letter(line):
            yield "line", line.strip()
    if opening := _OPENING.match(text):
        yield "opening", opening[1]


def _plain(line: str) -> str:
    """A line as two of them are compared: white space and numbers make no difference."""
    return _DIGITS.sub("0", " ".join(line.split()))


def _commonest(written: Counter[str]) -> str:
    return min(written, key=lambda line: (-written[line], line))


def _without(article: Article, found: dict[_Key, Recurring], dropped: Counter[_Key]) -> Article:
    lines, kept, gone = article.text.split("\n"), [], []
    for place, line in enumerate(lines):
        key = (article.source, "line", _plain(line))
        if line.strip() and key in found:
            gone.append(key)
        else:
            kept.append(place)
    text = "\n".join(lines[place] for place in kept)
    opening = _OPENING.match(text)
    if opening and (key := (article.source, "opening", _plain(opening[1]))) in found:
        text = text[opening.end() :]
        gone.append(key)
    if not gone or not has_letter(text):
        return article
    dropped.update(set(gone))
    # One row for each non-blank line; an opening never takes a whole line with it.
    rows = article.paragraph_themes
    if rows is not None:
        full_lines = [place for place, line in enumerate(lines) if line.strip()]
        rows = tuple(row for place, row in zip(full_lines, rows, strict=True) if place in set(kept))
    return replace(article, text=text, paragraph_themes=rows)
