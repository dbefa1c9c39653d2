import pickle

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

from topics import Analyzer, Article, TermVectorizer
from topics.arabic.batch import batch_analyzer
from topics.errors import SettingsError
from topics.features import CharVectorizer
from topics.features.matrix import BATCH

NEWS = [
    "أعلنت وزارة الداخلية توقيف خمسة أشخاص في مدينة الرباط يوم 3 مارس 2021",
    "فاز المنتخب المغربي بكأس الأمم الأفريقية أمام جمهور كبير في الرباط",
    "أنقذ خفر السواحل مهاجرين أفارقة قرب السواحل، والمهاجرون في مركز الإيواء",
    "ناقش مجلس النواب قانون المالية الجديد، وصوتت الأغلبية على المادة الأولى",
    "توج المنتخب بكأس الأمم، وكان الجمهور في المدينة سعيدا بالكأس",
    "COVID-19 كوفيد 19 في www.a.ma و AFP، 12.5% ٱ ب",
    "",
]  # fmt: skip
EVERYTHING = Analyzer(
    level="none", stop_words=None, fold=(), keep=("number", "year", "date", "url", "email", "user", "latin")
)


def joined(analyzer, texts):
    return [" ".join(analyzer(text)) for text in texts]


def peer_of(kind, ngrams, **arguments):
    return kind(analyzer="char_wb", ngram_range=ngrams, lowercase=False, **arguments)


def assert_equal(ours, theirs):
    theirs.sort_indices()
    assert ours.shape == theirs.shape
    np.testing.assert_array_equal(ours.indptr, theirs.indptr)
    np.testing.assert_array_equal(ours.indices, theirs.indices)
    np.testing.assert_allclose(ours.data, theirs.data, rtol=1e-13)


@pytest.mark.parametrize("ngrams", [(2, 5), (1, 1), (1, 3), (3, 4), (4, 9), (12, 40)])
@pytest.mark.parametrize("sublinear", [True, False])
def test_equals_scikit_learn_entry_by_entry(ngrams, sublinear):
    vectorizer = CharVectorizer(EVERYTHING, ngrams=ngrams, min_df=1, sublinear_tf=sublinear)
    X = vectorizer.fit_transform(NEWS)
    peer = peer_of(TfidfVectorizer, ngrams, sublinear_tf=sublinear)
    Y = peer.fit_transform(joined(vectorizer.analyzer_, NEWS))
    assert vectorizer.get_feature_names_out().tolist() == peer.get_feature_names_out().tolist()
    assert_equal(X, Y)
    np.testing.assert_allclose(vectorizer.idf_, peer.idf_, rtol=1e-15)


@settings(max_examples=100)
@given(
    texts=st.lists(arabic_text, min_size=1, max_size=6),
    unseen=st.lists(arabic_text, max_size=3),
    shortest=st.integers(1, 6),
    more=st.integers(0, 5),
)
def test_counts_equal_scikit_learns_on_any_text(texts, unseen, shortest, more):
    ngrams = (shortest, shortest + more)
    vectorizer = CharVectorizer(EVERYTHING, weighting="counts", ngrams=ngrams, min_df=1)
    X = vectorizer.fit_transform([*texts, "مدينة"])
    peer = peer_of(CountVectorizer, ngrams)
    Y = peer.fit_transform(joined(vectorizer.analyzer_, [*texts, "مدينة"]))
    assert vectorizer.get_feature_names_out().tolist() == peer.get_feature_names_out().tolist()
    assert_equal(X, Y)
    if unseen:
        assert_equal(vectorizer.transform(unseen), peer.transform(joined(vectorizer.analyzer_, unseen)))


