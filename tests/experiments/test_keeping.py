from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import topics
from topics.arabic.analyzer import Analyzer
from topics.estimators import LdaTopics, ThemeClassifier
from topics.estimators.themes import FewPositives
from topics.experiments import keeping, stopping
from topics.experiments.cache import NoStore, Store
from topics.experiments.keeping import KeptSteps, kept_steps
from topics.features.vectorizer import CharVectorizer, TermVectorizer
from topics.models.steps import Steps, steps, taking
from topics.models.themes import ThemeModel
from topics.models.topics import TopicModel

TEXTS = [
    f"فاز الفريق في المباراة رقم {n} بهدف" if n % 2 else f"اجتمع مجلس الأمن الدولي في جلسة رقم {n}" for n in range(40)
]


@pytest.fixture(scope="module")
def corpus():
    return topics.Corpus([topics.Article(text, themes=["sport"] * (n % 2)) for n, text in enumerate(TEXTS)])


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def kinds(store):
    return sorted(path.name.partition("-")[0] for path, _ in store.entries())


def saved(model, path):
    return model.save(path).read_bytes()


def trained(kind, corpus, store, **settings):
    kept = KeptSteps(store)
    with taking(kept):
        return kind.train(corpus, **settings), kept


@pytest.mark.parametrize(("kind", "settings"), [(TopicModel, {"n_topics": 3}), (ThemeModel, {})])
def test_a_model_from_kept_steps_is_the_model_byte_by_byte(corpus, store, tmp_path, kind, settings):
    plain = saved(kind.train(corpus, **settings), tmp_path / "plain")
    first, done = trained(kind, corpus, store, **settings)
    second, taken = trained(kind, corpus, store, **settings)
    assert saved(first, tmp_path / "first") == saved(second, tmp_path / "second") == plain
    assert (done.n_done, taken.n_done, taken.n_taken) == (3, 0, 2)


@pytest.mark.parametrize("engine", ["fast", "gensim"])
def test_anchored_topics_are_kept_as_others_are(corpus, store, tmp_path, monkeypatch, engine):
    settings = {"n_topics": 3, "engine": engine, "anchors": {"sport": ["الفريق", "المباراة"]}, "learn_phrases": False}
    plain = saved(TopicModel.train(corpus, **settings), tmp_path / "plain")
    trained(TopicModel, corpus, store, **settings)
    monkeypatch.setattr(LdaTopics, "fit", lambda *_, **__: pytest.fail("fitted"))
    model, kept = trained(TopicModel, corpus, store, **settings)
    assert saved(model, tmp_path / "kept") == plain
    assert kept.n_done == 0


def test_another_number_of_topics_reads_no_text_again(corpus, store, monkeypatch):
    trained(TopicModel, corpus, store, n_topics=3)
    monkeypatch.setattr(TermVectorizer, "fit_transform", lambda *_: pytest.fail("read the text"))
    model, kept = trained(TopicModel, corpus, store, n_topics=4)
    assert len(model.alpha) == 4
    assert (kept.n_taken, kept.n_done) == (1, 1)


def test_other_columns_are_made_of_what_was_learnt_of_the_words(corpus, store, tmp_path, monkeypatch):
    trained(TopicModel, corpus, store, n_topics=3)
    plain = saved(TopicModel.train(corpus, n_topics=3, min_df=5), tmp_path / "plain")
    monkeypatch.setattr("topics.features.vectorizer.learn_phrases", lambda *_: pytest.fail("learnt phrases"))
    model, _ = trained(TopicModel, corpus, store, n_topics=3, min_df=5)
    assert saved(model, tmp_path / "kept") == plain


def test_labels_and_dates_are_no_part_of_the_text(corpus, store):
    trained(TopicModel, corpus, store, n_topics=3)
    other = topics.Corpus([topics.Article(text, source="جريدة", themes=["a"]) for text in TEXTS])
    assert trained(TopicModel, other, store, n_topics=3)[1].n_done == 0


