import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.estimators.folds import stratified_folds


@pytest.fixture
def labels():
    return np.random.default_rng(0).random((300, 4)) < [0.5, 0.2, 0.1, 0.02]


def test_every_fold_has_its_share_of_every_theme(labels):
    folds = stratified_folds(labels, 5)
    for theme in labels.T:
        share = np.bincount(folds[theme], minlength=5)
        assert share.max() - share.min() <= 2
    sizes = np.bincount(folds)
    assert sizes.max() - sizes.min() <= 4


def test_groups_stay_together(labels):
    groups = np.random.default_rng(1).integers(0, 60, 300)
    folds = stratified_folds(labels, 5, groups=groups)
    assert all(len(set(folds[groups == group])) == 1 for group in set(groups))
    assert np.bincount(folds).min() > 40


def test_groups_may_be_strings(labels):
    groups = np.random.default_rng(1).integers(0, 60, 300)
    named = [f"group {group:02d}" for group in groups]
    assert (stratified_folds(labels, 5, groups=named) == stratified_folds(labels, 5, groups=groups)).all()


def test_the_same_seed_gives_the_same_folds(labels):
    assert (stratified_folds(labels, 5) == stratified_folds(labels, 5)).all()
    assert (stratified_folds(labels, 5) != stratified_folds(labels, 5, random_state=1)).any()


@settings(deadline=None)
@given(st.integers(2, 6), st.integers(0, 20), st.integers(0, 3), st.integers(0, 99))
def test_no_fold_is_empty(n_folds, more, n_themes, seed):
    rng = np.random.default_rng(seed)
    labels = rng.random((n_folds + more, n_themes)) < 0.3
    folds = stratified_folds(labels, n_folds, random_state=seed)
    assert sorted(set(folds)) == list(range(n_folds))


def test_uneven_groups_still_fill_every_fold():
    groups = [0] * 90 + [1, 2, 3]
    assert set(stratified_folds(np.ones((93, 1)), 4, groups=groups)) == {0, 1, 2, 3}


@pytest.mark.parametrize("n_folds", [1, 4])
def test_more_folds_than_groups_are_refused(n_folds):
    with pytest.raises(ValueError, match="between 2 and the number of groups, 3"):
        stratified_folds(np.ones((4, 1)), n_folds, groups=[0, 0, 1, 2])


def test_groups_of_another_length_are_refused():
    with pytest.raises(ValueError, match="cannot go with 3 articles"):
        stratified_folds(np.ones((3, 1)), 2, groups=[0, 1])
