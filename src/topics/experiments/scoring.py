"""Scores of an experiment, all on articles that the scored model has not seen.

In every fold a model learns from the other folds alone, vocabulary, frequencies and thresholds included.
Near duplicates, or articles of one source, are in one fold, and drawn together for the intervals. What the scores
rest on, article by article, is given with them, so that two runs can be compared on the articles that both scored.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from topics.bundle import versions
from topics.corpus.article import Article, Corpus
from topics.corpus.splits import selected
from topics.corpus.themes import Themes
from topics.errors import SettingsError
from topics.estimators.linear import surplus
from topics.estimators.shapes import Array, Flags
from topics.evaluation.tables import ALL
from topics.experiments.folds import Folds, plan
from topics.experiments.keeping import kept_steps
from topics.experiments.run import records
from topics.models.scoring import contested, indicator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from topics.estimators.shapes import Matrix
    from topics.experiments.settings import Experiment
    from topics.experiments.stages import Materials
    from topics.models.themes import ThemeModel
    from topics.models.topics import TopicModel

    Learning = Callable[[int, Corpus], Corpus]

N_TERMS = 10
"""How many terms of a topic its coherence looks at."""
NO_UNLABELLED = (
    "[themes] start = 'both' learns from articles without labels beside the labelled, and the corpus has none; "
    "add some to it, or write start = 'labels'"
)


class Scored(NamedTuple):
    """Scores, and what they rest on."""

    table: pd.DataFrame
    held_out: list[dict[str, Any]]
    """One row an article, JSON values: id, group, fold; of themes also labels, contested, given, probabilities; of
    topics nats, the improbability of the tokens that were to be foretold, and tokens, how many those are."""


def kept_scores(model: str, of: str, inputs: Materials, score: Callable[[], Scored]) -> dict[str, Any]:
    """Rows of scores and what they rest on, as JSON values: those of `score`, or of an equal scoring before.

    Parameters
    ----------
    model : {"themes", "topics"}
        What is scored.
    of : str
        The column of the table that says which theme or topic.
    inputs : Materials
        With the settings, all that decides the scores.
    score : callable
        Works them out.
    """

    def make() -> dict[str, Any]:
        found = score()
        return {"scores": records(found.table.rename(columns={of: "of"})), "held_out": found.held_out}

    settings, corpus = inputs.settings.to_settings(), inputs.corpus
    chosen = {name: settings[name] for name in ("random_state", "text", "terms", model, "evaluation")}
    chosen["duplicates"] = settings["corpus"]["duplicates"]
    decided = (model, chosen, corpus.fingerprint, corpus.defined_themes.to_settings(), inputs.code, versions())
    return kept_steps().value("scores", decided, make)


def theme_scores(
    corpus: Corpus, themes: Sequence[str], settings: Experiment, learning: Learning | None = None
) -> Scored:
    """Every measure of each theme and of all, out of fold, with bootstrap intervals over groups.

    Parameters
    ----------
    learning : callable, optional
        As in `out_of_fold`.

    Returns
    -------
    Scored
        The table has the columns of `topics.evaluation.scores`.
    """
    from topics.evaluation import scores

    labelled = corpus.filter(lambda article: article.themes is not None)
    others = [] if settings.themes is None or settings.themes.start == "labels" else without_labels(corpus)
    folds = plan(labelled, themes, settings)
    probabilities, chosen = out_of_fold(labelled, themes, folds, settings, others, learning)
    places = np.flatnonzero(folds.tested)
    tested = [labelled[int(place)] for place in places]
    left_out = contested(tested, list(themes))
    table = scores(
        indicator(tested, list(themes)),
        chosen[places],
        probabilities[places],
        themes=list(themes),
        leave_out=left_out,
        groups=[folds.groups[place] for place in places],
        random_state=settings.random_state,
    )
    rows = [
        place_of(labelled, folds, place)
        | {
            "labels": [key for key in themes if key in (article.themes or ())],
            "contested": _named(themes, left_out[k]),
            "given": _named(themes, chosen[place]),
            "probabilities": dict(zip(themes, probabilities[place].tolist(), strict=True)),
        }
        for k, (place, article) in enumerate(zip(places.tolist(), tested, strict=True))
    ]
    return Scored(_noted(table, "theme", folds), rows)


def place_of(corpus: Corpus, folds: Folds, place: int) -> dict[str, Any]:
    """Which article is meant, and where it stood."""
    return {"id": corpus[place].id, "group": folds.groups[place], "fold": int(folds.numbers[place])}


def _named(themes: Sequence[str], flags: Flags) -> list[str]:
    return [key for key, flag in zip(themes, flags, strict=True) if flag]


def without_labels(corpus: Corpus) -> list[Article]:
    """The articles whose themes nobody knows."""
    return [article for article in corpus if article.themes is None]


def out_of_fold(
    corpus: Corpus, themes: Sequence[str], folds: Folds, settings: Experiment, others: Sequence[Article] = (),
    learning: Learning | None = None,
) -> tuple[Array, Flags]:  # fmt: skip
    """Probabilities of articles by models that have not seen them, and whether the theme is given; else 0.

    Every model learns from `others` too; or from what `learning` says, given the number of a fold and the articles
    of the other folds.
    """
    probabilities = np.zeros((len(corpus), len(themes)))
    chosen = np.zeros((len(corpus), len(themes)), dtype=bool)
    for number, (learnt, held_out) in enumerate(folds.parts):
        train, test = parts_of(corpus, learnt, held_out)
        if learning is not None:
            train = learning(number, train)
        train = Corpus([*train, *others], themes=corpus.defined_themes) if others else train
        model = train_themes(train, themes, settings)
        probabilities[held_out] = model.probabilities(test)
        chosen[held_out] = surplus(probabilities[held_out], model.thresholds) >= 0
    return probabilities, chosen


def train_themes(corpus: Corpus, themes: Sequence[str], settings: Experiment) -> ThemeModel:
    """A ThemeModel by the settings of an experiment; `start` says from labels, anchors, or both."""
    from topics.models.themes import ThemeModel

    start = settings.themes.start if settings.themes else "labels"
    if start == "anchors":
        return ThemeModel.from_anchors(_defined(corpus, themes), corpus, **settings.training())
    if start == "labels":
        return ThemeModel.train(corpus, list(themes), **settings.training())
    unlabelled = without_labels(corpus)
    if not unlabelled:
        raise SettingsError(NO_UNLABELLED)
    return ThemeModel.train(corpus, _defined(corpus, themes), unlabelled=unlabelled, **settings.training())


def _defined(corpus: Corpus, themes: Sequence[str]) -> Themes:
    """Themes with their definitions; a corpus in which no article carries one has only those."""
    unknown = [key for key in themes if key not in corpus.themes]
    if unknown or not themes:
        raise SettingsError(
            f"the corpus defines no theme {unknown[0] if unknown else ''!r}; add it to its themes.toml, with anchors"
        )
    return Themes(corpus.themes[key] for key in themes)


def train_topics(corpus: Corpus, settings: Experiment) -> TopicModel:
    """A TopicModel by the settings of an experiment; where it says anchors, those of the themes of the corpus."""
    from topics.models.topics import TopicModel

    given = settings.training(topics=True)
    if given.pop("anchors", False):
        given["anchors"] = topic_anchors(corpus, settings)
    return TopicModel.train(corpus, **given)


def topic_anchors(corpus: Corpus, settings: Experiment) -> Themes:
    """The themes whose anchors pull topics: those that the experiment learns, else all of the corpus that have some."""
    chosen = settings.themes.use if settings.themes else None
    anchored = [key for key, theme in corpus.defined_themes.items() if theme.anchors]
    return _defined(corpus, chosen or anchored)


def topic_scores(corpus: Corpus, model: TopicModel, settings: Experiment) -> Scored:
    """Perplexity on held-out folds; coherence of each topic in the corpus it was learnt from, and its share of it.

    Returns
    -------
    Scored
        Columns as in `theme_scores`, the first one `topic`: ``topic_0`` and on, ``*`` for all together.
        Intervals are over folds for perplexity, over topics for mean coherence.
    """
    import pandas as pd

    from topics.evaluation import Cooccurrence, bootstrap, npmi

    folds = plan(corpus, (), settings)
    steps = kept_steps()
    nats, tokens = np.zeros(len(corpus)), np.zeros(len(corpus))
    for part in folds.parts:
        nats[part[1]], tokens[part[1]] = _held_out(*parts_of(corpus, *part), settings)
    perplexities = [perplexity(nats[test], tokens[test]) for _, test in folds.parts]
    reference = Cooccurrence(steps.counts(model.matrix, list(corpus)), model.matrix.terms)
    table = model.top_terms(N_TERMS)
    coherence = npmi([list(rows["key"]) for _, rows in table.groupby("topic", sort=True)], reference)
    seed = settings.random_state
    rows: list[tuple[Any, ...]] = [
        (ALL, "perplexity", *bootstrap(perplexities, random_state=seed), "interval over folds")
    ]
    if len(coherence) > 1:
        rows.append((ALL, "npmi", *bootstrap(coherence, random_state=seed), "interval over topics"))
    shares = steps.mixtures(model, list(corpus)).mean(axis=0)
    for measure, values in (("npmi", coherence), ("share", shares)):
        rows += [(f"topic_{k}", measure, float(value), None, None, len(corpus), "") for k, value in enumerate(values)]
    if settings.topics is not None and settings.topics.runs > 1:
        first, n_runs = settings.random_state, settings.topics.runs
        others = [settings.model_copy(update={"random_state": first + run}) for run in range(1, n_runs)]
        rows += returning([model.topic_term, *(train_topics(corpus, other).topic_term for other in others)])
    found = pd.DataFrame(rows, columns=["topic", "measure", "mean", "low", "high", "n", "note"])
    held_out = [
        place_of(corpus, folds, place) | {"nats": float(nats[place]), "tokens": float(tokens[place])}
        for place in np.flatnonzero(folds.tested).tolist()
    ]
    return Scored(_noted(found, "topic", folds, ("perplexity",)), held_out)


def _noted(table: pd.DataFrame, of: str, folds: Folds, measures: Sequence[str] | None = None) -> pd.DataFrame:
    """The table, with what is to be known of the folds beside the figures of all themes, or topics, together."""
    rows = (table[of] == ALL) & (table["measure"].isin(measures) if measures else True)
    table.loc[rows, "note"] = ["; ".join(note for note in (own, folds.note) if note) for own in table.loc[rows, "note"]]
    return table


def returning(runs: Sequence[Array]) -> list[tuple[Any, ...]]:
    """How far the topics of the first run come back in those from other random states, over the same terms.

    Parameters
    ----------
    runs : sequence of ndarray of shape (n_topics, n_terms)
        P(term | topic) of each.

    Returns
    -------
    list of tuple
        Of topic, measure, mean, low, high, n, note.
    """
    from topics.evaluation import stability, wilson

    found, n_runs = stability(runs), len(runs)
    rows: list[tuple[Any, ...]] = [(ALL, "stability", *found.score, f"interval over {n_runs} random states")]
    for topic in found.topics.to_dict("records"):
        name = f"topic_{topic['topic']}"
        rows.append((name, "similarity", topic["similarity"], topic["low"], topic["high"], n_runs - 1, "to its match"))
        rows.append((name, "recurrence", *wilson(round(topic["recurrence"] * (n_runs - 1)), n_runs - 1), ""))
    return rows


def perplexity(nats: Array, tokens: Array) -> float:
    """exp(nats per token) of some articles; 1 for those without a token."""
    n_tokens = float(tokens.sum())
    return float(np.exp(nats.sum() / n_tokens)) if n_tokens else 1.0


def _held_out(train: Corpus, test: Corpus, settings: Experiment) -> tuple[Array, Array]:
    """How improbable a fold's articles are under topics of the others, by document completion, and their tokens."""
    from topics.estimators.engines import halves

    model = train_topics(train, settings)
    given, wanted = halves(kept_steps().counts(model.matrix, list(test)), 0)
    return completion_nats(given, wanted, model.components, model.alpha), np.asarray(wanted.sum(axis=1)).ravel()


