import numpy as np
import pytest
from arabic_strategies import arabic_text
from hypothesis import given
from hypothesis import strategies as st

from topics.arabic import words
from topics.arabic.analyzer import Analyzer, default_frequencies
from topics.arabic.batch import BatchAnalyzer, batch_analyzer
from topics.arabic.scan import KINDS, Scanner

TEXTS = ["وصل الوزيرُ إلى المغـــرب يوم 3 مارس", "", "كأس العالم 2030، كأس العالم", "COVID www.a.ma ١٢٫٥٪"]


@given(text=arabic_text)
def test_the_compiled_scan_finds_what_the_plain_reference_finds(text):
    scanner = Scanner()
    scanned = scanner.scan(["نص", text])
    first = scanned.places[1]
    got = [
        (start, end, *scanner.spelling(number)[2:])
        for start, end, number in zip(scanned.starts[first:], scanned.ends[first:], scanned.ids[first:], strict=True)
    ]
    assert got == [(span.start, span.end, span.kind, span.key) for span in words.spans(text)]


def test_a_spelling_keeps_its_number_when_the_memory_grows():
    scanner = Scanner()
    before = scanner.scan(["سمك لبن تمر"]).ids
    scanner.scan([" ".join(f"w{number}x" for number in range(100_000))])
    assert len(scanner) == 100_003
    assert np.array_equal(scanner.scan(["سمك لبن تمر"]).ids, before)
    assert scanner.spelling(2).key == "تمر"


def test_one_spelling_may_be_larger_than_the_memory():
    scanner = Scanner()
    long = "ب" * 1_000_000
    scanned = scanner.scan([long])
    assert scanner.spelling(int(scanned.ids[0])).key == long


def test_kinds_are_those_of_the_reference():
    assert set(KINDS) == set(words.pattern().groupindex)


def test_merged_words_are_shown_as_they_were_written():
    batch = BatchAnalyzer(Analyzer(phrases=(("كاس", "عالم"),)))
    terms = batch.read(TEXTS, sources=True)
    shown = {batch.forms[form]: batch.spelled(source) for form, source in zip(terms.ids, terms.sources, strict=True)}
    assert shown["كاس_عالم"] == "كأس العالم"
    assert shown["M03"] == "مارس"
    assert shown["مغرب"] == "المغرب"


def test_an_analyzer_keeps_one_batch_analyzer_until_its_arguments_change():
    analyzer = Analyzer()
    first = batch_analyzer(analyzer)
    assert batch_analyzer(analyzer) is first
    assert batch_analyzer(analyzer.set_params(level="none")) is not first


LEVELS = [
    Analyzer(level=level, stop_words=None, fold=fold)
    for level in ("none", "clitic", "light")
    for fold in ((), ("alef", "maqsura", "teh"))
]


@pytest.mark.parametrize(
    "analyzer", [*LEVELS, Analyzer(), Analyzer(frequencies={"كره": 3}, months=False, aliases=False)]
)
def test_the_compiled_rules_give_the_forms_of_the_plain_ones_on_every_word_of_the_table(analyzer):
    words = [*default_frequencies()]
    words += [prefix + word for prefix in ("و", "ف", "وال", "بال", "لل", "ب", "ل", "ك", "وب") for word in words[::7]]
    words += [word + suffix for suffix in ("ها", "هم", "ات", "ين", "ته") for word in words[:30_000:11]]
    text = " ".join(words)
    batch = BatchAnalyzer(analyzer)
    got = [batch.forms[number] for number in batch.read([text]).ids]
    assert got == [token.form for token in analyzer.tokens(text)]


@given(words=st.lists(st.text(alphabet="اأإلوفبكسيتهةىنمر\u0640\u064e", min_size=1, max_size=9), max_size=30))
def test_the_compiled_rules_give_the_forms_of_the_plain_ones_on_random_words(words):
    text = " ".join(words)
    for analyzer in LEVELS:
        batch = BatchAnalyzer(analyzer)
        assert [batch.forms[number] for number in batch.read([text]).ids] == [
            token.form for token in analyzer.tokens(text)
        ]
