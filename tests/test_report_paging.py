"""More articles than one file holds: further files beside the report, each complete, all of them or none."""

from __future__ import annotations

import datetime as dt
import json
import re
import tracemalloc
from urllib.parse import unquote

import html5lib
import pytest

from topics import report
from topics.corpus import held
from topics.corpus.article import Article
from topics.corpus.themes import Theme, Themes
from topics.errors import SettingsError, WriteError
from topics.report import page as page_module
from topics.report import paging

THEMES = Themes([Theme("security", {"ar": "أمن", "en": "Security", "fr": "Sécurité"}), Theme("sport", {"ar": "رياضة"})])
BODY = "قالت مصالح الأمن إنها أوقفت ثلاثة رجال قرب الميناء وإن التحقيق مستمر. اتصلوا على 0612345678."


def sorted_articles(n_articles):
    for n in range(n_articles):
        made = Article(
            BODY, id=f"a-{n}", title=f"خبر رقم {n} من يوم طويل جدا", date=dt.date(2026, 1, 1), source="صحيفة"
        )
        places = [(start, end, {"security": 0.9}) for start, end in made.paragraphs]
        spans = [(made.full.index("الأمن"), made.full.index("الأمن") + 5, "security", 1.0)]
        yield report.ReportArticle(made, "security", ("security",), {"security": 0.9}, 0.1, places, spans)


def write(path, n_articles=7, size=3, **changes):
    parts = {"title": "تجربة", "themes": THEMES, "articles": sorted_articles(n_articles), "max_articles": size}
    report.write_report(path, **{**parts, **changes})
    return [path, *report.further_files(path)]


def parsed(path):
    return html5lib.parse(path.read_text(encoding="utf-8"), namespaceHTMLElements=False)


def island(path):
    (found,) = (node for node in parsed(path).iter("script") if node.get("type") == "application/json")
    return json.loads(found.text)


def ids(path):
    return [row["id"] for row in island(path)["articles"]]


def links(path):
    return [node.get("href") for node in parsed(path).iter("a")]


@pytest.fixture
def files(tmp_path):
    return write(tmp_path / "report.html")


@pytest.mark.parametrize(
    ("n_articles", "want"),
    [
        (0, [("r.html", 1, 0)]),
        (3, [("r.html", 1, 3)]),
        (4, [("r.html", 1, 3), ("r.part-2.html", 4, 4)]),
        (9, [("r.html", 1, 3), ("r.part-2.html", 4, 6), ("r.part-3.html", 7, 9)]),
    ],
)
def test_files_are_full_but_for_the_last(n_articles, want):
    found = paging.parts_of("r.html", n_articles, 3)
    assert [(part.name, part.first, part.last) for part in found] == want
    assert [part.number for part in found] == list(range(1, len(want) + 1))


def test_every_article_is_in_one_file_in_its_order(files):
    assert [path.name for path in files] == ["report.html", "report.part-2.html", "report.part-3.html"]
    assert [ids(path) for path in files] == [["a-0", "a-1", "a-2"], ["a-3", "a-4", "a-5"], ["a-6"]]
    rows = [row for path in files for row in island(path)["articles"]]
    assert all(row["paragraphs"][0]["pieces"][1] == ["الأمن", {"0": 1.0}] for row in rows)


def test_the_first_holds_the_rest_of_the_report_and_counts_all_articles(files):
    sections = [[node.get("id") for node in parsed(path).iter("section")] for path in files]
    assert sections[1:] == [["articles"], ["articles"]]
    assert sections[0] == [name for name in page_module.SECTIONS if name != "time"]
    counts = ["".join(node.itertext()) for node in parsed(files[0]).iter("span") if node.get("class") == "count"]
    assert counts == ["7", "0", "0"]
    assert [next(parsed(path).iter("h1")).find("bdi").text for path in files] == ["تجربة"] * 3


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("ar", "الجزء 2 من 3: المقالات من 4 إلى 6 من أصل 7."),
        ("en", "Part 2 of 3: articles 4\u20136 of 7."),
        ("fr", "Partie 2 sur 3 : articles 4 à 6 sur 7."),
    ],
)
def test_each_says_which_articles_it_holds_of_how_many(tmp_path, language, told):
    second = write(tmp_path / "report.html", language=language)[1]
    (said,) = (node.text for node in parsed(second).iter() if node.get("data-w") == "part_of")
    assert said == told == island(second)["words"][language]["part_of"]
    assert next(parsed(second).iter("title")).text == "تجربة (4\u20136)"


