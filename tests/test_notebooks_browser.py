"""Notebooks in a live JupyterLab: run from first to last cell in Debian's Chromium, right to left, light and dark."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlparse

import axe
import labels
import pytest
from debian_chromium import requests
from jupyter_lab import run_through, served

pytestmark = pytest.mark.browser
NAMES = ["00-tour", "03-themes"]
OUTPUTS = ".jp-OutputArea-output"
# But for JupyterLab's own element of a picture, to which it gives no words; what each shows is said in the prose.
OURS = f"{OUTPUTS}:not(.jp-RenderedImage)"
_CELLS = """
return [...document.querySelectorAll('.jp-OutputArea-output table')].filter((t) => getComputedStyle(t).direction === 'rtl')
  .map((t) => [...t.querySelectorAll('thead th')].map((cell) => cell.getBoundingClientRect().left))
"""
_LETTERS = """
const found = [];
for (const cell of document.querySelectorAll('.jp-OutputArea-output table bdi')) {
  const text = cell.textContent, lines = {};
  if (cell.childNodes.length !== 1 || !/[\\u0620-\\u064a]{3}/.test(text)) continue;
  for (let n = 0; n < text.length; n++) {
    if (!/[\\u0620-\\u064a]/.test(text[n])) continue;
    const range = document.createRange();
    range.setStart(cell.firstChild, n);
    range.setEnd(cell.firstChild, n + 1);
    const box = range.getBoundingClientRect();
    if (box.width > 0.5) (lines[Math.round(box.top)] ??= []).push(box.left);
  }
  found.push(...Object.values(lines).map((edges) => [text, edges]));
}
return found;
"""
_INK = """
const shown = document.querySelector('.jp-OutputArea-output table td');
const paint = (node) => {
  for (let at = node; at; at = at.parentElement) {
    const color = getComputedStyle(at).backgroundColor;
    if (color !== 'rgba(0, 0, 0, 0)') return color;
  }
};
return [getComputedStyle(shown).color, paint(shown)].map((color) => color.match(/[\\d.]+/g).slice(0, 3).map(Number));
"""


@pytest.fixture(scope="module")
def lab(project, tmp_path_factory):
    with served(project, tmp_path_factory.mktemp("lab")) as address:
        yield address


@dataclass
class Opened:
    """A notebook that has run through, and what the browser said and asked for meanwhile."""

    driver: Any
    name: str
    severe: list[str]
    asked: list[str]


@pytest.fixture(scope="module", params=NAMES)
def notebook(request, chromium, lab):
    chromium.get("about:blank")  # a notebook that is left says so in the console
    for kind in ("browser", "performance"):
        chromium.get_log(kind)
    assert run_through(chromium, lab, f"notebooks/{request.param}") == []
    # All cells are drawn at once, so that they can be looked at.
    chromium.execute_script(
        "const n = jupyterapp.shell.currentWidget.content; n.notebookConfig = {...n.notebookConfig, windowingMode: 'none'}"
    )
    wait_for(chromium, "return [...document.querySelectorAll('.jp-OutputArea-output img')].every((i) => i.complete)")
    severe = [entry["message"] for entry in chromium.get_log("browser") if entry["level"] == "SEVERE"]
    return Opened(chromium, request.param, severe, requests(chromium))


def wait_for(driver, condition, seconds=30):
    end = time.monotonic() + seconds
    while not driver.execute_script(condition):
        assert time.monotonic() < end, condition
        time.sleep(0.2)


def change_ground(driver, ground):
    driver.execute_async_script(
        "const done = arguments[1]; jupyterapp.commands.execute('apputils:change-theme', {theme: arguments[0]})"
        ".then(() => setTimeout(done, 500))",
        f"JupyterLab {ground}",
    )


def contrast(ink, ground):
    def light(color):
        parts = [value / 255 for value in color]
        linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(ink), light(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_a_notebook_runs_through_without_an_error_in_the_console(notebook):
    assert notebook.severe == []


def test_no_request_of_a_notebook_leaves_this_machine(notebook, lab):
    asked = [urlparse(address) for address in notebook.asked]
    assert asked
    assert [part for part in asked if part.netloc != urlparse(lab).netloc and part.scheme not in ("data", "blob")] == []


def test_tables_of_a_notebook_read_from_the_right(notebook):
    tables = notebook.driver.execute_script(_CELLS)
    assert tables
    assert all(places == sorted(places, reverse=True) for places in tables)


def test_arabic_of_a_notebook_runs_from_the_right(notebook):
    """Letter by letter, in every line of every cell of a table."""
    lines = notebook.driver.execute_script(_LETTERS)
    assert len(lines) > 5
    for text, edges in lines:
        assert edges == sorted(edges, reverse=True), text


def test_pictures_of_a_notebook_are_drawn(notebook):
    pictures = notebook.driver.execute_script(
        "return [...document.querySelectorAll('.jp-OutputArea-output img')].map((image) => image.naturalWidth)"
    )
    assert pictures
    assert min(pictures) > 100


def test_no_two_labels_of_a_notebook_lie_on_each_other(notebook):
    n_labels, pairs = labels.overlapping(notebook.driver, OUTPUTS)
    assert n_labels > 50
    assert pairs == []


@pytest.mark.parametrize("ground", ["Dark", "Light"])
def test_a_notebook_is_legible_on_light_and_dark_ground(notebook, ground):
    change_ground(notebook.driver, ground)
    assert contrast(*notebook.driver.execute_script(_INK)) > 4.5
    assert axe.violations(notebook.driver, OURS) == []


def test_the_explorer_of_the_tour_opens_an_article_with_its_words_marked(notebook):
    if notebook.name != "00-tour":
        pytest.skip("only the tour has an explorer")
    root = "const root = document.querySelector('.topics-widget').shadowRoot; "
    notebook.driver.execute_script(
        f"{root} root.querySelector('[data-part=\"0\"]').click(); root.querySelector('.open').click()"
    )
    assert notebook.driver.execute_script(f"{root} return root.querySelectorAll('.text mark').length") > 0
    assert labels.overlapping(notebook.driver, OUTPUTS)[1] == []
    assert axe.violations(notebook.driver, OURS) == []
