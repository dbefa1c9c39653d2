from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from topics.errors import SettingsError
from topics.experiments import cache
from topics.experiments.cache import NoStore, Store, code_of, default_folder, describe_cache, is_cache, user_store
from topics.experiments.entries import Kept

ONE = Kept({"n": 1}, {"a": np.arange(1000.0)})


def test_what_was_kept_is_found(tmp_path):
    store = Store(tmp_path / "new" / "cache")
    assert store.get("fit", "key") is None
    assert store.put("fit", "key", ONE)
    found = store.get("fit", "key")
    assert found.values == {"n": 1}
    assert np.array_equal(found.arrays["a"], ONE.arrays["a"])
    assert store.get("matrix", "key") is None


@pytest.mark.parametrize("data", [b"", b"half", None])
def test_a_damaged_entry_is_no_entry_and_can_be_kept_anew(tmp_path, data):
    store = Store(tmp_path)
    store.put("fit", "key", ONE)
    path = store.path("fit", "key")
    path.write_bytes(path.read_bytes()[:-5] if data is None else data)
    assert store.get("fit", "key") is None
    store.put("fit", "key", ONE)
    assert store.get("fit", "key") is not None


def test_it_may_be_deleted_at_any_moment(tmp_path):
    store = Store(tmp_path / "cache", 1 << 20)
    store.put("fit", "1", ONE)
    shutil.rmtree(tmp_path / "cache")
    assert store.get("fit", "1") is None
    assert store.put("fit", "2", ONE)
    assert is_cache(tmp_path / "cache")


def test_what_was_used_longest_ago_goes_first(tmp_path):
    store = Store(tmp_path, 3 * 9000)
    for key in "123":
        store.put("fit", key, ONE)
        os.utime(store.path("fit", key), (1000 + int(key), 1000 + int(key)))
    assert store.get("fit", "1")  # used now
    store.put("fit", "4", ONE)
    assert store.get("fit", "2") is None
    assert store.get("fit", "1")
    assert store.get("fit", "4")
    assert sum(stat.st_size for _, stat in store.entries()) <= 3 * 9000


def test_an_entry_that_would_push_out_all_others_is_not_kept(tmp_path):
    store = Store(tmp_path, 10_000)
    assert not store.put("fit", "1", ONE)
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_keeps_nothing_and_is_no_error(tmp_path, monkeypatch):
    """FAULTS.md 16, 20."""
    (tmp_path / "file").touch()
    assert not Store(tmp_path / "file" / "cache").put("fit", "1", ONE)
    store = Store(tmp_path / "cache")
    assert store.put("fit", "1", ONE)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("topics.experiments.cache.write_kept", full)
    assert not store.put("fit", "2", ONE)
    assert [path.name for path in store.folder.iterdir()] == ["fit-1.kept"]


def test_what_cannot_be_kept_is_left_out(tmp_path):
    assert not Store(tmp_path).put("fit", "1", Kept({}, {"a": np.array([object()])}))
    assert not NoStore().put("fit", "1", ONE)
    assert NoStore().get("fit", "1") is None


def test_processes_share_one_folder(tmp_path):
    code = (
        "import sys, numpy as np; from pathlib import Path; from topics.experiments.cache import Store\n"
        "from topics.experiments.entries import Kept; store = Store(Path(sys.argv[1]), 1 << 18)\n"
        "for k in range(60):\n"
        "    store.put('fit', str(k % 40), Kept({'k': k % 40}, {'a': np.full(1000, k % 40.0)}))\n"
        "    for key in range(40):\n"
        "        found = store.get('fit', str(key))\n"
        "        assert found is None or (found.values['k'] == key and (found.arrays['a'] == key).all())\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(2)]
    assert [process.wait() for process in running] == [0, 0]
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    assert sum(stat.st_size for _, stat in Store(tmp_path).entries()) <= 1 << 18


@pytest.mark.parametrize(
    ("platform", "variables", "end"),
    [
        ("linux", {"XDG_CACHE_HOME": "/x"}, "/x/arabic-topics"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, ".cache/arabic-topics"),
        ("linux", {}, ".cache/arabic-topics"),
        ("darwin", {}, "Library/Caches/arabic-topics"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/arabic-topics/Cache"),
        ("linux", {"TOPICS_CACHE": "/mine"}, "/mine"),
    ],
)
def test_it_lies_where_the_system_keeps_caches(monkeypatch, platform, variables, end):
    for name in ("TOPICS_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert default_folder().as_posix().endswith(end)


def test_an_empty_variable_asks_for_no_cache_and_a_size_is_a_size(monkeypatch):
    monkeypatch.setenv("TOPICS_CACHE", "")
    assert user_store() is None
    monkeypatch.setenv("TOPICS_CACHE", "/mine")
    monkeypatch.setenv("TOPICS_CACHE_SIZE", "5MiB")
    assert user_store().most_bytes == 5 << 20
    monkeypatch.setenv("TOPICS_CACHE_SIZE", "many")
    with pytest.raises(SettingsError, match="TOPICS_CACHE_SIZE: memory='many' cannot be read"):
        user_store()


def test_nobody_at_home_means_no_cache(monkeypatch):
    def nobody():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("TOPICS_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", nobody)
    assert user_store() is None


def test_it_describes_itself(tmp_path):
    store = Store(tmp_path, 1 << 20)
    for kind in ("fit", "matrix"):
        store.put(kind, "1", ONE)
    facts = describe_cache(tmp_path)
    assert [(row["entries"], row["n"]) for row in facts["contents"]] == [("matrix", 1), ("fit", 1)]
    assert facts["bytes"] == sum(path.stat().st_size for path in tmp_path.glob("*.kept"))
    assert not is_cache(tmp_path.parent)


def test_the_code_of_a_layer_changes_with_its_files_and_no_others(tmp_path, monkeypatch):
    package = tmp_path / "topics"
    for name in ("arabic", "plots"):
        (package / name).mkdir(parents=True)
        (package / name / "a.py").write_text("1", encoding="utf-8")
    (package / "compiled.py").write_text("1", encoding="utf-8")
    monkeypatch.setattr(cache, "files", lambda name: package)

    def code():
        code_of.cache_clear()
        return code_of("arabic", "compiled")

    first = code()
    (package / "plots" / "a.py").write_text("2", encoding="utf-8")
    assert code() == first
    (package / "compiled.py").write_text("2", encoding="utf-8")
    second = code()
    (package / "arabic" / "words.tsv").touch()
    assert len({first, second, code()}) == 3
    monkeypatch.setattr("topics.bundle.versions", lambda: {"numpy": "99"})
    assert code() not in {first, second}
    code_of.cache_clear()


def test_an_old_entry_is_found_and_counts_as_used(tmp_path):
    store = Store(tmp_path)
    store.put("fit", "1", ONE)
    os.utime(store.path("fit", "1"), (1000, 1000))
    store.get("fit", "1")
    assert time.time() - store.path("fit", "1").stat().st_mtime < 60
