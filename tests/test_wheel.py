"""The built wheel, in an environment of its own and without a network: the first minute of somebody who installed it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
SPORT = "فاز المنتخب على ضيفه بهدفين في مباراة الدوري وتأهل إلى نهائي كأس العالم لكرة القدم"


@pytest.fixture(scope="module")
def wheel(project, tmp_path_factory):
    """The wheel, built without fetching anything."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (path,) = out.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An environment with the wheel's files; its libraries are those of the tests, the checkout is not among them."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    packages = subprocess.check_output(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    )
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages.strip())
    # A folder that a .pth file names is searched, but its own .pth files, such as that of the checkout, are not read.
    (Path(packages.strip()) / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


def offline(python, *arguments, cwd):
    """Run the command `topics` in a namespace without a network, where the system allows one."""
    apart = ["unshare", "-rn"] if subprocess.run(["unshare", "-rn", "true"], check=False).returncode == 0 else []
    command = [*apart, python, "-m", "topics", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", check=False)


def test_it_carries_the_demo_corpus_a_model_and_stays_small(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "topics/data/models/themes-ar.topics" in names
    assert "topics/data/demo/articles.jsonl" in names
    assert not [name for name in names if "__pycache__" in name or name.endswith((".nbi", ".nbc"))]
    assert wheel.stat().st_size < 3_000_000


def test_one_article_is_sorted_before_anything_is_trained(installed, tmp_path):
    (tmp_path / "article.txt").write_text(f"المنتخب يفوز\n{SPORT}\n", encoding="utf-8")
    where = subprocess.check_output([installed, "-c", "import topics; print(topics.__file__)"], text=True, cwd=tmp_path)
    assert str(installed.parent.parent) in where
    done = offline(installed, "sort", "article.txt", "--out", "sorted.jsonl", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "sorted.jsonl").read_text(encoding="utf-8"))["primary"] == "sport"


def test_the_main_job_runs_to_its_report(installed, tmp_path):
    done = offline(installed, "demo", "--out", "runs", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [path.stat().st_size > 100_000 for path in tmp_path.glob("runs/demo-*/report.html")] == [True]
