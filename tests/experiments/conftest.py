"""One tiny experiment and one run of it, which the tests here read and none of them changes."""

from __future__ import annotations

import pytest
from tiny_experiment import write_tiny


@pytest.fixture(scope="session")
def tiny_file(tmp_path_factory):
    return write_tiny(tmp_path_factory.mktemp("experiments"))


@pytest.fixture(scope="session")
def tiny_run(tiny_file, tmp_path_factory):
    """A complete run with figures and report."""
    from topics.experiments.run import run

    changes = {"output.figures": True, "output.report": True}
    return run(tiny_file, out=tmp_path_factory.mktemp("tiny") / "runs", **changes)


@pytest.fixture
def fixed_code(monkeypatch):
    """The package's files may be under way while tests run; what names a run shall not be."""
    monkeypatch.setattr("topics.experiments.folder.code_fingerprint", lambda: "0" * 64)
