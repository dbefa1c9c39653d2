from __future__ import annotations

import numpy as np
import pytest
from small_news import small_corpus

import topics
from topics import Analyzer, Article, Corpus, ThemeModel
from topics.models.unlike import N_BINS, held_out_unlike, histogram, mean, quantile, unlike

THEMES = ["security", "migration", "sport"]


@pytest.fixture(scope="module")
def model():
    return ThemeModel.train(small_corpus(), THEMES)


def test_each_different_word_counts_once(model):
    matrix = model.matrix
    known, new = "الشرطة", "زرافة"
    assert unlike(matrix, [Article(f"{known} {new}"), Article(f"{known} {new} {new} {new}")]).tolist() == [0.5, 0.5]
    assert unlike(matrix, [Article(known), Article(new), Article("")]).tolist() == [0.0, 1.0, 1.0]


def test_it_is_the_share_of_different_forms_outside_the_vocabulary(model):
    articles = list(small_corpus())[:20]
    forms = {form for term in model.matrix.terms for form in term.split(" ")}
    for article, found in zip(articles, unlike(model.matrix, articles), strict=True):
        words = set(model.matrix.analyzer(article.full))
        assert found == pytest.approx(len(words - forms) / len(words))


def test_other_languages_and_verse_are_further_than_news(model):
    """A Persian sentence and a line of al-Mutanabbi, of which the training articles hold next to nothing."""
    news = [Article("أوقفت الشرطة المتهم بعد سرقة السيارة في المدينة القديمة")]
    far = [
        Article("دولت امروز اعلام کرد که قیمت سوخت در سال آینده تغییر نخواهد کرد"),
        Article("على قدر أهل العزم تأتي العزائم وتأتي على قدر الكرام المكارم"),
    ]
    assert unlike(model.matrix, news)[0] < 0.3
    assert (unlike(model.matrix, far) > 0.6).all()


def test_training_articles_are_held_against_the_words_of_other_folds_alone():
    articles = [Article("مشترك خاص"), Article("مشترك خاص"), Article("مشترك"), Article("مشترك")]
    analyzer = Analyzer(level="none", stop_words=None)
    found = held_out_unlike(analyzer, articles, np.array([0, 0, 1, 1]))
    assert found.tolist() == [0.5, 0.5, 0.0, 0.0]


def test_a_bundle_keeps_how_unlike_the_training_articles_were(model, tmp_path):
    again = topics.load(model.save(tmp_path / "m"))
    assert np.array_equal(again.unlike_counts, model.unlike_counts)


def test_a_bundle_without_it_is_read_as_before(model):
    settings, arrays, terms, text = model.members()
    del arrays["unlike_counts"]
    again = ThemeModel.from_members(settings, arrays, terms, text, model.fingerprint)
    assert not again.unlike_counts.any()
    assert again.sort(small_corpus()).equals(model.sort(small_corpus()))


def test_a_histogram_gives_back_mean_and_quantiles(seed):
    values = np.random.default_rng(seed).beta(2, 8, 5000)
    counts = histogram(values)
    assert counts.sum() == 5000
    assert mean(counts) == pytest.approx(values.mean(), abs=1 / N_BINS)
    assert quantile(counts, 0.99) == pytest.approx(np.quantile(values, 0.99), abs=1.01 / N_BINS)
    assert quantile(np.zeros(N_BINS), 0.5) == 1.0


def test_it_does_not_grow_with_the_length_of_an_article():
    """Doubling every article leaves it as it is: no word is counted twice."""
    corpus = small_corpus()
    model = ThemeModel.train(corpus, THEMES)
    longer = Corpus(Article(f"{a.text} {a.text}", title=a.title, id=a.id) for a in corpus)
    assert np.array_equal(unlike(model.matrix, list(longer)), unlike(model.matrix, list(corpus)))
