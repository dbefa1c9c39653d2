"""What holds of every text: ARABIC section 2 of the specification, over all the alphabets."""

import subprocess
import sys
import time

import pytest
from arabic_invariants import (
    ANALYZERS,
    check_forms_are_final,
    check_normal_forms_agree,
    check_spans,
    check_ways_agree,
)
from arabic_strategies import arabic_text
from hypothesis import given, settings

from topics.arabic.analyzer import Analyzer

EXAMPLES = 300


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
    "a gap in a date": "15" + " " * 500_000 + "! مارس" + "\u200f" * 500_000 + "!2025",
    "a gap in a month": "كانون" + "\u0640 " * 250_000 + "!الثاني",
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
