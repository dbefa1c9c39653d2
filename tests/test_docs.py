"""The documentation says what there is: docstrings of public names, commands with their options, pages that exist."""

from __future__ import annotations

import inspect
import re
import shlex
from importlib import import_module
from pathlib import Path

import pytest

from topics.cli.help import pages

PROJECT = Path(__file__).resolve().parent.parent
MODULES = (
    "topics",
    *(f"topics.{name}" for name in ("features", "estimators", "evaluation", "plots", "studies", "widgets")),
)
PUBLIC = sorted(
    {f"{module}.{name}" for module in MODULES for name in import_module(module).__all__ if name not in MODULES}
)
WRITTEN = [PROJECT / "README.md", PROJECT / "README.ar.md", *sorted((PROJECT / "docs").rglob("*.md"))]
WRITTEN = [path for path in WRITTEN if "_build" not in path.parts and path.name != "commands.md"]


def found(name):
    module, _, last = name.rpartition(".")
    return getattr(import_module(module), last)


def named_in_parameters(text):
    section = re.search(r"^Parameters\n-+\n(.*?)(?=^\w[\w ]*\n-+\n|\Z)", text, re.MULTILINE | re.DOTALL)
    lines = re.findall(r"^(\**\w[\w, *]*?)(?: :.*)?$", section[1], re.MULTILINE) if section else []
    return {name.strip().lstrip("*") for line in lines for name in line.split(",")}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_says_what_it_is(name):
    value = found(name)
    if inspect.ismodule(value):
        assert value.__doc__
        return
    text = inspect.getdoc(value)
    assert text, f"{name} has no docstring"
    if inspect.isfunction(value):
        taken = [argument for argument in inspect.signature(value).parameters if not argument.startswith("_")]
        missing = set(taken) - named_in_parameters(text)
        assert not missing or len(taken) == 1, f"{name} does not say what {sorted(missing)} are"
    if inspect.isclass(value):
        bare = [
            method
            for method, held in vars(value).items()
            if not method.startswith("_") and callable(held) and not inspect.getdoc(held)
        ]
        assert not bare, f"{name} has methods without a docstring: {bare}"


def told_commands():
    """Every command that a page tells people to type, with the page."""
    for path in WRITTEN:
        for block in re.findall(r"```(?:sh|powershell|console)\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
            for line in block.splitlines():
                words = shlex.split(line.removeprefix("$ "), comments=True)
                if "topics" in words[:3] and not set(words[: words.index("topics")]) - {
                    "uv",
                    "run",
                    ".venv/bin/topics",
                }:
                    yield path, words[words.index("topics") :]


@pytest.mark.parametrize(("path", "words"), list(told_commands()), ids=lambda value: getattr(value, "name", None))
def test_a_command_that_a_page_tells_exists_with_its_options(path, words):
    known = pages()
    length = max(n for n in (1, 2, 3) if " ".join(words[:n]) in known)
    assert length > 1, f"{path.name}: there is no command {' '.join(words[:2])}"
    if length == 2 and any(name.startswith(" ".join(words[:2]) + " ") for name in known):
        assert len(words) == 2, f"{path.name}: there is no command {' '.join(words[:3])}"
    page = known[" ".join(words[:length])]
    for option in (word.partition("=")[0] for word in words if word.startswith("--")):
        assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", page), f"{path.name}: {option} is not in its help"


@pytest.mark.parametrize("command", list(pages()))
def test_every_command_explains_itself_and_each_option(command):
    page = pages()[command]
    assert "Usage: " + command in page
    for line in re.findall(r"^  (-[^\n]*)$", page, re.MULTILINE):
        assert re.search(r"\S {2,}\S", line) or line.count("--") == 1, f"{command}: {line.strip()} is not explained"


def test_no_page_links_to_a_page_that_is_not_there():
    made = {"tutorial", "reference"}  # conf.py makes what these folders hold
    for path in WRITTEN:
        for target in re.findall(r"\]\(([^)\s#]+)[^)]*\)", path.read_text(encoding="utf-8")):
            if "://" in target or made & set(Path(target).parts):
                continue
            assert (path.parent / target).exists(), f"{path.name} links to {target}"
