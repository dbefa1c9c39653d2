"""Runs on full disks, out of memory, in places that cannot be written, two at a time, in any locale: FAULTS.md 16 to 36."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
import sys

import pytest

from topics.cli import main
from topics.corpus.packaged import packaged_corpus
from topics.errors import WriteError
from topics.experiments import stages
from topics.experiments.folder import staged
from topics.experiments.run import Run, run

TOPICS = [sys.executable, "-m", "topics"]


def contents(path):
    return {file.name: file.read_bytes() for file in path.iterdir() if file.name != "manifest.json"}


@pytest.fixture
def small_disk(tmp_path):
    """A file system that holds 192 KiB; skipped where none may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=192k", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no file system may be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_is_full_leaves_what_was_there_and_nothing_else(tiny_file, small_disk):
    """FAULTS.md 16."""
    runs = small_disk / "runs"
    runs.mkdir()
    (runs / "tiny.latest").write_text("tiny-old\n", encoding="utf-8")
    with pytest.raises(WriteError, match="No space left on device"):
        run(tiny_file, out=runs, topics=None)
    assert [path.name for path in runs.iterdir()] == ["tiny.latest"]
    assert (runs / "tiny.latest").read_text(encoding="utf-8") == "tiny-old\n"


def test_a_cache_on_a_disk_that_is_full_costs_nothing_but_time(tiny_file, tmp_path, small_disk, fixed_code):
    """FAULTS.md 16."""
    with_cache = run(tiny_file, out=tmp_path / "a", cache=small_disk / "cache", topics=None)
    without = run(tiny_file, out=tmp_path / "b", cache=False, topics=None)
    assert contents(with_cache.path) == contents(without.path)
    assert not list((small_disk / "cache").glob(".*"))


@pytest.mark.parametrize("code", [errno.EPERM, errno.EACCES, errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("name", ["rename", "fsync"])
def test_whichever_call_fails_nothing_half_done_is_left(tmp_path, monkeypatch, name, code):
    """FAULTS.md 16: each of the calls that publish a run, made to fail at its first, second ... time."""
    genuine = getattr(os, name)
    for n in range(20):
        target, calls = tmp_path / str(n) / "x-1", []

        def failing(*arguments, n=n, calls=calls, **options):
            calls.append(arguments)
            if len(calls) == n + 1:
                raise OSError(code, os.strerror(code), *(arguments[:1] if name == "rename" else ()))
            return genuine(*arguments, **options)

        with monkeypatch.context() as patch:
            patch.setattr(os, name, failing)
            with contextlib.suppress(WriteError), staged(target) as staging:
                for file in ("a", "b"):
                    (staging / file).write_text(file, encoding="utf-8")
        assert [path.name for path in target.parent.iterdir()] in ([], ["x-1"])
        if target.exists():
            assert sorted(path.name for path in target.iterdir()) == ["a", "b"]
        if len(calls) <= n:
            break
    assert 0 < n < 19


@pytest.mark.slow
def test_two_processes_of_one_run_give_one_run(tiny_file, tmp_path):
    """FAULTS.md 17."""
    command = [*TOPICS, "run", str(tiny_file), "--out", str(tmp_path / "runs")]
    environment = os.environ | {"TOPICS_CACHE": str(tmp_path / "cache")}
    both = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) for _ in "ab"]
    assert [process.wait() for process in both] == [0, 0], [process.stderr.read() for process in both]
    for process in both:
        process.stderr.close()
    done = Run(tmp_path / "runs" / "tiny")
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == [done.path.name, "tiny.latest"]
    assert not list((tmp_path / "cache").glob(".*"))


@pytest.mark.slow
@pytest.mark.parametrize("variables", [{"HOME": "/proc/nobody"}, {"HOME": "/proc/nobody", "XDG_CACHE_HOME": "/proc/x"}])
def test_a_home_that_cannot_be_written_keeps_no_cache(tiny_file, tmp_path, variables):
    """FAULTS.md 20."""
    environment = {name: value for name, value in os.environ.items() if name != "TOPICS_CACHE"} | variables
    command = [*TOPICS, "run", str(tiny_file), "--out", str(tmp_path / "runs"), "--set", "topics.n_topics=2"]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


@pytest.mark.parametrize("name", ["تشغيلات اليوم", "a\nb", "\u202egnp", "a b"])
def test_a_place_of_any_name_holds_runs(tiny_file, tmp_path, name):
    """FAULTS.md 20."""
    done = run(tiny_file, out=tmp_path / name, topics=None, themes={"use": ["sport"]})
    assert done.path.parent == tmp_path / name
    assert Run(tmp_path / name / "tiny").path == done.path


