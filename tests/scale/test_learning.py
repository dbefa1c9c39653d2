from __future__ import annotations

import numpy as np
import pytest
from partitioned_news import cut, learnt, work_in
from scipy.sparse import vstack

from topics import Analyzer, Corpus, TermVectorizer
from topics.corpus.packaged import packaged_corpus
from topics.errors import SettingsError
from topics.scale import merging, tables
from topics.scale.analysis import csr_of
from topics.scale.learning import learn_terms, read_partitions
from topics.scale.storage import read_arrays

CSR = ("data", "indices", "indptr", "shape")


@pytest.fixture(scope="module")
def news(tmp_path_factory):
    path = tmp_path_factory.mktemp("news") / "demo.jsonl"
    Corpus.read(packaged_corpus())[:220].write(path)
    return path


def counts_of(found):
    """All counts of the placed partitions, those held out put back."""
    parts = []
    for path in found.placed:
        arrays = read_arrays(path)
        seen, held = csr_of(arrays), csr_of({name: arrays[f"wanted_{name}"] for name in CSR})
        whole = seen.tolil()
        for row, own in zip(arrays["watched"].tolist(), held, strict=True):
            whole[row] += own
        parts.append(whole.tocsr())
    return vstack(parts, format="csr")


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({}, id="as they are"),
        pytest.param({"min_df": 0.02, "max_df": 0.5, "title_weight": 3}, id="shares, heavy titles"),
        pytest.param({"learn_frequencies": False, "min_df": 1}, id="nothing learnt, all terms"),
        pytest.param({"analyzer": Analyzer(level="light", keep=("number", "date", "latin"))}, id="light, numbers"),
    ],
)
def test_partitions_teach_what_one_machine_learns(tmp_path, news, settings):
    _, found, _ = learnt(tmp_path / "work", [news], 60_000, **settings)
    vectorizer = TermVectorizer(weighting="counts", **settings)
    X = vectorizer.fit_transform(Corpus.read(news))
    matrix = vectorizer.matrix_
    assert len(found.placed) > 5
    assert found.matrix.terms == matrix.terms
    assert found.matrix.analyzer == matrix.analyzer
    assert dict(found.matrix.spellings) == dict(matrix.spellings)
    mine = counts_of(found)
    assert np.array_equal(mine.indptr, X.indptr)
    assert np.array_equal(mine.indices, X.indices)
    assert np.array_equal(mine.data, X.data)


def test_phrases_are_those_of_one_machine(tmp_path, news):
    _, found, _ = learnt(tmp_path / "work", [news], 100_000, learn_phrases=True)
    vectorizer = TermVectorizer(weighting="counts", learn_phrases=True).fit(Corpus.read(news))
    assert vectorizer.phrases_
    assert found.matrix.analyzer == vectorizer.matrix_.analyzer
    assert found.matrix.terms == vectorizer.matrix_.terms


def test_buckets_and_deep_trees_change_nothing(tmp_path, news, monkeypatch):
    _, plain, _ = learnt(tmp_path / "a", [news], 60_000)
    monkeypatch.setattr(tables, "BUCKET_BYTES", 300_000)
    monkeypatch.setattr(tables, "FAN_IN", 2)
    _, bucketed, _ = learnt(tmp_path / "b", [news], 60_000)
    assert list((tmp_path / "b").glob("terms-2-0001-*"))
    assert bucketed.matrix.terms == plain.matrix.terms
    assert bucketed.matrix.analyzer == plain.matrix.analyzer
    assert bucketed.matrix.spellings == plain.matrix.spellings


def test_an_article_that_comes_again_in_another_partition_counts_once(tmp_path, news):
    copied = tmp_path / "twice"
    copied.mkdir()
    Corpus.read(news).write(copied / "a.jsonl")
    Corpus.read(news)[:50].write(copied / "b.jsonl")
    done, found, _ = learnt(tmp_path / "work", [copied], 100_000)
    whole = Corpus.read([copied / "a.jsonl", copied / "b.jsonl"])
    vectorizer = TermVectorizer(weighting="counts").fit(whole)
    assert sum(done.n_articles) == len(whole) == 220
    assert done.n_skipped == whole.skipped.total()
    assert found.matrix.terms == vectorizer.matrix_.terms
    assert found.matrix.analyzer == vectorizer.matrix_.analyzer


def test_what_was_done_is_not_done_again(tmp_path, news):
    _, before, _ = learnt(tmp_path / "work", [news], 100_000)
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "work").glob("*-0*")}
    lost = sorted(tmp_path.glob("work/counted-*"))[1]
    lost.write_bytes(lost.read_bytes()[:-30])
    _, after, _ = learnt(tmp_path / "work", [news], 100_000)
    changed = {path.name for path, then in times.items() if path.stat().st_mtime_ns != then}
    assert changed == {lost.name}
    assert after.matrix.terms == before.matrix.terms


def test_labelled_articles_are_put_aside(tmp_path, news):
    work = work_in(tmp_path / "work")
    done = read_partitions(work, cut([news], 100_000), words=False, labelled=True)
    wanted = [article for article in Corpus.read(news) if article.themes is not None]
    assert done.n_labelled == len(wanted)
    assert list(Corpus.read(done.labelled)) == wanted


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        pytest.param({"ngrams": (1, 2)}, "single terms", id="pairs"),
        pytest.param({"min_df": 1000}, "no term is left", id="too rare"),
        pytest.param({"max_df": 0.001, "min_df": 5}, "raise max_df", id="nothing between"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, news, settings, message):
    work = work_in(tmp_path / "work")
    done = read_partitions(work, cut([news], 100_000), words=False, labelled=False)
    vectorizer = TermVectorizer(weighting="counts", learn_frequencies=False, **settings)
    with pytest.raises(SettingsError, match=message):
        learn_terms(work, done, vectorizer, 0)


def test_nothing_is_left_out_before_all_tables_are_merged(tmp_path, news, monkeypatch):
    monkeypatch.setattr(tables, "FAN_IN", 2)
    seen = []
    merge = merging.merge

    def watched(**given):
        seen.append(given["cut"])
        return merge(**given)

    monkeypatch.setattr(merging, "merge", watched)
    learnt(tmp_path / "work", [news], 100_000)
    assert None in seen
    assert [0, 2.0, 220.0] in seen
