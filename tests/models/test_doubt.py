from __future__ import annotations

import numpy as np
import pytest
from small_news import small_corpus

from topics import Article, ThemeModel
from topics.errors import SettingsError
from topics.models.doubt import Doubt

THEMES = ["security", "migration", "sport"]


@pytest.fixture(scope="module")
def model():
    return ThemeModel.train(small_corpus(), THEMES)


def row(model, unlike=0.1, **probabilities):
    return {**dict.fromkeys(THEMES, 0.0), **probabilities, "unlike": unlike}


def test_a_row_near_a_threshold_is_unsure_and_says_of_which_theme(model):
    threshold = float(model.thresholds[2])
    reason = Doubt(model).reason(row(model, sport=threshold - 0.01))
    assert reason == f"near a threshold: sport {threshold - 0.01:.2f}, given from {threshold:.2f}"
    assert Doubt(model).reason(row(model, sport=0.99)) is None


def test_more_chance_allowed_means_fewer_unsure_rows(model):
    doubtful = row(model, sport=0.2, security=0.2)
    assert Doubt(model, 0.3).reason(doubtful) is not None
    assert Doubt(model, 0.5).reason(doubtful) is None


def test_an_article_of_words_that_are_new_is_unsure(model):
    strange = next(iter(model.rows([Article("كلمات غريبة لم يرها أحد من قبل قط")])))
    assert strange["unlike"] == 1.0
    assert "100% of its words are new" in Doubt(model, 1.0).reason(strange)


def test_what_training_articles_were_is_not_too_unlike(model):
    """Where the model's own articles were further off than half, the bar lies higher."""
    far = ThemeModel(**{**vars(model), "unlike_counts": np.eye(200)[160] * 50})
    assert Doubt(far).most_unlike == pytest.approx(0.805)
    assert Doubt(far, 1.0).reason(row(far, unlike=0.7)) is None
    untaught = ThemeModel(**{**vars(model), "unlike_counts": np.zeros(200)})
    assert Doubt(untaught).most_unlike == 0.5


@pytest.mark.parametrize("unsure", [-0.1, 1.5])
def test_a_chance_lies_within_0_and_1(model, unsure):
    with pytest.raises(SettingsError, match="from 0 to 1"):
        Doubt(model, unsure)
