"""A TopicModel as a genuine gensim LdaModel, and a LdaModel as a TopicModel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics.arabic.analyzer import Analyzer
from topics.errors import SettingsError
from topics.features.matrix import TermMatrix

if TYPE_CHECKING:
    from gensim.corpora import Dictionary
    from gensim.models import LdaModel

    from topics.models.topics import TopicModel

_READ_AGAIN = 0.5  # of the dictionary's terms; a clitic may come off twice, so never all


def to_gensim(model: TopicModel) -> tuple[LdaModel, Dictionary]:
    """A LdaModel whose topics are the model's within 1e-6, and the Dictionary of its terms."""
    from gensim.corpora import Dictionary
    from gensim.models import LdaModel

    dictionary = Dictionary()
    dictionary.token2id = dict(model.matrix.vocabulary.columns)
    dictionary.id2token = {column: term for term, column in dictionary.token2id.items()}
    dictionary.dfs = {}
    lda = LdaModel(
        id2word=dictionary,
        num_topics=len(model.alpha),
        alpha=model.alpha.astype(np.float64),
        dtype=np.float64,
        random_state=0,
    )
    lda.alpha = model.alpha.astype(np.float64)
    # gensim's parameters of a topic are eta + sstats; eta is part of components, so it is taken out here.
    lda.eta = np.zeros_like(lda.eta)
    lda.state.eta = np.zeros_like(lda.state.eta)
    lda.state.sstats = model.components.astype(np.float64)
    lda.sync_state()
    return lda, dictionary


def from_gensim(lda: Any, dictionary: Any, analyzer: Analyzer) -> dict[str, Any]:
    """The attributes of a TopicModel with the topics of a gensim LdaModel."""
    from gensim.corpora import Dictionary
    from gensim.models import LdaModel

    if not isinstance(lda, LdaModel) or not isinstance(dictionary, Dictionary):
        raise SettingsError(
            f"from_gensim takes a gensim LdaModel and its Dictionary, not {type(lda).__name__} and "
            f"{type(dictionary).__name__}; for other models, give their topics to topics.evaluation"
        )
    components = np.asarray(lda.state.get_lambda(), np.float64)
    # gensim's ids may leave gaps (filter_tokens without compactify); its columns are ids all the same.
    columns = sorted((str(term), int(number)) for term, number in dictionary.token2id.items())
    if not columns or max(number for _, number in columns) >= components.shape[1]:
        raise SettingsError(
            f"the LdaModel has {components.shape[1]} terms and the Dictionary ids up to "
            f"{max((number for _, number in columns), default=-1)}; give the Dictionary it was trained with"
        )
    terms = tuple(term for term, _ in columns)
    _check_terms(terms, analyzer)
    return {
        "matrix": TermMatrix(analyzer, terms, np.ones(len(terms)), "counts", sublinear_tf=False),
        "components": np.ascontiguousarray(components[:, [number for _, number in columns]]),
        "alpha": np.asarray(lda.alpha, np.float64),
        "settings": {"engine": "gensim", "n_topics": len(components)},
    }


def _check_terms(terms: tuple[str, ...], analyzer: Analyzer) -> None:
    """Refuse an analyzer that gives other terms than the dictionary holds."""
    lost = [term for term in terms if "_" not in term and analyzer(term) != [term]]
    if len(lost) > _READ_AGAIN * len(terms):
        raise SettingsError(
            f"of the {len(terms)} terms of the Dictionary the analyzer gives {len(lost)} otherwise, e.g. {lost[0]!r}; "
            "give the Analyzer that the texts were read with, such as Analyzer(level='none')"
        )
