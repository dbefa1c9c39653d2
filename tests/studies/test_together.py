from dataclasses import replace

import numpy as np
import pytest
from dated_news import SPORT, dated_corpus

from topics import Article, Corpus, TopicModel, studies
from topics.errors import SettingsError


@pytest.fixture(scope="module")
def corpus():
    """Of four topics two always stand together in an article."""
    plain = dated_corpus(60, mixed=False)
    weather = "الطقس الرياح الحرارة الضباب الثلوج السماء الغيوم الرطوبة العواصف الشتاء"
    return Corpus([replace(a, text=f"{a.text}\n{weather} {weather}") if n % 3 == 2 else a for n, a in enumerate(plain)])


@pytest.fixture(scope="module")
def model(corpus):
    return TopicModel.train(corpus, 4, n_sweeps=40, min_df=2, learn_phrases=False)


def test_correlations_are_those_of_the_log_ratios(model, corpus):
    table = studies.correlations(model, corpus)
    log = np.log(model.mixtures(corpus).iloc[:, 2:].to_numpy())
    want = np.corrcoef(log - log.mean(axis=1, keepdims=True), rowvar=False)
    for row in table.itertuples():
        assert row.correlation == pytest.approx(want[row.a, row.b])
        assert row.low <= row.correlation <= row.high
    assert table[["a", "b"]].to_numpy().tolist() == [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]


def test_what_lies_beyond_unrelated_topics_is_marked_and_told(model, corpus):
    table = studies.correlations(model, corpus)
    chance = -1 / 3
    want = [1 if row.low > chance else -1 if row.high < chance else 0 for row in table.itertuples()]
    assert table["related"].tolist() == want
    assert {-1, 0, 1} & set(want)
    assert table.verdict.startswith("Unrelated topics would correlate by -0.33. Of 6 pairs ")


def test_it_is_the_same_again(model, corpus):
    assert studies.correlations(model, corpus).equals(studies.correlations(model, corpus))


def test_copies_are_drawn_together(model, corpus):
    doubled = Corpus([*corpus, *(replace(a, id=f"{a.id}-2") for a in corpus)])
    assert set(studies.correlations(model, doubled)["n"]) == set(studies.correlations(model, corpus)["n"])


def test_too_little_is_refused(model, corpus):
    alone = TopicModel.train(corpus, 1, n_sweeps=5, min_df=2)
    with pytest.raises(SettingsError, match="1 topics"):
        studies.correlations(alone, corpus)
    with pytest.raises(SettingsError, match="1 articles"):
        studies.correlations(model, [corpus[0]])
    with pytest.raises(SettingsError, match="copies of one text"):
        studies.correlations(model, [Article(text=" ".join(SPORT), id=str(k)) for k in range(3)])
