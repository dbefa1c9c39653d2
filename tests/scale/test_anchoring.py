from __future__ import annotations

import numpy as np
import pytest
from partitioned_news import PLANTED, learnt, write_planted

from topics import Corpus, TermVectorizer
from topics.corpus.themes import parse_themes
from topics.errors import SettingsError
from topics.estimators import LdaTopics
from topics.estimators.by_parts import visit
from topics.features import anchor_prior
from topics.models.anchored_topics import WEIGHT, topic_hints
from topics.scale import anchoring, fitting
from topics.scale.anchoring import find_signs, fit_anchored
from topics.scale.storage import read_arrays
from topics.scale.tasks import Work
from topics.scale.workers import Workers

SETTINGS = {"max_df": 0.5}


def leading(topic, n, start=0):
    """Words of a planted topic that lead it and no other."""
    shares = PLANTED.topic_term()
    own = np.flatnonzero(shares.argmax(axis=0) == topic)
    ranked = own[np.argsort(-shares[topic, own])]
    return [PLANTED.words[column] for column in ranked[start : start + n]]


THEMES = parse_themes({"third": {"names": {"ar": "ثالث"}, "anchors": leading(3, 4)}, "first": leading(1, 5, 2)})


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    path = write_planted(folder / "a.jsonl")
    read, found, work = learnt(folder / "work", [path], 30_000, **SETTINGS)
    assert len(found.placed) > 5
    anchored = find_signs(work, read, found, TermVectorizer(weighting="counts", **SETTINGS), THEMES)
    vectorizer = TermVectorizer(weighting="counts", **SETTINGS)
    corpus = Corpus.read(path)
    return found, work, anchored, vectorizer, corpus, vectorizer.fit_transform(corpus)


class Backwards:
    """Does tasks in the reverse order: as if the last worker were the first to be done."""

    address = None

    def map(self, task, items):
        yield from reversed([task(**item) for item in reversed(items)])


def fitted(folder, planted, executor=None, n_topics=4, n_sweeps=4):
    found, work, anchored = planted[:3]
    folder.mkdir(exist_ok=True)
    own = Work(executor or work.executor, str(folder), 4)
    return fit_anchored(own, found.placed, LdaTopics(n_topics, n_sweeps=n_sweeps, tol=0.0), anchored)


def same(a, b):
    return (
        np.array_equal(a.components, b.components)
        and np.array_equal(a.alpha, b.alpha)
        and a.perplexities == b.perplexities
    )


def test_hints_are_those_of_one_machine(planted):
    _, _, anchored, vectorizer, corpus, _ = planted
    mine = [anchoring._hints(path, anchored.n_strong, anchored.known) for path in anchored.files]
    theirs = topic_hints(THEMES, vectorizer, list(corpus))
    assert np.array_equal(np.concatenate(mine), theirs, equal_nan=True)
    assert set(theirs[~np.isnan(theirs)].tolist()) == {0.0, 1.0}


def test_prior_and_named_starts_are_those_of_one_machine(tmp_path, planted, monkeypatch):
    _, _, _, vectorizer, corpus, X = planted
    given = []
    monkeypatch.setattr(anchoring, "fit_from", lambda work, placed, settings, start: given.append((settings, start)))
    monkeypatch.setattr(anchoring, "_free", lambda work, items, settings, n_free: 0.0)
    fitted(tmp_path / "a", planted)
    settings, start = given[0]
    prior = anchor_prior(vectorizer, THEMES, 4, WEIGHT) * np.asarray(X.sum(axis=0)).ravel()
    assert np.array_equal(settings.topic_prior, prior)
    hints = topic_hints(THEMES, vectorizer, list(corpus))
    wanted = prior.T.astype(np.float32)
    for t in range(len(THEMES)):
        wanted[:, t] += np.asarray(X[np.flatnonzero(hints[:, t] == 1)].sum(axis=0)).ravel()
    assert np.array_equal(start.of_term, wanted)
    assert start.of_topic == pytest.approx(wanted.sum(axis=0, dtype=np.float64))


