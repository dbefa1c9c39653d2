"""The report of a run, made from what the run holds; article texts are handed in, a run does not keep them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics.corpus.article import Article
from topics.corpus.themes import Themes
from topics.experiments.folder import FIGURES
from topics.report import MAX_ARTICLES, ReportArticle, write_report

if TYPE_CHECKING:
    from topics.experiments.run import Run
    from topics.models.themes import ThemeModel
    from topics.models.topics import TopicModel

_N_TERMS = 10

CAPTIONS: Mapping[str, Mapping[str, str]] = {
    "theme_sizes": {
        "ar": "عدد مقالات كل محور في المدونة",
        "en": "Articles of each theme in the corpus",
        "fr": "Articles de chaque thème dans le corpus",
    },
    "theme_scores": {
        "ar": "درجة F1 لكل محور على مقالات لم يرها النموذج، مع مجال الثقة",
        "en": "F1 of each theme on articles that the model has not seen, with its interval",
        "fr": "F1 de chaque thème sur des articles que le modèle n'a pas vus, avec son intervalle",
    },
    "themes_over_time": {
        "ar": "مقالات كل محور سنة بعد سنة",
        "en": "Articles of each theme, year by year",
        "fr": "Articles de chaque thème, année par année",
    },
    "topics": {"ar": "كلمات كل موضوع", "en": "The terms of each topic", "fr": "Les termes de chaque sujet"},
    "topic_sizes": {
        "ar": "حصة كل موضوع من المدونة",
        "en": "Share of the corpus that each topic takes",
        "fr": "Part du corpus qu'occupe chaque sujet",
    },
}
"""Figure to its caption in each language of the interface."""


def write_run_report(
    run: Run, articles: Iterable[Article] | None, *, out: Path, texts: str | None = None, language: str = "ar"
) -> None:
    """Write the report of a run.

    Parameters
    ----------
    run : Run
        Its scores, figures, models and sorted table are shown.
    articles : iterable of Article, optional
        What was sorted; without it the titles of the sorted table are shown.
    out : path
        Where the report goes.
    texts : {"full", "excerpt", "none"}, optional
        What of the articles it holds; by default what the experiment says.
    language : {"ar", "en", "fr"}
        Of the interface when the page opens.
    """
    themes, topics = run.models
    known = themes.themes if themes is not None else Themes()
    shown = _from_table(run) if articles is None else _sorted(articles, themes)
    write_report(
        out,
        title=run.settings.name,
        themes=known,
        articles=shown,
        texts=texts or run.settings.output.texts,
        language=language,
        summary=_summary(run),
        data=_data(run.manifest),
        scores=[dict(row, theme=row["of"]) for row in run.score_rows("themes")],
        figures=_figures(run),
        topics=_topics(topics, run),
        settings=run.settings.with_paths(lambda path: Path(path).name).to_settings(),
        versions=run.manifest["versions"],
    )


def _sorted(articles: Iterable[Article], model: ThemeModel | None) -> Iterator[ReportArticle]:
    """The articles as they were sorted, with reasons; past those that the report holds, only counted."""
    from topics.features.matrix import batches

    done = 0
    for batch in batches(articles):
        if model is None:
            yield from map(ReportArticle, batch)
            continue
        for article, row in zip(batch, model.rows(batch), strict=True):
            done += 1
            if done > MAX_ARTICLES:
                yield ReportArticle.of(article, row)
                continue
            paragraphs: Any = model.paragraphs(article).to_dict("records")
            yield ReportArticle.of(article, row, model.explain(article), paragraphs)


def _from_table(run: Run) -> Iterator[ReportArticle]:
    """The sorted table's articles: titles, no texts."""
    themes = run.models.themes
    keys = list(themes.themes) if themes is not None else []
    for row in run.sorted.astype(object).to_dict("records"):
        article = Article(
            "", id=_text(row, "id"), title=_text(row, "title"), source=_text(row, "source"), date=row.get("date")
        )
        if not keys:
            yield ReportArticle(article)
            continue
        probabilities = {key: float(row[key]) for key in keys}
        yield ReportArticle(article, row["primary"], row["themes"] or (), probabilities, float(row["unlike"]))


def _text(row: Mapping[Any, Any], name: str) -> str | None:
    value = row.get(name)
    return value if isinstance(value, str) else None


def _summary(run: Run) -> dict[str, Any]:
    from topics.evaluation import Score

    found: dict[str, Any] = {"n_articles": run.manifest["corpus"]["n_articles"]}
    for row in run.score_rows("themes") + run.score_rows("topics"):
        if row["of"] == "*" and row["mean"] is not None and row["low"] is not None:
            found[row["measure"]] = Score(row["mean"], row["low"], row["high"], row["n"])
    return found


def _data(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in manifest["corpus"].items() if value is not None}


def _figures(run: Run) -> list[tuple[str, str, dict[str, str]]]:
    paths = {path.stem: path for path in (run.path / FIGURES).glob("*.svg")}
    return [
        (name, paths[name].read_text(encoding="utf-8"), dict(captions))
        for name, captions in CAPTIONS.items()
        if name in paths
    ]


def _topics(model: TopicModel | None, run: Run) -> list[dict[str, Any]]:
    """Each topic with its name, terms and share of the corpus."""
    if model is None:
        return []
    found = {row["of"]: row["mean"] for row in run.score_rows("topics") if row["measure"] == "share"}
    shares = [found.get(f"topic_{number}") for number in range(len(model.alpha))]
    tables = [rows for _, rows in model.top_terms(_N_TERMS, "relevance").groupby("topic", sort=True)]
    return [
        {
            "topic": number,
            "name": name,
            "terms": list(zip(rows["term"], rows["probability"], strict=True)),
            "share": share,
        }
        for number, (name, rows, share) in enumerate(zip(model.names, tables, shares, strict=True))
    ]
