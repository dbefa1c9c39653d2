import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from topics.arabic.memory import Memory, encoded, encoded_narrow

words = st.lists(st.text(alphabet="ابتوabz\u0640\u064e😀\ud800", max_size=40), unique=True, max_size=60)


@given(words=words)
def test_words_keep_their_numbers_and_are_given_back(words):
    memory = Memory()
    numbers = memory.add(words)
    assert numbers.tolist() == list(range(len(words)))
    assert memory.add(words[::-1]).tolist() == numbers.tolist()[::-1]
    assert memory.words() == words
    assert memory.words(numbers[::-1]) == words[::-1]


@given(words=words)
def test_words_are_put_in_the_order_of_their_code_points(words):
    memory = Memory()
    memory.add(["أول", *words])
    numbers = memory.add(words)
    assert memory.words(memory.in_order(numbers)) == sorted(words)


def test_long_words_that_begin_alike_are_put_in_order_too():
    words = ["ب" * 30 + end for end in ("ج", "ا", "", "ب")]
    memory = Memory()
    assert memory.words(memory.in_order(memory.add(words))) == sorted(words)


def test_words_of_nine_letters_and_of_ten_are_told_apart():
    words = ["ا" * size for size in range(1, 200)]
    memory = Memory()
    assert memory.add(words).tolist() == list(range(len(words)))
    assert memory.add(words).tolist() == list(range(len(words)))


@given(texts=st.lists(st.text(max_size=9), max_size=5))
def test_narrow_code_points_are_the_same(texts):
    wide, borders = encoded(texts)
    narrow, same_borders = encoded_narrow(texts)
    np.testing.assert_array_equal(wide, narrow)
    np.testing.assert_array_equal(borders, same_borders)
