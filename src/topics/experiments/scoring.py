"""Scores of an experiment, all on articles that the scored model has not seen.

In every fold a model learns from the other folds alone, vocabulary, frequencies and thresholds included.
Near duplicates, or articles of one source, are in one fold, and drawn together for the intervals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics.corpus.article import Corpus
from topics.errors import SettingsError
from topics.estimators.folds import stratified_folds
from topics.estimators.linear import surplus
from topics.estimators.shapes import Array, Flags, Integers

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from topics.experiments.settings import Experiment
    from topics.models.themes import ThemeModel
    from topics.models.topics import TopicModel

N_TERMS = 10
"""How many terms of a topic its coherence looks at."""


def groups_of(corpus: Corpus, split: str) -> list[str]:
    """The group of each article: what has one value stands in one fold. An article without a source is alone."""
    if split == "source":
        return [f"source {article.source}" if article.source else f"article {article.id}" for article in corpus]
    from topics.corpus.duplicates import duplicate_groups

    return [str(group) for group in duplicate_groups(corpus)]


def folds_of(corpus: Corpus, groups: Sequence[str], themes: Sequence[str], settings: Experiment) -> Integers:
    """The fold of each article, shape (n_articles,); groups stay together, folds look alike in their themes."""
    n_groups = len(set(groups))
    if n_groups < settings.evaluation.folds:
        raise SettingsError(
            f"[evaluation] folds is {settings.evaluation.folds}, but split = {settings.evaluation.split!r} gives "
            f"{n_groups} groups of articles; lower folds, or give more articles"
        )
    from topics.models.scoring import indicator

    labels = indicator(list(corpus), list(themes)) if themes else np.zeros((len(corpus), 0))
    return stratified_folds(labels, settings.evaluation.folds, groups=groups, random_state=settings.random_state)


def theme_scores(corpus: Corpus, themes: Sequence[str], settings: Experiment) -> pd.DataFrame:
    """Every measure of each theme and of all, out of fold, with bootstrap intervals over groups.

    Returns
    -------
    DataFrame
        Columns of `topics.evaluation.scores`.
    """
    from topics.evaluation import scores
    from topics.models.scoring import contested, indicator

    labelled = corpus.filter(lambda article: article.themes is not None)
    groups = groups_of(labelled, settings.evaluation.split)
    folds = folds_of(labelled, groups, themes, settings)
    probabilities, chosen = out_of_fold(labelled, themes, folds, settings)
    return scores(
        indicator(list(labelled), list(themes)),
        chosen,
        probabilities,
        themes=list(themes),
        leave_out=contested(list(labelled), list(themes)),
        groups=groups,
        random_state=settings.random_state,
    )


def out_of_fold(corpus: Corpus, themes: Sequence[str], folds: Integers, settings: Experiment) -> tuple[Array, Flags]:
    """Probabilities of articles by models that have not seen them, and whether the theme is given."""
    probabilities = np.zeros((len(corpus), len(themes)))
    chosen = np.zeros((len(corpus), len(themes)), dtype=bool)
    for fold in range(settings.evaluation.folds):
        train, test = _parts(corpus, folds, fold)
        model = train_themes(train, themes, settings)
        held_out = folds == fold
        probabilities[held_out] = model.probabilities(test)
        chosen[held_out] = surplus(probabilities[held_out], model.thresholds) >= 0
    return probabilities, chosen


def train_themes(corpus: Corpus, themes: Sequence[str], settings: Experiment) -> ThemeModel:
    """A ThemeModel by the settings of an experiment."""
    from topics.models.themes import ThemeModel

    return ThemeModel.train(corpus, list(themes), **settings.training())


def train_topics(corpus: Corpus, settings: Experiment) -> TopicModel:
    """A TopicModel by the settings of an experiment."""
    from topics.models.topics import TopicModel

    return TopicModel.train(corpus, **settings.training(topics=True))


def topic_scores(corpus: Corpus, model: TopicModel, settings: Experiment) -> pd.DataFrame:
    """Perplexity on held-out folds; coherence of each topic in the corpus it was learnt from, and its share of it.

    Returns
    -------
    DataFrame
        Columns as in `theme_scores`, the first one `topic`: ``topic_0`` and on, ``*`` for all together.
        Intervals are over folds for perplexity, over topics for mean coherence.
    """
    import pandas as pd

    from topics.evaluation import Cooccurrence, bootstrap, npmi
    from topics.evaluation.tables import ALL

    folds = folds_of(corpus, groups_of(corpus, settings.evaluation.split), (), settings)
    perplexities = [_held_out(corpus, folds, fold, settings) for fold in range(settings.evaluation.folds)]
    reference = Cooccurrence(model.matrix.counts(list(corpus)), model.matrix.terms)
    table = model.top_terms(N_TERMS)
    coherence = npmi([list(rows["key"]) for _, rows in table.groupby("topic", sort=True)], reference)
    seed = settings.random_state
    rows: list[tuple[Any, ...]] = [
        (ALL, "perplexity", *bootstrap(perplexities, random_state=seed), "interval over folds")
    ]
    if len(coherence) > 1:
        rows.append((ALL, "npmi", *bootstrap(coherence, random_state=seed), "interval over topics"))
    shares = model.mixtures(corpus).iloc[:, 2:].mean()
    for measure, values in (("npmi", coherence), ("share", shares)):
        rows += [(f"topic_{k}", measure, float(value), None, None, len(corpus), "") for k, value in enumerate(values)]
    return pd.DataFrame(rows, columns=["topic", "measure", "mean", "low", "high", "n", "note"])


def _held_out(corpus: Corpus, folds: Integers, fold: int, settings: Experiment) -> float:
    """Perplexity of a fold by document completion, under topics of the others."""
    from topics.estimators.engines import completion_perplexity, halves

    train, test = _parts(corpus, folds, fold)
    model = train_topics(train, settings)
    given, wanted = halves(model.matrix.counts(list(test)), 0)
    return float(completion_perplexity(given, wanted, model.components, model.alpha))


def _parts(corpus: Corpus, folds: Integers, fold: int) -> tuple[Corpus, Corpus]:
    """The articles of all other folds, and those of one."""
    inside = {article.id for article, place in zip(corpus, folds, strict=True) if place == fold}
    return (
        corpus.filter(lambda article: article.id not in inside),
        corpus.filter(lambda article: article.id in inside),
    )
