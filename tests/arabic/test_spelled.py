from arabic_strategies import arabic_text
from hypothesis import given

from topics.arabic.forms import spell
from topics.arabic.scan import Scanner


def spelled(scanner):
    numbers = scanner.words.tolist()
    words = scanner.spelled.memory.words()
    return [words[number] if number >= 0 else None for number in numbers]


@given(first=arabic_text, second=arabic_text)
def test_the_compiled_spellings_are_those_of_the_plain_rules(first, second):
    scanner = Scanner()
    for text in (first, second):
        scanner.scan([text])
        want = [spell(span.key) if span.kind == "arabic" else None for span in scanner.spellings()]
        assert spelled(scanner) == want


def test_spans_that_differ_by_marks_and_tatweel_share_a_spelling():
    scanner = Scanner()
    scanner.scan(["المغرب المَغـــرب المغربـ 2030"])
    assert spelled(scanner) == ["المغرب"] * 3 + [None]
    assert scanner.stretched.tolist() == [False, False, True, False]


def test_a_word_longer_than_the_loop_reads_is_spelled_too():
    scanner = Scanner()
    scanner.scan(["ب\u0640" * 200])
    assert spelled(scanner) == ["ب" * 200]
