import numpy as np
import pytest

from topics import Analyzer, Article, TermVectorizer, features
from topics.errors import SettingsError
from topics.features.anchors import AnchorFinder

THEMES = {
    "sport": {"anchors": ["كأس", "كأس العالم", "حارس"], "not": ["حارس ليلي"]},
    "security": {"anchors": ["شرطة", "حارس"]},
}


def counted(finder, text, *, nested=True):
    """Theme and anchor of each hit, with the terms before it."""
    hits = finder.find([text], nested=nested)
    keys = list(finder.themes)
    rows = zip(hits.themes, hits.anchors, hits.places, strict=True)
    return [(keys[theme], finder.forms[anchor], int(place)) for theme, anchor, place in rows]


def test_an_anchor_is_found_in_every_spelling_that_has_its_form():
    finder = AnchorFinder.of(THEMES)
    assert counted(finder, "والشُّرطة وبالشرطـــة") == [("security", "شرطه", 0), ("security", "شرطه", 1)]


def test_a_phrase_is_a_sequence_of_forms_and_holds_its_words_too():
    finder = AnchorFinder.of(THEMES)
    assert counted(finder, "فاز بكأس العالم") == [("sport", "كاس", 1), ("sport", "كاس عالم", 1)]
    assert counted(finder, "فاز بكأس العالم", nested=False) == [("sport", "كاس عالم", 1)]
    assert counted(finder, "كأس في العراق. العالم", nested=False) == [("sport", "كاس", 0)]


def test_an_exclusion_cancels_the_hits_inside_it_for_its_theme_alone():
    finder = AnchorFinder.of(THEMES)
    assert counted(finder, "عمل حارسا ثم حارس ليلي") == [("security", "حارس", 2)]
    assert counted(finder, "جاء الحارس") == [("sport", "حارس", 1), ("security", "حارس", 1)]


def test_hits_of_many_articles_are_those_of_each_alone():
    texts = ["كأس العالم", "", "حارس ليلي يطلب الشرطة", "الشرطة كأس كأس", "كأس"]
    finder = AnchorFinder.of(THEMES)
    together = finder.find(texts)
    pairs = list(zip(together.articles.tolist(), together.themes.tolist(), together.anchors.tolist(), strict=True))
    alone = [
        (article, theme, anchor)
        for theme in range(2)
        for article, text in enumerate(texts)
        for found, anchor in zip(*finder.find([text])[2:0:-1], strict=True)
        if found == theme
    ]
    assert pairs == alone
    assert together.n_terms.tolist() == [len(finder.analyzer(text)) for text in texts]


def test_evidence_counts_anchors_hits_and_those_of_the_title():
    article = Article(title="كأس العالم", text="الحارس والكأس. والكأس أيضا")
    evidence = AnchorFinder.of(THEMES).evidence([article])
    assert evidence.distinct.tolist() == [[3, 1]]
    assert evidence.total.tolist() == [[4, 1]]
    assert evidence.in_title.tolist() == [[1, 0]]


def test_no_article_has_no_evidence():
    assert AnchorFinder.of(THEMES).evidence([]).total.shape == (0, 2)


def test_an_anchor_of_stop_words_is_found_nowhere():
    finder = AnchorFinder.of({"a": ["من إلى", "شرطة"]})
    assert finder.forms == ("شرطه",)


@pytest.fixture(scope="module")
def vectorizer():
    return TermVectorizer(ngrams=(1, 2), min_df=1).fit(["كأس العالم", "شرطة وحارس"])


def test_the_matrix_says_which_term_is_an_anchor_of_which_theme(vectorizer):
    matrix = features.anchor_matrix(vectorizer, THEMES)
    terms = vectorizer.get_feature_names_out()
    assert matrix.shape == (2, len(terms))
    assert sorted(terms[matrix[0].indices]) == ["حارس", "كاس", "كاس عالم"]
    assert sorted(terms[matrix[1].indices]) == ["حارس", "شرطه"]
    assert set(matrix.data) == {1.0}


def test_a_vocabulary_may_be_a_vectorizer_its_matrix_a_mapping_or_a_list(vectorizer):
    want = features.anchor_matrix(vectorizer, THEMES).toarray()
    backwards = dict(reversed(vectorizer.vocabulary_.items()))
    for vocabulary in (vectorizer.matrix_, backwards, vectorizer.get_feature_names_out()):
        np.testing.assert_array_equal(features.anchor_matrix(vocabulary, THEMES).toarray(), want)
    with pytest.raises(SettingsError, match="not one text"):
        features.anchor_matrix("كأس", THEMES)


def test_a_bare_vocabulary_is_read_by_the_analyzer_given():
    light = Analyzer(level="light")
    terms = light("الشرطة")
    assert features.anchor_matrix(terms, THEMES, light).nnz == 1


def test_the_prior_pulls_the_first_topics_and_leaves_out_what_two_themes_claim(vectorizer):
    prior = features.anchor_prior(vectorizer, THEMES, 4, weight=50.0)
    columns = vectorizer.vocabulary_
    assert prior.shape == (4, len(columns))
    assert prior[0, columns["كاس"]] == prior[1, columns["شرطه"]] == 50.0
    assert not prior[:, columns["حارس"]].any()
    assert not prior[2:].any()


@pytest.mark.parametrize(
    ("n_topics", "weight", "message"),
    [(1, 50.0, "2 themes cannot be anchored in 1"), (2, 0.0, "above 0"), (2, float("nan"), "above 0")],
)
def test_a_prior_that_cannot_be_meant_is_refused(vectorizer, n_topics, weight, message):
    with pytest.raises(SettingsError, match=message):
        features.anchor_prior(vectorizer, THEMES, n_topics, weight)
