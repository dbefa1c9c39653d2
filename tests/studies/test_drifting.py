from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ks_2samp
from small_news import small_corpus

from topics import Article, ThemeModel
from topics.errors import SettingsError
from topics.studies import drift


def table(unlike, sport):
    return pd.DataFrame({"unlike": unlike, "themes": [["sport"] if one else [] for one in sport]})


def test_the_same_kind_of_articles_drifts_in_one_draw_of_fifty_at_most(seed):
    """Level .01 for both comparisons together: of 100 draws, more than 5 would happen once in 200."""
    rng = np.random.default_rng(seed)
    draws = [
        drift(table(rng.beta(2, 8, 300), rng.random(300) < 0.2), table(rng.beta(2, 8, 300), rng.random(300) < 0.2))
        for _ in range(100)
    ]
    assert sum(map(bool, draws)) <= 2


def test_more_new_words_and_another_share_are_told_in_one_line(seed):
    rng = np.random.default_rng(seed)
    found = drift(table(rng.beta(2, 8, 300), rng.random(300) < 0.1), table(rng.beta(4, 6, 300), rng.random(300) < 0.4))
    assert found.table.what.tolist() == ["unlike", "sport"]
    assert found.table.drifted.all()
    line = found.line("old.csv")
    assert line.startswith("these articles differ from old.csv: unlike 0.")
    assert "sport " in line
    assert "\n" not in line


def test_a_change_too_small_to_matter_is_not_told():
    n = 40_000
    before, now = table([0.2] * n, [k % 10 == 0 for k in range(n)]), table([0.2] * n, [k % 8 == 0 for k in range(n)])
    found = drift(before, now)
    assert found.table.p.iloc[1] < 1e-6
    assert not found
    assert found.line("x") is None


def test_fewer_than_twenty_articles_are_not_compared():
    assert drift(table([0.1] * 500, [0] * 500), table([0.9] * 19, [1] * 19)).table.empty


def test_the_distance_is_that_of_kolmogorov_and_smirnov(seed):
    rng = np.random.default_rng(seed)
    before, now = rng.beta(2, 8, 400), rng.beta(3, 8, 250)
    row = drift(table(before, [0] * 400), table(now, [0] * 250)).table.iloc[0]
    want = ks_2samp(before, now, method="asymp")
    assert row.difference == pytest.approx(want.statistic, abs=0.02)  # of bins that are .005 wide
    assert row.before == pytest.approx(before.mean(), abs=0.003)


def test_a_model_knows_how_unlike_its_own_articles_were():
    corpus = small_corpus()
    model = ThemeModel.train(corpus, ["security", "migration", "sport"])
    assert model.unlike_counts.sum() == len(corpus)
    strange = model.sort([Article("كلمات غريبة لم يرها أحد من قبل قط", id=str(k)) for k in range(30)])
    found = drift(model, strange)
    assert found.table.what.tolist() == ["unlike"]
    assert found


def test_only_sorted_tables_and_models_are_compared():
    with pytest.raises(SettingsError, match="is compared, not int"):
        drift(1, 2)
