"""Which features and which classifier sort themes best? One change at a time from the default of `ThemeModel.train`.

    python benchmarks/ablation.py PATH-TO-CORPORA [--only NAME...] [--finalists NAME...] [--each 1000] [--kept FOLDER]

PATH-TO-CORPORA holds ant.jsonl.gz and sanad_khaleej_21k.jsonl.gz. Six exams, macro-F1 each:

- region, register: the demo corpus, each region (each kind of article) sorted by a model of the others;
- sport ANT, sport SANAD: trained on the demo corpus, F1 of sport on real articles, the newspaper's own label taken as true;
- ANT: nine labels, five folds, near duplicates in one; the theme furthest above its threshold is compared;
- SANAD to ANT: trained on --each articles of each of SANAD's seven labels, tested on the five that ANT has too.

Everything that is learnt (frequencies, vocabulary, weights, calibration, thresholds) is learnt from the training part. The
finalists then do the last exam with all of SANAD, and SANAD itself, 21,000 articles in five folds, near duplicates in one. Intervals:
95 % over articles, 1,000 draws; differences to the default are paired by article. What was sorted is kept in FOLDER, and a later call
goes on from it: empty it after a change of the package.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import RidgeClassifier
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

import topics
from topics import Analyzer, Article, Corpus
from topics.corpus.duplicates import duplicate_groups
from topics.corpus.packaged import packaged_corpus
from topics.estimators import ThemeClassifier
from topics.estimators.folds import stratified_folds
from topics.estimators.linear import surplus
from topics.evaluation.intervals import Score, bootstrap_weighted, ratio, sums
from topics.features import CharVectorizer, TermVectorizer
from topics.features.anchors import AnchorFinder, lone_anchors
from topics.models.scoring import indicator

SPORT = "sport"
DEFAULT = "light 1-2"
SVM = "SVM C=.3"
COMMON = {"sports": "sport", "politics": "politic", "finance": "economy", "culture": "culture", "tech": "technology"}
COPIES = 0.5  # likeness from which two articles of ANT or SANAD go to one fold


# Features: lists of vectorizers, side by side.


class Anchors:
    """How many different anchors of each theme an article holds, ln(1 + n), weighed to the size of a TF-IDF entry."""

    def __init__(self, themes: Any) -> None:
        self.finder = AnchorFinder.of(themes, Analyzer(level="light"))

    def transform(self, articles: list[Article]) -> csr_matrix:
        return csr_matrix(0.2 * np.log1p(self.finder.evidence(articles).distinct))

    fit_transform = transform

    def get_feature_names_out(self) -> list[str]:
        return list(self.finder.themes)


def words(level: str = "light", longest: int = 2, stop_words: Any = "default", **settings: Any) -> TermVectorizer:
    return TermVectorizer(Analyzer(level=level, stop_words=stop_words), ngrams=(1, longest), **settings)


def chars(shortest: int, longest: int, level: str = "none") -> CharVectorizer:
    return CharVectorizer(Analyzer(level=level), ngrams=(shortest, longest))


def features(themes: Any) -> dict[str, Any]:
    """Name -> a function that makes the vectorizers."""
    return {
        DEFAULT: lambda: [words()],
        "words left whole": lambda: [words("none", 1)],
        "words left whole 1-2": lambda: [words("none")],
        "clitic": lambda: [words("clitic", 1)],
        "clitic 1-2": lambda: [words("clitic")],
        "light": lambda: [words("light", 1)],
        "light 1-3": lambda: [words(longest=3)],
        "title counts twice": lambda: [words(title_weight=2)],
        "title counts three times": lambda: [words(title_weight=3)],
        "counts as they are": lambda: [words(sublinear_tf=False)],
        "in one article or more": lambda: [words(min_df=1)],
        "in three articles or more": lambda: [words(min_df=3)],
        "stop words kept": lambda: [words(stop_words=None)],
        "phrases for pairs": lambda: [words(longest=1, learn_phrases=True)],
        "and anchors": lambda: [words(), Anchors(themes)],
        "characters 2-5": lambda: [chars(2, 5)],
        "characters 3-5": lambda: [chars(3, 5)],
        "characters 3-5 of light forms": lambda: [chars(3, 5, "light")],
        "light 1-2 and characters 3-5": lambda: [words(), chars(3, 5)],
    }


# Classifiers: all end in one row of coefficients a theme, calibrated and cut as the default is.


def ratios(X: csr_matrix, labels: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Of each term and theme the log of its share in articles with the theme over that in others, shape (n_themes, n_terms)."""
    models = [ComplementNB().fit(X, positive, sample_weight=weight) for positive in labels.T]
    return np.array([model.feature_log_prob_[1] - model.feature_log_prob_[0] for model in models])


