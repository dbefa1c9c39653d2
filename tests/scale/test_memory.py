"""A corpus larger than the memory that a process may have: fault 33 of the list of faults."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from topics.corpus.generated import Planted
from topics.corpus.writers import write

LIMIT = 800 << 20  # bytes of private memory
LARGE = Planted(n_topics=4, n_terms=2000)
_RUN = """
import resource, sys
resource.setrlimit(resource.RLIMIT_DATA, (int(sys.argv[1]),) * 2)
from topics.cli import main
sys.exit(main(["run", sys.argv[2], "--out", sys.argv[3], "--scheduler", "none", "--json"]))
"""


def write_large(path, n_bytes):
    """Generated articles again and again under other ids, until the file is that large."""
    write(LARGE.articles(0, 2000), path)
    lines = path.read_bytes().splitlines(keepends=True)
    with path.open("wb") as file:
        number = 0
        while file.tell() < n_bytes:
            file.writelines(line.replace(b'"g', b'"%d-' % number, 1) for line in lines)
            number += 1
    return path


def run_limited(tmp_path, corpus, **scale):
    settings = tmp_path / "x.toml"
    lines = [f"{name} = {json.dumps(value)}" for name, value in {"partition": "16MiB", **scale}.items()]
    settings.write_text(
        f'name = "x"\n[corpus]\npath = "{corpus}"\n[terms]\nlearn_phrases = false\n'
        "[topics]\nn_topics = 4\nn_sweeps = 1\n[scale]\n" + "\n".join(lines),
        encoding="utf-8",
    )
    command = [sys.executable, "-c", _RUN, str(LIMIT), str(settings), str(tmp_path / "runs")]
    environment = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PATH": "", "HOME": str(tmp_path)}
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env=environment)


@pytest.mark.load
def test_a_corpus_larger_than_memory_is_sorted_within_it(tmp_path):
    corpus = write_large(tmp_path / "large.jsonl", LIMIT + (32 << 20))
    done = run_limited(tmp_path, corpus, memory="800MiB")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "analysis: " in done.stderr.partition("\n")[0], "what is needed is said before anything begins"
    manifest = json.loads(done.stdout)["manifest"]
    assert manifest["corpus"]["n_articles"] > 500_000
    assert manifest["peak_memory_bytes"] < LIMIT < corpus.stat().st_size


@pytest.mark.slow
def test_partitions_that_do_not_fit_are_refused_before_anything_is_read(tmp_path):
    corpus = write_large(tmp_path / "large.jsonl", 80 << 20)
    done = run_limited(tmp_path, corpus, memory="400MiB", partition="80MiB")
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert "[scale] memory is 400 MiB; raise memory, or lower [scale] partition" in last
    assert not list((tmp_path / "runs").glob("*"))
