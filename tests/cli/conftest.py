"""One tiny experiment and one run of it, which the commands here read and none of them changes."""

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
    """A complete run with a report."""
    from topics.experiments.run import run

    return run(tiny_file, out=tmp_path_factory.mktemp("tiny") / "runs", **{"output.report": True})


@pytest.fixture
def topics_command(capsys):
    """Run one command in this process: exit code, stdout, stderr."""
    from topics.cli import main

    def call(*arguments):
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return call
