"""How many topics? A grid of numbers, judged by several measures over several runs, with what can be told apart.

The text is analysed once. A fifth of the articles, copies of one text together, is held out for perplexity; nothing is
learnt from it. Each run draws the other articles anew and starts from another random seed; the same draws serve every
number, so numbers are compared run by run. With anchors, every training begins with the topics that they pull.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, product
from typing import Any

import numpy as np

from topics.arabic.batch import batch_analyzer
from topics.corpus.article import Corpus, as_corpus
from topics.corpus.duplicates import duplicate_groups
from topics.corpus.splits import split
from topics.corpus.themes import Themes
from topics.errors import SettingsError
from topics.estimators.engines import completion_perplexity, halves
from topics.estimators.shapes import Array
from topics.evaluation.coherence import c_npmi, c_v, diversity, exclusivity
from topics.evaluation.intervals import Score
from topics.evaluation.matching import match_topics
from topics.evaluation.windows import Windows
from topics.studies.runs import bar, drawn, next_run
from topics.studies.showing import Table

LOWER_IS_BETTER = ("perplexity",)
JUDGED = ("perplexity", "npmi", "c_v", "stability")
"""Measures that the last sentence of the verdict weighs; exclusivity and diversity fall as topics are added, whatever
these are worth, and are for the reader."""
MEASURES = ("perplexity", "npmi", "c_v", "exclusivity", "diversity", "stability")
_WORDS = {"perplexity": "Held-out perplexity", "npmi": "NPMI", "c_v": "C_v", "stability": "Stability"}


def choose_n_topics(
    corpus: Any, grid: Sequence[int], n_runs: int = 5, *, anchors: Any = None, test_size: float = 0.2,
    n_terms: int = 10, level: float = 0.95, engine: str = "fast", random_state: int = 0, **settings: Any,
) -> Table:  # fmt: skip
    """Train each number of topics several times and say which numbers cannot be told apart, and by what.

    Parameters
    ----------
    corpus : Corpus, articles or path
        Labels are not used.
    grid : sequence of int
        The numbers of topics to try.
    n_runs : int, default=5
        Trainings of each number, each on articles drawn with replacement (copies of one text together) and from
        another random seed; at least 3.
    anchors : path, mapping or Themes, optional
        Themes whose anchors pull the first topics of every training, as for `TopicModel.train`; the question is then
        how many topics stand beside them, and no number of the grid may be below that of the themes.
    test_size : float, default=0.2
        Share of the articles held out for perplexity.
    n_terms : int, default=10
        Top terms of a topic that coherence, exclusivity and diversity look at.
    level : float, default=0.95
        Of the intervals.
    engine, random_state, **settings
        As for `TopicModel.train`.

    Returns
    -------
    Table
        One row a number and measure: n_topics, measure, mean, low, high, n (runs), tied (whether it cannot be told
        apart from the best number by this measure). Between low and high falls one more run on other articles
        from another seed. Measures: perplexity, of the other half of the words of articles not trained on (lower is
        better); npmi and c_v, gensim's, over all terms of the training articles, whatever the vocabulary is;
        exclusivity; diversity; stability, the mean overlap of topics matched one to one with each other run.
        ``verdict`` says it in words; ``parts["runs"]`` holds every run.

    Raises
    ------
    SettingsError
        An empty grid, a number below 1 or below that of anchored themes, fewer than 3 runs, or a setting that does
        not exist.
    """
    numbers = _checked(grid, n_runs)
    material = _Material(as_corpus(corpus), settings, test_size, random_state, _themes(anchors, numbers[0]))
    draws = drawn(material.groups, n_runs, random_state)
    topics: dict[tuple[int, int], list[list[str]]] = {}
    found: dict[tuple[int, str], list[float]] = {}
    for k in bar(numbers, "topics", len(numbers)):
        runs = [material.train(k, rows, engine, random_state + run) for run, rows in enumerate(draws)]
        distributions = [components / components.sum(axis=1, keepdims=True) for components, _ in runs]
        found[k, "perplexity"] = [material.perplexity(*run) for run in runs]
        n_shown = min(n_terms, len(material.terms))
        found[k, "exclusivity"] = [float(exclusivity(d, n=n_shown).mean()) for d in distributions]
        found[k, "stability"] = _stability(distributions)
        for run, distribution in enumerate(distributions):
            topics[k, run] = material.top_terms(distribution, n_shown)
        found[k, "diversity"] = [diversity(topics[k, run]) for run in range(n_runs)]
    for name, measure, size in (("npmi", c_npmi, 10), ("c_v", c_v, 110)):
        windows = Windows(material.texts, chain(*chain(*topics.values())), size=size)
        for k in numbers:
            found[k, name] = [float(np.mean(measure(topics[k, run], windows))) for run in range(n_runs)]
    return _table(numbers, found, n_runs, level, len(material.themes))


def _themes(anchors: Any, least: int) -> Themes:
    from topics.models.anchored_topics import check_topic_anchors

    return Themes() if anchors is None else check_topic_anchors(anchors, least)


class _Material:
    """What every training shares: the text and the anchors in it, read once."""

    def __init__(
        self, corpus: Corpus, settings: dict[str, Any], test_size: float, random_state: int, themes: Themes
    ) -> None:
        from topics.models.anchored_topics import topic_hints
        from topics.models.training import topic_vectorizer

        train, held_out = split(corpus, by="group", test_size=test_size, random_state=random_state)
        vectorizer, self._lda = topic_vectorizer(settings)
        self.counts = vectorizer.fit_transform(train)
        self.terms = vectorizer.matrix_.terms
        self.groups = duplicate_groups(train)
        self.themes, self._vectorizer, self._articles = themes, vectorizer, train
        self._hints = topic_hints(themes, vectorizer, train) if themes else None
        self._halves = halves(vectorizer.transform(held_out), random_state)
        batch = batch_analyzer(vectorizer.analyzer_)
        read = batch.read(train.texts)
        forms = batch.forms
        words = [forms[k] for k in read.ids.tolist()]
        self.texts = [words[first:last] for first, last in zip(read.places[:-1], read.places[1:], strict=True)]

    def train(self, n_topics: int, rows: Any, engine: str, random_state: int) -> tuple[Array, Array]:
        """Components and alpha of one run."""
        from topics.estimators.lda import LdaTopics
        from topics.models.anchored_topics import fit_anchored

        settings = {"n_topics": n_topics, "engine": engine, "random_state": random_state, **self._lda}
        if self._hints is None:
            model = LdaTopics(**settings).fit(self.counts[rows])
        else:
            drawn_articles = [self._articles[row] for row in rows]
            hints = self._hints[rows]
            model = fit_anchored(self.themes, self._vectorizer, drawn_articles, self.counts[rows], settings, hints)
        return model.components_, model.alpha_

    def perplexity(self, components: Array, alpha: Array) -> float:
        """Of the articles held out, by document completion."""
        return completion_perplexity(*self._halves, components, alpha)

    def top_terms(self, distribution: Array, n: int) -> list[list[str]]:
        """The n most probable terms of each topic."""
        return [[self.terms[column] for column in np.argsort(-row, kind="stable")[:n]] for row in distribution]


def _checked(grid: Sequence[int], n_runs: int) -> list[int]:
    numbers = sorted({int(k) for k in grid})
    if not numbers or numbers[0] < 1:
        raise SettingsError(f"grid holds {list(grid)}; give numbers of topics from 1 on, such as range(5, 31, 5)")
    if n_runs < 3:
        raise SettingsError(f"n_runs is {n_runs}; what can be told apart shows from 3 runs on, 5 is usual")
    return numbers


def _stability(distributions: Sequence[Array]) -> list[float]:
    """Mean overlap of each run's topics with those of every other run, matched one to one."""
    n = len(distributions)
    pairs = np.zeros((n, n))
    for i in range(n):
        for j in range(i):
            pairs[i, j] = pairs[j, i] = match_topics(distributions[i], distributions[j])["similarity"].mean()
    found: list[float] = (pairs.sum(axis=1) / (n - 1)).tolist()
    return found


