"""ThemeClassifier: each theme has a linear model, a calibration and a threshold; an article may carry none.

All that follows the linear models (calibration, thresholds, `out_of_fold_`) is learnt from values of
articles that the model scoring them has not seen, near duplicates included where `groups` says so.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import DataConversionWarning
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import (
    _check_sample_weight,
    check_array,
    check_consistent_length,
    check_is_fitted,
    column_or_1d,
    validate_data,
)
from threadpoolctl import threadpool_limits

from topics.estimators.calibration import base_rate, f1_threshold, joint_thresholds, platt
from topics.estimators.folds import stratified_folds
from topics.estimators.linear import calibrate, decision_values, sigmoid

if TYPE_CHECKING:
    from topics.estimators.shapes import Array, Flags, Labels, Matrix

ClassWeight = Literal["balanced"] | dict[Any, float] | None


class FewPositives(UserWarning):
    """A theme has too few articles, or too few without it, to be calibrated."""


class ThemeClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Linear models of any number of themes, calibrated, each with its threshold.

    ``fit(X, y)`` with an indicator matrix learns themes that an article carries in any number: none, one,
    several. With a vector of labels it is an ordinary single-label classifier.

    Parameters
    ----------
    C : float
        Inverse strength of regularisation.
    loss : {"squared_hinge", "logistic"}
        Loss of the linear models.
    class_weight : "balanced", dict or None
        "balanced" makes positives and negatives of a theme weigh the same in its linear model; a mapping
        weighs labels by cost. Calibration counts articles as they are.
    folds : int
        Parts for out-of-fold values; fewer where there are fewer groups.
    min_positives : int
        A theme with fewer groups of positive articles, or of negative ones, is not calibrated: it gives
        every article its base rate, is given to all articles or to none, and a FewPositives warning names
        it. Its linear model is still fitted when both kinds exist, for ranking and reasons.
    max_iter : int
        Most iterations of the solver.
    tol : float
        Tolerance of the solver.
    pooling : float
        How much the terms of a pool (see `fit`) learn from each other, 0 for not at all: the weight that they share is
        penalised ``1 / pooling ** 2`` times as much as a weight of their own.
    random_state : int, RandomState or None
        Orders what is equal when folds are dealt, and the solver's steps.

    Attributes
    ----------
    classes_ : ndarray of shape (n_themes,)
        Column names of y where it has them, else 0, 1, ...; for a vector of labels its sorted labels.
    coef_ : ndarray of shape (n_themes, n_terms)
        Weight of each term, C-contiguous float64. Two labels in a vector share one row, that of the second.
    intercept_, slope_, offset_ : ndarray of shape (n_themes,)
        Intercepts of the decision values and the calibration of each theme.
    thresholds_ : ndarray of shape (n_themes,)
        Probability from which a theme is given; where every article carries one theme, chosen together, so that
        the right one lies furthest above its own. Not used for a vector of labels.
    calibrated_ : ndarray of bool of shape (n_themes,)
        False where the theme gives its base rate.
    out_of_fold_ : ndarray of shape (n_articles, n_themes)
        Probability of each training article by models and calibrations that have not seen it.
    folds_ : ndarray of shape (n_articles,)
        Fold of each training article.
    n_features_in_ : int
        n_terms.
    n_iter_ : int
        Most iterations that a linear model took.
    """

    _pools: Any = None  # while fitting: shape (n_pools, n_terms), scaled

    def __init__(
        self,
        *,
        C: float = 0.3,
        loss: str = "squared_hinge",
        class_weight: ClassWeight = "balanced",
        folds: int = 5,
        min_positives: int = 3,
        max_iter: int = 1000,
        tol: float = 1e-4,
        pooling: float = 0.2,
        random_state: Labels = 0,
    ) -> None:
        self.C = C
        self.loss = loss
        self.class_weight = class_weight
        self.folds = folds
        self.min_positives = min_positives
        self.max_iter = max_iter
        self.tol = tol
        self.pooling = pooling
        self.random_state = random_state

    def fit(
        self,
        X: Matrix,
        y: Labels,
        groups: Labels = None,
        sample_weight: Labels = None,
        pools: Labels = None,
    ) -> Self:
        """Learn every theme.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_articles, n_terms)
            Weights of terms.
        y : array-like or sparse matrix of shape (n_articles, n_themes), or array-like of shape (n_articles,)
            1 where an article carries a theme, else 0; or one label an article.
        groups : array-like of shape (n_articles,), optional
            Articles with equal values are kept on one side of every fold.
        sample_weight : array-like of shape (n_articles,), optional
            How often each article counts.
        pools : array-like or sparse matrix of shape (n_pools, n_terms), optional
            Above 0 where a term belongs to a pool, such as the anchors of a theme. Terms of a pool share a weight for
            each theme beside their own, so a rare one is judged by its kind (the feature augmentation of Daumé III
            2007, section 3, with terms in place of domains); `coef_` holds the sum.
        """
        self._check_settings()
        self._seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        columns = getattr(y, "columns", None)
        X = _rows(validate_data(self, X, accept_sparse="csr", dtype=np.float64))
        labels = self._labels(y, columns)
        check_consistent_length(X, labels)
        weight = np.asarray(_check_sample_weight(sample_weight, X, dtype=np.float64))
        self._pools = self._scaled_pools(pools, X.shape[1])
        # Threads of BLAS add in an order of their own: one thread gives the same bits on every machine.
        with threadpool_limits(1, user_api="blas"):
            self._fit(X, labels, groups, weight)
        del self._pools
        return self

    def _scaled_pools(self, pools: Labels, n_terms: int) -> Any:
        """Shape (n_pools, n_terms), None where nothing is shared."""
        if pools is None or not self.pooling:
            return None
        scaled = self.pooling * csr_matrix(pools, dtype=np.float64)
        if scaled.shape[1] != n_terms:
            raise ValueError(f"pools are of {scaled.shape[1]} terms, but X has {n_terms}; give a column a term")
        return scaled if scaled.nnz else None

    def _fit(self, X: Matrix, labels: Flags, groups: Labels, weight: Array) -> None:
        n_articles, n_themes = labels.shape
        members = np.arange(n_articles) if groups is None else np.unique(groups, return_inverse=True)[1]
        n_folds = min(self.folds, len(np.unique(members)))
        if n_folds < 2:
            raise ValueError(f"n_samples={n_articles} in one group cannot be folded; give 2 groups or more")
        self.folds_ = stratified_folds(labels, n_folds, groups=groups, random_state=self._seed)
        self.n_iter_ = 0
        self.coef_, self.intercept_ = self._linear_models(X, labels, weight)
        held_out = np.empty((n_articles, n_themes))
        for fold in range(n_folds):
            test = self.folds_ == fold
            model = self._linear_models(X[~test], labels[~test], weight[~test])
            held_out[test] = decision_values(X[test], *model)
        self._calibrate(held_out, labels, members, weight)

    def _linear_models(self, X: Matrix, labels: Flags, weight: Array) -> tuple[Array, Array]:
        """Coefficients and intercept of each theme; 0 and the sign of the only kind where one is missing."""
        coef, intercept = np.zeros((labels.shape[1], X.shape[1])), np.zeros(labels.shape[1])
        for t, positive in enumerate(labels.T):
            seen = positive[weight > 0]
            if seen.all() or not seen.any():
                intercept[t] = 1.0 if seen.any() else -1.0
                continue
            coef[t], intercept[t] = self._solve(t, X, positive, weight)
        return coef, intercept

    def _solve(self, theme: int, X: Matrix, positive: Flags, weight: Array) -> tuple[Array, float]:
        """Coefficients and intercept of one theme; what pools share is added to the terms' own."""
        wide = X if self._pools is None else _rows(hstack([X, X @ self._pools.T]))
        model = self._solver(theme, dual=X.shape[0] < X.shape[1])
        model.fit(wide, positive.astype(np.int64), sample_weight=weight)
        self.n_iter_ = max(self.n_iter_, int(np.max(model.n_iter_)))
        own, shared = np.split(model.coef_[0], [X.shape[1]])
        coef: Array = own if self._pools is None else own + shared @ self._pools
        return coef, float(model.intercept_[0])

    def _solver(self, theme: int, *, dual: bool) -> Any:
        """Liblinear: in the dual 30 times faster than L-BFGS on text, and on one thread."""
        settings = {"C": self.C, "max_iter": self.max_iter, "tol": self.tol, "dual": dual}
        settings |= {"class_weight": self._costs(theme), "random_state": self._seed}
        if self.loss == "logistic":
            return LogisticRegression(solver="liblinear", **settings)
        return LinearSVC(loss="squared_hinge", **settings)

    def _costs(self, theme: int) -> Any:
        if not isinstance(self.class_weight, dict) or not self._single:
            return self.class_weight
        # One label against the rest: the rest weighs what its labels weigh on average.
        names = self.classes_.tolist()
        positive = names[1] if len(names) == 2 else names[theme]
        rest = [self.class_weight.get(name, 1.0) for name in names if name != positive]
        return {1: self.class_weight.get(positive, 1.0), 0: sum(rest) / len(rest)}

    def _calibrate(self, held_out: Array, labels: Flags, members: Labels, weight: Array) -> None:
        n_articles, n_themes = labels.shape
        self.slope_, self.offset_ = np.zeros(n_themes), np.zeros(n_themes)
        self.thresholds_ = np.full(n_themes, 0.5)
        self.calibrated_ = np.zeros(n_themes, dtype=bool)
        self.out_of_fold_ = np.empty((n_articles, n_themes))
        for t, positive in enumerate(labels.T):
            probability = self.out_of_fold_[:, t]
            if not self._enough(t, positive, members, weight):
                self.offset_[t] = base_rate(positive, weight)
                probability[:] = sigmoid(np.full(n_articles, self.offset_[t]))
                continue
            self.slope_[t], self.offset_[t] = platt(held_out[:, t], positive, weight)
            for fold in np.unique(self.folds_):
                test = self.folds_ == fold
                slope, offset = platt(held_out[~test, t], positive[~test], weight[~test])
                probability[test] = sigmoid(held_out[test, t] * slope + offset)
            self.calibrated_[t] = self.slope_[t] > 0
            if self.calibrated_[t]:
                self.thresholds_[t] = f1_threshold(probability, positive, weight)
        if n_themes > 1 and self.calibrated_.all() and (labels[weight > 0].sum(axis=1) == 1).all():
            self.thresholds_ = joint_thresholds(self.out_of_fold_, labels, self.thresholds_, weight)

    def _enough(self, theme: int, positive: Flags, members: Labels, weight: Array) -> bool:
        kinds = {
            "with": len(np.unique(members[positive & (weight > 0)])),
            "without": len(np.unique(members[~positive & (weight > 0)])),
        }
        kind, count = min(kinds.items(), key=lambda item: item[1])
        if count >= max(2, self.min_positives):
            return True
        name = self.classes_[-1 if self._single and len(self.classes_) == 2 else theme]
        warnings.warn(
            f"theme {name} has {count} articles {kind} it (near duplicates counted once), fewer than "
            f"min_positives={max(2, self.min_positives)}: all articles get its base rate; label more of them",
            FewPositives,
            stacklevel=5,
        )
        return False

    def _labels(self, y: Labels, columns: Labels) -> Flags:
        """Indicator matrix of Y; sets `classes_` and whether Y is a vector of labels."""
        if y is None:
            raise ValueError("ThemeClassifier requires y to be passed, but the target y is None")
        Y = np.asarray(y.toarray() if hasattr(y, "toarray") else y)
        if Y.shape[1:] == (1,) and not np.isin(Y, (0, 1)).all():
            warnings.warn(
                "A column-vector y was passed when a 1d array was expected: read as one label an article",
                DataConversionWarning,
                stacklevel=3,
            )
            Y = np.ravel(Y)
        self._single = Y.ndim == 1
        if self._single:
            return self._from_vector(Y)
        matrix = check_array(Y, dtype=None)
        if not np.isin(matrix, (0, 1)).all():
            raise ValueError("y must hold 0 and 1 only: one column a theme, one row an article")
        self.classes_ = np.arange(matrix.shape[1]) if columns is None else np.asarray(columns)
        return np.asarray(matrix, dtype=bool)

    def _from_vector(self, y: Labels) -> Flags:
        y = column_or_1d(y, dtype=None)
        check_array(y, ensure_2d=False, dtype=None)
        check_classification_targets(y)
        self.classes_, position = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"y has 1 class, {self.classes_[0]!r}; give articles of another one too")
        columns = np.arange(1, 2) if len(self.classes_) == 2 else np.arange(len(self.classes_))
        flags: Flags = position[:, None] == columns
        return flags

    def _check_settings(self) -> None:
        if self.loss not in ("squared_hinge", "logistic"):
            raise ValueError(f"loss={self.loss!r} is not known; use 'squared_hinge' or 'logistic'")
        if self.folds < 2:
            raise ValueError(f"folds={self.folds} must be 2 or more")
        if not (np.isfinite(self.pooling) and self.pooling >= 0):
            raise ValueError(f"pooling={self.pooling} must be 0 or more; 0.2 suits the anchors of themes")

    def _margins(self, X: Matrix) -> Array:
        check_is_fitted(self)
        X = _rows(validate_data(self, X, accept_sparse="csr", dtype=np.float64, reset=False))
        return decision_values(X, self.coef_, self.intercept_)

    def decision_function(self, X: Matrix) -> Array:
        """Decision value of each theme before calibration, shape (n_articles, n_themes).

        For a vector of labels: log-odds after calibration, which `predict` compares; for two labels
        a vector, that of the second label.
        """
        margins = self._margins(X)
        if not self._single:
            return margins
        log_odds = margins * self.slope_ + self.offset_
        return log_odds[:, 0] if len(self.classes_) == 2 else log_odds

    def predict_proba(self, X: Matrix) -> Array:
        """Calibrated probability of each theme, shape (n_articles, n_themes).

        Themes are independent of each other; for a vector of labels rows sum to 1.
        """
        probability = calibrate(self._margins(X), self.slope_, self.offset_)
        if not self._single:
            return probability
        if len(self.classes_) == 2:
            return np.column_stack([1.0 - probability[:, 0], probability[:, 0]])
        shares: Array = probability / probability.sum(axis=1, keepdims=True)
        return shares

    def predict(self, X: Matrix) -> npt.NDArray[Any]:
        """1 where a theme's probability reaches its threshold, shape (n_articles, n_themes); all 0 is none.

        For a vector of labels: the most probable label of each article.
        """
        check_is_fitted(self)
        if not self._single:
            return (self.predict_proba(X) >= self.thresholds_).astype(np.int64)
        decision = self.decision_function(X)
        best = (decision > 0).astype(np.int64) if decision.ndim == 1 else decision.argmax(axis=1)
        chosen: npt.NDArray[Any] = self.classes_[best]
        return chosen

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.classifier_tags.multi_label = True
        return tags


def _rows(X: Matrix) -> Any:
    """CSR with 32-bit indices, the only kind that liblinear reads."""
    X = csr_matrix(X)
    if X.indices.dtype != np.int32 and X.nnz < 2**31:
        X = csr_matrix((X.data, X.indices.astype(np.int32), X.indptr.astype(np.int32)), shape=X.shape)
    return X
