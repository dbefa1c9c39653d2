import numpy as np
import pytest
from gensim.corpora import Dictionary
from gensim.models import LdaModel
from small_news import small_corpus

from topics import Analyzer, TopicModel, load
from topics.errors import SettingsError

COLUMNS = [f"topic_{k}" for k in range(3)]


@pytest.fixture(scope="module")
def corpus():
    return small_corpus()


@pytest.fixture(scope="module")
def trained(corpus):
    """A model that gensim alone has trained, by its own ways."""
    analyzer = Analyzer()
    texts = [analyzer(text) for text in corpus.texts]
    dictionary = Dictionary(texts)
    dictionary.filter_extremes(no_below=2, no_above=0.5)
    lda = LdaModel([dictionary.doc2bow(text) for text in texts], 3, dictionary, passes=5, random_state=0)
    return lda, dictionary, analyzer


def test_a_genuine_model_is_read_with_its_topics_and_prior(trained):
    lda, dictionary, analyzer = trained
    model = TopicModel.from_gensim(lda, dictionary, analyzer)
    columns = [dictionary.token2id[term] for term in model.matrix.terms]
    np.testing.assert_allclose(model.topic_term, lda.get_topics()[:, columns], atol=1e-6)
    np.testing.assert_allclose(model.alpha, lda.alpha, atol=1e-12)
    assert list(model.matrix.terms) == sorted(dictionary.token2id)


def test_its_mixtures_are_gensims(trained, corpus):
    lda, dictionary, analyzer = trained
    model = TopicModel.from_gensim(lda, dictionary, analyzer)
    ours = model.mixtures(corpus)[COLUMNS].to_numpy()
    theirs = np.zeros_like(ours)
    for row, text in enumerate(corpus.texts):
        for topic, share in lda.get_document_topics(dictionary.doc2bow(analyzer(text)), minimum_probability=0):
            theirs[row, topic] = share
    # gensim draws its start at random and stops earlier: equal in the middle, never in every article (STYLE.md 7).
    assert np.median(np.abs(ours - theirs)) < 1e-3


def test_there_and_back_nothing_changes(corpus):
    model = TopicModel.train(corpus, n_topics=3, n_sweeps=20, min_df=2)
    lda, dictionary = model.to_gensim()
    again = TopicModel.from_gensim(lda, dictionary, model.matrix.analyzer)
    np.testing.assert_allclose(again.topic_term, model.topic_term, atol=1e-6)
    np.testing.assert_allclose(again.mixtures(corpus)[COLUMNS], model.mixtures(corpus)[COLUMNS], atol=1e-6)
    assert again.matrix.terms == model.matrix.terms


def test_what_was_exported_infers_as_the_model_does(corpus):
    model = TopicModel.train(corpus, n_topics=3, n_sweeps=20, min_df=2)
    lda, dictionary = model.to_gensim()
    ours = model.mixtures(corpus)[COLUMNS].to_numpy()
    found = [
        dict(lda.get_document_topics(dictionary.doc2bow(model.matrix.analyzer(text)), minimum_probability=0))
        for text in corpus.texts
    ]
    theirs = np.array([[shares[k] for k in range(3)] for shares in found])
    assert np.median(np.abs(ours - theirs)) < 1e-3


def test_what_was_read_is_saved_named_and_quoted_as_any_other(trained, corpus, tmp_path):
    lda, dictionary, analyzer = trained
    model = load(TopicModel.from_gensim(lda, dictionary, analyzer).rename({0: "أول"}).save(tmp_path / "read"))
    assert model.names[0] == "أول"
    assert len(model.quotes(corpus, 1, 2)) == 2
    assert len(model.paragraphs(corpus[0])) == 1


def test_ids_with_gaps_are_columns_all_the_same(trained):
    lda, dictionary, analyzer = trained
    fewer = Dictionary()
    fewer.token2id = dict(list(dictionary.token2id.items())[::2])
    model = TopicModel.from_gensim(lda, fewer, analyzer)
    assert model.components.shape == (3, len(fewer.token2id))


def test_other_things_are_refused_by_name(trained):
    lda, dictionary, analyzer = trained
    with pytest.raises(SettingsError, match="not dict and Dictionary"):
        TopicModel.from_gensim({}, dictionary, analyzer)
    with pytest.raises(SettingsError, match="give the Dictionary it was trained with"):
        TopicModel.from_gensim(lda, Dictionary([[f"كلمة{k}" for k in range(9999)]]), analyzer)
    shouted = Dictionary()
    shouted.token2id = {f"{term}!": column for term, column in dictionary.token2id.items()}
    with pytest.raises(SettingsError, match="give the Analyzer"):
        TopicModel.from_gensim(lda, shouted, analyzer)
