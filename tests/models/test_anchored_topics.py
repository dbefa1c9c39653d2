import numpy as np
import pytest
from small_news import small_corpus

from topics import Corpus, TopicModel, load
from topics.corpus.packaged import packaged_corpus
from topics.errors import SettingsError
from topics.features import anchor_matrix
from topics.models.anchored_topics import fit_anchored, topic_hints
from topics.models.training import vectorizer_of

ANCHORS = {
    "security": {"names": {"ar": "أمن"}, "anchors": ["الشرطة", "العصابة", "المخدرات", "السجن", "زرافة"]},
    "sport": {"names": {"ar": "رياضة"}, "anchors": ["المنتخب", "المباراة", "البطولة", "اللاعب", "الملعب"]},
}


@pytest.fixture(scope="module")
def corpus():
    return small_corpus()


@pytest.fixture(scope="module")
def demo():
    return Corpus.read(packaged_corpus())


@pytest.fixture(scope="module")
def model(corpus):
    return TopicModel.train(corpus, 5, anchors=ANCHORS, min_df=2)


def test_the_first_topics_are_the_themes_named_after_them(model):
    assert list(model.anchors) == ["security", "sport"]
    assert model.names[:2] == ["أمن", "رياضة"]
    assert len(model.names) == 5


def reached(model, themes):
    """How many of the first ten terms of each anchored topic are its own anchors, and another theme's."""
    anchored = anchor_matrix(model.matrix, themes).toarray() > 0
    first = np.argsort(-model.topic_term, axis=1, kind="stable")[: len(themes), :10]
    own = [int(anchored[t, first[t]].sum()) for t in range(len(themes))]
    return own, [int(np.delete(anchored, t, axis=0).any(axis=0)[first[t]].sum()) for t in range(len(themes))]


@pytest.mark.parametrize("random_state", [0, *(pytest.param(state, marks=pytest.mark.slow) for state in range(1, 10))])
def test_anchors_of_the_demo_corpus_lead_their_topic_and_no_other(demo, random_state):
    model = TopicModel.train(demo, 12, anchors=demo.defined_themes, random_state=random_state)
    own, others = reached(model, demo.defined_themes)
    assert min(own) >= 3
    assert not any(others)
    largest = model.mixtures(demo).iloc[:, 2:].to_numpy().argmax(axis=1)
    for topic, key in enumerate(demo.defined_themes):
        # The topic is the theme's and not that of its anchors alone: articles come to it.
        carried = np.array([key in article.themes for article in demo])
        assert carried[largest == topic].mean() > 0.7
        assert (largest[carried] == topic).mean() > 0.3


def test_gensim_has_anchored_topics_too(corpus):
    model = TopicModel.train(corpus, 5, anchors=ANCHORS, engine="gensim", min_df=2)
    own, others = reached(model, ANCHORS)
    assert min(own) >= 3
    assert not any(others)


def test_anchors_are_kept_in_the_bundle(model, tmp_path):
    again = load(model.save(tmp_path / "topics"))
    assert again.anchors.to_settings() == model.anchors.to_settings()
    assert again.names == model.names
    assert again.rename({0: "الأمن"}).anchors.keys() == model.anchors.keys()


def test_as_many_themes_as_topics_leave_no_free_one(corpus):
    model = TopicModel.train(corpus, 2, anchors=ANCHORS, min_df=2)
    assert model.components.shape[0] == 2


def test_a_given_alpha_is_the_prior_of_all_topics(corpus):
    alpha = [0.1, 0.2, 0.3, 0.4]
    model = TopicModel.train(corpus, 4, anchors=ANCHORS, min_df=2, alpha=alpha)
    assert model.alpha.tolist() == alpha


@pytest.mark.parametrize(
    ("anchors", "n_topics", "message"),
    [
        ({"a": ["الشرطة"], "b": {}}, 5, "'b' has no anchors"),
        (ANCHORS, 1, "2 themes cannot be anchored in 1 topics"),
        ({"a": ["زرافة"]}, 5, "no anchor of 'a' is a term"),
    ],
)
def test_anchors_that_cannot_pull_are_refused(corpus, anchors, n_topics, message):
    with pytest.raises(SettingsError, match=message):
        TopicModel.train(corpus, n_topics, anchors=anchors)


def test_without_anchors_nothing_changes(corpus):
    model = TopicModel.train(corpus, 3, min_df=2)
    assert not model.anchors
    assert not model.given_names


def test_hints_that_are_known_already_lead_to_the_same_topics(corpus, model):
    themes, vectorizer = model.anchors, vectorizer_of(model)
    counts = model.matrix.transform(corpus)
    settings = {"n_topics": 5, "engine": "fast", "random_state": 0}
    hints = topic_hints(themes, vectorizer, list(corpus))
    assert hints.shape == (len(corpus), 2)
    given = fit_anchored(themes, vectorizer, [], counts, settings, hints)
    found = fit_anchored(themes, vectorizer, list(corpus), counts, settings)
    np.testing.assert_array_equal(given.components_, found.components_)
    assert np.array_equal(found.components_, model.components)
