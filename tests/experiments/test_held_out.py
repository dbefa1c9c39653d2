from __future__ import annotations

import numpy as np
import pytest

import topics
from topics.corpus.packaged import packaged_corpus
from topics.errors import ReadError
from topics.experiments import held_out, scoring


def test_rows_come_back_by_id_whatever_the_id(tmp_path):
    rows = [{"id": identity, "nats": 0.1} for identity in ("1", "a\u2028b", "\ud800", "مقال", "=1+1")]
    held_out.write(tmp_path, "topics", rows)
    assert list(held_out.read(tmp_path, "topics").values()) == rows
    assert held_out.read(tmp_path, "themes") == {}


@pytest.mark.parametrize("data", [b"{", b"[1]", b"{}", b"\xff"])
def test_a_damaged_file_is_told(tmp_path, data):
    held_out.path_of(tmp_path, "themes").write_bytes(data)
    with pytest.raises(ReadError, match=r"held_out_themes\.jsonl: is damaged"):
        held_out.read(tmp_path, "themes")


def test_scores_are_those_of_the_articles_that_are_kept_with_them(tiny_run):
    themes = held_out.read(tiny_run.path, "themes")
    right = [sorted(row["labels"]) == sorted(row["given"]) for row in themes.values() if not row["contested"]]
    row = tiny_run.scores.query("measure == 'subset_accuracy'")
    assert len(themes) == 90
    if not any(row["contested"] for row in themes.values()):
        assert row["mean"].item() == pytest.approx(np.mean(right))
    rows = held_out.read(tiny_run.path, "topics").values()
    folds = {row["fold"] for row in rows}
    found = [
        scoring.perplexity(
            *(np.array([row[name] for row in rows if row["fold"] == fold]) for name in ("nats", "tokens"))
        )
        for fold in folds
    ]
    assert tiny_run.scores.query("measure == 'perplexity'")["mean"].item() == pytest.approx(np.mean(found))


def test_nats_of_articles_make_up_the_perplexity_of_the_estimators(tiny_run):
    from topics.estimators.engines import completion_perplexity, halves

    model = tiny_run.models.topics
    corpus = topics.Corpus.read(packaged_corpus())[:50]
    given, wanted = halves(model.matrix.counts(list(corpus)), 0)
    nats = scoring.completion_nats(given, wanted, model.components, model.alpha)
    tokens = np.asarray(wanted.sum(axis=1)).ravel()
    whole = completion_perplexity(given, wanted, model.components, model.alpha)
    assert scoring.perplexity(nats, tokens) == pytest.approx(whole, rel=1e-12)
    assert scoring.perplexity(nats[:0], tokens[:0]) == 1.0