@pytest.mark.parametrize(
    "changes", [{"level": "none"}, {"stop_words": ["رقم"]}, {"min_df": 4}, {"max_df": 0.6}, {"learn_phrases": False}]
)
def test_settings_of_the_text_are_read_anew(corpus, store, changes):
    trained(TopicModel, corpus, store, n_topics=3)
    trained(TopicModel, corpus, store, n_topics=3, **changes)
    assert kinds(store).count("matrix") == 2


def test_another_text_or_order_is_another_corpus(corpus, store):
    trained(TopicModel, corpus, store, n_topics=3)
    for n, other in enumerate([TEXTS[::-1], [*TEXTS[:-1], TEXTS[-1] + " غدا"]]):
        trained(TopicModel, topics.Corpus(map(topics.Article, other)), store, n_topics=3)
        assert kinds(store).count("analysis") == kinds(store).count("matrix") == n + 2


def test_a_title_that_is_the_first_line_counts_as_a_title(store):
    one = [topics.Article("نص واحد هنا", title="عنوان"), *map(topics.Article, TEXTS)]
    other = [topics.Article("عنوان\nنص واحد هنا"), *map(topics.Article, TEXTS)]
    assert keeping.texts_of(one) != keeping.texts_of(other)


def test_an_estimator_is_known_by_its_settings_its_matrix_and_its_labels(store):
    X = TermVectorizer(Analyzer(), min_df=1).fit_transform(TEXTS)
    Y = pd.DataFrame({"a": [n % 2 for n in range(40)]})
    kept = KeptSteps(store)
    kept.fit(ThemeClassifier(), X, Y)
    for estimator, matrix, labels in [
        (ThemeClassifier(C=1.0), X, Y),
        (ThemeClassifier(), X[:, :-1], Y),
        (ThemeClassifier(), X, 1 - Y),
        (ThemeClassifier(), X, Y.rename(columns={"a": "b"})),
    ]:
        kept.fit(estimator, matrix, labels)
    assert (kept.n_taken, kept.n_done) == (0, 5)
    again = kept.fit(ThemeClassifier(), X, Y)
    fresh = ThemeClassifier().fit(X, Y)
    assert np.array_equal(again.predict_proba(X), fresh.predict_proba(X))
    assert again.classes_.tolist() == fresh.classes_.tolist() == ["a"]


def test_an_lda_that_was_kept_transforms_as_one_that_was_fitted(store):
    X = TermVectorizer(weighting="counts", min_df=1).fit_transform(TEXTS)
    first, second = (KeptSteps(store).fit(LdaTopics(3), X) for _ in range(2))
    assert np.array_equal(first.transform(X), second.transform(X))
    assert second.n_features_in_ == X.shape[1]


def test_a_fit_that_warned_is_done_again_and_warns_again(store):
    X = TermVectorizer(min_df=1).fit_transform(TEXTS)
    Y = pd.DataFrame({"a": [int(n < 1) for n in range(40)]})
    for _ in range(2):
        with pytest.warns(FewPositives, match="theme a has 1 articles"):
            KeptSteps(store).fit(ThemeClassifier(), X, Y)
    assert kinds(store) == []


def test_a_fit_by_a_generator_of_random_numbers_is_simply_done(store):
    X = TermVectorizer(weighting="counts", min_df=1).fit_transform(TEXTS)
    KeptSteps(store).fit(LdaTopics(3, random_state=np.random.RandomState(0)), X)
    assert kinds(store) == []


def test_vectorizers_of_other_kinds_are_simply_fitted(store):
    X = KeptSteps(store).vectorize(CharVectorizer(), [topics.Article(text) for text in TEXTS])
    assert X.shape[0] == 40
    assert kinds(store) == []


def test_counts_and_mixtures_are_those_of_the_model(corpus, store):
    model, _ = trained(TopicModel, corpus, store, n_topics=3)
    others = [topics.Article("اجتمع المجلس"), topics.Article("")]
    for kept in (KeptSteps(store), KeptSteps(store), KeptSteps(NoStore())):
        assert (kept.counts(model.matrix, others) != model.matrix.transform(others)).nnz == 0
        assert np.array_equal(kept.mixtures(model, others), model.mixtures(others).iloc[:, 2:].to_numpy())
    assert kept_steps().counts(model.matrix, []).shape == (0, len(model.matrix.terms))


