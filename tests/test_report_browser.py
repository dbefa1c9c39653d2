"""The report in Debian's Chromium: read, filtered, searched, sorted, opened and switched, with nothing asked of a network."""

from __future__ import annotations

import json
from importlib import resources

import axe
import pytest
from debian_chromium import requests
from report_pages import (
    ARTICLES,
    TEXTS,
    article,
    box,
    click,
    find,
    ids,
    letters_of,
    search,
    titles,
    write,
)

from topics import report
from topics.arabic.clitics import fold_word
from topics.arabic.forms import spell
from topics.arabic.words import spans

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    return write(tmp_path_factory.mktemp("report"))


@pytest.fixture
def page(browser, address):
    browser.get(address)
    return browser


def test_it_asks_for_nothing_but_itself(page, address):
    assert set(requests(page)) <= {address, "data:,"}
    assert titles(page) == [title for title, _, _ in TEXTS]


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_axe_finds_nothing_serious(page, ground):
    page.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": ground}]}
    )
    click(page, ".open")
    assert axe.violations(page) == []


def test_a_report_without_themes_calls_no_article_one_without_a_theme(browser, tmp_path):
    plain = [report.ReportArticle(one.article) for one in ARTICLES]
    browser.get(write(tmp_path, plain, themes={}, scores=[]))
    assert len(titles(browser)) == len(ARTICLES)
    assert not browser.find_elements("css selector", ".tag, .chips, .bars")


def test_filter_by_theme(page):
    click(page, "[data-filter='2']")
    assert ids(page) == ["a-2"]
    click(page, "[data-filter='-1']")
    assert ids(page) == ["a-3"]
    assert find(page, "[data-filter='-1']").get_attribute("aria-pressed") == "true"
    click(page, "[data-filter='all']")
    assert len(ids(page)) == 4


@pytest.mark.parametrize(
    ("words", "want"),
    [
        ("الامن", ["a-0"]),
        ("اُسر", ["a-1"]),
        ("مـدرسه", ["a-1"]),
        ("هدفين الشوط", ["a-2"]),
        ("صحيفة ٠", ["a-0", "a-3"]),
        ("A-3", ["a-3"]),
        ("لا توجد", []),
        (".*", []),
    ],
)
def test_search_folds_what_is_typed(page, words, want):
    search(page, words)
    assert ids(page) == want
    assert bool(find(page, ".found").text) is True


def test_sort_by_date_title_and_probability(page):
    def choose(value):
        page.execute_script(
            "const s = document.querySelector('select'); s.value = arguments[0]; s.dispatchEvent(new Event('change'))",
            value,
        )
        return ids(page)

    assert choose("title") == ["a-3", "a-0", "a-2", "a-1"]
    assert choose("date") == ["a-0", "a-1", "a-2", "a-3"]
    click(page, ".direction")
    assert ids(page) == ["a-3", "a-2", "a-1", "a-0"]
    assert choose("theme:1")[0] == "a-1"
    assert choose("order") == ["a-0", "a-1", "a-2", "a-3"]


def test_an_opened_article_is_what_the_author_wrote(page):
    for n, (title, text, _) in enumerate(TEXTS):
        page.execute_script("document.querySelectorAll('.open')[arguments[0]].click()", n)
        panel = f".row:nth-child({n + 1}) .read"
        assert page.execute_script("return document.querySelector(arguments[0]).textContent", f"{panel} h4") == title
        shown = page.execute_script(
            "return [...document.querySelectorAll(arguments[0])].map(p => p.textContent)", f"{panel} .paragraph p"
        )
        assert shown == text.split("\n")
    assert find(page, ".open").get_attribute("aria-expanded") == "true"
    text = find(page, ".text")
    assert (text.get_attribute("lang"), text.get_attribute("dir")) == ("ar", "rtl")


def test_highlights_are_the_slices_that_spoke_for_the_chosen_theme(page):
    click(page, ".open")
    marks = page.find_elements("css selector", ".text mark")
    assert [(mark.text, mark.get_attribute("class")) for mark in marks] == [
        ("الشرطة", "theme-0 for"),
        ("توقف", "theme-0 against"),
    ]
    lanes = page.execute_script(
        "return [...document.querySelectorAll('h4 + .paragraph .lanes i')].map(lane => lane.style.getPropertyValue('--p'))"
    )
    assert lanes == ["0.9", "0.05", "0.05"]
    assert box(page, ".lanes")["left"] > box(page, ".paragraph p")["left"]
    heights = page.execute_script("return ['.lanes', '.paragraph'].map(s => document.querySelector(s).offsetHeight)")
    assert heights[0] == heights[1] > 20
    click(page, ".open")
    assert find(page, ".open").get_attribute("aria-expanded") == "false"
    assert not page.find_elements("css selector", ".text")


