"""One tiny experiment and one run of it, which the commands here read and none of them changes."""

from __future__ import annotations

import pytest
from tiny_experiment import write_tiny


@pytest.fixture(scope="session")
def tiny_file(tmp_path_factory):
    return write_tiny(tmp_path_factory.mktemp("experiments"))


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
