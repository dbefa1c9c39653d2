"""The demo corpus keeps its rules, and its datasheet counts what is there."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import combinations
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from topics.corpus import Corpus
from topics.corpus.shingles import shingle_sets

PROJECT = Path(__file__).resolve().parents[2]
CORPORA = PROJECT / "corpora"
COLUMNS = (
    "id title text date source themes paragraph_themes byline country region register near_miss "
    "written_for_this_project"
).split()
THEMES = ("security", "migration", "sport")
COUNTRIES = {
    "MA": "Morocco", "TN": "Tunisia", "DZ": "Algeria", "LY": "Libya", "MR": "Mauritania", "EG": "Egypt", "IQ": "Iraq",
    "JO": "Jordan", "LB": "Lebanon", "SY": "Syria", "PS": "Palestine", "SD": "Sudan", "SA": "Saudi Arabia",
    "AE": "United Arab Emirates", "KW": "Kuwait", "QA": "Qatar", "YE": "Yemen", "OM": "Oman", "BH": "Bahrain",
}  # fmt: skip
REGISTERS = "dispatch communique court match transfer feature interview analysis editorial brief".split()
# Names that one family has to itself; those beside a figure only are words of their own as well.
MONTHS = {
    "Morocco": ("يوليوز غشت شتنبر نونبر دجنبر", ""),
    "Algeria and Tunisia": ("جانفي فيفري أفريل جوان جويلية", "أوت"),
    "Egypt and the Gulf": ("مايو يونيه يوليو يوليه أغسطس", ""),
    "Levant and Iraq": ("كانون تشرين حزيران تموز أيلول", "شباط آذار نيسان أيار آب"),
}
WRITING = {
    "Arabic-Indic digits": "[٠-٩]",
    "ASCII digits": "[0-9]",
    "marks (tanwin, shadda, short vowels)": "[\u064b-\u0652\u0670]",
    "marks other than tanwin": "[\u064e-\u0652\u0670]",
    "tatweel": "\u0640",
    "Latin letters": "[A-Za-zÀ-ÿ]",
}
SPORTS = {
    "football": "كرة القدم|الدوري|مهاجم|ركلة جزاء",
    "athletics": "ألعاب القوى|ماراطون(?!ي)|ماراثون(?!ي)|عد[\u0651]اء",
    "motor rallies": r"(?<!\w)(?:ال|لل|ب|و)?رالي(?!\w)",
    "basketball": "كرة السلة",
    "tennis": r"(?<!\w)(?:ال|لل|ب|و)?تنس(?!\w)",
    "cycling": r"[سط]\w* الدراجات|للدراجات|الدراجات الهوائية|(?<!\w)(?:ال)?در[\u0651]?اج(?:ون|ين)?(?!\w)",
    "handball": "كرة اليد",
    "wrestling": "مصارعة",
    "boxing": "ملاكم",
    "volleyball": "الكرة الطائرة",
    "swimming": "السباحة|سبّاح",
    "judo": "جيدو|جودو",
    "horse riding": "الفروسية|سباقات الخيل|كأس القفز",
    "taekwondo": "تايكوندو|تايكواندو",
    "weightlifting": "رفع الأثقال|الربّاع",
}
TABLES = [
    "Size", "Themes of articles", "First theme", "Themes of paragraphs", "Regions", "Countries", "Registers", "Years",
    "Writing", "Month names", "Sports",
]  # fmt: skip


@cache
def rows() -> list[dict]:
    lines = (CORPORA / "demo" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@cache
def datasheet() -> str:
    return (CORPORA / "README.md").read_text(encoding="utf-8")


def full(row) -> str:
    return f"{row['title']}\n{row['text']}"


def words(row) -> int:
    return len(row["text"].split())


def having(pattern: str) -> int:
    return sum(bool(re.search(pattern, full(row))) for row in rows())


def month_pattern(family: str) -> str:
    names, beside = (kind.replace(" ", "|") for kind in MONTHS[family])
    pattern = rf"(?<!\w)[وبفل]?(?:{names})(?!\w)"
    return pattern if not beside else rf"{pattern}|\d (?:{beside})(?!\w)|(?<!\w)(?:{beside}) \d|شهر (?:{beside})(?!\w)"


def combination(row) -> str:
    return " + ".join(theme for theme in THEMES if theme in row["themes"]) or "none"


def combination_names() -> list[str]:
    sizes = range(1, len(THEMES) + 1)
    return [*(" + ".join(names) for size in sizes for names in combinations(THEMES, size)), "none"]


def tally(keys: Iterable[str], names: Sequence[str]) -> dict[str, int]:
    counts = Counter(keys)
    assert set(counts) <= set(names)
    return {name: counts[name] for name in names}


@cache
def overlaps() -> tuple[float, float]:
    """Largest share of the shorter's shingles that two articles share; share of shingles in three or more."""
    hashes, places = shingle_sets([full(row) for row in rows()])
    sizes = np.diff(places)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    order = np.lexsort((owner, hashes))
    cuts = np.flatnonzero(np.diff(hashes[order])) + 1
    sharing = [owner[group] for group in np.split(order, cuts) if len(group) > 1]
    pairs = Counter(pair for group in sharing for pair in combinations(group.tolist(), 2))
    most = max(shared / min(sizes[a], sizes[b]) for (a, b), shared in pairs.items())
    return float(most), sum(len(group) > 2 for group in sharing) / (len(cuts) + 1)


