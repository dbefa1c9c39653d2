import math

import numpy as np
import pytest
from small_news import BOTH, small_corpus

from topics import Article, Corpus, ThemeModel
from topics.errors import SettingsError

THEMES = ["security", "migration", "sport"]


@pytest.fixture(scope="module")
def corpus():
    return small_corpus()


@pytest.fixture(scope="module")
def model(corpus):
    return ThemeModel.train(corpus, THEMES)


def test_sorts_articles_that_it_has_not_seen(model):
    table = model.sort([
        Article(text="أوقفت الشرطة العصابة وحجزت المخدرات"),
        Article(text="أنقذ خفر السواحل قارب المهاجرين"),
        Article(text="فاز المنتخب بالكأس في الملعب"),
        Article(text="ناقش البرلمان أسعار الخضر"),
    ])  # fmt: skip
    assert table.primary.tolist() == ["security", "migration", "sport", "none"]
    assert table.themes.tolist() == [["security"], ["migration"], ["sport"], []]


def test_its_table_has_the_promised_columns_then_the_articles_own(model):
    article = Article(text="نص", id="a", title="ت", source="ص", themes=("sport",), extra={"desk": 3, "unlike": "taken"})
    assert model.sort([article]).columns.tolist() == [
        "id", "title", "primary", "themes", *THEMES, "unlike", "date", "source", "input_themes", "desk", "input_unlike"
    ]  # fmt: skip
    assert model.sort([]).columns.tolist() == ["id", "title", "primary", "themes", *THEMES, "unlike"]


@pytest.mark.parametrize("text", ["", "   \n", "ـــ َ", "Zzyzx qwfp", "؟!", "\ud800"])
def test_an_article_without_a_known_word_is_none_and_wholly_unlike(model, text):
    row = model.sort([Article(text=text)]).iloc[0]
    assert row.primary == "none"
    assert row.themes == []
    assert row.unlike == 1.0
    assert np.isfinite(row[THEMES].astype(float)).all()
    assert model.explain(Article(text=text)).spans == ()


def test_the_spans_of_a_reason_sum_to_the_decision_value(model):
    explanation = model.explain(BOTH)
    X = model.matrix.transform([BOTH])
    for k, theme in enumerate(THEMES):
        total = explanation.intercepts[theme] + math.fsum(
            span.weight for span in explanation.spans if span.theme == theme
        )
        assert math.isclose(explanation.scores[theme], total, abs_tol=1e-12)
        assert math.isclose(total, (X @ model.coef[k]).item() + model.intercept[k], abs_tol=1e-12)


def test_reasons_sum_up_with_a_weighted_title_and_pairs_of_words(corpus):
    model = ThemeModel.train(corpus, THEMES, title_weight=3, ngrams=(1, 3), level="clitic")
    explanation = model.explain(BOTH)
    for theme in THEMES:
        total = explanation.intercepts[theme] + math.fsum(
            span.weight for span in explanation.spans if span.theme == theme
        )
        assert math.isclose(explanation.scores[theme], total, abs_tol=1e-12)


def test_reasons_are_shown_in_the_authors_own_words(model):
    article = Article(text="أوقفت الشُّرْطَةُ المتّهـــم", title="خبر")
    explanation = model.explain(article)
    words = {article.full[span.start : span.end] for span in explanation.spans}
    assert "الشُّرْطَةُ" in words
    assert "الشُّرْطَةُ" in explanation.to_html("security")
    assert explanation.to_frame().columns.tolist() == ["start", "end", "words", "weight", "term", "theme"]
    assert "security" in str(explanation)


def test_an_explanation_escapes_hostile_text(model):
    page = model.explain(
        Article(text="الشرطة <script>alert(1)</script> \u202eالمتهم", title='"><img onerror=x>')
    ).to_html()
    assert "<script" not in page
    assert "<img" not in page
    assert "\u202e" not in page


def test_each_paragraph_gets_its_own_theme(model):
    table = model.paragraphs(BOTH)
    assert len(table) == len(BOTH.paragraph_themes)
    assert [BOTH.full[row.start : row.end] for row in table.itertuples()] == BOTH.text.split("\n")
    assert table.security.idxmax() == 0
    assert table.sport.idxmax() == 1
    mixtures = table[[f"mixture_{theme}" for theme in THEMES]].to_numpy()
    assert (mixtures >= 0).all()
    assert (mixtures.sum(axis=1) <= 1 + 1e-12).all()


def test_an_article_without_paragraphs_gives_an_empty_table(model):
    assert len(model.paragraphs(Article(text=""))) == 0


def test_alone_or_in_a_batch_an_article_gets_the_same_figures(model, corpus):
    together = model.probabilities(corpus)
    alone = np.concatenate([model.probabilities([article]) for article in corpus])
    assert np.array_equal(together, alone)


def test_evaluates_with_intervals_and_by_source(model, corpus):
    scores = model.evaluate(corpus)
    assert scores.macro_f1.low <= scores.macro_f1.mean <= scores.macro_f1.high
    assert set(model.evaluate(corpus, by="desk")) == {"0", "1", "2"}
    with pytest.raises(SettingsError, match="there is no"):
        scores["f2"]


def test_a_contested_pair_does_not_count(model):
    wrong = Article(text="فاز المنتخب بالكأس", id="w", themes=("security",), extra={"contested": ["security", "sport"]})
    right = Article(text="أوقفت الشرطة المتهم", id="r", themes=("security",))
    assert model.evaluate(Corpus([wrong, right]))["subset_accuracy"].mean == 1.0


def test_its_pipeline_is_a_genuine_one_that_gives_the_same_figures(model, corpus):
    assert np.array_equal(model.pipeline.predict_proba(list(corpus)), model.probabilities(corpus))


def test_training_twice_gives_equal_models(corpus, model):
    again = ThemeModel.train(corpus, THEMES)
    assert np.array_equal(again.coef, model.coef)
    assert again.matrix.terms == model.matrix.terms


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"leevl": "none"}, "did you mean level"),
        ({"themes": ["politics"]}, "no article carries the theme 'politics'"),
        ({"themes": {"food": {"anchors": ["خبز"]}}}, "label some"),
    ],
)
def test_what_cannot_be_learnt_is_refused(corpus, settings, message):
    with pytest.raises(SettingsError, match=message):
        ThemeModel.train(corpus, **settings)


def test_articles_without_labels_teach_nothing():
    with pytest.raises(SettingsError, match="0 of 1 articles are labelled"):
        ThemeModel.train([Article(text="نص")])


def test_a_rare_theme_is_warned_of_by_name(corpus):
    rare = Article(text="زلزال يضرب الجبال زلزال", id="rare", themes=("quake",))
    with pytest.warns(UserWarning, match="quake"):
        ThemeModel.train(Corpus([*corpus, rare, Article(text="زلزال آخر", id="rare2", themes=("quake",))]))
