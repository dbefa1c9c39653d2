"""How well are themes sorted? Every figure of issue 6 with its interval, beside the figure that is wanted.

    python benchmarks/themes.py PATH-TO-SHARED [--repeats 3] [--only gold seed sanad ant]

PATH-TO-SHARED holds gold/, corpora/ and seed/.

- gold: a model trained on the demo corpus, and one from the anchors of its themes alone, on the gold files. In the file
  with one label an article, `primary` is scored. The gold files decide nothing.
- seed: an article that is mostly about one theme, two others in single paragraphs; spans must sum to the decision value.
- sanad: SANAD in five folds, near duplicates in one; then all of SANAD teaches and ANT is sorted.
- ant: ANT in five folds, near duplicates in one, dealt --repeats times; paired with scikit-learn's TfidfVectorizer and
  LinearSVC(C=.3, class_weight="balanced") on words and on character n-grams (char_wb, 3 to 4), same folds.

Intervals: 95 % over articles, 1,000 draws.
"""

from __future__ import annotations

import argparse
import time
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

import topics
from topics import Article, Corpus, ThemeModel
from topics.corpus.duplicates import duplicate_groups
from topics.corpus.packaged import packaged_corpus
from topics.estimators.folds import stratified_folds
from topics.estimators.linear import surplus
from topics.evaluation.intervals import Score, bootstrap_weighted, ratio, sums
from topics.features.anchors import AnchorFinder

COMMON = {"sports": "sport", "politics": "politic", "finance": "economy", "culture": "culture", "tech": "technology"}
COPIES = 0.5  # likeness from which two articles go to one fold


class Goal(NamedTuple):
    """What a figure, or an end of its interval, must be at least (or at most)."""

    least: float
    end: str = "mean"
    most: bool = False

    def holds(self, score: Score) -> bool:
        value = getattr(score, self.end)
        return value <= self.least if self.most else value >= self.least

    def __str__(self) -> str:
        return f"{'' if self.end == 'mean' else f'{self.end} end '}{'<=' if self.most else '>='} {self.least}"


def told(name: str, score: Score, *goals: Goal) -> None:
    wanted = "; ".join(f"wanted {goal}: {'holds' if goal.holds(score) else 'FAILS'}" for goal in goals)
    print(f"| {name} | {score:.3f} | {wanted} |", flush=True)


def heading(title: str) -> None:
    print(f"\n| {title} | | |\n|---|---|---|")