def balance() -> dict[str, tuple[str, str]]:
    """Each rule of the corpus with its bound and what the corpus has, as the datasheet prints them."""
    n_articles = len(rows())
    lengths, paragraphs = [words(row) for row in rows()], [len(row["paragraph_themes"]) for row in rows()]
    maghrebi = [row for row in rows() if row["region"] == "maghreb"]
    moroccan = sum(row["country"] == "MA" for row in maghrebi)
    none = [row for row in rows() if not row["themes"]]
    most, often = overlaps()
    carried = {theme: sum(theme in row["themes"] for row in rows()) for theme in THEMES}
    return {
        "articles": ("480", str(n_articles)),
        "words of an article": ("80 to 400", f"{min(lengths)} to {max(lengths)}"),
        "paragraphs of an article": ("3 to 12", f"{min(paragraphs)} to {max(paragraphs)}"),
        "Maghrebi": ("40 %", f"{100 * len(maghrebi) / n_articles:.1f} %"),
        "Moroccan among the Maghrebi": ("50 %", f"{100 * moroccan / len(maghrebi):.1f} %"),
        **{f"with {theme}": ("120", str(count)) for theme, count in carried.items()},
        "with two or three themes": ("100", str(sum(len(row["themes"]) > 1 for row in rows()))),
        "with none": ("140", str(len(none))),
        "near misses among these": ("70", str(sum(row["near_miss"] is not None for row in none))),
        "sports other than football": ("10", str(len(SPORTS) - 1)),
        "shingles shared by two articles, of the shorter": ("at most 8 %", f"{100 * most:.1f} %"),
        "shingles in three or more articles": ("under 1 %", f"{100 * often:.2f} %"),
    }


