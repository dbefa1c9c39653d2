"""A report of 5,000 articles in Debian's Chromium, and of more than a file holds: paged, and said so."""

from __future__ import annotations

import pytest
from debian_chromium import quiet
from report_pages import THEMES, article, click, find, ids, search, write

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def browser(chromium):
    chromium.get("about:blank")
    with quiet(chromium):
        yield chromium


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A report of 5,000 articles, and one of a run that has three more than a file holds: those are in a second."""
    line = "قالت المصادر إن الاجتماع سيعقد في العاصمة بحضور ممثلين عن جميع الأطراف المعنية بالملف. "
    body = "\n".join([line * 5] * 4)
    many = [article(n, f"الخبر رقم {n} من يوم طويل", body, [*THEMES, None][n % 4]) for n in range(5_003)]
    whole = write(tmp_path_factory.mktemp("whole"), many[:5_000])
    return {"whole": whole, "parted": write(tmp_path_factory.mktemp("parted"), many)}


def press_page(page, number):
    page.execute_script(
        "const f = document.querySelector('.pages input'); f.value = arguments[0]; f.dispatchEvent(new Event('change'))",
        number,
    )


def test_of_five_thousand_articles_one_page_is_drawn_and_every_other_can_be_reached(browser, large):
    """What it takes in seconds: benchmarks/report_speed.py."""
    browser.get(large["whole"])
    assert ids(browser) == [f"a-{n}" for n in range(50)]
    assert not browser.find_elements("css selector", ".notice:not([data-texts])")
    assert find(browser, ".found").text == "5,000 من 5,000 · 50 في كل صفحة"
    assert find(browser, ".pages span").text == "صفحة 1 من 100"
    click(browser, ".pages button:nth-of-type(2)")
    assert ids(browser)[0] == "a-50"
    assert find(browser, ".pages span").text == "صفحة 2 من 100"
    press_page(browser, 100)
    assert ids(browser)[-1] == "a-4999"
    assert not find(browser, ".pages button:nth-of-type(2)").is_enabled()
    for wanted, first in ((0, 0), (999, 4950), (7, 300)):
        press_page(browser, wanted)
        assert ids(browser)[0] == f"a-{first}"
    nodes = browser.execute_script("return document.querySelectorAll('#reader *').length")
    assert nodes < 3_000  # a page of rows, not 5,000 of them


def test_five_thousand_articles_are_searched_filtered_and_sorted_as_a_few_are(browser, large):
    browser.get(large["whole"])
    search(browser, "٤٩٩٩")
    assert ids(browser) == ["a-4999"]
    assert not browser.find_elements("css selector", ".pages button")
    search(browser, "الخبر")
    click(browser, "[data-filter='-1']")
    assert find(browser, ".found").text.startswith("1,250 من 5,000")
    assert ids(browser)[0] == "a-3"
    choose = "const s = document.querySelector('select'); s.value = arguments[0]; s.dispatchEvent(new Event('change'))"
    browser.execute_script(choose, "title")
    click(browser, ".direction")
    assert ids(browser)[0] == "a-4999"  # numbers in titles are ordered as numbers
    click(browser, ".open")
    assert len(browser.find_elements("css selector", ".paragraph p")) == 4


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("ar", "المقالات من 5,001 إلى 5,003 من أصل 5,003"),
        ("en", "articles 5,001\u20135,003 of 5,003"),
        ("fr", "articles 5,001 à 5,003 sur 5,003"),
    ],
)
def test_a_run_that_is_larger_than_a_file_holds_goes_on_in_the_next_and_says_so(browser, large, language, told):
    browser.get(large["parted"])
    click(browser, f"[data-language={language}]")
    press_page(browser, 100)
    assert ids(browser)[-1] == "a-4999"
    click(browser, "p.parts a")
    assert told in find(browser, "#articles .notice").text
    assert ids(browser) == ["a-5000", "a-5001", "a-5002"]
    assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