def test_thousands_are_told_as_such():
    (*_, last) = paging.parts_of("report.html", 14_784, 5_000)
    assert last.articles == "10,001\u201314,784"


def test_each_names_the_one_before_the_one_after_and_every_one(files):
    told = [node.get("data-w") for node in parsed(files[1]).iter("span") if node.get("data-w")]
    assert told.count("previous_part") == told.count("next_part") == 2  # above the list, and below it
    every = [f"{path.name}#articles" for path in files]
    first, second, third = ([link for link in links(path) if link.startswith("report")] for path in files)
    assert first == [every[1], *every, every[1]]
    assert second == ["report.html", every[0], every[2], *every, every[0], every[2]]
    assert third == ["report.html", every[1], *every, every[1]]
    (current,) = (node for node in parsed(files[1]).iter("a") if node.get("aria-current"))
    assert (current.get("href"), current.find("bdi").text) == (every[1], "4\u20136")


def test_a_file_asks_for_no_other_and_runs_the_one_script(files):
    for path in files:
        named = {
            node.get(name) for node in parsed(path).iter() for name in ("src", "srcset", "data", "action", "href")
        } - {None}
        allowed = {f"{other.name}{place}" for other in files for place in ("", "#articles")}
        assert {name for name in named if not name.startswith("#")} <= {*allowed, "data:,"}
    policies = {parsed(path).find("head/meta[@http-equiv='Content-Security-Policy']").get("content") for path in files}
    assert len(policies) == 1
    assert policies.pop().startswith("default-src 'none'; script-src 'sha256-")


def test_beside_the_search_it_says_that_it_looks_at_this_file_only(files, tmp_path):
    assert all(island(path)["parted"] for path in files)
    assert not island(write(tmp_path / "small.html", n_articles=3)[0])["parted"]


def test_a_small_report_is_one_file_that_links_to_none(tmp_path):
    (only,) = write(tmp_path / "report.html", n_articles=3)
    assert all(link.startswith("#") for link in links(only))
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_many_files_are_named_in_a_list_that_opens(tmp_path):
    found = write(tmp_path / "report.html", n_articles=13, size=1)
    (details,) = parsed(found[0]).iter("details")
    assert [node.get("href") for node in details.iter("a")] == [f"{path.name}#articles" for path in found]
    assert not list(parsed(write(tmp_path / "report.html", n_articles=12, size=1)[0]).iter("details"))


@pytest.mark.parametrize("name", ["تقرير.html", "a b#1?.html", "100%.v2.html", "javascript:x", "report"])
def test_files_are_named_after_the_report_and_linked_whatever_its_name(tmp_path, name):
    found = write(tmp_path / name, n_articles=2, size=1)
    stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
    assert [path.name for path in found] == [name, f"{stem}.part-2{dot}{suffix}"]
    there = {link.removesuffix("#articles") for link in links(found[1]) if not link.startswith("#")}
    assert {unquote(link) for link in there} == {path.name for path in found}
    assert not any(set(link) & set(":#?/ ") for link in there)


def test_the_same_articles_give_the_same_bytes(files, tmp_path):
    (tmp_path / "again").mkdir()
    again = write(tmp_path / "again" / "report.html")
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in files]


def test_rows_that_wait_on_the_disk_come_back_as_they_were(files, tmp_path, monkeypatch):
    monkeypatch.setattr(held, "HELD_BYTES", 100)
    (tmp_path / "again").mkdir()
    again = write(tmp_path / "again" / "report.html")
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in files]


def test_one_file_is_in_memory_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(held, "HELD_BYTES", 1_000)

    def peak(n_files):
        long = (report.ReportArticle(Article(BODY * 100, id=f"a-{n}")) for n in range(40 * n_files))
        tracemalloc.start()
        files = write(tmp_path / "report.html", articles=long, size=40, texts="full")
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert [len(ids(path)) for path in files] == [40] * n_files
        return highest

    peak(2)  # what is made once and kept
    few, many = peak(2), peak(12)
    assert many < 1.2 * few


