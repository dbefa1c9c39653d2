"""Articles in files, and the work of partitions, for tests of scale."""

from __future__ import annotations

import pytest

from topics import TermVectorizer
from topics.corpus.generated import Planted
from topics.corpus.writers import write
from topics.scale.learning import learn_terms, read_partitions
from topics.scale.partitions import plan
from topics.scale.tasks import Serial, Work

PLANTED = Planted(n_topics=4, n_terms=400, n_words=60, labelled=0.2, n_themes=2)


def write_planted(path, n_articles=300):
    """Generated articles as JSON Lines."""
    write(PLANTED.articles(0, n_articles), path)
    return path


def work_in(folder, **given):
    """Work of this process in a folder that is made."""
    folder.mkdir(exist_ok=True)
    return Work(Serial(), str(folder), **given)


def learnt(folder, paths, size, **settings):
    """What is learnt of files in partitions of `size` bytes: Read, Learnt, and the Work."""
    work = work_in(folder)
    done = read_partitions(work, cut(paths, size), words=settings.get("learn_frequencies", True), labelled=False)
    return done, learn_terms(work, done, TermVectorizer(weighting="counts", **settings), 0), work


def cut(paths, size):
    """Partitions of exactly that size, however small the corpus."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("topics.scale.partitions.LEAST", 1)
        return plan([str(path) for path in paths], size)
