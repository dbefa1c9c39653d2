from __future__ import annotations

import pytest

from topics.errors import WriteError
from topics.experiments.example import EXAMPLE, write_example


def test_the_file_is_written(tmp_path):
    write_example(tmp_path / "mine.toml")
    assert (tmp_path / "mine.toml").read_text(encoding="utf-8") == EXAMPLE


def test_a_file_that_is_there_stays(tmp_path):
    (tmp_path / "mine.toml").write_text("name = 'x'", encoding="utf-8")
    with pytest.raises(WriteError, match="is there already"):
        write_example(tmp_path / "mine.toml")
    assert (tmp_path / "mine.toml").read_text(encoding="utf-8") == "name = 'x'"
