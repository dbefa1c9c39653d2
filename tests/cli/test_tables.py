from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from topics.cli import tables
from topics.display import isolated


@given(st.lists(st.tuples(st.text(), st.text()), min_size=1))
def test_no_cell_leaves_its_line_or_its_isolate(cells):
    rows = [[isolated(a, 24), isolated(b, 60)] for a, b in cells]
    lines = list(tables.lines(["id", "title"], rows))
    assert len(lines) == len(rows) + 1
    for line in lines:
        assert line.count("\u2068") == line.count("\u2069")
        assert not set(line) & set("\n\r\x1b\x07\u202a\u202b\u202c\u202d\u202e\u2066\u2067")
        line.encode("utf-8")


def test_marks_take_no_column_and_wide_letters_two():
    lines = list(tables.lines(["a", "b"], [["كَتَبَ", "x"], ["足", "x"], ["كتب", "x"]]))
    assert [line.replace("َ", "").index("x") for line in lines[1:]] == [5, 4, 5]


def test_arabic_names_are_isolated_and_others_left_plain():
    assert tables.named("abc", 9) == "abc"
    assert tables.named("خبر", 9) == "\u2068خبر\u2069"
    assert tables.named("\x1b[2Jabc", 20) == "<U+001B>[2Jabc"


def test_rows_of_a_sorting_are_lines():
    row = {"id": None, "title": None, "primary": "none", "themes": [], "a": 0.126}
    assert list(tables.sorted_lines([row], ["a"]))[1].split() == ["none", "0.13"]
    assert list(tables.sorted_lines([{**row, "unlike": 0.5}], ["a"]))[1].split() == ["none", "0.13", "0.50"]


def test_scores_stand_in_columns_of_measures():
    rows = [{"of": "a", "measure": "f1", "mean": 0.5, "low": 0.4, "high": 0.6}, {"of": "*", "measure": "f1"}]
    assert list(tables.score_lines(rows, ("f1", "recall"))) == ["   f1", "a  0.50 [0.40, 0.60]"]
