import numpy as np
import pytest
from dated_news import SUBJECTS, dated_corpus

from topics import Article, TopicModel, studies
from topics.errors import SettingsError
from topics.evaluation import exclusivity


@pytest.fixture(scope="module")
def corpus():
    return dated_corpus()


@pytest.fixture(scope="module")
def model(corpus):
    return TopicModel.train(corpus, 3, n_sweeps=30, min_df=2, learn_phrases=False)


def test_what_was_planted_is_found_by_both(model, corpus):
    table = studies.compare_with_nmf(model, corpus)
    assert (table["shared"] >= 6).all()
    assert sorted(table["nmf"]) == [0, 1, 2]
    for row in table.itertuples():
        assert any(len(set(row.nmf_terms) & set(subject)) >= 9 for subject in SUBJECTS)
    assert table.verdict == "3 of 3 topics share half of their top 10 terms or more with a topic of NMF."


def test_the_weights_are_there_for_the_measures(model, corpus):
    weights = studies.compare_with_nmf(model, corpus).parts["nmf"]
    assert list(weights.columns) == list(model.matrix.terms)
    assert exclusivity(weights).shape == (3,)


def test_it_is_the_same_again(model, corpus):
    assert studies.compare_with_nmf(model, corpus).equals(studies.compare_with_nmf(model, corpus))


def test_articles_without_a_known_term_are_refused(model):
    with pytest.raises(SettingsError, match="holds a term"):
        studies.compare_with_nmf(model, [Article(text="Zzyzx")])


def test_fewer_articles_than_topics_give_fewer_of_nmf(model, corpus):
    table = studies.compare_with_nmf(model, corpus[:2])
    assert len(table) == 2
    assert np.isfinite(table["similarity"]).all()
