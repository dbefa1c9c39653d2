"""Articles from what a command was given: files, folders, and ``-`` for JSON Lines on stdin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from topics.corpus.article import Article, Corpus
from topics.corpus.skipped import SkippedTable


class Inputs(Iterator[Article]):
    """Articles one by one, in order of the inputs, each with an id; `skipped` says what was left out so far.

    Parameters
    ----------
    inputs : sequence of str
        Paths, or ``-``.
    strict : bool
        Whether anything that would be skipped or repaired is an error.
    """

    def __init__(self, inputs: Sequence[str], *, strict: bool = False) -> None:
        self._articles = Corpus.stream(list(inputs), strict=strict)
        self.n = 0  # articles read until now

    def __next__(self) -> Article:
        article = next(self._articles)
        self.n += 1
        return article

    @property
    def skipped(self) -> SkippedTable:
        """What was skipped or repaired until now."""
        return self._articles.skipped