@cache
def counted() -> dict[str, dict[str, int | str]]:
    """Every table of counts of the datasheet: its heading, then name and count."""
    lengths, paragraphs = [words(row) for row in rows()], [row["paragraph_themes"] for row in rows()]
    outlets = Counter(row["source"] for row in rows())
    dates = sorted(row["date"] for row in rows())
    countries = Counter(row["country"] for row in rows())
    labels = [
        " + ".join(theme for theme in THEMES if theme in part) or "none" for parts in paragraphs for part in parts
    ]
    sporting = [row for row in rows() if "sport" in row["themes"]]
    return {
        "Size": {
            "articles": len(rows()),
            "words": sum(lengths),
            "words of the shortest, median and longest": f"{min(lengths)}, {median(lengths):.0f}, {max(lengths)}",
            "paragraphs": sum(map(len, paragraphs)),
            "outlets": len(outlets),
            "articles of the largest outlet": max(outlets.values()),
            "outlets with one article": sum(count == 1 for count in outlets.values()),
            "articles with a byline or dateline": sum(bool(row["byline"]) for row in rows()),
            "first and last date": f"{dates[0]}, {dates[-1]}",
        },
        "Themes of articles": tally(map(combination, rows()), combination_names()),
        "First theme": tally((row["themes"][0] for row in rows() if row["themes"]), THEMES),
        "Themes of paragraphs": tally(labels, combination_names()),
        "Regions": tally((row["region"] for row in rows()), ("maghreb", "mashriq", "gulf")),
        "Countries": {
            f"{code} {COUNTRIES[code]}": countries[code]
            for code in sorted(countries, key=lambda code: (-countries[code], code))
        },
        "Registers": tally((row["register"] for row in rows()), REGISTERS),
        "Years": tally((row["date"][:4] for row in rows()), [str(year) for year in range(2019, 2027)]),
        "Writing": {
            **{name: having(pattern) for name, pattern in WRITING.items()},
            "both kinds of digits": sum(bool(re.search(r"(?s)[٠-٩].*[0-9]|[0-9].*[٠-٩]", full(row))) for row in rows()),
            "a question as headline": sum("؟" in row["title"] for row in rows()),
        },
        "Month names": {family: having(month_pattern(family)) for family in MONTHS},
        "Sports": {
            name: sum(bool(re.search(pattern, full(row))) for row in sporting) for name, pattern in SPORTS.items()
        },
    }


