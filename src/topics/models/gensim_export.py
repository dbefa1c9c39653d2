"""A TopicModel as a genuine gensim LdaModel, for those whose code reads one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gensim.corpora import Dictionary
    from gensim.models import LdaModel

    from topics.models.topics import TopicModel


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