class Naive(ThemeClassifier):
    """Complement naive Bayes (Rennie et al. 2003)."""

    def _linear_models(self, X, labels, weight):
        return ratios(X, labels, weight), np.zeros(labels.shape[1])


class NaiveSVM(ThemeClassifier):
    """A linear SVM on terms weighed by their log-count ratio (Wang and Manning 2012)."""

    def _linear_models(self, X, labels, weight):
        scale = ratios(X, labels, weight)
        coef, intercept = np.empty_like(scale), np.empty(len(scale))
        for t, positive in enumerate(labels.T):
            model = LinearSVC(C=self.C, class_weight="balanced", random_state=0)
            model.fit(csr_matrix(X.multiply(scale[t])), positive, sample_weight=weight)
            coef[t], intercept[t] = model.coef_[0] * scale[t], model.intercept_[0]
        return coef, intercept


class Both(ThemeClassifier):
    """The mean of the default and of naive Bayes, each in units of its spread on the training articles."""

    def _linear_models(self, X, labels, weight):
        coef, intercept = super()._linear_models(X, labels, weight)
        bayes = ratios(X, labels, weight)
        size, other = ((X @ part.T).std(axis=0) for part in (coef, bayes))
        return coef / size[:, None] + bayes / other[:, None], intercept / size


class Ridge(ThemeClassifier):
    """Least squares."""

    def _linear_models(self, X, labels, weight):
        coef, intercept = np.empty((labels.shape[1], X.shape[1])), np.empty(labels.shape[1])
        for t, positive in enumerate(labels.T):
            model = RidgeClassifier(alpha=1.0, class_weight="balanced", solver="sparse_cg", tol=1e-3)
            model.fit(X, positive, sample_weight=weight)
            coef[t], intercept[t] = (
                np.ravel(model.coef_),
                np.ravel(model.intercept_)[0],
            )  # of two labels: one row or none
        return coef, intercept


class Half(ThemeClassifier):
    """The default with every threshold at one half."""

    def _calibrate(self, held_out, labels, members, weight):
        super()._calibrate(held_out, labels, members, weight)
        self.thresholds_ = np.full(labels.shape[1], 0.5)


def classifiers() -> dict[str, Any]:
    """Name -> a classifier that is not fitted."""
    return {
        SVM: ThemeClassifier(),
        "SVM C=.1": ThemeClassifier(C=0.1),
        "SVM C=1": ThemeClassifier(C=1.0),
        "logistic regression C=3": ThemeClassifier(C=3.0, loss="logistic"),
        "ridge": Ridge(),
        "complement naive Bayes": Naive(),
        "NB-SVM C=1": NaiveSVM(C=1.0),
        "SVM and naive Bayes": Both(),
        "SVM, thresholds at one half": Half(),
        "SVM, anchors share no weight": ThemeClassifier(pooling=0),
        "SVM, pooling .1": ThemeClassifier(pooling=0.1),
        "SVM, pooling .3": ThemeClassifier(pooling=0.3),
    }


# Exams.


class Task(NamedTuple):
    """Articles to learn from, and articles of the exam to sort then."""

    taught: list[Article]
    labels: np.ndarray  # (n_taught, n_themes)
    groups: np.ndarray
    sorted: list[Article]
    rows: np.ndarray  # of the exam


class Exam(NamedTuple):
    truth: np.ndarray  # (n_articles, n_columns)
    tasks: list[Task]
    columns: list[int]  # of the model's themes
    single: bool  # the theme furthest above its threshold, or each that is past it
    themes: Any = None  # with anchors, which share a weight as in ThemeModel.train

    def decide(self, above: np.ndarray) -> np.ndarray:
        above = above[:, self.columns]
        return above == above.max(axis=1, keepdims=True) if self.single else above >= 0


def folded(
    articles: list[Article],
    labels: np.ndarray,
    fold: np.ndarray,
    groups: np.ndarray,
    *,
    single: bool,
    themes: Any = None,
) -> Exam:
    """Each fold sorted by a model of the others."""
    tasks = []
    for part in np.unique(fold):
        taught, rows = np.flatnonzero(fold != part), np.flatnonzero(fold == part)
        own = [articles[k] for k in rows]
        tasks.append(Task([articles[k] for k in taught], labels[taught], groups[taught], own, rows))
    return Exam(labels, tasks, list(range(labels.shape[1])), single, themes)


