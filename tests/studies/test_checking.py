import json

import numpy as np
import pytest
from small_news import small_corpus

from topics import Article, Corpus, studies
from topics.corpus.packaged import packaged_corpus
from topics.errors import SettingsError
from topics.studies.checking import log_odds_z

THEMES = {
    "security": {"anchors": ["الشرطة", "العصابة", "الشرطه القضائيه", "المخدرات", "الأمر", "السارقة"], "not": ["الأمر الواقع"]},
    "sport": {"anchors": ["المنتخب", "الملعب", "البطولة", "اللاعب", "العصابة", "من إلى", "زرافة"]},
}  # fmt: skip


@pytest.fixture(scope="module")
def corpus():
    more = [Article(f"قبل المدير الأمر الواقع ورحل {n}", id=f"more{n}") for n in range(3)]
    return Corpus([*small_corpus(), *more])


@pytest.fixture(scope="module")
def found(corpus):
    return studies.check_anchors(THEMES, corpus)


def row(table, **wanted):
    chosen = table
    for name, value in wanted.items():
        chosen = chosen[chosen[name] == value]
    assert len(chosen) == 1
    return chosen.iloc[0]


def test_every_anchor_has_its_hits(found, corpus):
    assert len(found.anchors) == 13
    police = row(found.anchors, anchor="الشرطة")
    assert police.articles == sum("الشرطة" in article.full for article in corpus)
    assert police.hits == sum(article.full.count("الشرطة") for article in corpus)
    assert row(found.anchors, anchor="الأمر").cancelled == 3
    assert (found.n_articles, found.n_tokens > 500) == (99, True)


def test_anchors_that_never_occur_are_named_with_what_is_near(found):
    assert list(found.missing.anchor) == ["الشرطه القضائيه", "السارقة", "من إلى", "زرافة"]
    assert "سرقة" in row(found.missing, anchor="السارقة").near
    assert "nothing near" in row(found.missing, anchor="الشرطه القضائيه").near
    assert row(found.missing, anchor="من إلى").near == "stop words only: it can never occur"
    assert row(found.missing, anchor="زرافة").near == ""


def test_an_anchor_of_two_themes_is_ambiguous(found):
    assert "an anchor of sport too" in row(found.ambiguous, theme="security", anchor="العصابة").why


@pytest.fixture(scope="module")
def broad():
    """Of the demo corpus, with an anchor that stands in articles of every kind."""
    themes = {"sport": ["مباراة", "المنتخب", "البطولة", "الدوري", "اللاعب", "المدرب", "كأس", "المدينة"]}
    return studies.check_anchors(themes, packaged_corpus(), n_suggestions=10)


def test_an_anchor_that_the_other_words_do_not_bear_out_is_ambiguous_and_shown_in_context(broad):
    assert "of its articles are of the theme by their other words" in row(broad.ambiguous, anchor="المدينة").why
    assert "المنتخب" not in set(broad.ambiguous.anchor)
    places = broad.contexts[broad.contexts.anchor == "المدينة"]
    assert len(places) == 3
    assert all("مدينة" in word for word in places.word)


def test_words_that_go_with_the_anchors_are_suggested(broad):
    suggested = set(broad.suggestions.term)
    assert len(suggested) == 10
    assert suggested & {"الملعب", "النادي", "الجماهير", "الشوط", "كرة القدم", "المباريات", "فريق", "الفريق", "النهائي"}
    assert not suggested & {"المنتخب", "البطولة", "المدينة"}
    assert (broad.suggestions.z > 3).all()


def test_it_is_told_in_a_line_as_json_and_as_html(found):
    assert found.verdict.startswith("13 anchors of 2 themes in 99 articles: 4 never occur")
    told = json.loads(json.dumps(found.to_dict()))
    assert list(told) == ["n_articles", "n_tokens", "anchors", "missing", "ambiguous", "contexts", "suggestions"]
    assert next(anchor for anchor in told["anchors"] if anchor["anchor"] == "زرافة")["support"] is None
    assert "العصابة" in found._repr_html_()


@pytest.mark.parametrize(
    ("themes", "articles", "message"),
    [({"a": {}}, [Article("نص")], "no theme has an anchor"), ({"a": ["نص"]}, [], "no article to look at")],
)
def test_what_cannot_be_checked_is_refused(themes, articles, message):
    with pytest.raises(SettingsError, match=message):
        studies.check_anchors(themes, articles)


def test_a_handful_of_articles_can_be_checked():
    found = studies.check_anchors({"a": ["كتاب"]}, [Article("كتاب جديد"), Article("سوق الخضر"), Article("كتاب وكتاب")])
    assert row(found.anchors, anchor="كتاب").articles == 2


def test_log_odds_are_those_of_the_formula_and_change_sign_with_the_sides():
    inside, outside = np.array([8.0, 2.0, 5.0]), np.array([2.0, 8.0, 5.0])
    z = log_odds_z(inside, outside)
    np.testing.assert_allclose(z, -log_odds_z(outside, inside))
    prior = 500 * 10 / 30
    a, b, total = 8 + prior, 2 + prior, 15 + 500
    want = (np.log(a / (total - a)) - np.log(b / (total - b))) / np.sqrt(1 / a + 1 / b)
    assert z[0] == pytest.approx(want)
    assert z[2] == pytest.approx(0)