@pytest.mark.parametrize(("min_df", "max_df"), [(2, 1.0), (1, 2), (0.2, 0.6), (2, 3)])
def test_document_frequencies_mean_what_they_mean_in_scikit_learn(min_df, max_df):
    vectorizer = CharVectorizer(min_df=min_df, max_df=max_df)
    X = vectorizer.fit_transform(NEWS)
    peer = peer_of(TfidfVectorizer, (2, 5), min_df=min_df, max_df=max_df, sublinear_tf=True)
    Y = peer.fit_transform(joined(vectorizer.analyzer_, NEWS))
    assert vectorizer.get_feature_names_out().tolist() == peer.get_feature_names_out().tolist()
    assert_equal(X, Y)


def test_forms_keep_placeholders_joints_and_latin_letters():
    vectorizer = CharVectorizer(EVERYTHING, ngrams=(3, 3), min_df=1).fit(["كوفيد 19 في 12 AFP"])
    assert {"يد_", "<NU", "afp"} <= set(vectorizer.vocabulary_)


def test_a_form_shorter_than_n_counts_once_as_a_whole():
    vectorizer = CharVectorizer(EVERYTHING, weighting="counts", ngrams=(4, 6), min_df=1)
    X = vectorizer.fit_transform(["ب ب"])
    assert vectorizer.vocabulary_ == {" ب ": 0}
    assert X.toarray().tolist() == [[2]]


def test_stays_equal_when_the_memory_of_ngrams_grows():
    texts = [" ".join(f"{word:05x}x{word * 7919 % 99991:05x}" for word in range(text, 9000, 3)) for text in range(3)]
    vectorizer = CharVectorizer(EVERYTHING, weighting="counts", min_df=1, ngrams=(2, 6))
    X = vectorizer.fit_transform(texts)
    assert len(vectorizer.vocabulary_) > 1 << 16
    peer = peer_of(CountVectorizer, (2, 6))
    assert_equal(X, peer.fit_transform(joined(vectorizer.analyzer_, texts)))
    assert vectorizer.get_feature_names_out().tolist() == peer.get_feature_names_out().tolist()


def test_one_form_may_be_larger_than_the_memory():
    vectorizer = CharVectorizer(EVERYTHING, weighting="counts", min_df=1)
    X = vectorizer.fit_transform(["ب" * 1_000_000])
    assert X.toarray().tolist()[0][:4] == [1, 1, 1, 1]
    assert X.sum() == sum(1_000_002 - n + 1 for n in (2, 3, 4, 5))


def test_transform_gives_the_training_matrix_again_and_new_words_change_nothing():
    vectorizer = CharVectorizer(min_df=1)
    X = vectorizer.fit_transform(NEWS)
    names = vectorizer.get_feature_names_out().tolist()
    vectorizer.transform(["نص آخر تماما فيه كلمات لم تعرف من قبل"])
    assert (X != vectorizer.transform(NEWS)).nnz == 0
    assert vectorizer.get_feature_names_out().tolist() == names


def test_a_title_may_count_more_than_once():
    articles = [Article(text="نص الخبر", title="عنوان"), Article(text="خبر"), Article(text="نص", title="خبر")]
    thrice = CharVectorizer(weighting="counts", min_df=1, title_weight=3)
    X = thrice.fit_transform(articles)
    peer = peer_of(CountVectorizer, (2, 5))
    full = [article.full + f"\n{article.title or ''}" * 2 for article in articles]
    assert_equal(X, peer.fit_transform(joined(thrice.analyzer_, full)))
    assert_equal(thrice.transform(articles), peer.transform(joined(thrice.analyzer_, full)))


def test_the_frozen_core_predicts_without_the_vectorizer():
    vectorizer = CharVectorizer(min_df=1)
    X = vectorizer.fit_transform(NEWS)
    again = pickle.loads(pickle.dumps(vectorizer.matrix_))
    assert (X != again.transform(NEWS)).nnz == 0
    assert again.spelled(" ال") == " ال"
    counts = again.counts(NEWS)
    assert (again.weigh(counts) != X).nnz == 0
    assert batch_analyzer(again.analyzer) is not batch_analyzer(vectorizer.analyzer_)


