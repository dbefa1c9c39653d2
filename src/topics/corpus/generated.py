"""Large corpora made from a seed: invented words with planted topics, or the paragraphs of a given corpus anew.

For tests and benchmarks, so that what is said of a size was run at that size. Article k is the same whatever
others are made with it, so that parts can be written beside each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from topics.corpus.article import Article

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
_FREQUENT = "اليمنرتبعدسهفقحج"  # drawn three times as often as the others
_SHORTEST, _LONGEST = 4, 8  # letters of a word
_SHIFT = 2.7  # Mandelbrot's: the most frequent words are not as frequent as Zipf alone says
_COMMON = 0.3  # of the words of an article, those of no topic
_MIXTURE = 0.1  # Dirichlet parameter of the articles' topics
_BLOCK = 1000  # articles drawn at a time
_SENTENCE, _PARAGRAPH = 14, 42  # words
_FIRST_DAY = dt.date(2000, 1, 1)
_N_DAYS = 9000
_SOURCES = ("أولى", "ثانية", "ثالثة", "رابعة")


@dataclass(frozen=True)
class Planted:
    """A corpus of invented Arabic-looking words with known topics; articles of 1.5 kB.

    Parameters
    ----------
    n_topics, n_terms : int
        Topics, and different words. A word's frequency is that of Zipf and Mandelbrot, 1 / (rank + 2.7), with ranks
        of its own in each topic.
    n_words : int
        Mean number of words of an article.
    labelled : float
        Share of articles with themes: those of its largest topic, `n_themes` in all.
    n_themes : int
        Each theme stands for n_topics / n_themes topics.
    seed : int
        Of everything.
    """

    n_topics: int = 100
    n_terms: int = 50_000
    n_words: int = 110
    labelled: float = 0.0
    n_themes: int = 5
    seed: int = 0

    @cached_property
    def words(self) -> list[str]:
        """The invented words, shape (n_terms,), each once."""
        import numpy as np

        letters = np.array(list(_LETTERS + 2 * _FREQUENT))
        rng = np.random.default_rng((self.seed, 0))
        found: dict[str, None] = {}
        while len(found) < self.n_terms:
            sizes = rng.integers(_SHORTEST, _LONGEST + 1, self.n_terms)
            drawn = iter(letters[rng.integers(len(letters), size=int(sizes.sum()))].tolist())
            found.update(dict.fromkeys("".join(next(drawn) for _ in range(size)) for size in sizes.tolist()))
        return list(found)[: self.n_terms]

    @cached_property
    def ranked(self) -> NDArray[np.int64]:
        """The words of each topic by rank, those of no topic last, shape (n_topics + 1, n_terms)."""
        import numpy as np

        rng = np.random.default_rng((self.seed, 1))
        return np.stack([rng.permutation(self.n_terms) for _ in range(self.n_topics + 1)])

    @cached_property
    def frequencies(self) -> NDArray[np.float64]:
        """The probability of each rank, shape (n_terms,)."""
        import numpy as np

        weights = 1.0 / (np.arange(self.n_terms) + 1.0 + _SHIFT)
        shares: NDArray[np.float64] = weights / weights.sum()
        return shares

    def topic_term(self) -> NDArray[np.float64]:
        """The probability of each word in each planted topic, shape (n_topics, n_terms)."""
        import numpy as np

        found = np.empty((self.n_topics, self.n_terms))
        for topic in range(self.n_topics):
            found[topic, self.ranked[topic]] = self.frequencies
        return found

    def articles(self, start: int, stop: int) -> Iterator[Article]:
        """Articles number `start` to before `stop`."""
        for block in range(start // _BLOCK, -(-stop // _BLOCK)):
            first = block * _BLOCK
            for place, article in enumerate(self._block(block), first):
                if start <= place < stop:
                    yield article

    def _block(self, block: int) -> Iterator[Article]:
        import numpy as np

        rng = np.random.default_rng((self.seed, 2, block))
        mixtures = rng.dirichlet(np.full(self.n_topics, _MIXTURE), _BLOCK)
        sizes = rng.integers(self.n_words // 2, self.n_words * 3 // 2 + 1, _BLOCK)
        borders = np.concatenate([[0], np.cumsum(sizes)])
        # One draw a word: the article's number and a number below 1 find its topic in all mixtures laid end to end.
        owners = np.repeat(np.arange(_BLOCK), sizes)
        ends = np.cumsum(mixtures, axis=1)
        ends[:, -1] = 1.0
        flat = (ends + np.arange(_BLOCK)[:, None]).ravel()
        topics = np.searchsorted(flat, owners + rng.random(len(owners)), side="right")
        topics = np.minimum(topics - owners * self.n_topics, self.n_topics - 1)
        topics[rng.random(len(owners)) < _COMMON] = self.n_topics
        ranks = np.searchsorted(np.cumsum(self.frequencies)[:-1], rng.random(len(owners)), side="right")
        drawn = self.ranked[topics, ranks].tolist()
        known = rng.random(_BLOCK) < self.labelled
        largest = mixtures.argmax(axis=1) * self.n_themes // self.n_topics
        words = self.words
        for k in range(_BLOCK):
            own = [words[word] for word in drawn[borders[k] : borders[k + 1]]]
            yield Article(
                _text(own[5:]), f"g{block * _BLOCK + k:08d}", " ".join(own[:5]),
                _FIRST_DAY + dt.timedelta(days=(block * 7 + k) % _N_DAYS), _SOURCES[k % len(_SOURCES)],
                (f"subject_{largest[k]}",) if known[k] else None,
            )  # fmt: skip


def _text(words: Sequence[str]) -> str:
    """Words as sentences and paragraphs."""
    sentences = [" ".join(words[k : k + _SENTENCE]) + "." for k in range(0, len(words), _SENTENCE)]
    n = _PARAGRAPH // _SENTENCE
    return "\n".join(" ".join(sentences[k : k + n]) for k in range(0, len(sentences), n))


def resampled(articles: Sequence[Article], start: int, stop: int, *, seed: int = 0) -> Iterator[Article]:
    """Articles whose paragraphs are drawn from those of others: their words, not their subjects.

    Parameters
    ----------
    articles : sequence of Article
        Each new article has the date, source and number of paragraphs of one of them.
    start, stop : int
        Which to make.
    seed : int
        Of the draws.
    """
    import numpy as np

    texts = [article.full[begin:end] for article in articles for begin, end in article.paragraphs]
    for number in range(start, stop):
        rng = np.random.default_rng((seed, number))
        like = articles[int(rng.integers(len(articles)))]
        drawn = rng.integers(len(texts), size=max(len(like.paragraphs), 1))
        yield Article("\n".join(texts[k] for k in drawn), f"r{number:08d}", None, like.date, like.source)
