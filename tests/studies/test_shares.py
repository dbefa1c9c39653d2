from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from small_news import small_corpus

from topics import Article, Corpus, ThemeModel
from topics.errors import SettingsError
from topics.studies import prevalence

THEMES = ["security", "migration", "sport"]


@pytest.fixture(scope="module")
def model():
    return ThemeModel.train(small_corpus(), THEMES)


@pytest.fixture(scope="module")
def articles():
    dated = [
        replace(article, date=dt.date(2024, 1 + k % 2, 1), themes=None, source=f"جريدة {k % 3}")
        for k, article in enumerate(small_corpus())
    ]
    return Corpus([*dated, Article("بلا تاريخ", id="x")])


def test_counts_are_those_of_the_sorting_by_month_and_in_all(model, articles):
    table = prevalence(model, articles)
    assert list(dict.fromkeys(table.part)) == ["2024-01", "2024-02", "none", "*"]
    rows = model.sort(articles)
    for row in table.itertuples():
        inside = [a.date is not None and f"{a.date:%Y-%m}" == row.part for a in articles]
        own = rows if row.part == "*" else rows[inside] if row.part != "none" else rows[-1:]
        assert row.n == len(own)
        assert row.raw == pytest.approx(np.mean([row.theme in given for given in own.themes]))
        assert row.raw_low <= row.raw <= row.raw_high
    assert table.adjusted.isna().all()
    assert (table.note == "no checked sample").all()


def test_a_checked_sample_corrects_the_count(model, articles):
    checked = [replace(article, date=dt.date(2024, 1, 1)) for article in small_corpus()[::2]]
    table = prevalence(model, articles, checked=checked)
    whole = table[table.part == "*"]
    assert whole.adjusted.notna().all()
    assert (whole.n_checked == 48).all()
    assert (whole.inferred_low <= whole.inferred).all()
    later = table[table.part == "2024-02"]
    assert later.inferred.isna().all()
    assert later.note.str.contains("0 checked articles in this part, 20 are needed").all()
    assert later.adjusted.notna().all()


@pytest.mark.parametrize("by", ["source", "year", None, "desk"])
def test_parts_are_sources_years_columns_or_none(model, articles, by):
    table = prevalence(model, articles[:96], by=by)
    parts = {"source": 3, "year": 1, None: 1, "desk": 3}[by]
    assert table.part.nunique() == parts + 1


def test_contested_pairs_do_not_correct(model, articles):
    checked = [replace(article, extra={"contested": ["sport"]}) for article in small_corpus()]
    table = prevalence(model, articles, by=None, checked=checked)
    assert table[table.theme == "sport"].adjusted.isna().all()
    assert table[table.theme == "security"].adjusted.notna().all()


def test_what_cannot_be_counted_is_refused(model):
    with pytest.raises(SettingsError, match="no article to count"):
        prevalence(model, [])
    with pytest.raises(SettingsError, match="no checked article has themes"):
        prevalence(model, [Article("نص")], by=None, checked=[Article("نص")])
