"""The explorer: themes or topics with their terms on one side, the articles that carry them on the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from topics import display
from topics.corpus.article import Article, Corpus, as_corpus
from topics.corpus.themes import Theme, Themes
from topics.models.explain import weigh_spans
from topics.models.themes import ThemeModel
from topics.report.articles import Listing, Named, ReportArticle
from topics.report.page import fold_tables
from topics.widgets.drawing import anywidget, interface, script

if TYPE_CHECKING:
    from topics.estimators.shapes import Array
    from topics.models.topics import TopicModel

_TERMS = 60  # of a topic, by probability, and as many by lift: the slider chooses among them
_CARRIES = 0.2  # share of an article from which it is listed under a topic
_MARKED = 2  # topics of an article whose words are marked


class Explorer(anywidget().AnyWidget):  # type: ignore[misc]
    """The widget of `topics.explore`."""

    _esm = script()
    data = traitlets.Dict().tag(sync=True)

    def __init__(self, data: dict[str, Any], told: str) -> None:
        self._told = told
        super().__init__(data=data)

    def __repr__(self) -> str:
        return self._told


def open_explorer(model: ThemeModel | TopicModel, articles: Any, *, language: str, max_articles: int) -> Explorer:
    """See `topics.explore`."""
    corpus = as_corpus(articles)
    shown = corpus[:max_articles]
    if isinstance(model, ThemeModel):
        themes, rows, parts = model.themes, _sorted(model, shown), _theme_terms(model, corpus)
    else:
        themes, rows, parts = _as_themes(model), _mixed(model, shown), _topic_terms(model, corpus)
    listing = Listing(Named(list(themes)), "full", max_articles)
    listing.read(rows)
    drawn = interface(themes, language)
    left_out = drawn["words"][language]["shown_first"].format(n=f"{len(shown):,}", all=f"{len(corpus):,}")
    data = {
        **drawn,
        "kind": "explorer", "texts": "full", "fold": fold_tables(), "themes": list(themes), "articles": listing.rows,
        "parts": parts, "left_out": left_out if len(shown) < len(corpus) else "",
    }  # fmt: skip
    what = "themes" if isinstance(model, ThemeModel) else "topics"
    return Explorer(data, f"Explorer({len(themes)} {what}; {len(shown):,} of {len(corpus):,} articles)")


def _sorted(model: ThemeModel, corpus: Corpus) -> Iterator[ReportArticle]:
    for article, row in zip(corpus, model.rows(corpus), strict=True):
        paragraphs: Any = model.paragraphs(article).to_dict("records")
        yield ReportArticle.of(article, row, model.explain(article), paragraphs)


def _theme_terms(model: ThemeModel, corpus: Corpus) -> list[dict[str, Any]]:
    """For each theme its share of the articles, and the terms that speak for it most."""
    given = (
        (model.probabilities(corpus) >= model.thresholds).mean(axis=0) if len(corpus) else np.zeros(len(model.themes))
    )
    parts = []
    for k, row in enumerate(model.coef):
        best = np.argsort(-row, kind="stable")[:_TERMS]
        terms = [[_spelled(model, column), float(row[column])] for column in best.tolist() if row[column] > 0]
        parts.append({"share": float(given[k]), "terms": terms})
    return parts


def _as_themes(model: TopicModel) -> Themes:
    """Topics in the place of themes: the reader marks and lists them alike."""
    named = [dict.fromkeys(("ar", "en", "fr"), name) for name in model.names]
    return Themes(Theme(f"topic_{k}", names) for k, names in enumerate(named))


def _mixed(model: TopicModel, corpus: Corpus) -> Iterator[ReportArticle]:
    keys = [f"topic_{k}" for k in range(len(model.alpha))]
    speaks = model.topic_term / model.topic_term.sum(axis=0)  # of each term, how far it points to each topic
    mixtures = model.mixtures(corpus)[keys].to_numpy(float)
    for article, shares in zip(corpus, mixtures, strict=True):
        order = np.argsort(-shares, kind="stable").tolist()
        carried = tuple(keys[k] for k in order if shares[k] >= _CARRIES)
        parts: Any = model.paragraphs(article).to_dict("records")
        yield ReportArticle(
            article,
            primary=carried[0] if carried else "none",
            themes=carried,
            probabilities=dict(zip(keys, shares.tolist(), strict=True)),
            paragraphs=[
                (int(part["start"]), int(part["end"]), {key: float(part[key]) for key in keys}) for part in parts
            ],
            spans=_spans(model, article, speaks, order[:_MARKED], keys),
        )


def _spans(
    model: TopicModel, article: Article, speaks: Array, topics: list[int], keys: list[str]
) -> list[tuple[int, int, str, float]]:
    spans, _ = weigh_spans(article, model.matrix, speaks[topics], [keys[k] for k in topics])
    return [(span.start, span.end, span.theme, span.weight) for span in spans]


def _topic_terms(model: TopicModel, corpus: Corpus) -> list[dict[str, Any]]:
    """For each topic its share of the articles, and its terms: as written, probability, probability in all topics."""
    distribution = model.topic_term
    overall = model.components.sum(axis=0) / model.components.sum()
    keys = [f"topic_{k}" for k in range(len(model.alpha))]
    shares = (
        model.mixtures(corpus)[keys].to_numpy(float).mean(axis=0) if len(corpus) else model.alpha / model.alpha.sum()
    )
    parts = []
    for k, row in enumerate(distribution):
        by_probability = np.argsort(-row, kind="stable")[:_TERMS].tolist()
        by_lift = np.argsort(-(row / overall), kind="stable")[:_TERMS].tolist()
        columns = dict.fromkeys(by_probability + by_lift)
        terms = [[_spelled(model, column), float(row[column]), float(overall[column])] for column in columns]
        parts.append({"share": float(shares[k]), "terms": terms})
    return parts


def _spelled(model: ThemeModel | TopicModel, column: int) -> str:
    return display.visible(model.matrix.spelled(model.matrix.terms[column]))
