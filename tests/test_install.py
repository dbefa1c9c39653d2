"""Installing is two words after `make`, or one command of conda or uv, and all three install the same."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib

import pytest
import yaml
from tiny_experiment import write_tiny

# conda-forge's name where it is another than PyPI's.
CONDA_NAMES: dict[str, str] = {}
# Not on conda-forge; pip takes them from PyPI inside the conda environment.
ONLY_ON_PYPI = {"rensa"}
# The release that mended a known hole; `make audit` asks for newer ones.
FLOORS = {
    "jinja2": "3.1.6",  # CVE-2025-27516, out of the sandbox through |attr
    "jupyterlab": "4.4.8",  # CVE-2025-59842, links that hand over the window
    "nltk": "3.9.2",  # CVE-2024-39705, pickles in downloaded packages
    "pyarrow": "14.0.1",  # CVE-2023-47248, code in Parquet files
    "scikit-learn": "1.5.0",  # CVE-2024-5206, stop words that keep text
    "tqdm": "4.66.3",  # CVE-2024-34062, eval of arguments
}
needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")


def split(requirement):
    """`numpy>=2.2` -> ("numpy", ">=2.2")."""
    name, bounds = re.fullmatch(r"([A-Za-z0-9._-]+)(.*)", requirement).groups()
    return name.lower(), bounds.strip()


def version(text):
    return tuple(int(part) for part in text.split("."))


@pytest.fixture(scope="module")
def settings(project):
    return tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wanted(settings):
    """What base, lab and files ask for."""
    extras = settings["project"]["optional-dependencies"]
    return dict(map(split, [*settings["project"]["dependencies"], *extras["lab"], *extras["files"]]))


@pytest.fixture(scope="module")
def conda(project):
    return yaml.safe_load((project / "environment.yml").read_text(encoding="utf-8"))


# ---- conda


def test_conda_installs_the_same_packages_within_the_same_bounds(conda, wanted):
    given = dict(split(line) for line in conda["dependencies"] if isinstance(line, str))
    python, pip = given.pop("python"), given.pop("pip")
    assert (python, pip) == (">=3.11,<3.14", "")
    assert given == {CONDA_NAMES.get(name, name): bounds for name, bounds in wanted.items() if name not in ONLY_ON_PYPI}


def test_pip_gives_conda_only_what_conda_lacks_and_topics_itself(conda, wanted):
    (from_pip,) = (line["pip"] for line in conda["dependencies"] if isinstance(line, dict))
    assert from_pip == [*(name + wanted[name] for name in sorted(ONLY_ON_PYPI)), "-e ."]


def test_conda_and_pyproject_ask_for_the_same_python(conda, settings):
    assert "python" + settings["project"]["requires-python"] in conda["dependencies"]


# ---- the lock


@pytest.fixture(scope="module")
def lock(project):
    return tomllib.loads((project / "uv.lock").read_text(encoding="utf-8"))


def test_the_lock_was_made_from_this_pyproject(lock, settings):
    (ours,) = (package for package in lock["package"] if package["name"] == "arabic-topics")
    bounds = [item.strip() for item in lock["requires-python"].split(",")]
    assert bounds == settings["project"]["requires-python"].split(",")
    locked = {
        (entry["name"], entry.get("marker", ""), entry["specifier"]) for entry in ours["metadata"]["requires-dist"]
    }
    asked = {(*split(line), "") for line in settings["project"]["dependencies"]}
    for extra, lines in settings["project"]["optional-dependencies"].items():
        asked |= {(*split(line), f"extra == '{extra}'") for line in lines}
    assert locked == {(name, marker, specifier) for name, specifier, marker in asked}
    groups = {
        group: {(entry["name"], entry["specifier"]) for entry in entries}
        for group, entries in ours["metadata"]["requires-dev"].items()
    }
    asked = settings["dependency-groups"].items()
    assert groups == {group: {split(line.partition(";")[0]) for line in lines} for group, lines in asked}


def test_the_lock_takes_everything_from_pypi(project):
    hosts = set(re.findall(r"\w+://([^/\"]+)", (project / "uv.lock").read_text(encoding="utf-8")))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_known_holes_stay_below_the_floor(settings, name, floor):
    project, groups = settings["project"], settings["dependency-groups"]
    lines = [project["dependencies"], *project["optional-dependencies"].values(), *groups.values()]
    asked = dict(split(line) for group in lines for line in group)
    assert version(asked[name].removeprefix(">=")) >= version(floor)


# ---- make


def phony(project):
    makefile = (project / "Makefile").read_text(encoding="utf-8")
    return set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()) - {"FORCE"}


def make(*arguments, cwd, **options):
    # A make that is called from a test that make called must not think that it is a part of the outer one.
    environment = options.pop("env", os.environ)
    environment = {key: value for key, value in environment.items() if key not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}
    return subprocess.run(
        ["make", *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        **options,
    )


@needs_make
@pytest.mark.parametrize("arguments", [[], ["help"]])
def test_make_lists_every_target_with_a_word_about_it(project, arguments):
    done = make(*arguments, cwd=project)
    assert done.returncode == 0, done.stderr
    listed = re.findall(r"^make (\S+) +\S.*$", done.stdout, re.MULTILINE)
    assert set(listed) == phony(project)
    assert len(listed) == len(done.stdout.splitlines())


def test_the_readme_has_two_commands(project):
    readme = (project / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    shell = "".join(text for language, text in blocks if language in {"", "sh", "bash", "console", "shell"})
    commands = re.findall(r"^(?:\$ )?(make [\w-]+)", shell, re.MULTILINE)
    assert set(commands) == {"make demo", "make test"}


def test_pages_name_only_targets_that_exist(project):
    for page in [*project.glob("*.md"), *project.glob("docs/**/*.md")]:
        named = re.findall(
            r"`make ([a-z-]+)[^`]*`|^(?:\$ )?make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE
        )
        assert {first or second for first, second in named} <= phony(project), page


def script(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def clone(project, tmp_path):
    """A clone without .venv, in a folder whose name has a space, with a PATH of its own that has no Python."""
    here = tmp_path / "a clone"
    (here / "bin").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "uv.lock"):
        shutil.copy(project / name, here)
    for tool in ("sh", "make", "cat", "rm", "awk", "cut"):
        (here / "bin" / tool).symlink_to(shutil.which(tool))
    return here


def bare(clone):
    return {"PATH": str(clone / "bin"), "HOME": str(clone)}


# A Python as the Makefile sees it: what `-c` prints is what matters.
OLD = "echo '/usr/bin/python3 is 3.9'"
NO_VENV = "echo '/usr/bin/python3 (3.11) has no venv'"


@needs_make
@pytest.mark.skipif(sys.platform == "win32", reason="make is for Linux and macOS")
@pytest.mark.parametrize(
    ("pythons", "reason"),
    [
        pytest.param({}, "no Python was found", id="none"),
        pytest.param({"python3": OLD}, "/usr/bin/python3 is 3.9", id="old"),
        pytest.param({"python3": NO_VENV}, "/usr/bin/python3 (3.11) has no venv", id="no-venv"),
        pytest.param({"python3": OLD, "python3.12": NO_VENV}, "has no venv", id="no-venv-says-more-than-old"),
        pytest.param({"python3": "exit 127"}, "no Python was found", id="a-shim-of-pyenv"),
    ],
)
def test_without_a_python_that_serves_one_line_says_what_to_install(clone, pythons, reason):
    for name, text in pythons.items():
        script(clone / "bin" / name, text)
    done = make("demo", cwd=clone, env=bare(clone))
    assert done.returncode == 2
    (line,) = done.stdout.splitlines()
    assert line.startswith("topics needs Python 3.11, 3.12 or 3.13 with venv, but ")
    assert reason in line
    assert "python3-venv" in line
    assert not (clone / ".venv").exists()


@needs_make
@pytest.mark.skipif(sys.platform == "win32", reason="make is for Linux and macOS")
def test_the_first_python_that_serves_is_taken(clone):
    script(clone / "bin/python3", OLD)
    script(clone / "bin/python3.12", 'case "$1" in -c) echo yes;; *) echo "asked: $*"; exit 3;; esac')
    done = make("demo", cwd=clone, env=bare(clone))
    assert done.stdout.splitlines()[:2] == ["Making .venv with python3.12", "asked: -m venv .venv"]


@needs_make
@pytest.mark.skipif(sys.platform == "win32", reason="make is for Linux and macOS")
def test_a_python_that_is_named_is_the_only_one_asked(clone):
    script(clone / "bin/python3", "echo yes")
    done = make("demo", "PYTHON=/nowhere/python3.12", cwd=clone, env=bare(clone))
    assert done.returncode == 2
    assert "no Python was found" in done.stdout


@needs_make
@pytest.mark.skipif(sys.platform == "win32", reason="make is for Linux and macOS")
@pytest.mark.parametrize("left", ["an empty folder", "a python that does not start", "a python without pip"])
def test_an_environment_that_was_left_half_made_is_made_anew(clone, left):
    """FAULTS.md 50: an interrupted install."""
    (clone / ".venv" / "lib").mkdir(parents=True)
    (clone / ".venv" / "lib" / "half").touch()
    if left != "an empty folder":
        (clone / ".venv" / "bin").mkdir()
        script(clone / ".venv" / "bin" / "python", "exit 127" if left == "a python that does not start" else "exit 1")
    script(clone / "bin/python3", 'case "$1" in -c) echo yes;; *) echo "asked: $*"; exit 3;; esac')
    done = make("demo", cwd=clone, env=bare(clone))
    assert done.stdout.splitlines()[:2] == ["Making .venv with python3", "asked: -m venv .venv"]
    assert not (clone / ".venv").exists()


@needs_make
def test_audit_is_asked_for_by_name_and_no_part_of_check_or_test(project):
    """FAULTS.md 47: it needs a network, and would turn unchanged trees red."""
    assert "uv audit" in make("--dry-run", "audit", cwd=project).stdout
    for target in ("check", "test", "test-slow"):
        assert "audit" not in make("--dry-run", target, cwd=project).stdout
    assert "make audit" not in (project / ".ci/run").read_text(encoding="utf-8")


@needs_make
def test_bench_asks_for_a_corpus(project):
    done = make("--dry-run", "bench", cwd=project)
    assert "make bench CORPUS=path" in done.stdout


def test_ci_stops_at_the_first_failure_and_says_what_it_does(project):
    run = project / ".ci/run"
    assert os.access(run, os.X_OK)
    text = run.read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    assert text.index("make test\n") < text.index("make test-slow")


# ---- the network

WATCH = """
import os, sys
def watch(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.sendto") or (
        event == "socket.connect" and not isinstance(arguments[1], (str, bytes))
    ):
        os.write(2, f"REACHED {event} {arguments!r}".encode())
        os._exit(97)
