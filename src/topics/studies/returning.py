"""Would the topics come back? The model's own topics, looked for in models trained on other articles from other starts.

And what else speaks against a topic: that it is everywhere, of one source, of one story, or a text printed many times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics.corpus.article import Corpus, as_corpus
from topics.corpus.duplicates import duplicate_groups, source_numbers
from topics.errors import SettingsError
from topics.estimators.shapes import Array, Integers
from topics.evaluation.intervals import bootstrap, wilson
from topics.evaluation.matching import match_topics, rank_biased_overlap
from topics.studies.runs import bar, drawn
from topics.studies.showing import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from topics.models.topics import TopicModel

BACKGROUND = 0.2
"""Mean share of the articles without the topic that its top terms stand in all the same. On the demo corpus and on
Saudi news it is 0.3 to 0.7 with stop words left in, and at most 0.2 without."""
ONE_SOURCE = 0.5
"""Of a topic's words, in articles of one source that holds less than a third as much of the corpus."""
ONE_STORY = 0.5
"""Of a topic's words, in five articles, or in seven days, that hold less than a third as much of the corpus."""
COPIES = 0.5
"""Of a topic's words, in articles with a near duplicate, where less than half as much of the corpus is."""
_FEW, _DAYS, _HARDLY = 5, 7, 0.1


def stability(
    model: TopicModel, corpus: Any, n_runs: int = 10, *, threshold: float = 0.5, n_terms: int = 10,
    level: float = 0.95, random_state: int = 0,
) -> Table:  # fmt: skip
    """How often each topic of a model comes back, and what is wrong with it.

    Each run trains as the model was trained, over its terms, on articles drawn with replacement (copies of one text
    together) from another random seed. Its topics are matched to the model's one to one (largest sum of overlaps).

    Parameters
    ----------
    model : TopicModel
        Whose topics.
    corpus : Corpus, articles or path
        The articles it was trained on.
    n_runs : int, default=10
        At least 3.
    threshold : float, default=0.5
        From which overlap (sum of the smaller of two probabilities of each term) a topic counts as having come back.
    n_terms : int, default=10
        Top terms whose ranks are compared.
    level : float, default=0.95
        Of the intervals.
    random_state : int, default=0
        Seeds draws and starts.

    Returns
    -------
    Table
        One row a topic: topic, name, share of the corpus' words; similarity, the mean overlap with its match, low and
        high by bootstrap over runs; recurrence, the share of runs in which it came back, with Wilson's interval,
        recurrence_low and recurrence_high; terms, the mean rank-biased overlap of its top terms; n_articles, the
        effective number of articles it lives in (exponential of the entropy of its words over them); background,
        one_source, one_story, copies, the shares that the flags are set by; flags. ``parts["matches"]`` holds the
        similarity of each topic (row) in each run (column).

    Raises
    ------
    SettingsError
        Fewer than 3 runs, or no article.
    """
    import pandas as pd

    articles = as_corpus(corpus)
    if n_runs < 3 or not len(articles):
        raise SettingsError(
            f"{n_runs} runs on {len(articles)} articles; what comes back shows from 3 runs on, 10 is usual"
        )
    counts, groups = model.matrix.transform(articles), duplicate_groups(articles)
    matches, ranks = _again(model, articles, counts, drawn(groups, n_runs, random_state), n_terms, random_state)
    spreads = [bootstrap(row, level=level, random_state=random_state) for row in matches]
    back = [wilson(int(n), n_runs, level=level) for n in (matches >= threshold).sum(axis=1)]
    words = model.mixtures(articles).iloc[:, 2:].to_numpy() * np.asarray(counts.sum(axis=1))
    signs = _signs(model, articles, counts, groups, words, n_terms)
    frame = pd.DataFrame(
        {
            "topic": np.arange(len(matches)),
            "name": model.names,
            "share": words.sum(axis=0) / max(words.sum(), 1.0),
            "similarity": [score.mean for score in spreads],
            "low": [score.low for score in spreads],
            "high": [score.high for score in spreads],
            "recurrence": [score.mean for score in back],
            "recurrence_low": [score.low for score in back],
            "recurrence_high": [score.high for score in back],
            "terms": ranks.mean(axis=1),
            **{name: value for name, (value, _) in signs.items()},
        }
    )
    flagged = {name: sign for name, (_, sign) in signs.items() if sign is not None}
    frame["flags"] = [tuple(name for name, sign in flagged.items() if sign[k]) for k in range(len(frame))]
    runs = pd.DataFrame(matches, columns=[f"run {run}" for run in range(n_runs)])
    return Table(frame, verdict=_in_words(frame, n_runs, threshold), parts={"matches": runs})


def _again(
    model: TopicModel, articles: Corpus, counts: Any, draws: Sequence[Integers], n_terms: int, random_state: int
) -> tuple[Array, Array]:
    """Overlap of each topic with its match, and rank-biased overlap of their top terms, shape (n_topics, n_runs)."""
    from topics.models.training import train_again

    ours = model.topic_term
    matches, ranks = (np.zeros((len(ours), len(draws))) for _ in range(2))
    for run, rows in enumerate(bar(draws, "runs", len(draws))):
        # Not the model's own seed: the same start would make topics look more certain than they are.
        chosen = [articles[row] for row in rows]
        theirs = train_again(model, chosen, counts[rows], random_state + 1 + run).topic_term_
        table = match_topics(ours, theirs)
        matches[:, run] = table["similarity"]
        pairs = zip(ours, theirs[table["b"]], strict=True)
        ranks[:, run] = [rank_biased_overlap(_top(a, n_terms), _top(b, n_terms)) for a, b in pairs]
    return matches, ranks


