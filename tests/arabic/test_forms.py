import unicodedata

import pytest

from topics.arabic import forms
from topics.arabic.analyzer import Analyzer
from topics.arabic.clitics import fold_word

PLAIN = Analyzer(level="none", stop_words=None)


@pytest.mark.parametrize(
    ("source", "want"),
    [
        pytest.param("كتـــاب", "كتاب", id="tatweel"),
        pytest.param("مُحَمَّدٌ", "محمد", id="marks"),
        pytest.param("\ufefb", "لا", id="lam-alef ligature"),
        pytest.param("ﺍﻟﻤﻐﺮﺏ", "المغرب", id="presentation forms"),
        pytest.param("\ufdf2", "الله", id="Allah in one sign"),
        pytest.param("\ufdfc", "ريال", id="rial"),
        pytest.param("ا\u0654حمد", "احمد", id="decomposed hamza"),
        pytest.param("مسو\u0654ول", "مسؤول", id="hamza seats stay"),
        pytest.param("\u0671لله", "الله", id="alef wasla"),
        pytest.param("ٱلرحم\u0670ن", "الرحمن", id="dagger alef"),
        pytest.param("اکادیمیة", "اكاديميه", id="Persian letters"),
        pytest.param("\u06c0", "ه", id="heh with yeh"),
        pytest.param("پوتين", "بوتين", id="peh"),
        pytest.param("گوگل", "غوغل", id="an alias"),
        pytest.param("المغ\u00adرب", "المغرب", id="soft hyphen"),
        pytest.param("له\u06e5", "له", id="small waw"),
        pytest.param("المصرى", "المصري", id="maqsura at the end"),
        pytest.param("مدرسة", "مدرسه", id="teh"),
        pytest.param("أآإ", "ااا", id="alef family"),
        pytest.param("o\u0303\u0651\u0301", "\u1e4d", id="an Arabic mark among Latin accents"),
        pytest.param("İSTANBUL", unicodedata.normalize("NFKC", "İstanbul".replace("İ", "i\u0307")), id="Latin"),
    ],
)
def test_folds_known_spellings(source, want):
    assert PLAIN(source) == [want]


@pytest.mark.parametrize("source", ["\ufdfa", "\ufdfb", "\ufdfd", "\ufe76", "َـ\u200f", "", "\u06dd"])
def test_gives_no_term_where_there_is_no_word(source):
    assert PLAIN(source) == []


@pytest.mark.parametrize(
    ("fold", "want"),
    [
        ((), ["إلغاء", "مسؤولية", "مصطفى"]),
        (("alef",), ["الغاء", "مسؤولية", "مصطفى"]),
        (("teh",), ["إلغاء", "مسؤوليه", "مصطفى"]),
        (("maqsura",), ["إلغاء", "مسؤولية", "مصطفي"]),
        (("hamza_seats",), ["إلغاء", "مسوولية", "مصطفى"]),
    ],
)
def test_every_fold_is_a_switch(fold, want):
    assert Analyzer(level="none", fold=fold, aliases=False)("إلغاء مسؤولية مصطفى") == want


@pytest.mark.parametrize(
    ("keep", "want"),
    [
        ((), ["وصل"]),
        (("year",), ["وصل", "2025"]),
        (("number",), ["وصل", "<NUM>", "<NUM>"]),
        (("number", "year"), ["وصل", "<NUM>", "2025"]),
        (("latin",), ["وصل", "igef"]),
        (("url", "email", "user"), ["وصل", "<URL>", "<EMAIL>", "<USER>"]),
    ],
)
def test_keep_says_what_becomes_a_term(keep, want):
    assert Analyzer(keep=keep)("وصل 12 IGEF 2025 www.a.ma a@b.ma @c") == want


@pytest.mark.parametrize("text", ["الـ", "سيـ", "كالـ", "بـFacebook", "والـGPS"])
def test_a_bare_clitic_is_no_term(text):
    assert Analyzer(stop_words=None, keep=())(text) == []


def test_a_season_is_two_years_and_a_score_is_none():
    analyzer = Analyzer(stop_words=None)
    assert [(token.start, token.end, token.form) for token in analyzer.tokens("2024/2025")] == [
        (0, 4, "2024"),
        (5, 9, "2025"),
    ]
    assert analyzer("3/2") == []


def test_stretched_letters_are_shortened_where_the_word_is_known():
    assert Analyzer()("رااااائع") == ["رائع"]
    assert Analyzer(elongation=False)("رااااائع") == ["رااااائع"]
    assert Analyzer()("الله تتنافس") == ["الله", "تتنافس"]


def test_stop_words_are_tested_before_folding():
    assert Analyzer()("على علي") == ["علي"]


@pytest.mark.parametrize("text", ["15/9/2025", "2025/09/15", "1.2.2020", "١٤٤٦/٩/١", "3/4/21"])
def test_tells_numeric_dates(text):
    assert forms.is_numeric_date(forms.ascii_digits(text))


@pytest.mark.parametrize("text", ["13/15/2025", "192.168.1.1", "2024/2025", "40/1/2020", "1/2", "1.2/2020", "10.20.30"])
def test_tells_what_is_no_date(text):
    assert not forms.is_numeric_date(text)


def test_fold_word_gives_the_spelling_of_the_reference_counts():
    assert fold_word("إدارةى") == "ادارهي"
