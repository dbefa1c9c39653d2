"""Anchors alone: themes and topics without a labelled article.

    python benchmarks/anchors.py PATH-TO-ANT [--gold PATH...] [--seeds 10] [--topics 12] [--only themes|topics]

PATH-TO-ANT is a corpus with a column `label` or `themes` in which sport is called "sport". Printed are

1. Themes from anchors, trained on the texts of the demo corpus: on its own articles, region by region left out and
   register by register left out; on sport in ANT; and on gold files, which decide nothing.
2. The same with the demo corpus' labels, alone and with half of ANT unlabelled beside; sport is scored on the other half.
3. Anchored topics: how many of the ten first terms of each anchored topic are its anchors, and another theme's, on the
   demo corpus for every seed; and on ANT how well sport's topic finds the articles about sport. An article is said to
   be of the topic that has the largest share of it; nothing was tuned on ANT's labels.

F1 with 95 % bootstrap intervals over articles.
"""

from __future__ import annotations

import argparse

import numpy as np

from topics import Corpus, ThemeModel, TopicModel
from topics.corpus.packaged import packaged_corpus
from topics.estimators.linear import surplus
from topics.evaluation import scores
from topics.features import anchor_matrix
from topics.models.scoring import contested, indicator

SPORT = "sport"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ant", help="the corpus ANT")
    parser.add_argument("--gold", nargs="*", default=[], help="articles with several themes, for measuring only")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--topics", type=int, default=12)
    parser.add_argument("--only", choices=("themes", "topics"))
    options = parser.parse_args()
    demo, ant = Corpus.read(packaged_corpus()), Corpus.read(options.ant)
    about_sport = np.array([is_sport(article) for article in ant])
    if options.only != "topics":
        from_anchors(demo, ant, about_sport)
        beside_labels(demo, ant, about_sport)
        for path in options.gold:
            on_gold(demo, ant, Corpus.read(path), path)
    if options.only != "themes":
        anchored_topics(demo, ant, about_sport, options)


def is_sport(article) -> bool:
    return article.extra.get("label") == SPORT or SPORT in (article.themes or ())


def given_by(model: ThemeModel, articles) -> np.ndarray:
    return surplus(model.probabilities(articles), model.thresholds) >= 0


def figure(truth: np.ndarray, given: np.ndarray, out: np.ndarray | None = None) -> str:
    """Macro-F1, of one theme its F1, with the interval."""
    table = scores(truth, given, leave_out=out)
    row = table[(table.theme == "*") & (table.measure == "macro_f1")].iloc[0]
    return f"{row['mean']:.3f} [{row['low']:.3f}, {row['high']:.3f}]"


def sport_in(model: ThemeModel, articles, truth: np.ndarray) -> str:
    given = given_by(model, articles)[:, list(model.themes).index(SPORT)]
    return figure(truth[:, None], given[:, None])


def left_out(demo: Corpus, column: str, train) -> str:
    """Macro-F1 on each value of a column by models that saw the articles of the others, all pooled."""
    keys = list(demo.themes)
    values = np.array([article.extra[column] for article in demo])
    given = np.zeros((len(demo), len(keys)), bool)
    for value in sorted(set(values.tolist())):
        model = train(demo.filter(lambda article, value=value: article.extra[column] != value))
        given[values == value] = given_by(model, [article for article in demo if article.extra[column] == value])
    return figure(indicator(list(demo), keys), given)


def from_anchors(demo: Corpus, ant: Corpus, about_sport: np.ndarray) -> None:
    themes = demo.defined_themes
    print("Themes from anchors, no label")
    for column in ("region", "register"):
        score = left_out(demo, column, lambda part: ThemeModel.from_anchors(themes, part))
        print(f"  demo corpus, each {column} left out in turn: macro-F1 {score}", flush=True)
    print(f"  learnt from the demo corpus, sport in ANT: {sport_in(ThemeModel.from_anchors(themes), ant, about_sport)}")
    print(f"  learnt from ANT, sport in ANT: {sport_in(ThemeModel.from_anchors(themes, ant), ant, about_sport)}")


def beside_labels(demo: Corpus, ant: Corpus, about_sport: np.ndarray) -> None:
    first, second = ant[::2], ant[1::2]
    print("Labels of the demo corpus, alone, and with half of ANT unlabelled beside")
    for name, unlabelled in (("alone", None), ("beside", first)):
        for column in ("region", "register"):
            score = left_out(demo, column, lambda part, more=unlabelled: ThemeModel.train(part, unlabelled=more))
            print(f"  {name}, each {column} left out in turn: macro-F1 {score}", flush=True)
        score = sport_in(ThemeModel.train(demo, unlabelled=unlabelled), second, about_sport[1::2])
        print(f"  {name}, sport in the other half of ANT: {score}", flush=True)


def on_gold(demo: Corpus, ant: Corpus, gold: Corpus, path: str) -> None:
    keys, articles = list(demo.defined_themes), list(gold)
    truth, out = indicator(articles, keys), contested(articles, keys)
    models = {
        "anchors, learnt from the demo corpus": ThemeModel.from_anchors(demo.defined_themes),
        "anchors, learnt from ANT": ThemeModel.from_anchors(demo.defined_themes, ant),
        "labels of the demo corpus": ThemeModel.train(demo),
        "labels, ANT unlabelled beside": ThemeModel.train(demo, unlabelled=ant),
    }
    print(path)
    for name, model in models.items():
        given = given_by(model, articles)
        parts = [f"{key} {figure(truth[:, [k]], given[:, [k]], out[:, [k]])}" for k, key in enumerate(keys)]
        print(f"  {name}: macro-F1 {figure(truth, given, out)}; {', '.join(parts)}", flush=True)


def anchored_topics(demo: Corpus, ant: Corpus, about_sport: np.ndarray, options) -> None:
    themes = demo.defined_themes
    print(f"Anchored topics, {options.topics} topics; terms of the first ten that are anchors (of another theme)")
    reached = 0
    for seed in range(options.seeds):
        model = TopicModel.train(demo, options.topics, anchors=themes, random_state=seed)
        anchored = anchor_matrix(model.matrix, themes).toarray() > 0
        first = np.argsort(-model.topic_term, axis=1, kind="stable")[: len(themes), :10]
        own = [int(anchored[t, first[t]].sum()) for t in range(len(themes))]
        others = [int(np.delete(anchored, t, axis=0).any(axis=0)[first[t]].sum()) for t in range(len(themes))]
        reached += min(own) >= 3 and not any(others)
        told = ", ".join(f"{key} {own[t]} ({others[t]})" for t, key in enumerate(themes))
        print(f"  demo corpus, seed {seed}: {told}", flush=True)
    print(f"  at least 3 own and none of another's in {reached} of {options.seeds} seeds")
    topic = list(themes).index(SPORT)
    for seed in range(options.seeds):
        model = TopicModel.train(ant, options.topics, anchors=themes, random_state=seed)
        largest = model.mixtures(ant).iloc[:, 2:].to_numpy().argmax(axis=1)
        score = figure(about_sport[:, None], (largest == topic)[:, None])
        print(f"  ANT, seed {seed}: articles of which sport's topic has the largest share: F1 {score}", flush=True)


if __name__ == "__main__":
    main()
