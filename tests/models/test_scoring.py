from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from small_news import small_corpus

from topics import Article, ThemeModel
from topics.errors import SettingsError
from topics.models.scoring import part_of, score_probabilities, surety, true_primary

KEYS = ["security", "sport"]
THRESHOLDS = np.array([0.5, 0.5])


def article(themes, **extra):
    return Article("نص", themes=themes, extra=extra)


def test_all_measures_are_there_each_with_its_interval():
    scores = ThemeModel.train(small_corpus(), ["security", "sport"]).evaluate(small_corpus())
    for measure in ("precision", "recall", "f1", "average_precision", "brier", "brier_skill", "reliability_slope"):
        assert scores[measure, "sport"].low <= scores[measure, "sport"].high
    for measure in ("macro_f1", "subset_accuracy", "primary_accuracy", "risk_area", "risk_ratio"):
        assert scores[measure].n == len(small_corpus())


def test_the_primary_theme_is_the_column_or_the_only_theme_or_any_of_several():
    articles = [
        article(("security", "sport"), primary="sport"), article(("sport",)), article(()),
        article(("security", "sport")), article(("security",), primary="none"), article(("sport",), primary="war"),
    ]  # fmt: skip
    found = ["security", "security", "none", "sport", "security", "sport"]
    assert true_primary(articles, KEYS, found) == ["sport", "sport", "none", "sport", "none", "sport"]


def test_surety_is_the_probability_of_what_was_decided():
    chances = np.array([[0.9, 0.2], [0.1, 0.2], [0.6, 0.7]])
    assert surety(chances, THRESHOLDS) == pytest.approx([0.9, 0.9 * 0.8, 0.7])


def test_errors_among_the_least_sure_make_a_small_risk_ratio():
    articles = [article(("sport",)) for _ in range(40)]
    sure = np.column_stack([np.full(40, 0.01), np.linspace(0.99, 0.3, 40)])
    scores = score_probabilities(articles, KEYS, sure, THRESHOLDS)
    n_wrong = int((sure[:, 1] < 0.5).sum())
    assert scores["primary_accuracy"].mean == pytest.approx(1 - n_wrong / 40)
    assert scores["risk_ratio"].mean < 0.6
    assert scores["risk_area"].mean == pytest.approx(scores.risk.area.mean)
    assert len(scores.risk.coverage) == 40


def test_where_nothing_is_wrong_there_is_no_ratio_and_it_is_said_why():
    articles = [article(("sport",)), article(("security",))] * 5
    chances = np.array([[0.01, 0.99], [0.99, 0.01]] * 5)
    table = score_probabilities(articles, KEYS, chances, THRESHOLDS).table
    row = table[table.measure == "risk_ratio"].iloc[0]
    assert np.isnan(row["mean"])
    assert row.note == "no article is wrong, so abstaining has nothing to win"


def test_thresholds_may_differ_from_article_to_article():
    articles = [article(("sport",)), article(())]
    chances = np.array([[0.1, 0.4], [0.1, 0.4]])
    scores = score_probabilities(articles, KEYS, chances, np.array([[0.5, 0.3], [0.5, 0.5]]))
    assert scores["subset_accuracy"].mean == 1.0


def test_a_single_article_has_scores_without_a_curve():
    scores = score_probabilities([article(("sport",))], KEYS, np.array([[0.1, 0.9]]), THRESHOLDS)
    assert scores.risk is None
    assert scores["primary_accuracy"].mean == 1.0


@pytest.mark.parametrize(
    ("by", "part"),
    [("source", "أ"), ("year", "2024"), ("date", "2024"), ("month", "2024-03"), ("country", "MA"), ("empty", "none")],
)
def test_an_article_belongs_to_a_part(by, part):
    own = Article("نص", date=dt.date(2024, 3, 5), source="أ", extra={"country": "MA", "empty": None})
    assert part_of(own, by) == part


def test_scores_come_by_month_and_unknown_columns_are_refused():
    corpus = [replace(article, date=dt.date(2024, 1 + k % 2, 1)) for k, article in enumerate(small_corpus())]
    model = ThemeModel.train(small_corpus(), ["security", "sport"])
    parts = model.evaluate(corpus, by="month")
    assert list(parts) == ["2024-01", "2024-02"]
    assert sum(scores["macro_f1"].n for scores in parts.values()) == len(corpus)
    with pytest.raises(SettingsError, match="no column 'shelf'"):
        model.evaluate(corpus, by="shelf")
