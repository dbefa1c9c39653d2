import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from topics.errors import TopicsError
from topics.evaluation import jaccard, match_topics, rank_biased_overlap, similarity, stability

MEASURES = ["overlap", "cosine", "js"]


def topics_of(seed, n_topics=4, n_terms=30):
    return np.random.default_rng(seed).dirichlet(np.full(n_terms, 0.1), n_topics)


@pytest.mark.parametrize("measure", MEASURES)
@given(seed=st.integers(0, 2**16), order=st.permutations(range(4)))
@settings(max_examples=15, deadline=None)
def test_a_shuffled_model_is_matched_back(measure, seed, order):
    topics = topics_of(seed)
    table = match_topics(topics, topics[list(order)], measure=measure)
    assert [order[b] for b in table["b"]] == [0, 1, 2, 3]
    assert table["similarity"].to_numpy() == pytest.approx(np.ones(4))


@pytest.mark.parametrize("measure", MEASURES)
def test_similarity_is_symmetric_and_within_0_and_1(measure):
    a, b = topics_of(0), topics_of(1, n_topics=6)
    found = similarity(a, b, measure=measure)
    assert found.shape == (4, 6)
    assert found == pytest.approx(similarity(b, a, measure=measure).T)
    assert found.min() >= 0
    assert found.max() <= 1


def test_overlap_and_js_are_what_their_formulas_say():
    a, b = topics_of(0), topics_of(1)
    assert similarity(a, b)[1, 2] == pytest.approx(np.minimum(a[1], b[2]).sum())
    assert similarity(a, b, measure="js")[1, 2] == pytest.approx(1 - jensenshannon(a[1], b[2], base=2) ** 2)
    assert similarity(1000 * a, b)[1, 2] == pytest.approx(similarity(a, b)[1, 2])


def test_models_of_different_sizes_leave_topics_over():
    topics = topics_of(0)
    assert match_topics(topics[[2, 0]], topics)["b"].tolist() == [2, 0]


def test_the_whole_matching_is_best_not_each_pair():
    a = np.array([[0.6, 0.4, 0.0], [0.5, 0.0, 0.5]])
    b = np.array([[0.6, 0.4, 0.0], [0.2, 0.8, 0.0]])
    assert match_topics(a, b)["similarity"].sum() == pytest.approx(max(1.0 + 0.2, 0.6 + 0.5))


def test_lists_of_terms_are_compared_with_and_without_rank():
    assert jaccard(["كرة", "هدف"], ["هدف", "كرة"]) == 1.0
    assert jaccard(["كرة", "هدف"], ["كرة", "شرطة"]) == pytest.approx(1 / 3)
    assert rank_biased_overlap(["كرة", "هدف"], ["كرة", "هدف"]) == pytest.approx(1.0)
    assert rank_biased_overlap(["كرة", "هدف"], ["شرطة", "قارب"]) == 0.0
    first = rank_biased_overlap(["كرة", "هدف", "نادي"], ["كرة", "شرطة", "قارب"])
    last = rank_biased_overlap(["هدف", "نادي", "كرة"], ["شرطة", "قارب", "كرة"])
    assert first > last > 0


@given(st.permutations(list("ابجدهوزح")), st.floats(0.1, 0.99))
def test_rank_biased_overlap_is_symmetric_and_within_0_and_1(order, persistence):
    terms = list("ابجدهوزح")
    value = rank_biased_overlap(terms, order, persistence=persistence)
    assert 0 <= value <= 1 + 1e-12
    assert value == pytest.approx(rank_biased_overlap(order, terms, persistence=persistence))


def test_equal_runs_are_stable_and_unlike_runs_are_not():
    topics = topics_of(0)
    same = stability([topics, topics[::-1], topics])
    assert same.score[:3] == pytest.approx((1, 1, 1))
    assert (same.topics["recurrence"] == 1).all()
    assert same.topics["terms"].to_numpy() == pytest.approx(np.ones(4))
    other = stability([topics_of(seed) for seed in range(5)])
    assert other.score.high < 0.5
    assert other.score.low < other.score.mean < other.score.high
    assert other.score.n == 5
    assert other.pairs.shape == (5, 5)
    assert np.allclose(other.pairs, other.pairs.T)


def test_one_topic_that_comes_and_goes_is_told_from_those_that_stay():
    topics = topics_of(0)
    changed = topics.copy()
    changed[3] = topics_of(9)[0]
    table = stability([topics, topics, changed, topics]).topics
    assert table["recurrence"].tolist() == pytest.approx([1, 1, 1, 2 / 3])
    assert table["topic"].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("call", "cause"),
    [
        pytest.param(lambda: match_topics([[1.0, 0]], [[1.0]]), "one vocabulary", id="vocabulary"),
        pytest.param(lambda: similarity([[1.0]], [[1.0]], measure="euclid"), "choose", id="measure"),
        pytest.param(lambda: similarity([[0.0]], [[1.0]]), "all zero", id="zero"),
        pytest.param(lambda: rank_biased_overlap(["أ"], ["أ", "ب"]), "same length", id="lengths"),
        pytest.param(lambda: rank_biased_overlap(["أ"], ["أ"], persistence=1), "persistence", id="persistence"),
        pytest.param(lambda: stability([[[1.0]], [[1.0]]]), "at least three", id="two runs"),
        pytest.param(lambda: stability([[[1.0]], [[1.0]], [[1.0], [1.0]]]), "differ", id="shapes"),
    ],
)
def test_nonsense_is_refused_by_cause(call, cause):
    with pytest.raises(TopicsError, match=cause):
        call()