def test_a_value_that_came_with_a_warning_is_made_again(store):
    made = []

    def make():
        made.append(1)
        warnings.warn("beware", UserWarning, stacklevel=1)
        return {"x": 1}

    kept = KeptSteps(store)
    for _ in range(2):
        with pytest.warns(UserWarning, match="beware"):
            assert kept.value("scores", ["a"], make) == {"x": 1}
    assert len(made) == 2
    assert kept.value("scores", ["b"], lambda: {"x": 2}) == kept.value("scores", ["b"], make) == {"x": 2}


def test_steps_are_given_back_when_the_block_ends():
    before = steps()
    with taking(KeptSteps(NoStore())) as _:
        assert isinstance(steps(), KeptSteps)
    assert steps() is before
    assert type(before) is Steps


class Stop(Exception):
    pass


def a_start(n_terms):
    counts = np.random.default_rng(1).random((n_terms, 3)).astype(np.float32)
    totals = counts.sum(axis=0, dtype=np.float64)
    return {
        "counts": counts, "totals": totals, "alpha": np.full(3, 1 / 3), "perplexities": np.empty(0),
        "tokens": np.zeros(1),
    }  # fmt: skip


@pytest.mark.parametrize(("engine", "given"), [("fast", False), ("gensim", False), ("fast", True)])
def test_a_fit_goes_on_from_its_checkpoint_to_the_same_bits(store, tmp_path, monkeypatch, engine, given):
    """FAULTS.md 18; where a start is given, as anchors give one, the checkpoint comes before it."""
    X = TermVectorizer(weighting="counts", min_df=1).fit_transform(TEXTS)
    settings = {"engine": engine, "n_sweeps": 8, "tol": 0}
    start = {"state": a_start(X.shape[1])} if given else {}
    whole = LdaTopics(3, **settings).fit(X, **start)
    monkeypatch.setattr(keeping, "SECONDS", 0)
    monkeypatch.setattr(keeping, "SHARE", 0)
    checkpoints = Store(tmp_path / "checkpoint")
    put, seen = checkpoints.put, []

    def interrupted(kind, key, kept):
        put(kind, key, kept)
        seen.append(len(kept.arrays["perplexities"]))
        if len(seen) == 3:
            raise Stop

    monkeypatch.setattr(checkpoints, "put", interrupted)
    with pytest.raises(Stop):
        KeptSteps(store, checkpoints).fit(LdaTopics(3, **settings), X, **start)
    assert kinds(checkpoints) == ["state"]
    resumed = KeptSteps(store, checkpoints).fit(LdaTopics(3, **settings), X, **start)
    assert seen == [1, 2, 3, 4, 5, 6, 7, 8]
    assert np.array_equal(resumed.components_, whole.components_)
    assert np.array_equal(resumed.alpha_, whole.alpha_)
    assert kinds(checkpoints) == []


def test_a_signal_in_a_fit_waits_for_the_end_of_a_sweep_and_keeps_the_state(store, tmp_path):
    """FAULTS.md 19."""
    import signal

    X = TermVectorizer(weighting="counts", min_df=1).fit_transform(TEXTS)
    checkpoints = Store(tmp_path / "checkpoint")

    class Told(LdaTopics):
        def fit(self, X, y=None, state=None, on_sweep=None):
            signal.raise_signal(signal.SIGTERM)
            return super().fit(X, y, state, on_sweep)

    with pytest.raises(SystemExit) as stopped, stopping.terminable():
        KeptSteps(store, checkpoints).fit(Told(3), X)
    assert stopped.value.code == 143
    assert kinds(checkpoints) == ["state"]


def test_checkpoints_take_a_small_share_of_the_time(tmp_path, monkeypatch):
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    checkpoint = keeping.Checkpoint(Store(tmp_path), "key")
    assert not checkpoint.due()
    now[0] = keeping.SECONDS
    assert checkpoint.due()

    def slow(*_):
        now[0] += 3.0

    monkeypatch.setattr(checkpoint._store, "put", slow)
    checkpoint({})
    now[0] += 3.0 * keeping.SHARE - 0.1
    assert not checkpoint.due()
    now[0] += 0.2
    assert checkpoint.due()