def test_a_link_to_a_folder_holds_runs_there(tiny_file, tmp_path):
    """FAULTS.md 20."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    done = run(tiny_file, out=tmp_path / "link", topics=None, themes={"use": ["sport"]})
    assert (tmp_path / "real" / done.path.name / "scores.json").is_file()


@pytest.fixture(scope="session")
def locales(tmp_path_factory):
    """Where Turkish (a dotless i, a comma in numbers) and Moroccan Arabic can be set, built here; Python's own else."""
    place = tmp_path_factory.mktemp("locales")
    names = [name for name in ("tr_TR", "ar_MA") if _built(name, place)]
    return {"LOCPATH": str(place)} if names else {}, [f"{name}.UTF-8" for name in names] or ["C.UTF-8"]


def _built(name, place):
    command = ["localedef", "-i", name, "-f", "UTF-8", str(place / f"{name}.UTF-8")]
    return (
        shutil.which("localedef") is not None
        and not subprocess.run(command, capture_output=True, check=False).returncode
    )


# As a program that embeds Python does, and a notebook's kernel may: every category, not letters alone.
IN_LOCALE = """
import locale, sys
locale.setlocale(locale.LC_ALL, "")
from topics.cli import main
sys.exit(main())
"""


@pytest.mark.slow
def test_a_run_is_the_same_bytes_in_every_locale(tiny_file, tmp_path, locales):
    """FAULTS.md 36: and so is what is printed."""
    place, names = locales
    found = []
    for number, variables in enumerate(
        [
            {"LC_ALL": "C.UTF-8"},
            {"LC_ALL": "C", "PYTHONHASHSEED": "1", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LANGUAGE": "ar"},
            *({"LC_ALL": name, "PYTHONUTF8": "0", "PYTHONIOENCODING": "cp1256", **place} for name in names),
        ]
    ):
        out = tmp_path / str(number)
        changes = ["--set", "output.report=true", "--set", "output.figures=true", "--set", "corpus.sample=40"]
        environment = os.environ | variables
        for command in (
            ["run", str(tiny_file), "--out", str(out), *changes],
            ["show", str(packaged_corpus()), "--json"],
        ):
            done = subprocess.run(
                [sys.executable, "-c", IN_LOCALE, *command], env=environment, check=False, capture_output=True
            )
            assert done.returncode == 0, done.stderr
        run = Run(out / "tiny").path
        drawn = {path.name: path.read_bytes() for path in (run / "figures").iterdir()}
        found.append((contents_of_files(run), drawn, done.stdout))
    for other in found[1:]:
        for ours, theirs in zip(found[0], other, strict=True):
            assert ours == theirs


def contents_of_files(path):
    return {file.name: file.read_bytes() for file in path.iterdir() if file.is_file() and file.name != "manifest.json"}


@pytest.mark.parametrize(
    "place", ["_learn_themes", "_score_themes", "_find_topics", "_score_topics", "_sort", "_report"]
)
def test_memory_that_runs_out_at_any_stage_leaves_the_runs_of_before(tiny_file, tmp_path, monkeypatch, capsys, place):
    """FAULTS.md 34."""
    for stage in ("_learn_themes", "_score_themes", "_find_topics", "_score_topics", "_sort", "_report"):
        if stage == place:
            monkeypatch.setattr(stages._Execution, stage, out_of_memory)
            break
        monkeypatch.setattr(stages._Execution, stage, lambda _: None)
    runs = tmp_path / "runs"
    runs.mkdir()
    (runs / "tiny.latest").write_text("tiny-old\n", encoding="utf-8")
    code = main(["run", str(tiny_file), "--out", str(runs), "--set", "output.report=true"])
    out, err = capsys.readouterr()
    assert (code, out) == (1, "")
    assert err.startswith("topics: not enough memory; ")
    assert len(err.splitlines()) == 1
    assert [path.name for path in runs.iterdir()] == ["tiny.latest"]


def out_of_memory(*_):
    raise MemoryError


@pytest.mark.skipif(sys.platform != "linux", reason="a limit that the system keeps")
def test_a_system_that_gives_no_more_memory_is_told_in_one_line_and_nothing_is_left(tiny_file, tmp_path):
    """FAULTS.md 33 and 34: a real limit, below what the libraries alone take."""
    code = (
        "import resource, sys; from topics.cli import main, streams; import topics.experiments.run, numpy\n"
        "now = int(open('/proc/self/statm').read().split()[5]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_DATA, (now + (24 << 20),) * 2); sys.exit(main(sys.argv[1:]))"
    )
    rows = "".join(f'{{"text": "{"خبر " * 4000}{n}"}}\n' for n in range(2000))
    (tmp_path / "news.jsonl").write_text(rows, encoding="utf-8")
    command = ["corpus", "dedupe", str(tmp_path / "news.jsonl"), "--out", str(tmp_path / "out.csv")]
    done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "not enough memory" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["news.jsonl"]
