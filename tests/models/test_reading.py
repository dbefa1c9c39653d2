import numpy as np
import pytest
from small_news import BOTH, small_corpus

from topics import Article, Corpus, TopicModel
from topics.errors import SettingsError
from topics.models.reading import LONGEST, passages_of

COLUMNS = [f"topic_{k}" for k in range(4)]


@pytest.fixture(scope="module")
def corpus():
    return small_corpus()


@pytest.fixture(scope="module")
def model(corpus):
    return TopicModel.train(corpus, n_topics=4, n_sweeps=30, min_df=2)


def sport_of(model):
    """The topic that holds most of المنتخب."""
    column = model.matrix.vocabulary.columns["منتخب"]
    return int(model.topic_term[:, column].argmax())


def test_each_paragraph_has_its_own_mixture_and_its_place(model):
    table = model.paragraphs(BOTH)
    assert [BOTH.full[row.start : row.end] for row in table.itertuples()] == BOTH.text.split("\n")
    np.testing.assert_allclose(table[COLUMNS].sum(axis=1), 1, atol=1e-12)
    sport = table[f"topic_{sport_of(model)}"]
    assert sport[1] > sport[0]


def test_paragraphs_are_the_same_in_every_call_and_wherever_the_article_stands(model):
    assert model.paragraphs(BOTH).equals(model.paragraphs(BOTH))


def test_a_paragraph_without_a_known_word_has_its_articles_mixture(model, corpus):
    article = Article(text=f"{corpus[0].text}\nZzyzx!")
    whole = model.mixtures([article])[COLUMNS].to_numpy()[0]
    np.testing.assert_allclose(model.paragraphs(article)[COLUMNS].to_numpy()[1], whole, atol=1e-9)


def test_an_article_without_text_has_no_paragraph(model):
    table = model.paragraphs(Article(text=" \n", title="عنوان"))
    assert len(table) == 0
    assert table.columns.tolist() == ["start", "end", *COLUMNS]


def test_quotes_are_the_authors_words_from_articles_that_do_not_repeat_each_other(model, corpus):
    topic = sport_of(model)
    table = model.quotes(corpus, topic, n=4)
    assert table.columns.tolist() == ["id", "title", "start", "end", "text", "share"]
    assert 1 <= len(table) <= 4
    for row in table.itertuples():
        assert corpus[row.id].full[row.start : row.end] == row.text
    assert table["id"].is_unique
    # Four versions of each sentence stand in the corpus, with another tail each.
    heads = [" ".join(text.split()[:3]) for text in table["text"]]
    assert len(set(heads)) == len(heads)
    assert (table["share"] > 0.5).all()
    assert table.equals(model.quotes(corpus, topic, n=4))


def test_a_long_paragraph_is_quoted_by_whole_sentences():
    sentence = "فاز المنتخب في المباراة الأخيرة بهدفين دون رد أمام جمهور كبير."
    article = Article(text=" ".join([sentence] * 20), title="رياضة")
    places = passages_of(article)
    assert len(places) > 1
    assert all(end - start <= LONGEST for start, end in places)
    assert all(article.full[start:end].endswith(".") for start, end in places)
    assert article.full[places[0][0] : places[0][1]].startswith("فاز المنتخب")


def test_there_may_be_nothing_to_quote(model):
    assert len(model.quotes([Article(text="Zzyzx")], 0)) == 0
    assert len(model.quotes(Corpus([]), 0)) == 0


@pytest.mark.parametrize(("topic", "n", "cause"), [(4, 5, "no topic 4"), (-1, 5, "no topic"), (0, 0, "at least one")])
def test_quotes_of_nothing_are_refused(model, corpus, topic, n, cause):
    with pytest.raises(SettingsError, match=cause):
        model.quotes(corpus, topic, n)
