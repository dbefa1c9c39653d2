import numpy as np
import pytest
from arabic_strategies import arabic_text
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from topics import Analyzer, Article, TermVectorizer, features
from topics.errors import SettingsError

NEWS = [
    "أعلنت وزارة الداخلية توقيف خمسة أشخاص في مدينة الرباط يوم 3 مارس 2021",
    "فاز المنتخب المغربي بكأس الأمم الأفريقية أمام جمهور كبير في الرباط",
    "أنقذ خفر السواحل مهاجرين أفارقة قرب السواحل، والمهاجرون في مركز الإيواء",
    "ناقش مجلس النواب قانون المالية الجديد، وصوتت الأغلبية على المادة الأولى",
    "توج المنتخب بكأس الأمم، وكان الجمهور في المدينة سعيدا بالكأس",
    "الشرطة توقف مهربين في المدينة وتحجز سيارات، وفق بلاغ الوزارة",
    "",
]  # fmt: skip


def reference(vectorizer, **settings):
    return TfidfVectorizer(tokenizer=vectorizer.analyzer_, token_pattern=None, lowercase=False, **settings)


@pytest.mark.parametrize("ngrams", [(1, 1), (1, 2), (2, 2), (1, 3), (2, 3)])
@pytest.mark.parametrize("sublinear", [True, False])
def test_equals_scikit_learn_entry_by_entry(ngrams, sublinear):
    vectorizer = TermVectorizer(ngrams=ngrams, min_df=1, sublinear_tf=sublinear)
    X = vectorizer.fit_transform(NEWS)
    peer = reference(vectorizer, ngram_range=ngrams, min_df=1, sublinear_tf=sublinear)
    Y = peer.fit_transform(NEWS)
    Y.sort_indices()
    assert vectorizer.get_feature_names_out().tolist() == peer.get_feature_names_out().tolist()
    np.testing.assert_array_equal(X.indptr, Y.indptr)
    np.testing.assert_array_equal(X.indices, Y.indices)
    np.testing.assert_allclose(X.data, Y.data, rtol=1e-13)
    np.testing.assert_allclose(vectorizer.idf_, peer.idf_, rtol=1e-15)


@pytest.mark.parametrize(("min_df", "max_df"), [(2, 1.0), (1, 2), (0.2, 0.6), (2, 3)])
def test_document_frequencies_mean_what_they_mean_in_scikit_learn(min_df, max_df):
    vectorizer = features.counts(min_df=min_df, max_df=max_df).fit(NEWS)
    peer = CountVectorizer(
        tokenizer=vectorizer.analyzer_, token_pattern=None, lowercase=False, min_df=min_df, max_df=max_df
    ).fit(NEWS)
    assert vectorizer.get_feature_names_out().tolist() == peer.get_feature_names_out().tolist()


@settings(max_examples=60)
@given(texts=st.lists(arabic_text, min_size=1, max_size=6))
def test_counts_equal_scikit_learns_on_any_text(texts):
    texts = [*texts, "مدينة كبيرة"]
    vectorizer = TermVectorizer(weighting="counts", ngrams=(1, 2), min_df=1)
    X = vectorizer.fit_transform(texts)
    peer = CountVectorizer(tokenizer=vectorizer.analyzer_, token_pattern=None, lowercase=False, ngram_range=(1, 2))
    Y = peer.fit_transform(texts)
    assert vectorizer.get_feature_names_out().tolist() == peer.get_feature_names_out().tolist()
    assert (X != Y).nnz == 0


def test_transform_gives_the_training_matrix_again():
    vectorizer = TermVectorizer(min_df=1)
    X = vectorizer.fit_transform(NEWS)
    assert (vectorizer.transform(NEWS) != X).nnz == 0
    assert (X[2] != vectorizer.transform([NEWS[2]])).nnz == 0


def test_learns_from_training_articles_only():
    first, second = TermVectorizer(min_df=1).fit(NEWS), TermVectorizer(min_df=1).fit(NEWS)
    first.transform(["نص آخر تماما فيه كلمات لم تعرف من قبل"])
    assert first.vocabulary_ == second.vocabulary_
    assert first.frequencies_ == second.frequencies_
    assert first.spellings_ == second.spellings_


def test_what_occurs_in_one_article_leaves_no_trace():
    news = [*NEWS, "اتصل السيد بنصالحوش زرقاويات بالرقم الخاص زرقاويات"]
    vectorizer = TermVectorizer(min_df=2).fit(news)
    held = {*vectorizer.vocabulary_, *vectorizer.spellings_.values()}
    assert not any("زرقاوي" in word or "بنصالحوش" in word for word in held)
    assert "زرقاويات" not in vectorizer.frequencies_
    assert "بنصالحوش" not in vectorizer.frequencies_


