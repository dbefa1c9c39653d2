"""One tiny experiment and one run of it, which the tests here read and none of them changes."""

from __future__ import annotations

import pytest

TINY = """\
name = "tiny"

[corpus]
path = "demo"
sample = 90

[themes]
use = ["security", "sport"]

[topics]
n_topics = 3
n_sweeps = 2
min_df = 2

[evaluation]
folds = 2

[output]
figures = false
report = false
"""


@pytest.fixture(scope="session")
def tiny_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("experiments") / "tiny.toml"
    path.write_text(TINY, encoding="utf-8")
    return path


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
