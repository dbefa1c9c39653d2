"""Does more writing still help? Macro-F1 of a ThemeModel by the number of articles that it learns from.

    python benchmarks/learning_curve.py [--gold PATH...] [--sizes 100 200 ...] [--draws 5] [--figure FILE.svg]

Articles of the demo corpus are drawn at random, in proportion within each combination of themes and region; a larger
draw holds the smaller ones. Each draw is scored on the region that is left out (the articles drawn from the other two
regions train, all articles of the third are sorted, the three pooled) and, trained whole, on the gold files. A gold file with a
column `themes` is scored theme by theme; one with a column `theme` has one label an article, so `primary` is scored.
Intervals: 95 % over articles, of the mean of the draws.
"""

from __future__ import annotations

import argparse
import itertools
import os
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np

import topics
from topics import Corpus, ThemeModel
from topics.estimators.linear import surplus
from topics.evaluation.intervals import Score, bootstrap_weighted, ratio, sums
from topics.models.scoring import contested, indicator

HERE = Path(__file__).resolve().parent.parent
SIZES = (100, 200, 300, 480, 674, 1120)
REGION = "another region"
MIN_CARRIED = 3  # articles of each theme without which a source gets no figure


class Exam(NamedTuple):
    """Labelled articles that no model has learnt from, and what the models of each size made of them."""

    articles: list[topics.Article]
    truth: np.ndarray  # (n_articles, n_themes)
    counts: np.ndarray  # 1 where a pair counts
    single: bool
    found: dict[int, list[np.ndarray]]

    def sit(self, model: ThemeModel) -> np.ndarray:
        above = surplus(model.probabilities(self.articles), model.thresholds)
        best = above == above.max(axis=1, keepdims=True)
        return (above >= 0) & best if self.single else above >= 0


def read_exam(path: str, keys) -> Exam:
    """A gold file; in one whose column is `theme`, every article has one label."""
    plain = Corpus.read(path, columns={"themes": None})  # or `theme` would be taken for `themes`
    single = all("theme" in article.extra for article in plain)
    return exam(plain if single else Corpus.read(path), keys, single=single)


def exam(articles, keys, *, single: bool = False) -> Exam:
    if single:
        truth = np.array([[article.extra["theme"] == key for key in keys] for article in articles])
    else:
        truth = indicator(articles, keys)
    return Exam(list(articles), truth, ~contested(articles, keys), single, defaultdict(list))


def orders(corpus: Corpus, n_draws: int, seed: int) -> list[np.ndarray]:
    """Orders of the articles of which every beginning holds each stratum in proportion."""
    strata = defaultdict(list)
    for place, article in enumerate(corpus):
        strata[tuple(sorted(article.themes)), article.extra["region"]].append(place)
    found = []
    for draw in range(n_draws):
        rng = np.random.default_rng([seed, draw])
        keys = np.empty(len(corpus))
        for places in strata.values():
            keys[rng.permutation(places)] = (np.arange(len(places)) + rng.random()) / len(places)
        found.append(np.argsort(keys, kind="stable"))
    return found


def train_and_sit(corpus: Corpus, places, size: int, elsewhere: Exam, gold: dict[str, Exam]) -> ThemeModel:
    """Train on some articles: three times without a region, once whole. The last model."""
    drawn = [corpus[int(place)] for place in sorted(places)]
    regions = [article.extra["region"] for article in elsewhere.articles]
    sorted_there = np.zeros(elsewhere.truth.shape, bool)
    for region in sorted(set(regions)):
        model = learn(corpus, [article for article in drawn if article.extra["region"] != region])
        rows = [row for row, own in enumerate(regions) if own == region]
        sorted_there[rows] = elsewhere.sit(model)[rows]
    elsewhere.found[size].append(sorted_there)
    model = learn(corpus, drawn)
    for part in gold.values():
        part.found[size].append(part.sit(model))
    return model


def learn(corpus: Corpus, articles) -> ThemeModel:
    return ThemeModel.train(Corpus(articles, themes=corpus.defined_themes))