def labelled(path: Path) -> tuple[list[Article], np.ndarray]:
    articles = list(Corpus.read(path, columns={"themes": None}))
    return articles, np.array([article.extra["label"] for article in articles])


def one_hot(labels: np.ndarray, names: list[str]) -> np.ndarray:
    return labels[:, None] == np.array(names)


def in_folds(articles: list[Article], labels: np.ndarray) -> Exam:
    truth = one_hot(labels, sorted(set(labels.tolist())))
    groups = duplicate_groups(articles, threshold=COPIES)
    return folded(articles, truth, stratified_folds(truth, 5, groups=groups), groups, single=True)


def transfer(sanad: tuple[list[Article], np.ndarray], ant: tuple[list[Article], np.ndarray], each: int) -> Exam:
    """From SANAD's labels to those of them that ANT has."""
    names = sorted(set(sanad[1].tolist()))
    rng = np.random.default_rng(0)
    drawn = [rng.permutation(np.flatnonzero(sanad[1] == name))[:each] for name in names]
    rows = np.sort(np.concatenate(drawn))
    taught = [sanad[0][k] for k in rows]
    common = [name for name in names if name in COMMON]
    truth = one_hot(ant[1], [COMMON[name] for name in common])
    kept = np.flatnonzero(truth.any(axis=1))
    groups = duplicate_groups(taught, threshold=COPIES)
    task = Task(
        taught, one_hot(sanad[1][rows], names), groups, [ant[0][k] for k in kept], np.arange(len(kept))
    )  # fmt: skip
    return Exam(truth[kept], [task], [names.index(name) for name in common], single=True)


def exams(demo: Corpus, ant, sanad, each: int) -> dict[str, Exam]:
    articles, keys = list(demo), list(demo.defined_themes)
    truth, groups = indicator(articles, keys), duplicate_groups(articles)
    found = {}
    for kind in ("region", "register"):
        values = np.array([str(article.extra[kind]) for article in articles])
        found[kind] = folded(articles, truth, values, groups, single=False, themes=demo.defined_themes)
    few = np.sort(np.random.default_rng(0).permutation(len(sanad[0]))[:6000])
    for name, (real, labels) in {"ANT": ant, "SANAD": ([sanad[0][k] for k in few], sanad[1][few])}.items():
        about = np.isin(labels, [SPORT, "sports"])[:, None]
        task = Task(articles, truth, groups, real, np.arange(len(real)))
        found[f"sport {name}"] = Exam(about, [task], [keys.index(SPORT)], False, demo.defined_themes)
    found["ANT"] = in_folds(*ant)
    found["SANAD to ANT"] = transfer(sanad, ant, each)
    return found


def pooled(themes: Any, parts: list[Any]) -> csr_matrix:
    """Which columns of some vectorizers are anchors of which theme, shape (n_themes, n_columns)."""
    return csr_matrix(
        hstack(
            [
                lone_anchors(part, themes)
                if isinstance(part, TermVectorizer)
                else csr_matrix((len(themes), len(part.get_feature_names_out())))
                for part in parts
            ]
        )
    )


def sit(exam: Exam, vectorizers: Any, models: dict[str, Any]) -> dict[str, np.ndarray]:
    """What each classifier sorted, shape (n_articles, n_columns), on one reading of the articles."""
    given = {name: np.zeros(exam.truth.shape, bool) for name in models}
    for task in exam.tasks:
        parts = vectorizers()
        X = csr_matrix(hstack([part.fit_transform(task.taught) for part in parts]))
        Z = csr_matrix(hstack([part.transform(task.sorted) for part in parts]))
        for name, model in models.items():
            pools = {"pools": pooled(exam.themes, parts)} if isinstance(model, ThemeClassifier) and exam.themes else {}
            model.fit(X, task.labels.astype(np.int64), groups=task.groups, **pools)
            given[name][task.rows] = exam.decide(surplus(model.predict_proba(Z), model.thresholds_))
    return given


def kept(folder: Path | None, name: str, sorting: Any) -> dict[str, np.ndarray]:
    """What `sorting` gives, or gave when it was last asked under this name."""
    path = None if folder is None else folder / f"{name}.npz"
    if path is not None and path.exists():
        with np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    start = time.perf_counter()
    given = sorting()
    print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    if path is not None:
        folder.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, **given)
    return given


