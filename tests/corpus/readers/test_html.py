import sys

import pytest

from topics.corpus import Corpus
from topics.errors import MissingExtra

PAGE = """<!doctype html><html lang="ar" dir="rtl"><head><meta charset="{charset}"><title>مكتبة جديدة | صوت الميناء</title>
<meta property="og:site_name" content="صوت الميناء"><meta property="og:title" content="بلدية المدينة تفتتح مكتبة">
<meta property="article:published_time" content="2026-03-01T10:00:00+01:00"><meta name="author" content="سلمى الناصري">
<link rel="stylesheet" href="http://192.0.2.1/a.css"></head>
<body><nav><a href="/">الرئيسية</a><a href="/s">رياضة</a></nav>
<article><h1>بلدية المدينة تفتتح مكتبة</h1>
<p>افتتحت البلدية المكتبة صباح اليوم بحضور عدد كبير من القراء والطلبة والأساتذة.</p>
<p>يضم المبنى قاعتين للمطالعة <script>alert(1)</script>وقاعة للأطفال ومقهى &lt;صغيرا&gt;.</p></article>
<img src="http://192.0.2.1/x.png"><footer>كل الحقوق محفوظة</footer></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1256"])
def test_the_main_text_and_what_the_page_says_of_itself(tmp_path, charset):
    path = tmp_path / "a.html"
    path.write_bytes(PAGE.format(charset=charset).encode("cp1256" if charset != "utf-8" else charset))
    article = Corpus.read(path)[0]
    assert article.id == "a"
    assert article.title == "بلدية المدينة تفتتح مكتبة"
    assert article.date.isoformat() == "2026-03-01"
    assert article.source == "صوت الميناء"
    assert article.extra == {"byline": "سلمى الناصري"}
    assert article.text.split("\n") == [
        "افتتحت البلدية المكتبة صباح اليوم بحضور عدد كبير من القراء والطلبة والأساتذة.",
        "يضم المبنى قاعتين للمطالعة وقاعة للأطفال ومقهى <صغيرا>.",
    ]


@pytest.mark.parametrize("page", ["", " \n", "<html></html>", "<!doctype html><title>x</title>"])
def test_a_page_without_text_is_counted(tmp_path, page):
    path = tmp_path / "a.htm"
    path.write_text(page, encoding="utf-8")
    assert [row.reason for row in Corpus.read(path).skipped] == ["no text"]


def test_a_page_that_names_an_encoding_in_xml_is_read(tmp_path):
    path = tmp_path / "a.xhtml"
    path.write_text('<?xml version="1.0" encoding="windows-1256"?>\n' + PAGE.format(charset="utf-8"), encoding="utf-8")
    assert Corpus.read(path)[0].title == "بلدية المدينة تفتتح مكتبة"


def test_entities_do_not_grow(tmp_path):
    lol = "".join(f'<!ENTITY l{k} "{f"&l{k - 1};" * 10}">' for k in range(1, 12))
    path = tmp_path / "a.html"
    path.write_text(
        f'<!DOCTYPE html [<!ENTITY l0 "x">{lol}]><html><body><p>خبر &l11;</p></body></html>', encoding="utf-8"
    )
    assert sum(len(article.text) for article in Corpus.read(path)) < 1000


def test_without_the_extra_the_hint_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    path = tmp_path / "a.html"
    path.write_text(PAGE, encoding="utf-8")
    with pytest.raises(MissingExtra, match=r"trafilatura is not installed; run: pip install 'arabic-topics\[files\]'"):
        Corpus.read(path)
