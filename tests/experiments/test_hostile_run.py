"""FAULTS.md 37 to 44, through a whole run: hostile articles go in, and nothing of them acts, hides or leaks."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections import Counter
from xml.etree import ElementTree as ET

import html5lib
import labels
import numpy as np
import pytest
from debian_chromium import requests
from hostile_corpus import EXPERIMENT, FOLDER, HOSTILE, LRI, PDF, RLO, SECRETS, hostile_corpus
from report_pages import click, titles
from tiny_experiment import write_tiny

from topics import Corpus, display, explore, label, load
from topics.cli import main
from topics.experiments.run import run
from topics.experiments.stages import articles_of
from topics.plots import missing_glyphs
from topics.studies import intrusion_sheet
from topics.widgets import find_intruders

BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
ACTIVE = {"iframe", "object", "embed", "form", "base", "applet", "frame", "img", "template", "animate", "foreignObject"}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def done(place):
    """The run, and what commands make of it."""
    hostile_corpus().write(place / FOLDER)
    (place / "hostile.toml").write_text(EXPERIMENT, encoding="utf-8")
    return run(place / "hostile.toml", out=place / "runs", cache=False)


@pytest.fixture(scope="module")
def corpus(place, done):
    return Corpus.read(place / FOLDER)


def parsed(page):
    return html5lib.parse(page, namespaceHTMLElements=False)


def assert_harmless(tree, scripts):
    found = [node for node in tree.iter() if isinstance(node.tag, str)]
    assert [node.get("type") for node in found if node.tag.rpartition("}")[2] == "script"] == scripts
    for node in found:
        assert node.tag.rpartition("}")[2] not in ACTIVE, node.tag
        for name, value in node.attrib.items():
            assert not name.rpartition("}")[2].lower().startswith("on"), (node.tag, name)
            assert not value.strip().lower().startswith("javascript:"), (node.tag, name)


def test_the_report_holds_our_scripts_and_no_other(done):
    page = done.report.read_text(encoding="utf-8")
    assert_harmless(parsed(page), ["application/json", "module"])
    assert not BIDI.search(page)
    policies = [node.get("content") for node in parsed(page).iter("meta") if node.get("http-equiv")]
    assert len(policies) == 1
    assert policies[0].startswith("default-src 'none'; ")


def island(page):
    return json.loads(next(node.text for node in parsed(page).iter("script") if node.get("type") == "application/json"))


def joined(pieces):
    """The text of pieces, some of which say who marks them."""
    return "".join(piece if isinstance(piece, str) else piece[0] for piece in pieces)


def test_what_the_report_carries_is_each_article_to_the_letter(done, corpus):
    held = island(done.report.read_text(encoding="utf-8"))["articles"]
    assert len(held) == len(corpus)
    for row, article in zip(held, corpus, strict=True):
        assert row["id"] == display.visible(article.id)
        assert joined(row["title"]) == display.visible(article.title)
        lines = [article.full[start:end] for start, end in article.paragraphs]
        assert [joined(line["pieces"]) for line in row["paragraphs"]] == [display.visible(line) for line in lines]


def all_strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from all_strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from all_strings(inner)


def test_every_picture_is_a_drawing_only(done):
    pictures = sorted(done.path.rglob("*.svg"))
    assert len(pictures) >= 4
    for picture in pictures:
        text = picture.read_text(encoding="utf-8")
        assert_harmless(ET.fromstring(text), [])
        assert not BIDI.search(text)


def test_every_picture_has_ink_and_no_letter_that_the_font_lacks(done):
    """FAULTS.md 37: what cannot be drawn is shown as a question mark, never as an empty box."""
    for picture in sorted(done.path.rglob("*.svg")):
        tree = ET.fromstring(picture.read_text(encoding="utf-8"))
        nodes = [(node.tag.rpartition("}")[2], node) for node in tree.iter()]
        words = ["".join(node.itertext()) for name, node in nodes if name == "text"]
        assert words
        assert not missing_glyphs("".join(words)), picture.name
        styles = " ".join(node.get("style", "") for name, node in nodes if name in ("path", "use"))
        assert set(re.findall("#[0-9a-f]{6}", styles)) - {"#ffffff", "#1b1b1b", "#dcdcdc"}, picture.name


def test_spans_of_an_explanation_are_slices_and_its_page_joins_to_the_article(done, corpus):
    """FAULTS.md 40: over marks, ligatures, emoji and signs of HTML."""
    model = done.models.themes
    for article in corpus[: 2 * len(HOSTILE)]:
        explanation = model.explain(article)
        for span in explanation.spans:
            assert 0 <= span.start < span.end <= len(article.full)
            assert article.full[span.start : span.end].strip()
        places = [(span.start, span.end) for span in explanation.spans]
        assert "".join(text for text, _ in display.pieces(article.full, places)) == article.full
        shown = "".join(parsed(explanation.to_html()).itertext())
        for first, last in article.paragraphs:
            assert display.visible(article.full[first:last]) in shown


def test_nothing_in_the_run_would_run_as_a_formula(done):
    tables = [*done.path.rglob("*.csv")]
    assert tables
    for table in tables:
        with table.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.reader(lines):
                for cell in row:
                    if cell[:1] in tuple("=+-@\t\r＝＋－＠"):
                        assert re.fullmatch(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?", cell), (table.name, cell)


def test_an_excel_table_of_it_holds_no_formula(done, place, capsys):
    openpyxl = pytest.importorskip("openpyxl")
    path = place / "sorted.xlsx"
    code = main(["sort", str(place / FOLDER), "--model", str(done.path), "--out", str(path)])
    said = "".join(capsys.readouterr())
    assert code == 0
    assert not set(said) & {RLO, "\x1b", "\x07"}
    assert said.count("\u2068") == said.count("\u2069")  # each title in an isolate of its own
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert len(cells) > 96
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    with zipfile.ZipFile(path) as parts:
        assert not [name for name in parts.namelist() if name.endswith((".bin", ".vba"))]


def test_an_explanation_of_it_is_a_page_without_anything_active(done, place, corpus, capsys):
    for number, article in enumerate(corpus[:6]):
        source, page = place / f"{number}.jsonl", place / f"{number}.html"
        row = {"id": article.id, "title": article.title, "text": article.text}
        source.write_text(json.dumps(row) + "\n", encoding="utf-8")
        assert main(["explain", str(source), "--model", str(done.path), "--html", str(page)]) == 0
        text = page.read_text(encoding="utf-8")
        assert_harmless(parsed(text), [])
        assert not BIDI.search(text)
    said = "".join(capsys.readouterr())
    assert not set(said) & set("\x1b\x07")


def test_what_notebooks_and_terminals_show_of_it_is_text(done, corpus):
    model, topics = done.models
    things = [
        done, corpus, *corpus[: len(HOSTILE)], corpus.themes, corpus.describe(), corpus.find("الشرطة"), model, topics,
        model.sort(corpus), model.explain(corpus[1]), model.paragraphs(corpus[1]), topics.quotes(corpus, 0),
        topics.top_terms(), model.evaluate(corpus), done.methods("ar"),
    ]  # fmt: skip
    for thing in things:
        shown = thing._repr_html_()
        assert_harmless(parsed(shown), [])
        assert not BIDI.search(shown), type(thing)
        assert not set(f"{thing!r}{thing}") & {RLO, PDF, LRI, "\x1b", "\x07"}, type(thing)


def test_widgets_are_handed_text_that_neither_acts_nor_turns_its_neighbours(done, corpus, tmp_path):
    """FAULTS.md 38 and 39: what goes to the page is visible text; the page makes text nodes of it."""
    model, found = done.models
    sheet = intrusion_sheet(found, corpus, n_articles=6, n_terms=3)
    for widget in (
        explore(model, corpus), explore(found, corpus), label(model, corpus, file=tmp_path / "l.jsonl", coder=HOSTILE[0]),
        find_intruders(sheet, file=tmp_path / "sheet.csv"),
    ):  # fmt: skip
        rows = widget.data.get("articles", [])
        known = [{**row, "id": ""} for row in rows]  # an id is what answers are kept by; labelling never shows it
        data = json.dumps({**widget.data, "articles": known, "css": ""}, ensure_ascii=False)
        assert not set(data) & {RLO, PDF, LRI, "\x1b", "\x07"}
        assert not set(repr(widget)) & {RLO, PDF, LRI, "\x1b", "\x07"}


def test_a_sheet_of_intruders_in_hostile_words_runs_no_formula_and_comes_back(done, corpus, tmp_path):
    """FAULTS.md 41."""
    sheet = intrusion_sheet(done.models.topics, corpus, n_articles=6, n_terms=3)
    reader = find_intruders(sheet, file=tmp_path / "sheet.csv")
    for choice in sheet.solutions["solution"]:
        reader.answer(int(choice))
    assert sheet.score(tmp_path / "sheet.csv").query("topic == '*'")["found"].tolist() == [1.0, 1.0]
    with (tmp_path / "sheet.csv").open(encoding="utf-8-sig", newline="") as lines:
        assert not [cell for row in csv.reader(lines) for cell in row if cell[:1] in tuple("=+-@\t\r＝＋－＠")]


@pytest.mark.parametrize(
    "command",
    [
        ["show", "ARTICLES"],
        ["show", "RUN"],
        ["report", "RUN", "--texts", "full"],
        ["compare", "RUN", "RUN"],
        ["corpus", "find", "الشرطة", "ARTICLES"],
        ["themes", "check", "ARTICLES/themes.toml", "--corpus", "ARTICLES"],
        ["sort", "ARTICLES", "--model", "RUN", "--out", "OUT.csv"],
        ["sort", "ARTICLES/no such", "--model", "RUN", "--out", "OUT.csv"],
        ["corpus", "convert", "ARTICLES", "--out", "OUT.jsonl"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_no_command_sends_a_control_of_an_article_to_the_terminal(done, place, tmp_path, capsys, command):
    """FAULTS.md 39 and 42: titles, names of themes and of folders; whether it ends well or with an error."""
    stand = {"ARTICLES": str(place / FOLDER), "RUN": str(done.path), "OUT": str(tmp_path / "out.html")}
    given = [re.sub("ARTICLES|RUN|OUT", lambda hit: stand[hit[0]], word) for word in command]
    code = main(given)
    said = "".join(capsys.readouterr())
    assert code in (0, 1), said
    assert said
    assert not set(said) & set(f"{RLO}{PDF}{LRI}\x1b\x07\r"), code
    assert "Traceback" not in said


def test_the_run_says_nothing_of_the_articles_in_its_log(place, tmp_path, caplog):
    """FAULTS.md 42: at INFO and above, no title and no text."""
    with caplog.at_level("INFO"):
        run(place / "hostile.toml", out=tmp_path, cache=False, **{"topics": None, "output.report": False})
    for payload in HOSTILE[:6]:
        assert payload not in caplog.text


@pytest.mark.browser
@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_the_report_of_a_hostile_run_opens_every_article_and_does_nothing_else(done, corpus, chromium, language):
    """FAULTS.md 38 and 39 in Chromium: no script of an article acts, no request, no error, no line turned round."""
    chromium.get("about:blank")
    for kind in ("browser", "performance"):
        chromium.get_log(kind)
    chromium.get(done.report.as_uri())
    click(chromium, f"[data-language={language}]")
    chromium.execute_script("window.alert = () => { window.hit = 1 }")
    shown = []
    for _ in range(-(-len(corpus) // 50)):
        chromium.execute_script("document.querySelectorAll('.open').forEach((button) => button.click())")
        shown += titles(chromium)
        chromium.execute_script("document.querySelector('.pages button:nth-of-type(2)').click()")
    assert shown == [" ".join(display.visible(article.title).split()) for article in corpus]
    assert chromium.execute_script("return window.hit ?? null") is None
    assert chromium.get_log("browser") == []
    assert all(address.startswith(("file:///", "data:")) for address in requests(chromium))
    assert labels.overlapping(chromium, "main")[1] == []  # the menu stays above what is scrolled


def words_of(corpus):
    """Each word, without marks, and in how many articles it stands."""
    found = Counter()
    for article in corpus:
        found.update(set(re.findall(r"\w+", re.sub("[\u064b-\u0652\u0670\u0640\u200c-\u200f]", "", article.full))))
    return found


def members(bundle):
    if bundle.is_dir():
        return {str(path.relative_to(bundle)): path.read_bytes() for path in bundle.rglob("*") if path.is_file()}
    with zipfile.ZipFile(bundle) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def test_a_bundle_holds_nothing_that_one_article_alone_has(done, corpus):
    """FAULTS.md 44."""
    bundles = list(done.path.rglob("*.topics"))
    assert len(bundles) == 2
    common = words_of(corpus)
    lonely = [word for word, n in common.items() if n == 1 and len(word) > 3]
    assert set(SECRETS[2:]) <= set(lonely)
    for bundle in bundles:
        held = members(bundle)
        text = "\n".join(raw.decode("utf-8", "replace") for name, raw in held.items() if "safetensors" not in name)
        for secret in (*SECRETS, *lonely):
            assert not re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", text), (bundle.name, secret)


def five_word_runs(text):
    words = text.split()
    return {" ".join(words[at : at + 5]) for at in range(len(words) - 4)}


def test_texts_none_leaks_no_run_of_five_words_through_the_whole_run(tmp_path):
    """FAULTS.md 44: in the report and its pictures; the table of sorted articles keeps titles."""
    changes = {"output.texts": "none", "output.figures": True, "output.report": True}
    silent = run(write_tiny(tmp_path), out=tmp_path / "runs", cache=False, **changes)
    articles, _ = articles_of(silent)
    own = {piece for article in articles for piece in five_word_runs(article.full)}
    assert len(own) > 5000
    page = silent.report.read_text(encoding="utf-8")
    shown = ["".join(parsed(page).find("body").itertext()), *all_strings(island(page))]
    pictures = [ET.fromstring(path.read_text(encoding="utf-8")) for path in silent.path.rglob("*.svg")]
    shown += ["".join(picture.itertext()) for picture in pictures]
    assert not [piece for text in shown for piece in five_word_runs(text) & own]
    assert island(page)["texts"] == "none"


def test_a_report_of_excerpts_holds_no_article_whole(place, tmp_path, corpus):
    short = run(place / "hostile.toml", out=tmp_path, cache=False, **{"output.texts": "excerpt", "topics": None})
    held = island(short.report.read_text(encoding="utf-8"))
    assert held["texts"] == "excerpt"
    for row, article in zip(held["articles"], corpus, strict=True):
        shown = [joined(line["pieces"]) for line in row["paragraphs"] if line["pieces"]]
        assert len(" ".join(shown).split()) < len(article.text.split()) or not row["cut"]


def test_the_shipped_bundle_names_no_term_of_one_article(project):
    """FAULTS.md 44, of the model that ships."""
    corpus = Corpus.read(project / "corpora/demo")
    model = load("themes-ar")
    n_articles = np.bincount(model.matrix.transform(corpus).indices, minlength=len(model.matrix.terms))
    assert not [term for term, n in zip(model.matrix.terms, n_articles, strict=True) if n == 1]
    lonely = {word for word, n in words_of(corpus).items() if n == 1}
    assert not lonely & set(model.matrix.spellings.values())


def test_the_sorted_table_and_each_of_its_columns_print_no_control(done):
    assert done.sorted["title"].map(lambda title: bool(BIDI.search(title))).any()
    shown = [repr(done.sorted), repr(done.sorted["title"]), repr(done.sorted.iloc[0]), done.sorted["title"].to_string()]
    assert not any(BIDI.search(text) or "\x1b" in text for text in shown)
    assert not BIDI.search(re.sub("<bdi.*?</bdi>", "", done.sorted.head()._repr_html_()))
