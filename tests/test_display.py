"""Hostile text becomes harmless HTML, labels and islands, and nothing of it is lost on the way."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics import display
from topics.errors import PlotError

RLO, PDF, LRI, PDI, RLM = "\u202e", "\u202c", "\u2066", "\u2069", "\u200f"
CONTROLS = [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    '<a href="javascript:alert(1)">انقر</a>',
    "</script><script>alert(1)</script>",
    "</style><svg onload=alert(1)>",
    "<!--<script>",
    "]]><!ENTITY x>",
    "{{7*7}}{% raw %}",
    "${7*7}",
    "قبل\u2028بعد\u2029آخر",
    f"{RLO}معكوس",
    f"{LRI}a{RLO}b{PDF}",
    "\x00\x1b[31mأحمر\x07\r",
    "\ud800 وحيد",
]

# Arabic with marks and presentation forms, what HTML minds, bidi controls, joiners, emoji, surrogates.
characters = st.one_of(
    st.sampled_from("اأبتةىيه وَّـ ﻻﷺ"),
    st.sampled_from("<>&\"'/={}`-!"),
    st.sampled_from([*CONTROLS, RLM, "\u200d", "\u200c", "\u2028", "\u0000", "\u001b", "\ud83d", "👩", "🏽"]),
    st.characters(),
)
texts = st.text(characters, max_size=60)


@st.composite
def text_and_spans(draw):
    text = draw(texts)
    places = st.integers(-1, len(text) + 2)
    return text, draw(st.lists(st.tuples(places, places), max_size=6))


def elements(page):
    return [
        node for node in html5lib.parseFragment(page, namespaceHTMLElements=False).iter() if isinstance(node.tag, str)
    ]


def words_of(page):
    return "".join(html5lib.parseFragment(page, namespaceHTMLElements=False).itertext())


@given(texts)
def test_escaped_text_is_one_text_and_no_element(text):
    found = elements(f"<p>{display.escape(text)}</p>")
    assert [node.tag for node in found] == ["DOCUMENT_FRAGMENT", "p"]
    assert words_of(f"<p>{display.escape(text)}</p>") == display.visible(text)


@given(texts)
def test_escaped_text_stays_in_its_attribute(text):
    node = elements(f'<p title="{display.escape(text)}"></p>')[1]
    assert node.attrib == {"title": display.visible(text)}


@given(texts)
def test_what_is_visible_hides_and_reverses_nothing(text):
    shown = display.visible(text)
    assert not set(shown) & {*CONTROLS, RLM, "\u2028", "\u2029", "\x00", "\x1b", "\r"}
    shown.encode("utf-8")
    assert display.visible(shown) == shown


@pytest.mark.parametrize("control", CONTROLS, ids=lambda char: f"U+{ord(char):04X}")
def test_a_bidi_control_is_shown_by_name(control):
    assert display.visible(f"أ{control}ب") == f"أ<U+{ord(control):04X}>ب"


def test_tab_and_newline_are_text():
    assert display.visible("أ\tب\nج") == "أ\tب\nج"


@given(text_and_spans())
def test_pieces_join_to_the_text(case):
    text, spans = case
    found = display.pieces(text, spans)
    assert "".join(piece for piece, _ in found) == text
    assert all(piece for piece, _ in found)
    for n, (start, end) in enumerate(spans):
        covered = "".join(piece for piece, covering in found if n in covering)
        assert covered == (text[start:end] if 0 <= start < end <= len(text) else "")


def test_pieces_of_overlapping_spans_name_all_that_cover_them():
    assert display.pieces("كأس العالم", [(0, 10), (4, 10)]) == [("كأس ", (0,)), ("العالم", (0, 1))]


@given(text_and_spans())
def test_a_highlighted_text_reads_as_the_text(case):
    text, spans = case
    page = display.highlight(text, [(max(start, 0), end, "why", '"><b>') for start, end in spans])
    assert words_of(f"<p>{page}</p>") == display.visible(text)
    assert {node.tag for node in elements(f"<p>{page}</p>")[2:]} <= {"mark"}
    for mark in elements(page):
        assert mark.tag != "mark" or mark.attrib == {"class": "why", "title": '"><b>'}


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        pytest.param("قرأ الطَّالِبُ", 4, 14, id="marks"),
        pytest.param("قال ﻻ أكثر", 4, 5, id="ligature"),
        pytest.param("عائلة 👩\u200d👩\u200d👧 هنا", 6, 11, id="emoji with joiners"),
        pytest.param("a < b & c", 2, 7, id="markup"),
    ],
)
def test_a_highlight_is_the_slice_of_the_text(text, start, end):
    page = display.highlight(text, [(start, end, "why", "")])
    (mark,) = (node for node in elements(page) if node.tag == "mark")
    assert mark.text == text[start:end]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_a_cell_holds_hostile_text_as_text(text):
    page = display.table([{text: text}], columns=[text], caption=text)
    assert {node.tag for node in elements(page)[1:]} <= {
        "div",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "bdi",
    }
    assert all(set(node.attrib) <= {"style", "dir"} for node in elements(page))


def test_every_name_in_a_table_is_isolated():
    page = display.table([{"title": f"أ{RLO}ب"}, {"title": "عادي"}])
    bdi = [node for node in elements(page) if node.tag == "bdi"]
    assert [node.text for node in bdi] == ["title", "أ<U+202E>ب", "عادي"]
    assert all(node.attrib == {"dir": "auto"} for node in bdi)


@given(texts)
def test_an_island_is_json_that_cannot_end_its_element(text):
    island = display.json_island({text: [text]})
    assert not re.search("[<>&\u2028\u2029\ud800-\udfff]", island)
    assert not set(island) & {*CONTROLS, RLM}
    assert json.loads(island) == {text: [text]}


def test_an_island_refuses_what_is_no_number():
    with pytest.raises(ValueError, match="not JSON compliant"):
        display.json_island(float("nan"))


@pytest.mark.parametrize(
    ("text", "way"),
    [("FIFA يعلن", "rtl"), ("Only Latin", "ltr"), ("2026", "rtl"), ("", "rtl"), ("\u202dعربي", "rtl")],
)
def test_a_paragraph_with_arabic_reads_right_to_left(text, way):
    assert display.paragraph_direction(text) == way


def test_a_line_for_a_terminal_is_one_line():
    line = display.one_line("عنوان\n\x1b[31mأحمر\x1b[0m\r\tآخر", 40)
    assert "\x1b" not in line
    assert line == "عنوان <U+001B>[31mأحمر<U+001B>[0m آخر"
    assert display.one_line("كلمة " * 10, 9) == "كلمة كلم…"


def test_a_label_that_begins_with_latin_gets_a_mark_of_direction():
    assert display.plot_label("FIFA كأس") == f"{RLM}FIFA كأس"
    assert display.plot_label("2026 كأس") == f"{RLM}2026 كأس"
    assert display.plot_label("كأس") == "كأس"


DRAWING = """<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/x.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9" onload="alert(1)">
<metadata>no</metadata><style>*{fill:url(http://x)}</style><script>alert(1)</script>
<defs><clipPath id="p"><rect width="9" height="9"/></clipPath></defs>
<g clip-path="url(#p)" style="fill: red"><use xlink:href="#p"/><use xlink:href="http://x/#p"/>
<a xlink:href="javascript:alert(1)"><text>x</text></a>
<foreignObject><p>no</p></foreignObject><image xlink:href="data:image/svg+xml;base64,AAAA"/>
<image xlink:href="data:image/png;base64,AAAA"/><path style="fill:url(http://x)" d="M0 0"/>
<text x="1">&lt;script&gt;\u200fFIFA كأس\u202e</text></g></svg>"""


def test_a_drawing_keeps_what_draws_and_nothing_else():
    page = display.svg(DRAWING, "figure-0")
    found = [node for node in elements(page) if node.tag != "DOCUMENT_FRAGMENT"]
    tags = [node.tag.rpartition("}")[2] for node in found]
    assert tags == ["svg", "defs", "clipPath", "rect", "g", "use", "use", "image", "image", "path", "text"]
    assert not re.search(r"(?i)\bon\w+=|javascript:|http:|svg\+xml|<style|<script", page)
    assert 'id="figure-0-p"' in page
    assert 'clip-path="url(#figure-0-p)"' in page
    assert page.count('href="#figure-0-p"') == 1
    assert page.count("data:image/png;base64,AAAA") == 1
    assert "&lt;script&gt;\u200fFIFA كأس&lt;U+202E&gt;</text>" in page


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("<p/>", "not <svg>"),
        ("<svg", "not well-formed"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "entities"),
    ],
)
def test_what_is_no_drawing_is_refused(source, message):
    with pytest.raises(PlotError, match=message):
        display.svg(source, "x")


@given(texts)
def test_a_label_of_a_drawing_is_text(text):
    clean = re.sub("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", "", text)
    page = display.svg(f"<svg><text>{display.html.escape(clean)}</text></svg>", "x")
    assert [node.tag.rpartition("}")[2] for node in elements(page)[1:]] == ["svg", "text"]
    assert not set(page) & set(CONTROLS)


def test_spans_of_one_text_never_overlap_in_its_highlight():
    page = display.highlight("كأس العالم", [(0, 10, "a", ""), (4, 10, "b", "")])
    assert page.count("<mark") == 1
    assert all(a < b for a, b in pairwise([page.index("<mark"), page.index("</mark")]))


class TestReading:
    def test_an_article_reads_in_the_direction_of_each_paragraph(self):
        shown = display.reading("عنوان", ["2026-01-01"], ["FIFA تعلن القرعة", "Latin only"])
        assert [node.get("dir") for node in elements(shown) if node.tag == "p"] == ["rtl", "ltr"]
        assert elements(shown)[1].get("dir") == "rtl"

    @pytest.mark.parametrize("text", HOSTILE)
    def test_hostile_text_is_shown_and_nothing_of_it_runs(self, text):
        shown = display.reading(text, [text], [text])
        assert {node.tag for node in elements(shown)} == {"DOCUMENT_FRAGMENT", "div", "bdi", "p"}
        assert not any(char in shown for char in CONTROLS)

    def test_a_very_long_article_ends_with_how_much_is_left(self):
        shown = display.reading("", [], ["فقرة"] * 130)
        assert shown.count("<p ") == 101
        assert "30 more paragraphs" in shown


def test_nothing_that_is_shown_has_an_ink_or_a_ground_of_its_own():
    shown = display.table([{"a": 1.5}], caption="س") + display.reading("ع", ["ب"], ["ج"])
    colors = re.findall(r"(?:^|[;\"])\s*(?:color|background)\s*:\s*([^;\"]+)", shown)
    assert colors
    assert set(colors) <= {"inherit", "transparent"}


def test_a_list_of_words_with_weights_is_read_as_such():
    assert re.sub("<[^>]+>", "", display.cell([("كرة", 0.5), ("<b>", -0.25)])) == "كرة 0.50، &lt;b&gt; -0.25"


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ({"mean": 0.81, "low": 0.79, "high": 0.83}, "0.81 [0.79, 0.83]"),
        ({"mean": 2961.4, "low": 2912.0, "high": 3010.0}, "2,961 [2,912, 3,010]"),
        ({"mean": 0.5, "low": None, "high": None}, "0.50"),
        ({"mean": None, "low": None, "high": None}, "-"),
    ],
)
def test_a_score_is_shown_with_its_interval(row, shown):
    assert display.scored(row) == shown


def test_a_score_takes_the_form_that_is_asked_for():
    assert display.scored({"mean": 0.2, "low": -0.1, "high": 0.5}, "+.1f") == "+0.2 [-0.1, +0.5]"


def test_marks_take_no_column_of_a_terminal_and_wide_letters_two():
    assert list(map(display.columns_of, ["كَتَبَ", "足", "ab", ""])) == [3, 2, 2, 0]


def test_a_cell_without_text_opens_no_isolate():
    assert display.isolated("", 9) == ""
    assert display.isolated("خبر", 9) == f"{display.FSI}خبر{display.PDI}"
