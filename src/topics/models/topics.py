"""TopicModel: topics found by LDA, shown in the words that people write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from topics import display
from topics.arabic.analyzer import Analyzer
from topics.corpus.article import Article, as_articles, as_corpus
from topics.corpus.themes import Themes, as_themes
from topics.errors import SettingsError
from topics.estimators.kernels import infer_mixtures, topic_weights
from topics.estimators.shapes import Array
from topics.features.matrix import TermMatrix, batches
from topics.models.naming import DEPTH, topic_names
from topics.models.stored import POSITIVE, Members, Stored, checked_array, matrix_from, matrix_members

if TYPE_CHECKING:
    import pandas as pd
    from gensim.corpora import Dictionary
    from gensim.models import LdaModel
    from sklearn.pipeline import Pipeline

ORDERS = ("probability", "relevance", "frex")


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
    given_names : mapping of int to str
        Names that people gave to topics, see `rename`; the other topics are named by their terms.
    anchors : Themes
        Those whose anchors pulled the first topics, a topic each; empty where none did.
    """

    matrix: TermMatrix
    components: Array
    alpha: Array
    settings: Mapping[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    given_names: Mapping[int, str] = field(default_factory=dict)
    anchors: Themes = field(default_factory=Themes)
    kind = "topics"

    @classmethod
    def train(
        cls,
        corpus: Any,
        n_topics: int = 12,
        *,
        anchors: Any = None,
        engine: str = "fast",
        random_state: int = 0,
        **settings: Any,
    ) -> Self:
        """Find topics in articles.

        Parameters
        ----------
        corpus : Corpus, articles or path
            Training articles; labels are not used.
        n_topics : int, default=12
            How many topics.
        anchors : path, mapping or Themes, optional
            Themes whose anchors pull the first topics, named after them; the other topics are free, see
            models/anchored_topics.py.
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

        return cls(**train_topics(as_corpus(corpus), n_topics, engine, random_state, settings, anchors))

    @property
    def topic_term(self) -> Array:
        """Probability of each term in each topic, shape (n_topics, n_terms)."""
        distribution: Array = self.components / self.components.sum(axis=1, keepdims=True)
        return distribution

    @property
    def names(self) -> list[str]:
        """The name of each topic: the one it was given, else three terms that name things, see models/naming.py."""
        return topic_names(self.matrix, self._ranked(DEPTH, "relevance"), self.given_names)

    def rename(self, names: Mapping[int, str]) -> Self:
        """The same model with other names for some topics; `save` keeps them.

        Parameters
        ----------
        names : mapping of int to str
            Topic to its name; an empty one takes the given name away.

        Raises
        ------
        SettingsError
            A topic that the model does not have, or a name that is no text.
        """
        given = dict(self.given_names)
        for topic, name in names.items():
            if isinstance(topic, bool) or topic not in range(len(self.alpha)) or not isinstance(name, str):
                raise SettingsError(
                    f"rename takes topics 0 to {len(self.alpha) - 1} and their names as text, not {topic!r}: {name!r}"
                )
            given[int(topic)] = " ".join(name.split())
        kept = {topic: name for topic, name in sorted(given.items()) if name}
        return replace(self, given_names=kept)

    def _ranked(self, n: int, by: str) -> list[list[int]]:
        """The columns of each topic's first n terms; equal ones in order of code points."""
        from topics.evaluation.ranking import frex, relevance

        if by not in ORDERS:
            raise SettingsError(f"terms are ordered by {', '.join(ORDERS[:-1])} or {ORDERS[-1]}, not {by!r}")
        values = self.topic_term
        if by == "relevance":
            values = relevance(values, self.components.sum(axis=0))
        elif by == "frex":
            values = frex(values)
        return [np.argsort(-row, kind="stable")[:n].tolist() for row in values]

    def top_terms(self, n: int = 10, by: str = "probability") -> pd.DataFrame:
        """The first terms of each topic: topic, rank, term in original spelling, key, probability.

        Parameters
        ----------
        n : int, default=10
            How many terms a topic.
        by : {"probability", "relevance", "frex"}
            Relevance weighs down terms that are frequent in all topics (Sievert & Shirley 2014, lambda 0.6); FREX
            weighs how frequent a term is against how much it is the topic's own (Bischof & Airoldi 2012, half each).
        """
        from topics.corpus.showing import Rows

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
        return Rows(rows, columns=["topic", "rank", "term", "key", "probability"])

    def mixtures(self, articles: Any) -> pd.DataFrame:
        """One row an article: id, title, and the share of each topic, ``topic_0`` and on; shares sum to 1.

        An article without a known word gets the prior's mean.
        """
        from topics.models.reading import with_shares

        listed = list(as_articles(articles))
        columns = {"id": [article.id for article in listed], "title": [article.title for article in listed]}
        return with_shares(columns, self._mixtures(listed))

    def _mixtures(self, articles: list[Article]) -> Array:
        weights = topic_weights(self.components)
        parts = [infer_mixtures(self.matrix.transform(batch), weights, self.alpha) for batch in batches(articles)]
        return np.concatenate(parts) if parts else np.empty((0, len(self.alpha)))

    def paragraphs(self, article: Article) -> pd.DataFrame:
        """One row a paragraph of the text: start, end, and the share of each topic, ``topic_0`` and on.

        A paragraph is judged by its own words with the article's mixture as prior: short paragraphs say little
        alone. Spans are code points into `Article.full`; the title is no paragraph.
        """
        from topics.models.reading import paragraph_table

        return paragraph_table(self, article)

    def quotes(self, articles: Any, topic: int, n: int = 5) -> pd.DataFrame:
        """The passages that show a topic best: id, title, start, end, text, share of the topic in the passage.

        A passage is a paragraph, or some sentences of a long one, of which the topic holds more than any other. They
        are ordered by how many of their words are the topic's, short ones weighed down; each is from another article,
        and none nearly repeats another.

        Parameters
        ----------
        articles : Corpus, articles or path
            Where to look.
        topic : int
            Which topic.
        n : int, default=5
            At most so many.
        """
        from topics.models.reading import quote_table, read_articles

        return quote_table(self, read_articles(self, list(as_articles(articles))), topic, n)

    def to_gensim(self) -> tuple[LdaModel, Dictionary]:
        """The same topics as a genuine gensim LdaModel with its Dictionary."""
        from topics.models.gensim_export import to_gensim

        return to_gensim(self)

    @classmethod
    def from_gensim(cls, lda: LdaModel, dictionary: Dictionary, analyzer: Analyzer) -> Self:
        """The topics of a gensim LdaModel, to be read, compared and saved as any other.

        Parameters
        ----------
        lda : LdaModel
            Trained by gensim, or by `to_gensim`.
        dictionary : Dictionary
            The one it was trained with.
        analyzer : Analyzer
            From text to the dictionary's terms.

        Raises
        ------
        SettingsError
            Something else than these, or an analyzer that gives other terms than the dictionary holds.
        """
        from topics.models.gensim_export import from_gensim

        return cls(**from_gensim(lda, dictionary, analyzer))

    @property
    def pipeline(self) -> Pipeline:
        """The same model as a genuine scikit-learn Pipeline: TermVectorizer, then LdaTopics."""
        from topics.models.training import topic_pipeline

        return topic_pipeline(self)

    def members(self) -> Members:
        """All that prediction needs, for a bundle."""
        arrays = {"components": self.components, "alpha": self.alpha}
        names = [[topic, name] for topic, name in self.given_names.items()]
        return matrix_members(
            self.matrix,
            {"training": dict(self.settings), "names": names, "anchors": self.anchors.to_settings()},
            arrays,
        )

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
        n_topics = max(arrays["alpha"].size, 1)
        alpha = checked_array(arrays, "alpha", (n_topics,), POSITIVE)
        components = checked_array(arrays, "components", (n_topics, len(terms)), POSITIVE)
        model = cls(
            matrix=matrix, components=components, alpha=alpha, settings=settings["training"], fingerprint=corpus,
            anchors=as_themes(settings["anchors"]) if settings.get("anchors") else Themes(),
        )  # fmt: skip
        return model.rename({int(topic): name for topic, name in settings.get("names", ())})

    def probe_scores(self, probes: Iterable[str]) -> list[list[float]]:
        """Probabilities of each sentence."""
        shares: list[list[float]] = self._mixtures([Article(text=text) for text in probes]).tolist()
        return shares

    def _repr_html_(self) -> str:
        order = self._ranked(10, "relevance")
        share = self.alpha / self.alpha.sum()
        names = self.names
        rows = [
            {
                "topic": k,
                "name": names[k],
                "terms": [self.matrix.spelled(self.matrix.terms[column]) for column in columns],
                "prior": float(share[k]),
            }
            for k, columns in enumerate(order)
        ]
        return display.table(rows, caption=repr(self))

    def __repr__(self) -> str:
        return f"TopicModel({len(self.alpha)} topics; {len(self.matrix.terms):,} terms; corpus {self.fingerprint[:8]})"
