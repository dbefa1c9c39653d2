from __future__ import annotations

import pytest

from topics.errors import SettingsError
from topics.experiments.combining import combine
from topics.experiments.settings import Experiment

BASE = {"name": "x", "corpus": {"path": "demo"}, "topics": {"n_topics": 2}}


def combined(sweep, changes=None):
    return combine(BASE | {"sweep": sweep}, changes)


def test_each_value_goes_with_each_in_order():
    base, found = combined({"topics.n_topics": [10, 20], "random_state": [0, 1]})
    assert base == Experiment.of(BASE)
    assert [one.values for one in found] == [
        {"topics.n_topics": 10, "random_state": 0},
        {"topics.n_topics": 10, "random_state": 1},
        {"topics.n_topics": 20, "random_state": 0},
        {"topics.n_topics": 20, "random_state": 1},
    ]
    assert [(one.settings.topics.n_topics, one.settings.random_state) for one in found] == [
        (10, 0), (10, 1), (20, 0), (20, 1),
    ]  # fmt: skip


def test_names_may_stand_with_and_without_quotes():
    assert combined({"topics": {"n_topics": [3]}, "terms.min_df": [1]})[1][0].values == {
        "topics.n_topics": 3, "terms.min_df": 1,
    }  # fmt: skip


def test_without_a_sweep_there_are_no_combinations():
    assert combine(BASE) == (Experiment.of(BASE), [])


def test_a_setting_that_is_a_list_takes_lists():
    assert combined({"topics.ngrams": [[1, 1], [1, 2]]})[1][1].settings.topics.ngrams == [1, 2]


def test_changes_reach_the_base_and_the_sweep():
    _, found = combined({"topics.n_topics": [10]}, {"random_state": 7, "sweep.topics.eta": [0.1, 0.2]})
    assert [(one.settings.random_state, one.settings.topics.eta) for one in found] == [(7, 0.1), (7, 0.2)]
    assert combine(BASE | {"sweep": {"topics.n_topics": [1]}}, {"sweep": None})[1] == []


@pytest.mark.parametrize(
    ("sweep", "message"),
    [
        ({}, "is empty"),
        ([1], "sweep is a section"),
        ({"topics.n_topics": 10}, "is a list of values"),
        ({"topics.n_topics": []}, "is a list of values"),
        ({"topics.n_topics": [10, 10]}, "has a combination twice"),
        ({"topics.n_topic": [10]}, r"\[sweep\] \[topics\] has no setting 'n_topic'; did you mean n_topics"),
        ({"topics.n_topics": [0]}, r"\[topics\] n_topics cannot be 0"),
        ({"name": ["a", "b"]}, "cannot change name"),
        ({"random_state": list(range(40)), "topics.n_topics": list(range(1, 40))}, "1,560 combinations"),
    ],
)
def test_what_cannot_be_meant_is_told(sweep, message):
    with pytest.raises(SettingsError, match=message):
        combined(sweep)


def test_one_experiment_has_no_sweep():
    with pytest.raises(SettingsError, match="makes many experiments of one"):
        Experiment.of(BASE | {"sweep": {"topics.n_topics": [1]}})
