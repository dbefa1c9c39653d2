"""The widgets in Debian's Chromium, behind the few calls that a notebook's front end makes."""

from __future__ import annotations

import axe
import pytest
from debian_chromium import quiet
from small_news import small_corpus
from widget_pages import ask, press, show

import topics
from topics import ThemeModel, TopicModel
from topics.studies import intrusion_sheet
from topics.widgets import find_intruders

pytestmark = pytest.mark.browser
KEYS = ["security", "migration", "sport"]


@pytest.fixture
def browser(chromium):
    with quiet(chromium):
        yield chromium


@pytest.fixture(scope="module")
def corpus():
    return small_corpus()


@pytest.fixture(scope="module")
def themes(corpus):
    return ThemeModel.train(corpus, KEYS)


def test_an_article_is_labelled_by_mouse_and_by_keys(browser, themes, corpus, tmp_path):
    labelling = topics.label(themes, corpus[:3], file=tmp_path / "l.jsonl", coder="هدى", language="en")
    show(browser, labelling, tmp_path)
    assert ask(browser, "return root.querySelector('[data-do=save]').disabled")
    press(browser, "[data-answer='1']")
    press(browser, "[data-do='save']")
    keys = "for (const key of ['3', '1', 'Enter']) root.querySelector('.sheet').dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}))"
    ask(browser, keys)
    press(browser, "[data-answer='-1']")
    press(browser, "[data-do='save']")
    assert browser.execute_script("return window.sent") == [
        {"place": 0, "themes": [1], "note": ""},
        {"place": 1, "themes": [0, 2], "note": ""},
        {"place": 2, "themes": [], "note": ""},
    ]
    assert "last article" in ask(browser, "return root.querySelector('.notice').textContent")


def test_an_answered_article_shows_its_answer_when_one_goes_back(browser, themes, corpus, tmp_path):
    labelling = topics.label(themes, corpus[:3], file=tmp_path / "l.jsonl", coder="هدى")
    labelling.answer(["sport"])
    show(browser, labelling, tmp_path)
    press(browser, "[data-do='back']")
    assert ask(browser, "return [...root.querySelectorAll('[aria-pressed=true]')].map((b) => b.dataset.answer)") == [
        "2"
    ]


def test_the_article_is_shown_as_it_was_written_and_right_to_left(browser, themes, corpus, tmp_path):
    show(browser, topics.label(themes, corpus[:1], file=tmp_path / "l.jsonl", coder="a"), tmp_path)
    shown = ask(browser, "return [...root.querySelectorAll('.text p')].map((p) => p.textContent)")
    article = corpus[0]
    assert shown == [article.full[start:end] for start, end in article.paragraphs]
    assert ask(browser, "return getComputedStyle(root.querySelector('.text p')).direction") == "rtl"


def test_choosing_a_theme_lists_its_articles_and_its_terms(browser, themes, corpus, tmp_path):
    show(browser, topics.explore(themes, corpus, language="en"), tmp_path)
    everything = ask(browser, "return root.querySelectorAll('.row').length")
    press(browser, "[data-part='2']")
    assert 0 < ask(browser, "return root.querySelectorAll('.row').length") < everything
    assert ask(browser, "return root.querySelectorAll('.side-list .terms li').length") > 3
    assert ask(browser, "return getComputedStyle(root.querySelector('.slider')).display") == "none"
    press(browser, ".open")
    assert ask(browser, "return root.querySelectorAll('mark').length") > 0


def test_the_slider_orders_terms_by_relevance(browser, corpus, tmp_path):
    found = TopicModel.train(corpus, n_topics=3, n_sweeps=10, min_df=2)
    show(browser, topics.explore(found, corpus, language="ar"), tmp_path, light="false")
    press(browser, "[data-part='0']")
    move = (
        "const s = root.querySelector('.slider input'); s.value = arguments[0]; s.dispatchEvent(new Event('input')); "
    )
    read = "return [...root.querySelectorAll('.side-list .terms li')].map((li) => li.textContent)"
    by_probability, by_lift = ask(browser, move + read, "1"), ask(browser, move + read, "0")
    assert by_probability == found.top_terms(15).query("topic == 0").term.tolist()
    assert by_lift != by_probability
    assert ask(browser, "return getComputedStyle(root.querySelector('.sheet')).backgroundColor") == "rgb(22, 24, 27)"


@pytest.fixture(scope="module")
def sheet(corpus):
    return intrusion_sheet(TopicModel.train(corpus, 4, n_sweeps=10, min_df=2), corpus, n_articles=2)


def test_intruders_are_chosen_by_mouse_and_by_keys(browser, sheet, tmp_path):
    show(browser, find_intruders(sheet, file=tmp_path / "a.csv", language="en"), tmp_path)
    n_choices = len(sheet.table.filter(like="choice_").columns)
    lefts = ask(
        browser, "return [...root.querySelectorAll('.options li')].map((li) => li.getBoundingClientRect().right)"
    )
    assert len(lefts) == n_choices
    assert lefts[0] == max(lefts)  # the first choice stands at the right
    press(browser, "[data-choice='3']")
    ask(browser, "root.querySelector('.sheet').dispatchEvent(new KeyboardEvent('keydown', {key: '1', bubbles: true}))")
    press(browser, "[data-do='skip']")
    assert browser.execute_script("return window.sent") == [{"place": 0, "choice": 3}, {"place": 1, "choice": 1}]
    for _ in range(3):
        press(browser, "[data-do='back']")
    assert ask(browser, "return root.querySelector('[aria-pressed=true]').dataset.choice") == "3"
    for _ in sheet.table.item:
        press(browser, "[data-do='skip']")
    assert "last question" in ask(browser, "return root.querySelector('.notice').textContent")
    assert ask(browser, "return root.querySelector('.saved').textContent") == "2 saved in a.csv"


def test_a_question_on_an_article_shows_its_beginning(browser, sheet, tmp_path):
    widget = find_intruders(sheet, file=tmp_path / "a.csv")
    widget.place = int((sheet.table.task == "topic").idxmax())
    show(browser, widget, tmp_path)
    assert ask(browser, "return root.querySelector('.text p').textContent") == sheet.table.text[widget.place]
    assert ask(browser, "return getComputedStyle(root.querySelector('.text p')).direction") == "rtl"


@pytest.mark.parametrize("light", ["true", "false"])
def test_the_widgets_can_be_used_without_seeing_them(browser, themes, corpus, tmp_path, light):
    show(browser, topics.explore(themes, corpus[:6]), tmp_path, light=light)
    press(browser, "[data-part='0']")
    assert axe.violations(browser) == []
    show(browser, topics.label(themes, corpus[:2], file=tmp_path / "l.jsonl", coder="a"), tmp_path, light=light)
    press(browser, "[data-answer='0']")
    assert axe.violations(browser) == []


@pytest.mark.parametrize("light", ["true", "false"])
def test_intruders_can_be_found_without_seeing_the_page(browser, sheet, tmp_path, light):
    widget = find_intruders(sheet, file=tmp_path / "a.csv", language="en")
    for place in (0, len(sheet.table) - 1):
        widget.place = place
        show(browser, widget, tmp_path, light=light)
        assert axe.violations(browser) == []
