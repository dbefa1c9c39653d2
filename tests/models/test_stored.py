"""Arrays of a bundle whose hashes are good are still looked at before a compiled loop gets them."""

from __future__ import annotations

import numpy as np
import pytest

from topics.errors import BundleError
from topics.models.stored import POSITIVE, checked_array
from topics.models.themes import ThemeModel


def test_an_array_within_bounds_is_given_back_as_it_is():
    array = np.array([0.5, 2.0], np.float32)
    assert checked_array({"alpha": array}, "alpha", (2,), POSITIVE) is array
    assert checked_array({"idf": np.zeros(0)}, "idf", (0,)).size == 0


@pytest.mark.parametrize(
    ("array", "why"),
    [
        (None, "is missing"),
        (np.ones(3), r"has the shape \(3,\)"),
        (np.ones((2, 1)), "has the shape"),
        (np.ones(2, bool), "holds bool, no floating numbers"),
        (np.ones(2, np.int64), "holds int64"),
        (np.array([1.0, 0.0]), "numbers outside"),
        (np.array([1.0, -3.0]), "numbers outside"),
        (np.array([1.0, 1e300]), "numbers outside"),
        (np.array([1.0, np.nan]), "numbers outside"),
    ],
)
def test_numbers_that_no_training_leaves_are_refused_by_name(array, why):
    arrays = {} if array is None else {"alpha": array}
    with pytest.raises(BundleError, match=f"'alpha' .*{why}.*save the model again"):
        checked_array(arrays, "alpha", (2,), POSITIVE)


@pytest.mark.parametrize("threshold", [0.0, 1.0, -0.5])
def test_a_threshold_is_a_probability_short_of_sure(threshold):
    arrays = {name: np.ones(1) for name in ("intercept", "slope", "offset")}
    arrays |= {"coef": np.ones((1, 1)), "idf": np.ones(1), "thresholds": np.array([threshold])}
    settings = {
        "themes": {"sport": {}},
        "training": {},
        "text": {},
        "terms": {"weighting": "tfidf", "sublinear_tf": True, "title_weight": 1},
    }
    with pytest.raises(BundleError, match="'thresholds' holds numbers outside"):
        ThemeModel.from_members(settings, arrays, ["كرة"], {"frequencies": {}, "spellings": {}}, "c0ffee")
