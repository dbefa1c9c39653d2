import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.corpus import values


@pytest.mark.parametrize(
    ("written", "want"),
    [
        ("2026-03-09", (2026, 3, 9)),
        ("2026-03-09T23:30:00", (2026, 3, 9)),
        ("2026-03-09T23:30:00.123Z", (2026, 3, 9)),
        ("2026-03-09 23:30:00+01:00", (2026, 3, 9)),
        ("2026/3/9", (2026, 3, 9)),
        ("20260309", (2026, 3, 9)),
        ("09/03/2026", (2026, 3, 9)),
        ("9-3-2026", (2026, 3, 9)),
        ("03/29/2026", (2026, 3, 29)),
        ("٠٩/٠٣/٢٠٢٦", (2026, 3, 9)),
        ("\u200f2026-03-09\u200e", (2026, 3, 9)),
        (pd.Timestamp("2026-03-09 10:00"), (2026, 3, 9)),
    ],
)
def test_dates_are_read_as_newspapers_write_them(written, want):
    assert values.parse_date(written) == dt.date(*want)


@pytest.mark.parametrize(
    "written", ["", "أمس", "2026-13-40", "2026-03", "2026-03-09 تقريبا", 20260309, None, "9/3-2026"]
)
def test_what_is_no_date_gives_none(written):
    assert values.parse_date(written) is None


@pytest.mark.parametrize(
    ("value", "want"),
    [
        ("رياضة\u200f", "رياضة"),
        ("\u202bرياضة\u202c ", "رياضة"),
        ("local  News", "local News"),
        (3, "3"),
        (3.0, "3"),
        (float("nan"), ""),
        (None, ""),
        (" ", ""),
    ],
)
def test_a_label_equals_its_clean_self(value, want):
    assert values.clean_label(value) == want


@pytest.mark.parametrize(
    ("cell", "want"),
    [
        ("", None),
        (None, None),
        ("none", ()),
        ("sport", ("sport",)),
        ("sport; أمن | هجرة، sport", ("sport", "أمن", "هجرة")),
        (["sport", None, ""], ("sport",)),
        ('["a|b", "c"]', ("a|b", "c")),
        ("[خاص", ("[خاص",)),
        ([], ()),
    ],
)
def test_cells_name_themes(cell, want):
    assert values.parse_themes_cell(cell) == want


def test_a_column_of_one_label_is_not_split():
    assert values.parse_themes_cell("سياسة، اقتصاد", many=False) == ("سياسة، اقتصاد",)


labels = st.lists(st.text(min_size=1, max_size=6).map(values.clean_label), max_size=4).map(values.clean_labels)


@given(st.none() | labels)
def test_a_themes_cell_reads_back_equal(themes):
    assert values.parse_themes_cell(values.themes_cell(themes)) == themes


@pytest.mark.parametrize(
    ("value", "want"),
    [
        (np.int64(3), 3),
        (np.float32("nan"), None),
        (float("inf"), None),
        (pd.NaT, None),
        (pd.NA, None),
        (np.array([1, 2]), [1, 2]),
        (dt.date(2026, 3, 9), "2026-03-09"),
        ({"a": (1, None)}, {"a": [1, None]}),
        ({"b", "a"}, ["a", "b"]),
        (True, True),
    ],
)
def test_every_value_has_a_plain_form(value, want):
    assert values.plain(value) == want
    assert type(values.plain(value)) is type(want)


@pytest.mark.parametrize(
    ("value", "want"), [(None, ""), (3, "3"), (True, "true"), ("نص", "نص"), ({"b": 1, "a": []}, '{"a": [], "b": 1}')]
)
def test_every_value_has_one_text(value, want):
    assert values.cell_text(value) == want
