import numpy as np
import pytest
from planted_topics import articles_of, digest, overlap, planted

from topics.estimators import LdaTopics, stochastic, sweeps

SMALL = 20_000  # bytes: less than the shares of the planted articles take


def test_topics_hold_every_token_in_the_end():
    counts, _ = planted()
    model = LdaTopics(5, eta=0.01).fit(counts)
    assert model.components_.sum() == pytest.approx(counts.sum() + 0.01 * model.components_.size, rel=1e-5)


def test_anchors_count_beside_the_tokens():
    counts, _ = planted()
    prior = np.zeros((5, 400))
    prior[2, :6] = 50.0
    model = LdaTopics(5, topic_prior=prior).fit(counts)
    assert model.components_.sum() == pytest.approx(counts.sum() + 300 + 0.01 * 2000, rel=1e-5)
    assert (model.components_[2, :6] >= 50).all()


def test_threads_change_no_bit_of_a_training_in_parts(monkeypatch):
    monkeypatch.setattr(sweeps, "PAIRS_A_TERM", 2)
    counts, _ = planted()
    one = LdaTopics(5, n_sweeps=6).fit(counts)
    assert digest(LdaTopics(5, n_sweeps=6, n_jobs=4).fit(counts)) == digest(one)


def test_no_tolerance_leaves_the_end_to_the_number_of_sweeps():
    counts, _ = planted()
    assert LdaTopics(5, n_sweeps=40, tol=0).fit(counts).n_iter_ == 40


def test_parts_cost_no_quality(monkeypatch):
    counts, topics = planted(600)
    monkeypatch.setattr(sweeps, "PAIRS_A_TERM", 2)
    assert overlap(LdaTopics(5).fit(counts).topic_term_, topics) > 0.85


def test_other_articles_start_from_the_topics_of_a_state():
    counts, topics = planted(600)
    states = []
    LdaTopics(5).fit(counts, on_sweep=states.append)
    more = articles_of(topics, 60, np.random.default_rng(9))
    warm = LdaTopics(5, n_sweeps=1).fit(more, state=states[-1])
    assert overlap(warm.topic_term_, topics) > overlap(LdaTopics(5, n_sweeps=1).fit(more).topic_term_, topics)
    # Its topics are of its own articles alone, and where the state had them.
    assert warm.components_.sum() == pytest.approx(more.sum() + 0.01 * 2000, rel=1e-4)
    shared = np.minimum(warm.topic_term_, states[-1]["counts"].T / states[-1]["totals"][:, None]).sum(axis=1)
    assert (shared > 0.4).all()


def test_a_model_that_was_fitted_learns_more():
    counts, topics = planted(600)
    more = articles_of(topics, 300, np.random.default_rng(9))
    model = LdaTopics(5).fit(counts)
    before = model.topic_term_
    model.partial_fit(more)
    assert overlap(model.topic_term_, topics) > 0.8
    # In the same places: it went on, and did not start anew.
    assert np.minimum(before, model.topic_term_).sum(axis=1).min() > 0.6
    assert model.components_.sum() == pytest.approx(counts.sum() + more.sum(), rel=0.05)


def test_little_memory_gives_minibatches_and_the_same_topics(monkeypatch):
    counts, topics = planted(600)
    sizes = []
    step = stochastic._Training.step
    monkeypatch.setattr(
        stochastic._Training,
        "step",
        lambda self, batch, *rest: (sizes.append(batch.n_pairs), step(self, batch, *rest))[1],
    )
    model = LdaTopics(5, memory=SMALL * 5).fit(counts)
    assert max(sizes) * 5 * 4 <= SMALL * 5 / 2
    assert len(sizes) > 3 * model.n_iter_
    assert overlap(model.topic_term_, topics) > 0.8
    assert model.components_.sum() == pytest.approx(counts.sum(), rel=0.05)
    sizes.clear()
    LdaTopics(5, memory="1GiB").fit(counts)
    assert not sizes


@pytest.mark.parametrize("after", [1, 2])
def test_a_training_by_minibatches_resumes_to_the_same_bits(after):
    counts, _ = planted()
    options = {"n_topics": 5, "memory": SMALL * 5, "n_sweeps": 4, "tol": 0}
    states = []
    whole = LdaTopics(**options).fit(counts, on_sweep=states.append)
    assert "shares" not in states[0]
    assert digest(LdaTopics(**options).fit(counts, state=states[after - 1])) == digest(whole)
    assert digest(LdaTopics(**options, n_jobs=3).fit(counts)) == digest(whole)


@pytest.mark.parametrize("n_topics", [1, 12])
@pytest.mark.parametrize(
    "counts", [np.ones((30, 1)), np.zeros((10, 8)), np.vstack([np.eye(8), np.zeros((4, 8))]), np.full((40, 8), 0.5)]
)
def test_odd_corpora_give_finite_results_by_minibatches(counts, n_topics):
    model = LdaTopics(n_topics, n_sweeps=3, memory=64).fit(counts)
    assert np.isfinite(model.components_).all()
    assert np.isfinite(model.partial_fit(counts).components_).all()
    np.testing.assert_allclose(model.transform(counts).sum(axis=1), 1)


def test_what_on_sweep_was_given_stays_as_it_was():
    counts, _ = planted()
    states = []
    LdaTopics(5, n_sweeps=3, tol=0).fit(counts, on_sweep=states.append)
    assert not any(np.shares_memory(states[0][name], states[1][name]) for name in states[0] if name != "articles")
    assert (states[0]["shares"] != states[2]["shares"]).any()


@pytest.mark.slow
def test_planted_topics_are_found_in_most_seeds():
    found = []
    for seed in range(10):
        counts, topics = planted(1500, 15, 2000, seed)
        found.append(overlap(LdaTopics(15, random_state=seed).fit(counts).topic_term_, topics))
    assert np.mean(found) > 0.9


def test_long_steps_lose_no_token_and_leave_no_count_below_zero():
    counts, _ = planted(600)
    model = LdaTopics(5, n_sweeps=30, tol=0).fit(counts)
    assert model.components_.min() > 0
    assert model.components_.sum() == pytest.approx(counts.sum() + 0.01 * 2000, rel=1e-5)


def test_eta_is_learnt_of_the_topics():
    counts, topics = planted(2000)
    model = LdaTopics(5, eta="auto").fit(counts)
    assert model.eta_ == pytest.approx(0.02, rel=0.5)
    assert overlap(model.topic_term_, topics) > 0.85


@pytest.mark.parametrize("memory", ["1GiB", "64KiB"])
def test_a_training_that_learns_eta_resumes_to_the_same_bits(memory):
    counts, _ = planted()
    states = []
    model = LdaTopics(5, eta="auto", n_sweeps=7, tol=0, memory=memory)
    whole = digest(model.fit(counts, on_sweep=states.append))
    assert digest(model.fit(counts, state=states[4])) == whole