def test_free_topics_start_from_the_articles_without_any_anchor(tmp_path, planted, monkeypatch):
    found, _, anchored, _, _, X = planted
    hints = np.concatenate([anchoring._hints(path, anchored.n_strong, anchored.known) for path in anchored.files])
    rest = np.flatnonzero((hints == 0).all(axis=1))
    kept = []
    monkeypatch.setattr(anchoring, "remove_folder", kept.append)
    fitted(tmp_path / "a", planted, n_sweeps=1)
    assert kept == [str(tmp_path / "a" / "free")]
    parts = [read_arrays(str(path)) for path in sorted((tmp_path / "a" / "free").glob("rest-*.npz"))]
    assert sum(len(part["indptr"]) - 1 for part in parts) == len(rest) > 20
    tokens = sum(part["data"].sum(dtype=float) + part["wanted_data"].sum(dtype=float) for part in parts)
    assert tokens == X[rest].sum()
    assert all((part["watched"] < len(part["indptr"]) - 1).all() for part in parts)
    watched = sum(len(part["watched"]) for part in parts)
    assert watched == sum(len(part["wanted_indptr"]) - 1 for part in parts)
    assert 0 < watched < sum(len(read_arrays(path, "watched")["watched"]) for path in found.placed)


def test_whoever_does_the_tasks_the_bits_are_the_same(tmp_path, planted):
    assert same(fitted(tmp_path / "a", planted), fitted(tmp_path / "b", planted, Backwards()))


@pytest.mark.slow
def test_workers_find_the_bits_that_one_process_finds(tmp_path, planted):
    mine = fitted(tmp_path / "a", planted)
    with Workers("local", 2, 2 << 30) as pool:
        assert same(mine, fitted(tmp_path / "b", planted, pool))


@pytest.mark.parametrize("n_topics", [2, 3, 4])
def test_the_first_topics_are_those_of_the_themes(tmp_path, planted, n_topics):
    found = fitted(tmp_path / "a", planted, n_topics=n_topics, n_sweeps=10)
    columns = {word: column for column, word in enumerate(PLANTED.words)}
    known = [(k, columns[term]) for k, term in enumerate(planted[0].matrix.terms) if term in columns]
    mine, theirs = zip(*known, strict=True)
    wanted = PLANTED.topic_term()[:, theirs]
    likeness = np.corrcoef(np.concatenate([found.components[:, mine], wanted]))[:n_topics, n_topics:]
    assert likeness.argmax(axis=1)[:2].tolist() == [3, 1]
    assert len(set(likeness.argmax(axis=1).tolist())) == n_topics


@pytest.mark.parametrize("stop_after", [5, 15, 20, 40])
def test_a_fit_that_was_stopped_goes_on_to_the_same_bits(tmp_path, planted, monkeypatch, stop_after):
    done, most = [0], [10**6]

    def counting(*given, **more):
        if done[0] >= most[0]:
            raise KeyboardInterrupt
        done[0] += 1
        return visit(*given, **more)

    monkeypatch.setattr(fitting, "visit", counting)
    whole = fitted(tmp_path / "whole", planted)
    assert done[0] == (anchoring.SHORT + 4) * len(planted[0].placed)
    all_of_it, done[0], most[0] = done[0], 0, stop_after
    with pytest.raises(KeyboardInterrupt):
        fitted(tmp_path / "stopped", planted)
    most[0] = 10**6
    assert same(fitted(tmp_path / "stopped", planted), whole)
    assert done[0] == all_of_it, "nothing is done twice"
    assert not (tmp_path / "stopped" / "free").exists()


def test_without_articles_that_hold_no_anchor_free_topics_start_empty(tmp_path, planted, monkeypatch):
    monkeypatch.setattr(
        anchoring, "_hints", lambda path, n_strong, known: np.ones((len(read_arrays(path)["some"]), 2))
    )  # fmt: skip
    found = fitted(tmp_path / "a", planted, n_topics=3, n_sweeps=2)
    assert np.isfinite(found.components).all()
    assert (found.components > 0).all()


def test_a_theme_without_a_known_anchor_is_refused(planted):
    found, work = planted[:2]
    themes = parse_themes({"other": ["زرافة"]})
    with pytest.raises(SettingsError, match="no anchor of 'other' is a term of the corpus"):
        find_signs(work, None, found, TermVectorizer(weighting="counts"), themes)
