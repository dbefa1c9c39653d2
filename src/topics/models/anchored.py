"""Themes learnt where labels are few or none: from anchors, from unlabelled articles, from both beside labels.

What comes out is what labels give: one calibrated linear model a theme. Between anchors and model stand beliefs,
a probability that an article carries a theme; an article believed at 0.7 counts 0.7 times as one that carries it and
0.3 times as one that does not (the noise-aware loss of Ratner et al. 2016).

From anchors alone:

1. Hints. Two different anchors of a theme in an article, or one in its title that comes again, say that it carries
   the theme; none say that it does not; what is between is left open.
2. A model learns from the hints without seeing any anchor, so it must find the words that go with them (leaving out
   the words that made the labels: Dong, Wang and Shang 2023). Beliefs are the mean of the hints and of what it finds,
   and it learns again (self-training from seed words: Meng et al. 2018), until a round makes them less than 2 % more,
   ten times at most: few anchors leave much to find, and with many anchors more rounds only drift.
3. The last model sees all words; calibration and thresholds come from its out-of-fold values against the beliefs.

Unlabelled articles beside labels: the labelled model's word on them, and the hints of the anchors, are beliefs
that it learns from in turn, all of them together weighing at most three times the labelled articles (Nigam et al.
2000, section 5.3.1). Calibration and thresholds are learnt on labelled articles only, each by a model whose
teacher did not see it either.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix, diags_array, vstack

from topics.arabic.analyzer import Analyzer
from topics.corpus.article import Article, Corpus, as_corpus
from topics.corpus.duplicates import duplicate_groups
from topics.corpus.packaged import packaged_corpus
from topics.corpus.themes import Themes, as_themes
from topics.errors import SettingsError
from topics.estimators import ThemeClassifier
from topics.estimators.linear import calibrate, decision_values, sigmoid
from topics.estimators.themes import FewPositives
from topics.features.anchors import AnchorFinder, form_of, lone_anchors
from topics.features.matrix import TermMatrix
from topics.features.vectorizer import TermVectorizer
from topics.models.steps import steps
from topics.models.training import learnt, recorded, theme_vectorizer
from topics.models.unlike import held_out_unlike, histogram

if TYPE_CHECKING:
    from topics.estimators.shapes import Array, Flags, Integers, Matrix

ROUNDS = 10
GROWTH = 0.02  # of the believed share of a theme, below which it learns no further round
TAUGHT_ROUNDS = 2
TAUGHT_WEIGHT = 3.0  # of all unlabelled articles together, in labelled ones; an article never counts more than once
ENOUGH = 10  # articles with two anchors; where a theme has fewer, one anchor is a hint
MOST = 10_000  # unlabelled articles that are learnt from


def train_from_anchors(themes: Any, unlabelled: Any, settings: dict[str, Any]) -> dict[str, Any]:
    """The attributes of a ThemeModel learnt from anchors and unlabelled articles."""
    chosen = as_themes(themes)
    for key, theme in chosen.items():
        if not theme.anchors:
            raise SettingsError(f"the theme {key!r} has no anchors to learn from; write some in themes.toml")
    articles = _texts(unlabelled if unlabelled is not None else packaged_corpus(), settings)
    vectorizer, classifier = theme_vectorizer(settings)
    finder = anchor_finder(chosen, vectorizer)
    X = steps().vectorize(vectorizer, articles)
    beliefs = hints_of(finder, articles)
    for key, hinted in zip(chosen, (beliefs == 1).any(axis=0), strict=True):
        if not hinted:
            raise SettingsError(
                f"the anchors of {key!r} are in none of the {len(articles)} articles; give unlabelled= articles that "
                "hold some, and see `topics themes check`"
            )
    groups = duplicate_groups(articles)
    beliefs = _spread(without_anchors(X, vectorizer.matrix_, chosen), beliefs, groups, tuple(chosen), classifier)
    model = _Fitted(X, beliefs, groups, tuple(chosen), classifier)
    return model.attributes() | {
        "themes": chosen, "matrix": vectorizer.matrix_, "settings": recorded(settings | {"start": "anchors"}),
        "fingerprint": Corpus(articles).fingerprint,
        "unlike_counts": histogram(held_out_unlike(vectorizer.analyzer_, articles, model.folds)),
    }  # fmt: skip


def train_with_unlabelled(
    corpus: Corpus, chosen: Themes, labels: pd.DataFrame, unlabelled: Any, settings: dict[str, Any]
) -> dict[str, Any]:
    """The attributes of a ThemeModel learnt from labelled articles, with anchors and unlabelled articles beside.

    Parameters
    ----------
    corpus : Corpus
        With the labelled articles.
    chosen : Themes
        What is learnt; a theme without anchors takes no hints.
    labels : DataFrame of shape (n_labelled, n_themes)
        1 where a labelled article carries a theme.
    unlabelled : Corpus, articles or path
        Their own labels, if they have any, are not looked at.
    settings : dict
        As `ThemeModel.train` takes them.
    """
    labelled = [article for article in corpus if article.themes is not None]
    more = _texts(unlabelled, settings)
    vectorizer, classifier = theme_vectorizer(settings)
    finder = anchor_finder(chosen, vectorizer)
    X = steps().vectorize(vectorizer, [*labelled, *more])
    model = _Taught(**classifier)
    model.X_unlabelled, model.hints = X[len(labelled) :], hints_of(finder, more)
    pools = lone_anchors(vectorizer, chosen)
    model.fit(X[: len(labelled)], labels, groups=duplicate_groups(labelled), pools=pools)
    # A word of an unlabelled article is known in every fold: each is given to one, so that it is seen by the others.
    folds = np.concatenate([model.folds_, np.arange(len(more)) % (model.folds_.max() + 1)])
    return learnt(vectorizer, model) | {
        "themes": chosen, "settings": recorded(settings | {"start": "both"}), "fingerprint": corpus.fingerprint,
        "unlike_counts": histogram(held_out_unlike(vectorizer.analyzer_, [*labelled, *more], folds)),
    }  # fmt: skip


def said_by_other_words(themes: Themes, articles: Sequence[Article], **settings: Any) -> Flags:
    """Whether the words that are no anchors give an article a theme, shape (n_articles, n_themes).

    By a model that learnt from the hints without seeing any anchor; not by beliefs, which would follow a misleading
    anchor to the articles that hold it alone. No article is given a theme whose anchors say of none that it carries it.
    """
    vectorizer, classifier = theme_vectorizer(settings)
    finder = anchor_finder(themes, vectorizer)
    X_bare = without_anchors(steps().vectorize(vectorizer, articles), vectorizer.matrix_, themes)
    hints = hints_of(finder, articles)
    hinted = np.flatnonzero((hints == 1).any(axis=0))
    given = np.zeros(hints.shape, bool)
    if len(hinted):
        keys = [list(themes)[t] for t in hinted]
        groups = duplicate_groups(articles)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FewPositives)
            model = _Fitted(X_bare, hints[:, hinted], groups, keys, classifier)
        given[:, hinted] = model.probabilities(X_bare) >= model.thresholds
    return given


def _texts(articles: Any, settings: dict[str, Any]) -> list[Article]:
    """At most `MOST` articles, drawn by the seed where there are more."""
    found = list(as_corpus(articles))
    if not found:
        raise SettingsError("there is no unlabelled article to learn from; give some, or leave unlabelled out")
    return [found[k] for k in drawn(len(found), settings.get("random_state", 0)).tolist()]


def drawn(n_articles: int, random_state: Any) -> Integers:
    """The places of those of so many articles that are learnt from: all of them, or `MOST`, in order."""
    if n_articles <= MOST:
        return np.arange(n_articles)
    return np.sort(np.random.default_rng(random_state).choice(n_articles, MOST, replace=False))


def anchor_finder(themes: Themes, vectorizer: TermVectorizer) -> AnchorFinder:
    """What finds the anchors of a model's themes, its words read as the model reads them, endings kept.

    Without endings words merge that mean other things: on the demo corpus one hit for sport is right in 72 of 100
    articles with endings kept, in 53 without.
    """
    analyzer = vectorizer.analyzer if vectorizer.analyzer is not None else Analyzer()
    if analyzer.level == "light":
        analyzer = Analyzer(**(analyzer.get_params() | {"level": "clitic"}))
    return AnchorFinder.of(themes, analyzer)


def finder_for(themes: Themes, settings: dict[str, Any]) -> AnchorFinder:
    """What finds the anchors when a model is trained with some settings."""
    return anchor_finder(themes, theme_vectorizer(settings)[0])


def hints_of(finder: AnchorFinder, articles: Sequence[Article]) -> Array:
    """1 where the anchors say that an article carries a theme, 0 that it does not, NaN where they leave it open."""
    signs = signs_of(finder, articles)
    return hints_from(signs, signs.strong.sum(axis=0), np.asarray(finder.anchored.any(axis=0)))


class Signs(NamedTuple):
    """What is seen of anchors in each article; both of shape (n_articles, n_themes)."""

    strong: Flags  # two different ones, or one in the title that comes again
    some: Flags  # one at least


def signs_of(finder: AnchorFinder, articles: Sequence[Article]) -> Signs:
    """Signs of each article, whatever others are like."""
    evidence = finder.evidence(articles)
    strong = (evidence.distinct >= 2) | ((evidence.in_title > 0) & (evidence.total >= 2))
    return Signs(strong, evidence.total > 0)


def hints_from(signs: Signs, n_strong: Any, known: Flags) -> Array:
    """`hints_of` from signs.

    Parameters
    ----------
    signs : Signs
        Of some articles.
    n_strong : array-like of int of shape (n_themes,)
        How many of all articles have strong ones.
    known : ndarray of bool of shape (n_themes,)
        Whether any anchor of the theme can be found.
    """
    strong = signs.strong | ((np.asarray(n_strong) < ENOUGH) & signs.some)
    hints = np.full(strong.shape, np.nan)
    hints[~signs.some] = 0.0
    hints[strong] = 1.0
    hints[:, ~known] = np.nan
    return hints


def without_anchors(X: Matrix, matrix: TermMatrix, themes: Themes) -> Matrix:
    """The matrix with every term that is an anchor, or holds one of a single word, set to 0."""
    forms = {form_of(anchor, matrix.analyzer) for theme in themes.values() for anchor in theme.anchors}
    kept = [term not in forms and forms.isdisjoint(term.split(" ")) for term in matrix.terms]
    bare = csr_matrix(X @ diags_array(np.array(kept, np.float64)))
    bare.eliminate_zeros()
    return bare


def _spread(X_bare: Matrix, hints: Array, groups: Any, keys: Sequence[str], settings: dict[str, Any]) -> Array:
    """Beliefs from hints, by rounds of learning without the anchors."""
    beliefs, share = hints.copy(), np.zeros(len(keys))
    growing = np.ones(len(keys), bool)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FewPositives)  # the last model tells it
        for _ in range(ROUNDS):
            now = np.flatnonzero(growing)
            model = _Fitted(X_bare, beliefs[:, now], groups, [keys[t] for t in now.tolist()], settings)
            said = model.probabilities(X_bare)
            beliefs[:, now] = (np.where(np.isnan(hints[:, now]), said, hints[:, now]) + said) / 2
            before, share = share, beliefs.mean(axis=0)
            growing &= share > (1.0 + GROWTH) * before
            if not growing.any():
                break
    return beliefs


class _Fitted:
    """One classifier a theme, learnt from beliefs, those that are NaN left out."""

    def __init__(self, X: Matrix, beliefs: Array, groups: Any, keys: Sequence[str], settings: dict[str, Any]) -> None:
        groups = np.unique(np.asarray(groups), return_inverse=True)[1]
        self.folds = np.zeros(X.shape[0], np.int64)
        parts = []
        for key, belief in zip(keys, beliefs.T, strict=True):
            rows, carries, weights = both_sides(belief)
            model = ThemeClassifier(**settings)
            model.fit(X[rows], pd.DataFrame({key: carries}), groups=groups[rows], sample_weight=weights)
            self.folds[rows] = model.folds_
            parts.append((model.coef_, model.intercept_, model.slope_, model.offset_, model.thresholds_))
        self.coef, self.intercept, self.slope, self.offset, self.thresholds = map(
            np.concatenate, zip(*parts, strict=True)
        )

    def probabilities(self, X: Matrix) -> Array:
        return calibrate(decision_values(X, self.coef, self.intercept), self.slope, self.offset)

    def attributes(self) -> dict[str, Array]:
        names = ("coef", "intercept", "slope", "offset", "thresholds")
        return {name: getattr(self, name) for name in names}


def both_sides(belief: Array) -> tuple[Any, Any, Array]:
    """Each article as one that carries the theme and as one that does not, weighed by the belief.

    Returns
    -------
    rows : ndarray of shape (n_sides,)
        Of the article; twice where the belief lies between 0 and 1, never where it is NaN.
    carries : ndarray of shape (n_sides,)
        1 or 0.
    weights : ndarray of shape (n_sides,)
        Above 0.
    """
    yes, no = np.flatnonzero(belief > 0), np.flatnonzero(belief < 1)
    carries = np.concatenate([np.ones(len(yes), np.int64), np.zeros(len(no), np.int64)])
    return np.concatenate([yes, no]), carries, np.concatenate([belief[yes], 1.0 - belief[no]])


class _Taught(ThemeClassifier):
    """A ThemeClassifier whose linear models, those of the folds too, go on to learn from unlabelled articles."""

    X_unlabelled: Matrix
    hints: Array

    def _linear_models(self, X: Matrix, labels: Flags, weight: Array) -> tuple[Array, Array]:
        coef, intercept = super()._linear_models(X, labels, weight)
        share = np.average(labels, axis=0, weights=weight)
        n = self.X_unlabelled.shape[0]
        counted = min(1.0, TAUGHT_WEIGHT * len(labels) / n)
        for _ in range(TAUGHT_ROUNDS):
            said = self._beliefs(decision_values(self.X_unlabelled, coef, intercept), share)
            beliefs = np.where(np.isnan(self.hints), said, (said + self.hints) / 2)
            for t, positive in enumerate(labels.T):
                if positive.all() or not positive.any():
                    continue
                rows, carries, weights = both_sides(beliefs[:, t])
                coef[t], intercept[t] = self._solve(
                    t, vstack([X, self.X_unlabelled[rows]], format="csr"), np.concatenate([positive, carries == 1]),
                    np.concatenate([weight, counted * weights]),
                )  # fmt: skip
        return coef, intercept

    def _beliefs(self, decision: Array, share: Array) -> Array:
        """Probabilities by the decision values of the linear models; `share`, shape (n_themes,), carry each theme.

        The least squared hinge loss lies at 2 p - 1 (Zhang 2004), the least logistic loss at the log-odds of p.
        With balanced sides p is what it were if half of the articles carried the theme.
        """
        p = sigmoid(decision) if self.loss == "logistic" else (1.0 + decision.clip(-1.0, 1.0)) / 2
        if self.class_weight != "balanced":
            return p
        yes, no = p * share, (1.0 - p) * (1.0 - share)
        beliefs: Array = yes / (yes + no)
        return beliefs
