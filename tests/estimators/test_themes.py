import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.metrics import f1_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from topics.estimators import FewPositives, ThemeClassifier, calibrate, decision_values
from topics.estimators import themes as module
from topics.estimators.calibration import f1_threshold, joint_thresholds

FOLDS = "an article of weight 2 is in one fold, an article given twice may be in two: other values out of fold"
KNOWN = {
    ThemeClassifier: {
        "check_sample_weight_equivalence_on_dense_data": FOLDS,
        "check_sample_weight_equivalence_on_sparse_data": FOLDS,
        "check_class_weight_classifiers": "probabilities are those of the articles as given: "
        "calibration undoes what class_weight does to the linear model",
    }
}


@pytest.mark.filterwarnings("ignore::topics.estimators.themes.FewPositives")
@parametrize_with_checks(
    [ThemeClassifier(), ThemeClassifier(loss="logistic", folds=3)],
    expected_failed_checks=lambda estimator: KNOWN.get(type(estimator), {}),
)
def test_behaves_like_an_estimator(estimator, check):
    check(estimator)


def news(n=400, seed=0, rates=(0.3, 0.2, 0.1), n_terms=300):
    """Articles of themes that each have ten words of their own, as unit rows."""
    rng = np.random.default_rng(seed)
    labels = rng.random((n, len(rates))) < rates
    chance = np.full((n, n_terms), 0.05)
    for theme, flags in enumerate(labels.T):
        chance[:, theme * 10 : theme * 10 + 10] += 0.35 * flags[:, None]
    words = (rng.random((n, n_terms)) < chance).astype(float)
    return csr_matrix(words / np.sqrt(words.sum(axis=1, keepdims=True) + 1e-9)), labels.astype(int)


@pytest.fixture(scope="module")
def trained():
    X, Y = news()
    return ThemeClassifier().fit(X, Y)


def test_finds_several_themes_and_none(trained):
    X, Y = news(seed=1)
    predicted = trained.predict(X)
    assert f1_score(Y, predicted, average="macro") > 0.75
    assert {0, 1, 2} <= set(predicted.sum(axis=1))


def test_an_article_without_a_known_word_carries_none(trained):
    assert trained.predict(csr_matrix((1, 300))).tolist() == [[0, 0, 0]]
    assert np.isfinite(trained.predict_proba(csr_matrix((1, 300)))).all()


def test_probabilities_are_calibrated(trained):
    X, Y = news(4000, seed=2)
    probability = trained.predict_proba(X)
    for theme in range(3):
        sure = probability[:, theme] > 0.5
        assert probability[sure, theme].mean() == pytest.approx(Y[sure, theme].mean(), abs=0.1)
        assert probability[:, theme].mean() == pytest.approx(Y[:, theme].mean(), abs=0.03)


@pytest.mark.parametrize("loss", ["squared_hinge", "logistic"])
def test_learnt_arrays_predict_without_scikit_learn_bit_for_bit(loss):
    X, Y = news()
    model = ThemeClassifier(loss=loss).fit(X, Y)
    assert model.coef_.flags.c_contiguous
    assert model.coef_.dtype == model.slope_.dtype == np.float64
    decision = decision_values(X, model.coef_, model.intercept_)
    probability = calibrate(decision, model.slope_, model.offset_)
    assert (decision == model.decision_function(X)).all()
    assert (probability == model.predict_proba(X)).all()
    assert ((probability >= model.thresholds_) == model.predict(X)).all()


def test_few_terms_are_solved_in_the_primal():
    X, Y = news(n_terms=30)
    assert f1_score(Y, ThemeClassifier().fit(X, Y).predict(X), average="macro") > 0.6


def test_out_of_fold_probabilities_come_from_models_that_did_not_see_the_article():
    X, Y = news()
    model = ThemeClassifier().fit(X, Y)
    fold = model.folds_ == 0
    # Other labels inside the fold change nothing for its own articles but the folds themselves.
    spoilt = Y.copy()
    spoilt[fold] = spoilt[fold][::-1]
    same = ThemeClassifier()
    same.classes_, same._seed, same._single, same.n_iter_ = model.classes_, model._seed, False, 0
    before = same._linear_models(X[~fold], Y[~fold].astype(bool), np.ones((~fold).sum()))
    after = same._linear_models(X[~fold], spoilt[~fold].astype(bool), np.ones((~fold).sum()))
    assert (before[0] == after[0]).all()
    slope, offset = module.platt(*_held_out(model, X, Y, fold))
    values = decision_values(X[fold], *before)[:, 0]
    assert model.out_of_fold_[fold, 0] == pytest.approx(module.sigmoid(values * slope + offset), rel=1e-12)


def _held_out(model, X, Y, left_out):
    """Out-of-fold values of the first theme, without those of one fold."""
    values = np.empty(len(Y))
    for fold in range(5):
        test = model.folds_ == fold
        part = model._linear_models(X[~test], Y[~test].astype(bool), np.ones((~test).sum()))
        values[test] = decision_values(X[test], *part)[:, 0]
    return values[~left_out], Y[~left_out, 0].astype(bool), np.ones((~left_out).sum())


