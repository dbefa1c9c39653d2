"""LdaTopics: latent Dirichlet allocation as a scikit-learn transformer, whichever engine trains it.

Training is the engine's; what comes after is the same for all: mixtures come from one deterministic
kernel, so equal counts give equal mixtures in any batch, process and number of threads.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from joblib import effective_n_jobs
from scipy.sparse import csr_matrix
from scipy.special import gammaln, psi
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, check_non_negative, validate_data
from threadpoolctl import threadpool_limits

from topics.estimators.engines import OnSweep, Settings, State, Trained, completion_perplexity, halves
from topics.estimators.kernels import infer_gammas, log_likelihood, topic_weights

if TYPE_CHECKING:
    from topics.estimators.shapes import Array, Labels, Matrix

ENGINES = {"fast": "topics.estimators.fast_engine", "gensim": "topics.estimators.gensim_engine"}
_UNITS = {"": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
_SLICE = 1024  # articles that a thread takes at a time


class LdaTopics(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Topics of articles: term counts to mixtures, shape (n_articles, n_topics).

    Parameters
    ----------
    n_topics : int
        Number of topics.
    engine : {"fast", "gensim"}
        What trains: collapsed variational Bayes on threads, or gensim's online variational Bayes with its
        E-step compiled, on one.
    alpha : "auto", "symmetric", float or array-like of shape (n_topics,)
        Prior of the mixtures: learnt from 1 / n_topics each, fixed at that, or given.
    eta : float or "auto"
        Prior of each term in each topic, in pseudo-counts: given, or with "fast" learnt. What is learnt of news is
        0.05 to 0.1, which predicts better; topics that are less smooth show their terms better.
    topic_prior : array-like of shape (n_topics, n_terms), optional
        Added to `eta`, and to the counts that training starts from: anchors pull topics with it.
    n_sweeps : int
        Most passes over the articles.
    tol : float
        Training ends when two passes in a row change the perplexity by less than this share of it; at 0 only
        `n_sweeps` ends it.
    memory : str or int
        Bytes, such as "1GiB". "fast" keeps 4 * n_pairs * n_topics of them, a pair being an article and one
        of its terms; where that is more than `memory`, it trains by minibatches that take half of it.
    random_state : int, RandomState or None
        Seed of the start.
    n_jobs : int
        Threads, -1 for all cores. Results do not depend on it.

    Attributes
    ----------
    components_ : ndarray of shape (n_topics, n_terms)
        Dirichlet parameters of the topics: expected counts plus prior, as in scikit-learn. Not
        normalised; `topic_term_` is.
    topic_term_ : ndarray of shape (n_topics, n_terms)
        Probability of each term in each topic; rows sum to 1.
    alpha_ : ndarray of shape (n_topics,)
        Prior of the mixtures.
    eta_ : float
        Prior of each term in each topic.
    perplexities_ : ndarray, a value for each of the `n_iter_` sweeps
        Perplexity after each pass, by document completion on articles chosen at the start; "fast" does
        not see the tokens that are scored until training ends.
    n_iter_ : int
        Passes done.
    n_features_in_ : int
        n_terms.
    """

    def __init__(
        self,
        n_topics: int = 20,
        *,
        engine: str = "fast",
        alpha: Labels = "auto",
        eta: Labels = 0.01,
        topic_prior: Labels = None,
        n_sweeps: int = 100,
        tol: float = 1e-3,
        memory: str | int = "1GiB",
        random_state: Labels = 0,
        n_jobs: int = 1,
    ) -> None:
        self.n_topics = n_topics
        self.engine = engine
        self.alpha = alpha
        self.eta = eta
        self.topic_prior = topic_prior
        self.n_sweeps = n_sweeps
        self.tol = tol
        self.memory = memory
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(
        self,
        X: Matrix,
        y: None = None,  # noqa: ARG002
        state: State | None = None,
        on_sweep: OnSweep | None = None,
    ) -> Self:
        """Learn the topics.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_articles, n_terms)
            Term counts.
        y : None
            Ignored.
        state : dict of arrays, optional
            A state that `on_sweep` was given in a fit to the same X with the same settings: training
            continues there and ends with the arrays of a fit that was never interrupted. One of another
            X with the same terms: its topics are where training starts.
        on_sweep : callable, optional
            Called after each pass with the state, arrays by name, for the caller to keep. Where it has a method
            `due`, only after passes at which that says yes.
        """
        counts = self._counts(X, reset=True)
        settings = self._settings()
        with threadpool_limits(1, user_api="blas"):
            return self._take(self._engine().train(counts, settings, state, on_sweep))

    def partial_fit(self, X: Matrix, y: None = None) -> Self:  # noqa: ARG002
        """Learn from more articles, in one pass; the first call starts anew.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_articles, n_terms)
            Term counts.
        y : None
            Ignored.
        """
        counts = self._counts(X, reset=not hasattr(self, "components_"))
        settings, state = self._settings(), getattr(self, "_state", None)
        with threadpool_limits(1, user_api="blas"):
            return self._take(self._engine().update(counts, settings, state))

    def _take(self, trained: Trained) -> Self:
        self.components_, self.alpha_, self.eta_ = trained.components, trained.alpha, trained.eta
        self.perplexities_, self._state = trained.perplexities, trained.state
        self.n_iter_ = len(trained.perplexities) or 1
        self._weights = topic_weights(self.components_)
        return self

    @property
    def topic_term_(self) -> Array:
        """Probability of each term in each topic, shape (n_topics, n_terms)."""
        normalised: Array = self.components_ / self.components_.sum(axis=1, keepdims=True)
        return normalised

    def transform(self, X: Matrix) -> Array:
        """Mixture of each article, shape (n_articles, n_topics); rows sum to 1.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_articles, n_terms)
            Term counts. An empty row gets the prior's mean.
        """
        gammas = self._gammas(self._known_counts(X))
        mixtures: Array = gammas / gammas.sum(axis=1, keepdims=True)
        return mixtures

    def perplexity(self, X: Matrix) -> float:
        """Perplexity by document completion: mixtures from half of an article's tokens, scored on the others.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_articles, n_terms)
            Term counts; the halves are the same in every call.
        """
        given, wanted = halves(self._known_counts(X), 0)
        return completion_perplexity(given, wanted, self.components_, self.alpha_)

    def score(self, X: Matrix, y: None = None) -> float:  # noqa: ARG002
        """Mean log-probability of a token in nats, by document completion; more is better.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_articles, n_terms)
            Term counts.
        y : None
            Ignored.
        """
        return -float(np.log(self.perplexity(X)))

    def bound(self, X: Matrix) -> float:
        """Variational lower bound of the log-probability of X, in nats, the topics' own part included.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_articles, n_terms)
            Term counts.
        """
        counts = self._known_counts(X)
        gammas = self._gammas(counts)
        log_theta = psi(gammas) - psi(gammas.sum(axis=1, keepdims=True))
        total = log_likelihood(counts, np.exp(log_theta), self._weights)
        total += _divergence(gammas, np.broadcast_to(self.alpha_, gammas.shape))
        prior = self.eta_ + (0.0 if self.topic_prior is None else np.asarray(self.topic_prior, dtype=float))
        return total + _divergence(self.components_, np.broadcast_to(prior, self.components_.shape))

    def _gammas(self, counts: Matrix) -> Array:
        threads = effective_n_jobs(self.n_jobs)
        if threads == 1 or counts.shape[0] <= _SLICE:
            return infer_gammas(counts, self._weights, self.alpha_)
        slices = [counts[start : start + _SLICE] for start in range(0, counts.shape[0], _SLICE)]
        with ThreadPoolExecutor(threads) as pool:
            return np.concatenate(list(pool.map(lambda part: infer_gammas(part, self._weights, self.alpha_), slices)))

    def _known_counts(self, X: Matrix) -> Any:
        check_is_fitted(self)
        return self._counts(X, reset=False)

    def _counts(self, X: Matrix, *, reset: bool) -> Any:
        X = validate_data(self, X, reset=reset, accept_sparse="csr", dtype=np.float64)
        check_non_negative(X, "LdaTopics (term counts)")
        return csr_matrix(X)

    def _engine(self) -> Any:
        if self.engine not in ENGINES:
            raise ValueError(f"engine={self.engine!r} is not known; use one of {sorted(ENGINES)}")
        return import_module(ENGINES[self.engine])

    def _settings(self) -> Settings:
        if self.n_topics < 1 or self.n_sweeps < 1:
            raise ValueError(f"n_topics={self.n_topics} and n_sweeps={self.n_sweeps} must be 1 or more")
        learn_eta = isinstance(self.eta, str)
        if learn_eta and (self.eta != "auto" or self.engine != "fast"):
            raise ValueError(f"eta={self.eta!r} must be a number, or 'auto' with engine='fast'; 0.01 suits news")
        if not learn_eta and not self.eta > 0:
            raise ValueError(f"eta={self.eta} must be above 0; 0.01 suits news")
        alpha = 1.0 / self.n_topics if isinstance(self.alpha, str) else self.alpha
        if isinstance(self.alpha, str) and self.alpha not in ("auto", "symmetric"):
            raise ValueError(f"alpha={self.alpha!r} is not known; use 'auto', 'symmetric', a number or an array")
        alpha = np.array(np.broadcast_to(np.asarray(alpha, dtype=np.float64), (self.n_topics,)))
        if not (alpha > 0).all():
            raise ValueError("alpha must be above 0 for every topic")
        return Settings(
            n_topics=int(self.n_topics),
            alpha=alpha,
            learn_alpha=isinstance(self.alpha, str) and self.alpha == "auto",
            eta=1.0 if learn_eta else float(self.eta),
            learn_eta=learn_eta,
            topic_prior=self._checked_prior(),
            n_sweeps=int(self.n_sweeps),
            tol=float(self.tol),
            memory=parse_memory(self.memory),
            random_state=int(check_random_state(self.random_state).randint(2**31 - 1)),
            n_jobs=effective_n_jobs(self.n_jobs),
        )

    def _checked_prior(self) -> Array | None:
        if self.topic_prior is None:
            return None
        prior = np.ascontiguousarray(self.topic_prior, dtype=np.float64)
        if prior.shape != (self.n_topics, self.n_features_in_):
            raise ValueError(
                f"topic_prior of shape {prior.shape} cannot go with {self.n_topics} topics and "
                f"{self.n_features_in_} terms; build it for this vocabulary"
            )
        if not (np.isfinite(prior).all() and (prior >= 0).all()):
            raise ValueError("topic_prior holds pseudo-counts: finite, 0 or more")
        return prior

    @property
    def _n_features_out(self) -> int:
        return int(self.components_.shape[0])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.positive_only = True
        return tags


def checked_settings(estimator: LdaTopics) -> Settings:
    """The parameters of an estimator that is not fitted, as an engine takes them.

    Raises
    ------
    ValueError
        One that cannot be meant.
    """
    return estimator._settings()  # noqa: SLF001 - of this module


def parse_memory(memory: str | int) -> int:
    """Bytes of "512MiB", "1GiB", "2.5 GiB" or a number."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]iB)?\s*", str(memory))
    if match is None:
        raise ValueError(f"memory={memory!r} cannot be read; write it like '512MiB' or '2GiB'")
    return int(float(match[1]) * _UNITS[match[2] or ""])


def _divergence(posterior: Array, prior: Array) -> float:
    """E_q[log p - log q] of Dirichlet rows, in nats."""
    log = psi(posterior) - psi(posterior.sum(axis=1, keepdims=True))
    total = np.sum((prior - posterior) * log) + np.sum(gammaln(posterior) - gammaln(prior))
    return float(total + np.sum(gammaln(prior.sum(axis=1)) - gammaln(posterior.sum(axis=1))))
