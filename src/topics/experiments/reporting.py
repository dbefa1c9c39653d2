"""The report of a run, made from what the run holds; article texts are handed in, a run does not keep them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics.corpus.article import Article
from topics.corpus.themes import Themes
from topics.experiments import report_parts
from topics.report import MAX_ARTICLES, ReportArticle, citation, write_report

if TYPE_CHECKING:
    from topics.experiments.run import Run
    from topics.models.themes import ThemeModel


def write_run_report(
    run: Run,
    articles: Iterable[Article] | None,
    *,
    out: Path,
    texts: str | None = None,
    language: str = "ar",
    mask: bool | None = None,
) -> None:
    """Write the report of a run: one file, or several beside each other where there are more articles than one holds.

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
    mask : bool, optional
        Whether phone numbers, e-mail addresses and identity numbers are masked; by default what the experiment says.
    """
    themes, topics = run.models
    known = themes.themes if themes is not None else Themes()
    there = [] if articles is None else list(articles)
    shown = _from_table(run) if articles is None else _sorted(there, themes)
    scored = report_parts.scored_articles(run, there)
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
        sources=report_parts.by_source(scored, list(known)),
        errors=report_parts.errors(scored, themes) if themes is not None else (),
        figures=report_parts.figures(run),
        topics=report_parts.topics(topics, run, there),
        settings=run.settings.with_paths(lambda path: Path(path).name).to_settings(),
        versions=run.manifest["versions"],
        methods=report_parts.methods(run),
        citation=_citation(run),
        mask=run.settings.output.mask if mask is None else mask,
        max_articles=MAX_ARTICLES,
    )


def _sorted(articles: Iterable[Article], model: ThemeModel | None) -> Iterator[ReportArticle]:
    """The articles as they were sorted, with reasons."""
    from topics.features.matrix import batches

    for batch in batches(articles):
        if model is None:
            yield from map(ReportArticle, batch)
            continue
        for article, row in zip(batch, model.rows(batch), strict=True):
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


def _citation(run: Run) -> str:
    """The report itself, then the methods and data behind it as BibTeX."""
    own = citation(run.settings.name, run.manifest["versions"], _data(run.manifest))
    return f"{own}\n\n{run.methods('en').bibtex}"


def _summary(run: Run) -> dict[str, Any]:
    from topics.evaluation import Score

    found: dict[str, Any] = {"n_articles": run.manifest["corpus"]["n_articles"]}
    for row in run.score_rows("themes") + run.score_rows("topics"):
        if row["of"] == "*" and row["mean"] is not None and row["low"] is not None:
            found[row["measure"]] = Score(row["mean"], row["low"], row["high"], row["n"])
    return found


def _data(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in manifest["corpus"].items() if value is not None}
