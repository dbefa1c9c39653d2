from __future__ import annotations

import numpy as np
import pytest
from partitioned_news import PLANTED, learnt, write_planted

from topics.estimators import LdaTopics
from topics.estimators.by_parts import visit
from topics.scale import fitting
from topics.scale.fitting import fit, watched_rows
from topics.scale.tasks import Work


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    _, found, work = learnt(folder / "work", [write_planted(folder / "a.jsonl")], 30_000, max_df=0.5)
    assert len(found.placed) > 5
    return found, work


class Backwards:
    """Does tasks in the reverse order: as if the last worker were the first to be done."""

    address = None

    def map(self, task, items):
        yield from reversed([task(**item) for item in reversed(items)])


def fitted(folder, planted, executor=None, n_sweeps=4, together=4):
    found, work = planted
    folder.mkdir(exist_ok=True)
    own = Work(executor or work.executor, str(folder), together)
    return fit(own, found.placed, found.n_articles, LdaTopics(4, n_sweeps=n_sweeps, tol=0.0))


def same(a, b):
    return (
        np.array_equal(a.components, b.components)
        and np.array_equal(a.alpha, b.alpha)
        and a.perplexities == b.perplexities
    )


def test_whoever_does_the_visits_the_bits_are_the_same(tmp_path, planted):
    assert same(fitted(tmp_path / "a", planted), fitted(tmp_path / "b", planted, Backwards()))


def test_planted_topics_are_found(tmp_path, planted):
    found = fitted(tmp_path / "a", planted, n_sweeps=15)
    columns = {word: column for column, word in enumerate(PLANTED.words)}
    terms = [columns.get(term) for term in planted[0].matrix.terms]
    known = [k for k, column in enumerate(terms) if column is not None]
    wanted = PLANTED.topic_term()[:, [terms[k] for k in known]]
    mine = found.components[:, known]
    likeness = np.corrcoef(np.concatenate([mine, wanted]))[:4, 4:]
    assert sorted(likeness.argmax(axis=1).tolist()) == [0, 1, 2, 3]
    assert likeness.max(axis=1).min() > 0.6
    assert found.perplexities[-1] < found.perplexities[0]


@pytest.mark.parametrize("stop_after", [3, 9, 14, 20])
def test_a_fit_that_was_stopped_goes_on_to_the_same_bits(tmp_path, planted, monkeypatch, stop_after):
    whole = fitted(tmp_path / "whole", planted)
    left = [stop_after]

    def dying(*given, **more):
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return visit(*given, **more)

    monkeypatch.setattr(fitting, "visit", dying)
    with pytest.raises(KeyboardInterrupt):
        fitted(tmp_path / "stopped", planted)
    done = [0]

    def counting(*given, **more):
        done[0] += 1
        return visit(*given, **more)

    monkeypatch.setattr(fitting, "visit", counting)
    assert same(fitted(tmp_path / "stopped", planted), whole)
    assert done[0] == 4 * len(planted[0].placed) - stop_after, "nothing is done twice"


def test_a_visit_that_was_lost_is_found_anew(tmp_path, planted):
    whole = fitted(tmp_path / "whole", planted)
    fitted(tmp_path / "lost", planted, n_sweeps=2)
    (tmp_path / "lost" / "visit-0001-00002.npz").unlink()
    assert same(fitted(tmp_path / "lost", planted), whole)


def test_what_earlier_passes_left_is_taken_away(tmp_path, planted):
    fitted(tmp_path / "a", planted)
    names = {path.name.rsplit("-", 1)[0] for path in (tmp_path / "a").iterdir() if path.name.startswith("visit")}
    assert names == {"visit-0003"}
    assert not list((tmp_path / "a").glob("topics-*"))


def test_watched_articles_are_few_and_where_they_are_said_to_be():
    rows = watched_rows([100, 0, 300], 0)
    assert sum(map(len, rows)) == 20
    assert rows[1] == []
    assert all(0 <= row < 100 for row in rows[0])
    assert all(0 <= row < 300 for row in rows[2])
    assert watched_rows([5], 0) == [[]]
    assert sum(map(len, watched_rows([10**6] * 2, 0))) == 500
