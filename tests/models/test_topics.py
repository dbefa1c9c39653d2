import numpy as np
import pytest
from small_news import small_corpus

from topics import Article, TopicModel
from topics.errors import SettingsError


@pytest.fixture(scope="module")
def corpus():
    return small_corpus()


@pytest.fixture(scope="module")
def model(corpus):
    return TopicModel.train(corpus, n_topics=4, n_sweeps=20, min_df=2)


def test_top_terms_are_shown_in_original_spelling(model):
    table = model.top_terms(n=5)
    assert len(table) == 20
    assert table.columns.tolist() == ["topic", "rank", "term", "key", "probability"]
    assert "المنتخب" in model.top_terms(n=30).term.tolist()
    for _, rows in table.groupby("topic"):
        assert rows.probability.is_monotonic_decreasing


def test_relevance_orders_otherwise_and_unknown_orders_are_refused(model):
    assert model.top_terms(by="relevance").topic.nunique() == 4
    assert model.top_terms(by="frex").topic.nunique() == 4
    with pytest.raises(SettingsError, match="probability, relevance or frex"):
        model.top_terms(by="weight")


def test_mixtures_sum_to_one_and_do_not_depend_on_the_call(model, corpus):
    first, second = model.mixtures(corpus), model.mixtures(corpus)
    shares = first[[f"topic_{k}" for k in range(4)]].to_numpy()
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-12)
    assert first.equals(second)


def test_an_article_without_a_known_word_gets_the_priors_mean(model):
    shares = model.mixtures([Article(text="Zzyzx")])[[f"topic_{k}" for k in range(4)]].to_numpy()[0]
    np.testing.assert_allclose(shares, model.alpha / model.alpha.sum(), atol=1e-12)


def test_gensim_gets_the_same_topics(model):
    lda, dictionary = model.to_gensim()
    assert type(lda).__module__ == "gensim.models.ldamodel"
    np.testing.assert_allclose(lda.get_topics(), model.topic_term, atol=1e-6)
    assert lda.get_document_topics(dictionary.doc2bow([model.matrix.terms[0]]))


def test_its_pipeline_is_a_genuine_one_that_gives_the_same_figures(model, corpus):
    shares = model.mixtures(corpus)[[f"topic_{k}" for k in range(4)]].to_numpy()
    assert np.array_equal(model.pipeline.transform(list(corpus)), shares)


def test_every_topic_has_a_name_of_three_words(model):
    assert [name.count("·") for name in model.names] == [2] * 4
    assert "<script" not in model._repr_html_()


def test_both_engines_come_out_as_one_model(corpus):
    model = TopicModel.train(corpus, n_topics=2, engine="gensim", min_df=2)
    assert model.components.shape == (2, len(model.matrix.terms))


def test_unknown_settings_are_refused(corpus):
    with pytest.raises(SettingsError, match="did you mean n_sweeps"):
        TopicModel.train(corpus, sweeps=3)
