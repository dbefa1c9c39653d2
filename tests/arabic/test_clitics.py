import pytest

from topics.arabic.analyzer import Analyzer, Frequencies
from topics.arabic.clitics import strip_suffixes

CLITIC = Analyzer(stop_words=None, months=False)


@pytest.mark.parametrize(
    "word", ["وزير", "وفد", "وطن", "وكالة", "ولاية", "وسط", "والي", "والدة", "وجد", "ولد", "ورد", "واجهت", "ولي"]
)
def test_a_lexical_waw_stays(word):
    assert CLITIC(word)[0].startswith("و")


@pytest.mark.parametrize(
    ("word", "want"),
    [
        ("والوزير", "وزير"), ("وقال", "قال"), ("وأكد", "اكد"), ("وفي", "في"), ("وهو", "هو"), ("والله", "الله"),
        ("وبالأمن", "امن"), ("فللأمن", "امن"), ("كالأمن", "امن"), ("للأمن", "امن"), ("لله", "الله"), ("للغة", "لغه"),
        ("سيذهب", "سيذهب"), ("بالتزام", "التزام"),
    ],
)  # fmt: skip
def test_clitics_come_off(word, want):
    assert CLITIC(word) == [want]


@pytest.mark.parametrize("word", ["وأُغلق", "وأغلق", "وَأُغْلِقَ", "وإيران", "وآخرون", "وأَمْن"])
def test_a_waw_before_an_alef_with_hamza_is_a_conjunction_whatever_the_counts_say(word):
    whole = Analyzer(level="none", stop_words=None)(word)[0]
    assert Analyzer(stop_words=None, frequencies={whole: 1000})(word) == [whole[1:]]


@pytest.mark.parametrize(
    "word",
    ["ألمانيا", "إلكتروني", "التزام", "الله", "التي", "المانيا", "التقى", "فكرة", "فراس", "لجنة", "كتاب", "برنامج"],
)
def test_what_only_looks_like_a_clitic_stays(word):
    whole = Analyzer(level="none", stop_words=None)(word)
    assert CLITIC(word) == whole


def test_the_counts_decide():
    stripped = Analyzer(stop_words=None, frequencies={"ساده": 5, "وساده": 2})
    kept = Analyzer(stop_words=None, frequencies={"ساده": 2, "وساده": 5})
    assert stripped("وسادة") == ["ساده"]
    assert kept("وسادة") == ["وساده"]


def test_an_unseen_word_of_five_letters_loses_its_waw_and_a_shorter_one_keeps_it():
    analyzer = Analyzer(stop_words=None, frequencies={})
    assert analyzer("ويتنزهن وتنزه") == ["يتنزهن", "تنزه"]
    assert analyzer("ونزه") == ["ونزه"]


def test_the_article_is_never_taken_twice():
    counts = Frequencies({"الالتحام": 3, "التحام": 9, "تحام": 1})
    assert Analyzer(stop_words=None, frequencies=counts)("التحام الالتحام") == ["التحام", "التحام"]


@pytest.mark.parametrize(
    ("word", "want"),
    [
        ("مدرستها", "مدرس"),
        ("مهاجرون", "مهاجر"),
        ("مهاجرين", "مهاجر"),
        ("سيارات", "سيار"),
        ("كتابهم", "كتاب"),
        ("يد", "يد"),
        ("بنت", "بنت"),
    ],
)
def test_suffixes_come_off_and_three_letters_stay(word, want):
    assert strip_suffixes(word) == want


def test_light_joins_what_clitic_leaves_apart():
    assert len(set(Analyzer(level="light")("المهاجرون المهاجرين مهاجر"))) == 1
    assert len(set(Analyzer()("المهاجرون المهاجرين مهاجر"))) == 3
