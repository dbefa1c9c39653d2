"""Articles drawn from known topics, and how well a model finds them."""

import hashlib

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix


def planted(n_articles=300, n_topics=5, n_terms=400, seed=0):
    """Counts of articles drawn from known topics, and those topics."""
    rng = np.random.default_rng(seed)
    topics = rng.dirichlet(np.full(n_terms, 0.02), n_topics)
    return articles_of(topics, n_articles, rng), topics


def articles_of(topics, n_articles, rng):
    mixtures = rng.dirichlet(np.full(len(topics), 0.1), n_articles)
    return csr_matrix(np.vstack([rng.multinomial(80, mixture @ topics) for mixture in mixtures]))


def overlap(found, wanted):
    """Mean over topics, matched one to one, of the probability that two have in common."""
    shared = np.array([[np.minimum(a, b).sum() for b in wanted] for a in found])
    return shared[linear_sum_assignment(-shared)].mean()


def digest(model):
    arrays = [model.components_, model.alpha_, model.perplexities_]
    return hashlib.sha256(b"".join(np.ascontiguousarray(a).tobytes() for a in arrays)).hexdigest()
