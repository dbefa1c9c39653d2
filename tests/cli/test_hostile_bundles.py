"""FAULTS.md 1, 4 to 8 and 10, as commands see them: exit code 1, one line with file and next step, nothing run or left."""

from __future__ import annotations

import gzip
import os
import pickle
import tarfile
import time
import zipfile

import pytest

from topics.experiments.run import Run


class Sentinel:
    """Unpickled, it makes a file."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return (open, (self.path, "w"))


def _pickle(path, good):
    path.write_bytes(pickle.dumps(Sentinel(path.with_name("sentinel"))))


def _old_pickle(path, good):
    path.write_bytes(pickle.dumps(Sentinel(path.with_name("sentinel")), 0))


def _tar(path, good):
    with tarfile.open(path, "w") as archive:
        archive.add(good, "../../m.topics")


def _bomb(path, good):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("bundle.json", "w") as member:
        for _ in range(410):
            member.write(bytes(1 << 20))


def _out_of_it(path, good):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bundle.json", "{}")
        archive.writestr("../../evil.txt", "x")


def _damaged(path, good):
    data = bytearray(good.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


HOSTILE = {
    "pickle": _pickle,
    "old pickle": _old_pickle,
    "tar": _tar,
    "gzip": lambda path, good: path.write_bytes(gzip.compress(good.read_bytes())),
    "bomb": _bomb,
    "out of it": _out_of_it,
    "damaged": _damaged,
    "half": lambda path, good: path.write_bytes(good.read_bytes()[: good.stat().st_size // 2]),
    "nothing": lambda path, good: path.write_bytes(b""),
    "text": lambda path, good: path.write_text("خبر", encoding="utf-8"),
    "folder": lambda path, good: path.mkdir(),
    "ring": lambda path, good: path.symlink_to(path),
    "pipe": lambda path, good: os.mkfifo(path),
}


@pytest.mark.skipif(os.name == "nt", reason="links and pipes")
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("suffix", [".topics", ".zip"])
@pytest.mark.parametrize("command", ["sort", "explain", "show"])
def test_a_hostile_model_is_refused_in_one_line_and_nothing_is_left(
    topics_command, tiny_run, tmp_path, name, suffix, command
):
    model, article = tmp_path / f"m{suffix}", tmp_path / "a.txt"
    article.write_text("عنوان\nنص\n", encoding="utf-8")
    HOSTILE[name](model, Run(tiny_run.path).path / "themes.topics")
    before = sorted(tmp_path.rglob("*"))
    arguments = {
        "sort": ("sort", article, "--model", model, "--out", tmp_path / "x.csv", "--by-folder", tmp_path / "by"),
        "explain": ("explain", article, "--model", model, "--html", tmp_path / "x.html"),
        "show": ("show", model),
    }[command]
    start = time.perf_counter()
    code, out, err = topics_command(*arguments)
    assert time.perf_counter() - start < 10
    assert sorted(tmp_path.rglob("*")) == before
    # What is no bundle may be a corpus, and is shown as one.
    assert code == 1 or (command == "show" and name not in ("pickle", "ring", "pipe"))
    if code == 1:
        assert not out
        assert err.startswith(f"topics: {model}")
        assert len(err.splitlines()) == 1
        assert "a fault in topics" not in err
