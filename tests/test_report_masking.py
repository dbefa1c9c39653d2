"""Numbers that lead to a person are masked in a report when it is asked for, letter for letter."""

from __future__ import annotations

import re

import pytest
from arabic_strategies import arabic_text
from hypothesis import given
from report_pages import THEMES

from topics import Article, report
from topics.report.masking import MASK, masked

HIDDEN = [
    "+212 661-23 45 67",
    "00212661234567",
    "0661234567",
    "06 61 23 45 67",
    "٠٥٥١٢٣٤٥٦٧",
    "huda.alami@example.org",
    "AB123456",
    "K 456789",
    "29001011234567",
]
KEPT = [
    "2024-11-24",
    "24/11/2024",
    "1 000 000",
    "عام 2023 و2024",
    "3,250,000.75",
    "90 دقيقة",
    "G20",
    "covid19",
    "10.5%",
]


@pytest.mark.parametrize("secret", HIDDEN)
def test_what_leads_to_a_person_is_masked(secret):
    shown = masked(f"قال للصحيفة ({secret}) أمس")
    assert not set(re.findall(r"\w", secret)) & set(
        re.findall(r"\w", shown.replace("قال للصحيفة", "").replace("أمس", ""))
    )
    assert shown.count(MASK) == sum(char.isalnum() for char in secret)


@pytest.mark.parametrize("plain", KEPT)
def test_what_counts_or_dates_is_left(plain):
    assert masked(f"قال {plain} أمس") == f"قال {plain} أمس"


def test_a_short_number_is_masked_where_it_is_announced():
    assert masked("الهاتف: 71 234 567 صباحا") == f"الهاتف: {MASK * 2} {MASK * 3} {MASK * 3} صباحا"


@given(arabic_text)
def test_places_in_the_text_stay_what_they_were(text):
    shown = masked(text)
    assert len(shown) == len(text)
    assert all(a == b or b == MASK for a, b in zip(text, shown, strict=True))


def test_a_long_run_of_anything_takes_linear_time():
    for text in ("0" * 300_000, "+1 " * 100_000, "a@" * 100_000, "رقم " * 100_000, "1-" * 200_000):
        assert len(masked(text)) == len(text)


def test_a_report_shows_no_number_when_it_is_told_to_mask():
    article = Article("رقم الهاتف 0661234567 والبريد huda@example.org", title="اتصل على 0522334455", id="a")
    arguments = {
        "title": "r", "themes": THEMES, "articles": [report.ReportArticle(article)], "texts": "full",
        "topics": [{"topic": 0, "name": "x", "terms": [], "quotes": ["اتصلوا على 0612345678"]}],
    }  # fmt: skip
    shown, hidden = report.render(**arguments), report.render(**arguments, mask=True)
    for secret in ("0661234567", "huda@example.org", "0522334455", "0612345678"):
        assert secret in shown
        assert secret not in hidden
