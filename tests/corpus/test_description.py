import json

import pytest

from topics.corpus import Article, Corpus, Theme, Themes
from topics.corpus.description import periods

TEXT = "وصلت السفينة الكبيرة صباح اليوم إلى ميناء المدينة وعلى متنها مئة سيارة جديدة"


@pytest.fixture
def corpus(tmp_path):
    path = tmp_path / "a.jsonl"
    rows = [
        {"id": "1", "title": "عنوان", "text": TEXT, "date": "2026-01-05", "source": "الأفق", "themes": ["port"]},
        {"id": "2", "text": f"{TEXT}.", "date": "2026-03-05", "source": "الميناء", "themes": []},
        {"id": "3", "text": "الطَّالِب يقـــرأ ٣ كتب", "source": "الأفق", "themes": ["school", "port"]},
        {"id": "4", "title": "عنوان بلا نص", "text": ""},
        {"id": "5", "text": "An English story"},
        {"id": "6", "text": ""},
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return Corpus.read(path)


def test_everything_is_counted(corpus):
    facts = Corpus(corpus, themes=Themes([Theme("sea")]), skipped=corpus.skipped).describe().to_dict()
    assert facts["n_articles"] == 5
    assert facts["n_words"] == 14 + 13 + 4 + 3 + 3
    assert facts["words"] == {"shortest": 3, "quarter": 3, "median": 4, "three_quarters": 13, "longest": 14}
    assert facts["n_characters"] == sum(len(text) for text in corpus.texts)
    assert facts["lacking"] == {"title": 3, "text": 1, "date": 3, "source": 2, "themes": 2}
    assert facts["themes"] == {"sea": 0, "port": 2, "school": 1}
    assert facts["n_without_theme"] == 1
    assert (facts["first"], facts["last"]) == ("2026-01-05", "2026-03-05")
    assert facts["months"] == {"2026-01": 1, "2026-02": 0, "2026-03": 1}
    assert facts["sources"] == {"الأفق": 2, "الميناء": 1}
    assert facts["duplicates"] == {"share": 0.4, "n_articles": 2, "n_groups": 1, "n_pairs": 1, "n_across": 1}
    assert facts["languages"] == {"arabic": 4, "latin": 1}
    assert sum(facts["letters"].values()) == pytest.approx(1)
    assert facts["marks"]["marks"] == facts["marks"]["tatweel"] == facts["marks"]["arabic_digits"] == 0.2
    assert facts["marks"]["ascii_digits"] == 0
    assert 0 < facts["marks"]["marks_per_letter"] < 0.1
    assert facts["skipped"] == {"no text": 1, "no text, only a title": 1}
    assert facts["boilerplate"] == []
    assert json.loads(json.dumps(facts)) == facts


def test_it_shows_itself_in_terminal_and_notebook(corpus):
    shown = corpus.describe()
    lines = str(shown).split("\n")
    assert lines[0].startswith("articles")
    assert any(line.startswith("duplicates") and "2 articles (40.0 %) in 1 groups" in line for line in lines)
    assert "<table" in shown._repr_html_()
    assert "2026-01-05 to 2026-03-05" in shown._repr_html_()


def test_an_empty_corpus_has_a_description_too():
    facts = Corpus().describe()
    assert facts.n_articles == 0
    assert facts.characters["median"] == 0
    assert facts.first is None
    assert facts.letters == {"arabic": 0.0, "latin": 0.0, "other": 0.0}
    json.dumps(facts.to_dict())
    assert str(facts).startswith("articles")


def test_a_slip_in_a_date_does_not_make_ten_thousand_months():
    corpus = Corpus([Article("خبر", date="0015-07-21"), Article("خبر آخر", date="2015-07-21")])
    assert list(corpus.describe().months) == ["0015-07", "2015-07"]


def test_hostile_names_are_shown_harmless():
    corpus = Corpus([Article("نص", source="<script>\u202e\x1b", themes=["<b>x"])])
    shown = corpus.describe()
    assert "<script" not in shown._repr_html_()
    assert "<b>" not in shown._repr_html_()
    for text in (str(shown), shown._repr_html_()):
        assert not {"\u202e", "\x1b"} & set(text)


@pytest.mark.parametrize(
    ("first", "last", "want"),
    [
        ("2026-03-01", "2026-03-03", ["2026-03-01", "2026-03-02", "2026-03-03"]),
        ("2025-12-01", "2026-03-03", ["2025-12", "2026-01", "2026-02", "2026-03"]),
        ("2001-12-01", "2012-03-03", [str(year) for year in range(2001, 2013)]),
        ("0015-07-21", "2015-07-21", ["0015", "2015"]),
    ],
)
def test_periods_are_as_long_as_the_whole_asks_for(first, last, want):
    found = periods(Corpus([Article("خبر", date=first), Article("خبر آخر", date=last), Article("بلا تاريخ")]))
    assert list(found) == want
    assert sum(found.values()) == 2
    assert periods(Corpus([Article("بلا تاريخ")])) == {}


def test_arabic_names_do_not_turn_the_line_of_a_terminal(corpus):
    line = next(line for line in str(corpus.describe()).split("\n") if line.startswith("sources"))
    assert line == "sources        \u2068الأفق\u2069 2 · \u2068الميناء\u2069 1"
    assert "2068" not in corpus.describe()._repr_html_()
