from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_news import small_corpus

from topics import Article, Corpus, ThemeModel
from topics.corpus.duplicates import duplicate_groups
from topics.errors import SettingsError
from topics.estimators.themes import FewPositives
from topics.models.asking import uncertainty

THEMES = ["security", "migration", "sport"]


@pytest.fixture(scope="module")
def model():
    return ThemeModel.train(small_corpus()[::4], THEMES)


@pytest.fixture(scope="module")
def unlabelled():
    return Corpus(replace(article, themes=None) for article in small_corpus())


def test_it_proposes_articles_with_a_reason(model, unlabelled):
    table = model.ask(unlabelled, n=5)
    assert table.columns.tolist() == ["id", "title", "why"]
    assert len(set(table.id)) == 5
    assert table.why.str.match(r"undecided: (security|migration|sport) \d\.\d\d, given from 0\.\d\d").all()


def test_it_asks_the_same_whatever_the_order_of_the_articles(model, unlabelled):
    turned = Corpus(reversed(list(unlabelled)))
    assert set(model.ask(unlabelled, n=5).id) == set(model.ask(turned, n=5).id)
    assert model.ask(unlabelled, n=5).equals(model.ask(unlabelled, n=5))


def test_copies_are_asked_about_once(model):
    text = "اللاعب قال للشرطة إن المهاجرين فازوا بالمباراة في المدينة القديمة خلال الأسبوع الماضي وفق مصدر مطلع"
    copies = Corpus([*(Article(text, id=f"c{k}") for k in range(5)), Article("ناقش البرلمان أسعار الخضر", id="x")])
    asked = model.ask(copies, n=6)
    assert len(asked) == 2
    assert "x" in set(asked.id)


def test_labelled_articles_are_left_out(model, unlabelled):
    mixed = Corpus([*small_corpus()[:90], *unlabelled[90:]])
    assert set(model.ask(mixed, n=50).id) <= {article.id for article in unlabelled[90:]}
    with pytest.raises(SettingsError, match="the themes of all 96 articles are known"):
        model.ask(small_corpus())


def test_what_is_asked_differs_among_itself(model, unlabelled):
    groups = duplicate_groups(unlabelled)
    place = {article.id: k for k, article in enumerate(unlabelled)}
    asked = [groups[place[identity]] for identity in model.ask(unlabelled, n=10).id]
    assert len(set(asked)) == 10


def test_a_theme_is_least_decided_at_its_threshold(model):
    chances = np.array([model.thresholds, np.full(3, 1e-9), np.full(3, 1 - 1e-9)])
    found = uncertainty(model, np.zeros((3, 3)), chances)
    assert found[0] == pytest.approx([1, 1, 1])
    assert (found[1:] < 1e-6).all()


def test_a_theme_that_is_not_calibrated_asks_for_what_it_ranks_highest(model):
    flat = ThemeModel(**{**vars(model), "slope": np.array([0.0, *model.slope[1:]])})
    found = uncertainty(flat, np.arange(12.0).reshape(4, 3), np.full((4, 3), 0.01))
    assert found[:, 0].tolist() == [(k / 4) ** 8 for k in (1, 2, 3, 4)]


def test_it_asks_about_a_theme_of_which_next_to_nothing_is_known(unlabelled):
    start = [article for article in small_corpus() if article.themes != ("sport",)]
    start.append(next(article for article in small_corpus() if article.themes == ("sport",)))
    with pytest.warns(FewPositives, match="sport"):
        poor = ThemeModel.train(Corpus(start), THEMES)
    assert poor.ask(unlabelled, n=6).why.str.contains("sport, of which too few articles are known").any()


@pytest.mark.parametrize("n", [0, -1, True, 2.5])
def test_at_least_one_article_is_asked_for(model, unlabelled, n):
    with pytest.raises(SettingsError, match="1 or more"):
        model.ask(unlabelled, n=n)
