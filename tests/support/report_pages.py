"""A report in Debian's Chromium, for the tests that look at one: how to write it, start, and ask the page."""

from __future__ import annotations

import datetime as dt
import time

from topics import report
from topics.corpus.article import Article
from topics.corpus.themes import Theme, Themes

THEMES = Themes(
    [
        Theme("security", {"ar": "أمن", "en": "Security", "fr": "Sécurité"}, "عمل الشرطة والقضاء", color="#0072B2"),
        Theme("migration", {"ar": "هجرة", "en": "Migration", "fr": "Migration"}, color="#D55E00"),
        Theme("sport", {"ar": "رياضة", "en": "Sport", "fr": "Sport"}, color="#009E73"),
    ]
)
TEXTS = [
    (
        "الشرطة توقف شبكة لتهريب المهاجرين",
        "قالت مصالح الأمن إنها أوقفت ثلاثة رجال.\nوكان القارب في الميناء.",
        "security",
    ),
    ("مركز جديد للاجئين في الشمال", "وصلت أُسَرٌ من النازحين إلى مدرسة.", "migration"),
    ("المنتخب يفوز بالكأس", "سجل المهاجم هدفين 👩\u200d👩\u200d👧 في الشوط الأول.", "sport"),
    ("أسعار القمح ترتفع", "ارتفعت الأسعار في السوق.", None),
]


def article(n, title, text, theme):
    made = Article(text, id=f"a-{n}", title=title, date=dt.date(2026, 1, 1 + n % 28), source=f"صحيفة {n % 3}")
    chances = {key: 0.9 - n % 50 / 100 if key == theme else 0.05 for key in THEMES}
    words = title.split()
    spoke = (
        [(0, len(words[0]), theme, 1.0), (len(words[0]) + 1, len(" ".join(words[:2])), "security", -0.5)]
        if theme
        else []
    )
    places = [(start, end, chances) for start, end in made.paragraphs]
    return report.ReportArticle(made, theme or "none", (theme,) if theme else (), chances, 0.1, places, spoke)


ARTICLES = [article(n, *rest) for n, rest in enumerate(TEXTS)]


def write(folder, articles=ARTICLES, **changes):
    parts = {
        "title": "تجربة FIFA الأولى",
        "themes": THEMES,
        "texts": "full",
        "summary": {"n_articles": len(articles)},
        "scores": [
            {"theme": key, "measure": name, "mean": 0.8, "low": 0.7, "high": 0.9, "n": 60}
            for key in THEMES
            for name in ("precision", "recall", "f1", "average_precision", "brier", "brier_skill", "reliability_slope")
        ],
        "topics": [
            {"topic": 0, "name": "كرة", "terms": [("كرة", 0.2), ("هدف", 0.1)], "share": 0.25, "quotes": ["سجل هدفين."]}
        ],
        "settings": {"topics": {"n_topics": 12}},
        "versions": {"arabic-topics": "0.1.0"},
    }
    path = folder / "report.html"
    report.write_report(path, articles=articles, **{**parts, **changes})
    return path.as_uri()


def find(driver, selector):
    return driver.find_element("css selector", selector)


def titles(driver):
    return [node.text for node in driver.find_elements("css selector", ".open")]


def ids(driver):
    return driver.execute_script("return [...document.querySelectorAll('.row')].map(row => row.dataset.id)")


def box(driver, selector, n=0):
    return driver.execute_script(
        "const b = document.querySelectorAll(arguments[0])[arguments[1]].getBoundingClientRect();"
        "return {left: b.left, right: b.right, top: b.top, width: b.width}",
        selector,
        n,
    )


def click(driver, selector):
    driver.execute_script("document.querySelector(arguments[0]).click()", selector)


def search(driver, words):
    """Type a query and wait for its list."""
    field = find(driver, "input[type=search]")
    field.clear()
    field.send_keys(words)
    end = time.monotonic() + 10
    while find(driver, ".rows").get_attribute("data-query") != words:
        assert time.monotonic() < end, "the search was not made"
        time.sleep(0.02)


def letters_of(driver, selector):
    """Left edge of each letter of an element's text, in the order of the text."""
    return driver.execute_script(
        """const texts = document.createTreeWalker(document.querySelector(arguments[0]), NodeFilter.SHOW_TEXT);
        const edges = [];
        for (let node; (node = texts.nextNode());) for (let n = 0; n < node.length; n++) {
          const range = document.createRange(); range.setStart(node, n); range.setEnd(node, n + 1);
          const box = range.getBoundingClientRect(); edges.push([node.data[n], box.left, box.width]);
        } return edges""",
        selector,
    )
