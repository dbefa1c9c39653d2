"""A table shows itself as it reads: from the right, escaped, wide ones from their first column."""

import io
import pickle
import re

import html5lib
import numpy as np
import pandas as pd
import pytest

from topics.corpus.showing import Rows


def cells(shown, tag="td"):
    page = html5lib.parseFragment(shown, namespaceHTMLElements=False)
    return [["".join(cell.itertext()) for cell in row.iter(tag)] for row in page.iter("tr")]


def test_it_is_a_dataframe_in_all_else():
    rows = Rows({"id": ["a", "b"], "share": [0.25, 0.5]})
    plain = pd.DataFrame(rows)
    assert type(plain) is pd.DataFrame
    pd.testing.assert_frame_equal(pd.DataFrame(rows), plain)
    assert rows.equals(plain)
    assert str(rows) == str(plain)
    pd.testing.assert_series_equal(rows["id"], plain["id"], check_series_type=False)
    assert str(rows["id"]) == str(plain["id"])
    assert str(rows["id"].head(0)) == str(plain["id"].head(0))


def test_what_is_made_from_it_shows_itself_the_same_way():
    rows = Rows({"id": ["a", "b"], "share": [0.25, 0.5]})
    for made in (rows.head(1), rows[rows.share > 0.3], rows.sort_values("share"), rows[["id"]], rows.round(1)):
        assert 'dir="rtl"' in made._repr_html_()


def test_it_reads_from_the_right_and_scrolls_from_there():
    page = html5lib.parseFragment(Rows({"a": [1]})._repr_html_(), namespaceHTMLElements=False)
    (outer,) = list(page)
    assert outer.tag == "div"
    assert outer.get("dir") == "rtl"
    assert "overflow-x:auto" in outer.get("style")
    assert outer.find("table").get("dir") == "rtl"


def test_hostile_text_is_text_and_names_of_columns_too():
    shown = Rows(
        {"<b>x</b>": ["<script>alert(1)</script>"], "t": ['"><img src=x onerror=alert(1)>\u202e']}
    )._repr_html_()
    tags = {node.tag for node in html5lib.parseFragment(shown, namespaceHTMLElements=False).iter()}
    assert not tags & {"script", "img", "b"}
    assert "\u202e" not in shown
    assert cells(shown)[1] == ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)><U+202E>']


def test_long_and_wide_tables_say_what_is_left_out():
    shown = Rows(np.zeros((50, 30)), columns=[f"c{k}" for k in range(30)])._repr_html_()
    assert len(cells(shown)) == 21
    assert {len(row) for row in cells(shown)[1:]} == {12}
    assert "50 rows, the first 20 shown · 30 columns, the first 12 shown" in shown


@pytest.mark.parametrize(
    ("rows", "head", "first"),
    [
        (Rows({"a": [1, 2]}, index=[5, 9]), ["a"], ["1"]),
        (Rows({"a": [1, 2]}, index=["x", "y"]), ["", "a"], ["x", "1"]),
        (Rows({"a": [1, 2]}, index=pd.Index([3, 4], name="topic")), ["topic", "a"], ["3", "1"]),
        (
            Rows({"a": [1]}, index=pd.MultiIndex.from_tuples([("x", 2)], names=["k", "n"])),
            ["k", "n", "a"],
            ["x", "2", "1"],
        ),
        (Rows([[1, 2]], columns=["a", "a"]), ["a", "a"], ["1", "2"]),
    ],
    ids=["numbered", "labelled", "named", "two levels", "one name twice"],
)
def test_an_index_that_says_something_is_shown(rows, head, first):
    shown = rows._repr_html_()
    assert cells(shown, "th")[0] == head
    assert cells(shown)[1] == first


def test_an_empty_table_shows_its_columns():
    assert cells(Rows(columns=["id", "title"])._repr_html_(), "th")[0] == ["id", "title"]


HOSTILE = ["\x1b[2J\x1b]0;title\x07نص", "\u202eمعكوس", "سطر\rفوقه", "\u2066a\x9bb", "عادي"]
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("show", [repr, str, lambda rows: rows.to_string(), lambda rows: rows.head(3).to_string()])
def test_a_terminal_gets_no_control_out_of_cells_lists_or_names(show):
    """FAULTS.md 42: an escape sequence in a title would rewrite the screen, an override turn the lines after it."""
    rows = Rows({"title": HOSTILE, "\x1b[1mname": [[text, (text, 0.5)] for text in HOSTILE]}, index=HOSTILE)
    rows.index.name = HOSTILE[0]
    text = show(rows)
    assert not CONTROLS.search(text)
    assert "<U+202E>معكوس" in text
    assert "<U+001B>[1mname" in text


def test_printed_columns_stay_below_each_other_where_a_cell_holds_controls():
    lines = str(Rows({"title": [*HOSTILE, "abc"], "n": [7] * 6})).splitlines()
    assert {len(line) for line in lines} == {len(lines[0])}
    assert all(line.endswith("7") for line in lines[1:])


def hostile_rows():
    return Rows({"title": HOSTILE, "\x1b[1mname": [[text, (text, 0.5)] for text in HOSTILE]}, index=HOSTILE)


@pytest.mark.parametrize(
    "taken",
    [
        pytest.param(lambda rows: rows["title"], id="a column"),
        pytest.param(lambda rows: rows["\x1b[1mname"], id="a column of lists, with a name of its own"),
        pytest.param(lambda rows: rows.title[rows.title != "عادي"].sort_values().head(3), id="a selection of a column"),
        pytest.param(lambda rows: rows.iloc[0], id="a row"),
        pytest.param(lambda rows: rows["title"].astype("category"), id="categories"),
        pytest.param(lambda rows: rows.set_index(["title", rows.index])["\x1b[1mname"], id="two levels of labels"),
        pytest.param(lambda rows: rows["title"].value_counts(), id="counts of values"),
        pytest.param(lambda rows: rows["title"].to_frame(), id="a column as a table"),
        pytest.param(lambda rows: pd.concat([rows["title"]] * 20), id="a column that is cut in the middle"),
        pytest.param(lambda rows: pickle.loads(pickle.dumps(rows["title"])), id="a column kept and taken up"),
    ],
)
def test_a_terminal_gets_no_control_out_of_a_column_or_a_row(taken):
    """FAULTS.md 42."""
    for text in (repr(taken(hostile_rows())), taken(hostile_rows()).to_string()):
        assert not CONTROLS.search(text)
        assert "<U+" in text


def test_a_printed_column_stands_as_in_its_table_and_keeps_its_kind():
    column = hostile_rows()["title"].reset_index(drop=True)
    lines = str(column).splitlines()
    assert {len(line) for line in lines[:-1]} == {len(lines[0])}
    assert lines[-1] == str(pd.Series(column)).splitlines()[-1]
    assert str(column.astype(object)).splitlines()[-1] == "Name: title, dtype: object"
    assert column.tolist() == HOSTILE  # what prints is changed, what is there is not


def test_what_is_written_to_a_file_stays_as_it_is():
    for shown in (Rows({"t": ["\u202eأ"]}), Rows({"t": ["\u202eأ"]})["t"]):
        file = io.StringIO()
        assert shown.to_string(file) is None
        assert "\u202e" in file.getvalue()
