"""Where a model and the labels part: its errors with their reasons, and labels that are likelier wrong than it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from topics.corpus.article import Article, as_corpus
from topics.estimators.linear import surplus
from topics.models.scoring import contested, indicator, labelled_articles, theme_columns
from topics.studies.validation import CrossValidation, cross_validate

if TYPE_CHECKING:
    import pandas as pd

    from topics.models.themes import ThemeModel

ERROR_COLUMNS = ("id", "title", "theme", "error", "probability", "threshold", "distance", "reasons")
LABEL_COLUMNS = ("id", "title", "theme", "label", "probability", "bar", "confidence")
MISSED, WRONGLY_GIVEN = "missed", "given"
_REASONS = 8


def errors(model: ThemeModel, corpus: Any, n_reasons: int = _REASONS) -> pd.DataFrame:
    """Every wrong decision of a model on labelled articles, worst first, with the words that led to it.

    Parameters
    ----------
    model : ThemeModel
        That sorts.
    corpus : Corpus, articles or path
        Labelled articles that it has not learnt from. Pairs in the own column `contested` are left out.
    n_reasons : int
        How many words are named.

    Returns
    -------
    DataFrame
        One row a wrong pair of article and theme: id, title, theme, error ("missed" or "given"), probability,
        threshold, distance (log-odds between the two: how wrong), and reasons: (word as written, weight) of those
        that pulled the wrong way, strongest first; for a missed theme the words against it.
    """
    from topics.corpus.showing import Rows

    labelled = labelled_articles(as_corpus(corpus))
    keys = list(model.themes)
    probabilities = model.probabilities(labelled)
    above = surplus(probabilities, model.thresholds)
    wrong = ((above >= 0) != indicator(labelled, keys)) & ~contested(labelled, keys)
    pairs = sorted(zip(*map(np.ndarray.tolist, np.nonzero(wrong)), strict=True), key=lambda at: (-abs(above[at]), at))
    rows = []
    for row, k in pairs:
        given = bool(above[row, k] >= 0)
        reasons = _reasons(model, labelled[row], keys[k], given=given, n=n_reasons)
        rows.append((
            labelled[row].id, labelled[row].title, keys[k], WRONGLY_GIVEN if given else MISSED,
            float(probabilities[row, k]), float(model.thresholds[k]), float(abs(above[row, k])), reasons,
        ))  # fmt: skip
    return Rows(rows, columns=list(ERROR_COLUMNS))


def _reasons(model: ThemeModel, article: Article, theme: str, *, given: bool, n: int) -> list[tuple[str, float]]:
    """The words that pulled towards the wrong decision; where none did, those that pulled the other way too weakly."""
    found = model.explain(article).reasons(theme, len(article.full))
    pulled = [(word, weight) for word, weight in found if (weight > 0) == given]
    return (pulled or found)[:n]


def label_errors(corpus: Any, *, validation: CrossValidation | None = None, **settings: Any) -> pd.DataFrame:
    """Labels that are suspected to be wrong, the likeliest first, by confident learning.

    Northcutt, Jiang and Chuang (2021), theme by theme as if each were a question of its own. The bar of "carries it" is
    the mean probability of the articles labelled so, that of "does not" the same of the rest; a label is suspected
    when the article reaches the bar of the other answer, and not more surely that of its own.

    Parameters
    ----------
    corpus : Corpus, articles or path
        Labelled articles.
    validation : CrossValidation, optional
        Their sorting out of fold, where it is at hand.
    **settings
        For `cross_validate`, such as ``by="source"``, otherwise.

    Returns
    -------
    DataFrame
        id, title, theme, label (whether the article is labelled with it), probability (out of fold), bar (that of
        the other answer), confidence (of the label: the lower the more suspect; the rows are in its order).
    """
    from topics.corpus.showing import Rows

    labelled = as_corpus(corpus).filter(lambda article: article.themes is not None)
    found = validation if validation is not None else cross_validate(labelled, **settings)
    table = found.table
    keys = theme_columns(table)
    articles = [labelled[str(identity)] for identity in table["id"]]
    truth, chance = indicator(articles, keys), table[keys].to_numpy(float)
    rows = []
    for k, key in enumerate(keys):
        carries, p = truth[:, k], chance[:, k]
        if carries.all() or not carries.any():
            continue
        bars = {True: float(p[carries].mean()), False: float((1 - p[~carries]).mean())}
        for row in np.flatnonzero(_suspect(carries, p, bars)).tolist():
            label = bool(carries[row])
            confidence = float(p[row] if label else 1 - p[row])
            article = articles[row]
            rows.append((article.id, article.title, key, label, float(p[row]), bars[not label], confidence))
    rows.sort(key=lambda row: (row[6], str(row[0]), row[2]))
    return Rows(rows, columns=list(LABEL_COLUMNS))


def _suspect(carries: Any, p: Any, bars: dict[bool, float]) -> Any:
    own = np.where(carries, p, 1 - p)
    other = 1 - own
    own_bar, other_bar = (np.where(carries, bars[side], bars[not side]) for side in (True, False))
    return (other >= other_bar) & ((own < own_bar) | (other > own))
