"""The report of a whole run in Debian's Chromium: every section in each language, at each width, and on paper."""

from __future__ import annotations

import labels
import pytest
from debian_chromium import quiet
from report_pages import click

pytestmark = pytest.mark.browser
_OUTSIDE = """
return [...document.querySelectorAll('main *')].filter((n) => !n.closest('.sr, [hidden]') && !n.closest('svg')).filter((n) => {
  const box = n.getBoundingClientRect();
  return box.width && (box.left < -1 || box.right > innerWidth + 1);
}).map((n) => n.outerHTML.slice(0, 200))
"""
_SHOWN = (
    "return [...document.querySelectorAll('[data-drawn]')].filter((n) => n.offsetParent).map((n) => n.dataset.drawn)"
)


@pytest.fixture
def page(chromium, tiny_run):
    chromium.get("about:blank")
    with quiet(chromium):
        chromium.get(tiny_run.report.as_uri())
        yield chromium
    chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})


def set_width(page, width):
    page.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    )


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_no_two_labels_of_a_report_lie_on_each_other(page, language, width):
    """Words of the page, of its tables and of its drawings; the menu stays at the top while the rest is scrolled."""
    set_width(page, width)
    click(page, f"[data-language={language}]")
    click(page, ".open")
    for part in ("header", "main"):
        n_labels, pairs = labels.overlapping(page, part)
        assert n_labels > 3
        assert pairs == []


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_drawings_speak_the_language_of_the_page(page, language):
    click(page, f"[data-language={language}]")
    shown = page.execute_script(_SHOWN)
    assert len(shown) >= 5
    assert set(shown) == {language}


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_on_paper_nothing_is_cut_off_at_the_side(page, language):
    """As wide as an A4 sheet between its margins; what scrolls on a screen has no more room than that."""
    click(page, f"[data-language={language}]")
    click(page, ".open")
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    set_width(page, 718)
    assert page.execute_script(_OUTSIDE) == []


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_words_of_drawings_are_read_on_light_and_dark_ground(page, ground):
    page.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": ground}]}
    )
    seen = page.execute_script(
        """const rgb = (color) => color.match(/[\\d.]+/g).slice(0, 3).map(Number);
        return [...document.querySelectorAll('.paper')].filter((n) => n.offsetParent).flatMap((paper) =>
          [...paper.querySelectorAll('text')].map((text) => [rgb(getComputedStyle(text).fill), rgb(getComputedStyle(paper).backgroundColor)]))"""
    )
    assert len(seen) > 50
    # As far apart as ink and paper are: 1 and 0 for black on white.
    assert min(abs(sum(ink) - sum(paper)) / 765 for ink, paper in seen) > 0.7
