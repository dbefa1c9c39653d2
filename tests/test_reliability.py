"""The table of docs/explanation/reliability.md is complete, and every test that it names is there and asserts something."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PAGE = PROJECT / "docs/explanation/reliability.md"
ROWS = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \| (.+?) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
NAMED = sorted({name for row in ROWS for name in re.findall(r"`(tests/[^`]+)`", row[3])})


@cache
def collected(path):
    """Name -> function of every test in a file, those in classes as Class::name."""
    found = {}
    for node in ast.parse((PROJECT / path).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = node
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{inner.name}": inner for inner in node.body if isinstance(inner, ast.FunctionDef)}
    return {name: node for name, node in found.items() if name.split("::")[-1].startswith("test_")}


def test_all_fifty_faults_stand_in_their_order_each_with_a_promise_and_a_test():
    assert [int(row[0]) for row in ROWS] == list(range(1, 51))
    for number, wrong, promised, held in ROWS:
        assert wrong.strip(), number
        assert promised.strip(), number
        assert re.fullmatch(r"`tests/[^`]+`(<br>`tests/[^`]+`)*", held), number


@pytest.mark.parametrize("name", NAMED)
def test_a_test_that_the_table_names_is_there_and_is_no_stub(name):
    path, _, test = name.partition("::")
    assert (PROJECT / path).is_file(), name
    assert test in collected(path), f"{path} has no test {test}"
    code = ast.unparse(collected(path)[test])
    assert re.search(r"\bassert|pytest\.(raises|warns)|refused\(|check_|finite\(", code), f"{name} asserts nothing"


def test_the_page_is_reached_from_the_index():
    assert "\nreliability\n" in (PROJECT / "docs/explanation/index.md").read_text(encoding="utf-8")
