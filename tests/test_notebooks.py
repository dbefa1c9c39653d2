"""Every notebook runs, and what it shows is what is committed; nothing in it tells whose machine it was."""

from __future__ import annotations

import ast
import copy
import getpass
import re
import statistics
import struct
from base64 import b64decode
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
NAMES = sorted(path.stem for path in FOLDER.glob("*.ipynb"))
# Other processors may add in another order: decimals may differ by this much, whole numbers not at all.
TOLERANCE = 0.02
# Figures of topics that a seed decided may differ more; of such cells only the kinds of output are compared.
TRAINED = "trained"
WIDGET = "application/vnd.jupyter.widget-view+json"  # lives in its kernel; `make notebooks` leaves its repr only
NUMBER = re.compile(r"-?\d+\.\d+")


def read(name):
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def shown(cell):
    """(kind, content) of everything that a cell shows; a stream that came in several pieces is one."""
    found = []
    for output in cell.outputs:
        if output.output_type == "stream":
            kind = f"stream {output.name}"
            if found and found[-1][0] == kind:
                found[-1] = (kind, found[-1][1] + output.text)
            else:
                found.append((kind, output.text))
        elif output.output_type == "error":
            found.append(("error", output.evalue))
        else:
            found.extend((kind, content) for kind, content in sorted(output.data.items()) if kind != WIDGET)
    return found


def size(png):
    """Width and height in pixels."""
    return struct.unpack(">II", b64decode(png)[16:24])


def assert_alike(got, want, where):
    assert NUMBER.sub("#", got) == NUMBER.sub("#", want), where
    for ours, theirs in zip(NUMBER.findall(got), NUMBER.findall(want), strict=True):
        assert abs(float(ours) - float(theirs)) <= TOLERANCE, where


@pytest.fixture(scope="module", params=NAMES)
def runs(request, tmp_path_factory):
    """A notebook as committed, and as it comes out here; the user's own settings of IPython are left aside."""
    committed = read(request.param)
    executed = copy.deepcopy(committed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        patch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
        client = NotebookClient(
            executed,
            timeout=300,
            kernel_name="python3",
            record_timing=False,
            resources={"metadata": {"path": str(FOLDER)}},
        )
        client.execute()
    return committed, executed


def test_all_nine_are_there():
    assert NAMES == [
        "00-tour",
        "01-corpus",
        "02-features",
        "03-themes",
        "04-topics",
        "05-label-and-learn",
        "06-time-and-sources",
        "07-your-own-articles",
        "08-import-a-model",
    ]


def test_a_run_shows_what_is_committed(runs):
    committed, executed = runs
    for want, got in zip(code(committed), code(executed), strict=True):
        where = f"cell {want.id}: run make notebooks, and look at what changed"
        assert [kind for kind, _ in shown(got)] == [kind for kind, _ in shown(want)], where
        for (kind, ours), (_, theirs) in zip(shown(got), shown(want), strict=True):
            if kind == "image/png":
                assert size(ours) == pytest.approx(size(theirs), rel=0.1), where
            elif TRAINED not in want.metadata.get("tags", []):
                assert_alike(str(ours), str(theirs), where)


def test_pictures_are_pictures_and_nothing_went_to_stderr(runs):
    _, executed = runs
    kinds = Counter(kind for cell in code(executed) for kind, _ in shown(cell))
    assert kinds["image/png"] >= 1
    assert kinds["stream stderr"] == kinds["error"] == 0
    pictures = [content for cell in code(executed) for kind, content in shown(cell) if kind == "image/png"]
    assert all(min(size(picture)) >= 150 for picture in pictures)
    draws = [cell for cell in code(executed) if re.search(r"^plots\.(?!use_style)", cell.source, re.MULTILINE)]
    assert len(draws) == len(pictures)


@pytest.mark.parametrize("name", NAMES)
def test_outputs_tell_no_path_no_user_and_no_time(name):
    notebook = read(name)
    text = "\n".join(str(content) for cell in code(notebook) for kind, content in shown(cell) if kind != "image/png")
    for secret in (str(Path.home()), str(FOLDER.parent), f"/{getpass.getuser()}/", f"{getpass.getuser()}@"):
        assert secret not in text
    assert not re.search(r"/(home|root|Users|work|tmp)/|[A-Z]:\\\\", text)
    assert not re.search(r"\b0x[0-9a-f]{6,}\b|\b\d\d:\d\d:\d\d\b", text)


@pytest.mark.parametrize("name", NAMES)
def test_metadata_are_clean_and_every_cell_was_run_in_order(name):
    notebook = read(name)
    assert notebook.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert all(set(cell.metadata) <= {"tags"} for cell in notebook.cells)
    assert [cell.execution_count for cell in code(notebook)] == list(range(1, len(code(notebook)) + 1))


@pytest.mark.parametrize("name", NAMES)
def test_the_first_cell_says_where_the_reader_is_and_prose_is_as_much_as_code(name):
    notebook = read(name)
    first = notebook.cells[0].source
    assert first.startswith("# Question: ")
    assert "Needs: corpora/demo" in first
    assert re.search(r"Takes: \d+ s", first)
    assert sum(map(len, prose(notebook))) >= sum(len(cell.source) for cell in code(notebook))
    assert statistics.median(cell.source.count("\n") + 1 for cell in code(notebook)) <= 4


def test_no_function_is_defined_twice():
    sources = [re.sub(r"^%.*", "", cell.source, flags=re.MULTILINE) for name in NAMES for cell in code(read(name))]
    names = Counter(
        node.name for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)
    )
    assert not [name for name, times in names.items() if times > 1]