def test_shows_the_most_frequent_original_spelling():
    vectorizer = TermVectorizer(min_df=1).fit(NEWS)
    assert vectorizer.spellings_["مدينه"] == "المدينة"
    assert vectorizer.matrix_.spelled("مدينه رباط") == "المدينة الرباط"


def test_the_training_words_help_to_decide_clitics():
    news = ["وصال وصال وصال", "وصال وصال", "كلمة"]
    own = TermVectorizer(Analyzer(frequencies={"صال": 2}), min_df=1).fit(news)
    table = TermVectorizer(Analyzer(frequencies={"صال": 2}), min_df=1, learn_frequencies=False).fit(news)
    assert "وصال" in own.vocabulary_
    assert "صال" in table.vocabulary_


def test_a_title_may_count_more_than_once():
    article = Article(text="نص الخبر", title="عنوان")
    once = features.counts(min_df=1).fit([article])
    thrice = features.counts(min_df=1, title_weight=3).fit([article])
    assert once.transform([article])[0, once.vocabulary_["عنوان"]] == 1
    assert thrice.transform([article])[0, thrice.vocabulary_["عنوان"]] == 3
    assert thrice.transform([article])[0, thrice.vocabulary_["نص"]] == 1


def test_phrases_are_learnt_and_become_terms():
    news = [f"كأس العالم في المدينة رقم {['قبل', 'بعد', 'أول', 'آخر'][k % 4]} والناس كثير" for k in range(40)]
    vectorizer = TermVectorizer(learn_phrases=True, min_df=1).fit([*news, *NEWS * 5])
    assert ("كاس", "عالم") in vectorizer.phrases_
    assert "كاس_عالم" in vectorizer.vocabulary_
    assert vectorizer.spellings_["كاس_عالم"] == "كأس العالم"


def test_scikit_learn_clones_it_and_searches_its_analyzer():
    vectorizer = TermVectorizer(Analyzer(level="none"), min_df=1)
    assert clone(vectorizer).analyzer == vectorizer.analyzer
    search = GridSearchCV(
        make_pipeline(vectorizer, LinearSVC()), {"termvectorizer__analyzer__level": ["none", "clitic"]}, cv=2
    )
    search.fit(NEWS * 2, [0, 1, 0, 1, 1, 0, 0] * 2)
    assert search.best_params_["termvectorizer__analyzer__level"] in {"none", "clitic"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"weighting": "tf"}, "tfidf, counts"),
        ({"ngrams": (2, 1)}, "shortest, longest"),
        ({"min_df": 50}, "lower min_df"),
        ({"min_df": 3, "max_df": 2}, "raise max_df"),
        ({"title_weight": 0}, "at least once"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments, message):
    with pytest.raises(SettingsError, match=message):
        TermVectorizer(**arguments).fit(NEWS)


def test_an_article_is_an_article_or_a_text():
    with pytest.raises(SettingsError, match="not int"):
        TermVectorizer().fit([1, 2])


def test_no_article_gives_no_row():
    assert TermVectorizer(min_df=1).fit(NEWS).transform([]).shape[0] == 0


def test_a_fit_that_learns_no_frequencies_knows_the_words_its_analyzer_met():
    analyzer = Analyzer()
    first = TermVectorizer(analyzer, learn_frequencies=False, min_df=1)
    X = first.fit_transform(NEWS)
    analyzer.derived("batch", dict).read(["كلمات أخرى لم تكن في الأخبار قط", "كلمات أخرى"])
    second = TermVectorizer(analyzer, learn_frequencies=False, min_df=1)
    assert (second.fit_transform(NEWS) != X).nnz == 0
    assert second.vocabulary_ == first.vocabulary_
    assert second.spellings_ == first.spellings_
    assert second.analyzer_ == analyzer
    analyzer.set_params(level="none")
    assert second.analyzer_ != analyzer
    assert (second.transform(NEWS) != X).nnz == 0


def test_weighing_leaves_counts_as_they_are_unless_told():
    vectorizer = TermVectorizer(min_df=1).fit(NEWS)
    counts = vectorizer.matrix_.counts(NEWS)
    before = counts.data.copy()
    weighed = vectorizer.matrix_.weigh(counts)
    np.testing.assert_array_equal(counts.data, before)
    np.testing.assert_array_equal(vectorizer.matrix_.weigh(counts, copy=False).data, weighed.data)
