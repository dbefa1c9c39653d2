import numpy as np
import pytest
from gensim.matutils import Sparse2Corpus
from gensim.models import LdaModel
from gensim.utils import FakeDict
from scipy.sparse import csr_matrix

from topics.estimators import gensim_engine
from topics.estimators.gensim_engine import CompiledLdaModel, Rows


@pytest.fixture
def counts():
    rng = np.random.default_rng(0)
    words = rng.dirichlet(np.full(120, 0.1), 5)
    return csr_matrix(
        np.vstack([rng.multinomial(60, rng.dirichlet(np.full(5, 0.3)) @ words) for _ in range(150)]).astype(float)
    )


def model_of(kind, **settings):
    options = {
        "id2word": FakeDict(120),
        "num_topics": 5,
        "alpha": "auto",
        "dtype": np.float64,
        "random_state": 3,
    }
    return kind(**options | settings)


def test_gamma_and_counts_are_gensims_from_the_same_start(counts):
    chunk = list(Sparse2Corpus(counts, documents_columns=False))
    gamma, sstats = model_of(LdaModel).inference(chunk, collect_sstats=True)
    ours, our_sstats = model_of(CompiledLdaModel).inference(chunk, collect_sstats=True)
    np.testing.assert_allclose(ours, gamma, atol=1e-6)
    np.testing.assert_allclose(our_sstats, sstats, atol=1e-6)


def test_training_ends_where_gensims_ends(counts):
    corpus = Sparse2Corpus(counts, documents_columns=False)
    plain = model_of(LdaModel, corpus=corpus, passes=3, chunksize=50, eval_every=None)
    ours = model_of(CompiledLdaModel, corpus=Rows(counts), passes=3, chunksize=50, eval_every=None)
    np.testing.assert_allclose(ours.get_topics(), plain.get_topics(), atol=1e-5)
    np.testing.assert_allclose(ours.alpha, plain.alpha, atol=1e-5)


def test_the_topics_that_gensim_compares_are_asked_for_once(counts, monkeypatch):
    asked = []
    plain = gensim_engine.expectations
    monkeypatch.setattr(gensim_engine, "expectations", lambda rows: asked.append(rows) or plain(rows))
    model = model_of(CompiledLdaModel, corpus=Rows(counts), passes=2, chunksize=50, eval_every=None)
    assert len(asked) == 6 + 1  # an M-step each for six chunks, and what the first compares with
    np.testing.assert_allclose(model.expElogbeta, np.exp(model.state.get_Elogbeta()), rtol=1e-12)


def test_rows_are_pairs_as_gensim_reads_them(counts):
    want = [[(int(term), float(count)) for term, count in row] for row in Sparse2Corpus(counts.T)]
    assert [list(row) for row in Rows(counts)] == want
    assert len(Rows(counts)) == 150


def test_gensims_own_functions_work_on_the_model(counts):
    model = model_of(CompiledLdaModel, corpus=Rows(counts), eval_every=None)
    assert sum(share for _, share in model.get_document_topics([(3, 2), (7, 1)], 0)) == pytest.approx(1)
    assert np.isfinite(model.log_perplexity(list(Rows(counts))))
    assert len(model.show_topic(0, 4)) == 4


def test_an_empty_chunk_and_an_empty_article_are_taken():
    model = model_of(CompiledLdaModel)
    assert model.inference([])[0].shape == (0, 5)
    gamma, _ = model.inference([[]])
    np.testing.assert_allclose(gamma, model.alpha[None, :])