def macro(part: Exam, given: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Macro-F1 under each row of weights, shape (n_draws,)."""
    right = sums(weights, (part.truth & given & part.counts).astype(float))
    both = sums(weights, ((part.truth & part.counts) * 1.0 + (given & part.counts)))
    return ratio(2 * right, both).mean(axis=1)


def scored(part: Exam) -> tuple[dict[int, Score], dict[int, Score], dict[int, list[float]]]:
    """Of each size: the figure, how much higher it lies than the size before, and each draw."""
    sizes = list(part.found)

    def figures(weights):
        levels = [np.mean([macro(part, given, weights) for given in part.found[size]], axis=0) for size in sizes]
        gains = [after - before for before, after in itertools.pairwise(levels)]
        return np.stack([*levels, *gains], axis=1)

    found = bootstrap_weighted(figures, len(part.articles))
    ones = np.ones((1, len(part.articles)))
    draws = {size: [float(macro(part, given, ones)[0]) for given in part.found[size]] for size in sizes}
    return dict(zip(sizes, found, strict=False)), dict(zip(sizes[1:], found[len(sizes) :], strict=True)), draws


def show(parts: dict[str, Exam]) -> None:
    """The table of levels and the table of gains."""
    found = {name: scored(part) for name, part in parts.items()}
    names = [f"{name} ({len(part.articles)})" for name, part in parts.items()]
    print(f"\n| articles | {' | '.join(names)} |\n|---|{'---|' * len(names)}")
    sizes = list(next(iter(parts.values())).found)
    for size in sizes:
        cells = [f"{level[size]:.3f} · {spread(draws[size])}" for level, _, draws in found.values()]
        print(f"| {size} | {' | '.join(cells)} |")
    print(f"\n| gain | {' | '.join(names)} |\n|---|{'---|' * len(names)}")
    for before, after in itertools.pairwise(sizes):
        print(f"| {before} to {after} | {' | '.join(signed(gain[after]) for _, gain, _ in found.values())} |")


def spread(draws: list[float]) -> str:
    return f"{min(draws):.3f} to {max(draws):.3f}" if len(draws) > 1 else "one draw"


def signed(gain: Score) -> str:
    return f"{gain.mean:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]"


def show_first(corpus: Corpus, gold: dict[str, Exam], size: int) -> None:
    """What the first articles of the file are worth, as they stand there, before the others were written."""
    model = learn(corpus, corpus[:size])
    for name, part in gold.items():
        first = Exam(part.articles, part.truth, part.counts, part.single, {size: [part.sit(model)]})
        print(f"\nThe first {size} of the file, on {name}: {scored(first)[0][size]:.3f}")


def show_sources(model: ThemeModel, gold: dict[str, Exam]) -> None:
    """The model of all articles on each gold file, whole and by source."""
    keys = list(model.themes)
    for name, part in gold.items():
        if not part.single:
            whole = model.evaluate(Corpus(part.articles))
            print(f"\n| {name} | F1 | precision | recall |\n|---|---|---|---|")
            for key in keys:
                cells = [format(whole[measure, key], ".3f") for measure in ("f1", "precision", "recall")]
                print(f"| {key} | {' | '.join(cells)} |")
            print(f"| macro-F1 | {whole.macro_f1:.3f} | | |")
        print(f"\n| {name}: source | articles | {' | '.join(keys)} | macro-F1 | pairs right |\n|---|---|{'---|' * 5}")
        sources = Counter(str(article.source) for article in part.articles)
        countries = sorted({source.rpartition(" ")[2] for source in sources})  # "(SA)", at the end of each name
        for source in [*countries, *(source for source, _ in sources.most_common())]:
            own = of_source(part, source)
            given = own.found[max(own.found)][0]
            carried = (own.truth & own.counts).sum(axis=0)
            level = f"{scored(own)[0][max(own.found)]:.2f}" if carried.min() >= MIN_CARRIED else "-"
            right = ((given == own.truth) & own.counts).sum()
            counts = " | ".join(str(count) for count in carried)
            print(f"| {source} | {len(own.articles)} | {counts} | {level} | {right} of {own.counts.sum()} |")


def of_source(part: Exam, ending: str) -> Exam:
    """The articles of the sources whose name ends so, and what the largest model made of them."""
    rows = [row for row, article in enumerate(part.articles) if str(article.source).endswith(ending)]
    size = max(part.found)
    found = {size: [given[rows] for given in part.found[size]]}
    articles = [part.articles[row] for row in rows]
    return Exam(articles, part.truth[rows], part.counts[rows], part.single, found)


def draw(parts: dict[str, Exam], path: Path) -> None:
    """The curves with their intervals."""
    import matplotlib.pyplot as plt

    from topics import plots
    from topics.plots.style import PALETTE

    plots.use_style()
    figure, ax = plt.subplots(figsize=(7.2, 4.4), layout="constrained")
    for (name, part), color, marker in zip(parts.items(), PALETTE, "os^Dv", strict=False):
        levels = scored(part)[0]
        sizes = list(levels)
        mean, low, high, _ = np.array(list(levels.values())).T
        ax.fill_between(sizes, low, high, color=color, alpha=0.15, linewidth=0)
        ax.plot(sizes, mean, color=color, marker=marker, label=name)
    ax.set(xlabel="Articles learnt from", ylabel="Macro-F1", xticks=sizes)
    ax.set_title("Does more writing still help?", loc="left")
    ax.grid(axis="y")
    ax.legend(loc="lower right")
    path.write_text(plots.to_svg(figure) + "\n", encoding="utf-8", newline="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", default=str(HERE / "corpora" / "demo"))
    parser.add_argument("--gold", nargs="*", default=[], help="labelled files: .jsonl, .jsonl.gz")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--figure", type=Path, help="where to draw the curves, such as docs/images/learning-curve.svg")
    arguments = parser.parse_args()
    corpus = Corpus.read(arguments.corpus)
    keys = list(corpus.defined_themes)
    gold = {Path(path).name.split(".")[0]: read_exam(path, keys) for path in arguments.gold}
    elsewhere = exam(corpus, keys)
    print(f"{corpus!r}; topics {topics.__version__}, {os.cpu_count()} cores")
    sizes = [size for size in arguments.sizes if size <= len(corpus)]
    for order in orders(corpus, arguments.draws, 0):
        for size in sizes:
            if size < len(corpus) or not elsewhere.found[size]:
                model = train_and_sit(corpus, order[:size], size, elsewhere, gold)
                if size == len(corpus):
                    last = model
    for part in (elsewhere, *gold.values()):
        for size in sorted(part.found):  # back in the order of sizes
            part.found[size] = part.found.pop(size)
    parts = {REGION: elsewhere, **gold}
    show(parts)
    if len(corpus) in sizes:
        show_first(corpus, gold, sizes[0])
        show_sources(last, gold)
    if arguments.figure:
        draw(parts, arguments.figure)


if __name__ == "__main__":
    main()
