"""One file that opens anywhere, shows of the articles what it says it shows, and runs nothing of theirs."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
from dataclasses import replace
from importlib import resources

import html5lib
import pytest

from topics import report
from topics.arabic.clitics import fold_word
from topics.arabic.forms import spell
from topics.corpus.article import Article
from topics.corpus.themes import Theme, Themes
from topics.errors import SettingsError, WriteError
from topics.evaluation.intervals import Score
from topics.models.explain import Explanation, Span
from topics.report import page as page_module
from topics.report.articles import first_words

TITLE = "الشرطة توقف شبكة لتهريب المهاجرين قرب الميناء الكبير"
FIRST = "أعلنت الشرطة أمس أنها أوقفت ثلاثة رجال كانوا يستعدون لنقل مهاجرين على متن قارب صغير نحو الجزر القريبة."
SECOND = "وقال متحدث باسمها إن التحقيق بدأ قبل شهرين وإن الموقوفين سيمثلون أمام النيابة العامة صباح الغد. " * 3
THEMES = Themes(
    [
        Theme("security", {"ar": "أمن", "en": "Security", "fr": "Sécurité"}, "عمل الشرطة", color="#0072B2"),
        Theme("migration", {"ar": "هجرة", "en": "Migration", "fr": "Migration"}, color="#D55E00"),
        Theme("sport", {"ar": "رياضة", "en": "Sport", "fr": "Sport"}),
    ]
)


def sorted_article(**changes):
    article = Article(f"{FIRST}\n{SECOND}", id="a-1", title=TITLE, date=dt.date(2026, 11, 24), source="وكالة المثال")
    article = replace(article, **changes)
    start = article.full.index("الشرطة")
    chances = {"security": 0.91, "migration": 0.62, "sport": 0.02}
    places = [(first, last, chances) for first, last in article.paragraphs]
    spans = [(start, start + 6, "security", 1.25), (start, start + 11, "migration", -0.5)]
    return report.ReportArticle(article, "security", ("security", "migration"), chances, 0.1, places, spans)


def render(**changes):
    parts = {
        "title": "تجربة",
        "themes": THEMES,
        "articles": [sorted_article()],
        "summary": {"n_articles": 1, "macro_f1": Score(0.81, 0.79, 0.83, 480)},
        "data": {"fingerprint": "3f9a"},
        "scores": [
            {"theme": "sport", "measure": "f1", "mean": 0.5, "low": 0.25, "high": 0.75, "n": 60},
            {"theme": "*", "measure": "macro_f1", "mean": 0.81, "low": None, "high": None, "n": 60},
        ],
        "sources": [
            {"source": "الصباح", "theme": theme, "measure": "f1", "mean": 0.7, "low": 0.6, "high": 0.8, "n": 20}
            for theme in ("sport", "*")
        ],
        "errors": [
            {"title": TITLE, "theme": "sport", "error": "missed", "probability": 0.125, "reasons": [("كرة", -0.5)]}
        ],
        "figures": [
            ("sizes", "<svg><text>كرة</text></svg>", {"ar": "الأحجام", "en": "Sizes"}),
            ("months", "<svg><text>يوليوز</text></svg>", "بالشهر", "time"),
        ],
        "topics": [
            {"topic": 3, "name": "كرة", "terms": [("كرة", 0.2), ("هدف", 0.1)], "share": 0.25, "quotes": [FIRST]}
        ],
        "settings": {"name": "demo", "topics": {"n_topics": 12}},
        "versions": {"arabic-topics": "0.1.0"},
    }
    return report.render(**{**parts, **changes})


def parsed(page):
    return html5lib.parse(page, namespaceHTMLElements=False)


def island(page):
    (found,) = (node for node in parsed(page).iter("script") if node.get("type") == "application/json")
    return json.loads(found.text)


def text_of(pieces):
    return "".join(piece if isinstance(piece, str) else piece[0] for piece in pieces)


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from (key, *strings(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def everything_shown(page):
    """All that a reader, or a program, could take out of the page."""
    tree = parsed(page)
    said = [
        text for node in tree.iter() if node.tag not in ("script", "style") for text in (node.text, node.tail) if text
    ]
    return " ".join([*said, *strings(island(page))])


def runs(text, n=5):
    words = re.findall(r"\w+", text)
    return {tuple(words[at : at + n]) for at in range(len(words) - n + 1)}


def test_the_script_is_the_only_one_that_may_run():
    page = render()
    policy = parsed(page).find("head/meta[@http-equiv='Content-Security-Policy']").get("content")
    script = page[page.index('<script type="module">') + 22 : page.rindex("</script>")]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy.startswith(
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:;"
    )
    assert page.index("Content-Security-Policy") < page.index("<style>") < page.index("<script")


def test_the_page_names_no_other_file():
    tree = parsed(render())
    links = {
        node.get(name) for node in tree.iter() for name in ("src", "href", "srcset", "data", "action") if node.get(name)
    }
    assert all(link.startswith("#") or link == "data:," for link in links)
    style = "".join(node.text for node in tree.iter("style"))
    assert "url(" not in style
    assert "@import" not in style


def test_the_script_reads_no_text_as_html():
    source = resources.files("topics").joinpath("web/reader.js").read_text(encoding="utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|Function\(|fetch\(|import\(|</script|<!--", source
    )
    assert len(source.splitlines()) <= 400


def test_full_shows_the_whole_article_in_its_own_words():
    page = render(texts="full")
    (row,) = island(page)["articles"]
    article = sorted_article().article
    assert text_of(row["title"]) == TITLE
    assert [text_of(paragraph["pieces"]) for paragraph in row["paragraphs"]] == [FIRST, SECOND.strip()]
    assert [paragraph["length"] for paragraph in row["paragraphs"]] == [
        end - start for start, end in article.paragraphs
    ]
    assert row["cut"] is False


def test_a_highlight_is_the_slice_that_spoke():
    (row,) = island(render(texts="full"))["articles"]
    assert row["title"][0] == ["الشرطة", {"0": 1.25, "1": -0.5}]
    assert row["title"][1] == [" توقف", {"1": -0.5}]
    assert row["largest"] == [1.25, 0.5, 0.0]


def test_weak_spans_are_left_out():
    strong = [(n * 2, n * 2 + 1, "security", 1.0 - n / 100) for n in range(40)]
    one = replace(sorted_article(), spans=[*strong, (90, 92, "security", 0.1), (93, 95, "sport", 0.1)])
    (row,) = island(render(texts="full", articles=[one]))["articles"]
    marked = [piece for piece in (*row["title"], *row["paragraphs"][0]["pieces"]) if not isinstance(piece, str)]
    assert sum("0" in weights for _, weights in marked) == 25
    assert sum("2" in weights for _, weights in marked) == 1


def test_an_excerpt_is_title_and_first_words():
    page = render(texts="excerpt")
    (row,) = island(page)["articles"]
    article = sorted_article().article
    assert text_of(row["title"]) == TITLE
    shown = [text_of(paragraph["pieces"]) for paragraph in row["paragraphs"] if paragraph["pieces"]]
    words = " ".join(shown).removesuffix(" …").split()
    assert words == article.text.split()[: report.EXCERPT_WORDS]
    assert row["cut"] is True
    assert article.text.split()[report.EXCERPT_WORDS] not in everything_shown(page).split()[-10:]
    assert runs(" ".join(article.text.split()[report.EXCERPT_WORDS :])).isdisjoint(
        runs(everything_shown(page)) - runs(" ".join(words))
    )


def test_an_excerpt_of_a_short_article_is_all_of_it():
    (row,) = island(render(articles=[sorted_article(text=FIRST)], texts="excerpt"))["articles"]
    assert text_of(row["paragraphs"][0]["pieces"]) == FIRST
    assert row["cut"] is False


def test_none_leaks_no_run_of_five_words():
    article = Article(
        f"{FIRST}\n{SECOND}",
        id=TITLE.replace(" ", "-") + ".txt",
        title=TITLE,
        source=FIRST,
    )
    one = replace(sorted_article(), article=article)
    page = render(texts="none", articles=[one])
    assert not runs(article.full) & runs(everything_shown(page))
    assert not runs(article.full) & runs(page)
    (row,) = island(page)["articles"]
    assert text_of(row["title"]) == "الشرطة توقف شبكة …"
    assert all(paragraph["pieces"] is None for paragraph in row["paragraphs"])
    assert row["paragraphs"][0]["probabilities"] == [0.91, 0.62, 0.02]
    assert re.fullmatch("#[0-9a-f]{12}", row["id"])


def test_none_keeps_short_names_that_are_no_headline():
    (row,) = island(render(texts="none"))["articles"]
    assert (row["id"], row["source"]) == ("a-1", "وكالة المثال")


@pytest.mark.parametrize("texts", report.TEXTS)
@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_the_page_says_what_it_shows(texts, language):
    tree = parsed(render(texts=texts, language=language))
    (notice,) = (node for node in tree.iter("p") if node.get("data-texts"))
    assert notice.get("data-texts") == texts
    assert f"texts\u00a0=\u00a0{texts}" in "".join(notice.itertext())


def test_the_words_say_how_long_an_excerpt_is():
    words = json.loads(resources.files("topics").joinpath("web/words.json").read_text(encoding="utf-8"))
    assert all(str(report.EXCERPT_WORDS) in own["texts_excerpt"] for own in words.values())


def test_quotes_follow_the_same_rule():
    topic = {"topic": 0, "terms": [], "quotes": [{"text": SECOND, "source": "وكالة"}]}
    full, excerpt, none = (everything_shown(render(articles=[], topics=[topic], texts=texts)) for texts in report.TEXTS)
    assert SECOND in full
    assert " ".join(SECOND.split()[:40]) in excerpt
    assert SECOND not in excerpt
    assert "متحدث" not in none


@pytest.mark.parametrize(
    ("text", "want"),
    [("", ""), ("كلمة", "كلمة"), (" أ  ب\nج ", " أ  ب\nج "), ("أ ب\nج د", "أ ب\nج …")],
)
def test_first_words_keep_the_text_as_it_is(text, want):
    assert first_words(text, 3) == want


def test_the_same_parts_give_the_same_bytes(tmp_path):
    for name in ("one.html", "two.html"):
        report.write_report(tmp_path / name, title="تجربة", themes=THEMES, articles=iter([sorted_article()]))
    one, two = ((tmp_path / name).read_bytes() for name in ("one.html", "two.html"))
    assert one == two
    assert one.startswith(b"<!DOCTYPE html>")


def test_a_report_that_cannot_be_made_leaves_the_old_one(tmp_path):
    path = tmp_path / "report.html"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(SettingsError, match="texts is full, excerpt or none, not 'ful'; did you mean full"):
        report.write_report(path, title="", themes=THEMES, texts="ful")
    assert path.read_text(encoding="utf-8") == "old"
    with pytest.raises(WriteError):
        report.write_report(tmp_path / "no" / "report.html", title="", themes=THEMES)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"language": "de"}, "language of a report is ar, en or fr", id="language"),
        pytest.param({"articles": [report.ReportArticle(Article("أ"), "sports")]}, "did you mean sport", id="primary"),
        pytest.param({"articles": [report.ReportArticle(Article("أ"), themes=["x"])]}, "'x'", id="theme"),
        pytest.param(
            {"articles": [report.ReportArticle(Article("أب"), paragraphs=[(0, 9, {})])]}, "0 to 9", id="paragraph"
        ),
    ],
)
def test_what_cannot_be_meant_is_an_error(changes, message):
    with pytest.raises(SettingsError, match=message):
        render(**changes)


def test_sections_stand_in_their_order_and_the_menu_names_them():
    tree = parsed(render())
    names = [node.get("id") for node in tree.iter("section")]
    assert names == list(page_module.SECTIONS)
    assert [node.get("href") for node in tree.find("body/nav")] == [f"#{name}" for name in names]


def test_a_section_without_figures_over_time_is_left_out_of_the_menu():
    tree = parsed(render(figures=[]))
    assert "time" not in [node.get("id") for node in tree.iter("section")]
    assert "#time" not in [node.get("href") for node in tree.find("body/nav")]


def test_a_figure_stands_in_the_section_it_is_for():
    tree = parsed(render())
    drawn = {
        node.get("id"): ["".join(text.itertext()) for text in node.iter("figcaption")] for node in tree.iter("section")
    }
    assert (drawn["themes"], drawn["time"], drawn["topics"]) == (["الأحجام"], ["بالشهر"], [])
    with pytest.raises(SettingsError, match="section of a figure"):
        render(figures=[("sizes", "<svg></svg>", "x", "nowhere")])


def test_a_figure_may_have_a_drawing_for_each_language_and_the_first_stands_for_those_that_have_none():
    drawings = {"ar": "<svg><text>كرة</text></svg>", "en": "<svg><text>ball</text></svg>"}
    tree = parsed(render(figures=[("sizes", drawings, "x")]))
    found = {node.get("data-drawn"): "".join(node.itertext()) for node in tree.iter("div") if node.get("data-drawn")}
    assert found == {"ar fr": "كرة", "en": "ball"}


def test_scores_by_source_have_sources_down_and_themes_across():
    (table,) = [node for node in parsed(render()).iter("div") if node.get("aria-labelledby") == "sources-title"]
    assert [" ".join("".join(cell.itertext()).split()) for cell in table.iter("th")][-1] == "الصباحn = 20"
    assert len(list(table.iter("td"))) == 2


def test_errors_to_read_name_the_article_the_theme_and_the_words():
    (table,) = [node for node in parsed(render()).iter("div") if node.get("aria-labelledby") == "errors-title"]
    cells = [" ".join("".join(cell.itertext()).split()) for row in table.iter("tr") for cell in row][5:]
    assert cells == [TITLE, "رياضة", "فاته المحور", "0.12", "كرة"]


def test_without_texts_an_error_shows_no_run_of_the_article():
    page = render(texts="none", articles=[], topics=[])
    assert TITLE not in page
    assert " ".join(TITLE.split()[:3]) in page


def test_every_word_of_the_interface_is_there_in_each_language():
    page = render(methods="كيف")
    words = island(page)["words"]
    assert list(words) == ["ar", "en", "fr"]
    assert words["ar"].keys() == words["en"].keys() == words["fr"].keys()
    asked = {
        value
        for node in parsed(page).iter()
        for name, value in node.attrib.items()
        if name in ("data-w", "data-w-label", "data-w-hint")
    }
    source = resources.files("topics").joinpath("web/reader.js").read_text(encoding="utf-8")
    asked |= set(re.findall(r'speak\("(\w+)"', source)) | set(re.findall(r'label\("(\w+)"', source))
    assert len(asked) > 40
    assert asked <= words["ar"].keys()
    for key in words["ar"]:
        fields = [set(re.findall(r"\{\w+\}", own[key])) for own in words.values()]
        assert fields[0] == fields[1] == fields[2], key


def test_a_figure_with_its_interval():
    tree = parsed(render())
    figures = ["".join(node.itertext()) for node in tree.iter("bdi") if node.get("class") == "figure"]
    assert figures[:2] == ["0.50 [0.25, 0.75]", "0.81"]
    shown = everything_shown(render())
    assert "0.81 [0.79, 0.83]" in " ".join(shown.split())
    assert "n = 60" in shown


def test_a_large_figure_is_told_without_decimals():
    shown = " ".join(everything_shown(render(summary={"perplexity": Score(2616.55, 2572.74, 2666.15, 9)})).split())
    assert "2,617 [2,573, 2,666]" in shown


def test_counts_of_themes_are_those_of_all_articles():
    articles = [sorted_article(), report.ReportArticle(Article("نص"))] * 3
    page = render(articles=articles, max_articles=2)
    assert len(island(page)["articles"]) == 2
    counts = ["".join(node.itertext()) for node in parsed(page).iter("span") if node.get("class") == "count"]
    assert counts == ["3", "3", "0", "3"]
    assert "This file holds the first 2 of 6 articles" in island(page)["words"]["en"]["left_out"]
    assert 'data-w="left_out"' in page
    assert 'data-w="left_out"' not in render(articles=articles)


def test_an_empty_report_is_a_report():
    page = report.render(title="", themes={})
    assert island(page)["articles"] == []
    assert len(list(parsed(page).iter("section"))) == 7


def test_colors_are_those_of_the_themes_and_only_colors():
    evil = Theme("evil", color="red;} body{display:none")
    with pytest.raises(ValueError, match="color"):
        render(themes={"security": THEMES["security"], "migration": evil}, articles=[])
    page = render()
    assert ".theme-0{--c:0 114 178}" in page
    assert ".theme-1{--c:213 94 0}" in page


def test_settings_are_shown_by_their_full_names():
    shown = everything_shown(render())
    assert "topics.n_topics" in shown
    assert '"demo"' in shown


def test_a_report_names_what_it_takes_to_cite_it():
    page = render()
    (citation,) = (node.text for node in parsed(page).iter("pre"))
    assert citation == "“تجربة”, report made with topics 0.1.0 (arabic-topics), corpus fingerprint 3f9a."


def test_a_sorted_row_and_its_explanation_make_an_article():
    article = sorted_article().article
    row = {
        "id": "a-1",
        "primary": "security",
        "themes": ["security"],
        "security": 0.9,
        "sport": 0.1,
        "unlike": 0.2,
        "rank": 1.0,
    }
    span = Span(0, 6, 1.5, "شرطه", "security")
    explanation = Explanation(article, (span,), {}, {}, {"security": 0.9, "sport": 0.1})
    one = report.ReportArticle.of(article, row, explanation, [{"start": 0, "end": 6, "security": 0.8, "sport": 0.1}])
    assert one.probabilities == {"security": 0.9, "sport": 0.1}
    assert one.paragraphs == [(0, 6, {"security": 0.8, "sport": 0.1})]
    assert one.spans == [(0, 6, "security", 1.5)]


def test_article_text_stands_right_to_left_where_it_is_arabic():
    latin = report.ReportArticle(Article("FIFA يعلن\nOnly Latin here", id="x"))
    page = render(articles=[latin], texts="full")
    (row,) = island(page)["articles"]
    assert [paragraph["direction"] for paragraph in row["paragraphs"]] == ["rtl", "ltr"]
    tree = parsed(page)
    assert (tree.get("lang"), tree.get("dir")) == ("ar", "rtl")
    assert all((node.get("lang"), node.get("dir")) == ("ar", "rtl") for node in tree.iter("blockquote"))


def folded(text, tables):
    """Python's reading of the tables, as reader.js reads them."""
    import unicodedata

    def ranges(pairs):
        return "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in pairs)

    text = unicodedata.normalize("NFKC", re.sub(f"[{ranges(tables['before'])}]", "", text))
    text = re.sub(f"[{ranges(tables['drop'])}]", "", text)
    return "".join(tables["map"].get(char, char) for char in text).lower()


@pytest.mark.parametrize(
    "word",
    ["الأمن", "إلـــى", "مُسْتَشْفَى", "مدرسة", "ﻻجئ", "کتاب", "ٱلله", "مسؤول", "رأ\u200cس", "گاز", "\ufe70أب", "٢٠٢٦"],
)
def test_search_folds_as_the_toolkit_does(word):
    want = fold_word(spell(word)).translate({0x660 + n: str(n) for n in range(10)})
    assert folded(word, island(render())["fold"]) == want
