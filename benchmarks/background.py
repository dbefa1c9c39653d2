"""Do unlabelled articles of real newspapers, read beside the demo corpus, make its model sort better?

    python benchmarks/background.py PATH-TO-CORPORA [--articles 3000] [--kinds region register]

PATH-TO-CORPORA holds ant.jsonl.gz and sanad_khaleej_21k.jsonl.gz. Each region and each kind of article of the demo corpus is
sorted by a model of the others, alone and with --articles articles drawn from ANT, from SANAD, and half from each as `unlabelled`
of `ThemeModel.train`. Macro-F1, and what it is higher by than without, paired by article; intervals 95 % over articles. A second
model ships (themes-ar-news) where the interval of a difference lies above 0.
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import numpy as np
from ablation import Exam, figure, folded, labelled, told

from topics import Article, Corpus, ThemeModel
from topics.corpus.duplicates import duplicate_groups
from topics.corpus.packaged import packaged_corpus
from topics.models.scoring import indicator


def drawn(corpora: Path, n_articles: int) -> dict[str, list[Article]]:
    """Backgrounds by name; the labels of their articles are not read."""
    rng = np.random.default_rng(0)
    found = {}
    for name, file in {"ANT": "ant", "SANAD": "sanad_khaleej_21k"}.items():
        articles, _ = labelled(corpora / f"{file}.jsonl.gz")
        found[name] = [articles[k] for k in np.sort(rng.permutation(len(articles))[:n_articles])]
    half = n_articles // 2
    return {**found, "ANT and SANAD": found["ANT"][:half] + found["SANAD"][:half]}


def sort(exam: Exam, background: list[Article] | None) -> np.ndarray:
    """What was sorted, shape (n_articles, n_themes)."""
    given = np.zeros(exam.truth.shape, bool)
    for task in exam.tasks:
        model = ThemeModel.train(Corpus(task.taught), exam.themes, unlabelled=background)
        given[task.rows] = model.probabilities(task.sorted) >= model.thresholds
    return given


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--kinds", nargs="+", default=["region", "register"])
    arguments = parser.parse_args()
    demo = Corpus.read(packaged_corpus())
    articles, groups = list(demo), duplicate_groups(demo)
    truth = indicator(articles, list(demo.defined_themes))
    backgrounds = drawn(arguments.corpora, arguments.articles)
    print(
        f"{demo!r}; {arguments.articles} unlabelled articles\n\n| folds by | beside | macro-F1 | higher by |\n|---|---|---|---|"
    )
    for kind in arguments.kinds:
        values = np.array([str(article.extra[kind]) for article in articles])
        exam = folded(articles, truth, values, groups, single=False, themes=demo.defined_themes)
        alone = sort(exam, None)
        print(f"| {kind} | nothing | {told(figure(truth, alone, alone)[0], signed=False)} | |", flush=True)
        for name, background in backgrounds.items():
            own, gap = figure(truth, sort(exam, background), alone)
            print(f"| {kind} | {name} | {told(own, signed=False)} | {told(gap, signed=True)} |", flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # themes with few articles, in small folds
    main()
