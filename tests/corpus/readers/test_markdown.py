import time

import pytest

from topics.corpus import Corpus
from topics.corpus.readers.markdown import front_matter, plain

FILE = """---
title: "بلدية المدينة تفتتح مكتبة"
date: 2026-03-01
source: صوت الميناء
themes: [culture, city]
author: سلمى الناصري
---

# بلدية المدينة تفتتح مكتبة

افتتحت **البلدية** [المكتبة](https://example.org/a_(b)) صباح
اليوم بحضور _عدد_ من القراء.

![صورة](a.png)

- الدخول `مجاني`
- المقهى مفتوح
"""


def test_front_matter_gives_the_fields_and_markup_goes(tmp_path):
    path = tmp_path / "مكتبة.md"
    path.write_text(FILE, encoding="utf-8")
    article = Corpus.read(path, strict=True)[0]
    assert article.id == "مكتبة"
    assert article.title == "بلدية المدينة تفتتح مكتبة"
    assert article.date.isoformat() == "2026-03-01"
    assert (article.source, article.themes) == ("صوت الميناء", ("culture", "city"))
    assert article.extra == {"author": "سلمى الناصري"}
    assert article.paragraphs
    lines = [line for line in article.text.split("\n") if line]
    assert lines[1:] == ["الدخول مجاني", "المقهى مفتوح"]
    assert lines[0].startswith("افتتحت البلدية المكتبة")
    assert lines[0].endswith("صباح اليوم بحضور عدد من القراء.")


def test_a_first_heading_is_the_title_and_a_file_without_one_has_none(tmp_path):
    for name, text in (("a.md", "# عنوان\nنص"), ("b.markdown", "عنوان\n====\nنص"), ("c.md", "نص\n\nآخر")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [(a.title, a.text) for a in Corpus.read(tmp_path)] == [
        ("عنوان", "نص"),
        ("عنوان", "نص"),
        (None, "نص\n\nآخر"),
    ]


def test_a_heading_that_differs_from_the_front_matter_stays(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("---\nTitle: عنوان\n---\n# آخر\nنص", encoding="utf-8")
    assert [(a.title, a.text) for a in Corpus.read(path)] == [("عنوان", "آخر\nنص")]


@pytest.mark.parametrize(
    ("source", "want"),
    [
        ("سطر أول\nسطر ثان", "سطر أول سطر ثان"),
        ("سطر أول  \nسطر ثان", "سطر أول\nسطر ثان"),
        ("> قول\n> آخر", "قول\nآخر"),
        ("1. أول\n2. ثان", "1. أول\n2. ثان"),
        ("## عنوان\nنص", "عنوان\nنص"),
        ("---\nنص\n***", "نص"),
        ("```\nشفرة *كما* هي\n```", "شفرة *كما* هي"),
        ("| أ | ب |\n|---|---|\n| 1 | 2 |", "أ ب\n\n1 2"),
        ("3 * 4 * 5 = 60", "3 * 4 * 5 = 60"),
        ("snake_case_name و _مائل_", "snake_case_name و مائل"),
        (r"\*نجمة\* &amp; &lt;", "*نجمة* & <"),
        ("<b>غليظ</b><br/>", "غليظ"),
        ("<https://example.org>", "https://example.org"),
        ("[مرجع][1] و![ص][2]", "مرجع و"),
    ],
)
def test_marks_of_markdown_go_and_words_stay(source, want):
    assert plain(source) == want


@pytest.mark.parametrize("text", ["", "---", "---\nبلا نهاية", "نص\n---\nآخر"])
def test_what_is_no_front_matter_is_text(text):
    assert front_matter(text) == ({}, text)


def test_lists_of_front_matter_are_read_in_both_shapes():
    assert front_matter("---\nthemes:\n  - a\n  - 'b'\nn: [x، y]\n---\nنص") == (
        {"themes": ["a", "b"], "n": ["x", "y"]},
        "نص",
    )


@pytest.mark.parametrize("piece", ["![", "[", "[[]](", "*", "_a", "<a", "`", "> ", "- ", "| ", "\\", "**_", "(", "."])
def test_a_megabyte_of_marks_is_read_in_linear_time(piece):
    start = time.perf_counter()
    plain(piece * (1_000_000 // len(piece)))
    assert time.perf_counter() - start < 20