@pytest.mark.parametrize("kind", [CharVectorizer, TermVectorizer])
def test_a_fitted_vectorizer_is_pickled_without_what_it_can_work_out_again(kind):
    vectorizer = kind(min_df=1).fit(NEWS)
    X = vectorizer.transform(NEWS)
    assert (X != pickle.loads(pickle.dumps(vectorizer)).transform(NEWS)).nnz == 0


def test_scikit_learn_clones_it_and_searches_it_in_a_pipeline():
    vectorizer = CharVectorizer(Analyzer(level="none"), min_df=1, n_jobs=2)
    copy = clone(vectorizer)
    assert copy.get_params(deep=False) == vectorizer.get_params(deep=False)
    search = GridSearchCV(
        make_pipeline(copy, LinearSVC()),
        {"charvectorizer__ngrams": [(2, 3), (2, 5)], "charvectorizer__analyzer__level": ["none", "light"]},
        cv=2,
    )
    search.fit(NEWS * 2, [0, 1, 0, 1, 1, 0, 0] * 2)
    assert search.predict(NEWS).shape == (len(NEWS),)
    assert search.best_params_["charvectorizer__ngrams"] in {(2, 3), (2, 5)}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"weighting": "tf"}, "tfidf, counts"),
        ({"ngrams": (0, 2)}, "shortest, longest"),
        ({"min_df": 50}, "lower min_df"),
        ({"min_df": 3, "max_df": 2}, "raise max_df"),
        ({"n_jobs": 0}, "number of threads"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments, message):
    with pytest.raises(SettingsError, match=message):
        CharVectorizer(**arguments).fit(NEWS)


def test_no_article_gives_no_row():
    assert CharVectorizer(min_df=1).fit(NEWS).transform([]).shape[0] == 0


@pytest.fixture(scope="module")
def many():
    """More articles than are read at a time, each with words of its own, months and names of two words."""
    words = " ".join(NEWS).split()
    return [
        f"{words[k % len(words)]} {words[k * 7 % len(words)]} خبر{k} رقم {k % 31} مارس 2021، كوفيد 19 {k:x}z"
        for k in range(2 * BATCH + 100)
    ]


@pytest.mark.parametrize("kind", [CharVectorizer, TermVectorizer])
@pytest.mark.parametrize("n_jobs", [2, 4, -1])
def test_any_number_of_threads_gives_the_same_bits(kind, n_jobs, many):
    one, several = kind(title_weight=2), kind(title_weight=2, n_jobs=n_jobs)
    articles = [Article(text=text, title=text[:20]) for text in many]
    for X, Y in (
        (one.fit_transform(articles), several.fit_transform(articles)),
        (one.transform(many), several.transform(many)),
        (one.transform(reversed(many)), several.transform(reversed(many))),
    ):
        for part in ("indptr", "indices", "data"):
            np.testing.assert_array_equal(getattr(X, part), getattr(Y, part))
    assert one.vocabulary_ == several.vocabulary_
    assert one.spellings_ == several.spellings_
    assert one.frequencies_ == several.frequencies_
    np.testing.assert_array_equal(one.idf_, several.idf_)


@pytest.mark.parametrize("kind", [CharVectorizer, TermVectorizer])
def test_threads_that_meet_new_words_at_once_agree_with_one_that_meets_them_in_order(kind, many):
    one, several = (kind(min_df=1, n_jobs=n_jobs).fit(many[:50]) for n_jobs in (1, 4))
    for _ in range(3):
        X, Y = one.transform(many), several.transform(many)
        assert (X != Y).nnz == 0


def test_phrases_are_found_on_any_number_of_threads(many):
    analyzer = Analyzer(phrases=(("خبر", "رقم"), ("مدينه", "رباط")))
    one, several = (TermVectorizer(analyzer, min_df=1, n_jobs=n_jobs).fit(NEWS) for n_jobs in (1, 2))
    assert "مدينه_رباط" in one.vocabulary_
    assert (one.transform(many) != several.transform(many)).nnz == 0
