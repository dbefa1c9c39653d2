"""Should the anchors of a theme share a weight? By labelled articles, on exams that decide, and with few labels.

    python benchmarks/pooling.py PATH-TO-CORPORA [--pooling .1 .2 .3] [--draws 4]

PATH-TO-CORPORA holds ant.jsonl.gz and sanad_khaleej_21k.jsonl.gz. Macro-F1 of `ThemeClassifier(pooling=...)` and what it
is higher by than pooling=0, paired by article, 95 % over articles. Exams: each region and each kind of article of the demo corpus
sorted by a model of the others; sport in 3,000 articles each of ANT and SANAD by a model of the demo corpus. Then the regions
again, taught by 40, 80 and 160 articles, mean of --draws draws.
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

import numpy as np
from ablation import SPORT, Exam, Task, figure, folded, labelled, sit, told, words

from topics import Corpus
from topics.corpus.duplicates import duplicate_groups
from topics.corpus.packaged import packaged_corpus
from topics.estimators import ThemeClassifier
from topics.models.scoring import indicator

FEW = (40, 80, 160)
REAL = 3000


def exams(demo: Corpus, corpora: Path) -> dict[str, Exam]:
    articles, keys = list(demo), list(demo.defined_themes)
    truth, groups = indicator(articles, keys), duplicate_groups(articles)
    found = {}
    for kind in ("region", "register"):
        values = np.array([str(article.extra[kind]) for article in articles])
        found[kind] = folded(articles, truth, values, groups, single=False, themes=demo.defined_themes)
    for name, file in {"sport ANT": "ant", "sport SANAD": "sanad_khaleej_21k"}.items():
        real, labels = labelled(corpora / f"{file}.jsonl.gz")
        rows = np.sort(np.random.default_rng(0).permutation(len(real))[:REAL])
        task = Task(articles, truth, groups, [real[k] for k in rows], np.arange(len(rows)))
        about = np.isin(labels[rows], [SPORT, "sports"])[:, None]
        found[name] = Exam(about, [task], [keys.index(SPORT)], False, demo.defined_themes)
    return found


def fewer(exam: Exam, n_articles: int, seed: int) -> Exam:
    """An exam taught by a draw of its articles."""
    tasks = []
    for task in exam.tasks:
        drawn = np.random.default_rng(seed).permutation(len(task.taught))[:n_articles]
        taught = [task.taught[k] for k in drawn]
        tasks.append(task._replace(taught=taught, labels=task.labels[drawn], groups=task.groups[drawn]))
    return exam._replace(tasks=tasks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--pooling", type=float, nargs="+", default=[0.1, 0.2, 0.3])
    parser.add_argument("--draws", type=int, default=4)
    arguments = parser.parse_args()
    demo = Corpus.read(packaged_corpus())
    papers = exams(demo, arguments.corpora)
    models = {str(p): ThemeClassifier(pooling=p) for p in (0.0, *arguments.pooling)}
    print(f"{demo!r}\n\n| exam | pooling | macro-F1 | higher by |\n|---|---|---|---|")
    for name, exam in papers.items():
        given = sit(exam, lambda: [words()], models)
        for pooling, sorted_ in given.items():
            own, gap = figure(exam.truth, sorted_, given["0.0"])
            print(f"| {name} | {pooling} | {told(own, signed=False)} | {told(gap, signed=True)} |", flush=True)
    print(f"\n| articles taught | {' | '.join(models)} |\n|---|{'---|' * len(models)}")
    for n_articles in FEW:
        draws = [
            sit(fewer(papers["region"], n_articles, seed), lambda: [words()], models) for seed in range(arguments.draws)
        ]
        truth = papers["region"].truth
        means = [np.mean([figure(truth, draw[name], draw[name])[0].mean for draw in draws]) for name in models]
        print(f"| {n_articles} | {' | '.join(f'{mean:.3f}' for mean in means)} |", flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # themes with few articles, in small draws
    main()
