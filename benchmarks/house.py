"""The size of the house beside the style that it keeps: lengths of files and functions, tests to code, annotations.

    python benchmarks/house.py [PROJECT]

Files are measured in all their lines; bodies, and tests to code, in those that hold code: no blank ones, no comments, no
docstrings. The bounds are the project's own (files to 400 lines, most under 250; bodies to 40, most under 25; tests to code 1 to 1.5). Exits
with 1 where one does not hold.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

LONGER = {"find_words": "a compiled loop, three times slower where it calls one of its own"}
Function = ast.FunctionDef | ast.AsyncFunctionDef
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def filled(lines: list[str]) -> int:
    """Lines that are neither blank nor a comment."""
    return sum(bool(line.strip()) and not line.lstrip().startswith("#") for line in lines)


def code_length(text: str) -> int:
    """Lines of a file that hold code."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node) is not None:
            docstring = node.body[0]
            lines[docstring.lineno - 1 : docstring.end_lineno] = [""] * (docstring.end_lineno - docstring.lineno + 1)
    return filled(lines)


def functions(tree: ast.Module) -> Iterator[Function]:
    """Every function and method."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def body_length(function: Function, lines: list[str]) -> int:
    """Filled lines of a body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return filled(lines[body[0].lineno - 1 : function.end_lineno]) if body else 0


def annotated(function: Function) -> bool:
    """Whether each argument but self and cls, and what it gives back, has a type."""
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    return function.returns is not None and all(
        argument is None or argument.annotation is not None or argument.arg in ("self", "cls") for argument in named
    )


def undocumented(tree: ast.Module) -> int:
    """Public names of a module without a docstring; what lies inside a function is nobody's name."""
    found = 0
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node) is None:
            found += not getattr(node, "name", "").startswith("_")
        if isinstance(node, (ast.Module, ast.ClassDef)) and not getattr(node, "name", "").startswith("_"):
            waiting += [child for child in node.body if isinstance(child, DOCUMENTED)]
    return found


def told(name: str, lengths: list[int], most: int, usual: int) -> tuple[str, bool]:
    """A row of the table, and whether its bounds hold."""
    p90 = quantiles(lengths, n=10)[-1]
    holds = max(lengths) <= most and median(lengths) <= usual
    row = f"| {name} | {len(lengths):,} | {median(lengths):.0f} | {p90:.0f} | {max(lengths)} | {usual}, {most} |"
    return f"{row} {'holds' if holds else 'FAILS'} |", holds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", type=Path, nargs="?", default=Path(__file__).resolve().parent.parent)
    project = parser.parse_args().project
    files, tests = (sorted((project / part).rglob("*.py")) for part in ("src", "tests"))
    sources = {path: path.read_text(encoding="utf-8") for path in files}
    trees = {path: ast.parse(text) for path, text in sources.items()}
    lines = {path: text.splitlines() for path, text in sources.items()}
    measured = [
        (function.name, body_length(function, lines[path]))
        for path, tree in trees.items()
        for function in functions(tree)
    ]
    bodies = [length for name, length in measured if name not in LONGER]
    print("| what | number | median | p90 | longest | median and longest at most | |\n|---|---|---|---|---|---|---|")
    rows = [
        told("files of src, lines", [len(one) for one in lines.values()], 400, 250),
        told("bodies of functions, filled lines", bodies, 40, 25),
    ]
    for row, _ in rows:
        print(row)
    for name, length in measured:
        if name in LONGER:
            print(f"\nnot counted: {name}, {length} lines: {LONGER[name]}")
    code = sum(map(code_length, sources.values()))
    tested = sum(code_length(path.read_text(encoding="utf-8")) for path in tests)
    print(f"\ntests to code: {tested:,} / {code:,} = {tested / code:.2f} lines of code (1 to 1.5 is wanted)")
    bare = sum(not annotated(function) for tree in trees.values() for function in functions(tree))
    unsaid = sum(map(undocumented, trees.values()))
    print(f"functions without a type: {bare}; public names without a docstring: {unsaid}")
    over = sum(length > 250 for length in map(len, lines.values()))
    print(
        f"files over 250 lines: {over} of {len(files)}; bodies over 25: {sum(n > 25 for n in bodies)} of {len(bodies):,}"
    )
    sys.exit(not all(holds for _, holds in rows) or bool(bare))


if __name__ == "__main__":
    main()
