"""FAULTS.md 16, by injection: whichever call of the system fails in a command, nothing is lost and nothing is half.

Each write, sync, rename, opening and reading below the working folder is made to fail in turn (tests/support/failing.py)
until the command goes through. Every time the outputs are all as they were, or all as they are meant to be.
"""

from __future__ import annotations

import shutil
import sys
import tempfile

import pytest
from failing import KINDS, disks
from small_news import small_corpus

from topics.corpus import Corpus, write

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="open files are known by /proc")
OLD = b"id,text\n0,old\n"


def files(folder):
    """Everything in a folder, with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def assert_all_or_nothing(call, place, kind):
    """A command on a disk that fails, n = 1, 2, ...; `place` holds what it writes into, as it was before.

    Gives what was told.
    """
    before = files(place)
    assert call()[0] == 0
    after = files(place)
    assert after != before
    told = []
    for disk in disks(place.parent, kind):
        restore(place, before)
        with disk:
            code, out, err = call()
        found = files(place)
        if code == 0:  # nothing failed, or what failed was not needed
            assert found == after
            continue
        assert disk.failed
        assert (code, out) == (1, "")
        assert err.startswith("topics: ")
        assert len(err.splitlines()) == 1, err
        assert "a fault in topics" not in err
        # When a folder cannot be forced to the disk, the new file may stand there; it is whole then.
        assert found == before or (found == after and kind == "sync"), (disk.calls, err)
        told.append(err)
    return told


def restore(place, wanted):
    """Make a folder what `files` said of it."""
    shutil.rmtree(place)
    place.mkdir()
    for name, data in sorted(wanted.items()):
        if data is None:
            (place / name).mkdir()
        else:
            (place / name).write_bytes(data)


@pytest.fixture
def work(tmp_path, monkeypatch):
    """A folder on the disk that fails, with temporary files on it too: in/ and out/."""
    for name in ("in", "out", "tmp"):
        (tmp_path / "disk" / name).mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "disk" / "tmp"))
    return tmp_path / "disk"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.csv", "a.tsv.gz", "a.xlsx", "a.parquet", "folder"])
def test_a_conversion_is_whole_or_not_there(topics_command, work, name, kind):
    write(small_corpus()[:20], work / "in" / "news.csv")
    if name == "folder":
        (work / "out" / "kept.txt").write_bytes(b"kept")
    else:
        (work / "out" / name).write_bytes(OLD)
    told = assert_all_or_nothing(
        lambda: topics_command("corpus", "convert", work / "in" / "news.csv", "--out", work / "out" / name),
        work / "out",
        kind,
    )
    assert any(told) or kind == "make"
    assert not list((work / "tmp").iterdir())
    assert len(Corpus.read(work / "out" / name)) == 20


SLOW = pytest.mark.slow
WAYS = [
    pytest.param("csv", (), id="csv"),
    *(pytest.param(suffix, (), marks=SLOW, id=suffix) for suffix in ("jsonl", "xlsx", "parquet")),
    *(
        pytest.param(suffix, ("--append",), marks=SLOW, id=f"more {suffix}")
        for suffix in ("jsonl", "csv", "xlsx", "parquet")
    ),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("suffix", "more"), WAYS)
def test_a_sorting_is_everywhere_or_nowhere(topics_command, tiny_run, work, suffix, kind, more):
    """The table, the review list and the folders of themes: all new, or all as they were."""
    write(small_corpus()[::8], work / "in" / "news.jsonl")
    model = work / "m.topics"
    model.write_bytes((tiny_run.path / "themes.topics").read_bytes())
    arguments = ["sort", work / "in" / "news.jsonl", "--model", model, "--out", work / "out" / f"x.{suffix}"]
    arguments += ["--abstain", work / "out" / f"r.{suffix}", "--unsure", "0.2", "--by-folder", work / "out" / "by"]
    first = work / "in" / "first.jsonl"
    write(small_corpus()[1:4], first)
    assert topics_command("sort", first, *arguments[2:])[0] == 0
    names = {path.name for path in (work / "out").rglob("*")}
    assert_all_or_nothing(lambda: topics_command(*arguments, *more), work / "out", kind)
    assert not list((work / "tmp").iterdir())
    assert {f"x.{suffix}", f"r.{suffix}", "by"} <= names
    assert not [path for path in work.rglob("*") if path.name.startswith(".")]