def _top(weights: Array, n: int) -> list[str]:
    return [str(column) for column in np.argsort(-weights, kind="stable")[:n]]


def _signs(
    model: TopicModel, corpus: Corpus, counts: Any, groups: Integers, words: Array, n_terms: int
) -> dict[str, tuple[Array, Any]]:
    """Each sign of a bad topic: its value, and for which topics the flag is set; None where it is no flag.

    Parameters
    ----------
    words : ndarray of shape (n_articles, n_topics)
        Expected words of each topic in each article.
    """
    where = words / np.maximum(words.sum(axis=0), np.finfo(np.float64).tiny)
    base = words.sum(axis=1) / max(words.sum(), 1.0)
    background = _elsewhere(model.topic_term, counts, words, n_terms)
    source, its_own = _most_of_one(where, base, source_numbers(corpus))
    story = np.sort(where, axis=0)[-_FEW:].sum(axis=0)
    week, of_week = _most_of_a_week(where, base, corpus)
    copied = np.bincount(groups)[groups] > 1
    copies, all_copies = where[copied].sum(axis=0), float(base[copied].sum())
    few = (story >= ONE_STORY) & (float(np.sort(base)[-_FEW:].sum()) < story / 3)
    return {
        "n_articles": (np.exp(-np.sum(where * np.log(np.where(where > 0, where, 1.0)), axis=0)), None),
        "background": (background, background >= BACKGROUND),
        "one_source": (source, (source >= ONE_SOURCE) & (its_own < source / 3)),
        "one_story": (np.maximum(story, week), few | ((week >= ONE_STORY) & (of_week < week / 3))),
        "copies": (copies, (copies >= COPIES) & (all_copies < copies / 2)),
    }


def _elsewhere(topic_term: Array, counts: Any, words: Array, n_terms: int) -> Array:
    """Mean share of the articles that hold less than a tenth of a topic in which its top terms stand."""
    mixtures = words / np.maximum(words.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
    found = np.zeros(len(topic_term))
    for topic, row in enumerate(topic_term):
        outside = np.flatnonzero(mixtures[:, topic] < _HARDLY)
        part = counts[outside] if len(outside) else counts
        top = np.argsort(-row, kind="stable")[:n_terms]
        found[topic] = np.bincount(part.indices, minlength=part.shape[1])[top].mean() / part.shape[0]
    return found


def _most_of_one(where: Array, base: Array, labels: Integers) -> tuple[Array, Array]:
    """The largest share of each topic that one label holds, and that label's share of the corpus."""
    n_labels = int(labels.max(initial=-1)) + 1
    if not n_labels:
        return np.zeros(where.shape[1]), np.ones(where.shape[1])
    told = labels >= 0
    held, whole = np.zeros((n_labels, where.shape[1])), np.zeros(n_labels)
    np.add.at(held, labels[told], where[told])
    np.add.at(whole, labels[told], base[told])
    first = held.argmax(axis=0)
    return held.max(axis=0), whole[first]


def _most_of_a_week(where: Array, base: Array, corpus: Corpus) -> tuple[Array, Array]:
    """The largest share of each topic that seven days in a row hold, and their share of the corpus."""
    days = np.array([article.date.toordinal() if article.date else -1 for article in corpus])
    told = np.flatnonzero(days >= 0)
    if not len(told):
        return np.zeros(where.shape[1]), np.ones(where.shape[1])
    order = told[np.argsort(days[told], kind="stable")]
    ends = np.searchsorted(days[order], days[order] + _DAYS, side="left")
    sums = np.vstack([np.zeros(where.shape[1]), np.cumsum(where[order], axis=0)])
    whole = np.concatenate([[0.0], np.cumsum(base[order])])
    held = sums[ends] - sums[np.arange(len(order))]
    best = held.argmax(axis=0)
    return held.max(axis=0), (whole[ends] - whole[np.arange(len(order))])[best]


def _in_words(frame: Any, n_runs: int, threshold: float) -> str:
    often, seldom = frame["recurrence"] >= 0.8, frame["recurrence"] <= 0.2
    text = (
        f"Of {len(frame)} topics {often.sum()} came back in four fifths of {n_runs} runs or more (overlap "
        f"{threshold:g}) and {seldom.sum()} in one fifth or fewer"
    )
    text += ": do not write about these. " if seldom.any() else ". "
    flagged = {
        flag: [str(row.topic) for row in frame.itertuples() if flag in row.flags]
        for flag in ("background", "one_source", "one_story", "copies")
    }
    told = [f"{flag}: {', '.join(found)}" for flag, found in flagged.items() if found]
    return text + ("Flagged: " + "; ".join(told) + "." if told else "None is flagged.")
