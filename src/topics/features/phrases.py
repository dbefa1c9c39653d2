"""Names and collocations: gensim's Phrases by normalized PMI (Bouma 2009), two passes, on terms of training text."""

from __future__ import annotations

from collections.abc import Iterable

CONNECTORS = frozenset(["بن", "ابن", "آل", "ال", "أبو", "ابو", "بنت", "أم", "ام", "عبد"])
MIN_COUNT = 10
THRESHOLD = 0.55


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
    from gensim.models.phrases import Phrases

    texts = list(articles)
    connectors = frozenset(CONNECTORS)
    found: set[tuple[str, ...]] = set()
    for _ in range(2):
        model = Phrases(
            texts, min_count=min_count, threshold=threshold, scoring="npmi", delimiter="_", connector_words=connectors
        )
        frozen = model.freeze()
        found |= {tuple(phrase.split("_")) for phrase in frozen.phrasegrams}
        texts = [frozen[text] for text in texts]
    return tuple(sorted(phrase for phrase in found if 2 <= len(phrase) <= 4 and all(phrase)))
