from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.errors import SettingsError
from topics.experiments.toml import dump, value_of

plain = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"])),
)


@given(st.dictionaries(st.sampled_from("abcd"), st.one_of(plain, st.lists(plain))))
def test_what_is_written_reads_back_equal(section):
    assert tomllib.loads(dump({"name": "x", "section": section})) == {"name": "x", "section": section}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30", 30),
        ("0.5", 0.5),
        ("true", True),
        ('"light"', "light"),
        ("light", "light"),
        ("[1, 2]", [1, 2]),
        ("../new/corpus.jsonl", "../new/corpus.jsonl"),
    ],
)
def test_a_value_is_what_toml_says_and_a_bare_word_is_itself(text, value):
    assert value_of(text) == value
    assert type(value_of(text)) is type(value)


@pytest.mark.parametrize("text", ["[1, ", "", '"open', "1\nother = 2", "a=b"])
def test_what_is_no_value_is_refused(text):
    with pytest.raises(SettingsError):
        value_of(text)


def test_a_number_that_is_none_is_not_written():
    with pytest.raises(SettingsError, match="nan"):
        dump({"a": float("nan")})
