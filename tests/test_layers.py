"""The house of docs/architecture.md, held to what the sources import and contain."""

from __future__ import annotations

import ast
import re
import unicodedata
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
SRC = PROJECT / "src"
SOURCES = sorted((SRC / "topics").rglob("*.py"))
# The door and its twin for `python -m` know every layer by name; nobody imports them.
DOORS = {"topics", "topics.__main__"}

# U+200E, U+200F, U+061C are marks; the others embed, override or isolate. Article text may hold them, sources not.
BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
TEXT_SUFFIXES = {
    ".py",
    ".toml",
    ".md",
    ".yml",
    ".yaml",
    ".js",
    ".css",
    ".html",
    ".j2",
    ".txt",
    ".cff",
    ".ipynb",
}
PICKLES = {"pickle", "_pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "skops"}
RESHAPERS = {"arabic_reshaper", "bidi", "pyfribidi", "fribidi"}
LONGEST = 400  # lines


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def module_name(path):
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path):
    """Every module that a source names in an import, wherever it stands, with its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno} imports relatively: name the module in full"
            # `from topics import display` names the layer in its second half.
            halves = [f"topics.{name.name}" for name in node.names] if node.module == "topics" else [node.module]
            yield from ((name, node.lineno) for name in halves)


def import_line():
    """Layer -> its height and its room: ``a, b < c | d`` gives a and b one room, c and d one each."""
    page = (PROJECT / "docs/architecture.md").read_text(encoding="utf-8")
    block = re.search(r"^```text\n(errors[^`]*<[^`]*)```", page, re.MULTILINE)
    assert block, "docs/architecture.md has lost its line of who imports whom"
    layers = {}
    for height, floor in enumerate(block[1].split("<")):
        for room, names in enumerate(floor.split("|")):
            layers |= {name.strip(): (height, room) for name in names.split(",")}
    return layers


LAYERS = import_line()


def may_import(user, used):
    (height, room), (used_height, used_room) = LAYERS[user], LAYERS[used]
    return used_height < height or (used_height, used_room) == (height, room)


def test_the_line_is_read_as_it_is_meant():
    assert may_import("cli", "errors")
    assert may_import("estimators", "features")
    assert may_import("display", "errors")
    assert not may_import("features", "estimators")
    assert not may_import("estimators", "plots")
    assert not may_import("plots", "evaluation")
    assert not may_import("corpus", "models")


def test_every_module_has_its_place_on_the_line():
    here = {module_name(path).split(".")[1] for path in SOURCES if module_name(path) not in DOORS}
    assert not here - set(LAYERS), "name them in the line of docs/architecture.md"


def test_the_page_names_no_file_that_is_not_there():
    page = (PROJECT / "docs/architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w/]+\.py)`", page)
    assert len(named) > 10
    assert not [name for name in named if not any((root / name).is_file() for root in (SRC / "topics", PROJECT))]


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_a_module_imports_only_what_stands_before_it(path):
    name = module_name(path)
    if name in DOORS:
        return
    for used, line in imports(path):
        root, *rest = used.split(".")
        if root == "topics":
            assert rest, f"{path}:{line} imports the front door: name the module itself"
            assert rest[0] in LAYERS, f"{path}:{line} imports {used}: name the module itself"
            assert may_import(name.split(".")[1], rest[0]), f"{path}:{line} imports {used}"


@pytest.mark.parametrize(
    ("library", "home"),
    [("dask", "scale"), ("distributed", "scale"), ("anywidget", "widgets"), ("typer", "cli")],
)
def test_a_library_of_one_layer_stays_there(library, home):
    users = {module_name(path) for path in SOURCES if library in {used.split(".")[0] for used, _ in imports(path)}}
    assert {user.split(".")[1] for user in users} <= {home}


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_estimators_evaluation_and_plots_touch_no_files(path):
    if module_name(path).split(".")[1:2] not in (["estimators"], ["evaluation"], ["plots"]):
        return
    touching = {
        "open",
        "read_text",
        "read_bytes",
        "write_text",
        "write_bytes",
        "savefig",
        "show",
        "tofile",
        "fromfile",
    }
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", None))
            in_memory = called == "savefig" and getattr(node.args[0], "id", None) == "buffer"
            assert in_memory or called not in touching, f"{path}:{node.lineno} calls {called}"


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_a_file_is_short_enough_to_read(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST, f"{path} has {lines} lines: split it"


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_nothing_is_pickled(path):
    assert not PICKLES & {used.split(".")[0] for used, _ in imports(path)}
    assert not {"joblib.load", "joblib.dump"} & set(dotted_names(path))
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module == "joblib":
            assert not {"load", "dump", "Memory"} & {name.name for name in node.names}, f"{path}:{node.lineno}"
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"read_pickle", "to_pickle"}, f"{path}:{node.lineno}"
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            assert getattr(node.value, "value", True) is False, f"{path}:{node.value.lineno}"


def dotted_names(path):
    return [ast.unparse(node) for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)]


def text_files():
    """What people wrote for this project: sources, pages, settings, tests; not corpora, not what a tool made."""
    folders = ("src", "tests", "docs", "benchmarks", "notebooks", "experiments", ".ci")
    loose = [path for path in PROJECT.iterdir() if path.is_file()]
    inside = [path for folder in folders for path in (PROJECT / folder).rglob("*")]
    for path in sorted([*loose, *inside]):
        plain = path.suffix in TEXT_SUFFIXES or path.name in {"Makefile", "run", "LICENSE"}
        if plain and path.is_file() and not {"__pycache__", "_build", ".ipynb_checkpoints"} & set(path.parts):
            yield path


def test_no_source_hides_a_bidi_control():
    found = [
        f"{path.relative_to(PROJECT)}:{number} holds {unicodedata.name(hit[0])}"
        for path in text_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (hit := BIDI_CONTROLS.search(line))
    ]
    assert not found, "write them as escapes"


@pytest.mark.parametrize(
    "path",
    [path for path in text_files() if path.suffix == ".py"],
    ids=lambda path: str(path.relative_to(PROJECT)),
)
def test_identifiers_are_ascii_so_that_none_looks_like_another(path):
    fields = ("id", "name", "asname", "attr", "arg", "module")
    for node in ast.walk(tree(path)):
        for field in fields:
            word = getattr(node, field, None)
            if isinstance(word, str):
                assert word.isascii(), f"{path}:{getattr(node, 'lineno', '?')} names something {word!a}"


def test_no_library_reverses_arabic_again():
    for path in text_files():
        if path.suffix == ".py":
            tops = {used.split(".")[0] for used, _ in imports(path)}
            assert not tops & RESHAPERS, f"{path}: matplotlib >= 3.11 shapes and orders Arabic itself"
        elif path.suffix == ".ipynb":
            text = path.read_text(encoding="utf-8")
            assert not re.search(rf'"\s*(import|from) ({"|".join(RESHAPERS)})\b', text), path
