import pytest

from topics.corpus import Article, Corpus
from topics.corpus.boilerplate import Recurring, boilerplate_lines, drop_boilerplate, recurring
from topics.errors import SettingsError


def sentence(number):
    return f"وصلت السفينة {'أ' * (number % 7 + 1)}{number} إلى الميناء صباحا وغادرت مساء."


@pytest.fixture
def corpus():
    """40 articles of one newspaper with a share bar, 25 with a dateline, and 30 of another with neither."""
    articles = [
        Article(
            f"{'الرباط – الأفق: ' if number < 25 else ''}{sentence(number)}\n{sentence(number + 500)}\nشارك الخبر ({number})",
            id=f"a{number}",
            source="الأفق",
            paragraph_themes=[["port"], [], ["other"]],
        )
        for number in range(40)
    ]
    plain = [
        Article(f"{sentence(number + 1000)}\nشارك الخبر", id=f"b{number}", source="الميناء") for number in range(15)
    ]
    return Corpus([*articles, *plain])


def test_lines_and_openings_that_recur_in_one_source_are_reported(corpus):
    found = recurring(corpus)
    assert found == [
        Recurring("الأفق", "line", "شارك الخبر (0)", 40, 1.0),
        Recurring("الأفق", "opening", "الرباط –", 25, 0.625),
    ]
    table = boilerplate_lines(corpus)
    assert list(table) == ["source", "kind", "line", "n_articles", "share"]
    assert table["n_articles"].tolist() == [40, 25]


def test_nothing_is_dropped_unless_asked_for(corpus):
    fingerprint = corpus.fingerprint
    boilerplate_lines(corpus)
    corpus.describe()
    assert corpus.fingerprint == fingerprint


def test_what_is_dropped_on_request_is_counted(corpus):
    less = drop_boilerplate(corpus)
    assert less["a3"].text == f"الأفق: {sentence(3)}\n{sentence(503)}"
    assert less["a30"].text == f"{sentence(30)}\n{sentence(530)}"
    assert less["b3"] == corpus["b3"]
    assert less["a3"].paragraph_themes == (("port",), ())
    assert less["a3"].id == "a3"
    assert [(row.file, row.count, row.outcome) for row in less.skipped] == [
        ("الأفق", 40, "repaired"),
        ("الأفق", 25, "repaired"),
    ]
    assert less.skipped[0].reason == "boilerplate line removed: شارك الخبر (0)"


def test_a_text_of_nothing_else_is_left_as_it_is():
    articles = [Article(f"شارك الخبر\n{sentence(number)}") for number in range(30)]
    less = drop_boilerplate([*articles, Article("شارك الخبر", id="only")])
    assert less["only"].text == "شارك الخبر"
    assert less.skipped.total("repaired") == 30


def test_an_opening_that_is_a_line_of_its_own_keeps_paragraphs_and_themes_in_step():
    articles = [
        Article(f"الأفق:\n{sentence(number)}", id=str(number), paragraph_themes=[["x"], ["y"]]) for number in range(30)
    ]
    less = drop_boilerplate(articles)
    assert less["3"].text == sentence(3)
    assert less["3"].paragraph_themes == (("y",),)


def test_a_line_counts_once_an_article_and_small_sources_have_none():
    assert recurring([Article("شارك\nشارك\nشارك", source="x")] * 10) == []
    assert recurring([Article(f"شارك\n{sentence(k)}") for k in range(19)]) == []
    assert len(recurring([Article(f"شارك\n{sentence(k)}") for k in range(20)])) == 1
    assert recurring([]) == []


def test_how_often_is_often_can_be_set(corpus):
    assert len(recurring(corpus, min_share=0.9)) == 1
    assert len(recurring(corpus, min_articles=15)) == 3


@pytest.mark.parametrize(
    "arguments", [{"min_share": 0}, {"min_share": 2}, {"min_share": "1"}, {"min_articles": 1}, {"min_articles": 2.5}]
)
def test_what_cannot_be_meant_is_refused(corpus, arguments):
    with pytest.raises(SettingsError, match=r"try"):
        recurring(corpus, **arguments)
