"""The pictures of a run, each an SVG file in which Arabic is text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from topics.corpus.article import Corpus
from topics.corpus.themes import Themes
from topics.estimators.shapes import Array

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from topics.models.themes import ThemeModel
    from topics.models.topics import TopicModel

_N_TERMS = 8


def draw(
    folder: Path,
    corpus: Corpus,
    themes: ThemeModel | None,
    topics: TopicModel | None,
    scores: Mapping[str, list[dict[str, Any]]],
    shares: Array | None = None,
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
    """
    from topics.plots import styled

    with styled("light"):
        if themes is not None:
            _draw_themes(folder, corpus, themes.themes, scores.get("themes", []))
        if topics is not None:
            if shares is None:
                shares = topics.mixtures(corpus).iloc[:, 2:].mean().to_numpy()
            _draw_topics(folder, topics, shares)


def _draw_themes(folder: Path, corpus: Corpus, themes: Themes, rows: list[dict[str, Any]]) -> None:
    from topics.plots import articles_over_time, theme_scores, theme_sizes

    look: dict[str, Any] = {
        "names": {key: drawable(theme.name("ar")) for key, theme in themes.items()},
        "colors": {key: theme.color for key, theme in themes.items()},
        "language": "ar",
    }
    sizes = Counter(label for article in corpus for label in article.themes or ())
    sizes["none"] = sum(article.themes == () for article in corpus)
    _save(theme_sizes({key: sizes[key] for key in [*themes, "none"]}, **look), folder / "theme_sizes.svg")
    if not rows:  # learnt from anchors, and no article is labelled
        return
    scores = pd.DataFrame(rows).rename(columns={"of": "theme"})
    scores = scores.astype({"mean": float, "low": float, "high": float})
    if scores.loc[scores["measure"] == "f1", "mean"].notna().any():
        _save(theme_scores(scores, "f1", **look), folder / "theme_scores.svg")
    years = sorted({article.date.year for article in corpus if article.date and article.themes})
    if len(years) > 1:
        counts = Counter(
            (article.date.year, label) for article in corpus if article.date for label in article.themes or ()
        )
        table = pd.DataFrame(
            {key: [counts[year, key] for year in years] for key in themes}, index=[str(year) for year in years]
        )
        _save(articles_over_time(table, **look), folder / "themes_over_time.svg")


def _draw_topics(folder: Path, model: TopicModel, shares: Array) -> None:
    from topics.plots import topic_grid, topic_sizes

    tables = [rows for _, rows in model.top_terms(_N_TERMS, "relevance").groupby("topic", sort=True)]
    terms = [[drawable(term) for term in rows["term"]] for rows in tables]
    axes = topic_grid(terms, [rows["probability"].tolist() for rows in tables], language="ar")
    _save(axes[0], folder / "topics.svg")
    names = [f"{number}: {drawable(name)}" for number, name in enumerate(model.names)]
    _save(topic_sizes(shares, names, language="ar"), folder / "topic_sizes.svg")


def drawable(text: str) -> str:
    """The text with what the font of the plots lacks, such as Chinese, as question marks."""
    from topics.plots import missing_glyphs

    missing = set(missing_glyphs(text))
    return "".join("?" if char in missing else char for char in text)


def _save(ax: Axes, path: Path) -> None:
    import matplotlib.pyplot as plt

    from topics.plots import to_svg

    figure: Any = ax.figure
    path.write_text('<?xml version="1.0" encoding="utf-8"?>\n' + to_svg(figure), encoding="utf-8", newline="\n")
    plt.close(figure)
