"""FAULTS.md 32, 34 and 35 where people hold a topic model in their hands."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from dated_news import dated_corpus
from small_news import small_corpus

from topics import Article, Corpus, TopicModel, load, studies
from topics.errors import SettingsError, TopicsError

SAME = "الشرطة أوقفت المتهم بعد سرقة السيارة في المدينة"


def finite(model, corpus):
    assert np.isfinite(model.components).all()
    assert (model.components > 0).all()
    assert np.isfinite(model.alpha).all()
    shares = model.mixtures(corpus).iloc[:, 2:].to_numpy()
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-9)
    for by in ("probability", "relevance", "frex"):
        assert np.isfinite(model.top_terms(3, by=by)["probability"]).all()
    assert len(model.names) == len(model.alpha)
    assert all(model.names)
    assert len(model.paragraphs(corpus[0])) == 1
    model.quotes(corpus, 0, 2)


@pytest.mark.parametrize("engine", ["fast", "gensim"])
@pytest.mark.parametrize(
    ("corpus", "n_topics", "settings"),
    [
        pytest.param(small_corpus()[:6], 40, {"min_df": 2}, id="32: more topics than articles"),
        pytest.param(small_corpus(), 300, {"min_df": 2}, id="32: more topics than terms"),
        pytest.param(small_corpus(), 1, {"min_df": 2}, id="32: one topic"),
        pytest.param(Corpus(Article(text=SAME) for _ in range(20)), 3, {"max_df": 1.0}, id="32: all articles alike"),
        pytest.param(Corpus(Article(text="الشرطة") for _ in range(5)), 2, {"max_df": 1.0}, id="32: one term"),
        pytest.param(Corpus([Article(text=SAME)]), 2, {"min_df": 1, "max_df": 1.0}, id="32: one article"),
    ],
)
def test_odd_corpora_give_a_finite_model(engine, corpus, n_topics, settings, tmp_path):
    model = TopicModel.train(corpus, n_topics, engine=engine, n_sweeps=5, learn_phrases=False, **settings)
    finite(model, corpus)
    if settings.get("min_df") != 1:  # words of one article are not saved
        assert np.array_equal(load(model.save(tmp_path / "odd")).components, model.components)


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda m, c: studies.stability(m, c, 3), id="stability"),
        pytest.param(studies.correlations, id="correlations"),
        pytest.param(lambda m, c: studies.topic_prevalence(m, c, by="source"), id="prevalence"),
        pytest.param(studies.compare_with_nmf, id="nmf"),
        pytest.param(studies.intrusion_sheet, id="intrusion"),
    ],
)
@pytest.mark.parametrize("n_topics", [1, 60])
def test_studies_of_odd_models_are_finite_or_say_why_not(call, n_topics):
    corpus = dated_corpus(45)
    model = TopicModel.train(corpus, n_topics, n_sweeps=5, min_df=2, learn_phrases=False)
    refused = contextlib.suppress(TopicsError) if n_topics == 1 else contextlib.nullcontext()
    found = pd.DataFrame()
    with refused:
        found = call(model, corpus)
    assert len(getattr(found, "table", found)) or n_topics == 1
    numbers = getattr(found, "table", found).select_dtypes("number").to_numpy(float)
    assert np.isfinite(numbers).all()


def test_a_grid_beyond_the_corpus_is_finite():
    table = studies.choose_n_topics(dated_corpus(30), [1, 2, 80], 3, n_sweeps=4, min_df=1, learn_phrases=False)
    assert np.isfinite(table[["mean", "low", "high"]].to_numpy()).all()


def test_a_corpus_without_a_term_is_refused():
    with pytest.raises(SettingsError):
        TopicModel.train([Article(text="في من على")], 2)


@pytest.mark.parametrize("place", ["fit", "transform"])
def test_memory_that_runs_out_leaves_no_file_and_no_broken_model(place, tmp_path, monkeypatch):
    corpus = small_corpus()
    model = TopicModel.train(corpus, 2, n_sweeps=3, min_df=2)
    before = (tmp_path / "kept.topics", model.save(tmp_path / "kept").read_bytes())

    def no_memory(*_, **__):
        raise MemoryError

    if place == "fit":
        monkeypatch.setattr("topics.estimators.lda.LdaTopics.fit", no_memory)
        with pytest.raises(MemoryError):
            TopicModel.train(corpus, 2, min_df=2).save(tmp_path / "kept")
        with pytest.raises(MemoryError):
            studies.choose_n_topics(corpus, [2], 3, min_df=2)
    else:
        monkeypatch.setattr("topics.models.topics.infer_mixtures", no_memory)
        with pytest.raises(MemoryError):
            model.rename({0: "أمن"}).save(tmp_path / "kept")
    assert before[0].read_bytes() == before[1]
    assert [path.name for path in tmp_path.iterdir()] == ["kept.topics"]


_CODE = """
import hashlib, sys, tempfile
from pathlib import Path
from dated_news import dated_corpus
from topics import TopicModel
model = TopicModel.train(dated_corpus(), 4, random_state=3, n_jobs=int(sys.argv[1]), engine=sys.argv[2], n_sweeps=6)
corpus = dated_corpus()
said = [model.names, model.quotes(corpus, 0, 3).to_json(), model.paragraphs(corpus[0]).to_json()]
said += [model.components.tobytes(), model.alpha.tobytes(), model.mixtures(corpus).to_json()]
print(hashlib.sha256(repr(said).encode()).hexdigest())
"""


@pytest.mark.parametrize("engine", ["fast", "gensim"])
def test_hash_seeds_threads_and_processes_change_nothing(engine, project):
    """FAULTS.md 35."""
    found = set()
    for hash_seed, n_jobs in (("0", 1), ("random", 2)):
        paths = os.pathsep.join([str(project / "tests/support"), str(project / "src")])
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": paths}
        done = subprocess.run(
            [sys.executable, "-c", _CODE, str(n_jobs), engine],
            capture_output=True, encoding="utf-8", check=True, env=environment,
        )  # fmt: skip
        found.add(done.stdout.strip())
    assert len(found) == 1
    assert len(found.pop()) == len(hashlib.sha256().hexdigest())
