import subprocess
import sys

import numpy as np
import pytest
from planted_topics import digest, overlap, planted
from sklearn.base import clone
from sklearn.utils.estimator_checks import parametrize_with_checks

from topics.estimators import LdaTopics, infer_mixtures, topic_weights
from topics.estimators import gensim_engine as gensim_engine
from topics.estimators.lda import ENGINES, parse_memory

KNOWN = {}  # estimator -> {check: reason}


@parametrize_with_checks(
    [LdaTopics(n_topics=2, n_sweeps=1, engine=engine) for engine in ENGINES],
    expected_failed_checks=lambda estimator: KNOWN.get(type(estimator), {}),
)
def test_behaves_like_an_estimator(estimator, check):
    check(estimator)


@pytest.fixture(params=sorted(ENGINES))
def engine(request):
    return request.param


def test_finds_planted_topics(engine):
    counts, topics = planted()
    model = LdaTopics(5, engine=engine).fit(counts)
    assert overlap(model.topic_term_, topics) > 0.7
    np.testing.assert_allclose(model.topic_term_.sum(axis=1), 1)
    assert model.components_.shape == (5, 400)
    assert model.components_.flags.c_contiguous
    assert (model.components_ > 0).all()


def test_perplexity_falls_and_training_stops_by_itself(engine):
    counts, _ = planted(1000, 20)
    model = LdaTopics(20, engine=engine).fit(counts)
    assert model.n_iter_ == len(model.perplexities_) < 100
    assert model.perplexities_[-1] < model.perplexities_[0]
    assert model.perplexity(counts) < 200
    assert model.score(counts) == pytest.approx(-np.log(model.perplexity(counts)))


def test_the_prior_of_the_mixtures_is_learnt_given_or_left(engine):
    counts, _ = planted()
    learnt = LdaTopics(5, engine=engine, n_sweeps=3).fit(counts).alpha_
    assert len(set(learnt)) == 5
    assert (learnt > 0).all()
    left = LdaTopics(5, engine=engine, n_sweeps=1, alpha="symmetric").fit(counts).alpha_
    assert left.tolist() == [0.2] * 5
    given = LdaTopics(5, engine=engine, n_sweeps=1, alpha=[0.1, 0.2, 0.3, 0.4, 0.5]).fit(counts).alpha_
    assert given.tolist() == [0.1, 0.2, 0.3, 0.4, 0.5]


def test_mixtures_come_from_components_and_alpha_alone(engine):
    counts, _ = planted()
    model = LdaTopics(5, engine=engine, n_sweeps=2).fit(counts)
    by_hand = infer_mixtures(counts, topic_weights(model.components_), model.alpha_)
    assert (model.transform(counts) == by_hand).all()
    assert model.get_feature_names_out().tolist() == [f"ldatopics{k}" for k in range(5)]


def test_threads_change_no_mixture(engine):
    counts, _ = planted(2500)
    model = LdaTopics(5, engine=engine, n_sweeps=1).fit(counts[:300])
    want = model.transform(counts)
    assert (model.set_params(n_jobs=2).transform(counts) == want).all()


def test_the_same_seed_gives_the_same_bits_and_another_seed_others(engine):
    counts, _ = planted()
    model = LdaTopics(5, engine=engine, n_sweeps=3, random_state=7).fit(counts)
    assert digest(clone(model).fit(counts)) == digest(model)
    assert digest(clone(model).set_params(n_jobs=2).fit(counts)) == digest(model)
    assert digest(clone(model).set_params(random_state=8).fit(counts)) != digest(model)


@pytest.mark.parametrize("after", [1, 3, 5])
@pytest.mark.parametrize("chunk", [100, 1000])
def test_a_fit_resumed_from_a_state_gives_the_same_bits(engine, after, chunk, monkeypatch):
    monkeypatch.setattr(gensim_engine, "CHUNK", chunk)
    counts, _ = planted()
    states = []
    whole = LdaTopics(5, engine=engine, n_sweeps=5, tol=0).fit(counts, on_sweep=states.append)
    assert len(states) == 5
    assert all(isinstance(array, np.ndarray) for array in states[0].values())
    seen = []
    resumed = LdaTopics(5, engine=engine, n_sweeps=5, tol=0)
    resumed.fit(counts, state=states[after - 1], on_sweep=seen.append)
    assert digest(resumed) == digest(whole)
    assert len(seen) == 5 - after


def test_a_fit_that_had_settled_is_not_trained_further(engine):
    counts, _ = planted()
    states = []
    whole = LdaTopics(5, engine=engine).fit(counts, on_sweep=states.append)
    assert digest(LdaTopics(5, engine=engine).fit(counts, state=states[-1])) == digest(whole)