def test_a_reason_can_be_chosen(page):
    page.execute_script("document.querySelectorAll('.open')[1].click()")
    assert find(page, "[data-why='1']").get_attribute("aria-pressed") == "true"
    click(page, "[data-why='0']")
    assert find(page, "[data-why='0']").get_attribute("aria-pressed") == "true"
    assert [mark.text for mark in page.find_elements("css selector", ".text mark")] == ["جديد"]


def test_the_language_of_the_interface_can_be_switched(page):
    click(page, ".open")
    search(page, "الأمن")
    for language, way, name in (("en", "ltr", "Security"), ("fr", "ltr", "Sécurité"), ("ar", "rtl", "أمن")):
        click(page, f"[data-language={language}]")
        root = find(page, "html")
        assert (root.get_attribute("lang"), root.get_attribute("dir")) == (language, way)
        assert find(page, ".theme h3").text == name
        assert find(page, "[data-filter='0'] bdi").text == name
        assert find(page, ".open").get_attribute("aria-expanded") == "true"
        assert ids(page) == ["a-0"]
        in_order = box(page, "nav a", 0)["left"] < box(page, "nav a", 1)["left"]
        assert in_order is (way == "ltr")
    click(page, "[data-language=en]")
    assert find(page, "input[type=search]").get_attribute("placeholder").startswith("One or more words")
    assert find(page, "nav").get_attribute("aria-label") == "Sections of the report"
    left = page.execute_script(
        "return [...document.querySelectorAll('[data-w]')].filter(n => !n.closest('.theme') && /[\\u0600-\\u06ff]/.test(n.textContent)).length"
    )
    assert left == 0


def test_hostile_titles_neither_act_nor_turn_their_neighbours(browser, tmp_path):
    bad = [
        "<script>window.hit=1</script>",
        '"><img src=x onerror="window.hit=1">',
        "\u202eمقلوب\u2066",
        "javascript:window.hit=1",
    ]
    made = [article(n, f"{title} خبر", f"{title}\nنص", "sport") for n, title in enumerate([*bad, "العنوان الأخير"])]
    browser.get(write(tmp_path, made, topics=[{"topic": 0, "name": bad[1], "terms": bad, "quotes": bad}]))
    browser.execute_script("document.querySelectorAll('.open').forEach(b => b.click())")
    assert browser.execute_script("return window.hit ?? null") is None
    assert titles(browser)[2] == "<U+202E>مقلوب<U+2066> خبر"
    letters = [
        left for letter, left, width in letters_of(browser, ".row:nth-child(5) .open") if letter != " " and width
    ]
    assert letters == sorted(letters, reverse=True)


def test_none_shows_places_without_words(browser, tmp_path):
    browser.get(write(tmp_path, texts="none"))
    click(browser, ".open")
    assert not browser.find_elements("css selector", ".paragraph p, .text h4, .text mark")
    assert len(browser.find_elements("css selector", ".row:first-child .paragraph .lanes")) == 2


def test_no_other_script_may_run(chromium, address):
    chromium.get(address)
    chromium.execute_script(
        "const s = document.createElement('script'); s.textContent = 'window.hit = 1'; document.body.append(s)"
    )
    assert chromium.execute_script("return window.hit ?? null") is None
    assert "Content Security Policy" in chromium.get_log("browser")[0]["message"]


def test_search_folds_every_word_as_the_toolkit_does(chromium, tmp_path, project):
    source = resources.files("topics").joinpath("web/reader.js").read_text(encoding="utf-8")
    bare = tmp_path / "bare.html"
    tables = json.dumps(report.page.fold_tables())
    bare.write_text(
        f"<meta charset=utf-8><script type=module>{source}\nwindow.fold = folding({tables})</script>", encoding="utf-8"
    )
    corpus = (project / "corpora/demo/articles.jsonl").read_text(encoding="utf-8")
    words = {
        span.key for line in corpus.splitlines() for span in spans(json.loads(line)["text"]) if span.kind == "arabic"
    }
    words |= {"ﻻجئ", "کتاب", "ٱلله", "مسؤول", "رأ\u200cس", "ا\u0654", "و\u0654", "\ufe70أب", "ﷲ", "گاز"}
    listed = sorted(words)
    assert len(listed) > 5_000
    chromium.get(bare.as_uri())
    got = chromium.execute_script("return arguments[0].map(window.fold)", listed)
    assert [pair for pair in zip(listed, got, strict=True) if fold_word(spell(pair[0])) != pair[1]] == []


