import pytest

from topics.corpus.skipped import Log, Skipped
from topics.errors import ReadError


def test_cases_are_counted_by_file_line_and_reason():
    log = Log()
    log.skip("a.csv", 3, "no text")
    log.repair("a.csv", 4, "control characters removed", 2)
    log.repair("a.csv", 4, "control characters removed")
    log.note("a.csv", None, "read as cp1256")
    assert log.table == (
        Skipped("a.csv", 3, "no text", 1, "skipped"),
        Skipped("a.csv", 4, "control characters removed", 3, "repaired"),
        Skipped("a.csv", None, "read as cp1256", 1, "noted"),
    )
    assert log.table.total() == 1
    assert log.table.by_reason() == {"control characters removed": 3, "no text": 1, "read as cp1256": 1}


@pytest.mark.parametrize("method", ["skip", "repair", "flag"])
def test_strict_makes_the_first_case_an_error_with_file_and_line(method):
    with pytest.raises(ReadError, match=r"a\.csv, line 3: no text; correct it"):
        getattr(Log(strict=True), method)("a.csv", 3, "no text")


def test_strict_does_not_mind_a_note():
    log = Log(strict=True)
    log.note("a.csv", None, "read as cp1256")
    assert log.table.total("noted") == 1


def test_a_million_bad_lines_do_not_fill_the_memory():
    log = Log()
    for line in range(20_000):
        log.skip("a.jsonl", line, "not JSON")
    assert len(log.table) == 1001
    assert log.table.total() == 20_000


def test_the_table_shows_no_folder_of_the_user():
    log = Log()
    log.skip("/home/سعاد/private/a.csv", 3, "<b>no</b> text")
    html = log.table._repr_html_()
    assert "private" not in html
    assert "<b>no" not in html
    assert "a.csv" in html


def test_the_rows_are_a_frame_for_those_who_want_one():
    log = Log()
    log.skip("a.csv", 3, "no text")
    log.note("a.csv", None, "read as cp1256")
    frame = log.table.to_frame()
    assert list(frame) == ["file", "line", "reason", "count", "outcome"]
    assert frame["line"].isna().tolist() == [False, True]
