from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

import topics
from topics.corpus.duplicates import copies
from topics.errors import SettingsError
from topics.experiments.folds import plan
from topics.experiments.settings import Experiment


def folds(corpus, themes=(), **changes):
    least = {"name": "x", "corpus": {"path": "demo"}, "topics": {"n_topics": 2}, "evaluation": {"folds": 2}}
    return plan(corpus, themes, Experiment.of(least, {key.replace("__", "."): value for key, value in changes.items()}))


def text(number):
    return " ".join(f"كلمة{number}{letter}" for letter in "ابتثجحخدذرزس")


def article(number, themes=(), source=None, day=None):
    date = None if day is None else dt.date(2026, 1, 1) + dt.timedelta(day)
    return topics.Article(text(number), themes=themes, source=source, date=date)


def across(corpus, found):
    """Pairs of near duplicates of which one is learnt from and the other scored, over all folds."""
    pairs = 0
    for train, test in found.parts:
        one, other = ([corpus[int(k)] for k in np.flatnonzero(part)] for part in (train, test))
        pairs += copies([*one, *other]).n_pairs - copies(one).n_pairs - copies(other).n_pairs
    return pairs


@pytest.fixture
def copied():
    """20 articles of ten texts, each printed by two newspapers, ten days apart."""
    return topics.Corpus(article(n % 10, ["a"] if n % 2 else [], f"جريدة {n}", n) for n in range(20))


@pytest.mark.parametrize("split", ["group", "source", "time"])
def test_no_copy_of_a_scored_article_is_learnt_from(copied, split):
    """FAULTS.md 30."""
    found = folds(copied, ["a"], evaluation__split=split)
    assert across(copied, found) == 0
    assert len(found.parts) == 2
    assert all(train.any() and test.any() and not (train & test).any() for train, test in found.parts)


def test_copies_are_ignored_on_request_and_the_note_says_so(copied):
    found = folds(copied, ["a"], corpus__duplicates="keep")
    assert across(copied, found) > 0
    assert found.note == "near duplicates were not looked for: copies may lie on both sides"
    assert len(set(found.groups)) == 20
    assert folds(copied, ["a"]).note == ""


def test_by_group_and_by_source_every_article_is_scored_once(copied):
    for split in ("group", "source"):
        found = folds(copied, ["a"], evaluation__split=split)
        assert (np.sum([test for _, test in found.parts], axis=0) == 1).all()
        assert found.tested.all()


def test_articles_of_one_source_stand_in_one_fold():
    corpus = topics.Corpus([article(n, source=f"جريدة {n % 4}") for n in range(20)])
    found = folds(corpus, evaluation__split="source")
    scored = found.parts[0][1]
    assert all(len(set(scored[n::4])) == 1 for n in range(4))
    assert len(set(found.groups)) == 4


def test_articles_without_a_source_are_alone():
    found = folds(topics.Corpus([article(n) for n in range(3)]), evaluation__split="source")
    assert len(set(found.groups)) == 3


class TestTime:
    @pytest.mark.parametrize("n_folds", [2, 4])
    @pytest.mark.parametrize("days", [range(20), [0] * 15 + [1, 2, 3, 4, 5], [0, 1, 2, 3] + [4] * 16])
    def test_every_model_learns_from_days_before_those_it_is_scored_on(self, n_folds, days):
        corpus = topics.Corpus([article(n, day=day) for n, day in enumerate(days)])
        found = folds(corpus, evaluation__split="time", evaluation__folds=n_folds)
        assert len(found.parts) == n_folds
        dates = np.array([one.date.toordinal() for one in corpus])
        for train, test in found.parts:
            assert train.any()
            assert test.any()
            assert dates[train].max() < dates[test].min()
        assert (np.sum([test for _, test in found.parts], axis=0) <= 1).all()

    def test_each_model_learns_from_all_that_is_earlier(self):
        corpus = topics.Corpus([article(n, day=n) for n in range(12)])
        found = folds(corpus, evaluation__split="time", evaluation__folds=3)
        assert [(int(train.sum()), int(test.sum())) for train, test in found.parts] == [(3, 3), (6, 3), (9, 3)]
        assert found.note == "learnt from earlier days, scored on later ones"

    def test_articles_without_a_date_are_in_no_part_and_told(self):
        corpus = topics.Corpus([*(article(n, day=n) for n in range(9)), article(10), article(11)])
        found = folds(corpus, evaluation__split="time")
        assert not any((train | test)[9:].any() for train, test in found.parts)
        assert "; 2 articles without a date are in neither" in found.note

    def test_a_later_copy_of_an_earlier_article_is_scored_and_not_learnt(self, copied):
        found = folds(copied, evaluation__split="time")
        assert "near duplicates of scored articles were not learnt from" in found.note
        assert found.tested[10:].all()

    def test_too_few_days_are_told(self):
        corpus = topics.Corpus([article(n, day=n % 2) for n in range(9)])
        with pytest.raises(SettingsError, match=r"folds is 2, so split = 'time' needs articles of 3 days.* are 2"):
            folds(corpus, evaluation__split="time")


def test_a_theme_that_only_the_future_knows_is_told():
    corpus = topics.Corpus([article(n, ["a"] if n > 7 else [], day=n) for n in range(9)])
    with pytest.raises(SettingsError, match="leaves a fold without an article of 'a' to learn from"):
        folds(corpus, ["a"], evaluation__split="time")


def test_too_few_groups_for_the_folds_are_told():
    corpus = topics.Corpus([topics.Article(text(0), source="س")] * 3)
    with pytest.raises(SettingsError, match=r"\[evaluation\] folds is 2, but split = 'group' gives 1 groups"):
        folds(corpus)


def test_dropped_copies_are_no_articles_of_the_experiment_and_are_counted(copied, tmp_path):
    from topics.experiments.stages import describe_corpus, read_corpus

    copied.write(tmp_path / "c.jsonl")
    found = {}
    for duplicates in ("keep", "group", "drop"):
        settings = Experiment.of(
            {"name": "x", "corpus": {"path": str(tmp_path / "c.jsonl"), "duplicates": duplicates}, "topics": {}}
        )
        corpus = read_corpus(settings)
        found[duplicates] = (len(corpus), describe_corpus(corpus)["dropped_copies"])
    assert found == {"keep": (20, 0), "group": (20, 0), "drop": (10, 10)}
    assert [article.id for article in corpus] == [article.id for article in copied[:10]]
    assert plan(corpus, (), settings).note == ""
