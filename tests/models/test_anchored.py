import warnings

import numpy as np
import pytest
from small_news import small_corpus

from topics import Analyzer, Article, Corpus, ThemeModel, load
from topics.corpus.themes import as_themes
from topics.errors import SettingsError
from topics.features.anchors import AnchorFinder
from topics.models.anchored import both_sides, hints_of, said_by_other_words, without_anchors
from topics.models.scoring import indicator

ANCHORS = {
    "security": ["الشرطة", "الدرك", "العصابة", "المخدرات", "السجن", "سرقة", "إرهابية", "الكوكايين", "النيابة العامة"],
    "migration": ["المهاجرين", "اللاجئون", "اللاجئين", "اللجوء", "الجالية", "النازحون", "الإقامة"],
    "sport": ["المنتخب", "المباراة", "البطولة", "اللاعب", "النادي", "المدرب", "الكأس", "الملعب", "مباراة"],
}
KEYS = list(ANCHORS)


@pytest.fixture(scope="module")
def corpus():
    return small_corpus()


@pytest.fixture(scope="module")
def texts(corpus):
    """The articles without their labels."""
    return [Article(article.text, id=article.id, title=article.title) for article in corpus]


@pytest.fixture(scope="module")
def model(texts):
    return ThemeModel.from_anchors(ANCHORS, texts)


def test_anchors_alone_sort_nearly_as_the_labels_would(model, corpus):
    given = model.probabilities(corpus) >= model.thresholds
    agreement = (given == indicator(list(corpus), KEYS)).mean()
    assert agreement > 0.9


def test_labels_are_not_looked_at(model, corpus):
    again = ThemeModel.from_anchors(ANCHORS, corpus)
    for name in ("coef", "intercept", "slope", "offset", "thresholds"):
        assert getattr(again, name).tobytes() == getattr(model, name).tobytes()


def test_it_is_a_model_like_any_other(model, texts, tmp_path):
    article = texts[0]
    told = model.explain(article)
    for theme in KEYS:
        spans = sum(span.weight for span in told.spans if span.theme == theme)
        assert told.scores[theme] == pytest.approx(told.intercepts[theme] + spans, abs=1e-9)
    again = load(model.save(tmp_path / "anchors"))
    assert again.probabilities(texts).tobytes() == model.probabilities(texts).tobytes()
    np.testing.assert_allclose(model.pipeline.predict_proba(texts), model.probabilities(texts), rtol=1e-12)
    assert again.settings["start"] == "anchors"


def test_words_that_are_no_anchors_are_learnt(model):
    column = model.matrix.vocabulary.columns[model.matrix.analyzer("الجمهور")[0]]
    assert model.coef[KEYS.index("sport"), column] > 0


def test_the_texts_of_the_demo_corpus_are_what_is_learnt_from_by_default():
    model = ThemeModel.from_anchors({"sport": ANCHORS["sport"]})
    assert model.sort([Article("فاز المنتخب في المباراة بهدف قاتل وتأهل إلى النهائي")]).iloc[0]["primary"] == "sport"
    assert model.sort([Article("أسعار الخضر ترتفع في السوق قبل العيد")]).iloc[0]["primary"] == "none"


@pytest.mark.parametrize(
    ("themes", "message"),
    [
        ({"sport": ["كأس"], "water": {}}, "'water' has no anchors"),
        ({"sport": ["المباراة"], "water": ["زرافة"]}, "anchors of 'water' are in none"),
        ({}, "defines no theme"),
    ],
)
def test_themes_that_anchors_cannot_teach_are_refused_by_name(texts, themes, message):
    with pytest.raises(SettingsError, match=message):
        ThemeModel.from_anchors(themes, texts)


def test_unlabelled_articles_that_are_none_and_unknown_settings_are_refused(texts):
    with pytest.raises(SettingsError, match="no unlabelled article"):
        ThemeModel.from_anchors(ANCHORS, [])
    with pytest.raises(SettingsError, match="no setting 'levle'"):
        ThemeModel.from_anchors(ANCHORS, texts, levle="none")


def hints(texts, themes, title=None):
    articles = [Article(text, title=title) for text in texts]
    return hints_of(AnchorFinder.of(themes), articles)[:, 0].tolist()


