import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.corpus.script import KINDS, count_letters, languages


def of(text):
    return {kind: int(count) for kind, count in zip(KINDS, count_letters([text])[0], strict=True) if count}


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("المغرب", {"arabic": 6}),
        ("FIFA été", {"latin": 7}),
        ("Привет 你好", {"other": 8}),
        ("كِتَابٌ", {"arabic": 4, "marks": 3}),
        ("كتـــاب", {"arabic": 4, "tatweel": 3}),
        ("أ\u200fب\ufeff\u202e", {"arabic": 2, "invisible": 3}),
        ("٢٠٢٦ 12 ۷", {"arabic_digits": 5, "ascii_digits": 2}),
        ("ﻻ ﷲ پ گ", {"arabic": 4}),
        ("e\u0301 😀 .،؟\n", {"latin": 1}),
        ("", {}),
    ],
)
def test_characters_are_counted_by_kind(text, want):
    assert of(text) == want


def test_the_language_is_that_of_most_letters():
    counts = count_letters(["خبر FIFA", "The story of مصر", "Новости", "123 !", ""])
    assert languages(counts).tolist() == ["latin", "latin", "other", "none", "none"]
    assert languages(count_letters(["خبر طويل عن FIFA"])).tolist() == ["arabic"]


@given(st.lists(st.text(max_size=12), max_size=6))
def test_texts_are_counted_one_by_one_whatever_stands_beside_them(texts):
    together = count_letters(texts)
    assert together.shape == (len(texts), len(KINDS))
    alone = [count_letters([text])[0] for text in texts]
    assert (together == np.array(alone, np.int64).reshape(len(texts), len(KINDS))).all()
    assert (together.sum(axis=1) <= [len(text) for text in texts]).all()
