"""Topics that anchors name: the first ones, a theme each, with free topics beside them.

As in keyATM (Eshima, Imai and Sasaki 2024) an article is a mixture of named and free topics. Anchors pull in two ways:

- Training starts from named topics that hold the words of the articles in which their anchors are, by the rule for
  hints in models/anchored.py, and from free topics that a short training finds in articles without any. Without it the
  anchors come together in a topic of their own and the articles go to a free one.
- Each anchor has a prior of half as many pseudo-counts as it occurs in the corpus. A prior that is the same for all
  anchors would have to be tuned to each corpus: 50 suits newspapers of 10,000 articles and empties the topics of 600.

Priors and starts are the "fast" engine's; gensim takes no start, so there each anchor has 50 pseudo-counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics.arabic.analyzer import Analyzer
from topics.corpus.themes import Themes, as_themes
from topics.errors import SettingsError
from topics.estimators import LdaTopics
from topics.features.anchors import AnchorFinder, anchor_matrix, anchor_prior
from topics.models.anchored import hints_of
from topics.models.steps import steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from topics.corpus.article import Article
    from topics.estimators.engines import State
    from topics.estimators.shapes import Array, Matrix
    from topics.features.vectorizer import TermVectorizer

WEIGHT = 0.5
"""Pseudo-counts of an anchor for each of its occurrences."""
GENSIM_WEIGHT = 50.0
SHORT = 10  # sweeps that find the free topics to start from


def check_topic_anchors(anchors: Any, n_topics: int) -> Themes:
    """The themes whose anchors name topics; each has some, and there are not more themes than topics."""
    themes = as_themes(anchors)
    for key, theme in themes.items():
        if not theme.anchors:
            raise SettingsError(f"the theme {key!r} has no anchors to pull a topic with; write some in themes.toml")
    if len(themes) > n_topics:
        raise SettingsError(f"{len(themes)} themes cannot be anchored in {n_topics} topics; raise n_topics")
    return themes


def topic_hints(themes: Themes, vectorizer: TermVectorizer, articles: Sequence[Article]) -> Array:
    """What the anchors say of each article, shape (n_articles, n_themes), as in `topics.models.anchored.hints_of`."""
    return hints_of(AnchorFinder.of(themes, words_apart(vectorizer, vectorizer.analyzer_)), articles)


def words_apart(vectorizer: TermVectorizer, analyzer: Analyzer) -> Analyzer:
    """The analyzer that was learnt, without learnt phrases: "national team" as one would hide the anchor in it."""
    given = vectorizer.analyzer.phrases if vectorizer.analyzer is not None else ()
    return Analyzer(**(analyzer.get_params() | {"phrases": given}))


def fit_anchored(
    themes: Themes, vectorizer: TermVectorizer, articles: Sequence[Article], X: Matrix, settings: dict[str, Any],
    hints: Array | None = None,
) -> LdaTopics:  # fmt: skip
    """A fitted LdaTopics whose first topics are those of the themes, in their order.

    Parameters
    ----------
    themes : Themes
        With anchors.
    vectorizer : TermVectorizer
        Fitted to the articles.
    articles : sequence of Article
        Training articles.
    X : csr_matrix of shape (n_articles, n_terms)
        Their term counts.
    settings : dict
        Of LdaTopics.
    hints : ndarray of shape (n_articles, n_themes), optional
        `topic_hints` of the articles, where they are known already; then the articles are not read.

    Raises
    ------
    SettingsError
        No anchor of a theme is a term of the vocabulary.
    """
    check_known(vectorizer, themes)
    n_topics = settings["n_topics"]
    if settings["engine"] != "fast":
        prior = anchor_prior(vectorizer, themes, n_topics, GENSIM_WEIGHT)
        plain: LdaTopics = steps().fit(LdaTopics(**settings, topic_prior=prior), X)
        return plain
    prior = anchor_prior(vectorizer, themes, n_topics, WEIGHT) * np.asarray(X.sum(axis=0)).ravel()
    hints = topic_hints(themes, vectorizer, articles) if hints is None else hints
    start = _start(X, hints, prior, settings)
    fitted: LdaTopics = steps().fit(LdaTopics(**settings, topic_prior=prior), X, state=start)
    return fitted


def check_known(vocabulary: Any, themes: Themes) -> None:
    """Refuse themes of which no anchor is a term of the vocabulary."""
    known = np.asarray(anchor_matrix(vocabulary, themes).sum(axis=1)).ravel()
    for key, n_known in zip(themes, known, strict=True):
        if not n_known:
            raise SettingsError(
                f"no anchor of {key!r} is a term of the corpus, so it pulls no topic; see `topics themes check`, or "
                "lower min_df"
            )


def _start(X: Matrix, hints: Array, prior: Array, settings: dict[str, Any]) -> State:
    """Named topics of the words of hinted articles, free ones of a short training on those without any anchor."""
    counts = prior.T.astype(np.float32)
    n_named, n_topics = hints.shape[1], settings["n_topics"]
    for t in range(n_named):
        counts[:, t] += np.asarray(X[np.flatnonzero(hints[:, t] == 1)].sum(axis=0)).ravel()
    rest = np.flatnonzero((hints == 0).all(axis=1))
    if n_named < n_topics and len(rest):
        own = {**settings, "n_topics": n_topics - n_named, "n_sweeps": min(SHORT, settings.get("n_sweeps", SHORT))}
        if not isinstance(own.get("alpha", "auto"), str):
            own["alpha"] = "symmetric"
        free = steps().fit(LdaTopics(**own), X[rest])
        counts[:, n_named:] += (free.components_ - free.eta).T.astype(np.float32)
    return {
        "counts": counts, "totals": counts.sum(axis=0, dtype=np.float64), "alpha": np.full(n_topics, 1.0 / n_topics),
        "perplexities": np.empty(0), "tokens": np.zeros(1),
    }  # fmt: skip