def test_files_of_an_earlier_larger_report_are_removed(tmp_path):
    assert len(write(tmp_path / "report.html", n_articles=12, size=1)) == 12
    assert len(write(tmp_path / "report.html", n_articles=2, size=1)) == 2
    write(tmp_path / "report.html", n_articles=1, size=1)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_what_is_no_part_of_this_report_stays(tmp_path):
    write(tmp_path / "other.html", n_articles=2, size=1)
    for name in ("report.part-3.html", "report.part-x.html", "report-2.html", "report.part-2.html.bak"):
        (tmp_path / name).write_text("mine", encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    write(tmp_path / "report.html", n_articles=2, size=1)
    assert before.items() <= {path: path.read_bytes() for path in tmp_path.iterdir()}.items()
    with pytest.raises(WriteError, match=r"report\.part-3\.html: is there and no part of a report"):
        write(tmp_path / "report.html", n_articles=3, size=1)
    assert (tmp_path / "report.part-3.html").read_text(encoding="utf-8") == "mine"


def test_the_report_itself_is_written_last(tmp_path, monkeypatch):
    seen = []
    for module in (paging, page_module):
        plain = module.atomic_write

        def noted(path, plain=plain):
            seen.append(path.name)
            return plain(path)

        monkeypatch.setattr(module, "atomic_write", noted)
    write(tmp_path / "report.html")
    assert seen == ["report.part-2.html", "report.part-3.html", "report.html"]


@pytest.mark.parametrize("earlier", [0, 1, 12])
@pytest.mark.parametrize("failing", ["report.part-2.html", "report.part-3.html", "report.html"])
def test_when_one_cannot_be_written_all_are_as_they_were(tmp_path, monkeypatch, earlier, failing):
    if earlier:
        write(tmp_path / "report.html", n_articles=earlier, texts="none")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for module in (paging, page_module):
        plain = module.atomic_write

        def full(path, plain=plain):
            if path.name == failing:
                raise WriteError("no space left")
            return plain(path)

        monkeypatch.setattr(module, "atomic_write", full)
    with pytest.raises(WriteError, match="no space left"):
        write(tmp_path / "report.html", n_articles=7)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_article_that_cannot_be_shown_leaves_all_as_they_were(tmp_path):
    files = write(tmp_path / "report.html")
    before = [path.read_bytes() for path in files]
    wrong = [*sorted_articles(9), report.ReportArticle(Article("نص"), "sports")]
    with pytest.raises(SettingsError, match="did you mean sport"):
        write(tmp_path / "report.html", articles=wrong)
    assert [path.read_bytes() for path in files] == before
    assert len(list(tmp_path.iterdir())) == 3


def test_one_that_cannot_be_removed_is_named(tmp_path, monkeypatch):
    write(tmp_path / "report.html", n_articles=2, size=1, texts="full")
    plain = paging.Path.unlink

    def locked(path, **options):
        if path.name == "report.part-2.html":
            raise PermissionError(13, "Permission denied", str(path))
        plain(path, **options)

    monkeypatch.setattr(paging.Path, "unlink", locked)
    with pytest.raises(WriteError, match=r"part-2\.html: belongs to an earlier report.*Permission denied"):
        write(tmp_path / "report.html", n_articles=1, size=1, texts="none")
    assert island(tmp_path / "report.html")["texts"] == "none"


@pytest.mark.parametrize("texts", report.TEXTS)
def test_a_further_file_shows_of_the_articles_what_the_first_does(tmp_path, texts):
    first, second = write(tmp_path / "report.html", n_articles=2, size=1, texts=texts, mask=True)
    for path in (first, second):
        (row,) = island(path)["articles"]
        assert (row["paragraphs"][0]["pieces"] is None) is (texts == "none")
        assert "0612345678" not in path.read_text(encoding="utf-8")
    words = re.findall(r"\w+", BODY)
    shown = second.read_text(encoding="utf-8")
    if texts == "none":
        assert not any(" ".join(five) in shown for five in zip(*(words[n:] for n in range(5)), strict=False))
    (notice,) = (node for node in parsed(second).iter("p") if node.get("data-texts"))
    assert notice.get("data-texts") == texts


def test_a_hostile_title_of_the_report_is_text_in_every_file(tmp_path):
    bad = '<script>alert(1)</script><meta name="topics-part">\u202e'
    for path in write(tmp_path / "report.html", n_articles=2, size=1, title=bad):
        assert len(list(parsed(path).iter("script"))) == 2
        assert "\u202e" not in path.read_text(encoding="utf-8")
        assert "<U+202E>" in next(parsed(path).iter("h1")).find("bdi").text


def test_a_file_holds_one_article_or_more(tmp_path):
    with pytest.raises(SettingsError, match="one article or more, not 0"):
        write(tmp_path / "report.html", size=0)


def test_pages_can_be_had_as_texts(tmp_path):
    got = {}
    first = report.render(
        title="تجربة", themes=THEMES, articles=sorted_articles(7), max_articles=3, further=got.__setitem__
    )
    files = write(tmp_path / "report.html")
    assert [first, *got.values()] == [path.read_text(encoding="utf-8") for path in files]
    assert list(got) == [path.name for path in files[1:]]
