"""Do a topic's terms belong together? NPMI, C_v and UMass in reference articles; exclusivity; diversity.

The reference is handed in, so scores of models with different vocabularies can be compared. A term
that the reference does not hold is an error, never a silent zero.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.errors import SettingsError
from topics.evaluation.checks import Array, ArrayLike, Integers, distributions, known_terms, term_lists

if TYPE_CHECKING:
    from collections.abc import Sequence

    from topics.evaluation.windows import Windows


class Cooccurrence:
    """Which terms occur together in which articles (or windows) of a reference corpus.

    Attributes
    ----------
    vocabulary : frozenset of str
        Terms that occur at least once.
    n_articles : int
        Articles of the reference, empty ones included.
    """

    def __init__(self, counts: Any, terms: Sequence[str]) -> None:
        """Take the counts of the reference.

        Parameters
        ----------
        counts : sparse matrix or array-like of shape (n_articles, n_terms)
            How often a term occurs in an article or window; only zero or not matters.
        terms : sequence of str of length n_terms
            The terms of the columns.
        """
        from scipy.sparse import csc_array

        names = [str(term) for term in terms]
        matrix = csc_array(counts, copy=True)
        if matrix.ndim != 2 or matrix.shape[1] != len(names):
            raise SettingsError(f"counts have shape {matrix.shape} for {len(names)} terms; one column a term")
        if len(set(names)) < len(names):
            raise SettingsError("terms names a term twice; a term has one column")
        if not matrix.shape[0]:
            raise SettingsError("the reference corpus holds no article; hand in its counts")
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        matrix.data = np.ones(len(matrix.data), dtype=np.int64)
        self._matrix = matrix
        self._occurs = np.diff(matrix.indptr).astype(np.int64)
        self._place = {name: index for index, name in enumerate(names)}
        self.vocabulary = frozenset(name for name, n in zip(names, self._occurs, strict=True) if n)
        self.n_articles = int(matrix.shape[0])

    def __repr__(self) -> str:
        return f"Cooccurrence({len(self.vocabulary):,} terms in {self.n_articles:,} articles)"

    def together(self, terms: Sequence[str]) -> Integers:
        """Articles that hold both of two terms, shape (n_terms, n_terms); on the diagonal, that hold one."""
        self.check(terms)
        columns = self._matrix[:, [self._place[term] for term in terms]]
        return np.asarray((columns.T @ columns).toarray(), dtype=np.int64)

    def check(self, terms: Sequence[str]) -> None:
        """Refuse terms that never occur in the reference."""
        known_terms(terms, self.vocabulary)


def npmi(top_terms: Sequence[Sequence[str]], reference: Cooccurrence) -> Array:
    """Mean normalized pointwise mutual information of each topic's pairs of terms.

    A pair that never occurs together counts -1, one that never occurs apart 1 (Bouma 2009).

    Parameters
    ----------
    top_terms : sequence of sequence of str
        Top terms of each topic, at least two.
    reference : Cooccurrence
        The reference corpus.

    Returns
    -------
    ndarray of shape (n_topics,)
        Within -1 and 1; 0 is chance.
    """
    topics = term_lists(top_terms, at_least=2)
    reference.check(list(chain(*topics)))
    return np.array([_npmi(reference.together(terms), reference.n_articles) for terms in topics])


def umass(top_terms: Sequence[Sequence[str]], reference: Cooccurrence) -> Array:
    """Mean log of how often a term joins each higher-ranked one, with one added (Mimno et al. 2011).

    Parameters
    ----------
    top_terms : sequence of sequence of str
        Top terms of each topic, best first, at least two.
    reference : Cooccurrence
        The corpus the topics were learnt from.

    Returns
    -------
    ndarray of shape (n_topics,)
        In nats; nearer to 0 is better.
    """
    topics = term_lists(top_terms, at_least=2)
    reference.check(list(chain(*topics)))
    values = []
    for terms in topics:
        both = reference.together(terms)
        lower, higher = np.tril_indices(len(terms), -1)
        values.append(np.log((both[lower, higher] + 1) / both[higher, higher]).mean())
    return np.array(values, dtype=np.float64)


def c_v(top_terms: Sequence[Sequence[str]], texts: Sequence[Sequence[str]] | Windows, *, window: int = 110) -> Array:
    """C_v coherence of each topic (Röder et al. 2015), equal to gensim's CoherenceModel within 1e-12.

    Parameters
    ----------
    top_terms : sequence of sequence of str
        Top terms of each topic, at least two.
    texts : sequence of sequence of str, or Windows
        Terms of each reference article, in order; or what was counted in them, when many models are scored.
    window : int
        Width of the sliding window, in terms; that of Windows is their own.

    Returns
    -------
    ndarray of shape (n_topics,)
        Within 0 and 1 in practice.
    """
    found = []
    for pairs in _npmi_in_windows(top_terms, texts, window):
        # Each term's row against the sum of all: s_one_set and the indirect cosine of gensim's pipeline.
        whole = pairs.sum(axis=0)
        lengths = np.linalg.norm(pairs, axis=1) * np.linalg.norm(whole)
        found.append(float(np.mean((pairs * whole).sum(axis=1) / lengths)))
    return np.array(found, dtype=np.float64)


def c_npmi(top_terms: Sequence[Sequence[str]], texts: Sequence[Sequence[str]] | Windows, *, window: int = 10) -> Array:
    """NPMI of each topic's pairs of terms within windows (Aletras & Stevenson 2013), equal to gensim's within 1e-12.

    A pair that never occurs together does not count -1, as in `npmi`, but as if 1e-12 of the windows held it.

    Parameters
    ----------
    top_terms, texts
        As in `c_v`.
    window : int
        Width of the sliding window, in terms; that of Windows is their own.

    Returns
    -------
    ndarray of shape (n_topics,)
        Within -1 and 1; 0 is chance.
    """
    topics = _npmi_in_windows(top_terms, texts, window)
    return np.array([float(pairs[~np.eye(len(pairs), dtype=bool)].mean()) for pairs in topics], dtype=np.float64)


def exclusivity(topic_terms: ArrayLike, *, n: int = 10) -> Array:
    """How much a topic's top terms are its own: mean over them of P(term | topic) / sum over topics.

    Parameters
    ----------
    topic_terms : array-like of shape (n_topics, n_terms)
        P(term | topic), or weights that are scaled to it.
    n : int
        How many top terms count.

    Returns
    -------
    ndarray of shape (n_topics,)
        From 1 / n_topics (shared by all) to 1 (its own).
    """
    array = distributions(topic_terms, "topic_terms")
    if not 1 <= n <= array.shape[1]:
        raise SettingsError(f"n is {n}; the vocabulary has {array.shape[1]} terms, ask for 1 to that many")
    top = np.argsort(-array, axis=1, kind="stable")[:, :n]
    own = array / np.maximum(array.sum(axis=0), np.finfo(np.float64).tiny)
    return np.asarray(np.take_along_axis(own, top, axis=1).mean(axis=1))


def diversity(top_terms: Sequence[Sequence[str]]) -> float:
    """Share of distinct terms among all topics' top terms (Dieng et al. 2020).

    Parameters
    ----------
    top_terms : sequence of sequence of str
        Top terms of each topic.

    Returns
    -------
    float
        1 when no two topics share a term.
    """
    terms = list(chain(*term_lists(top_terms)))
    return len(set(terms)) / len(terms)


def _npmi_in_windows(
    top_terms: Sequence[Sequence[str]], texts: Sequence[Sequence[str]] | Windows, window: int
) -> list[Array]:
    """The NPMI that gensim gives all pairs of each topic's terms."""
    from topics.evaluation.windows import Windows

    topics = term_lists(top_terms, at_least=2)
    counted = texts if isinstance(texts, Windows) else Windows(texts, chain(*topics), size=window)
    return counted.npmi(topics)


def _npmi(both: Integers, n_articles: int) -> float:
    first, second = np.triu_indices(len(both), 1)
    joint = both[first, second] / n_articles
    alone = np.diag(both) / n_articles
    values = np.full(len(joint), -1.0)
    some = joint > 0
    values[joint == 1] = 1.0  # both in every article: the limit of pairs never apart
    part = some & (joint < 1)
    apart = alone[first[part]] * alone[second[part]]
    values[part] = np.log(joint[part] / apart) / -np.log(joint[part])
    return float(values.mean())
