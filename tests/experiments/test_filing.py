from __future__ import annotations

import pytest

from topics import Article
from topics.errors import WriteError
from topics.experiments.filing import Folders


def files(home):
    return sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())


def test_an_article_stands_in_every_folder_it_is_given(tmp_path):
    with Folders(tmp_path / "by") as folders:
        folders.add(Article("نص", id="a"), ["sport", "security"])
        folders.add(Article("نص", id="b"), ["none"])
        folders.commit()
    assert files(tmp_path / "by") == ["none/b.txt", "security/a.txt", "sport/a.txt"]


def test_nothing_is_left_when_it_is_given_up(tmp_path):
    (tmp_path / "by").mkdir()
    (tmp_path / "by" / "mine.txt").write_text("x", encoding="utf-8")
    with Folders(tmp_path / "by") as folders:
        folders.add(Article("نص", id="a"), ["sport"])
    assert files(tmp_path / "by") == ["mine.txt"]


@pytest.mark.parametrize("name", ["../x", "/etc/x", "con", "a/b", "x" * 300, "\u202eأ", "a\x00b", ""])
def test_no_id_leads_out_of_the_folder(tmp_path, name):
    """FAULTS.md 45."""
    with Folders(tmp_path / "by") as folders:
        folders.add(Article("نص", id=name), ["sport"])
        folders.commit()
    (only,) = files(tmp_path / "by")
    assert only.startswith("sport/")
    assert only.endswith(".txt")
    assert [path.name for path in tmp_path.iterdir()] == ["by"]


def test_letters_that_utf8_cannot_hold_are_replaced(tmp_path):
    with Folders(tmp_path / "by") as folders:
        folders.add(Article("نص \ud800", id="a"), ["none"])
        folders.commit()
    assert (tmp_path / "by" / "none" / "a.txt").read_text(encoding="utf-8") == "نص \ufffd\n"


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "by").write_text("x", encoding="utf-8")
    with pytest.raises(WriteError, match="cannot be written"), Folders(tmp_path / "by"):
        pytest.fail("a file was taken for a folder")


def test_without_a_folder_nothing_happens(tmp_path):
    with Folders(None) as folders:
        folders.add(Article("نص", id="a"), ["sport"])
        folders.commit()
    assert not list(tmp_path.iterdir())


def test_what_was_replaced_is_put_back_when_the_rest_fails(tmp_path):
    (tmp_path / "by" / "sport").mkdir(parents=True)
    (tmp_path / "by" / "sport" / "a.txt").write_text("old", encoding="utf-8")

    def filed():
        with Folders(tmp_path / "by") as folders:
            folders.add(Article("new", id="a"), ["sport", "more"])
            folders.commit()
            assert (tmp_path / "by" / "sport" / "a.txt").read_text(encoding="utf-8") == "new\n"
            raise MemoryError

    with pytest.raises(MemoryError):
        filed()
    assert [path.name for path in (tmp_path / "by").rglob("*")] == ["sport", "a.txt"]
    assert (tmp_path / "by" / "sport" / "a.txt").read_text(encoding="utf-8") == "old"
