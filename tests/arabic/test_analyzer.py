import copy
import json
import pickle

import pytest
from sklearn.base import clone

from topics.arabic import letters
from topics.arabic.analyzer import Analyzer, Frequencies, default_frequencies, stop_words
from topics.errors import SettingsError


def test_a_token_keeps_its_marks_in_the_source():
    source = "قرأ الطَّالِبُ الكتابَ"
    token = Analyzer().tokens(source)[1]
    assert source[token.start : token.end] == "الطَّالِبُ"


def test_settings_go_round_through_json():
    analyzer = Analyzer(
        level="light", fold=("alef",), stop_words=("هكذا",), keep=("date",), months=False, phrases=(("كاس", "عالم"),),
        frequencies={"كاس": 3},
    )  # fmt: skip
    again = Analyzer.from_settings(json.loads(json.dumps(analyzer.to_settings())))
    assert again == analyzer
    assert again.to_settings() == analyzer.to_settings()
    assert hash(again) == hash(analyzer)


def test_analyzers_with_other_settings_are_not_equal():
    assert Analyzer() != Analyzer(level="light")
    assert Analyzer() != Analyzer(frequencies={})
    assert Analyzer() == Analyzer(keep=("latin", "year"))


def test_scikit_learn_clones_it_and_reaches_its_arguments():
    analyzer = Analyzer(frequencies=Frequencies({"كاس": 3}))
    again = clone(analyzer, safe=False)
    assert again == analyzer
    assert again.set_params(level="none")("والكأس") == ["والكاس"]


def test_changing_an_argument_forgets_what_was_remembered():
    analyzer = Analyzer()
    assert analyzer("مدرسة") == ["مدرسه"]
    assert analyzer.set_params(fold=())("مدرسة") == ["مدرسة"]


def test_copies_and_pickles_carry_arguments_only():
    analyzer = Analyzer(level="light")
    analyzer("بعض النصوص المعروفة")
    for again in (copy.deepcopy(analyzer), pickle.loads(pickle.dumps(analyzer))):
        assert "_derived" not in again.__dict__
        assert again == analyzer


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"level": "clitics"}, "did you mean clitic"),
        ({"fold": ("alif",)}, "did you mean alef"),
        ({"fold": "alef"}, r"fold=\('alef',\)"),
        ({"keep": ("years",)}, "did you mean year"),
        ({"stop_words": "من"}, "to remove one word"),
        ({"frequencies": "none"}, "mapping of word to count"),
        ({"frequencies": {"كاس": -1}}, "0 or more"),
        ({"phrases": (("كاس",),)}, "two or more"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_way_out(arguments, message):
    with pytest.raises(SettingsError, match=message):
        Analyzer(**arguments)("نص")


def test_unknown_settings_are_refused_by_name():
    with pytest.raises(SettingsError, match="did you mean months"):
        Analyzer.from_settings({"month": True})


def test_its_repr_shows_what_differs_from_the_defaults():
    assert repr(Analyzer()) == "Analyzer()"
    assert repr(Analyzer(level="none", months=False)) == "Analyzer(level='none', months=False)"


def test_the_stop_list_is_about_as_long_as_promised_and_holds_no_topic():
    words = stop_words(negations=False)
    assert 200 <= len(words) <= 290
    forbidden = set(letters.MONTHS) | set(letters.MONTHS_IN_COMPANY) | set(letters.HIJRI_MONTHS)
    assert not words & (
        forbidden
        | {
            "أمن",
            "صباح",
            "علي",
            "حسن",
            "كريم",
            "واحد",
            "اثنان",
            "ثلاثة",
            "خمسة",
            "عشرة",
            "مئة",
            "ألف",
            "المغرب",
            "مصر",
            "الجزائر",
        }
    )


def test_negations_are_a_set_of_their_own():
    assert stop_words() - stop_words(negations=False) >= {"لا", "لم", "لن", "ليس"}


def test_the_default_table_is_small_and_names_its_sources():
    counts = default_frequencies()
    assert 20_000 < len(counts) < 60_000
    assert counts["وزير"] > 100
    assert min(counts.values()) >= 20


def test_frequencies_are_frozen_and_add_up():
    first = Frequencies({"كاس": 1})
    assert first.plus({"كاس": 2, "دار": 1}) == Frequencies({"كاس": 3, "دار": 1})
    assert first == Frequencies({"كاس": 1})
    assert copy.deepcopy(first) is first
