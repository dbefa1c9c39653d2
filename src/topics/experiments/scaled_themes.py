"""The themes of an experiment over partitions: learnt and scored by what one machine would learn from.

That is the labelled articles, which are gathered; and where themes start from anchors, the articles without labels
that one machine would draw, which are as many however large the corpus is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from topics.corpus.article import Corpus
from topics.corpus.themes import Themes
from topics.errors import SettingsError
from topics.experiments import scoring
from topics.experiments.folds import Folds, plan

if TYPE_CHECKING:
    from topics.experiments.scoring import Scored
    from topics.experiments.settings import Experiment
    from topics.models.themes import ThemeModel
    from topics.scale.drawing import Draw, Drawn
    from topics.scale.learning import Read
    from topics.scale.tasks import Work


@dataclass
class Gathered:
    """The labelled articles, and those that were drawn.

    Attributes
    ----------
    drawn : list of Drawn
        Empty where themes start from labels; else those that the model learns from, and those of each fold's model.
    """

    read: Read
    settings: Experiment
    labelled: Corpus
    drawn: list[Drawn]
    folds: Folds | None

    @cached_property
    def themes(self) -> list[str]:
        """The keys of the themes that are learnt."""
        return _themes(self.labelled, self.settings)

    @property
    def n_bytes(self) -> int:
        """Of the texts that a model learns from, the most of them."""
        return self.read.labelled_bytes + max((one.n_bytes for one in self.drawn), default=0)

    @property
    def note(self) -> str:
        """What is learnt from."""
        start, known = _start(self.settings), self.read
        if start == "anchors":
            return f"exact: learnt from {len(self._learning):,} of {sum(known.n_articles):,} articles, in one process"
        beside = ""
        if start == "both":
            n_drawn = len(self._learning) - known.n_labelled
            beside = f" and {n_drawn:,} of {sum(known.n_unlabelled):,} without labels"
        return f"exact: learnt from all {known.n_labelled} labelled articles{beside}, in one process"

    @cached_property
    def _learning(self) -> Corpus:
        """What the model learns from."""
        start = _start(self.settings)
        if start == "labels":
            return self.labelled
        drawn = _corpus(self.drawn[0], self.labelled.themes)
        return drawn if start == "anchors" else Corpus([*self.labelled, *drawn], themes=self.labelled.defined_themes)

    def train(self) -> ThemeModel:
        """The model."""
        return scoring.train_themes(self._learning, self.themes, self.settings)

    def scores(self) -> Scored | None:
        """Its scores; None without a labelled article, where themes start from anchors."""
        start = _start(self.settings)
        if start != "anchors":
            return scoring.theme_scores(self._learning, self.themes, self.settings)
        if self.folds is None:
            return None
        return scoring.theme_scores(self.labelled, self.themes, self.settings, self._of_fold)

    def _of_fold(self, number: int, train: Corpus) -> Corpus:
        """What one machine would draw of a fold's articles and of those without labels behind them."""
        places = _drawn_of_fold(len(train), self.read, self.settings)
        own = [train[int(place)] for place in places[places < len(train)]]
        others = _corpus(self.drawn[1 + number], self.labelled.themes)
        return Corpus([*own, *others], themes=train.defined_themes)


def gather(work: Work, read: Read, settings: Experiment, defined: Themes) -> Gathered:
    """The articles that themes are learnt from and scored on.

    Parameters
    ----------
    read : Read
        Read with `labelled`.
    defined : Themes
        With their definitions.
    """
    from topics.scale.drawing import draw

    labelled = Corpus(Corpus.read(read.labelled) if read.n_labelled else [], themes=defined)
    start, folds = _start(settings), None
    draws: list[Draw] = []
    if start == "both":
        draws = [_drawn_beside(read, settings)]
    elif start == "anchors":
        if read.n_labelled:
            folds = plan(labelled, _themes(labelled, settings), settings)
        draws = _drawn_alone(read, settings, folds)
    return Gathered(read, settings, labelled, draw(work, read, draws) if draws else [], folds)


def _start(settings: Experiment) -> str:
    return settings.themes.start if settings.themes else "labels"


def _themes(labelled: Corpus, settings: Experiment) -> list[str]:
    return (settings.themes.use if settings.themes else None) or list(labelled.themes)


def _corpus(drawn: Drawn, themes: Themes) -> Corpus:
    return Corpus(Corpus.read(drawn.files) if drawn.files else [], themes=themes)


def _drawn_beside(read: Read, settings: Experiment) -> Draw:
    """The articles without labels that a model learns from beside the labelled ones."""
    from topics.models.anchored import drawn
    from topics.scale.drawing import Draw

    n_unlabelled = sum(read.n_unlabelled)
    if not n_unlabelled:
        raise SettingsError(scoring.NO_UNLABELLED)
    return Draw(drawn(n_unlabelled, settings.random_state), unlabelled=True)


def _drawn_alone(read: Read, settings: Experiment, folds: Folds | None) -> list[Draw]:
    """The articles that a model learns from whose themes start from anchors; and those of the model of each fold."""
    from topics.models.anchored import drawn
    from topics.scale.drawing import Draw

    found = [Draw(drawn(sum(read.n_articles), settings.random_state), unlabelled=False)]
    for learnt, _ in folds.parts if folds is not None else ():
        n_train = int(np.count_nonzero(learnt))
        places = _drawn_of_fold(n_train, read, settings)
        found.append(Draw(places[places >= n_train] - n_train, unlabelled=True))
    return found


def _drawn_of_fold(n_train: int, read: Read, settings: Experiment) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Places among the labelled articles of a fold and, behind them, all without labels."""
    from topics.models.anchored import drawn

    return drawn(n_train + sum(read.n_unlabelled), settings.random_state)
