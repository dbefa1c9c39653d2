"""TopicModel: topics found by LDA, shown in the words that people write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from topics.corpus.article import Article, as_articles, as_corpus
from topics.errors import BundleError, SettingsError
from topics.estimators.kernels import infer_mixtures, topic_weights
from topics.estimators.shapes import Array
from topics.features.matrix import TermMatrix, batches
from topics.models.stored import Members, Stored, matrix_from, matrix_members

if TYPE_CHECKING:
    import pandas as pd
    from gensim.corpora import Dictionary
    from gensim.models import LdaModel
    from sklearn.pipeline import Pipeline

ORDERS = ("probability", "relevance")
_LAMBDA = 0.6  # Sievert & Shirley 2014, section 5: the value their readers identified topics best with


@dataclass(frozen=True, eq=False)
class TopicModel(Stored):
    """A trained topic model.

    Made by `train` or `topics.load`.

    Attributes
    ----------
    matrix : TermMatrix
        From articles to term counts.
    components : ndarray of shape (n_topics, n_terms)
        Dirichlet parameters of each topic over the terms; each row over its sum is the topic's distribution.
    alpha : ndarray of shape (n_topics,)
        Prior of an article's mixture.
    settings : dict
        What it was trained with.
    fingerprint : str
        That of the training corpus.
    """

    matrix: TermMatrix
    components: Array
    alpha: Array
    settings: Mapping[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    kind = "topics"

    @classmethod
    def train(
        cls, corpus: Any, n_topics: int = 12, *, engine: str = "fast", random_state: int = 0, **settings: Any
    ) -> Self:
        """Find topics in articles.

        Parameters
        ----------
        corpus : Corpus, articles or path
            Training articles; labels are not used.
        n_topics : int, default=12
            How many topics.
        engine : {"fast", "gensim"}
            Which way of training, see LdaTopics.
        random_state : int, default=0
            Seed; the same seed gives the same topics.
        **settings
            Arguments of Analyzer, TermVectorizer and LdaTopics.

        Raises
        ------
        SettingsError
            A setting that does not exist, or a corpus without terms.
        """
        from topics.models.training import train_topics

        return cls(**train_topics(as_corpus(corpus), n_topics, engine, random_state, settings))

    @property
    def topic_term(self) -> Array:
        """Probability of each term in each topic, shape (n_topics, n_terms)."""
        distribution: Array = self.components / self.components.sum(axis=1, keepdims=True)
        return distribution

    @property
    def names(self) -> list[str]:
        """A name for each topic: its three most relevant terms in original spelling."""
        rows = self._ranked(3, "relevance")
        return [" · ".join(self.matrix.spelled(self.matrix.terms[column]) for column in row) for row in rows]

    def _ranked(self, n: int, by: str) -> list[list[int]]:
        """The columns of each topic's first n terms; equal ones in order of code points."""
        if by not in ORDERS:
            raise SettingsError(f"terms are ordered by {' or '.join(ORDERS)}, not {by!r}")
        values = self.topic_term
        if by == "relevance":
            share = self.components.sum(axis=0) / self.components.sum()
            values = _LAMBDA * np.log(values) + (1 - _LAMBDA) * (np.log(values) - np.log(share))
        return [np.argsort(-row, kind="stable")[:n].tolist() for row in values]

    def top_terms(self, n: int = 10, by: str = "probability") -> pd.DataFrame:
        """The first terms of each topic: topic, rank, term in original spelling, key, probability.

        Parameters
        ----------
        n : int, default=10
            How many terms a topic.
        by : {"probability", "relevance"}
            Relevance weighs down terms that are frequent in all topics (Sievert & Shirley 2014, lambda 0.6).
        """
        import pandas as pd

        distribution = self.topic_term
        rows = [
            (
                topic,
                rank,
                self.matrix.spelled(self.matrix.terms[column]),
                self.matrix.terms[column],
                distribution[topic, column],
            )
            for topic, columns in enumerate(self._ranked(n, by))
            for rank, column in enumerate(columns, 1)
        ]
        return pd.DataFrame(rows, columns=["topic", "rank", "term", "key", "probability"])

    def mixtures(self, articles: Any) -> pd.DataFrame:
        """One row an article: id, title, and the share of each topic, ``topic_0`` and on; shares sum to 1.

        An article without a known word gets the prior's mean.
        """
        import pandas as pd

        listed = list(as_articles(articles))
        shares = self._mixtures(listed)
        frame = pd.DataFrame({"id": [article.id for article in listed], "title": [article.title for article in listed]})
        return pd.concat([frame, pd.DataFrame(shares, columns=[f"topic_{k}" for k in range(len(self.alpha))])], axis=1)

    def _mixtures(self, articles: list[Article]) -> Array:
        weights = topic_weights(self.components)
        parts = [infer_mixtures(self.matrix.transform(batch), weights, self.alpha) for batch in batches(articles)]
        return np.concatenate(parts) if parts else np.empty((0, len(self.alpha)))

    def to_gensim(self) -> tuple[LdaModel, Dictionary]:
        """The same topics as a genuine gensim LdaModel with its Dictionary."""
        from topics.models.gensim_export import to_gensim

        return to_gensim(self)

    @property
    def pipeline(self) -> Pipeline:
        """The same model as a genuine scikit-learn Pipeline: TermVectorizer, then LdaTopics."""
        from topics.models.training import topic_pipeline

        return topic_pipeline(self)

    def members(self) -> Members:
        """All that prediction needs, for a bundle."""
        arrays = {"components": self.components, "alpha": self.alpha}
        return matrix_members(self.matrix, {"training": dict(self.settings)}, arrays)

    def card(self) -> str:
        """The model card, Markdown: what it learnt from, its limits, versions."""
        from topics.models.card import topic_card

        return topic_card(self)

    @classmethod
    def from_members(
        cls,
        settings: Mapping[str, Any],
        arrays: Mapping[str, Array],
        terms: list[str],
        text: Mapping[str, Any],
        corpus: str,
    ) -> Self:
        """The model that `members` took apart; shapes are checked."""
        matrix = matrix_from(settings, arrays, terms, text)
        components, alpha = arrays["components"], arrays["alpha"]
        if alpha.ndim != 1 or components.shape != (len(alpha), len(terms)):
            raise BundleError(
                f"the bundle's topics have the shape {components.shape} for {len(alpha)} topics and {len(terms)} "
                "terms; train and save the model again"
            )
        return cls(matrix=matrix, components=components, alpha=alpha, settings=settings["training"], fingerprint=corpus)

    def probe_scores(self, probes: Iterable[str]) -> list[list[float]]:
        """Probabilities of each sentence."""
        shares: list[list[float]] = self._mixtures([Article(text=text) for text in probes]).tolist()
        return shares

    def _repr_html_(self) -> str:
        from topics.display import table

        order = self._ranked(10, "relevance")
        share = self.alpha / self.alpha.sum()
        rows = [
            {
                "topic": k,
                "terms": [self.matrix.spelled(self.matrix.terms[column]) for column in columns],
                "prior": float(share[k]),
            }
            for k, columns in enumerate(order)
        ]
        return table(rows, caption=repr(self))

    def __repr__(self) -> str:
        return f"TopicModel({len(self.alpha)} topics; {len(self.matrix.terms):,} terms; corpus {self.fingerprint[:8]})"