def macro(truth: np.ndarray, given: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Macro-F1 under each row of weights, shape (n_draws, 1)."""
    hits, both = sums(weights, (truth & given) * 1.0), sums(weights, truth * 1.0 + given)
    return ratio(2.0 * hits, both).mean(axis=1, keepdims=True)


def macro_f1(truth: np.ndarray, given: np.ndarray) -> Score:
    return bootstrap_weighted(lambda weights: macro(truth, given, weights), len(truth))[0]


def furthest(above: np.ndarray) -> np.ndarray:
    """The theme furthest above its threshold, one a row."""
    return above == above.max(axis=1, keepdims=True)


# Gold.


def gold(shared: Path, demo: Corpus) -> None:
    themes = demo.defined_themes
    dev = Corpus.read(shared / "gold" / "themes_dev.jsonl")
    single = list(Corpus.read(shared / "gold" / "themes_single_dev.jsonl.gz", columns={"themes": None}))
    model = ThemeModel.train(demo)
    heading(f"trained on the demo corpus ({len(demo)}), on themes_dev ({len(dev)})")
    scores = model.evaluate(dev)
    told("macro-F1", scores.macro_f1, Goal(0.85), Goal(0.78, "low"))
    told("primary accuracy", scores["primary_accuracy"], Goal(0.85))
    for key in themes:
        for measure in ("precision", "recall", "f1", "average_precision"):
            told(f"{key}: {measure}", scores[measure, key])
        told(f"{key}: Brier skill", scores["brier_skill", key], Goal(0.35))
        told(f"{key}: reliability slope", scores["reliability_slope", key])
    told("risk-coverage area of primary, over random", scores["risk_ratio"], Goal(0.5, most=True))
    heading(f"the same on themes_single_dev ({len(single)})")
    told("macro-F1 of primary", one_label(model, single))
    anchored = ThemeModel.from_anchors(themes)
    heading("from anchors and the texts of the demo corpus, no label")
    told("macro-F1 on themes_dev", anchored.evaluate(dev).macro_f1, Goal(0.78))
    told("macro-F1 of primary on themes_single_dev", one_label(anchored, single))


def one_label(model: ThemeModel, articles: list[Article]) -> Score:
    """Macro-F1 of `primary` where every article has one label, "other" among them."""
    truth = np.array([[article.extra["theme"] == key for key in model.themes] for article in articles])
    above = surplus(model.probabilities(articles), model.thresholds)
    return macro_f1(truth, furthest(above) & (above >= 0))


# The seed article.


def seed(shared: Path, demo: Corpus) -> None:
    model = ThemeModel.train(demo)
    article = Corpus.read(shared / "seed" / "article.txt")[0]
    heading("the seed article")
    row = next(model.rows([article]))
    said(f"primary: {row['primary']}", row["primary"] == "security")
    parts = model.paragraphs(article)
    texts = [article.full[start:end] for start, end in zip(parts.start, parts.end, strict=True)]
    hits = AnchorFinder.of(demo.defined_themes).evidence([Article(text) for text in texts]).distinct
    for t, key in enumerate(model.themes):
        found = (parts[key] >= model.thresholds[t]).to_numpy()
        places = ", ".join(str(number) for number in np.flatnonzero(found) + 1)
        said(f"{key}: paragraphs {places or 'none'} of {len(texts)}", bool((found & (hits[:, t] > 0)).any()))
    explanation = model.explain(article)
    worst = 0.0
    for key in model.themes:
        total = sum(span.weight for span in explanation.spans if span.theme == key)
        worst = max(worst, abs(explanation.intercepts[key] + total - explanation.scores[key]))
    said(f"intercept and spans off the decision value by {worst:.1e}", worst < 1e-9)


def said(name: str, holds: bool) -> None:
    print(f"| {name} | | {'holds' if holds else 'FAILS'} |", flush=True)


# Corpora of one label an article.


def labelled(path: Path) -> list[Article]:
    """The articles with their label as their theme."""
    plain = Corpus.read(path, columns={"themes": None})
    return [
        Article(article.text, id=article.id, title=article.title, themes=(article.extra["label"].lower(),))
        for article in plain
    ]


def one_hot(articles: list[Article], keys: list[str]) -> np.ndarray:
    return np.array([[key == article.themes[0] for key in keys] for article in articles])


def in_folds(articles: list[Article], sorter: Any, repeats: int = 1) -> tuple[np.ndarray, list[np.ndarray]]:
    """Truth, and what was sorted in each dealing of five folds, all of shape (n_articles, n_labels)."""
    keys = sorted({article.themes[0] for article in articles})
    truth, groups = one_hot(articles, keys), duplicate_groups(articles, threshold=COPIES)
    found = []
    for repeat in range(repeats):
        fold = stratified_folds(truth, 5, groups=groups, random_state=repeat)
        given = np.zeros(truth.shape, bool)
        for part in range(5):
            rows = np.flatnonzero(fold == part)
            given[rows] = sorter([articles[k] for k in np.flatnonzero(fold != part)], [articles[k] for k in rows], keys)
        found.append(given)
    return truth, found


def ours(taught: list[Article], others: list[Article], keys: list[str]) -> np.ndarray:
    model = ThemeModel.train(Corpus(taught))
    above = surplus(model.probabilities(others), model.thresholds)
    return furthest(above[:, [list(model.themes).index(key) for key in keys]])


def peer(**settings: Any) -> Any:
    def sort(taught: list[Article], others: list[Article], keys: list[str]) -> np.ndarray:
        model = make_pipeline(
            TfidfVectorizer(**settings), LinearSVC(C=0.3, class_weight="balanced", random_state=0)
        )  # fmt: skip
        model.fit([article.full for article in taught], [article.themes[0] for article in taught])
        return model.predict([article.full for article in others])[:, None] == np.array(keys)

    return sort


def sanad(shared: Path) -> None:
    articles, ant = (labelled(shared / "corpora" / name) for name in ("sanad_khaleej_21k.jsonl.gz", "ant.jsonl.gz"))
    heading(f"one label an article: SANAD ({len(articles)})")
    keys = list(COMMON)
    near = [article for article in ant if article.themes[0] in COMMON.values()]
    truth = one_hot(near, [COMMON[key] for key in keys])
    given = ours(articles, near, keys)
    told(f"trained on SANAD, tested on ANT ({len(near)})", macro_f1(truth, given), Goal(0.80))
    for k, key in enumerate(keys):
        told(f"the same: {COMMON[key]}, F1", macro_f1(truth[:, [k]], given[:, [k]]))
    only = [article for article in articles if article.themes[0] in COMMON]
    told("taught the common labels only", macro_f1(truth, ours(only, near, keys)))
    truth, (given,) = in_folds(articles, ours)
    told("SANAD in five folds", macro_f1(truth, given), Goal(0.978))


def ant(shared: Path, repeats: int) -> None:
    articles = labelled(shared / "corpora" / "ant.jsonl.gz")
    sorters = {
        "ThemeModel": ours,
        "words + LinearSVC": peer(),
        "characters 3-4 + LinearSVC": peer(analyzer="char_wb", ngram_range=(3, 4)),
    }
    heading(f"one label an article: ANT ({len(articles)}), five folds, mean of {repeats} dealings")
    found = {}
    for name, sorter in sorters.items():
        start = time.perf_counter()
        truth, found[name] = in_folds(articles, sorter, repeats)
        told(f"{name} ({time.perf_counter() - start:.0f} s)", mean_macro(truth, found[name]))
    for name, goal in (("words + LinearSVC", Goal(0.0, "low")), ("characters 3-4 + LinearSVC", Goal(0.0, "high"))):
        told(f"ThemeModel less {name}", mean_macro(truth, found["ThemeModel"], found[name]), goal)


def mean_macro(truth: np.ndarray, found: list[np.ndarray], other: list[np.ndarray] | None = None) -> Score:
    """Mean macro-F1 of the dealings, or how much higher it lies than the other's."""

    def mean(weights: np.ndarray) -> np.ndarray:
        own = sum(macro(truth, given, weights) for given in found) / len(found)
        return own if other is None else own - sum(macro(truth, given, weights) for given in other) / len(other)

    return bootstrap_weighted(mean, len(truth))[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=["gold", "seed", "sanad", "ant"])
    arguments = parser.parse_args()
    demo = Corpus.read(packaged_corpus())
    print(f"{demo!r}; topics {topics.__version__}, scikit-learn {sklearn.__version__}")
    if "gold" in arguments.only:
        gold(arguments.shared, demo)
    if "seed" in arguments.only:
        seed(arguments.shared, demo)
    if "sanad" in arguments.only:
        sanad(arguments.shared)
    if "ant" in arguments.only:
        ant(arguments.shared, arguments.repeats)


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # labels with few articles
    main()
