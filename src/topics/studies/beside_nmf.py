"""NMF beside LDA: the same articles, the same terms, another way to topics."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.corpus.article import as_corpus
from topics.errors import SettingsError
from topics.evaluation.matching import match_topics
from topics.features.counting import document_frequency, inverse_document_frequency, tfidf
from topics.studies.showing import Table

if TYPE_CHECKING:
    from topics.models.topics import TopicModel

_MOST_ITERATIONS = 200


def compare_with_nmf(model: TopicModel, corpus: Any, *, n_terms: int = 10, random_state: int = 0) -> Table:
    """The topics of a model beside those of scikit-learn's NMF, matched one to one.

    NMF is given TF-IDF weights of the model's own terms, as is usual for it (rows of length 1, 1 + log of counts), and
    as many topics.

    Parameters
    ----------
    model : TopicModel
        Trained by LDA.
    corpus : Corpus, articles or path
        The articles it was trained on.
    n_terms : int, default=10
        Top terms that are shown and compared.
    random_state : int, default=0
        Of NMF's start.

    Returns
    -------
    Table
        One row a topic of the model: topic, name, terms, nmf (the number of its match), nmf_terms, shared (how many of
        the top terms both have), similarity (overlap of the weights, each scaled to sum to 1). ``parts["nmf"]`` holds
        the weights of NMF's topics, a column a term, for the measures of `topics.evaluation`.

    Raises
    ------
    SettingsError
        No article with a known term.
    """
    import pandas as pd
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    counts = model.matrix.counts(list(as_corpus(corpus)))
    if not counts.nnz:
        raise SettingsError("no article holds a term that the model knows; give the articles it was trained on")
    idf = inverse_document_frequency(document_frequency(counts), counts.shape[0])
    n_topics = min(len(model.alpha), *counts.shape)
    nmf = NMF(n_topics, init="nndsvda", random_state=random_state, max_iter=_MOST_ITERATIONS, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the verdict says it
        nmf.fit(tfidf(counts, idf, sublinear=True))
    # A topic that NMF left empty is given equal weights: it matches nothing in particular.
    weights = np.where(nmf.components_.sum(axis=1, keepdims=True) > 0, nmf.components_, 1.0)
    matched = match_topics(model.topic_term, weights)
    rows = []
    names, distribution = model.names, model.topic_term
    for a, b, similarity in zip(*(matched[name].tolist() for name in ("a", "b", "similarity")), strict=True):
        ours, theirs = (_top(model, values, n_terms) for values in (distribution[a], weights[b]))
        rows.append((a, names[a], ours, b, theirs, len(set(ours) & set(theirs)), similarity))
    columns = ["topic", "name", "terms", "nmf", "nmf_terms", "shared", "similarity"]
    kept = pd.DataFrame(weights, columns=list(model.matrix.terms))
    half = sum(row[5] * 2 >= n_terms for row in rows)
    verdict = f"{half} of {len(rows)} topics share half of their top {n_terms} terms or more with a topic of NMF."
    if nmf.n_iter_ >= _MOST_ITERATIONS:
        verdict += f" NMF had not settled after {_MOST_ITERATIONS} iterations."
    return Table(rows, columns=columns, verdict=verdict, parts={"nmf": kept})


def _top(model: TopicModel, weights: Any, n: int) -> tuple[str, ...]:
    return tuple(model.matrix.spelled(model.matrix.terms[column]) for column in np.argsort(-weights, kind="stable")[:n])