def test_a_state_of_another_shape_is_refused(engine):
    counts, _ = planted()
    states = []
    LdaTopics(5, engine=engine, n_sweeps=1).fit(counts, on_sweep=states.append)
    with pytest.raises(ValueError, match="fit without state="):
        LdaTopics(6, engine=engine, n_sweeps=1).fit(counts, state=states[0])


def test_articles_may_come_in_parts(engine):
    counts, topics = planted(1200)
    model = LdaTopics(5, engine=engine)
    for _ in range(4):
        for start in range(0, 1200, 300):
            model.partial_fit(counts[start : start + 300])
    assert overlap(model.topic_term_, topics) > 0.5
    assert model.n_features_in_ == 400


@pytest.mark.parametrize("seed", range(5))
def test_a_topic_prior_pulls_its_topic(engine, seed):
    counts, topics = planted()
    prior = np.zeros((5, 400))
    anchors = [np.argsort(-topic)[:6] for topic in topics]
    for k in (0, 1):
        prior[k, anchors[k]] = 50.0
    model = LdaTopics(5, engine=engine, topic_prior=prior, random_state=seed).fit(counts)
    for k in (0, 1):
        top = np.argsort(-model.components_[k])[:10]
        assert len(np.intersect1d(top, anchors[k])) >= 3
        assert np.minimum(model.topic_term_[k], topics[k]).sum() > 0.6


def test_the_bound_is_gensims():
    counts, _ = planted(50)
    model = LdaTopics(3, engine="gensim", n_sweeps=2).fit(counts)
    settings = model._settings()
    genuine = gensim_engine._model(400, settings, 1.0)
    genuine.state.sstats, genuine.alpha = model.components_ - 0.01, model.alpha_
    genuine.sync_state()
    gammas = model._gammas(counts.astype(float))
    assert model.bound(counts) == pytest.approx(
        genuine.bound(list(gensim_engine.Rows(counts.astype(float))), gamma=gammas[:, None]), rel=1e-9
    )


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param(np.ones((30, 1)), id="one term"),
        pytest.param(np.ones((30, 8)), id="all articles identical"),
        pytest.param(np.eye(3, 8), id="more topics than articles"),
        pytest.param(np.zeros((10, 8)), id="no word anywhere"),
        pytest.param(np.vstack([np.eye(8), np.zeros((4, 8))]), id="empty articles"),
        pytest.param(np.ones((1, 8)), id="one article"),
        pytest.param(np.full((20, 8), 0.5), id="counts that are not whole"),
        pytest.param(np.eye(8) * 1e6, id="huge counts"),
    ],
)
@pytest.mark.parametrize("n_topics", [1, 12])
def test_odd_corpora_give_finite_results(engine, counts, n_topics):
    model = LdaTopics(n_topics, engine=engine, n_sweeps=4).fit(counts)
    mixtures = model.transform(counts)
    assert np.isfinite(model.components_).all()
    assert np.isfinite(model.alpha_).all()
    np.testing.assert_allclose(mixtures.sum(axis=1), 1, atol=1e-12)
    assert np.isfinite(model.perplexity(counts))
    assert np.isfinite(model.bound(counts))


@pytest.mark.parametrize(
    "settings",
    [
        {"engine": "mallet"},
        {"n_topics": 0},
        {"n_sweeps": 0},
        {"eta": 0},
        {"eta": "learnt"},
        {"eta": "auto", "engine": "gensim"},
        {"alpha": "asymmetric"},
        {"alpha": -1},
        {"memory": "much"},
        {"topic_prior": [[1.0]]},
        {"topic_prior": -np.ones((2, 8))},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(settings):
    with pytest.raises(ValueError, match=next(iter(settings))):
        LdaTopics(**{"n_topics": 2} | settings).fit(np.eye(8))


@pytest.mark.parametrize(("text", "number"), [("1GiB", 2**30), ("512 MiB", 2**29), ("1.5KiB", 1536), (7, 7), ("7", 7)])
def test_memory_is_read_with_its_unit(text, number):
    assert parse_memory(text) == number


def test_memory_that_runs_out_is_not_hidden(engine, monkeypatch):
    def broken(*_args):
        raise MemoryError

    monkeypatch.setattr("topics.estimators.lda.topic_weights", broken)
    with pytest.raises(MemoryError):
        LdaTopics(2, engine=engine, n_sweeps=1).fit(np.eye(8))


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from planted_topics import digest, planted
from topics.estimators.lda import ENGINES, LdaTopics
for engine in sorted(ENGINES):
    for n_jobs in (1, 2):
        model = LdaTopics(5, engine=engine, n_sweeps=3, n_jobs=n_jobs).fit(planted()[0])
        print(engine, digest(model), model.transform(planted()[0]).sum(axis=0))
"""


@pytest.mark.slow
def test_threads_hash_seeds_and_processes_change_no_bit():
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
    lines = outputs.pop().splitlines()
    assert len(set(lines)) == len(ENGINES)
