import pandas as pd

from topics.studies.showing import Table


def test_a_table_shows_its_verdict_and_escapes_what_it_holds():
    table = Table([("<b>كرة</b>", 0.5)], columns=["name", "share"], verdict="One <i>topic</i>.")
    page = table._repr_html_()
    assert "One &lt;i&gt;topic&lt;/i&gt;." in page
    assert "&lt;b&gt;كرة&lt;/b&gt;" in page
    assert "0.50" in page
    assert repr(table).endswith("\nOne <i>topic</i>.")


def test_what_is_made_from_it_is_a_plain_frame_without_a_verdict():
    table = Table({"a": [1, 2]}, verdict="Both.", parts={"more": pd.DataFrame({"b": [3]})})
    assert type(table[table["a"] > 1]) is pd.DataFrame
    assert type(table.sort_values("a")) is pd.DataFrame
    assert table.parts["more"]["b"].tolist() == [3]
    assert table.verdict == "Both."
    assert repr(Table({"a": [1]})) == repr(pd.DataFrame({"a": [1]}))


def test_a_terminal_gets_no_control_out_of_it():
    table = Table({"title": ["\x1b[2J\u202eأ"]}, verdict="One.")
    assert not set(repr(table)) & {"\x1b", "\u202e"}
    assert repr(table).endswith("\nOne.")
