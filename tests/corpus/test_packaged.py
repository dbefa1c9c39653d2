from __future__ import annotations

import pytest

from topics.corpus import packaged
from topics.errors import ReadError


def test_the_corpus_and_the_experiment_are_found_in_a_checkout(project):
    assert packaged.packaged_corpus() == project / "corpora" / "demo"
    assert packaged.packaged_experiment() == project / "experiments" / "demo.toml"


def test_an_installed_wheel_has_them_among_its_data(tmp_path, monkeypatch):
    package = tmp_path / "lib" / "site-packages" / "topics"
    (package / "data" / "demo").mkdir(parents=True)
    (package / "data" / "demo.toml").touch()
    monkeypatch.setattr(packaged, "files", lambda name: package)
    assert packaged.packaged_corpus() == package / "data" / "demo"
    assert packaged.packaged_experiment() == package / "data" / "demo.toml"


def test_a_broken_installation_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(packaged, "files", lambda name: tmp_path / "a" / "b" / "topics")
    with pytest.raises(ReadError, match="install arabic-topics again"):
        packaged.packaged_corpus()


def test_the_wheel_packs_what_is_looked_for(project):
    settings = (project / "pyproject.toml").read_text(encoding="utf-8")
    assert '"corpora/demo" = "topics/data/demo"' in settings
    assert '"experiments/demo.toml" = "topics/data/demo.toml"' in settings
