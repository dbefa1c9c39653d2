"""Draw the picture of README, and those of the gallery by running the lines that stand below each.

Run by hand when the corpus, the models or the plots change: .venv/bin/python docs/images/draw.py
"""

from __future__ import annotations

import ast
import re
from contextlib import chdir
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt

import topics
from topics import plots

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
PAGE = HERE.parent / "gallery.md"
PART = re.compile(r"^!\[.*?\]\((images/gallery/[\w-]+\.png)\)$|^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
"""A picture, or the lines that draw the picture before them."""
ARTICLE = "gf-0093"
"""An article of the Gulf with three themes; the model learns from the other regions only."""


def main() -> None:
    """Write all pictures beside this file."""
    mpl.use("agg")
    readme()
    gallery(PAGE.read_text(encoding="utf-8"), HERE.parent)


def gallery(page: str, folder: Path) -> None:
    """Run a page from top to bottom as one session; what follows a picture draws it."""
    names: dict[str, Any] = {}
    picture = None
    for part in PART.finditer(page):
        if part[1]:
            picture = part[1]
            continue
        lines = ast.parse(part[2])
        if picture and isinstance(lines.body[-1], ast.Expr):
            lines.body[-1] = ast.Assign([ast.Name("drawn", ast.Store())], lines.body[-1].value)
        with chdir(PROJECT):
            exec(compile(ast.fix_missing_locations(lines), PAGE.name, "exec"), names)  # noqa: S102 - lines of our page
        if picture is None:
            continue
        drawn = names["drawn"]
        figure = (drawn[0] if isinstance(drawn, list) else drawn).figure
        (folder / picture).parent.mkdir(exist_ok=True)
        figure.savefig(folder / picture, dpi=110, metadata={"Software": None}, pil_kwargs={"optimize": True})
        plt.close(figure)
        picture = None


def readme() -> None:
    """Train as README does, draw, and write article.png."""
    corpus = topics.Corpus.read(PROJECT / "corpora" / "demo")
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
