"""What a report shows of a run beside its articles: scores by newspaper, errors to read, quotes, pictures, methods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.corpus.article import Article
from topics.corpus.themes import LANGUAGES
from topics.experiments import held_out
from topics.experiments.folder import FIGURES

if TYPE_CHECKING:
    from topics.experiments.run import Run
    from topics.models.reading import Read
    from topics.models.themes import ThemeModel
    from topics.models.topics import TopicModel

_N_TERMS, _N_QUOTES = 10, 2
_N_ERRORS, _N_REASONS = 20, 6
_N_SOURCES, _LEAST_OF_SOURCE = 12, 10  # newspapers that get a row, and labelled articles that it takes

SECTIONS: Mapping[str, str] = {
    "theme_sizes": "data", "themes_over_time": "time", "topics_over_time": "time", "topics": "topics",
    "topic_sizes": "topics", "topic_map": "topics",
}  # fmt: skip
"""Figure to the section it stands in; those that are not here stand with the themes."""

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
    "reliability": {
        "ar": "هل يصدق الاحتمال؟ نسبة المقالات التي تحمل المحور فعلا عند كل احتمال",
        "en": "Can a probability be taken at its word? Share of articles that carry the theme, by probability",
        "fr": "La probabilité dit-elle vrai ? Part des articles qui portent le thème, selon la probabilité",
    },
    "risk_coverage": {
        "ar": "المقالات التي أخطأ النموذج في محور من محاورها، حين يُترك للمراجعة ما كان أقل ثقة فيه",
        "en": "Articles with any wrong theme, when those that the model is least sure of are left to people",
        "fr": "Articles avec un thème faux, quand les moins sûrs sont laissés aux lecteurs",
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
    "topic_map": {
        "ar": "خريطة المواضيع: ما تقارب منها تقاربت كلماته",
        "en": "Map of the topics: those that share words lie close together",
        "fr": "Carte des sujets : ceux qui partagent des mots sont proches",
    },
}
"""Figure to its caption in each language of the interface."""


def figures(run: Run) -> list[tuple[str, dict[str, str], dict[str, str], str]]:
    """Name, drawing in each language, captions and section of each picture of a run."""
    paths = {path.name.removesuffix(".svg"): path for path in (run.path / FIGURES).glob("*.svg")}
    found = []
    for name, captions in CAPTIONS.items():
        if name not in paths:
            continue
        own = {"ar": paths[name]}
        own |= {code: paths[f"{name}.{code}"] for code in LANGUAGES if f"{name}.{code}" in paths}
        drawn = {language: path.read_text(encoding="utf-8") for language, path in own.items()}
        found.append((name, drawn, dict(captions), SECTIONS.get(name, "themes")))
    return found


def methods(run: Run) -> dict[str, str]:
    """The paragraph for a paper in each language."""
    return {language: run.methods(language).text for language in LANGUAGES}


def scored_articles(run: Run, articles: Iterable[Article]) -> list[tuple[Article, dict[str, Any]]]:
    """The articles that the run scored, each with what it was given out of fold."""
    rows = held_out.read(run.path, "themes")
    return [(article, rows[article.id]) for article in articles if article.id in rows] if rows else []


def by_source(scored: Sequence[tuple[Article, dict[str, Any]]], keys: Sequence[str]) -> list[dict[str, Any]]:
    """F1 of each theme and their mean on each newspaper with enough labelled articles, largest first.

    Parameters
    ----------
    scored : sequence of (Article, row)
        As `scored_articles` gives them.
    keys : sequence of str
        The themes.
    """
    from topics.evaluation import scores

    places: dict[str, list[int]] = {}
    for place, (article, _) in enumerate(scored):
        if article.source:
            places.setdefault(article.source, []).append(place)
    found: list[dict[str, Any]] = []
    for source in sorted(places, key=lambda name: (-len(places[name]), name))[:_N_SOURCES]:
        own = [scored[place][1] for place in places[source]]
        if len(own) < _LEAST_OF_SOURCE:
            continue
        truth, given, contested = (
            np.array([[key in (row.get(name) or ()) for key in keys] for row in own])
            for name in ("labels", "given", "contested")
        )
        table = scores(truth, given, themes=list(keys), leave_out=contested)
        table = table[table.measure.isin(["f1", "macro_f1"]) & table["mean"].notna()]
        rows: list[dict[Any, Any]] = table.to_dict("records")
        found += [{"source": source, **{str(k): v for k, v in row.items()}, "measure": "f1"} for row in rows]
    return found


def errors(scored: Sequence[tuple[Article, dict[str, Any]]], model: ThemeModel) -> Iterator[dict[str, Any]]:
    """The decisions furthest from the labels, with the words of the article that pull that way.

    Parameters
    ----------
    scored : sequence of (Article, row)
        As `scored_articles` gives them.
    model : ThemeModel
        Whose weights the words are named by.
    """
    wrong = []
    for place, (_, row) in enumerate(scored):
        for key, probability in row["probabilities"].items():
            carries, given = key in row["labels"], key in row["given"]
            if carries != given and key not in (row.get("contested") or ()):
                wrong.append((-probability if given else probability - 1.0, place, key, probability, given))
    for _, place, key, probability, given in sorted(wrong)[:_N_ERRORS]:
        article = scored[place][0]
        pulls = [word for word, weight in model.explain(article).reasons(key, 200) if (weight > 0) == given]
        yield {
            "id": article.id, "title": article.title or article.full[:80], "theme": key,
            "error": "given" if given else "missed", "probability": probability, "reasons": pulls[:_N_REASONS],
        }  # fmt: skip


def topics(model: TopicModel | None, run: Run, articles: Sequence[Article]) -> list[dict[str, Any]]:
    """Each topic with its name, terms, share of the corpus, and passages that show it."""
    if model is None:
        return []
    found = {row["of"]: row["mean"] for row in run.score_rows("topics") if row["measure"] == "share"}
    tables = [rows for _, rows in model.top_terms(_N_TERMS, "relevance").groupby("topic", sort=True)]
    from topics.models.reading import read_articles

    read = read_articles(model, articles)
    return [
        {
            "topic": number, "name": name, "terms": list(zip(rows["term"], rows["probability"], strict=True)),
            "share": found.get(f"topic_{number}"), "quotes": list(_quotes(model, number, read)),
        }
        for number, (name, rows) in enumerate(zip(model.names, tables, strict=True))
    ]  # fmt: skip


def _quotes(model: TopicModel, topic: int, read: Read) -> Iterator[dict[str, Any]]:
    from topics.models.reading import quote_table

    by_id = {article.id: article for article in read.articles}
    for row in quote_table(model, read, topic, _N_QUOTES).to_dict("records"):
        article = by_id[row["id"]]
        text = article.full[row["start"] : row["end"]]
        yield {"text": text, "title": article.title, "source": article.source, "date": article.date}
