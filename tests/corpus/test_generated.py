from __future__ import annotations

import numpy as np
import pytest

from topics import Article
from topics.corpus.generated import Planted, resampled

SMALL = Planted(n_topics=5, n_terms=300, n_words=60, labelled=0.5, n_themes=2)


def test_an_article_is_the_same_whatever_is_made_with_it():
    whole = list(SMALL.articles(0, 1100))
    assert list(SMALL.articles(990, 1010)) == whole[990:1010]
    assert [article.id for article in whole[:2]] == ["g00000000", "g00000001"]
    assert (
        list(Planted(n_topics=5, n_terms=300, n_words=60, labelled=0.5, n_themes=2, seed=1).articles(0, 1)) != whole[:1]
    )


def test_words_are_different_arabic_words():
    assert len(set(SMALL.words)) == 300
    assert all("\u0627" <= letter <= "\u064a" for word in SMALL.words for letter in word)


def test_articles_hold_the_planted_words_and_frequent_ones_more_often():
    words = [word for article in SMALL.articles(0, 400) for word in article.full.replace(".", " ").split()]
    assert set(words) <= set(SMALL.words)
    counts = np.array(sorted((words.count(word) for word in SMALL.words), reverse=True))
    assert counts[0] > 5 * counts[150]
    assert SMALL.topic_term().sum(axis=1) == pytest.approx(np.ones(5))


def test_some_are_labelled_by_their_largest_topic():
    labelled = [article for article in SMALL.articles(0, 400) if article.themes is not None]
    assert 150 < len(labelled) < 250
    assert {theme for article in labelled for theme in article.themes} == {"subject_0", "subject_1"}


def test_the_size_of_an_article_is_about_that_of_news():
    sizes = [len(article.full.encode()) for article in Planted().articles(0, 300)]
    assert 1_200 < np.mean(sizes) < 1_700


def test_paragraphs_are_drawn_from_given_articles():
    given = [Article("أول\nثان", id="a", source="جريدة"), Article("ثالث", id="b", title="عنوان")]
    found = list(resampled(given, 3, 9))
    assert found == list(resampled(given, 0, 9))[3:]
    assert {line for article in found for line in article.text.split("\n")} <= {"أول", "ثان", "ثالث"}
    assert all(len(article.paragraphs) in (1, 2) for article in found)
    assert found != list(resampled(given, 3, 9, seed=1))
