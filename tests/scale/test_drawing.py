from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from partitioned_news import cut, work_in, write_planted

from topics import Corpus
from topics.scale import drawing
from topics.scale.drawing import Draw, draw
from topics.scale.learning import read_partitions


@pytest.fixture
def read(tmp_path):
    work = work_in(tmp_path / "work")
    path = write_planted(tmp_path / "a.jsonl", 120)
    again = write_planted(tmp_path / "b.jsonl", 150)  # 120 of them were there before
    return work, read_partitions(work, cut([path, again], 20_000), words=False, labelled=True), Corpus.read(again)


def test_drawn_articles_are_those_of_the_whole_corpus(read):
    work, done, corpus = read
    unlabelled = [article for article in corpus if article.themes is None]
    assert sum(done.n_unlabelled) == len(unlabelled) < sum(done.n_articles) == len(corpus) == 150
    places = np.array([0, 3, 40, 119, 120, 149])
    others = np.arange(0, len(unlabelled), 7)
    found = draw(work, done, [Draw(places, unlabelled=False), Draw(others, unlabelled=True)])
    assert list(Corpus.read(found[0].files)) == [corpus[place] for place in places.tolist()]
    assert list(Corpus.read(found[1].files)) == [unlabelled[place] for place in others.tolist()]
    assert found[0].n_bytes == sum(Path(path).stat().st_size for path in found[0].files)


def test_only_partitions_with_drawn_articles_are_read_and_none_twice(read, monkeypatch):
    work, done, _ = read
    looked = []

    class Counted(drawing.Reading):
        def articles(self):
            looked.append(self.partition.number)
            return super().articles()

    monkeypatch.setattr(drawing, "Reading", Counted)
    draws = [Draw(np.array([0, 149]), unlabelled=False), Draw(np.array([], int), unlabelled=True)]
    first = draw(work, done, draws)
    assert looked == [0, len(done.partitions) - 1]
    assert first[1] == ([], 0)
    assert draw(work, done, draws) == first
    assert len(looked) == 2