sys.addaudithook(watch)
import topics
"""


def test_importing_every_name_reaches_for_nothing():
    code = WATCH + "for name in topics.__all__: getattr(topics, name)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr


def no_way_out():
    """What begins a command whose process has a network of its own, which leads nowhere; nothing where that may not be."""
    if not shutil.which("unshare"):
        return []
    trial = subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False)
    return ["unshare", "-rn"] if trial.returncode == 0 else []


@pytest.mark.slow
def test_the_main_job_runs_without_a_network_and_never_reaches_for_one(tmp_path):
    code = (
        WATCH
        + f"""
sys.argv = ["topics", "demo", "--out", {str(tmp_path / "runs")!r}]
from topics.cli import main
sys.exit(main())
"""
    )
    done = subprocess.run(
        [*no_way_out(), sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "REACHED" not in done.stderr


EVERY_COMMAND = [
    "run {tiny} --out runs",
    "show runs/tiny",
    "report runs/tiny --texts none",
    "corpus convert {demo} --out all.csv",
    "corpus dedupe all.csv --out few.jsonl",
    "corpus split all.csv --out sides",
    "corpus find هجرة all.csv",
    "sort few.jsonl --model runs/tiny --out sorted.xlsx --by-folder by",
    "explain {one} --html why.html",
    "themes check {demo}/themes.toml --corpus {demo}",
    "run {tiny} --out more --set random_state=1",
    "compare runs/tiny more/tiny",
    "verify runs/tiny",
]


@pytest.mark.slow
def test_every_command_runs_without_a_network_and_never_reaches_for_one(tmp_path, project):
    """FAULTS.md 46: in a network namespace that has no way out, where one may be made."""
    (tmp_path / "one.txt").write_text("فاز المنتخب في المباراة\n", encoding="utf-8")
    names = {"tiny": write_tiny(tmp_path), "demo": project / "corpora/demo", "one": tmp_path / "one.txt"}
    lines = [line.format(**names).split() for line in EVERY_COMMAND]
    code = WATCH + (
        "from topics.cli import main\n"
        f"for line in {lines!r}:\n"
        "    assert main(line) == 0, line\n"
        "import topics.widgets, topics.plots; print(sorted(name for name in dir(topics)))"
    )
    done = subprocess.run(
        [*no_way_out(), sys.executable, "-c", code], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "REACHED" not in done.stderr
    assert (tmp_path / "sorted.xlsx").exists()


def test_the_guard_of_these_tests_sees_an_attempt():
    for attempt in ("socket.create_connection(('192.0.2.1', 80), 1)", "socket.getaddrinfo('example.org', 80)"):
        done = subprocess.run(
            [sys.executable, "-c", WATCH + f"import socket; {attempt}"], capture_output=True, check=False
        )
        assert done.returncode == 97
        assert b"REACHED" in done.stderr


# ---- what is not installed

WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
from topics.cli import main
sys.exit(main(sys.argv[1:]))
"""
EXTRAS = [
    "anywidget",
    "jupyterlab",
    "nbclient",
    "openpyxl",
    "pyarrow",
    "docx",
    "trafilatura",
    "dask",
    "distributed",
    "fsspec",
]


