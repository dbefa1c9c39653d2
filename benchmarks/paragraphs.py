"""How well are paragraphs sorted? The prior that an article is for its paragraphs, against more and less of it.

    python benchmarks/paragraphs.py [PATH-TO-CORPORA] [--glued 600]

On the paragraph themes of the demo corpus, each region sorted by a model of the others; and, where the folder of the real corpora
is given, on articles glued together from paragraphs of articles of one known label each (ANT, SANAD), which the model has not seen.
Rows: the article's themes for every paragraph; the paragraph alone; the article as prior with a fixed share of the decision value;
and with a share that falls with the length of the paragraph. Intervals: 95 % over articles.
"""

from __future__ import annotations

import argparse
import gzip
import json
import warnings
from pathlib import Path

import numpy as np

from topics import Article, Corpus, ThemeModel
from topics.corpus.packaged import packaged_corpus
from topics.estimators.folds import stratified_folds
from topics.estimators.linear import sigmoid, surplus
from topics.evaluation import scores
from topics.models.themes import _ARTICLE_SHARE

SHARES = (0.15, 0.3, 0.45, 0.6)
LENGTHS = (5.0, 10.0, 20.0)  # words at which the article and the paragraph weigh the same
REAL = {"ANT": ("ant.jsonl.gz", 60), "SANAD": ("sanad_khaleej_21k.jsonl.gz", 40)}  # words of a paragraph
PARTS, TEACHING = 4, 300  # paragraphs of a glued article; articles of each label that teach


class Exam:
    """Paragraphs with their themes, and what models that have not seen them say of each and of its article."""

    def __init__(self, themes):
        self.themes = list(themes)
        self.truth, self.own, self.whole, self.words, self.article, self.limits = [], [], [], [], [], []

    def sit(self, model: ThemeModel, articles) -> None:
        whole = _log_odds(model.probabilities(articles))
        for row, article in enumerate(articles):
            texts = [article.full[start:end] for start, end in article.paragraphs]
            own = _log_odds(model.probabilities([Article(text) for text in texts]))
            for part, text in enumerate(texts):
                self.truth.append([key in article.paragraph_themes[part] for key in self.themes])
                self.own.append(own[part])
                self.whole.append(whole[row])
                self.words.append(len(text.split()))
                self.article.append(article.id)
                self.limits.append(model.thresholds)
        self._check(model, articles[0], whole[0])

    def _check(self, model, article, whole) -> None:
        """That the rows below are what `ThemeModel.paragraphs` does."""
        texts = [Article(article.full[start:end]) for start, end in article.paragraphs]
        mixed = sigmoid((1 - _ARTICLE_SHARE) * _log_odds(model.probabilities(texts)) + _ARTICLE_SHARE * whole)
        if not np.allclose(model.paragraphs(article)[self.themes].to_numpy(), mixed, atol=1e-9):
            raise SystemExit("ThemeModel.paragraphs is not what this script measures; mend the script")

    def show(self, name: str) -> None:
        truth, own, whole, words, limits = (
            np.array(each) for each in (self.truth, self.own, self.whole, self.words, self.limits)
        )
        rows = {"the article's themes": whole, "paragraph alone": own}
        rows |= {f"article {share:.2f}": (1 - share) * own + share * whole for share in SHARES}
        for length in LENGTHS:
            share = (length / (length + words))[:, None]
            rows[f"article {length:.0f} words' worth"] = (1 - share) * own + share * whole
        print(f"\n{name}: {len(truth):,} paragraphs of {len(set(self.article)):,} articles")
        print("| prior | macro-F1 | mean average precision | mean Brier |\n|---|---|---|---|")
        for label, value in rows.items():
            P = sigmoid(value)
            chosen = surplus(P, limits) >= 0
            table = scores(truth, chosen, P, themes=self.themes, groups=self.article)
            means = table[table.theme != "*"].groupby("measure")["mean"].mean()
            row = table[table.measure == "macro_f1"].iloc[0]
            figures = (
                f"{row['mean']:.3f} [{row.low:.3f}, {row.high:.3f}] | {means.average_precision:.3f} | {means.brier:.3f}"
            )
            print(f"| {label} | {figures} |", flush=True)


def _log_odds(probability):
    inside = np.clip(probability, 1e-12, 1 - 1e-12)
    return np.log(inside / (1 - inside))


def demo() -> None:
    corpus = Corpus.read(packaged_corpus())
    exam = Exam(corpus.themes)
    for region in sorted({article.extra["region"] for article in corpus}):
        model = ThemeModel.train(corpus.filter(lambda article, own=region: article.extra["region"] != own))
        exam.sit(model, [a for a in corpus if a.extra["region"] == region and a.paragraph_themes is not None])
    exam.show("demo corpus, by models of the other regions")


def real(path: Path, name: str, n_words: int, n_glued: int) -> None:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    articles = Corpus(Article(row["text"], id=row["id"], title=row["title"], themes=[row["label"]]) for row in rows)
    themes = sorted(articles.themes)
    labels = np.array([[key in article.themes for key in themes] for article in articles])
    half = stratified_folds(labels, 2, random_state=0) == 0
    rng = np.random.default_rng(0)
    taught = _some([a for a, inside in zip(articles, half, strict=True) if inside], TEACHING, rng)
    model = ThemeModel.train(Corpus(taught), themes)
    pool = {key: [] for key in themes}
    for article, inside in zip(articles, half, strict=True):
        if not inside and len(words := article.text.split()) >= n_words // 2:
            pool[article.themes[0]].append(" ".join(words[:n_words]))
    exam = Exam(model.themes)
    exam.sit(model, [_glued(pool, rng, f"g{number}") for number in range(n_glued)])
    exam.show(f"{name}, glued from articles that the model has not seen")


def _some(articles, n: int, rng) -> list[Article]:
    chosen = []
    for key in sorted({article.themes[0] for article in articles}):
        own = [article for article in articles if article.themes[0] == key]
        chosen += [own[k] for k in rng.permutation(len(own))[:n]]
    return chosen


def _glued(pool, rng, name: str) -> Article:
    """Two themes in one article, one after the other, the first part one to three paragraphs long."""
    first, second = rng.choice(sorted(pool), 2, replace=False).tolist()
    n_first = int(rng.integers(1, PARTS))
    keys = [first] * n_first + [second] * (PARTS - n_first)
    texts = [pool[key][int(rng.integers(len(pool[key])))] for key in keys]
    return Article("\n".join(texts), id=name, themes=[first, second], paragraph_themes=[[key] for key in keys])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpora", type=Path, nargs="?", help="folder with ant.jsonl.gz and sanad_khaleej_21k.jsonl.gz")
    parser.add_argument("--glued", type=int, default=600)
    args = parser.parse_args()
    warnings.filterwarnings("ignore", category=UserWarning)
    demo()
    for name, (file, n_words) in REAL.items() if args.corpora else ():
        real(args.corpora / file, name, n_words, args.glued)


if __name__ == "__main__":
    main()
