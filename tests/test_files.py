import os
import subprocess
import sys
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics import files
from topics.errors import WriteError
from topics.files import atomic_write, new_folder, put_back, safe_name, sync_folder


def leftovers(folder):
    return [path.name for path in folder.iterdir() if path.name.startswith(".topics-")]


def test_the_file_appears_when_the_block_ends(tmp_path):
    path = tmp_path / "نتائج.csv"
    with atomic_write(path) as file:
        file.write(b"new")
        assert not path.exists()
    assert path.read_bytes() == b"new"
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt, MemoryError])
def test_a_failure_leaves_the_old_file_and_no_other(tmp_path, failure):
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")

    def broken():
        with atomic_write(path) as file:
            file.write(b"half")
            raise failure

    with pytest.raises(failure):
        broken()
    assert path.read_bytes() == b"old"
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("name", ["replace", "fsync"])
def test_a_disk_that_fails_leaves_the_old_file_and_says_so(tmp_path, monkeypatch, name):
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")

    def fail(*args, **kwargs):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, name, fail)
        with pytest.raises(WriteError, match=r"a\.csv.*No space left.*untouched"), atomic_write(path) as file:
            file.write(b"new")
    assert path.read_bytes() == b"old"
    assert leftovers(tmp_path) == []


def test_an_error_about_another_file_keeps_its_name(tmp_path):
    with pytest.raises(FileNotFoundError, match="input"), atomic_write(tmp_path / "a.csv"):
        (tmp_path / "input").read_bytes()


def test_a_symbolic_link_is_written_through(tmp_path):
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_bytes(b"old")
    link.symlink_to(real)
    with atomic_write(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


@pytest.mark.parametrize(
    "name", ["مقالات اليوم.csv", "a\nb.csv", "\u202egnp.csv", "م" * 120 + ".csv", "-rf", "a'b\".csv"]
)
def test_any_name_the_system_takes_can_be_written(tmp_path, name):
    with atomic_write(tmp_path / name) as file:
        file.write(b"new")
    assert (tmp_path / name).read_bytes() == b"new"


@pytest.mark.parametrize("name", [".", "missing/a.csv", "a\0b", "x" * 300])
def test_a_place_that_cannot_be_written_is_refused_by_name(tmp_path, name):
    with pytest.raises(WriteError, match=r"folder|file name|cannot be written"), atomic_write(tmp_path / name):
        pass
    assert leftovers(tmp_path) == []


def test_a_device_is_never_replaced():
    with pytest.raises(WriteError, match="device"), atomic_write("/dev/null"):
        pass


def test_a_new_file_follows_the_umask_and_an_old_one_keeps_its_mode(tmp_path):
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.touch()
    old.chmod(0o640)
    umask = os.umask(0o022)
    try:
        for path in (old, new):
            with atomic_write(path) as file:
                file.write(b"x")
    finally:
        os.umask(umask)
    assert old.stat().st_mode & 0o777 == 0o640
    assert new.stat().st_mode & 0o777 == 0o644


def test_the_next_write_removes_what_a_killed_writer_left_and_spares_a_living_one(tmp_path):
    killed = subprocess.run(
        [sys.executable, "-c", "import os, sys; print(os.getpid(), flush=True); os.kill(os.getpid(), 9)"],
        capture_output=True,
        check=False,
    ).stdout.decode()
    dead = tmp_path / f".topics-{killed.strip()}-0123456789ab.tmp"
    alive = tmp_path / f".topics-{os.getpid()}-0123456789ab.tmp"
    dead.touch()
    alive.touch()
    with atomic_write(tmp_path / "a.csv") as file:
        file.write(b"x")
    assert leftovers(tmp_path) == [alive.name]


def test_folders_that_a_killed_writer_left_go_and_a_run_to_go_on_with_stays(tmp_path):
    killed = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    dead = killed.stdout.decode().strip()
    for name in (f".topics-{dead}-0123456789ab.tmp", f".topics-{dead}-0123456789ab-01234567.tmp", ".topics-x.tmp"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a").touch()
    with atomic_write(tmp_path / "a.csv") as file:
        file.write(b"x")
    assert sorted(leftovers(tmp_path)) == [f".topics-{dead}-0123456789ab-01234567.tmp", ".topics-x.tmp"]


def test_a_folder_that_cannot_be_forced_to_the_disk_is_told_and_not_called_untouched(tmp_path, monkeypatch):
    def fail(folder):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(files, "sync_folder", fail)
    with (
        pytest.raises(WriteError, match=r"a\.csv: cannot be forced to the disk"),
        atomic_write(tmp_path / "a.csv") as file,
    ):
        file.write(b"new")
    assert (tmp_path / "a.csv").read_bytes() == b"new"


@pytest.mark.parametrize("error", [PermissionError(13, "no"), OSError(22, "Invalid argument")])
def test_a_folder_that_cannot_be_synced_at_all_is_no_error(tmp_path, monkeypatch, error):
    def fail(*_):
        raise error

    monkeypatch.setattr(os, "open" if error.errno == 13 else "fsync", fail)
    sync_folder(tmp_path)


@pytest.mark.parametrize("old", [b"old", None])
@pytest.mark.parametrize("linked", [True, False])
@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt, None])
def test_a_file_is_put_back_when_what_follows_fails(tmp_path, monkeypatch, old, linked, failure):
    path = tmp_path / "a.csv"
    if old is not None:
        path.write_bytes(old)

    def no_links(source, *_):
        raise OSError(1, "Operation not permitted") if path.exists() else FileNotFoundError(2, "none")

    if not linked:
        monkeypatch.setattr(os, "link", no_links)

    def write():
        with put_back(path):
            with atomic_write(path) as file:
                file.write(b"new")
            if failure is not None:
                raise failure

    if failure is None:
        write()
    else:
        with pytest.raises(failure):
            write()
    found = path.read_bytes() if path.exists() else None
    assert found == (b"new" if failure is None else old)
    assert leftovers(tmp_path) == []


