"""Near duplicates: the same text printed twice, by one newspaper or, as agency copy, by several.

Titles are left out of the comparison, since each newspaper writes its own; see shingles.py for what is
compared and how. The same articles give the same groups in every process, in any order of the articles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from topics.corpus.agencies import credited
from topics.corpus.article import Article, Corpus, as_corpus
from topics.corpus.shingles import Links, Longs, link
from topics.corpus.skipped import Skipped, SkippedTable
from topics.corpus.values import has_letter
from topics.files import PathLike

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    *("group", "n_articles", "n_sources", "sources", "agency", "n_pairs", "n_across", "similarity"),
    *("first", "last", "title", "ids"),
)
"""Columns of `near_duplicates`, in their order."""

DROPPED = "near duplicate of an article that is kept; left out"
"""The reason that `skipped` gives for a copy."""


class Copies(NamedTuple):
    """How much of a corpus is copies, in figures."""

    n_articles: int
    """Articles that stand in a pair."""
    n_groups: int
    n_pairs: int
    n_across: int
    """Pairs of which each article has another source."""


class Deduplicated(NamedTuple):
    """A corpus without its copies, and what is known of those."""

    kept: Corpus
    """One article of each group, the earliest; `skipped` says how many copies each source lost."""
    groups: pd.DataFrame
    """The groups as `near_duplicates` gives them, with the column `kept`: the id of the one that stays."""
    copies: Copies
    dropped: Mapping[str, int]
    """Source to number of its articles that went, most first; "" for those without a source."""


def near_duplicates(articles: Iterable[Article] | PathLike, threshold: float = 0.7) -> pd.DataFrame:
    """The groups of articles whose texts are nearly the same, largest first.

    Two articles make a pair when the sets of their five-word shingles overlap by the threshold or more
    (Jaccard: common shingles over all shingles of both); pairs that share an article make one group.

    Parameters
    ----------
    articles : corpus, articles or path
        A text of fewer than five words is compared as a whole; one without any word has no copy.
    threshold : float, default=0.7
        Lowest similarity of a pair, 0.2 to 1.

    Returns
    -------
    DataFrame
        One row a group: `group`, the number that `duplicate_groups` gives its articles; `n_articles`;
        `n_sources` and `sources`, the newspapers, most frequent first; `agency`, whom at least one of
        them credits; `n_pairs`, and `n_across`, those between two newspapers; `similarity`, the lowest
        of its pairs; `first` and `last` date; `title` of the earliest; `ids`, the earliest first.

    Examples
    --------
    >>> text = "وصلت الباخرة صباح اليوم إلى ميناء المدينة وعلى متنها مئة سيارة جديدة"
    >>> copies = [Article(text, id="a", source="الأفق"), Article(text + "."  , id="b", source="الميناء")]
    >>> near_duplicates(copies)[["n_articles", "n_across", "similarity"]].values.tolist()
    [[2.0, 1.0, 1.0]]
    """
    corpus = as_corpus(articles)
    return _table(corpus, linked(corpus, threshold))


def duplicate_groups(articles: Iterable[Article] | PathLike, threshold: float = 0.7) -> Longs:
    """The group of each article, shape (n_articles,): copies share a number, which folds must keep together.

    Numbers begin at 0, in the order in which the groups' first articles stand.
    """
    return linked(as_corpus(articles), threshold).groups


def drop_duplicates(articles: Iterable[Article] | PathLike, threshold: float = 0.7) -> Corpus:
    """The corpus with one article of each group, the earliest; `skipped` says how many copies each source lost.

    Of copies of one day, or without a date, the one that stands first stays. Arguments as for `near_duplicates`.
    """
    corpus = as_corpus(articles)
    return _without_copies(corpus, linked(corpus, threshold).groups)[0]


def deduplicated(articles: Iterable[Article] | PathLike, threshold: float = 0.7) -> Deduplicated:
    """`drop_duplicates`, `near_duplicates` and `copies` from one comparison of the articles."""
    corpus = as_corpus(articles)
    links = linked(corpus, threshold)
    kept, lost = _without_copies(corpus, links.groups)
    table = _table(corpus, links)
    table.insert(len(table.columns) - 1, "kept", [ids[0] for ids in table["ids"]])
    return Deduplicated(kept, table, _figures(links), lost)


def copies(articles: Iterable[Article] | PathLike, threshold: float = 0.7) -> Copies:
    """How many articles, groups and pairs of copies there are."""
    return _figures(linked(as_corpus(articles), threshold))


def _figures(links: Links) -> Copies:
    sizes = np.bincount(links.groups)
    repeated = sizes[sizes > 1]
    return Copies(int(repeated.sum()), len(repeated), int(links.pairs.sum()), int(links.across.sum()))


def linked(articles: Sequence[Article], threshold: float = 0.7, labels: Sequence[int] | Longs | None = None) -> Links:
    """Groups and pairs of articles; `labels` are their sources unless others are given."""
    texts = [article.text if has_letter(article.text) else article.full for article in articles]
    return link(texts, threshold, labels=source_numbers(articles) if labels is None else labels)


def source_numbers(articles: Iterable[Article]) -> Longs:
    """A number for each source, from 0 in order of code points; -1 for an article without one, shape (n_articles,)."""
    sources = [article.source for article in articles]
    numbers = {source: number for number, source in enumerate(sorted({source for source in sources if source}))}
    return np.array([numbers[source] if source else -1 for source in sources], np.int64)


def _without_copies(corpus: Corpus, groups: Longs) -> tuple[Corpus, dict[str, int]]:
    kept = _earliest(corpus, groups)
    lost = Counter(article.source or "" for article in corpus if article.id not in kept)
    dropped = dict(sorted(lost.items(), key=lambda item: (-item[1], item[0])))
    rows = [Skipped(source or "corpus", None, DROPPED, count) for source, count in dropped.items()]
    whole = Corpus(corpus, themes=corpus.defined_themes, skipped=SkippedTable([*corpus.skipped, *rows]))
    return whole.filter(lambda article: article.id in kept), dropped


def _table(corpus: Sequence[Article], links: Links) -> pd.DataFrame:
    """The groups of two or more, largest first."""
    from topics.corpus.showing import Rows

    rows = [_row(corpus, links, members) for members in _repeated(links.groups)]
    rows.sort(key=lambda row: (-row["n_articles"], row["group"]))
    table = Rows(rows, columns=list(COLUMNS))
    integers = ("group", "n_articles", "n_sources", "n_pairs", "n_across")
    return table.astype(dict.fromkeys(integers, "int64") | {"similarity": "float64"})


def _earliest(corpus: Sequence[Article], groups: Longs) -> set[str | None]:
    """The id of one article of each group."""
    first: dict[int, Article] = {}
    for article, group in zip(corpus, groups.tolist(), strict=True):
        if group not in first or _date_key(article) < _date_key(first[group]):
            first[group] = article
    return {article.id for article in first.values()}


def _repeated(groups: Longs) -> list[Longs]:
    """The members of each group of two or more, in the order of the articles."""
    order = np.argsort(groups, kind="stable")
    borders = np.flatnonzero(np.diff(groups[order])) + 1
    return [members for members in np.split(order, borders) if len(members) > 1]


def _row(corpus: Sequence[Article], links: Links, members: Longs) -> dict[str, Any]:
    articles = sorted((corpus[place] for place in members), key=_date_key)
    sources = Counter(article.source for article in articles if article.source)
    dates = [article.date for article in articles if article.date]
    agencies = Counter(name for article in articles if (name := credited(article.text)))
    return {
        "group": int(links.groups[members[0]]),
        "n_articles": len(members),
        "n_sources": len(sources),
        "sources": tuple(sorted(sources, key=lambda source: (-sources[source], source))),
        "agency": min(agencies, key=lambda name: (-agencies[name], name)) if agencies else None,
        "n_pairs": int(links.pairs[members].sum()),
        "n_across": int(links.across[members].sum()),
        "similarity": float(links.least[members].min()),
        "first": dates[0] if dates else None,
        "last": dates[-1] if dates else None,
        "title": next((article.title for article in articles if article.title), None),
        "ids": tuple(article.id for article in articles),
    }


def _date_key(article: Article) -> tuple[bool, int]:
    """Earliest first, undated last."""
    return (False, article.date.toordinal()) if article.date else (True, 0)
