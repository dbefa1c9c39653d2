"""Draw the picture of README: where an article's themes stand, and the words that spoke for each.

Run by hand when the corpus, the model or the plots change: .venv/bin/python docs/images/draw.py
"""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt

import topics
from topics import plots

HERE = Path(__file__).parent
ARTICLE = "gf-0093"
"""An article of the Gulf with three themes; the model learns from the other regions only."""


def main() -> None:
    """Train as README does, draw, and write article.png beside this file."""
    corpus = topics.Corpus.read(HERE.parent.parent / "corpora" / "demo")
    article = corpus[ARTICLE]
    model = topics.ThemeModel.train(corpus.filter(lambda other: other.extra["region"] != "gulf"))
    plots.use_style()
    draw(model, article).savefig(HERE / "article.png", metadata={"Software": None})


def draw(model: topics.ThemeModel, article: topics.Article) -> plt.Figure:
    """The strip of paragraphs above, a panel of words a theme below, the first theme at the right."""
    keys = list(model.themes)
    names = {key: theme.name("ar") for key, theme in model.themes.items()}
    colors = {key: theme.color for key, theme in model.themes.items()}
    figure, axes = plt.subplot_mosaic(
        [["strip"] * len(keys), keys[::-1]], figsize=(11, 6.2), height_ratios=[1, 1.25], layout="constrained"
    )
    places = model.paragraphs(article)
    plots.theme_strip(
        places[keys],
        keys,
        sizes=places.end - places.start,
        names=names,
        colors=colors,
        ax=axes["strip"],
        title=article.title,
    )
    reasons = model.explain(article)
    for key in keys:
        words, weights = zip(*[pair for pair in reasons.reasons(key, 30) if pair[1] > 0][:6], strict=True)
        title = f"{names[key]} {reasons.probabilities[key]:.2f}"
        plots.span_weights(words, weights, color=colors[key], ax=axes[key], title=title)
    return figure


if __name__ == "__main__":
    main()
