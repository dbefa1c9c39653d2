"""The gallery of the pages shows every plot, each with the lines that draw it; draw.py runs them."""

import ast
import re
import struct

import pytest

from topics import plots

HELPERS = {"missing_glyphs", "styled", "theme_colors", "to_svg", "use_style"}
PART = re.compile(r"^!\[(.*?)\]\((images/gallery/[\w-]+\.png)\)$|^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def page(project):
    return (project / "docs/gallery.md").read_text(encoding="utf-8")


def entries(page):
    """(picture, what it shows in words, the lines that draw it)."""
    picture = None
    for words, path, lines in PART.findall(page):
        if path:
            picture = (path, words)
        elif picture:
            yield (*picture, lines)
            picture = None


def test_every_plot_is_there(page):
    called = {
        node.func.attr
        for *_, lines in entries(page)
        for node in ast.walk(ast.parse(lines))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in plots.__all__
    }
    assert called - HELPERS == set(plots.__all__) - HELPERS


def test_every_picture_has_its_lines_and_words_and_each_file_its_place(page, project):
    found = list(entries(page))
    assert len(found) == page.count("](images/gallery/")
    assert all(words for _, words, _ in found)
    held = {f"images/gallery/{path.name}" for path in (project / "docs/images/gallery").iterdir()}
    assert {path for path, *_ in found} == held


def test_pictures_are_pictures_and_small(project):
    pictures = sorted((project / "docs/images/gallery").glob("*.png"))
    assert sum(path.stat().st_size for path in pictures) < 2.5e6
    for path in pictures:
        raw = path.read_bytes()
        assert raw.startswith(b"\x89PNG\r\n\x1a\n")
        assert min(struct.unpack(">II", raw[16:24])) >= 200, path.name


def test_some_are_dark_and_some_in_other_languages(page):
    names = [path for path, *_ in entries(page)]
    assert sum("dark" in name for name in names) >= 3
    assert any("french" in name for name in names)
    assert any("english" in name for name in names)
