from dataclasses import replace

import numpy as np
import pytest
from dated_news import SPORT, dated_corpus

from topics import Article, Corpus, TopicModel, studies
from topics.errors import SettingsError


@pytest.fixture(scope="module")
def corpus():
    """Sport in the first year only, and in one newspaper more than in the others."""
    kept = [a for n, a in enumerate(dated_corpus(180)) if n % 3 or a.date.year == 2023]
    return Corpus(kept)


@pytest.fixture(scope="module")
def model(corpus):
    return TopicModel.train(corpus, 3, n_sweeps=30, min_df=2, learn_phrases=False)


def sport_of(model):
    return int(model.topic_term[:, model.matrix.vocabulary.columns[model.matrix.analyzer(SPORT[0])[0]]].argmax())


def shares(table, topic):
    return table[table["topic"] == topic].set_index("part")["share"]


def test_shares_are_the_means_of_the_mixtures(model, corpus):
    table = studies.topic_prevalence(model, corpus, by="year")
    mixtures = model.mixtures(corpus).iloc[:, 2:].to_numpy()
    years = np.array([a.date.year for a in corpus])
    for row in table.itertuples():
        assert row.share == pytest.approx(mixtures[years == int(row.part), row.topic].mean())
        assert 0 <= row.low <= row.share <= row.high <= 1
        assert row.n == (years == int(row.part)).sum()
    assert table.groupby("part")["share"].sum().to_numpy() == pytest.approx([1, 1])


def test_a_topic_that_ends_is_seen_to_end(model, corpus):
    table = studies.topic_prevalence(model, corpus, by="year")
    sport = table[table["topic"] == sport_of(model)].set_index("part")
    assert sport["low"]["2023"] > sport["high"]["2024"]
    assert "shares by year differ from the topic's share over all" in table.verdict


def test_differences_are_against_one_part_with_intervals_of_their_own(model, corpus):
    plain = shares(studies.topic_prevalence(model, corpus, by="year"), sport_of(model))
    table = studies.topic_prevalence(model, corpus, by="year", versus="2023")
    row = table[table["topic"] == sport_of(model)].iloc[0]
    assert set(table["part"]) == {"2024"}
    assert row["share"] == pytest.approx(plain["2024"] - plain["2023"])
    assert row["high"] < 0


def test_what_is_controlled_is_held_at_its_mean(model):
    # One newspaper prints all of the first year's sport: years differ only because newspapers do.
    articles = [
        replace(a, source="الملاعب" if n % 3 == 0 else f"صحيفة {n % 2}", date=a.date.replace(year=2023 + (n % 3 == 0 and n % 5 > 0)))
        for n, a in enumerate(dated_corpus(180))
    ]  # fmt: skip
    sport = sport_of(model)
    alone = shares(studies.topic_prevalence(model, articles, by="year"), sport)
    held = shares(studies.topic_prevalence(model, articles, by="year", control="source"), sport)
    assert abs(held["2024"] - held["2023"]) < 0.1 < abs(alone["2024"] - alone["2023"])


def test_intervals_are_wider_than_if_mixtures_were_known(model, corpus):
    short = [replace(a, text=" ".join(a.text.split()[:4])) for a in corpus]
    table = studies.topic_prevalence(model, short, by="year", n_draws=1000).set_index(["part", "topic"])
    mixtures = model.mixtures(short).iloc[:, 2:].to_numpy()
    years = np.array([str(a.date.year) for a in short])
    errors = mixtures.copy()
    for year in set(years):
        errors[years == year] -= mixtures[years == year].mean(axis=0)
    deviation = np.sqrt((errors**2).sum(axis=0) / (len(short) - 2))
    known = [2 * 1.96 * deviation[topic] / np.sqrt((years == part).sum()) for part, topic in table.index]
    assert ((table["high"] - table["low"]) / known).mean() > 1.04


def test_it_is_the_same_again_and_by_any_column(model, corpus):
    table = studies.topic_prevalence(model, corpus, by="desk")
    assert table.equals(studies.topic_prevalence(model, list(corpus), by="desk"))
    assert set(table["part"]) == {"أ", "ب"}
    assert set(studies.topic_prevalence(model, corpus)["part"]) == {f"{a.date:%Y-%m}" for a in corpus}


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ({"by": "desk", "versus": "ج"}, "no article is of 'ج'"),
        ({"by": "month", "control": "month"}, "one decides the other"),
        ({"by": "colour"}, "no column 'colour'"),
    ],
)
def test_what_cannot_be_told_is_refused(model, corpus, options, cause):
    with pytest.raises(SettingsError, match=cause):
        studies.topic_prevalence(model, corpus, **options)


def test_as_many_parts_as_articles_are_refused(model, corpus):
    with pytest.raises(SettingsError, match="choose larger parts"):
        studies.topic_prevalence(model, list(corpus)[:1], by="month")
    with pytest.raises(SettingsError, match="0 articles"):
        studies.topic_prevalence(model, [], by="month")


def test_prevalence_asks_for_topics_where_it_is_given_them(model, corpus):
    table = studies.prevalence(model, corpus, by="year")
    assert table.equals(studies.topic_prevalence(model, corpus, by="year"))
    whole = studies.prevalence(model, corpus, by=None)
    assert set(whole["part"]) == {"*"}
    assert whole["share"].sum() == pytest.approx(1)
    assert whole.verdict == ""
    with pytest.raises(SettingsError, match="leave checked out"):
        studies.prevalence(model, corpus, checked=corpus)


def test_articles_without_a_date_are_a_part(model, corpus):
    articles = [*corpus, *(Article(text=a.text) for a in list(corpus)[:5])]
    assert "none" in set(studies.topic_prevalence(model, articles, by="year")["part"])
