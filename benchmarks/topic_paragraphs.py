"""How much an article counts in the topics of its paragraphs: held-out words of paragraphs, by the weight of the prior.

    python benchmarks/topic_paragraphs.py PATH-TO-CORPUS [--n-topics 12]

Three folds. Half of the words of a test article's paragraphs are given, and with them its mixture and those of its
paragraphs; the perplexity is that of the other half.
"""

from __future__ import annotations

import argparse

import numpy as np
from scipy.sparse import csr_matrix

from topics import Corpus, TopicModel
from topics.estimators.engines import halves
from topics.estimators.kernels import infer_mixtures, log_likelihood, topic_weights

WEIGHTS = (0.5, 1, 2, 5, 10, 20, 50, 200)  # words that the article's mixture counts for
FOLDS = 3


def nats(model: TopicModel, article, found: dict) -> None:
    """Add the log-probability of an article's held-out words, and their number, to each way."""
    places = article.paragraphs
    if len(places) < 2:
        return
    counts = model.matrix.transform([article.full[start:end] for start, end in places])
    given, wanted = halves(counts, 0)
    weights, beta = topic_weights(model.components), model.topic_term
    whole = infer_mixtures(csr_matrix(given.sum(axis=0)), weights, model.alpha)[0]
    ways = {f"{weight} words": infer_mixtures(given, weights, weight * whole) for weight in WEIGHTS}
    ways["the article's mixture"] = np.repeat(whole[None], len(places), axis=0)
    ways["the paragraph alone"] = infer_mixtures(given, weights, model.alpha)
    for way, mixtures in ways.items():
        total = found.setdefault(way, [0.0, 0.0])
        total[0] += log_likelihood(wanted, mixtures, beta)
        total[1] += wanted.sum()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpus")
    parser.add_argument("--n-topics", type=int, default=12)
    parser.add_argument("--sample", type=int, default=3000)
    args = parser.parse_args()
    articles = list(Corpus.read(args.corpus, sample=args.sample))
    found: dict = {}
    for fold in range(FOLDS):
        train = [article for place, article in enumerate(articles) if place % FOLDS != fold]
        model = TopicModel.train(Corpus(train), args.n_topics, learn_phrases=False)
        for article in articles[fold::FOLDS]:
            nats(model, article, found)
    for way, (total, n_words) in found.items():
        print(f"{way:<24} {np.exp(-total / n_words):8.1f}")


if __name__ == "__main__":
    main()
