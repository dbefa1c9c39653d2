"""Whether the people who label agree: theme by theme, over whole sets of themes, and where they do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.corpus.article import Article
from topics.corpus.readers.tables import table_rows
from topics.corpus.values import parse_themes_cell
from topics.display import table as html_table
from topics.errors import SettingsError, TopicsError
from topics.evaluation.agreement import krippendorff_alpha, masi_distance
from topics.evaluation.intervals import Score, bootstrap
from topics.evaluation.tables import ALL

if TYPE_CHECKING:
    import pandas as pd

Labels = dict[str, frozenset[str]]  # of one coder, by article


@dataclass(frozen=True)
class Agreement:
    """How far coders agree.

    Attributes
    ----------
    table : DataFrame
        theme ("*" for whole sets of themes), measure, mean, low, high, n (articles that two or more answered), note.
        Of each theme alpha (Krippendorff's, nominal) and agreement (share of pairs of answers that are equal); of sets
        alpha_masi (Krippendorff's with MASI distance) and agreement.
    disagreements : DataFrame
        id, one column a coder with the themes given, `themes` on which they differ, distance (MASI, the largest of
        two coders); the widest apart first.
    """

    table: pd.DataFrame
    disagreements: pd.DataFrame

    def __getitem__(self, theme: str) -> Score:
        """The alpha of a theme, or of whole sets: ``agreement["*"]``."""
        for row in self._rows():
            if row["theme"] == theme and row["measure"].startswith("alpha"):
                return Score(row["mean"], row["low"], row["high"], row["n"])
        known = ", ".join(dict.fromkeys(row["theme"] for row in self._rows()))
        raise SettingsError(f"no coder gave the theme {theme!r}; there are {known}")

    def __str__(self) -> str:
        lines = []
        for row in self._rows():
            told = row["note"] or format(Score(row["mean"], row["low"], row["high"], row["n"]))
            lines.append(f"{row['theme']}: {row['measure']} {told}")
        return "\n".join([*lines, f"{len(self.disagreements):,} disagreements"])

    def _rows(self) -> list[dict[str, Any]]:
        return [{str(name): value for name, value in row.items()} for row in self.table.to_dict("records")]

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        wide = [{str(name): value for name, value in row.items()} for row in self.disagreements[:50].to_dict("records")]
        return html_table(self._rows(), rtl=False) + html_table(wide, rtl=False)


def agreement(*labels: Any, themes: Sequence[str] | None = None, random_state: int = 0) -> Agreement:
    """Krippendorff's alpha for what two or more people answered, with bootstrap intervals, and where they differ.

    Parameters
    ----------
    *labels : path, DataFrame, articles or mapping of id to themes
        One a coder, or fewer with a column `coder`. A file or table has the columns id, themes and perhaps coder, as
        labelling saves them; of several answers of a coder to one article the last counts, and one without themes
        (None, an empty cell) is none.
    themes : sequence of str, optional
        The themes to compare; by default every theme that somebody gave.
    random_state : int
        Seeds the bootstrap.

    Returns
    -------
    Agreement

    Examples
    --------
    >>> first = {"a": ["sport"], "b": [], "c": ["sport", "security"], "d": ["security"]}
    >>> second = {"a": ["sport"], "b": [], "c": ["sport"], "d": ["security"]}
    >>> agreement(first, second).disagreements["themes"].tolist()
    [['security']]
    """
    coders = _coders(labels)
    if len(coders) < 2:
        raise SettingsError(f"{len(coders)} coder cannot disagree; give the answers of two or more")
    ids = sorted({identity for answers in coders.values() for identity in answers})
    keys = sorted({key for answers in coders.values() for given in answers.values() for key in given})
    keys = keys if themes is None else list(themes)
    kept = frozenset(keys)
    units = [[answers[i] & kept for answers in coders.values() if i in answers] for i in ids]
    shared = [answers for answers in units if len(answers) > 1]
    if len(shared) < 2:
        raise TopicsError(f"{len(shared)} articles were labelled by two people; give answers to the same articles")
    return Agreement(_table(shared, keys, random_state), _disagreements(coders, ids, kept))


def _table(units: list[list[frozenset[str]]], keys: list[str], random_state: int) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for key in keys:
        answers = [[key in given for given in unit] for unit in units]
        rows.append(_line(key, "alpha", krippendorff_alpha(answers, random_state=random_state)))
        rows.append(_line(key, "agreement", _equal(answers, random_state)))
    rows.append(_line(ALL, "alpha_masi", krippendorff_alpha(units, masi_distance, random_state=random_state)))
    rows.append(_line(ALL, "agreement", _equal(units, random_state)))
    return pd.DataFrame(rows, columns=["theme", "measure", "mean", "low", "high", "n", "note"])


def _line(theme: str, measure: str, score: Score) -> tuple[Any, ...]:
    note = "all answers are equal, so chance cannot be told from agreement" if np.isnan(score.mean) else ""
    return (theme, measure, *score, note)


def _equal(units: Sequence[Sequence[Any]], random_state: int) -> Score:
    """Share of an article's pairs of answers that are equal, averaged over articles."""
    shares = []
    for answers in units:
        pairs = [a == b for k, a in enumerate(answers) for b in answers[k + 1 :]]
        shares.append(sum(pairs) / len(pairs))
    return bootstrap(shares, random_state=random_state)


def _disagreements(coders: Mapping[str, Labels], ids: Sequence[str], kept: frozenset[str]) -> pd.DataFrame:
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for identity in ids:
        given = {name: answers[identity] & kept for name, answers in coders.items() if identity in answers}
        sets = list(given.values())
        if len(set(sets)) < 2:
            continue
        apart = max(masi_distance(a, b) for k, a in enumerate(sets) for b in sets[k + 1 :])
        disputed = sorted(frozenset.union(*sets) - frozenset.intersection(*sets))
        told = {_column(name): sorted(themes) for name, themes in given.items()}
        rows.append({"id": identity, **told, "themes": disputed, "distance": apart})
    rows.sort(key=lambda row: (-row["distance"], row["id"]))
    return pd.DataFrame(rows, columns=["id", *map(_column, coders), "themes", "distance"])


def _column(coder: str) -> str:
    """A coder's name, which may be that of another column."""
    return f"coder {coder}" if coder in ("id", "themes", "distance") else coder


def _coders(labels: Sequence[Any]) -> dict[str, Labels]:
    """Coder -> article -> themes; a coder without a name is called by the place of the argument."""
    found: dict[str, Labels] = {}
    for place, given in enumerate(labels):
        named: dict[str, Labels] = {}
        for row in _rows(given):
            if row.get("id") is None:
                raise SettingsError("an answer has no id; labels have the columns id, themes and perhaps coder")
            themes = parse_themes_cell(row.get("themes"))
            if themes is not None:
                named.setdefault(str(row.get("coder") or ""), {})[str(row["id"])] = frozenset(themes)
        for name, answers in named.items():
            unnamed = name or _letter(place)
            found[unnamed if unnamed not in found else f"{unnamed} ({place + 1})"] = answers
    return found


def _letter(place: int) -> str:
    return chr(ord("a") + place) if place < 26 else str(place + 1)


def _rows(given: Any) -> Iterable[Mapping[str, Any]]:
    if isinstance(given, str | Path):
        return table_rows(given)
    if isinstance(given, Mapping):
        return [{"id": identity, "themes": list(themes)} for identity, themes in given.items()]
    if hasattr(given, "to_dict") and hasattr(given, "columns"):
        rows: list[Mapping[str, Any]] = given.to_dict("records")
        return rows
    articles = list(given)
    if not all(isinstance(article, Article) for article in articles):
        raise SettingsError("labels are a path, a table, articles, or a mapping of id to themes")
    return [{"id": article.id, "themes": article.themes, "coder": article.extra.get("coder")} for article in articles]
