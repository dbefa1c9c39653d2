import pytest

from topics.arabic import light10
from topics.arabic.analyzer import Analyzer


@pytest.mark.parametrize(("word", "want"), [("آمَنَ", "امن"), ("هُدى", "هدي"), ("قرية", "قريه"), ("جـــمل", "جمل")])
def test_normalizes_as_lucene(word, want):
    assert light10.normalize(word) == want


@pytest.mark.parametrize(
    ("word", "want"),
    [
        ("والقلم", "قلم"),
        ("للدرس", "درس"),
        ("وقلم", "قلم"),
        ("ولد", "ولد"),
        ("قلمها", "قلم"),
        ("معلمات", "معلم"),
        ("الا", "الا"),
    ],
)
def test_stems_as_lucene(word, want):
    assert light10.stem(word) == want


def test_its_analyzer_is_all_and_only_light10():
    assert Analyzer.lucene_light10(stop_words=["ما"])("ما وزيرٌ 15 شتنبر") == ["زير", "15", "شتنبر"]
    assert Analyzer.from_settings(Analyzer.lucene_light10().to_settings()) == Analyzer.lucene_light10()
