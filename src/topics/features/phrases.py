"""Names and collocations: gensim's Phrases by normalized PMI (Bouma 2009), two passes, on terms of training text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gensim.models.phrases import Phrases

CONNECTORS = frozenset(["بن", "ابن", "آل", "ال", "أبو", "ابو", "بنت", "أم", "ام", "عبد"])
MIN_COUNT = 10
THRESHOLD = 0.55
DELIMITER = "_"
PASSES = 2


def learn_phrases(
    articles: Iterable[list[str]], *, min_count: int = MIN_COUNT, threshold: float = THRESHOLD
) -> tuple[tuple[str, ...], ...]:
    """Phrases of two to four terms.

    Parameters
    ----------
    articles : iterable of list of str
        The terms of each training article.
    min_count : int
        How often a phrase must occur.
    threshold : float
        Normalized pointwise mutual information, -1 to 1, that it must reach.

    Returns
    -------
    tuple of tuple of str
        In order of code points.
    """
    texts = list(articles)
    found: set[tuple[str, ...]] = set()
    for _ in range(PASSES):
        frozen = phrase_model(texts, min_count=min_count, threshold=threshold).freeze()
        found |= split_phrases(frozen.phrasegrams)
        texts = [frozen[text] for text in texts]
    return tuple(sorted(found))


def phrase_model(
    texts: Iterable[list[str]] | None = None, *, min_count: int = MIN_COUNT, threshold: float = THRESHOLD
) -> Phrases:
    """Counts of terms and pairs, as gensim keeps them; without texts, one for counts that are known."""
    from gensim.models.phrases import Phrases

    return Phrases(
        texts, min_count=min_count, threshold=threshold, scoring="npmi", delimiter=DELIMITER, connector_words=CONNECTORS
    )


def split_phrases(joined: Iterable[str]) -> set[tuple[str, ...]]:
    """Phrases as gensim joins them to their terms; those of two to four."""
    phrases = {tuple(phrase.split(DELIMITER)) for phrase in joined}
    return {phrase for phrase in phrases if 2 <= len(phrase) <= 4 and all(phrase)}