def test_near_duplicates_stay_in_one_fold():
    X, Y = news(200)
    twice, labels = csr_matrix(np.vstack([X.toarray()] * 2)), np.vstack([Y] * 2)
    groups = np.tile(np.arange(200), 2)
    model = ThemeClassifier().fit(twice, labels, groups=groups)
    assert (model.folds_[:200] == model.folds_[200:]).all()
    apart = ThemeClassifier().fit(twice, labels)
    honest = f1_score(labels, model.out_of_fold_ >= model.thresholds_, average="macro")
    assert f1_score(labels, apart.out_of_fold_ >= apart.thresholds_, average="macro") > honest


@pytest.mark.parametrize("n_positive", [0, 1, 2])
def test_a_theme_with_too_few_articles_gives_its_base_rate_and_is_named(n_positive):
    X, Y = news()
    Y[:, 2] = np.arange(400) < n_positive
    table = pd.DataFrame(Y, columns=["sport", "security", "migration"])
    with pytest.warns(FewPositives, match=f"theme migration has {n_positive} articles with it") as caught:
        model = ThemeClassifier().fit(X, table)
    assert caught[0].filename == __file__
    assert model.classes_.tolist() == ["sport", "security", "migration"]
    assert model.calibrated_.tolist() == [True, True, False]
    probability = model.predict_proba(X)[:, 2]
    assert (probability == probability[0]).all()
    assert probability[0] == pytest.approx((n_positive + 1) / 402)
    assert not model.predict(X)[:, 2].any()
    assert model.coef_[2].any() == (n_positive > 0)
    assert np.isfinite(model.out_of_fold_).all()


def test_a_theme_that_every_article_carries_is_given_to_all():
    X, Y = news()
    Y[:, 0] = 1
    with pytest.warns(FewPositives, match="theme 0 has 0 articles without it"):
        model = ThemeClassifier().fit(X, Y)
    assert model.predict(X)[:, 0].all()


def test_copies_of_one_article_are_one_article():
    X, Y = news()
    Y[:, 2] = np.arange(400) < 6
    groups = np.where(Y[:, 2] == 1, 0, np.arange(400))
    with pytest.warns(FewPositives, match="theme 2 has 1 articles with it"):
        ThemeClassifier().fit(X, Y, groups=groups)


def test_a_theme_of_noise_gives_its_base_rate():
    rng = np.random.default_rng(0)
    X, _ = news(300)
    model = ThemeClassifier().fit(X, (rng.random((300, 1)) < 0.3).astype(int))
    assert np.isfinite(model.predict_proba(X)).all()
    assert 0 < model.thresholds_[0] < 1


def test_one_column_of_ones_and_zeros_is_one_theme():
    X, Y = news()
    assert ThemeClassifier().fit(X, Y[:, :1]).predict(X).shape == (400, 1)
    assert ThemeClassifier().fit(X, csr_matrix(Y[:, :1])).predict(X).shape == (400, 1)


def test_sparse_and_dense_input_give_the_same_model():
    X, Y = news(100)
    sparse, dense = ThemeClassifier().fit(X, csr_matrix(Y)), ThemeClassifier().fit(X.toarray(), Y.tolist())
    assert (sparse.coef_ == dense.coef_).all()
    assert (sparse.predict_proba(X) == dense.predict_proba(X.toarray())).all()


def test_thresholds_are_chosen_together_where_every_article_carries_one_theme():
    X, Y = news(rates=(0.3, 0.3, 0.3))
    one = Y.sum(axis=1) == 1
    X, Y = X[one], Y[one]
    model = ThemeClassifier().fit(X, Y)
    assert model.thresholds_ == pytest.approx(
        joint_thresholds(model.out_of_fold_, Y == 1, _own(model, Y), np.ones(len(Y)))
    )
    Y[0] = 0
    model = ThemeClassifier().fit(X, Y)
    assert model.thresholds_ == pytest.approx(_own(model, Y))


def _own(model, Y):
    pairs = zip(model.out_of_fold_.T, Y.T == 1, strict=True)
    return np.array([f1_threshold(probability, positive, np.ones(len(Y))) for probability, positive in pairs])


def test_single_labels_come_back_as_labels():
    X, Y = news(rates=(0.4, 0.3))
    names = np.array(["رياضة", "أمن", "هجرة", "هجرة"])[Y @ [1, 2]]
    model = ThemeClassifier().fit(X, names)
    assert set(model.predict(X)) <= set(names)
    assert (model.predict(X) == names).mean() > 0.6
    np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        pytest.param(["a"] * 400, "1 class", id="one class"),
        pytest.param([None, "a"] * 200, "Unknown label type", id="a label is missing"),
        pytest.param(np.full((400, 2), 2), "0 and 1 only", id="counts"),
        pytest.param([0.5, 0.7] * 200, "Unknown label type", id="numbers that are no labels"),
        pytest.param(None, "requires y", id="no labels"),
        pytest.param(np.zeros((399, 2)), "inconsistent", id="another length"),
    ],
)
def test_labels_that_cannot_be_meant_are_refused(labels, message):
    with pytest.raises(ValueError, match=message):
        ThemeClassifier().fit(news()[0], labels)


