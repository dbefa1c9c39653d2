import numpy as np

from topics.arabic import words
from topics.arabic.analyzer import Analyzer
from topics.arabic.batch import BatchAnalyzer, batch_analyzer
from topics.arabic.scan import KINDS, Scanner
from hypothesis import given
from arabic_strategies import arabic_text

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
    terms = batch.read(TEXTS)
    shown = {batch.forms[form]: batch.spelled(source) for form, source in zip(terms.ids, terms.sources, strict=True)}
    assert shown["كاس_عالم"] == "كأس العالم"
    assert shown["M03"] == "مارس"
    assert shown["مغرب"] == "المغرب"


def test_an_analyzer_keeps_one_batch_analyzer_until_its_arguments_change():
    analyzer = Analyzer()
    first = batch_analyzer(analyzer)
    assert batch_analyzer(analyzer) is first
    assert batch_analyzer(analyzer.set_params(level="none")) is not first
