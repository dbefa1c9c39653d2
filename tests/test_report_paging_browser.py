"""A report of several files in Debian's Chromium: from one to the next and back, in the language that was chosen."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

import axe
import pytest
from debian_chromium import requests
from report_pages import TEXTS, article, box, click, find, ids, letters_of, search, write

from topics import report

pytestmark = pytest.mark.browser

N_ARTICLES, SIZE = 130, 60  # two full files and one of ten; a list draws fifty at a time


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    many = [article(n, f"{TEXTS[n % 4][0]} {n}", *TEXTS[n % 4][1:]) for n in range(N_ARTICLES)]
    return write(tmp_path_factory.mktemp("تقرير #1"), many, max_articles=SIZE)


@pytest.fixture
def page(browser, address):
    browser.get(address)
    return browser


def where(driver):
    """The file that is open, what follows it in the address, and the language of its interface."""
    parts = urlsplit(driver.current_url)
    return Path(unquote(parts.path)).name, parts.query, find(driver, "html").get_attribute("lang")


def follow(driver, word):
    """Press the link of a word, above the list."""
    click(driver, f".parts a:has([data-w={word}])")


def told(driver):
    return find(driver, "[data-w=part_of]").text


def test_from_the_first_to_the_last_and_back(page, address):
    assert (ids(page)[0], told(page)) == ("a-0", "الجزء 1 من 3: المقالات من 1 إلى 60 من أصل 130.")
    assert not page.find_elements("css selector", "[data-w=previous_part]")
    follow(page, "next_part")
    assert where(page) == ("report.part-2.html", "", "ar")
    assert (ids(page)[0], told(page)) == ("a-60", "الجزء 2 من 3: المقالات من 61 إلى 120 من أصل 130.")
    click(page, ".parts li:last-child a")
    assert where(page)[0] == "report.part-3.html"
    assert ids(page) == [f"a-{n}" for n in range(120, 130)]
    assert not page.find_elements("css selector", "[data-w=next_part]")
    follow(page, "previous_part")
    click(page, ".back a")
    assert where(page)[0] == "report.html"
    assert find(page, "#summary").is_displayed()
    asked = {urlsplit(one)._replace(fragment="").geturl() for one in requests(page)} - {"data:,"}
    assert asked <= {address.replace("report.html", name) for name in ("report.html", *further(address))}


def further(address):
    return [path.name for path in report.further_files(unquote(urlsplit(address).path))]


def test_search_and_filter_look_at_one_file_and_say_so(page):
    follow(page, "next_part")
    search(page, "60")
    assert ids(page) == ["a-60"]
    search(page, "59")
    assert ids(page) == []
    page.refresh()
    click(page, "[data-filter='2']")
    assert ids(page) == [f"a-{n}" for n in range(62, 120, 4)]
    assert find(page, ".found").text == "15 من 60"
    field = find(page, "input[type=search]")
    hint = find(page, f"#{field.get_attribute('aria-describedby')}")
    assert hint.text == "البحث والتصفية والترتيب في مقالات هذا الجزء وحدها."
    assert 0 <= hint.location["y"] - field.location["y"] - field.size["height"] < 40


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Part 2 of 3: articles 61\u2013120 of 130."), ("fr", "Partie 2 sur 3 : articles 61")]
)
def test_the_next_file_opens_in_the_language_that_was_chosen(page, language, said):
    click(page, f"[data-language={language}]")
    follow(page, "next_part")
    assert where(page) == ("report.part-2.html", f"lang={language}", language)
    assert told(page).startswith(said)
    assert ids(page)[0] == "a-60"
    pressed = f"[data-language={language}]"
    assert find(page, pressed).get_attribute("aria-pressed") == "true"
    left = page.execute_script(
        "return [...document.querySelectorAll('[data-w]')].filter(n => /[\\u0600-\\u06ff]/.test(n.textContent)).length"
    )
    assert left == 0
    page.refresh()
    assert where(page)[2] == language
    click(page, "[data-language=ar]")
    click(page, ".back a")
    assert where(page) == ("report.html", "", "ar")


@pytest.mark.parametrize("asked", ["de", "__proto__", "constructor", "<script>", "%"])
def test_a_language_that_is_none_is_not_taken_from_the_address(browser, address, asked):
    browser.get(f"{address}?lang={asked}")
    assert where(browser)[2] == "ar"
    assert ids(browser)[0] == "a-0"


def test_an_opened_article_of_a_further_file_has_its_reasons(page):
    follow(page, "next_part")
    click(page, ".open")
    assert [mark.text for mark in page.find_elements("css selector", ".text mark")][:1] == ["الشرطة"]
    assert page.find_elements("css selector", ".paragraph .lanes i")


@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_axe_finds_nothing_serious_in_any_file(page, ground, language):
    page.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": ground}]}
    )
    click(page, f"[data-language={language}]")
    for turn in (True, False):
        click(page, ".open")
        assert axe.violations(page) == []
        if turn:
            follow(page, "next_part")


@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_no_two_links_overlap_and_none_is_cut_off(page, width, language):
    page.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    )
    click(page, f"[data-language={language}]")
    for turn in (True, False):
        boxes = page.execute_script(
            """return [...document.querySelectorAll('.parts a, .back a, [data-w=part_of], .within, .tools label')].map(n => {
            const b = n.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom] })"""
        )
        assert len(boxes) >= 8
        assert all(0 <= left < right <= width for left, _, right, _ in boxes)
        for n, one in enumerate(boxes):
            assert not [other for other in boxes[n + 1 :] if overlap(one, other)]
        assert page.execute_script("return document.documentElement.scrollWidth <= innerWidth")
        if turn:
            follow(page, "next_part")


def overlap(one, other):
    return min(one[2], other[2]) - max(one[0], other[0]) > 1 and min(one[3], other[3]) - max(one[1], other[1]) > 1


def test_links_stand_from_the_right_in_arabic_and_ranges_read_from_the_left(page):
    follow(page, "next_part")
    places = [box(page, "nav.parts a", n)["left"] for n in range(3)]
    assert places == sorted(places, reverse=True)
    figures = [left for letter, left, width in letters_of(page, "[aria-current] bdi") if width]
    assert figures == sorted(figures)
    click(page, "[data-language=en]")
    places = [box(page, "nav.parts a", n)["left"] for n in range(3)]
    assert places == sorted(places)


def test_the_keyboard_reaches_the_links_and_opens_one(page):
    from selenium.webdriver.common.keys import Keys

    follow(page, "next_part")
    reached = []
    for _ in range(20):
        page.switch_to.active_element.send_keys(Keys.TAB)
        active = page.switch_to.active_element
        outline = active.value_of_css_property("outline-style"), active.value_of_css_property("outline-width")
        assert outline == ("solid", "3px"), active.get_attribute("outerHTML")
        reached.append(active.text)
        if reached[-1] == "الجزء التالي":
            break
    assert reached[-2:] == ["الجزء السابق", "الجزء التالي"]
    page.switch_to.active_element.send_keys(Keys.ENTER)
    assert where(page)[0] == "report.part-3.html"


def test_on_paper_it_says_which_articles_these_are_and_no_links(page):
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    for turn in (True, False):
        shown = page.execute_script(
            """return [...document.querySelectorAll('.parts, .within, .back, .tools')].filter(n => n.getClientRects().length).length"""
        )
        assert shown == 0
        assert find(page, "[data-w=part_of]").is_displayed()
        assert len(ids(page)) == 50
        if turn:
            follow(page, "next_part")


def test_without_its_script_the_files_still_name_each_other(browser, address):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(address)
        page = browser.execute_cdp_cmd("DOM.getDocument", {"depth": -1})
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    shown = json.dumps(page, ensure_ascii=False)
    assert "report.part-2.html#articles" in shown
    assert "الجزء 1 من 3: المقالات من 1 إلى 60 من أصل 130." in shown
    assert "?lang=" not in shown