def test_hints_say_yes_no_or_nothing():
    enough = ["الشرطة أوقفت العصابة"] * 10
    found = hints([*enough, "الشرطة هنا", "سوق الخضر"], {"security": ["شرطة", "عصابة"]})
    assert found[:10] == [1.0] * 10
    assert np.isnan(found[10])
    assert found[11] == 0.0


def test_one_anchor_is_a_hint_where_two_are_rare():
    assert hints(["الشرطة هنا", "سوق"], {"security": ["شرطة", "عصابة"]}) == [1.0, 0.0]


def test_an_anchor_in_the_title_that_comes_again_is_a_hint():
    assert hints(["الشرطة هنا"] * 10, {"security": ["شرطة", "عصابة"]}, title="الشرطة") == [1.0] * 10


def test_a_theme_without_anchors_takes_no_hints():
    assert np.isnan(hints(["الشرطة"], {"security": {}})).all()


def test_a_belief_is_both_sides_of_an_article():
    rows, carries, weights = both_sides(np.array([1.0, 0.25, np.nan, 0.0]))
    assert list(zip(rows.tolist(), carries.tolist(), weights.tolist(), strict=True)) == [
        (0, 1, 1.0), (1, 1, 0.25), (1, 0, 0.75), (3, 0, 1.0),
    ]  # fmt: skip


def test_without_anchors_no_term_with_one_is_left(model, texts):
    themes = as_themes({"a": ["الشرطة", "النيابة العامة"]})
    X = model.matrix.transform(texts)
    bare = without_anchors(X, model.matrix, themes)
    gone = [model.matrix.terms[k] for k in np.flatnonzero(X.getnnz(axis=0) > bare.getnnz(axis=0))]
    police = model.matrix.analyzer("الشرطة")[0]
    assert gone
    assert all(police in term.split(" ") or term == " ".join(model.matrix.analyzer("النيابة العامة")) for term in gone)


def test_other_words_speak_where_a_theme_has_hints(texts):
    given = said_by_other_words(as_themes({**ANCHORS, "water": ["زرافة"]}), texts)
    assert given.shape == (len(texts), 4)
    assert given[:, :3].any(axis=0).all()
    assert not given[:, 3].any()


def test_unlabelled_articles_help_a_few_labels(corpus, texts):
    few = Corpus([article for k, article in enumerate(corpus) if k % 8 == 0], themes=as_themes(ANCHORS))
    rest = [article for k, article in enumerate(texts) if k % 8]
    truth = indicator([article for k, article in enumerate(corpus) if k % 8], KEYS)
    right = []
    for unlabelled in (None, rest):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = ThemeModel.train(few, as_themes(ANCHORS), unlabelled=unlabelled, folds=2)
        right.append(((model.probabilities(rest) >= model.thresholds) == truth).mean())
    assert right[1] >= right[0]


@pytest.mark.parametrize("settings", [{"loss": "logistic"}, {"class_weight": None}, {"level": "none"}])
def test_unlabelled_articles_go_with_every_setting(corpus, texts, settings):
    model = ThemeModel.train(corpus[:60], KEYS[:2], unlabelled=texts[60:], **settings)
    assert np.isfinite(model.coef).all()
    assert model.out_of_fold.shape == (60, 2)
    assert model.settings["start"] == "both"
    assert model.unlike_counts.sum() == 96


def test_labels_of_unlabelled_articles_play_no_part(corpus, texts):
    one = ThemeModel.train(corpus[:60], KEYS[:2], unlabelled=corpus[60:])
    other = ThemeModel.train(corpus[:60], KEYS[:2], unlabelled=texts[60:])
    assert one.coef.tobytes() == other.coef.tobytes()


def test_the_anchors_are_read_with_their_endings(texts):
    from topics.features.vectorizer import TermVectorizer
    from topics.models.anchored import anchor_finder

    themes = as_themes(ANCHORS)
    assert anchor_finder(themes, TermVectorizer(Analyzer(level="light"))).analyzer.level == "clitic"
    assert anchor_finder(themes, TermVectorizer(Analyzer(level="none"))).analyzer.level == "none"
