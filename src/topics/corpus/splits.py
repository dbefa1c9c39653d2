"""Train and test articles, without one knowing the other: copies together, forward in time, or by source.

A random split puts copies of one text on both sides, and a model is then praised for remembering. Each
split here says how many pairs of near duplicates a random one would have parted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from topics import display
from topics.corpus.article import Article, Corpus, as_corpus
from topics.corpus.duplicates import linked
from topics.corpus.shingles import Longs
from topics.errors import SettingsError, suggest
from topics.files import PathLike, new_folder

WAYS = ("group", "time", "source")
FORMS = ("jsonl", "csv", "tsv", "xlsx", "parquet", "folder")
FIELD_OF = {"time": "date", "source": "source"}
"""What an article needs for a split by time or source."""
_N_DRAWS = 100  # of large groups, such as newspapers, the first draw may leave much room
_Side = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Split:
    """Two parts of a corpus; ``train, test = split(corpus)`` takes them apart."""

    train: Corpus
    test: Corpus
    leaked_pairs: float
    """Near-duplicate pairs that a random split of the same sizes parts on average: the expected number."""
    parted_pairs: int = 0
    """Near-duplicate pairs that this split parts; none where groups are kept together."""
    by: str = "group"

    def __iter__(self) -> Iterator[Corpus]:
        yield self.train
        yield self.test

    def __str__(self) -> str:
        return (
            f"{len(self.train):,} train · {len(self.test):,} test, by {self.by} · {self.parted_pairs:,} pairs of near "
            f"duplicates parted; a random split would part {display.number(round(self.leaked_pairs, 1))}"
        )

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        rows = [{"": name, "articles": len(part)} for name, part in (("train", self.train), ("test", self.test))]
        return display.table(rows, rtl=False, caption=str(self))


def write_split(
    found: Split, folder: PathLike, form: str | None = None, *, left_out: Corpus | None = None
) -> dict[str, Path]:
    """Write both sides into a new folder, which has all its files or does not appear.

    Parameters
    ----------
    found : Split
        As `split` gives it.
    folder : path
        A name that is free, or an empty folder.
    form : {"jsonl", "csv", "tsv", "xlsx", "parquet", "folder"}, optional
        ``train.jsonl`` and ``test.jsonl``, or two folder corpora ``train`` and ``test``; by default those where
        the corpus defines themes, which a table does not hold, else JSON Lines.
    left_out : Corpus, optional
        Articles without a side, written beside the two so that nothing is lost.

    Returns
    -------
    dict
        "train", "test" and "left_out" to the paths that were written.

    Raises
    ------
    WriteError
        Something is there, or the place cannot be written.
    """
    form = form or ("folder" if found.train.defined_themes else "jsonl")
    if form not in FORMS:
        raise SettingsError(f"a split is not written as {form!r}{suggest(form, FORMS)}")
    parts = {"train": found.train, "test": found.test} | ({"left_out": left_out} if left_out else {})
    names = {name: name if form == "folder" else f"{name}.{form}" for name in parts}
    with new_folder(folder) as staging:
        for name, corpus in parts.items():
            corpus.write(staging / names[name])
    return {name: Path(folder) / written for name, written in names.items()}


def split(
    corpus: Iterable[Article] | PathLike, by: str = "group", test_size: float = 0.2, random_state: int = 0
) -> Split:
    """Part a corpus in two; every article lands on one side, in the order it had.

    Parameters
    ----------
    corpus : corpus, articles or path
        What is to be split.
    by : {"group", "time", "source"}, default="group"
        "group" keeps near duplicates on one side; "time" puts the latest days into the test and never parts
        a day; "source" puts whole newspapers there. The last two may part near duplicates: `parted_pairs`
        says how many.
    test_size : float, default=0.2
        Share of the articles in the test, above 0 and below 1; met as nearly as whole groups, days or
        sources allow.
    random_state : int, default=0
        Which groups or sources are drawn. A split by time draws nothing.

    Returns
    -------
    Split
        `leaked_pairs` is the number of near-duplicate pairs times the probability that a random split of
        the same sizes parts a pair, 2 n_train n_test / (n (n - 1)): an expectation, the luck of no seed.
    """
    whole = as_corpus(corpus)
    _check(whole, by, test_size)
    n_test = min(max(round(test_size * len(whole)), 1), len(whole) - 1)
    draw = np.random.default_rng(random_state)
    if by == "group":
        links = linked(whole)
        side = _drawn(links.groups, n_test, draw)
        n_pairs, n_parted = int(links.pairs.sum()), 0
    else:
        side = _latest(whole, n_test) if by == "time" else _drawn(_sources(whole), n_test, draw)
        links = linked(whole, labels=side.astype(np.int64))
        n_pairs, n_parted = int(links.pairs.sum()), int(links.across.sum())
    if side.all() or not side.any():
        raise SettingsError(f"all articles belong to one {_UNIT[by]}, so nothing is left for one side; {_ADVICE[by]}")
    train, test = (selected(whole, chosen) for chosen in (~side, side))
    chance = 2 * len(train) * len(test) / (len(whole) * (len(whole) - 1))
    return Split(train, test, n_pairs * chance, n_parted, by)


_UNIT = {"group": "group of near duplicates", "time": "day", "source": "source"}
_ADVICE = {
    "group": "give articles that differ",
    "time": "split by group",
    "source": "split by group or time",
}


def _check(corpus: Corpus, by: str, test_size: float) -> None:
    if by not in WAYS:
        raise SettingsError(f"by is one of {', '.join(WAYS)}, not {by!r}{suggest(str(by), WAYS)}")
    if isinstance(test_size, bool) or not isinstance(test_size, (int, float)) or not 0 < test_size < 1:
        raise SettingsError(f"test_size is the share of the test, above 0 and below 1, not {test_size!r}; try .2")
    if len(corpus) < 2:
        raise SettingsError(f"{len(corpus)} articles cannot be split in two; give at least 2")
    for way, field in FIELD_OF.items():
        lacking = sum(1 for article in corpus if not getattr(article, field)) if by == way else 0
        if lacking:
            raise SettingsError(
                f"{lacking:,} of {len(corpus):,} articles have no {field}, so they have no side; "
                f"leave them out: corpus.filter(lambda article: article.{field})"
            )


def selected(corpus: Corpus, chosen: _Side) -> Corpus:
    """The articles at which an array of shape (n_articles,) is true, with the same theme definitions."""
    keep = {corpus[int(place)].id for place in np.flatnonzero(chosen)}
    return corpus.filter(lambda article: article.id in keep)


def _drawn(groups: Longs, n_test: int, draw: np.random.Generator) -> _Side:
    """Whole groups at random, as many as fit; the smallest when none does."""
    sizes = np.bincount(groups)
    best, least = np.zeros(len(sizes), bool), n_test
    for _ in range(_N_DRAWS):
        chosen, left = _filled(sizes, n_test, draw.permutation(len(sizes)))
        if left < least:
            best, least = chosen, left
        if not least:
            break
    if not best.any():
        best[np.argmin(sizes)] = True
    return best[groups]


def _filled(sizes: Longs, n_test: int, order: Longs) -> tuple[_Side, int]:
    """The groups that fit when they are asked in that order, and how many articles are then lacking."""
    chosen, left = np.zeros(len(sizes), bool), n_test
    for group, size in zip(order.tolist(), sizes[order].tolist(), strict=True):
        if size <= left:
            chosen[group], left = True, left - size
    return chosen, left


def _sources(corpus: Corpus) -> Longs:
    names = {name: number for number, name in enumerate(sorted({article.source or "" for article in corpus}))}
    return np.array([names[article.source or ""] for article in corpus], np.int64)


def _latest(corpus: Corpus, n_test: int) -> _Side:
    """The articles from some day on; that day is chosen so that they come nearest to the number wanted."""
    days = np.array([article.date.toordinal() if article.date else 0 for article in corpus])
    known, counts = np.unique(days, return_counts=True)
    if len(known) == 1:
        return np.ones(len(days), bool)
    after = counts[::-1].cumsum()[::-1]  # articles from each day on
    return np.asarray(days >= known[1 + np.argmin(np.abs(after[1:] - n_test))])
