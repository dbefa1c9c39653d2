"""What anchors did to the topics that they name, as keyATM tells of its keywords (Eshima, Imai and Sasaki 2024)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from topics.errors import SettingsError
from topics.features.anchors import anchor_matrix, form_of
from topics.studies.showing import Table

if TYPE_CHECKING:
    from topics.models.topics import TopicModel

COLUMNS = ("topic", "theme", "n_anchors", "known", "share", "kept", "in_top", "never", "claimed")
_TOP = 10


def topic_anchors(model: TopicModel) -> Table:
    """One row a topic that anchors pulled.

    Parameters
    ----------
    model : TopicModel
        Trained with ``anchors=``.

    Returns
    -------
    Table
        Columns topic; theme, its key; n_anchors, how many were given; known, how many of them are terms of the
        model; share, of the topic's probability that its anchors hold; kept, the share of its anchors' expected
        tokens in all topics that this one has; in_top, how many of its ten first terms are its anchors; never, the
        anchors that are no term (too rare, or phrases that are none); claimed, those that another theme has too,
        which pulled neither. Its `verdict` says how many never occur and are claimed twice.

    Raises
    ------
    SettingsError
        The model was trained without anchors.
    """
    themes = model.anchors
    if not themes:
        raise SettingsError("the model was trained without anchors; train it with TopicModel.train(anchors=...)")
    anchored = anchor_matrix(model.matrix, themes).toarray() > 0
    first = np.argsort(-model.topic_term, axis=1, kind="stable")[:, :_TOP]
    of_all = model.components.sum(axis=0)
    columns = model.matrix.vocabulary.columns
    rows = []
    for t, (key, theme) in enumerate(themes.items()):
        forms = {anchor: form_of(anchor, model.matrix.analyzer) for anchor in theme.anchors}
        mine = anchored[t]
        claimed = [a for a, form in forms.items() if form in columns and anchored[:, columns[form]].sum() > 1]
        kept = float(model.components[t, mine].sum() / of_all[mine].sum()) if mine.any() else float("nan")
        rows.append((
            t, key, len(forms), int(mine.sum()), float(model.topic_term[t, mine].sum()), kept,
            int(mine[first[t]].sum()), [a for a, form in forms.items() if form not in columns], claimed,
        ))  # fmt: skip
    n_given, n_never = sum(row[2] for row in rows), sum(len(row[-2]) for row in rows)
    n_claimed = len({anchor for row in rows for anchor in row[-1]})
    verdict = (
        f"{len(rows)} of {len(model.alpha)} topics are anchored; {n_never} of {n_given} anchors are "
        f"no term of the model, {n_claimed} are claimed by two themes"
    )
    return Table(rows, columns=list(COLUMNS), verdict=verdict)