def without_extras(*arguments, cwd):
    command = [sys.executable, "-c", WITHOUT.format(names=EXTRAS), *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", check=False)


def test_the_core_works_without_any_extra(tmp_path):
    """FAULTS.md 50."""
    (tmp_path / "a.txt").write_text("فاز المنتخب في المباراة\n", encoding="utf-8")
    done = without_extras("sort", "a.txt", "--out", "x.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "x.csv").exists()
    assert without_extras("corpus", "convert", "a.txt", "--out", "b.jsonl", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("name", "package"),
    [("x.xlsx", "openpyxl"), ("x.parquet", "pyarrow"), ("x.docx", "python-docx"), ("x.html", "trafilatura")],
)
@pytest.mark.parametrize("command", ["sort", "convert"])
def test_a_missing_extra_is_one_line_with_the_command_that_installs_it(tmp_path, name, package, command):
    """FAULTS.md 50: as an output where the format is written, as an input else; the old file stays."""
    (tmp_path / "a.txt").write_text("فاز المنتخب في المباراة\n", encoding="utf-8")
    (tmp_path / name).write_bytes(b"old")
    written = name in ("x.xlsx", "x.parquet")
    source, out = ("a.txt", name) if written else (name, "y.csv")
    words = ["sort", source, "--out", out] if command == "sort" else ["corpus", "convert", source, "--out", out]
    done = without_extras(*words, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == f"topics: {package} is not installed; run: pip install 'arabic-topics[files]'\n"
    assert done.stdout == ""
    assert (tmp_path / name).read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", name]