def completion_nats(given: Matrix, wanted: Matrix, components: Array, alpha: Array) -> Array:
    """Improbability of each article's tokens in `wanted` under the mixture inferred from `given`.

    `completion_perplexity` is made of the same sums.

    Parameters
    ----------
    given, wanted : csr_matrix of shape (n_articles, n_terms)
        Term counts, as `halves` deals them.
    components : ndarray of shape (n_topics, n_terms)
        Dirichlet parameters of the topics.
    alpha : ndarray of shape (n_topics,)
        Prior of the mixtures.

    Returns
    -------
    ndarray of shape (n_articles,)
        Nats.
    """
    from topics.estimators.kernels import infer_mixtures, topic_weights

    theta = infer_mixtures(given, topic_weights(components), alpha)
    of_term = np.ascontiguousarray((components / components.sum(axis=1, keepdims=True)).T)
    found = np.zeros(wanted.shape[0])
    for k, (start, end) in enumerate(pairwise(wanted.indptr)):
        # einsum and no BLAS, whose last bits depend on the number of threads.
        chances = np.einsum("tk,k->t", of_term[wanted.indices[start:end]], theta[k])
        found[k] = -(wanted.data[start:end] * np.log(chances)).sum()
    return found


def parts_of(corpus: Corpus, learnt: Flags, held_out: Flags) -> tuple[Corpus, Corpus]:
    """The articles that are learnt from, and those that are scored."""
    return selected(corpus, learnt), selected(corpus, held_out)
