"""What holds of every text (ARABIC.md, section 2), as functions that tests of examples and fuzzing share."""

import unicodedata

import regex

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