# Figures.


def macro(truth: np.ndarray, given: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Macro-F1 under each row of weights, shape (n_draws, 1)."""
    hits, both = sums(weights, (truth & given) * 1.0), sums(weights, truth * 1.0 + given)
    return ratio(2.0 * hits, both).mean(axis=1, keepdims=True)


def figure(truth: np.ndarray, given: np.ndarray, other: np.ndarray) -> tuple[Score, Score]:
    """Macro-F1, and how much higher it lies than that of another sorting."""

    def both(weights):
        own = macro(truth, given, weights)
        return np.concatenate([own, own - macro(truth, other, weights)], axis=1)

    return tuple(bootstrap_weighted(both, len(truth)))


def show(title: str, found: dict[str, dict[str, np.ndarray]], papers: dict[str, Exam], default: str) -> None:
    """A table of figures and one of differences; `found` is exam -> row -> what was sorted."""
    rows = list(dict.fromkeys(row for sortings in found.values() for row in sortings))
    cells: dict[str, list[tuple[Score, Score] | None]] = defaultdict(list)
    for name, sortings in found.items():
        for row in rows:
            given = sortings.get(row)
            cells[row].append(None if given is None else figure(papers[name].truth, given, sortings[default]))
    for part, heading in ((0, "macro-F1"), (1, f"higher than {default} by")):
        print(f"\n| {title}: {heading} | {' | '.join(found)} |\n|---|{'---|' * len(found)}")
        for row in rows:
            if part and row == default:
                continue
            texts = ["-" if cell is None else told(cell[part], signed=bool(part)) for cell in cells[row]]
            print(f"| {'**' * (row == default)}{row}{'**' * (row == default)} | {' | '.join(texts)} |")
    sys.stdout.flush()


def told(score: Score, *, signed: bool) -> str:
    spec = "+.3f" if signed else ".3f"
    text = f"{score.mean:{spec}} [{score.low:{spec}}, {score.high:{spec}}]"
    return f"**{text}**" if signed and score.low * score.high > 0 else text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--only", nargs="*", help="features, beside the default; none: no classifiers either")
    parser.add_argument(
        "--finalists", nargs="*", default=["clitic 1-2", "characters 3-5", "light 1-2 and characters 3-5"]
    )
    parser.add_argument("--each", type=int, default=1000)
    parser.add_argument("--kept", type=Path, help="a folder for what was sorted")
    arguments = parser.parse_args()
    demo = Corpus.read(packaged_corpus())
    ant, sanad = (labelled(arguments.corpora / f"{name}.jsonl.gz") for name in ("ant", "sanad_khaleej_21k"))
    print(f"{demo!r}; {len(ant[0])} of ANT, {len(sanad[0])} of SANAD; topics {topics.__version__}")
    papers = exams(demo, ant, sanad, arguments.each)
    makers = features(demo.defined_themes)
    chosen = [DEFAULT, *(makers if arguments.only is None else arguments.only)]
    by_features: dict[str, dict[str, np.ndarray]] = defaultdict(dict)
    by_classifier: dict[str, dict[str, np.ndarray]] = defaultdict(dict)
    for row in dict.fromkeys(chosen):
        for name, exam in papers.items():
            if row == "and anchors" and name in ("ANT", "SANAD to ANT"):
                continue  # no anchors of their labels
            models = classifiers() if row == DEFAULT and arguments.only != [] else {SVM: ThemeClassifier()}
            given = kept(arguments.kept, f"{row}, {name}", partial(sit, exam, makers[row], models))
            by_features[name][row] = given[SVM]
            by_classifier[name] |= given if row == DEFAULT else {}
    show("Features", by_features, papers, DEFAULT)
    show("Classifiers", by_classifier, papers, SVM)
    papers = {"SANAD": in_folds(*sanad), "all SANAD to ANT": transfer(sanad, ant, len(sanad[0]))}
    finals: dict[str, dict[str, np.ndarray]] = defaultdict(dict)
    for row in (DEFAULT, *arguments.finalists):
        for name, exam in papers.items():
            sorting = partial(sit, exam, makers[row], {SVM: ThemeClassifier()})
            finals[name][row] = kept(arguments.kept, f"{row}, {name}", sorting)[SVM]
    show("Finalists", finals, papers, DEFAULT)


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # themes with few articles, in small folds
    main()