def table_of(heading: str) -> list[list[str]]:
    """The cells of the table below a heading of the datasheet, without its head."""
    section = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", datasheet(), re.MULTILINE | re.DOTALL)
    assert section, heading
    lines = [line for line in section[1].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


# ---- the rules -----------------------------------------------------------------------------------


def test_there_are_enough_articles_and_each_says_that_it_was_written_for_this():
    assert len(rows()) >= 480
    assert len({row["id"] for row in rows()}) == len(rows())
    for row in rows():
        assert list(row) == COLUMNS, row["id"]
        assert row["written_for_this_project"] is True, row["id"]
        assert row["title"], row["id"]


def test_articles_are_as_long_as_news_is():
    for row in rows():
        assert 80 <= words(row) <= 400, row["id"]
        assert 3 <= len(row["paragraph_themes"]) <= 12, row["id"]


def test_themes_line_up_with_the_paragraphs_and_are_their_union():
    corpus = Corpus.read(CORPORA / "demo", strict=True)
    assert len(corpus) == len(rows())
    for article in corpus:
        assert len(article.paragraph_themes) == len(article.paragraphs), article.id
        assert set(article.themes) == {theme for part in article.paragraph_themes for theme in part}, article.id
        assert set(article.themes) <= set(THEMES), article.id


def test_the_maghreb_has_two_fifths_and_morocco_half_of_it():
    maghrebi = [row for row in rows() if row["region"] == "maghreb"]
    assert len(maghrebi) >= 0.4 * len(rows())
    assert sum(row["country"] == "MA" for row in maghrebi) >= 0.5 * len(maghrebi)
    assert {row["region"] for row in rows()} == {"maghreb", "mashriq", "gulf"}


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_has_its_articles(theme):
    assert sum(theme in row["themes"] for row in rows()) >= 120


def test_many_articles_carry_several_themes_and_many_none():
    assert sum(len(row["themes"]) >= 2 for row in rows()) >= 100
    none = [row for row in rows() if not row["themes"]]
    assert len(none) >= 140
    assert sum(row["near_miss"] is not None for row in none) >= 70
    assert all(row["near_miss"] is None for row in rows() if row["themes"])


def test_every_register_kind_of_month_and_ten_other_sports_are_there():
    assert {row["register"] for row in rows()} == set(REGISTERS)
    assert all(count > 0 for table in ("Month names", "Writing", "Sports") for count in counted()[table].values())
    assert len(SPORTS) > 10


def test_dates_are_within_eight_years():
    assert all("2019-01-01" <= row["date"] <= "2026-12-31" for row in rows())


def test_no_two_articles_share_more_than_a_few_shingles():
    most, often = overlaps()
    assert most <= 0.08
    assert often < 0.01


def test_the_definitions_of_the_themes_are_complete():
    themes = Corpus.read(CORPORA / "demo").defined_themes
    assert tuple(themes) == THEMES
    for key, theme in themes.items():
        assert set(theme.names) == {"ar", "en", "fr"}, key
        assert theme.definition, key
        assert 10 <= len(theme.anchors) <= 40, key
        assert theme.exclusions, key
        assert re.fullmatch("#[0-9A-Fa-f]{6}", theme.color), key
    assert (CORPORA / "demo" / "themes.toml").read_text(encoding="utf-8").startswith("#")  # where anchors came from


def test_the_corpus_is_in_the_wheel():
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    included = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included["corpora/demo"] == "topics/data/demo"


# ---- the datasheet and the pages -----------------------------------------------------------------


def test_the_datasheet_has_every_table():
    assert list(counted()) == TABLES


@pytest.mark.parametrize("heading", TABLES)
def test_the_datasheet_counts_what_is_there(heading):
    assert table_of(heading) == [[name, f"{count:,}" if isinstance(count, int) else count]
                                 for name, count in counted()[heading].items()]  # fmt: skip


def test_the_datasheet_shows_every_rule_with_what_the_corpus_has():
    assert table_of("Balance") == [[rule, *cells] for rule, cells in balance().items()]


def test_the_datasheet_names_every_column_and_the_licence():
    fields = [cells[0] for cells in table_of("Fields")]
    assert fields == [f"`{name}`" for name in COLUMNS]
    assert "CC BY 4.0" in datasheet()


@pytest.mark.parametrize(
    "page", ["docs/demo-corpus.md", "docs/learning-curve.md", "docs/sample-articles.md", "corpora/README.md"]
)
def test_links_lead_somewhere(page):
    text = (PROJECT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#\s]+)\)", text) if not link.startswith("https://")]
    assert links
    for link in links:
        assert ((PROJECT / page).parent / link).exists(), link


def script(path: str):
    """A script of the project as a module."""
    name = path.rpartition("/")[2].removesuffix(".py")
    spec = importlib.util.spec_from_file_location(name, PROJECT / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_sample_page_shows_the_articles_as_they_are():
    assert (PROJECT / "docs" / "sample-articles.md").read_text(encoding="utf-8") == script(
        "docs/make_samples.py"
    ).page()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("قال: وصلت السفينة البيضاء إلى الميناء القديم صباح الأحد وعلى متنها ثلاثون بحارا", True, id="same"),
        pytest.param("وصلت السفينه البيضاء الى المينــاء القديم صباح الاحد وعلى متنها ٣٠ ثلاثون بحارًا", True, id="spelt"),
        pytest.param("وصلت السفينة البيضاء إلى الميناء القديم صباح الأحد ثم غادرت بعد يوم واحد", False, id="nine words"),
    ],
)  # fmt: skip
def test_a_run_of_ten_words_is_found_however_it_is_spelt(text, found, tmp_path, monkeypatch, capsys):
    own = tmp_path / "own.txt"
    own.write_text("خبر\nوصلت السفينة البيضاء إلى الميناء القديم صباح الأحد وعلى متنها ثلاثون بحارا.", encoding="utf-8")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "rows.jsonl").write_text(json.dumps({"text": text}), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["check", str(tmp_path / "other"), "--corpus", str(own)])
    assert script("benchmarks/check_originality.py").main() == int(found)
    assert ("own" in capsys.readouterr().out) == found
