import pytest
from small_news import small_corpus

from topics import TopicModel, studies
from topics.errors import SettingsError

ANCHORS = {"security": ["الشرطة", "العصابة", "زرافة", "النادي"], "sport": ["المنتخب", "الملعب", "النادي"]}


@pytest.fixture(scope="module")
def corpus():
    return small_corpus()


def test_anchors_are_told_topic_by_topic(corpus):
    table = studies.topic_anchors(TopicModel.train(corpus, 5, anchors=ANCHORS, min_df=2))
    assert list(table.theme) == ["security", "sport"]
    assert list(table.n_anchors) == [4, 3]
    assert list(table.known) == [3, 3]
    assert list(table.never) == [["زرافة"], []]
    assert list(table.claimed) == [["النادي"], ["النادي"]]
    assert ((table.share > 0) & (table.share < 1)).all()
    assert ((table.kept > 0.5) & (table.kept <= 1)).all()
    assert table.verdict == (
        "2 of 5 topics are anchored; 1 of 7 anchors are no term of the model, 1 are claimed by two themes"
    )


def test_topics_without_anchors_have_nothing_to_tell(corpus):
    with pytest.raises(SettingsError, match="trained without anchors"):
        studies.topic_anchors(TopicModel.train(corpus, 3, min_df=2))
