"""Training: analyzer, features and estimator put together; what trains needs scikit-learn, what predicts does not."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from topics.arabic.analyzer import Analyzer
from topics.corpus.article import Article, Corpus
from topics.corpus.duplicates import duplicate_groups
from topics.corpus.themes import Themes
from topics.errors import SettingsError
from topics.estimators import LdaTopics, ThemeClassifier
from topics.estimators.restored import lda_topics, theme_classifier
from topics.features.anchors import lone_anchors
from topics.features.vectorizer import TermVectorizer
from topics.models.scoring import out_of_fold_scores
from topics.models.settings import analyzer_from, split_settings
from topics.models.steps import steps
from topics.models.themes import check_themes
from topics.models.unlike import held_out_unlike, histogram

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

    from topics.models.themes import ThemeModel
    from topics.models.topics import TopicModel


# Chosen on the demo corpus with one region left out at a time, see docs/decisions/0001-light-bigrams.md.
THEME_LEVEL = "light"
THEME_NGRAMS = (1, 2)


def make_vectorizer(settings: dict[str, Any], text: dict[str, Any], **defaults: Any) -> TermVectorizer:
    """The vectorizer that a model's settings mean; `text` holds those that are the analyzer's."""
    chosen = {name: value for name, value in settings.items() if name != "analyzer"}
    if "ngrams" in chosen:
        chosen["ngrams"] = tuple(chosen["ngrams"])
    given = {"analyzer": settings["analyzer"]} if settings.get("analyzer") is not None else {}
    return TermVectorizer(analyzer_from({**text, **given}), **{**defaults, **chosen})


def recorded(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as plain values for a bundle; the analyzer is kept by its own settings."""
    plain = {name: value for name, value in settings.items() if name != "analyzer"}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in sorted(plain.items())}


def train_themes(corpus: Corpus, themes: Any, settings: dict[str, Any], unlabelled: Any = None) -> dict[str, Any]:
    """The attributes of a ThemeModel learnt from a corpus, and from unlabelled articles where there are some."""
    chosen = check_themes(corpus, themes)
    labelled = [article for article in corpus if article.themes is not None]
    if not labelled or not chosen:
        raise SettingsError(
            f"{len(labelled)} of {len(corpus)} articles are labelled, with {len(chosen)} themes; "
            "give articles with a themes column"
        )
    Y = pd.DataFrame({key: [int(key in (article.themes or ())) for article in labelled] for key in chosen})
    for key in chosen:
        if not Y[key].any():
            raise SettingsError(f"no article carries the theme {key!r}; label some, or leave it out with themes=[...]")
    if unlabelled is not None:
        from topics.models.anchored import train_with_unlabelled

        return train_with_unlabelled(corpus, chosen, Y, unlabelled, settings)
    vectorizer, classifier = theme_vectorizer(settings)
    X = steps().vectorize(vectorizer, labelled)
    # Calibration and thresholds are learnt out of fold: a copy of an article in another fold would be no test.
    groups = duplicate_groups(labelled)
    if not groups.any():
        raise SettingsError(f"the {len(labelled)} labelled articles are copies of one; give articles that differ")
    pools = lone_anchors(vectorizer, chosen)
    model = steps().fit(ThemeClassifier(**classifier), X, Y, groups=groups, pools=pools)
    return learnt(vectorizer, model) | {
        "themes": chosen, "settings": recorded(settings), "fingerprint": corpus.fingerprint,
        "unlike_counts": histogram(held_out_unlike(vectorizer.analyzer_, labelled, model.folds_)),
        "scores": out_of_fold_scores(labelled, list(chosen), model.out_of_fold_, model.thresholds_),
    }  # fmt: skip


def theme_vectorizer(settings: dict[str, Any]) -> tuple[TermVectorizer, dict[str, Any]]:
    """The vectorizer that themes are learnt with, and which of the settings are ThemeClassifier's own."""
    text, terms, classifier = split_settings(settings, Analyzer, TermVectorizer, ThemeClassifier)
    if terms.get("analyzer") is None:
        text.setdefault("level", THEME_LEVEL)
    return make_vectorizer(terms, text, ngrams=THEME_NGRAMS), classifier


