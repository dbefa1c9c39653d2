import pytest

from topics.corpus.held import Held
from topics.corpus.writers import to_json_line


def held(rows):
    return Held(rows, lambda given: ({str(k): v for k, v in row.items()} for row in given), to_json_line)


ROWS = [{"a": 1, "b": "سطر\nآخر\u2028"}, {"a": None, "c": [1, {"d": 0.5}]}]


@pytest.mark.parametrize("kind", [list, iter])
def test_rows_are_read_any_number_of_times(kind):
    with held(kind(ROWS)) as rows:
        assert list(rows) == ROWS
        assert next(iter(rows)) == ROWS[0]
        assert list(rows) == ROWS


def test_rows_of_an_iterator_wait_on_the_disk_beyond_some_megabytes(monkeypatch):
    monkeypatch.setattr("topics.corpus.held.HELD_BYTES", 10)
    with held(iter(ROWS)) as rows:
        assert list(rows) == ROWS
        assert rows._file._rolled
    assert rows._file.closed


def test_nothing_is_taken_before_it_is_asked_for():
    source = iter(ROWS)
    with held(source):
        assert next(source) == ROWS[0]
