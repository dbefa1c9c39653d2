"""Notebooks in a live JupyterLab: run from first to last cell in Debian's Chromium, right to left, light and dark."""

from __future__ import annotations

import os
from urllib.parse import urlparse

import pytest
from jupyter_lab import run_through, served
from report_pages import CHROMIUM, DRIVER, requests, start

pytestmark = pytest.mark.browser
NAMES = ["03-themes"]
_CELLS = """
return [...document.querySelectorAll('.jp-OutputArea-output table')].filter((t) => getComputedStyle(t).direction === 'rtl')
  .map((t) => [...t.querySelectorAll('thead th')].map((cell) => cell.getBoundingClientRect().left))
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
def chromium(tmp_path_factory):
    if not os.environ.get("CI") and not (CHROMIUM.exists() and DRIVER.exists()):
        pytest.skip("needs Debian's browser: apt-get install chromium chromium-driver fonts-noto-core")
    driver = start(tmp_path_factory.mktemp("chromium"))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def lab(project, tmp_path_factory):
    with served(project, tmp_path_factory.mktemp("lab")) as address:
        yield address


@pytest.fixture(params=NAMES)
def notebook(request, chromium, lab):
    """A notebook that has run through."""
    for kind in ("browser", "performance"):
        chromium.get_log(kind)
    assert run_through(chromium, lab, request.param) == []
    # All cells are drawn at once, so that they can be looked at.
    chromium.execute_script(
        "const n = jupyterapp.shell.currentWidget.content; n.notebookConfig = {...n.notebookConfig, windowingMode: 'none'}"
    )
    return chromium


def contrast(ink, ground):
    def light(color):
        parts = [value / 255 for value in color]
        linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(ink), light(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_a_notebook_runs_through_and_reads_right_to_left_on_light_and_dark_ground(notebook, lab):
    tables = notebook.execute_script(_CELLS)
    assert tables
    assert all(places == sorted(places, reverse=True) for places in tables)
    pictures = notebook.execute_script(
        "return [...document.querySelectorAll('.jp-OutputArea-output img')].map((image) => image.naturalWidth)"
    )
    assert pictures
    assert min(pictures) > 100
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        notebook.execute_async_script(
            "const done = arguments[1]; jupyterapp.commands.execute('apputils:change-theme', {theme: arguments[0]})"
            ".then(() => setTimeout(done, 500))",
            theme,
        )
        assert contrast(*notebook.execute_script(_INK)) > 4.5, theme
    assert [entry for entry in notebook.get_log("browser") if entry["level"] == "SEVERE"] == []
    host = urlparse(lab).netloc
    asked = [urlparse(address) for address in requests(notebook)]
    assert all(part.netloc == host or part.scheme in ("data", "blob") for part in asked)
