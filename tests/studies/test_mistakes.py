from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_news import small_corpus

from topics import Article, Corpus, ThemeModel
from topics.errors import SettingsError
from topics.studies import cross_validate, errors, label_errors

THEMES = ["security", "migration", "sport"]


@pytest.fixture(scope="module")
def model():
    return ThemeModel.train(small_corpus(), THEMES)


def test_errors_come_worst_first_with_the_words_that_led_to_them(model):
    missed = Article("فاز المنتخب بالكأس في الملعب", id="m", themes=("security", "sport"))
    given = Article("أوقفت الشرطة المتهم وحجزت المخدرات وأدانت المحكمة العصابة", id="g", themes=())
    right = Article("أنقذ خفر السواحل قارب المهاجرين", id="r", themes=("migration",))
    table = errors(model, [missed, given, right])
    assert sorted(zip(table.id, table.theme, table.error, strict=True)) == [
        ("g", "security", "given"),
        ("m", "security", "missed"),
    ]
    assert (np.diff(table.distance) <= 0).all()
    reasons = table[table.error == "given"].reasons.iloc[0]
    assert all(weight > 0 for _, weight in reasons)
    assert all(word in given.full for word, _ in reasons)
    weights = [weight for _, weight in reasons]
    assert weights == sorted(weights, reverse=True)


def test_words_against_a_missed_theme_are_its_reasons(model):
    table = errors(model, [Article("فاز المنتخب بالكأس في الملعب", id="m", themes=("security", "sport"))])
    assert all(weight < 0 for _, weight in table.reasons.iloc[0])


def test_contested_pairs_are_no_errors(model):
    article = Article("فاز المنتخب بالكأس", id="c", themes=("security", "sport"), extra={"contested": ["security"]})
    assert errors(model, [article]).empty


def test_errors_need_labels(model):
    with pytest.raises(SettingsError, match="no article is labelled"):
        errors(model, [Article("نص", id="1")])


def test_planted_label_errors_are_found_and_few_others(seed):
    """Of 8 flipped labels at least 6 are among the suspects, and at least half of the suspects are flipped ones."""
    corpus = small_corpus()
    flipped = set(np.random.default_rng(seed).choice(len(corpus), 8, replace=False).tolist())
    planted = Corpus(
        replace(article, themes=() if article.themes else ("sport",)) if k in flipped else article
        for k, article in enumerate(corpus)
    )
    suspects = label_errors(planted, themes=THEMES, by="desk")
    wrong = {planted[k].id for k in flipped}
    assert len(wrong & set(suspects.id)) >= 6
    assert suspects.id.isin(wrong).mean() >= 0.5
    assert (np.diff(suspects.confidence) >= 0).all()


def test_a_sorting_at_hand_is_used():
    corpus = small_corpus()
    found = cross_validate(corpus, "desk", themes=THEMES)
    assert label_errors(corpus, validation=found).equals(label_errors(corpus, by="desk", themes=THEMES))
