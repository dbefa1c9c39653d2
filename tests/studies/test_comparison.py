from __future__ import annotations

import pytest
from small_news import BOTH, small_corpus

from topics import Article, ThemeModel
from topics.errors import SettingsError
from topics.studies import compare

THEMES = ["security", "migration", "sport"]
ARTICLES = [
    BOTH,
    Article("أوقفت الشرطة العصابة وحجزت المخدرات", id="1", themes=("security",)),
    Article("أنقذ خفر السواحل قارب المهاجرين", id="2", themes=("migration",)),
    Article("فاز المنتخب بالكأس في الملعب", id="3", themes=("sport",)),
    Article("ناقش البرلمان أسعار الخضر", id="4", themes=()),
]


@pytest.fixture(scope="module")
def models():
    corpus = small_corpus()
    return ThemeModel.train(corpus, THEMES), ThemeModel.train(corpus[::5], THEMES, ngrams=(1, 1), level="none")


def test_a_model_does_not_differ_from_itself(models):
    table = compare(models[0], models[0], ARTICLES)
    known = table.dropna(subset="mean")
    assert (known[["mean", "low", "high"]] == 0).all(axis=None)
    assert {"macro_f1", "primary_accuracy", "subset_accuracy"} <= set(table.measure)


def test_the_difference_is_that_of_the_two_evaluations_and_turns_its_sign(models):
    table = compare(*models, ARTICLES)
    row = table[table.measure == "macro_f1"].iloc[0]
    first, second = (model.evaluate(ARTICLES)["macro_f1"].mean for model in models)
    assert row["mean"] == pytest.approx(first - second)
    turned = compare(models[1], models[0], ARTICLES)
    assert turned[turned.measure == "macro_f1"].iloc[0]["mean"] == pytest.approx(second - first)


def test_tables_compare_as_the_models_that_made_them(models):
    first, second = models
    assert compare(first.sort(ARTICLES), second, ARTICLES).equals(compare(first, second, ARTICLES))


def test_only_themes_in_common_are_compared(models):
    sport = ThemeModel.train(small_corpus(), ["sport"])
    assert set(compare(models[0], sport, ARTICLES).theme) == {"sport", "*"}


def test_what_cannot_be_compared_is_refused(models):
    with pytest.raises(SettingsError, match="lacks 4 of the articles"):
        compare(models[0].sort(ARTICLES[:1]), models[1], ARTICLES)
    with pytest.raises(SettingsError, match="is compared, not int"):
        compare(models[0], 3, ARTICLES)
    with pytest.raises(SettingsError, match="no article is labelled"):
        compare(*models, [Article("نص")])
