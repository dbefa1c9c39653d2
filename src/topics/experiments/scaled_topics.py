"""The topics of an experiment over partitions: found, found again from other random states, and scored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from topics.corpus.article import Corpus
from topics.corpus.themes import Themes
from topics.experiments import scoring

if TYPE_CHECKING:
    from topics.estimators.shapes import Array
    from topics.experiments.settings import Experiment
    from topics.models.topics import TopicModel
    from topics.scale.anchoring import Anchored
    from topics.scale.estimates import Need
    from topics.scale.fitting import Fitted
    from topics.scale.learning import Learnt, Read
    from topics.scale.tasks import Work

_COLUMNS = ("of", "measure", "mean", "low", "high", "n", "note")


class Found(NamedTuple):
    """What there is to keep of topics."""

    model: TopicModel
    scores: list[dict[str, Any]]
    n_passes: int


def vectorizer(settings: Experiment) -> tuple[Any, dict[str, Any]]:
    """The vectorizer of topics, and the settings of LdaTopics."""
    from topics.models.training import topic_vectorizer

    given = settings.training(topics=True)
    for name in ("anchors", "n_topics", "engine", "random_state"):
        given.pop(name, None)
    return topic_vectorizer(given)


def needed(learnt: Learnt, settings: Experiment) -> Need:
    """The memory that finding them takes."""
    from topics.scale import estimates

    assert settings.topics is not None
    pairs = learnt.n_pairs // len(learnt.placed) * 2
    n_terms, asked = len(learnt.matrix.terms), settings.topics
    most = max(learnt.n_articles)
    return estimates.topics(n_terms, asked.n_topics, pairs, most, asked.runs, anchored=asked.anchors)


def anchors_of(defined: Themes, settings: Experiment) -> Themes:
    """The themes whose anchors pull topics; none where none are to.

    Raises
    ------
    SettingsError
        One without anchors, or more of them than topics.
    """
    from topics.models.anchored_topics import check_topic_anchors

    if settings.topics is None or not settings.topics.anchors:
        return Themes()
    themes = scoring.topic_anchors(Corpus([], themes=defined), settings)
    return check_topic_anchors(themes, settings.topics.n_topics)


def find_topics(work: Work, read: Read, learnt: Learnt, settings: Experiment, anchors: Themes) -> Found:
    """Topics of all partitions, as `scoring.train_topics` finds those of a corpus, and what is known of them."""
    from topics.models.topics import TopicModel
    from topics.models.training import recorded
    from topics.scale.several import other_runs

    asked = settings.topics
    assert asked is not None
    fit = _Fit(learnt, settings)
    if anchors:
        from topics.scale.anchoring import find_signs

        fit.anchored = find_signs(work, read, learnt, vectorizer(settings)[0], anchors)
    found = fit(work, learnt.placed, settings.random_state)
    given = settings.training(topics=True)
    given.pop("anchors", None)
    model = TopicModel(
        matrix=learnt.matrix, components=found.components, alpha=found.alpha, settings=recorded(given),
        fingerprint=read.fingerprint, anchors=anchors,
        given_names={t: theme.name("ar") for t, theme in enumerate(anchors.values())},
    )  # fmt: skip
    rows = _scores(found.components, found.perplexities, sum(read.n_articles))
    if asked.runs > 1:
        others = other_runs(work, learnt, settings.random_state, asked.runs, fit)
        rows += [dict(zip(_COLUMNS, row, strict=True)) for row in scoring.returning([model.topic_term, *others])]
    return Found(model, rows, len(found.perplexities))


class _Fit:
    """Finds topics from any random state; see `topics.scale.several.Fit`."""

    def __init__(self, learnt: Learnt, settings: Experiment) -> None:
        self.learnt, self.settings = learnt, settings
        self.anchored: Anchored | None = None

    def __call__(self, work: Work, placed: list[str], random_state: int) -> Fitted:
        from topics.estimators import LdaTopics
        from topics.scale.anchoring import fit_anchored
        from topics.scale.fitting import fit

        assert self.settings.topics is not None
        lda = LdaTopics(self.settings.topics.n_topics, random_state=random_state, **vectorizer(self.settings)[1])
        if self.anchored is not None:
            return fit_anchored(work, placed, lda, self.anchored)
        return fit(work, placed, self.learnt.n_articles, lda)


def _scores(components: Array, perplexities: list[float], n_articles: int) -> list[dict[str, Any]]:
    """The share of each topic in all tokens; and what the training was followed by."""
    shares = components.sum(axis=1) / components.sum()
    rows: list[tuple[Any, ...]] = [
        (f"topic_{k}", "share", float(share), None, None, n_articles, "of all tokens") for k, share in enumerate(shares)
    ]
    note = "of tokens held out of some training articles"
    rows.append(("*", "perplexity", perplexities[-1], None, None, 1, note))
    return [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
