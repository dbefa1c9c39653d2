"""The pictures of a run, each an SVG file in which Arabic is text.

Those with words of the interface are drawn in each of its languages: sizes.svg in Arabic, sizes.en.svg, sizes.fr.svg.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from topics.corpus.article import Corpus
from topics.corpus.themes import Themes
from topics.estimators.shapes import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from topics.models.themes import ThemeModel
    from topics.models.topics import TopicModel
    from topics.plots.layout import Language

_N_TERMS = 8
_LANGUAGES: tuple[Language, ...] = ("ar", "en", "fr")


def draw(
    folder: Path,
    corpus: Corpus,
    themes: ThemeModel | None,
    topics: TopicModel | None,
    scores: Mapping[str, list[dict[str, Any]]],
    shares: Array | None = None,
    held: Iterable[Mapping[str, Any]] = (),
) -> None:
    """Write every picture that the models allow into a folder.

    Parameters
    ----------
    folder : path
        Where; it exists.
    corpus : Corpus
        The articles that were learnt from.
    themes, topics : model or None
        What was learnt.
    scores : mapping
        "themes" and "topics" to rows, as in scores.json.
    shares : ndarray of shape (n_topics,), optional
        How much of the corpus each topic takes; worked out where it is left out.
    held : iterable of mapping
        What each labelled article was given out of fold, as `held_out.read` has it.
    """
    from topics.plots import styled

    with styled("light"):
        if topics is not None:
            if shares is None:
                shares = topics.mixtures(corpus).iloc[:, 2:].mean().to_numpy()
            _draw_topics(folder, topics, shares)
        for language in _LANGUAGES:
            if themes is not None:
                _draw_themes(folder, corpus, themes.themes, scores.get("themes", []), language)
                _draw_held_out(folder, themes.themes, list(held), language)
            if topics is not None and shares is not None:
                _draw_sizes(folder, topics, shares, language)


def _look(themes: Themes, language: Language) -> dict[str, Any]:
    return {
        "names": {key: drawable(theme.name(language)) for key, theme in themes.items()},
        "colors": {key: theme.color for key, theme in themes.items()},
        "language": language,
    }


def _named(name: str, language: Language) -> str:
    return f"{name}.svg" if language == "ar" else f"{name}.{language}.svg"


def _draw_held_out(folder: Path, themes: Themes, held: list[Mapping[str, Any]], language: Language) -> None:
    """Whether probabilities can be taken at their word, and what abstaining would buy, by articles out of fold."""
    from topics.evaluation import reliability, risk_coverage
    from topics.plots import reliability as draw_reliability
    from topics.plots import risk_coverage as draw_risk

    if not held:
        return
    chances = {key: np.array([row["probabilities"][key] for row in held]) for key in themes}
    bins = {}
    for key, chance in chances.items():
        carries = np.array([key in row["labels"] for row in held])
        open_ones = np.array([key in (row.get("contested") or ()) for row in held])
        if 0 < carries.sum() < len(carries):
            bins[key] = reliability(carries, chance, leave_out=open_ones).bins
    if bins:
        _save(draw_reliability(bins, **_look(themes, language)), folder / _named("reliability", language))
    sure = np.prod([np.maximum(chance, 1.0 - chance) for chance in chances.values()], axis=0)
    right = np.array([set(row["given"]) == set(row["labels"]) for row in held])
    curve = risk_coverage(sure, right)
    drawn = draw_risk(curve.coverage, curve.risk, language=language)
    _save(drawn, folder / _named("risk_coverage", language))


def _draw_themes(folder: Path, corpus: Corpus, themes: Themes, rows: list[dict[str, Any]], language: Language) -> None:
    from topics.plots import articles_over_time, theme_scores, theme_sizes

    look = _look(themes, language)
    sizes = Counter(label for article in corpus for label in article.themes or ())
    sizes["none"] = sum(article.themes == () for article in corpus)
    _save(theme_sizes({key: sizes[key] for key in [*themes, "none"]}, **look), folder / _named("theme_sizes", language))
    if not rows:  # learnt from anchors, and no article is labelled
        return
    scores = pd.DataFrame(rows).rename(columns={"of": "theme"})
    scores = scores.astype({"mean": float, "low": float, "high": float})
    if scores.loc[scores["measure"] == "f1", "mean"].notna().any():
        _save(theme_scores(scores, "f1", **look), folder / _named("theme_scores", language))
    years = sorted({article.date.year for article in corpus if article.date and article.themes})
    if len(years) > 1:
        counts = Counter(
            (article.date.year, label) for article in corpus if article.date for label in article.themes or ()
        )
        table = pd.DataFrame(
            {key: [counts[year, key] for year in years] for key in themes}, index=[str(year) for year in years]
        )
        _save(articles_over_time(table, **look), folder / _named("themes_over_time", language))


def _draw_topics(folder: Path, model: TopicModel, shares: Array) -> None:
    """What holds terms only, in the words of the articles."""
    from topics.plots import topic_grid, topic_map

    tables = [rows for _, rows in model.top_terms(_N_TERMS, "relevance").groupby("topic", sort=True)]
    terms = [[drawable(term) for term in rows["term"]] for rows in tables]
    axes = topic_grid(terms, [rows["probability"].tolist() for rows in tables], language="ar")
    _save(axes[0], folder / "topics.svg")
    names = _numbered(model)
    if len(names) > 2:
        _save(topic_map(model.topic_term, shares=shares, labels=names, language="ar"), folder / "topic_map.svg")


def _numbered(model: TopicModel) -> list[str]:
    return [f"{number}: {drawable(name)}" for number, name in enumerate(model.names)]


def _draw_sizes(folder: Path, model: TopicModel, shares: Array, language: Language) -> None:
    from topics.plots import topic_sizes

    drawn = topic_sizes(shares, _numbered(model), rtl=language == "ar", language=language)
    _save(drawn, folder / _named("topic_sizes", language))


def drawable(text: str) -> str:
    """The text with what the font of the plots lacks, such as Chinese, as question marks."""
    from topics.plots import missing_glyphs

    missing = set(missing_glyphs(text))
    return "".join("?" if char in missing else char for char in text)


def svg_file(figure: Any) -> str:
    """What an SVG file of a figure holds."""
    from topics.plots import to_svg

    return f'<?xml version="1.0" encoding="utf-8"?>\n{to_svg(figure)}'


def _save(ax: Axes, path: Path) -> None:
    import matplotlib.pyplot as plt

    figure: Any = ax.figure
    path.write_text(svg_file(figure), encoding="utf-8", newline="\n")
    plt.close(figure)
