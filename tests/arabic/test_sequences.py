"""Dates, months in company, aliases of several words, era signs and phrases."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.arabic.analyzer import Analyzer
from topics.arabic.batch import BatchAnalyzer

DATED = [
    line
    for line in (Path(__file__).parent / "dates.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def test_the_table_of_dates_is_large_enough():
    assert sum("[" in line for line in DATED) >= 120


@pytest.mark.parametrize("line", DATED)
def test_a_date_is_one_token_with_its_span(line):
    text = line.replace("[", "").replace("]", "")
    start = line.find("[")
    want = [] if start < 0 else [text[start : line.index("]") - 1]]
    got = [text[token.start : token.end] for token in Analyzer(keep=("date",)).tokens(text) if token.form == "<DATE>"]
    assert got == want


@pytest.mark.parametrize("line", [line for line in DATED if "[" in line])
def test_without_dates_kept_a_date_falls_into_its_parts(line):
    text = line.replace("[", "").replace("]", "")
    assert "<DATE>" not in Analyzer()(text)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("في 3 مارس", ["M03"], id="beside a day"),
        pytest.param("مارس 2020", ["M03", "2020"], id="beside a year"),
        pytest.param("شهر ماي", ["شهر", "M05"], id="after the word month"),
        pytest.param("مارس ضغوطا", ["مارس", "ضغوطا"], id="a verb"),
        pytest.param("تيريزا ماي", ["تيريزا", "ماي"], id="a name"),
        pytest.param("شتنبر", ["M09"], id="Moroccan"),
        pytest.param("وسبتمبر", ["M09"], id="behind a conjunction"),
        pytest.param("جويلية وأوت", ["M07", "M08"], id="beside another month"),
        pytest.param("تشرين الثاني", ["M11"], id="of two words"),
        pytest.param("ماي\n2020", ["ماي", "2020"], id="a line between"),
        pytest.param("عام 2025م", ["2025"], id="the era sign goes with its year"),
        pytest.param("20م", ["م"], id="metres stay"),
        pytest.param("1446 هـ", [], id="Hijri sign"),
    ],
)
def test_months_are_one_key_in_company_only(text, want):
    assert [form for form in Analyzer()(text) if form != "عام"] == want


@pytest.mark.parametrize("text", ["كوفيد-19", "كوفيد 19", "كوفيد19", "كوفيد ١٩", "بكوفيد-19"])
def test_an_alias_of_two_words_is_one_key(text):
    assert Analyzer()(text) == ["كوفيد_19"]


def test_a_phrase_spans_its_words():
    analyzer = Analyzer(level="none", stop_words=None, phrases=(("كاس", "العالم"),))
    text = "فاز بكأس ثم كَأْس العالَم"
    token = analyzer.tokens(text)[-1]
    assert token.form == "كاس_العالم"
    assert text[token.start : token.end] == "كَأْس العالَم"


def test_the_longest_phrase_wins():
    analyzer = Analyzer(level="none", stop_words=None, phrases=(("كاس", "امم"), ("كاس", "امم", "افريقيا")))
    assert analyzer("كأس أمم أفريقيا") == ["كاس_امم_افريقيا"]


def test_a_phrase_does_not_cross_punctuation_or_a_dropped_word():
    analyzer = Analyzer(level="none", phrases=(("كاس", "العالم"),))
    assert analyzer("كأس، العالم") == ["كاس", "العالم"]
    assert analyzer("كأس في العالم") == ["كاس", "العالم"]


def test_abd_and_its_name_are_one_where_phrases_are_on():
    assert Analyzer(level="none", phrases=(("ا", "ب"),))("عبد اللطيف") == ["عبد_اللطيف"]
    assert Analyzer(level="none")("عبد اللطيف") == ["عبد", "اللطيف"]


@pytest.mark.parametrize("text", ["أبو ظبي", "أبوظبي", "ابو ظبى", "أبو-ظبي", "بأبو ظبي", "وأبوظبي", "أَبُو ظَبْي"])
def test_a_name_written_as_one_word_or_two_is_one_key(text):
    assert Analyzer()(text) == ["ابوظبي"]
    assert Analyzer(fold=())(text) == ["أبوظبي"]


COMPANY = [
    "أبو",
    "ظبي",
    "مارس",
    "ماي",
    "م",
    "3",
    "2020",
    "شهر",
    "كانون",
    "الثاني",
    "و",
    "خبر",
    "-",
    "/",
    "\n",
    "",
    "15-9",
]


@given(words=st.lists(st.sampled_from(COMPANY), max_size=30))
def test_what_stands_beside_a_word_counts_alike_in_a_call_in_tokens_and_in_a_batch(words):
    text = " ".join(words)
    for analyzer in (Analyzer(stop_words=None), Analyzer(stop_words=None, keep=("date", "year"))):
        forms = [token.form for token in analyzer.tokens(text)]
        assert analyzer(text) == forms
        batch = BatchAnalyzer(analyzer)
        assert [batch.forms[number] for number in batch.read([text]).ids] == forms


@given(words=st.lists(st.sampled_from(COMPANY), max_size=12))
def test_no_rule_holds_where_neither_neighbour_is_company(words):
    sequences = Analyzer(stop_words=None).sequences
    read = Analyzer(stop_words=None)._read(" ".join(words))
    company = [False, *map(sequences.company, read.units), False]
    for at in read.merges():
        assert company[at] or company[at + 2]
