from __future__ import annotations

import io
from pathlib import Path

import pytest

from topics.corpus.fetching.parts import Edition, claimed
from topics.errors import WriteError


def test_a_part_is_for_one_process_at_a_time(tmp_path):
    with claimed(tmp_path / "a") as part:
        part.append(b"some")
        with pytest.raises(WriteError, match="another process is fetching it"), claimed(tmp_path / "a"):
            pass
        assert part.size == 4
    with claimed(tmp_path / "a") as part:
        assert part.size == 4


def test_a_part_that_was_renamed_while_another_waited_is_not_written(tmp_path, monkeypatch):
    from topics.corpus.fetching import parts

    def locked_late(_file):
        (tmp_path / "a.part").rename(tmp_path / "a")
        return True

    monkeypatch.setattr(parts, "_locked", locked_late)
    with pytest.raises(WriteError, match="another process"), claimed(tmp_path / "a"):
        pass
    assert (tmp_path / "a").exists()


def test_an_empty_part_is_taken_away(tmp_path):
    with claimed(tmp_path / "a") as part:
        part.remember(Edition("http://127.0.0.1/a", etag='"1"'))
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_keeps_what_came(tmp_path, monkeypatch):
    class Full(io.FileIO):
        """Takes half of the first piece and nothing more."""

        def write(self, data):
            if self.tell():
                raise OSError(28, "No space left on device")
            return super().write(bytes(data)[:2])

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", lambda path, *_, **__: Full(path, "ab"))
        fill(tmp_path / "a")
    assert (tmp_path / "a.part").read_bytes() == b"so"


def fill(target):
    message = r"a\.part: cannot be written \(No space left on device\); what came is kept"
    with pytest.raises(WriteError, match=message), claimed(target) as part:
        part.append(b"some")


def test_a_folder_that_takes_no_file_is_told(tmp_path):
    with pytest.raises(WriteError, match=r"a\.part: cannot be written"), claimed(tmp_path / "none" / "a"):
        pass


@pytest.mark.parametrize("note", [b"", b"[1]", b'{"unknown": 1}', b"{\xff"])
def test_a_note_that_says_nothing_is_no_edition(tmp_path, note):
    with claimed(tmp_path / "a") as part:
        (tmp_path / "a.part.json").write_bytes(note)
        assert part.edition("http://127.0.0.1/a") is None


def test_an_edition_of_another_address_is_none_of_this(tmp_path):
    with claimed(tmp_path / "a") as part:
        part.remember(Edition("http://127.0.0.1/a", etag='"1"', length=3))
        assert part.edition("http://127.0.0.1/a") == Edition("http://127.0.0.1/a", etag='"1"', length=3)
        assert part.edition("http://127.0.0.1/b") is None