HOSTILE_LABELS = [
    "../x", "..", ".", "/", "\\", "C:x", "CON", "con", "nul", "a" * 300, "\u062e" * 300, "a/b", "a\0b", "", " ", ".hidden",
    "\u202ecsv", "a\nb", "x.", "\ud800", "-rf", "~", "com1", "\U0001f600", "Sport",
]  # fmt: skip


@pytest.mark.parametrize("label", HOSTILE_LABELS)
def test_a_label_that_is_used_as_a_file_name_stays_in_the_folder(tmp_path, label):
    name = safe_name(label, ".csv")
    with atomic_write(tmp_path / name) as file:
        file.write(b"x")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@given(st.text(max_size=200) | st.sampled_from(HOSTILE_LABELS))
def test_any_label_gives_one_plain_name(label):
    name = safe_name(label, ".csv")
    name.encode("utf-8")
    assert len(name.encode()) < 160
    assert PurePosixPath(name).name == PureWindowsPath(name).name == name
    assert not name.startswith((".", "-"))
    assert not PureWindowsPath(name).is_reserved()
    assert all(char.isprintable() and not char.isspace() for char in name)
    assert name == safe_name(label, ".csv")


def test_labels_that_another_system_would_not_tell_apart_get_names_of_their_own():
    labels = [*HOSTILE_LABELS, "sport", "SPORT", "a-b", "a b", "\u0623", "\u0627\u0654"]
    assert len({safe_name(label).casefold() for label in labels}) == len(labels)
    assert safe_name("sport") == "sport"
    assert safe_name("\u0631\u064a\u0627\u0636\u0629") == "\u0631\u064a\u0627\u0636\u0629"


def test_a_folder_appears_with_all_its_files(tmp_path):
    (tmp_path / "empty").mkdir()
    for name in ("new", "empty", "نتائج \u202e\n1"):
        with new_folder(tmp_path / name) as folder:
            (folder / "a").write_text("1")
            assert not (tmp_path / name / "a").exists()
        assert (tmp_path / name / "a").read_text() == "1"
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("name", ["full", "file", "missing/x", "a\0b", "x" * 300])
def test_a_folder_that_cannot_be_made_is_refused_by_name(tmp_path, name):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").touch()
    (tmp_path / "file").touch()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(WriteError, match=r"; .*(name|make|choose|check)"), new_folder(tmp_path / name):
        pass
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_whose_files_fail_never_appears(tmp_path):
    def fill():
        with new_folder(tmp_path / "x") as folder:
            (folder / "a").touch()
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fill()
    assert not list(tmp_path.iterdir())
