import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from topics.errors import SettingsError, TopicsError, UnknownTerm
from topics.evaluation import Cooccurrence, c_v, diversity, exclusivity, npmi, umass

TERMS = ["كرة", "هدف", "شرطة", "قارب"]
COUNTS = [[2, 1, 0, 0], [1, 1, 0, 0], [0, 0, 3, 1], [0, 0, 1, 0], [0, 0, 0, 0]]


@pytest.fixture
def reference():
    return Cooccurrence(csr_array(COUNTS), TERMS)


def test_terms_that_are_never_apart_score_one_and_never_together_minus_one(reference):
    assert npmi([["كرة", "هدف"], ["كرة", "شرطة"]], reference) == pytest.approx([1.0, -1.0])


def test_npmi_is_what_the_formula_says(reference):
    joint, apart = 1 / 5, 2 / 5 * 1 / 5
    want = np.log(joint / apart) / -np.log(joint)
    assert npmi([["شرطة", "قارب"]], reference)[0] == pytest.approx(want)
    assert npmi([["كرة", "هدف", "شرطة"]], reference)[0] == pytest.approx((1 - 1 - 1) / 3)


def test_terms_in_every_article_are_never_apart():
    assert npmi([["أ", "ب"]], Cooccurrence([[1, 1], [2, 5]], ["أ", "ب"]))[0] == 1.0


def test_umass_counts_from_the_higher_ranked_term(reference):
    assert umass([["شرطة", "قارب"]], reference)[0] == pytest.approx(np.log((1 + 1) / 2))
    assert umass([["قارب", "شرطة"]], reference)[0] == pytest.approx(np.log((1 + 1) / 1))


def test_counts_of_zero_that_are_stored_do_not_occur():
    stored = csr_array(([1, 0], ([0, 1], [0, 1])), shape=(2, 2))
    assert Cooccurrence(stored, ["أ", "ب"]).vocabulary == {"أ"}
    assert stored.nnz == 2


@given(st.integers(0, 2**16))
@settings(max_examples=25, deadline=None)
def test_npmi_lies_within_its_bounds_and_ignores_order(seed):
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 3, (12, 5))
    counts[0] = 1
    names = list("ابجده")
    reference = Cooccurrence(counts, names)
    value = npmi([names], reference)[0]
    assert -1 - 1e-12 <= value <= 1 + 1e-12
    assert npmi([names[::-1]], reference)[0] == pytest.approx(value)


def test_the_reference_says_what_it_is(reference):
    assert repr(reference) == "Cooccurrence(4 terms in 5 articles)"
    assert reference.together(["كرة", "هدف"]).tolist() == [[2, 2], [2, 2]]


def test_c_v_prefers_terms_that_share_articles():
    texts = [["كرة", "هدف", "مباراة"], ["شرطة", "سرقة", "محكمة"]] * 10
    good, bad = c_v([["كرة", "هدف", "مباراة"], ["كرة", "سرقة", "هدف"]], texts)
    assert 0 < bad < good <= 1 + 1e-6


def test_exclusivity_runs_from_shared_to_own():
    own, shared = [[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]], [[0.25] * 4, [0.25] * 4]
    assert exclusivity(own, n=2) == pytest.approx([1.0, 1.0])
    assert exclusivity(shared, n=2) == pytest.approx([0.5, 0.5])
    assert exclusivity(np.array(own) * 1000, n=2) == pytest.approx([1.0, 1.0])


def test_diversity_is_the_share_of_distinct_terms():
    assert diversity([["كرة", "هدف"], ["شرطة", "قارب"]]) == 1.0
    assert diversity([["كرة", "هدف"], ["كرة", "هدف"]]) == 0.5


@pytest.mark.parametrize(
    ("call", "cause"),
    [
        pytest.param(lambda r: npmi([["كرة", "سلام"]], r), "1 terms never occur .* سلام", id="unknown"),
        pytest.param(lambda r: npmi([["كرة"]], r), "at least 2", id="one term"),
        pytest.param(lambda r: npmi([["كرة", "كرة"]], r), "twice", id="repeat"),
        pytest.param(lambda r: npmi(["كرة", "هدف"], r), "not strings", id="strings"),
        pytest.param(lambda r: npmi([], r), "empty", id="nothing"),
        pytest.param(lambda r: c_v([["كرة", "هدف"]], [[]]), "no term", id="no texts"),
        pytest.param(lambda r: c_v([["كرة", "هدف"]], [["كرة"]]), "never occur", id="unknown to texts"),
        pytest.param(lambda r: c_v([["كرة", "هدف"]], [["كرة", "هدف"]], window=1), "window", id="window"),
        pytest.param(lambda r: exclusivity([[0.5, 0.5]], n=3), "2 terms", id="too many"),
        pytest.param(lambda r: exclusivity([[0.5, -0.5]], n=1), "not negative", id="negative"),
        pytest.param(lambda r: exclusivity([[0.0, 0.0]], n=1), "all zero", id="empty topic"),
        pytest.param(lambda r: Cooccurrence([[1, 2]], ["أ"]), "one column a term", id="columns"),
        pytest.param(lambda r: Cooccurrence([[1, 2]], ["أ", "أ"]), "twice", id="names"),
        pytest.param(lambda r: Cooccurrence(np.zeros((0, 1)), ["أ"]), "no article", id="no articles"),
    ],
)
def test_nonsense_is_refused_by_cause(reference, call, cause):
    with pytest.raises(TopicsError, match=cause):
        call(reference)


def test_unknown_terms_and_wrong_settings_are_told_apart(reference):
    with pytest.raises(UnknownTerm):
        npmi([["كرة", "سلام"]], reference)
    with pytest.raises(SettingsError):
        npmi([["كرة"]], reference)
