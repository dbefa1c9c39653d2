"""FAULTS.md 16, by injection: whichever call of the system fails in a run, the runs are those of before, or one more."""

from __future__ import annotations

import sys
import tempfile

import pytest
from failing import KINDS, disks
from tiny_experiment import TINY

from topics.cli import main
from topics.experiments.folder import latest
from topics.experiments.run import Run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="open files are known by /proc"),
]


def contents(run):
    return {path.name: path.read_bytes() for path in run.iterdir() if path.name != "manifest.json"}


@pytest.fixture
def work(tmp_path, monkeypatch, fixed_code):
    """A folder on the disk that fails: the experiment, its runs, its cache, temporary files."""
    disk = tmp_path / "disk"
    (disk / "tmp").mkdir(parents=True)
    themes_only = TINY.replace("[topics]\nn_topics = 3\nn_sweeps = 2\nmin_df = 2\n\n", "").replace("90", "40")
    assert "[topics]" not in themes_only
    (disk / "tiny.toml").write_text(themes_only, encoding="utf-8")
    monkeypatch.setattr(tempfile, "tempdir", str(disk / "tmp"))
    monkeypatch.setenv("TOPICS_CACHE", str(disk / "cache"))
    return disk


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_is_whole_or_not_there_and_the_ones_before_stay(work, capsys, kind):
    runs = work / "runs"
    arguments = ["run", str(work / "tiny.toml"), "--out", str(runs), "--set", "themes.use=['sport']"]
    assert main([*arguments, "--set", "random_state=1"]) == 0
    (first,) = runs.glob("tiny-*")
    before = contents(first)
    assert (
        main([*arguments, "--out", str(work.parent / "elsewhere")]) == 0
    )  # what it takes is in the cache from here on
    whole = contents(Run(work.parent / "elsewhere" / "tiny").path)
    for disk in disks(work, kind):
        capsys.readouterr()
        with disk:
            code = main(arguments)
        out, err = capsys.readouterr()
        made = sorted(set(runs.glob("tiny-*")) - {first})
        assert contents(first) == before
        assert not [path.name for path in runs.iterdir() if path.name.startswith(".")], err
        assert latest(runs, "tiny") == (made or [first])[0] or (code == 1 and made)
        assert all(contents(run) == whole for run in made)
        assert not list((work / "tmp").iterdir())
        assert not list((work / "cache").glob(".*"))
        if code == 0:  # what is not needed may fail: the cache
            assert len(made) == 1
        else:
            assert code == 1
            assert not out or made  # once the run stands, only the telling of it can fail
            assert disk.failed
            assert err.startswith("topics: ")
            assert len(err.splitlines()) == 1, err
            assert "a fault in topics" not in err
        if made and disk.failed:
            assert main(arguments) == 0  # a rerun takes what is there, and names it the newest
            assert latest(runs, "tiny") == made[0]
            _forget(made[0], runs, first)
    assert code == 0


def _forget(run, runs, first):
    for path in sorted(run.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    run.rmdir()
    (runs / "tiny.latest").write_text(f"{first.name}\n", encoding="utf-8")
