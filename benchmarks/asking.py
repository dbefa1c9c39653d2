"""Do asked labels teach more than random ones? Rounds of labelling, simulated with labels that are known.

    python benchmarks/asking.py [PATH-TO-CORPORA] [--start 30] [--n 20] [--rounds 4] [--draws 10]

Each draw deals a corpus into a pool and a test half, near duplicates on one side. A first model learns from the same random
articles; then, in each round, n more are labelled: those that `ThemeModel.ask` proposes, or random ones. Both models of a round are
scored on the test half (macro-F1; for ANT that of the primary theme). Rows: means over draws; the difference is paired by draw,
with its 95 % interval over draws.
"""

from __future__ import annotations

import argparse
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np

from topics import Corpus, ThemeModel
from topics.corpus.duplicates import duplicate_groups
from topics.corpus.packaged import packaged_corpus
from topics.estimators.folds import stratified_folds
from topics.estimators.linear import surplus
from topics.evaluation import bootstrap, f1
from topics.models.scoring import indicator

ANT = ("ant.jsonl.gz", 3000)  # file, articles drawn from it


def learn(articles, themes) -> ThemeModel:
    """Themes that no article carries yet are left out; they score 0."""
    carried = [key for key in themes if any(key in (article.themes or ()) for article in articles)]
    return ThemeModel.train(Corpus(articles), carried)


def score(model: ThemeModel, test, themes, *, single: bool) -> float:
    P = model.probabilities(test)
    above = surplus(P, model.thresholds)
    given = above == above.max(axis=1, keepdims=True) if single else above >= 0
    chosen = np.zeros((len(test), len(themes)), bool)
    chosen[:, [themes.index(key) for key in model.themes]] = given
    return float(f1(indicator(test, themes), chosen).mean())


def simulate(articles, themes, draw: int, args, *, single: bool) -> tuple[list[float], list[float]]:
    groups = duplicate_groups(articles)
    half = stratified_folds(indicator(articles, themes), 2, groups=groups, random_state=draw) == 0
    pool = [article for article, inside in zip(articles, half, strict=True) if inside]
    test = [article for article, inside in zip(articles, half, strict=True) if not inside]
    rng = np.random.default_rng(draw)
    order = rng.permutation(len(pool))
    first = [int(place) for place in order[: args.start]]
    asked, drawn = list(first), list(first)
    curves: tuple[list[float], list[float]] = ([], [])
    for step in range(args.rounds + 1):
        models = [learn([pool[k] for k in known], themes) for known in (asked, drawn)]
        for curve, model in zip(curves, models, strict=True):
            curve.append(score(model, test, themes, single=single))
        if step == args.rounds:
            break
        places = {article.id: place for place, article in enumerate(pool)}
        left = [replace(pool[k], themes=None) for k in range(len(pool)) if k not in set(asked)]
        asked += [places[name] for name in models[0].ask(left, n=args.n).id]
        drawn = [int(place) for place in order[: args.start + (step + 1) * args.n]]
    return curves


def show(name: str, articles, themes, args, *, single: bool) -> None:
    found = [simulate(articles, themes, draw, args, single=single) for draw in range(args.draws)]
    asked, drawn = (np.array([pair[side] for pair in found]) for side in range(2))
    print(f"\n{name}: {len(articles):,} articles, {len(themes)} themes, {args.draws} draws")
    print("| labels | asked | random | difference |\n|---|---|---|---|")
    for step in range(args.rounds + 1):
        difference = bootstrap(asked[:, step] - drawn[:, step])
        labels = args.start + step * args.n
        print(
            f"| {labels} | {asked[:, step].mean():.3f} | {drawn[:, step].mean():.3f} | {difference:+.3f} |", flush=True
        )
    gain = bootstrap((asked[:, 1:] - drawn[:, 1:]).mean(axis=1))
    print(f"mean difference after the first round and on: {gain:+.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpora", type=Path, nargs="?", help="folder with ant.jsonl.gz")
    parser.add_argument("--start", type=int, default=30)
    parser.add_argument("--n", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--draws", type=int, default=10)
    args = parser.parse_args()
    warnings.filterwarnings("ignore", category=UserWarning)
    corpus = Corpus.read(packaged_corpus())
    show("demo corpus", list(corpus), list(corpus.themes), args, single=False)
    if args.corpora:
        file, size = ANT
        ant = Corpus.read(args.corpora / file, columns={"themes": "label"}, sample=size)
        show("ANT", list(ant), sorted(ant.themes), args, single=True)


if __name__ == "__main__":
    main()