def learnt(vectorizer: TermVectorizer, model: ThemeClassifier) -> dict[str, Any]:
    """The attributes of a ThemeModel that a fitted vectorizer and classifier hold."""
    return {
        "matrix": vectorizer.matrix_, "coef": model.coef_, "intercept": model.intercept_, "slope": model.slope_,
        "offset": model.offset_, "thresholds": model.thresholds_, "out_of_fold": model.out_of_fold_,
    }  # fmt: skip


def vectorizer_of(model: ThemeModel | TopicModel) -> TermVectorizer:
    """A fitted TermVectorizer with a model's matrix."""
    matrix = model.matrix
    vectorizer = TermVectorizer(
        matrix.analyzer, weighting=matrix.weighting, sublinear_tf=matrix.sublinear_tf, title_weight=matrix.title_weight,
        learn_frequencies=False,
    )  # fmt: skip
    vectorizer.matrix_ = matrix
    vectorizer.analyzer_ = matrix.analyzer
    vectorizer.frequencies_ = matrix.analyzer.counts
    vectorizer.phrases_ = tuple(matrix.analyzer.phrases)
    return vectorizer


def theme_pipeline(model: ThemeModel) -> Pipeline:
    """A ThemeModel as a fitted scikit-learn Pipeline."""
    from sklearn.pipeline import Pipeline

    classifier = theme_classifier(
        list(model.themes), model.coef, model.intercept, model.slope, model.offset, model.thresholds
    )
    return Pipeline([("terms", vectorizer_of(model)), ("themes", classifier)])


def topic_vectorizer(settings: dict[str, Any]) -> tuple[TermVectorizer, dict[str, Any]]:
    """The vectorizer that topics are learnt with, and which of the settings are LdaTopics' own."""
    text, terms, lda = split_settings(
        settings, Analyzer, TermVectorizer, LdaTopics, left_out=("weighting", "n_topics", "engine", "random_state")
    )
    return make_vectorizer(terms, text, weighting="counts", max_df=0.5, min_df=3, learn_phrases=True), lda


def train_again(model: TopicModel, articles: Sequence[Article], counts: Any, random_state: int) -> LdaTopics:
    """A LdaTopics trained as the model was, with its anchors, on other articles and from another random start.

    Parameters
    ----------
    counts : csr_matrix of shape (n_articles, n_terms)
        The articles' counts of the model's own terms.
    """
    from topics.models.anchored_topics import fit_anchored

    known = set(inspect.signature(LdaTopics).parameters)
    settings = {name: value for name, value in model.settings.items() if name in known}
    settings |= {"n_topics": len(model.alpha), "random_state": random_state}
    if model.anchors:
        return fit_anchored(model.anchors, vectorizer_of(model), articles, counts, settings)
    return LdaTopics(**settings).fit(counts)


def train_topics(
    corpus: Corpus, n_topics: int, engine: str, random_state: int, settings: dict[str, Any], anchors: Any = None
) -> dict[str, Any]:
    """The attributes of a TopicModel learnt from a corpus; `anchors` name its first topics."""
    from topics.models.anchored_topics import check_topic_anchors, fit_anchored

    themes = Themes() if anchors is None else check_topic_anchors(anchors, n_topics)
    vectorizer, lda = topic_vectorizer(settings)
    X = steps().vectorize(vectorizer, corpus)
    lda |= {"n_topics": n_topics, "engine": engine, "random_state": random_state}
    model = fit_anchored(themes, vectorizer, corpus, X, lda) if themes else steps().fit(LdaTopics(**lda), X)
    return {
        "anchors": themes, "given_names": {t: theme.name("ar") for t, theme in enumerate(themes.values())},
        "matrix": vectorizer.matrix_, "components": model.components_, "alpha": model.alpha_,
        "settings": recorded(settings | {"n_topics": n_topics, "engine": engine, "random_state": random_state}),
        "fingerprint": corpus.fingerprint,
    }  # fmt: skip


def topic_pipeline(model: TopicModel) -> Pipeline:
    """A TopicModel as a fitted scikit-learn Pipeline."""
    from sklearn.pipeline import Pipeline

    lda = lda_topics(model.components, model.alpha)
    return Pipeline([("terms", vectorizer_of(model)), ("topics", lda)])
