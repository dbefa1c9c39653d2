import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from dated_news import SPORT, SUBJECTS, dated_corpus

from topics import Article, Corpus, TopicModel, studies
from topics.errors import SettingsError

QUICK = {"n_sweeps": 20, "min_df": 2, "learn_phrases": False}


@pytest.fixture(scope="module")
def corpus():
    return dated_corpus()


@pytest.fixture(scope="module")
def model(corpus):
    return TopicModel.train(corpus, 3, **QUICK)


@pytest.fixture(scope="module")
def table(model, corpus):
    return studies.stability(model, corpus, 4)


def topic_with(model, word):
    """The topic that holds most of a word."""
    return int(model.topic_term[:, model.matrix.vocabulary.columns[model.matrix.analyzer(word)[0]]].argmax())


def flags_of(corpus, word, **settings):
    model = TopicModel.train(corpus, 3, **{**QUICK, **settings})
    return studies.stability(model, corpus, 3)["flags"][topic_with(model, word)]


def test_planted_topics_come_back_with_their_intervals(table):
    assert (table["recurrence"] == 1).all()
    assert (table["similarity"] > 0.8).all()
    assert (table["low"] <= table["similarity"]).all()
    assert (table["similarity"] <= table["high"]).all()
    assert (table["recurrence_low"] < 0.6).all()  # four of four runs prove little
    assert table["terms"].between(0, 1).all()
    assert table["share"].sum() == pytest.approx(1)
    assert table["flags"].tolist() == [()] * 3
    assert table.verdict == (
        "Of 3 topics 3 came back in four fifths of 4 runs or more (overlap 0.5) and 0 in one fifth or fewer. "
        "None is flagged."
    )


def test_every_run_is_there(table):
    matches = table.parts["matches"]
    assert matches.shape == (3, 4)
    np.testing.assert_allclose(matches.mean(axis=1), table["similarity"])


def test_it_is_the_same_again_and_another_seed_draws_otherwise(model, corpus, table):
    assert studies.stability(model, corpus, 4).equals(table)
    assert not studies.stability(model, corpus, 4, random_state=9)["similarity"].equals(table["similarity"])


def test_more_topics_than_there_are_come_back_less(corpus, table):
    many = studies.stability(TopicModel.train(corpus, 12, **QUICK), corpus, 3)
    assert many["similarity"].mean() < table["similarity"].mean() - 0.2
    assert many["recurrence"].min() < 1


@pytest.fixture(scope="module")
def little_sport():
    """Thirty articles on sport among a hundred and eighty on the rest, of three newspapers and two years."""
    return [a for n, a in enumerate(dated_corpus(270)) if n % 3 or n < 90]


def about_sport(article):
    return int(article.id[1:]) % 3 == 0


def test_a_topic_of_one_newspaper_is_flagged(little_sport):
    assert flags_of(Corpus(little_sport), SPORT[0]) == ()
    moved = [replace(a, source="الملاعب") if about_sport(a) else a for a in little_sport]
    assert flags_of(Corpus(moved), SPORT[0]) == ("one_source",)


def test_a_story_of_one_week_is_flagged(little_sport):
    week = [
        replace(a, date=dt.date(2023, 5, 1 + n % 7))
        if about_sport(a)
        else replace(a, date=dt.date(2022 + n % 3, 1 + n % 12, 3))
        for n, a in enumerate(little_sport)
    ]
    assert flags_of(Corpus(week), SPORT[0]) == ("one_story",)


def test_a_topic_of_a_few_articles_is_a_story_too(model):
    rest = [a for a in dated_corpus(300, mixed=False) if not about_sport(a)]
    sport = [a for a in dated_corpus(15, mixed=False, seed=3) if about_sport(a)]
    articles = [replace(a, id=None, date=None) for a in (*rest, *sport)]
    table = studies.stability(model, articles, 3)
    assert table["flags"][topic_with(model, SPORT[0])] == ("one_story",)
    assert table["n_articles"][topic_with(model, SPORT[0])] < 30


def test_agency_copy_is_flagged():
    corpus = dated_corpus()
    copied = [a for n, a in enumerate(corpus) if n % 3 == 0][:2]
    copies = [replace(a, id=f"{a.id}-{k}", source=f"صحيفة {k}") for a in copied for k in range(15)]
    rest = [a for n, a in enumerate(corpus) if n % 3]
    assert "copies" in flags_of(Corpus([*copies, *rest]), copied[0].text.split()[0])


def test_words_that_are_everywhere_are_flagged():
    line = " ".join(["قالت المصادر اليوم خلال المدينة العام"] * 8)
    articles = [replace(a, text=f"{a.text}\n{line}") for a in dated_corpus()]
    table = studies.stability(TopicModel.train(Corpus(articles), 3, **QUICK, max_df=1.0, stop_words=None), articles, 3)
    assert any("background" in flags for flags in table["flags"])
    assert "background: " in table.verdict


def test_articles_without_date_and_source_set_no_flag():
    bare = Corpus([Article(text=article.text) for article in dated_corpus()])
    model = TopicModel.train(bare, 3, **QUICK)
    table = studies.stability(model, bare, 3)
    assert (table[["one_source", "copies"]] == 0).all(axis=None)
    assert table["flags"].tolist() == [()] * 3


def test_a_model_read_from_gensim_is_tried_too(model, corpus):
    read = TopicModel.from_gensim(*model.to_gensim(), model.matrix.analyzer)
    assert len(studies.stability(read, corpus, 3)) == len(SUBJECTS)


def test_anchors_pull_in_every_run(corpus):
    themes = {"sport": {"names": {"ar": "رياضة"}, "anchors": SPORT[:4]}}
    anchored = TopicModel.train(corpus, 3, anchors=themes, **QUICK)
    table = studies.stability(anchored, corpus, 3)
    assert table["name"][0] == "رياضة"
    assert table["recurrence"][0] == 1


def test_too_little_is_refused(model, corpus):
    with pytest.raises(SettingsError, match="3 runs"):
        studies.stability(model, corpus, 2)
    with pytest.raises(SettingsError, match="0 articles"):
        studies.stability(model, Corpus([]), 3)