def pools(n_terms=300):
    """The ten words of each of three themes, and ten words that few articles hold, with those of the first."""
    matrix = np.zeros((3, n_terms))
    for theme in range(3):
        matrix[theme, theme * 10 : theme * 10 + 10] = 1
    matrix[0, 290:] = 1
    return matrix


def test_terms_of_a_pool_share_a_weight_so_a_word_never_met_is_judged_by_its_kind():
    X, Y = news()
    X = X.toarray()
    X[:, 290:] = 0
    plain, pooled = (ThemeClassifier().fit(X, Y, pools=given).coef_[:, 295] for given in (None, pools()))
    assert not plain.any()
    assert pooled[0] > 3 * max(abs(pooled[1:]))


def test_a_shared_weight_is_part_of_the_coefficients_and_nothing_else_is_kept():
    X, Y = news()
    model = ThemeClassifier().fit(X, Y, pools=csr_matrix(pools()))
    assert model.coef_.shape == (3, 300)
    np.testing.assert_array_equal(model.decision_function(X), decision_values(X, model.coef_, model.intercept_))
    assert "_pools" not in vars(model)


def test_a_pool_of_one_term_that_hardly_shares_changes_little_and_none_changes_nothing():
    X, Y = news()
    plain = ThemeClassifier().fit(X, Y)
    for other in (ThemeClassifier(pooling=0).fit(X, Y, pools=pools()), ThemeClassifier().fit(X, Y, pools=0 * pools())):
        np.testing.assert_array_equal(other.coef_, plain.coef_)
    faint = ThemeClassifier(pooling=1e-4).fit(X, Y, pools=pools())
    np.testing.assert_allclose(faint.coef_, plain.coef_, atol=1e-3)


def test_few_labels_teach_more_where_the_words_of_a_theme_are_named():
    X, Y = news(n=60, seed=3)
    Z, W = news(n=600, seed=4)
    plain, pooled = (
        f1_score(W, ThemeClassifier().fit(X, Y, pools=given).predict(Z), average="macro") for given in (None, pools())
    )
    assert pooled > plain


def test_pools_of_other_terms_are_refused():
    X, Y = news()
    with pytest.raises(ValueError, match="pools are of 299 terms, but X has 300"):
        ThemeClassifier().fit(X, Y, pools=pools()[:, 1:])


@pytest.mark.parametrize("settings", [{"loss": "hinge"}, {"folds": 1}, {"pooling": -1.0}])
def test_settings_that_cannot_be_meant_are_refused(settings):
    with pytest.raises(ValueError, match=next(iter(settings))):
        ThemeClassifier(**settings).fit(*news(50))


def test_all_articles_in_one_group_are_refused():
    with pytest.raises(ValueError, match="2 groups or more"):
        ThemeClassifier().fit(*news(50), groups=np.zeros(50))


def test_all_articles_identical_gives_finite_figures():
    X = csr_matrix(np.full((20, 3), 0.5))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FewPositives)
        model = ThemeClassifier().fit(X, np.arange(40).reshape(20, 2) % 2)
    assert np.isfinite(model.predict_proba(X)).all()


def test_a_costly_label_is_weighed_up():
    X, Y = news(rates=(0.3,))
    cheap = ThemeClassifier(class_weight={0: 1, 1: 1}).fit(X, Y[:, 0])
    costly = ThemeClassifier(class_weight={0: 1, 1: 10}).fit(X, Y[:, 0])
    assert costly.intercept_[0] > cheap.intercept_[0]


def test_memory_that_runs_out_is_not_hidden(monkeypatch):
    def broken(*_args, **_kwargs):
        raise MemoryError

    monkeypatch.setattr(module, "platt", broken)
    with pytest.raises(MemoryError):
        ThemeClassifier().fit(*news(100))


def test_a_clone_learns_the_same(trained):
    X, Y = news()
    again = clone(trained).fit(X, Y)
    assert (again.coef_ == trained.coef_).all()
    assert (again.thresholds_ == trained.thresholds_).all()


SCRIPT = """
import sys, hashlib, numpy as np
sys.path.insert(0, sys.argv[1])
from test_themes import news
from topics.estimators import ThemeClassifier
for loss in ("squared_hinge", "logistic"):
    for n_terms in (30, 12_000):
        model = ThemeClassifier(loss=loss).fit(*news(n_terms=n_terms))
        arrays = [model.coef_, model.intercept_, model.slope_, model.offset_, model.thresholds_]
        print(hashlib.sha256(b"".join(a.tobytes() for a in arrays)).hexdigest())
"""


@pytest.mark.slow
def test_threads_and_hash_seeds_change_no_bit():
    folder = __file__.rpartition("/")[0]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT, folder],
            env={"PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": threads, "PATH": ""},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed, threads in [("0", "1"), ("1", "2")]
    }
    assert len(outputs) == 1
