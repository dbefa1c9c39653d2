"""Topics inside articles: the mixture of each paragraph, and the passages that show a topic best.

A paragraph is judged by its own words with its article's mixture as prior, worth `PRIOR` words. Everything
comes from the inference kernel, so the same article gives the same figures in any process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from topics.arabic.words import sentences
from topics.corpus.article import Article
from topics.errors import SettingsError
from topics.estimators.kernels import infer_gammas, infer_mixtures, topic_weights
from topics.estimators.shapes import Array

if TYPE_CHECKING:
    import pandas as pd

    from topics.models.topics import TopicModel

PRIOR = 20.0
"""Words that the article's mixture counts for in a paragraph's. Held-out words of paragraphs were predicted best by 20
to 50 on the demo corpus and by 20 on Saudi news, of 0.5 to 200 tried; see docs/decisions."""

LONGEST = 400
"""Code points of a passage; a longer paragraph is cut between its sentences."""

ALIKE = 0.5
"""Common terms of two passages over all their terms, from which one nearly repeats the other."""

_SHORTEST = 6  # known words; fewer say nothing worth quoting
_HALF = 10.0  # words: a passage of so many is worth half of what a long one is
_POOL = 40  # articles looked into for each quote wanted


class Passage(NamedTuple):
    """A place in an article."""

    article: int
    start: int  # code points into Article.full, inclusive
    end: int  # exclusive


def paragraph_table(model: TopicModel, article: Article) -> pd.DataFrame:
    """See `TopicModel.paragraphs`."""
    places = article.paragraphs
    columns = {"start": [start for start, _ in places], "end": [end for _, end in places]}
    return with_shares(columns, passage_mixtures(model, article, places))


def with_shares(columns: Mapping[str, Sequence[Any]], shares: Array) -> pd.DataFrame:
    """A table of columns, then one a topic, ``topic_0`` and on; shares have shape (n_rows, n_topics)."""
    import pandas as pd

    from topics.corpus.showing import Rows

    names = [f"topic_{k}" for k in range(shares.shape[1])]
    return pd.concat([Rows(columns), pd.DataFrame(shares, columns=names)], axis=1)


def passage_mixtures(model: TopicModel, article: Article, places: Sequence[tuple[int, int]]) -> Array:
    """Mixture of each passage of an article, shape (n_passages, n_topics)."""
    if not places:
        return np.empty((0, len(model.alpha)))
    weights = topic_weights(model.components)
    whole = infer_mixtures(model.matrix.transform([article]), weights, model.alpha)[0]
    counts = model.matrix.transform([article.full[start:end] for start, end in places])
    return infer_mixtures(counts, weights, PRIOR * whole)


class Read(NamedTuple):
    """Articles as a model reads them: once, for the quotes of all its topics."""

    articles: Sequence[Article]
    n_words: Array  # that the model knows, shape (n_articles,)
    mixtures: Array  # shape (n_articles, n_topics)


def read_articles(model: TopicModel, articles: Sequence[Article]) -> Read:
    """What `quote_table` asks of all articles."""
    counts = model.matrix.transform(articles)
    mixtures = infer_mixtures(counts, topic_weights(model.components), model.alpha)
    return Read(articles, np.asarray(counts.sum(axis=1), np.float64).ravel(), mixtures)


def quote_table(model: TopicModel, read: Read, topic: int, n: int) -> pd.DataFrame:
    """See `TopicModel.quotes`."""
    from topics.corpus.showing import Rows

    if not 0 <= topic < len(model.alpha):
        raise SettingsError(f"there is no topic {topic!r}; topics are numbered 0 to {len(model.alpha) - 1}")
    if n < 1:
        raise SettingsError(f"n is {n}; ask for at least one quote")
    passages, terms, worth, shares = _candidates(model, read, topic, n * _POOL)
    rows = []
    for place in _apart(terms, np.argsort(-worth, kind="stable").tolist(), passages, n):
        (number, start, end), share = passages[place], float(shares[place])
        article = read.articles[number]
        rows.append((article.id, article.title, start, end, article.full[start:end], share))
    return Rows(rows, columns=["id", "title", "start", "end", "text", "share"])


def _candidates(
    model: TopicModel, read: Read, topic: int, n_articles: int
) -> tuple[list[Passage], list[frozenset[int]], Array, Array]:
    """The passages of the articles that hold most of a topic: their terms, what each is worth, the topic's share."""
    articles, n_words, mixtures = read
    weights, words = topic_weights(model.components), mixtures[:, topic] * n_words
    # By expected words of the topic and by share: long articles must not hide short ones that are all about it.
    order = [np.argsort(-values, kind="stable")[:n_articles] for values in (words, mixtures[:, topic])]
    chosen = sorted({int(place) for places in order for place in places})
    passages = [Passage(number, *place) for number in chosen for place in passages_of(articles[number])]
    counts = model.matrix.transform([articles[place.article].full[place.start : place.end] for place in passages])
    size = np.asarray(counts.sum(axis=1)).ravel()
    owner = np.array([place.article for place in passages], np.int64)
    own, shares, largest = np.zeros(len(passages)), np.zeros(len(passages)), np.zeros(len(passages), bool)
    for number in np.unique(owner):
        mine = np.flatnonzero(owner == number)
        prior = PRIOR * mixtures[number]
        gammas = infer_gammas(counts[mine[0] : mine[-1] + 1], weights, prior)
        own[mine] = gammas[:, topic] - prior[topic]
        shares[mine] = gammas[:, topic] / gammas.sum(axis=1)
        largest[mine] = gammas.argmax(axis=1) == topic
    kept = np.flatnonzero(largest & (size >= _SHORTEST))
    known = [frozenset(counts.indices[counts.indptr[place] : counts.indptr[place + 1]].tolist()) for place in kept]
    return [passages[place] for place in kept], known, (own / (size + _HALF))[kept], shares[kept]


def passages_of(article: Article) -> list[tuple[int, int]]:
    """Paragraphs of an article; long ones as runs of whole sentences of at most `LONGEST` code points."""
    found = []
    for start, end in article.paragraphs:
        if end - start <= LONGEST:
            found.append((start, end))
            continue
        runs: list[list[int]] = []
        for first, last in sentences(article.full[start:end]):
            if runs and last - runs[-1][0] <= LONGEST:
                runs[-1][1] = last
            else:
                runs.append([first, last])
        found.extend((start + first, start + last) for first, last in runs)
    return found


def _apart(terms: Sequence[frozenset[int]], order: Sequence[int], passages: Sequence[Passage], n: int) -> list[int]:
    """The first n of an order that are of different articles and have fewer than `ALIKE` of their terms in common."""
    taken: list[int] = []
    for place in order:
        if len(taken) == n:
            break
        if any(
            passages[place].article == passages[other].article
            or len(terms[place] & terms[other]) >= ALIKE * len(terms[place] | terms[other])
            for other in taken
        ):
            continue
        taken.append(place)
    return taken
