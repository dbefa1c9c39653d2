from __future__ import annotations

import numpy as np
import pytest

import topics
from topics.corpus.themes import as_themes
from topics.errors import SettingsError
from topics.experiments import scoring
from topics.experiments.folds import plan
from topics.experiments.settings import Experiment


def article(text, themes=(), source=None, **extra):
    return topics.Article(text, themes=themes, source=source, extra=extra)


def experiment(**changes):
    least = {"name": "x", "corpus": {"path": "demo"}, "topics": {"n_topics": 2}, "evaluation": {"folds": 2}}
    return Experiment.of(least, {key.replace("__", "."): value for key, value in changes.items()})


def text(number):
    return " ".join(f"كلمة{number}{letter}" for letter in "ابتثجحخدذرزس")


def test_a_model_is_scored_on_articles_it_has_not_seen(monkeypatch):
    """FAULTS.md 31: what a fold's model learns does not change with the held-out text."""
    seen = []

    class Model:
        thresholds = np.array([0.5])

        def probabilities(self, test):
            seen[-1] = (seen[-1], {one.id for one in test})
            return np.zeros((len(test), 1))

    def train(corpus, themes, settings):
        seen.append({one.id for one in corpus})
        return Model()

    monkeypatch.setattr(scoring, "train_themes", train)
    corpus = topics.Corpus([article(text(n), ["a"] if n % 2 else []) for n in range(12)])
    scoring.out_of_fold(corpus, ["a"], plan(corpus, ["a"], experiment()), experiment())
    assert len(seen) == 2
    for train_ids, test_ids in seen:
        assert not train_ids & test_ids
        assert train_ids | test_ids == {one.id for one in corpus}


def test_theme_scores_have_intervals_for_each_theme_and_all(tiny_run):
    rows = tiny_run.scores.query("model == 'themes' and measure in ('f1', 'macro_f1')")
    assert list(rows["of"]) == ["security", "sport", "*"]
    assert ((rows["low"] <= rows["mean"]) & (rows["mean"] <= rows["high"])).all()


def test_topic_scores_hold_perplexity_of_held_out_articles_and_coherence(tiny_run):
    rows = tiny_run.scores.query("model == 'topics'")
    assert list(rows[rows["of"] == "*"]["measure"]) == ["perplexity", "npmi"]
    shares = rows[rows["measure"] == "share"]["mean"]
    assert len(shares) == 3
    assert shares.sum() == pytest.approx(1)


def news(*, labelled):
    """A themes.toml with anchors and articles about two things, those of even number labelled where asked."""
    articles = []
    for number in range(24):
        sport = number % 4 < 2
        words = f"مباراة هدف {text(number)} في الشوط فوز المنتخب" if sport else f"سوق الخضر أسعار {text(number)}"
        themes = (("sport",) if sport else ()) if labelled and number % 2 == 0 else None
        articles.append(topics.Article(words, id=str(number), themes=themes))
    return topics.Corpus(articles, themes=as_themes({"sport": ["مباراة", "المنتخب"]}))


def test_themes_are_learnt_and_scored_from_anchors_or_from_both():
    for start in ("anchors", "both"):
        settings = experiment(themes__start=start)
        table = scoring.theme_scores(news(labelled=True), ["sport"], settings).table
        assert table[(table.theme == "sport") & (table.measure == "f1")]["mean"].item() == 1.0
        model = scoring.train_themes(news(labelled=True), ["sport"], settings)
        assert model.settings["start"] == start
    assert (
        scoring.train_themes(news(labelled=False), ["sport"], experiment(themes__start="anchors")).thresholds.size == 1
    )


def test_what_cannot_be_learnt_from_is_told():
    labelled = news(labelled=True).filter(lambda article: article.themes is not None)
    with pytest.raises(SettingsError, match="learns from articles without labels"):
        scoring.train_themes(labelled, ["sport"], experiment(themes__start="both"))
    with pytest.raises(SettingsError, match="defines no theme 'water'"):
        scoring.train_themes(labelled, ["water"], experiment(themes__start="anchors"))


def test_topics_are_pulled_by_the_anchors_of_the_corpus():
    settings = experiment(topics__anchors=True, topics__min_df=2, topics__max_df=1.0)
    model = scoring.train_topics(news(labelled=False), settings)
    assert list(model.anchors) == ["sport"]
    plain = scoring.train_topics(news(labelled=False), experiment(topics__min_df=2))
    assert not plain.anchors
