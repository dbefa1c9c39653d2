import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sklearn import metrics

from topics import evaluation
from topics.errors import TopicsError

THEMES = ["security", "migration", "sport"]


@pytest.fixture
def sorted_articles():
    rng = np.random.default_rng(7)
    truth = rng.random((300, 3)) < [0.4, 0.2, 0.1]
    chance = np.clip(0.35 * truth + 0.6 * rng.random((300, 3)), 0, 1).round(2)
    return truth, chance > 0.5, chance


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (evaluation.precision, metrics.precision_score),
        (evaluation.recall, metrics.recall_score),
        (evaluation.f1, metrics.f1_score),
    ],
)
def test_choices_are_scored_as_scikit_learn_does(sorted_articles, ours, theirs):
    truth, chosen, _ = sorted_articles
    assert ours(truth, chosen) == pytest.approx(theirs(truth, chosen, average=None))


def test_totals_are_scored_as_scikit_learn_does(sorted_articles):
    truth, chosen, _ = sorted_articles
    assert evaluation.macro_f1(truth, chosen) == pytest.approx(metrics.f1_score(truth, chosen, average="macro"))
    assert evaluation.subset_accuracy(truth, chosen) == pytest.approx(metrics.accuracy_score(truth, chosen))


def test_probabilities_are_scored_as_scikit_learn_does(sorted_articles):
    truth, _, chance = sorted_articles
    want = [metrics.average_precision_score(y, p) for y, p in zip(truth.T, chance.T, strict=True)]
    assert evaluation.average_precision(truth, chance) == pytest.approx(want)
    want = [metrics.brier_score_loss(y, p) for y, p in zip(truth.T, chance.T, strict=True)]
    assert evaluation.brier(truth, chance) == pytest.approx(want)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.5, 0.5, 0.9, 1.0])), min_size=2, max_size=30))
@settings(max_examples=100, deadline=None)
def test_average_precision_treats_ties_as_scikit_learn_does(pairs):
    truth, chance = np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])
    if truth.any():
        want = metrics.average_precision_score(truth, chance)
        assert evaluation.average_precision(truth[:, None], chance[:, None])[0] == pytest.approx(want)


def test_brier_skill_is_zero_for_the_base_rate_and_one_for_the_truth():
    truth = np.array([[1], [0], [0], [0]])
    assert evaluation.brier_skill(truth, truth)[0] == 1.0
    assert evaluation.brier_skill(truth, np.full((4, 1), 0.25))[0] == pytest.approx(0.0)
    assert evaluation.brier_skill(truth, np.full((4, 1), 0.9))[0] < 0
    assert evaluation.brier_skill(truth, np.full((4, 1), 0.5), base_rate=[0.5])[0] == pytest.approx(0.0)


def test_a_left_out_pair_counts_for_nothing_and_its_article_still_does():
    truth = np.array([[1, 0], [0, 1], [1, 1]])
    chosen = np.array([[1, 1], [0, 1], [1, 1]])
    contested = np.array([[0, 1], [0, 0], [0, 0]])
    assert evaluation.precision(truth, chosen)[1] == pytest.approx(2 / 3)
    assert evaluation.precision(truth, chosen, leave_out=contested) == pytest.approx([1.0, 1.0])
    assert evaluation.subset_accuracy(truth, chosen) == pytest.approx(2 / 3)
    assert evaluation.subset_accuracy(truth, chosen, leave_out=contested) == 1.0


@given(st.integers(0, 2**16))
@settings(max_examples=25, deadline=None)
def test_leaving_pairs_out_equals_removing_them(seed):
    rng = np.random.default_rng(seed)
    truth, chance, left = rng.random((40, 1)) < 0.4, rng.random((40, 1)), rng.random((40, 1)) < 0.3
    kept = ~left[:, 0]
    if truth[kept].any() and not truth[kept].all():
        for measure in (evaluation.average_precision, evaluation.brier, evaluation.brier_skill):
            assert measure(truth, chance, leave_out=left) == pytest.approx(measure(truth[kept], chance[kept]))


def test_lists_tables_and_sparse_matrices_are_read_alike(sorted_articles):
    truth, chosen, _ = sorted_articles
    want = evaluation.f1(truth, chosen)
    table = pd.DataFrame(truth, columns=THEMES)
    assert (evaluation.f1(table, csr_array(chosen)) == want).all()
    assert (evaluation.f1(truth.astype(int).tolist(), chosen) == want).all()


def test_confusion_and_cooccurrence_count_articles():
    table = evaluation.confusion(["sport", "none", "sport", "security"], ["sport", "none", "none", "security"])
    assert list(table.columns) == ["security", "sport", "none"]
    assert table.loc["sport", "none"] == 1
    assert table.to_numpy().sum() == 4
    together = evaluation.cooccurrence([[1, 1, 0], [1, 0, 0], [0, 0, 0]], themes=THEMES)
    assert together.loc["security", "migration"] == 1
    assert together.to_numpy().diagonal().tolist() == [2, 1, 0]
    assert evaluation.primary_accuracy(["sport", "none"], ["sport", "sport"]) == 0.5


@pytest.mark.parametrize(
    ("call", "cause"),
    [
        pytest.param(lambda: evaluation.f1([[0, 1]], [[0, 1]], themes=["أمن", "هجرة"]), "f1 of أمن", id="no article"),
        pytest.param(lambda: evaluation.precision([[1]], [[0]]), "no article was sorted", id="none sorted"),
        pytest.param(lambda: evaluation.recall([[0]], [[1]]), "no article carries", id="none carries"),
        pytest.param(lambda: evaluation.average_precision([[0], [0]], [[0.1], [0.2]]), "carries", id="order of none"),
        pytest.param(lambda: evaluation.brier_skill([[1], [1]], [[0.9], [0.8]]), "every one", id="all carry"),
        pytest.param(lambda: evaluation.brier([[1]], [[0.5]], leave_out=[[1]]), "left out", id="all left out"),
        pytest.param(lambda: evaluation.f1([1, 0], [1, 0]), "one column a theme", id="one axis"),
        pytest.param(lambda: evaluation.f1([[1, 0]], [[1]]), "shapes", id="shapes"),
        pytest.param(lambda: evaluation.f1([[2]], [[1]]), "holds 2", id="not an indicator"),
        pytest.param(lambda: evaluation.f1([["sport"]], [[1]]), "no number", id="labels"),
        pytest.param(lambda: evaluation.brier([[1]], [[1.5]]), "no probability", id="decision value"),
        pytest.param(lambda: evaluation.brier([[1]], [[float("nan")]]), "NaN", id="NaN"),
        pytest.param(lambda: evaluation.f1(np.zeros((0, 3)), np.zeros((0, 3))), "empty", id="empty"),
        pytest.param(lambda: evaluation.f1([[1]], [[1]], themes=["a", "b"]), "2 theme names for 1", id="names"),
        pytest.param(lambda: evaluation.primary_accuracy("sport", "sport"), "one string", id="string"),
        pytest.param(lambda: evaluation.primary_accuracy(["a"], ["a", "b"]), "1 true and 2", id="lengths"),
        pytest.param(lambda: evaluation.confusion(["a"], ["b"], order=["a"]), "leaves out b", id="order"),
    ],
)
def test_nonsense_is_refused_by_cause(call, cause):
    with pytest.raises(TopicsError, match=cause):
        call()
