import subprocess
import sys

import numpy as np
import pytest
from dated_news import dated_corpus
from small_news import small_corpus

from topics import studies
from topics.errors import SettingsError
from topics.studies.n_topics import MEASURES, best, in_words, listed, tied

QUICK = {"n_sweeps": 15, "min_df": 2, "learn_phrases": False}


@pytest.fixture(scope="module")
def corpus():
    return dated_corpus()


@pytest.fixture(scope="module")
def table(corpus):
    return studies.choose_n_topics(corpus, [2, 3, 6], 3, **QUICK)


def test_every_number_has_every_measure_with_an_interval(table):
    assert table.columns.tolist() == ["n_topics", "measure", "mean", "low", "high", "n", "tied"]
    assert len(table) == 3 * len(MEASURES)
    assert (table["low"] <= table["mean"]).all()
    assert (table["mean"] <= table["high"]).all()
    assert set(table["n"]) == {3}
    assert np.isfinite(table[["mean", "low", "high"]].to_numpy()).all()


def test_the_best_is_among_those_that_cannot_be_told_from_it(table):
    for measure, rows in table.groupby("measure"):
        top = rows["mean"].idxmin() if measure == "perplexity" else rows["mean"].idxmax()
        assert rows["tied"][top]


def test_the_number_that_was_planted_comes_back_most(table):
    stable = table[table["measure"] == "stability"].set_index("n_topics")["mean"]
    assert stable[3] > 0.8 > stable[6]


def test_every_run_is_there_and_the_figures_are_their_means(table):
    runs = table.parts["runs"]
    assert len(runs) == 3 * len(MEASURES) * 3
    means = runs.groupby(["n_topics", "measure"])["value"].mean()
    for row in table.itertuples():
        assert row.mean == pytest.approx(means[row.n_topics, row.measure])


def test_the_verdict_is_in_words(table):
    assert table.verdict.startswith("Held-out perplexity is lowest at ")
    assert "Stability is highest at 3" in table.verdict
    assert table.verdict in repr(table)
    assert "Stability is highest" in table._repr_html_()


def test_it_is_the_same_in_another_process(table):
    code = (
        "from dated_news import dated_corpus; from topics import studies;"
        f"print(studies.choose_n_topics(dated_corpus(), [2, 3, 6], 3, n_jobs=2, **{QUICK!r}).to_json())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True,
        env={"PYTHONPATH": "tests/support", "PYTHONHASHSEED": "7", "PATH": ""},
    )  # fmt: skip
    assert done.stdout.strip() == table.to_json()
    assert done.stderr == ""


def test_what_the_held_out_articles_say_does_not_reach_the_training(corpus, monkeypatch):
    from topics.features.vectorizer import TermVectorizer

    seen = []
    fit = TermVectorizer.fit_transform
    monkeypatch.setattr(
        TermVectorizer,
        "fit_transform",
        lambda self, articles, y=None: seen.append(list(articles)) or fit(self, articles),
    )
    studies.choose_n_topics(corpus, [2], 3, **QUICK)
    assert len(seen) == 1  # the text is analysed once
    assert len(seen[0]) == 72


ANCHORS = {
    "security": {"anchors": ["الشرطة", "المتهم", "السجن", "العصابة"]},
    "sport": {"anchors": ["المنتخب", "المباراة", "البطولة", "اللاعب"]},
}


@pytest.fixture(scope="module")
def anchored():
    return studies.choose_n_topics(small_corpus(), [2, 4], 3, anchors=ANCHORS, **QUICK)


def test_with_anchors_every_training_has_the_same_first_topics(anchored):
    free = studies.choose_n_topics(small_corpus(), [2, 4], 3, **QUICK)
    assert np.isfinite(anchored[["mean", "low", "high"]].to_numpy()).all()
    assert anchored.verdict.endswith("In every training anchors pulled the first 2 topics; the others were free.")
    assert "anchors" not in free.verdict
    stable = {name: table.query("n_topics == 2 and measure == 'stability'")["mean"].item()
              for name, table in (("anchored", anchored), ("free", free))}  # fmt: skip
    assert stable["anchored"] >= stable["free"]


@pytest.mark.parametrize(
    ("anchors", "grid", "cause"),
    [
        (ANCHORS, [1, 4], "2 themes cannot be anchored in 1 topics"),
        ({"security": []}, [4], "no anchors to pull"),
        ({"security": {"anchors": ["زرافة"]}}, [4], "no anchor of 'security' is a term"),
    ],
)
def test_anchors_that_cannot_pull_are_refused(anchors, grid, cause):
    with pytest.raises(SettingsError, match=cause):
        studies.choose_n_topics(small_corpus(), grid, 3, anchors=anchors, **QUICK)


@pytest.mark.parametrize(
    ("grid", "n_runs", "settings", "cause"),
    [
        ([], 3, {}, "from 1 on"),
        ([0, 4], 3, {}, "from 1 on"),
        ([2], 2, {}, "3 runs"),
        ([2], 3, {"sweeps": 3}, "did you mean n_sweeps"),
    ],
)
def test_what_cannot_be_meant_is_refused(corpus, grid, n_runs, settings, cause):
    with pytest.raises(SettingsError, match=cause):
        studies.choose_n_topics(corpus, grid, n_runs, **settings)


def test_one_topic_alone_is_a_grid_too(corpus):
    table = studies.choose_n_topics(corpus, [1], 3, **QUICK)
    assert np.isfinite(table[["mean", "low", "high"]].to_numpy()).all()
    assert table.verdict == "Only 1 was tried, so there is nothing to tell apart."


def test_numbers_are_compared_run_by_run():
    # Each run favours 3 by the same step: told apart, however far the runs lie from each other.
    values = {2: [1.0, 5.0, 9.0], 3: [2.0, 6.1, 9.9]}
    assert best([2, 3], values, "npmi") == 3
    assert tied([2, 3], values, "npmi", 0.95) == {3}
    assert tied([2, 3], {2: [1.0, 5.0, 9.0], 3: [2.0, 4.5, 9.9]}, "npmi", 0.95) == {2, 3}
    assert best([2, 3], {2: [1.0], 3: [1.0]}, "perplexity") == 2


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [({8, 12, 16}, "8 to 16"), ({8, 12}, "8 and 12"), ({8, 16, 20}, "8, 16 and 20"), ({8}, "8")],
)
def test_neighbours_in_the_grid_are_a_range(chosen, shown):
    assert listed([8, 12, 16, 20], chosen) == shown


def test_the_last_sentence_weighs_all_four():
    ties = {measure: {2, 3} for measure in ("perplexity", "npmi", "c_v", "stability")}
    tops = dict.fromkeys(ties, 3)
    assert in_words([2, 3], ties, tops).endswith("By all four, 2 and 3 cannot be told apart; 2 is the simplest.")
    assert in_words([2, 3], ties | {"npmi": {3}}, tops).endswith("By all four, 3 is as good as any.")
    assert "No number is good by all four" in in_words([2, 3], ties | {"npmi": {3}, "c_v": {2}}, tops)
