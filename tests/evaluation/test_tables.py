import numpy as np
import pytest

from topics import evaluation
from topics.errors import TopicsError

THEMES = ["security", "migration", "sport"]


@pytest.fixture
def sorted_articles():
    rng = np.random.default_rng(7)
    truth = rng.random((300, 3)) < [0.4, 0.2, 0.1]
    chance = np.clip(0.35 * truth + 0.6 * rng.random((300, 3)), 0, 1).round(2)
    return truth, chance > 0.5, chance


def row(table, theme, measure):
    return table[(table["theme"] == theme) & (table["measure"] == measure)].iloc[0]


def test_the_table_holds_the_plain_measures_with_intervals_around_them(sorted_articles):
    truth, chosen, chance = sorted_articles
    table = evaluation.scores(truth, chosen, chance, themes=THEMES, n_draws=200)
    assert list(table.columns) == ["theme", "measure", "mean", "low", "high", "n", "note"]
    for name in ("precision", "recall", "f1"):
        plain = getattr(evaluation, name)(truth, chosen)
        assert [row(table, theme, name)["mean"] for theme in THEMES] == pytest.approx(plain)
    for name in ("average_precision", "brier", "brier_skill"):
        plain = getattr(evaluation, name)(truth, chance)
        assert [row(table, theme, name)["mean"] for theme in THEMES] == pytest.approx(plain)
    assert row(table, "*", "macro_f1")["mean"] == pytest.approx(evaluation.macro_f1(truth, chosen))
    assert ((table["low"] <= table["mean"]) & (table["mean"] <= table["high"])).all()
    assert (table["low"] < table["high"]).all()
    assert (table["note"] == "").all()


def test_equal_input_gives_equal_tables(sorted_articles):
    truth, chosen, chance = sorted_articles
    first = evaluation.scores(truth, chosen, chance, n_draws=50)
    assert first.equals(evaluation.scores(truth, chosen, chance, n_draws=50))


def test_a_figure_that_cannot_exist_is_a_gap_that_says_why():
    table = evaluation.scores([[1, 0], [0, 0], [1, 0]], [[1, 0], [1, 0], [1, 0]], themes=["أمن", "هجرة"])
    gap = row(table, "هجرة", "recall")
    assert np.isnan(gap["mean"])
    assert gap["note"] == "no article carries it"
    assert row(table, "*", "macro_f1")["note"].startswith("a theme has no article")
    assert row(table, "أمن", "f1")["note"] == ""


def test_contested_pairs_are_counted_out(sorted_articles):
    truth, chosen, _ = sorted_articles
    contested = np.zeros_like(truth)
    contested[:20, 1] = True
    table = evaluation.scores(truth, chosen, themes=THEMES, leave_out=contested, n_draws=20)
    assert row(table, "migration", "f1")["n"] == 280
    assert row(table, "sport", "f1")["n"] == 300
    assert row(table, "*", "macro_f1")["n"] == 300


def test_blocks_by_source_are_what_the_source_alone_gives(sorted_articles):
    truth, chosen, chance = sorted_articles
    sources = np.array(["الصباح", "الشروق"])[np.arange(300) % 2]
    primary = (["sport"] * 300, ["sport", "none"] * 150)
    table = evaluation.scores(truth, chosen, chance, by=sources, primary=primary, n_draws=50)
    assert list(table["by"].unique()) == ["الشروق", "الصباح"]
    mine = table[table["by"] == "الصباح"].drop(columns="by").reset_index(drop=True)
    alone = evaluation.scores(
        truth[::2], chosen[::2], chance[::2], primary=(["sport"] * 150, ["sport"] * 150), n_draws=50
    )
    assert mine.equals(alone)
    assert row(mine, "*", "primary_accuracy")["mean"] == 1.0


def test_a_source_of_one_article_has_figures_without_interval():
    table = evaluation.scores([[1], [0], [1]], [[1], [0], [0]], by=["a", "b", "b"])
    alone = table[table["by"] == "a"]
    assert alone["mean"].tolist() == [1.0] * 5
    assert alone["low"].isna().all()
    assert (alone["note"] == "one article, or one group of them, has no spread").all()


def test_groups_widen_the_intervals(sorted_articles):
    truth, chosen, _ = (np.repeat(part, 4, axis=0) for part in sorted_articles)
    groups = np.repeat(np.arange(300), 4)
    alone = row(evaluation.scores(truth, chosen), "*", "macro_f1")
    together = row(evaluation.scores(truth, chosen, groups=groups), "*", "macro_f1")
    assert together["high"] - together["low"] > 1.5 * (alone["high"] - alone["low"])


def test_differences_are_paired(sorted_articles):
    truth, chosen, chance = sorted_articles
    worse = chosen.copy()
    worse[:30] = ~worse[:30]
    table = evaluation.differences(
        truth,
        (chosen, worse),
        (chance, chance),
        themes=THEMES,
        primary=(["a"] * 300, ["a"] * 300, ["b"] * 300),
    )
    macro = row(table, "*", "macro_f1")
    assert macro["mean"] == pytest.approx(evaluation.macro_f1(truth, chosen) - evaluation.macro_f1(truth, worse))
    assert macro["low"] > 0
    assert row(table, "sport", "brier")[["mean", "low", "high"]].tolist() == [0.0, 0.0, 0.0]
    assert row(table, "*", "primary_accuracy")["mean"] == 1.0


@pytest.mark.parametrize(
    ("call", "cause"),
    [
        pytest.param(lambda: evaluation.scores([[1], [0]]), "nothing to compare", id="nothing"),
        pytest.param(lambda: evaluation.scores([[1], [0]], [[1], [0]], by=["a"]), "1 entries for 2", id="by"),
        pytest.param(
            lambda: evaluation.scores([[1], [0]], primary=(["a"], ["a"])),
            "1 primary themes for 2",
            id="primary",
        ),
        pytest.param(lambda: evaluation.scores([[1], [0]], [[1], [0]], base_rate=[0.1, 0.2]), "shapes", id="base rate"),
    ],
)
def test_nonsense_is_refused_by_cause(call, cause):
    with pytest.raises(TopicsError, match=cause):
        call()
