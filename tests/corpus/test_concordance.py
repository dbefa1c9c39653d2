import datetime as dt
import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.arabic.analyzer import Analyzer
from topics.corpus import Article, Corpus
from topics.errors import SettingsError


@pytest.fixture
def corpus():
    return Corpus(
        [
            Article(
                "ناقش الوزير الهجرة وقوانينها.", id="a", title="والهِجرة من جديد", source="الأفق", date="2026-03-01"
            ),
            Article("مهاجرون يصلون إلى الميناء.", id="b"),
            Article("هجـــرة الطيور في مارس 2026 إلى المغرب العربي\nالكبير بعد ٢٠٢٦ يوما.", id="c", source="الميناء"),
        ]
    )


def words(found):
    return [(place.id, place.word) for place in found]


def test_a_word_is_found_in_every_dress_and_shown_as_it_was_written(corpus):
    found = corpus.find("هجرة")
    assert words(found) == [("a", "والهِجرة"), ("a", "الهجرة"), ("c", "هجـــرة")]
    assert (len(found), found.n_articles) == (3, 2)
    for place in found:
        article = corpus[place.id]
        assert article.full[place.start : place.end] == place.word
    assert found[1].before == "ناقش الوزير "
    assert found[1].after == " وقوانينها."
    assert (found[1].date, found[1].source) == (dt.date(2026, 3, 1), "الأفق")


@pytest.mark.parametrize(
    ("query", "level", "want"),
    [
        ("الهجرة", "clitic", 3),
        ("الهجرة", "none", 1),
        ("هجره", "none", 1),
        ("في", "clitic", 1),
        ("مارس", "clitic", 1),
        ("2026", "clitic", 2),
        ("٢٠٢٦", "clitic", 2),
        ("مارس ٢٠٢٦", "clitic", 1),
        ("المغرب العربي", "clitic", 1),
        ("العربي الكبير", "clitic", 0),
        ("الميناء.", "clitic", 1),
        ("غائب", "clitic", 0),
        ("هجرة الطيور في مارس 2026 إلى المغرب العربي الكبير بعد ذلك", "clitic", 0),
    ],
)
def test_words_and_numbers_are_found_where_they_stand_together(corpus, query, level, want):
    assert len(corpus.find(query, level=level)) == want


def test_suffixes_go_at_the_light_level(corpus):
    assert words(corpus.find("قوانين", level="light")) == [("a", "وقوانينها")]
    assert words(corpus.find("قوانين")) == []


@given(st.data())
def test_a_one_word_query_finds_what_the_analyzer_calls_equal(data):
    text = data.draw(
        st.lists(st.sampled_from(["والكتاب", "كِتاب", "كتاب", "بالكتاب", "كتب", "FIFA", "فيفا", "،", "."]), max_size=12)
    )
    article = Article(" ".join(text) or "،")
    for level in ("none", "clitic", "light"):
        analyzer = Analyzer(level=level, stop_words=None, months=False)
        tokens = [
            (token.start, token.end) for token in analyzer.tokens(article.full) if token.form == analyzer("كتاب")[0]
        ]
        assert [(place.start, place.end) for place in Corpus([article]).find("كتاب", level=level)] == tokens


@pytest.mark.parametrize("width", [0, 1, 5, 12, 40])
def test_contexts_hold_whole_words_and_no_more_than_fits(corpus, width):
    for place in corpus.find("هجرة", width=width):
        assert len(place.before) <= width
        assert len(place.after) <= width
        full = corpus[place.id].full
        for context in (place.before, place.after):
            inside = context.strip("…").strip()
            assert not inside or f" {inside} " in f" {full} ".replace("\n", " ").replace(".", " . ").replace(
                " . ", ". "
            )


def test_a_context_does_not_reach_into_another_line(corpus):
    place = corpus.find("العربي")[0]
    assert place.after == ""
    assert corpus.find("الهِجرة")[0].before == ""


def test_it_is_a_sequence_and_a_frame(corpus):
    found = corpus.find("هجرة")
    assert list(found[1:]) == [found[1], found[2]]
    assert found[-1] == found[2]
    frame = found.to_frame()
    assert list(frame) == ["id", "start", "end", "before", "word", "after", "date", "source"]
    assert frame["word"].tolist() == [place.word for place in found]
    assert json.loads(json.dumps(found.to_rows()))[0]["date"] == "2026-03-01"
    assert list(corpus.find("غائب").to_frame()) == list(frame)
    with pytest.raises(IndexError):
        found[3]


def test_a_terminal_shows_the_word_in_one_column_right_to_left(corpus):
    lines = str(corpus.find("هجرة", width=20)).split("\n")
    assert lines[0] == "هجرة: 3 places in 2 articles"
    assert lines[2].startswith("\u2067")
    assert "[الهجرة]" in lines[2]
    assert lines[2].endswith("الأفق · a")
    assert len({line.index("[") for line in lines[1:]}) == 1
    many = Corpus([Article(f"هجرة رقم {k}") for k in range(25)]).find("هجرة")
    assert str(many).endswith("… 5 more: slice it, or to_frame()")


def test_hostile_text_is_escaped_everywhere():
    text = "<script>alert(1)</script> هجرة \u202e<img src=x onerror=y>\x1b[31m"
    corpus = Corpus([Article(text, id='"><b>', source="\u2066</td>")])
    found = corpus.find("هجرة")
    html = found._repr_html_()
    assert "<script" not in html
    assert "<img" not in html
    assert "<b>" not in html
    assert 'dir="rtl"' in html
    assert "<mark>" in html
    for shown in (html, str(found)):
        assert not {"\u202e", "\u2066", "\x1b"} & set(shown)
    assert "<script>" not in corpus.find("script")._repr_html_()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("",), "holds no word"),
        (("ـ ،",), "holds no word"),
        ((7,), "looks for text"),
        (("هجرة", "root"), "level 'root' does not exist"),
        (("هجرة", "clitic", -1), "width is a number"),
        (("هجرة", "clitic", True), "width is a number"),
    ],
)
def test_what_cannot_be_meant_is_refused(corpus, arguments, message):
    with pytest.raises(SettingsError, match=message):
        corpus.find(*arguments)
    with pytest.raises(SettingsError):
        Corpus().find(*arguments)


def test_an_empty_corpus_has_no_place():
    assert list(Corpus().find("هجرة")) == []


@pytest.mark.parametrize("hash_seed", ["0", "3"])
def test_the_same_places_in_every_process(hash_seed):
    program = (
        "from topics.corpus import Article, Corpus;"
        "found = Corpus([Article('والهجرة ' * 3 + 'x' * k) for k in range(50)]).find('هجرة');"
        "print(len(found), [place.start for place in found][:4])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout.strip() == "150 [0, 8, 16, 0]"