def test_it_reads_right_to_left(page):
    assert box(page, "nav a", 0)["left"] > box(page, "nav a", 1)["right"]
    assert box(page, ".open")["right"] > box(page, ".side")["right"]
    assert box(page, "thead th", 0)["left"] >= box(page, "thead th", 1)["right"] - 1
    assert box(page, ".bars dt")["left"] > box(page, ".bar")["left"]
    arabic = [left for letter, left, width in letters_of(page, ".open") if letter != " " and width]
    assert arabic == sorted(arabic, reverse=True)


def test_a_latin_word_in_an_arabic_title_does_not_turn_it(page):
    edges = letters_of(page, "h1")
    assert edges[0][1] > edges[7][1] > edges[-1][1]
    latin = [left for letter, left, _ in edges if letter in "FIFA"]
    assert latin == sorted(latin)


def test_letters_are_joined(page):
    widths = page.execute_script(
        """const wide = (text) => { const span = document.createElement('span'); span.textContent = text;
        document.querySelector('h1').append(span); const width = span.getBoundingClientRect().width; span.remove(); return width };
        return [wide('هههه'), wide('ه\\u200cه\\u200cه\\u200cه')]"""
    )
    assert widths[0] != widths[1]


def test_the_keyboard_is_enough(page):
    from selenium.webdriver.common.keys import Keys

    seen = []
    for _ in range(40):
        active = page.switch_to.active_element
        active.send_keys(Keys.TAB)
        active = page.switch_to.active_element
        outline = active.value_of_css_property("outline-style"), active.value_of_css_property("outline-width")
        assert outline == ("solid", "3px"), active.get_attribute("outerHTML")
        seen.append(active.get_attribute("class") or active.tag_name)
        if seen[-1] == "open":
            break
    assert "open" in seen
    page.switch_to.active_element.send_keys(Keys.ENTER)
    assert find(page, ".open").get_attribute("aria-expanded") == "true"
    assert find(page, ".read").is_displayed()


def test_every_control_has_a_name(page):
    click(page, ".open")
    nameless = page.execute_script(
        """return [...document.querySelectorAll('button, select, input, nav, [role=group], [role=region]')].filter(n =>
        !(n.textContent.trim() && n.tagName === 'BUTTON') && !n.getAttribute('aria-label') && !n.getAttribute('aria-labelledby')
        && !n.closest('label')).map(n => n.outerHTML)"""
    )
    assert nameless == []
    expanded = page.execute_script(
        "return [...document.querySelectorAll('[aria-controls]')].every(n => document.getElementById(n.getAttribute('aria-controls')))"
    )
    assert expanded is True


@pytest.mark.parametrize("width", [360, 768, 1200])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_nothing_is_cut_off_at_the_side(page, width, language):
    page.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    )
    click(page, f"[data-language={language}]")
    click(page, ".open")
    sizes = page.execute_script("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert sizes[0] <= sizes[1]
    outside = page.execute_script(
        """return [...document.querySelectorAll('main *')].filter(n => !n.closest('.wide, .sr, .paper')).filter(n => {
        const b = n.getBoundingClientRect(); return b.width && (b.left < -1 || b.right > innerWidth + 1) }).map(n => n.outerHTML)"""
    )
    assert outside == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_legible_in_light_and_dark(page, scheme):
    page.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    click(page, ".open")
    colors = page.execute_script(
        """const of = (s, p) => getComputedStyle(document.querySelector(s))[p].match(/[\\d.]+/g).map(Number);
        return {ground: of('body', 'backgroundColor'), ink: of('body', 'color'), soft: of('.meta', 'color'), link: of('nav a', 'color'),
        mark: of('.text mark', 'backgroundColor')}"""
    )
    ground = colors["ground"]
    assert (luminance(ground) > 0.5) is (scheme == "light")
    for name in ("ink", "soft", "link"):
        assert contrast(colors[name], ground) >= 4.5, name
    *tint, alpha = colors["mark"]
    shaded = [alpha * a + (1 - alpha) * b for a, b in zip(tint, ground, strict=True)]
    assert contrast(colors["ink"], shaded) >= 4.5


def luminance(rgb):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (value / 255 for value in rgb)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_on_paper_there_are_no_controls(page):
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    for selector in ("nav", ".tools", ".languages"):
        assert find(page, selector).value_of_css_property("display") == "none"
