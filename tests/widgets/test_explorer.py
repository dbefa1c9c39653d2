"""What the explorer hands to its page."""

from __future__ import annotations

import json

import pytest
from small_news import small_corpus

import topics
from topics import Article, Corpus, ThemeModel, TopicModel

KEYS = ["security", "migration", "sport"]


@pytest.fixture(scope="module")
def corpus():
    return small_corpus()


@pytest.fixture(scope="module")
def themes(corpus):
    return ThemeModel.train(corpus, KEYS)


@pytest.fixture(scope="module")
def found(corpus):
    return TopicModel.train(corpus, n_topics=3, n_sweeps=10, min_df=2)


def test_themes_come_with_their_share_and_the_terms_that_speak_for_them(themes, corpus):
    explorer = topics.explore(themes, corpus, language="en")
    assert repr(explorer) == f"Explorer(3 themes; {len(corpus)} of {len(corpus)} articles)"
    assert explorer.data["themes"] == KEYS
    for part in explorer.data["parts"]:
        weights = [weight for _, weight in part["terms"]]
        assert weights == sorted(weights, reverse=True)
        assert min(weights) > 0
        assert 0 <= part["share"] <= 1


def test_topics_come_with_probability_in_the_topic_and_in_all(found, corpus):
    explorer = topics.explore(found, corpus, max_articles=5)
    assert [len(article["probabilities"]) for article in explorer.data["articles"]] == [3] * 5
    assert sum(part["share"] for part in explorer.data["parts"]) == pytest.approx(1)
    for part in explorer.data["parts"]:
        assert all(0 < probability <= 1 and 0 < overall <= 1 for _, probability, overall in part["terms"])
    assert f"أول 5 مقال من {len(corpus)}" in explorer.data["left_out"]


def test_marked_words_are_slices_of_the_article(themes, corpus):
    row = topics.explore(themes, corpus[:1]).data["articles"][0]
    pieces = [piece if isinstance(piece, str) else piece[0] for piece in row["title"]]
    assert "".join(pieces) == corpus[0].title


def test_hostile_text_stays_text(themes):
    hostile = Corpus([Article("فاز المنتخب <script>alert(1)</script>\u202e", title="<img onerror=x>", id="h")])
    data = json.dumps(topics.explore(themes, hostile).data["articles"], ensure_ascii=False)
    assert "\u202e" not in data
    assert "<img onerror=x>" in data
