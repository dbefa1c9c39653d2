from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from small_news import small_corpus

from topics import Corpus, ThemeModel
from topics.corpus.duplicates import duplicate_groups
from topics.errors import SettingsError
from topics.studies import cross_validate

THEMES = ["security", "migration", "sport"]


@pytest.fixture(scope="module")
def corpus():
    dated = [
        replace(article, date=dt.date(2024, 1, 1) + dt.timedelta(days=(k * 7) % 30), source=f"جريدة {k % 6}")
        for k, article in enumerate(small_corpus())
    ]
    return Corpus(dated)


class Spy:
    """Trains, and remembers what it was given."""

    def __init__(self):
        self.taught = []

    def __call__(self, corpus, themes, **settings):
        self.taught.append(corpus)
        return ThemeModel.train(corpus, themes, **settings)


def seen_by(spy, table):
    """Pairs of an article that was sorted and the corpus that had taught its model."""
    return [(row.id, spy.taught[row.fold]) for row in table.itertuples()]


def test_every_article_is_sorted_once_by_a_model_that_knows_no_copy_of_it(corpus):
    spy = Spy()
    found = cross_validate(corpus, folds=3, themes=THEMES, train=spy)
    assert found.table.id.tolist() == [article.id for article in corpus]
    group = dict(zip((article.id for article in corpus), duplicate_groups(corpus).tolist(), strict=True))
    for identity, taught in seen_by(spy, found.table):
        assert group[identity] not in {group[article.id] for article in taught}
    assert found.thresholds.shape == (len(corpus), 3)
    assert 0 <= found.scores.macro_f1.mean <= 1


def test_by_source_no_newspaper_is_on_both_sides(corpus):
    spy = Spy()
    found = cross_validate(corpus, "source", folds=3, themes=THEMES, train=spy)
    for identity, taught in seen_by(spy, found.table):
        assert corpus[identity].source not in {article.source for article in taught}


def test_by_time_models_learn_from_days_before_only(corpus):
    spy = Spy()
    found = cross_validate(corpus, "time", folds=3, themes=THEMES, train=spy)
    assert 0 < len(found.table) < len(corpus)
    for identity, taught in seen_by(spy, found.table):
        assert max(article.date for article in taught) < corpus[identity].date
    assert len(spy.taught) == 3


def test_by_an_own_column_each_value_is_sorted_in_turn(corpus):
    spy = Spy()
    found = cross_validate(corpus, "desk", themes=THEMES, train=spy)
    assert len(spy.taught) == 3
    for identity, taught in seen_by(spy, found.table):
        assert corpus[identity].extra["desk"] not in {article.extra["desk"] for article in taught}


def test_settings_reach_the_training_and_equal_calls_give_equal_tables(corpus):
    spy = Spy()
    first = cross_validate(corpus, "desk", themes=THEMES, train=spy, ngrams=(1, 1))
    assert not any(" " in term for term in ThemeModel.train(spy.taught[0], THEMES, ngrams=(1, 1)).matrix.terms)
    second = cross_validate(corpus, "desk", themes=THEMES, ngrams=(1, 1))
    assert np.array_equal(first.table[THEMES].to_numpy(), second.table[THEMES].to_numpy())


@pytest.mark.parametrize(
    ("by", "settings", "message"),
    [
        ("group", {"folds": 1}, "at least 2"),
        ("source", {"folds": 7}, "6 parts for 7 folds"),
        ("time", {"folds": 40}, "do not make 41 spans"),
        ("shelf", {}, "no column 'shelf'"),
    ],
)
def test_what_cannot_be_folded_is_refused(corpus, by, settings, message):
    with pytest.raises(SettingsError, match=message):
        cross_validate(corpus, by, themes=THEMES, **settings)


def test_undated_articles_have_no_place_in_time():
    with pytest.raises(SettingsError, match="96 of 96 articles have no date"):
        cross_validate(small_corpus(), "time", themes=THEMES)
