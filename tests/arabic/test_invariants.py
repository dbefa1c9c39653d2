"""What holds of every text: ARABIC section 2 of the specification, over all the alphabets."""

import subprocess
import sys
import time
import unicodedata

import pytest
import regex
from arabic_strategies import arabic_text
from hypothesis import given, settings

from topics.arabic.analyzer import Analyzer
from topics.arabic.batch import BatchAnalyzer

ANALYZERS = {
    "default": Analyzer(),
    "none": Analyzer(level="none", stop_words=None),
    "light with everything kept": Analyzer(
        level="light", keep=("number", "year", "date", "url", "email", "user", "latin")
    ),
    "phrases": Analyzer(stop_words=None, phrases=(("M09", "2025"), ("مغرب", "امن"), ("عبد", "لطيف"))),
    "nothing folded": Analyzer(fold=(), months=False, aliases=False, elongation=False),
    "lucene": Analyzer.lucene_light10(),
}
PLAIN = Analyzer(level="none", stop_words=None, months=False, aliases=False, keep=("year", "latin"))
EXAMPLES = 300


@pytest.fixture(params=ANALYZERS, scope="module")
def analyzer(request):
    return ANALYZERS[request.param]


def check_spans(analyzer, text):
    tokens = analyzer.tokens(text)
    last = 0
    for start, end, form in tokens:
        assert last <= start < end <= len(text)
        assert form
        last = end
    borders = {0, *(match.end() for match in regex.finditer(r"\X", text))}
    for start, end, _ in tokens:
        if not any("\ud800" <= char <= "\udfff" for char in text):
            assert start in borders
            assert end in borders


def check_ways_agree(analyzer, text):
    forms = [token.form for token in analyzer.tokens(text)]
    assert analyzer(text) == forms
    batch = BatchAnalyzer(analyzer)
    terms = batch.read([text, "", text])
    both = [batch.forms[number] for number in terms.ids]
    assert both == forms + forms
    assert terms.places.tolist() == [0, len(forms), len(forms), 2 * len(forms)]


def check_normal_forms_agree(text):
    assert PLAIN(unicodedata.normalize("NFC", text)) == PLAIN(unicodedata.normalize("NFD", text))


def check_forms_are_final(text):
    for form in PLAIN(text):
        assert PLAIN(form) == [form]


@settings(max_examples=EXAMPLES, deadline=None)
@given(text=arabic_text)
def test_spans_increase_and_never_split_a_grapheme(text):
    for analyzer in ANALYZERS.values():
        check_spans(analyzer, text)


@settings(max_examples=EXAMPLES, deadline=None)
@given(text=arabic_text)
def test_the_call_the_tokens_and_the_compiled_scan_agree(text):
    for analyzer in ANALYZERS.values():
        check_ways_agree(analyzer, text)


@settings(max_examples=EXAMPLES, deadline=None)
@given(text=arabic_text)
def test_composed_and_decomposed_text_give_equal_forms(text):
    check_normal_forms_agree(text)


@settings(max_examples=EXAMPLES, deadline=None)
@given(text=arabic_text)
def test_the_form_of_a_form_is_itself(text):
    check_forms_are_final(text)


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None)
@given(text=arabic_text)
def test_every_invariant_on_ten_thousand_texts(text):
    check_spans(ANALYZERS["default"], text)
    check_spans(ANALYZERS["phrases"], text)
    check_ways_agree(ANALYZERS["light with everything kept"], text)
    check_ways_agree(ANALYZERS["phrases"], text)
    check_normal_forms_agree(text)
    check_forms_are_final(text)


LINEAR = {
    "tatweel": "\u0640" * 10**6,
    "marks": "\u064e" * 10**6,
    "sallallahu": "\ufdfa" * 10**6,
    "marks on one letter": "ا" + "\u064e" * 10**5,
    "tatweel inside a word": ("ا" + "\u0640" * 1000) * 1000,
    "points": "a." * 500_000,
    "brackets": "(" * 10**6,
    "addresses": "a@" * 500_000,
    "digits and joiners": "1\u200b" * 500_000,
    "number signs": "\u0600" * 10**6,
    "hyphens": "a-" * 500_000,
    "points after www": "www." + "." * 10**6,
    "one word": "ا" * 10**6,
    "months": "مارس " * 200_000,
}


@pytest.mark.parametrize("name", LINEAR)
def test_a_megabyte_of_one_thing_is_read_in_linear_time(name):
    # A quadratic pattern needs minutes here; the ceiling is generous and decides nothing else.
    began = time.perf_counter()
    ANALYZERS["none"].tokens(LINEAR[name])
    Analyzer(stop_words=None)(LINEAR[name])
    assert time.perf_counter() - began < 30


def test_the_terms_do_not_depend_on_the_hash_seed():
    code = "from topics import Analyzer; print(Analyzer()('وقال وزير الداخلية يوم 15 شتنبر 2025 إن 12 مهاجرا وصلوا إلى سبتة').__repr__())"
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "random")
    }
    assert len(printed) == 1