def _table(
    numbers: list[int], found: dict[tuple[int, str], list[float]], n_runs: int, level: float, n_themes: int
) -> Table:
    import pandas as pd

    ties = {measure: tied(numbers, {k: found[k, measure] for k in numbers}, measure, level) for measure in MEASURES}
    rows = []
    for measure, k in product(MEASURES, numbers):
        score: Score = next_run(found[k, measure], level)
        rows.append((k, measure, *score, k in ties[measure]))
    every = [
        (k, measure, run, found[k, measure][run]) for measure, k in product(MEASURES, numbers) for run in range(n_runs)
    ]
    verdict = in_words(numbers, ties, {m: best(numbers, {k: found[k, m] for k in numbers}, m) for m in JUDGED})
    if n_themes:
        verdict += f" In every training anchors pulled the first {n_themes} topics; the others were free."
    return Table(
        rows,
        columns=["n_topics", "measure", "mean", "low", "high", "n", "tied"],
        verdict=verdict,
        parts={"runs": pd.DataFrame(every, columns=["n_topics", "measure", "run", "value"])},
    )


def best(numbers: Sequence[int], values: dict[int, list[float]], measure: str) -> int:
    """The number with the best mean; of equal ones the smallest."""
    sign = 1 if measure in LOWER_IS_BETTER else -1
    return min(numbers, key=lambda k: (sign * float(np.mean(values[k])), k))


def tied(numbers: Sequence[int], values: dict[int, list[float]], measure: str, level: float) -> set[int]:
    """The numbers whose order with the best one may turn round in one more run, by runs paired."""
    top = best(numbers, values, measure)
    found = {top}
    for k in numbers:
        difference = next_run(np.asarray(values[k]) - np.asarray(values[top]), level)
        if difference.low <= 0 <= difference.high:
            found.add(k)
    return found


def in_words(numbers: Sequence[int], ties: dict[str, set[int]], tops: dict[str, int]) -> str:
    """The verdict."""
    if len(numbers) == 1:
        return f"Only {numbers[0]} was tried, so there is nothing to tell apart."
    sentences = []
    for measure in JUDGED:
        good, word = ties[measure], "lowest" if measure in LOWER_IS_BETTER else "highest"
        told = f"{listed(numbers, good)} cannot be told apart" if len(good) > 1 else "every other number is worse"
        sentences.append(f"{_WORDS[measure]} is {word} at {tops[measure]}; {told}.")
    shared = set.intersection(*(ties[measure] for measure in JUDGED))
    if len(shared) > 1:
        sentences.append(f"By all four, {listed(numbers, shared)} cannot be told apart; {min(shared)} is the simplest.")
    elif shared:
        sentences.append(f"By all four, {min(shared)} is as good as any.")
    else:
        sentences.append("No number is good by all four: choose by what the topics are for, and read them.")
    return " ".join(sentences)


def listed(numbers: Sequence[int], chosen: set[int]) -> str:
    """Neighbours in the grid as a range: ``8, 12 to 18``."""
    runs: list[list[int]] = []
    for before, k in zip([None, *numbers], numbers, strict=False):
        if k in chosen:
            if runs and runs[-1][-1] == before:
                runs[-1].append(k)
            else:
                runs.append([k])
    shown = [str(run[0]) if len(run) == 1 else f"{run[0]} {'and' if len(run) == 2 else 'to'} {run[-1]}" for run in runs]
    return ", ".join(shown)
