"""Steps of a training whose results are kept: done once for equal input, and taken up where a fit was stopped.

An entry's key holds all that decides its result: what the step reads, its settings, the code of the layers that do
it, the versions of the libraries. So a result that is taken from the cache is the one that would be worked out, bit
for bit, and whether there is a cache changes nothing but the time.
"""

from __future__ import annotations

import hashlib
import time
import warnings
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from topics.experiments import stopping
from topics.experiments.cache import NoStore, Store, code_of
from topics.experiments.entries import Kept, storable
from topics.experiments.folder import fingerprint
from topics.models.steps import Steps, steps

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_matrix

    from topics.corpus.article import Article
    from topics.estimators.engines import State
    from topics.estimators.shapes import Array
    from topics.features.matrix import TermMatrix
    from topics.features.vectorizer import TermVectorizer
    from topics.models.topics import TopicModel

SECONDS = 10.0  # at least, between two checkpoints of a fit
SHARE = 20  # a checkpoint that takes a second is followed by so many without one
_TEXT_LAYERS = ("compiled", "arabic", "corpus", "features")
_FIT_LAYERS = ("compiled", "estimators")
_STATE = "state"


class KeptSteps(Steps):
    """Steps that look for their result first, and keep it after.

    Parameters
    ----------
    store : Store
        Where results are kept.
    checkpoints : Store, optional
        Where the state of a fit under way is kept, for a run that goes on later; None keeps no state.

    Attributes
    ----------
    n_taken, n_done : int
        How many steps were taken from the store, and how many were done.
    """

    def __init__(self, store: Store, checkpoints: Store | None = None) -> None:
        self.store = store
        self.checkpoints = checkpoints
        self.n_taken = self.n_done = 0
        self._keys: dict[int, tuple[weakref.ref[TermMatrix], str]] = {}
        self._last: tuple[str, csr_matrix] | None = None

    # what training asks for ----------------------------------------------------------------------------------

    def vectorize(self, vectorizer: TermVectorizer, articles: Sequence[Article]) -> csr_matrix:
        """See `Steps.vectorize`."""
        from topics.features.vectorizer import TermVectorizer

        if type(vectorizer) is not TermVectorizer:
            return super().vectorize(vectorizer, articles)
        settings = vectorizer.get_params(deep=False)
        analyzer = settings.pop("analyzer")
        settings = settings | {"analyzer": None if analyzer is None else analyzer.to_settings(), "n_jobs": None}
        key = _key("matrix", settings, texts_of(articles), code_of(*_TEXT_LAYERS))
        if kept := self._found("matrix", key):
            matrix, X = _restored_matrix(kept)
            _set(vectorizer, matrix, len(articles))
        else:
            X = self._fitted(vectorizer, articles)
            self.store.put("matrix", key, _matrix_kept(vectorizer.matrix_, X))
        self._keys[id(vectorizer.matrix_)] = (weakref.ref(vectorizer.matrix_), key)
        return X

    def fit(self, estimator: Any, X: csr_matrix, y: Any = None, **more: Any) -> Any:
        """See `Steps.fit`."""
        kind = type(estimator)
        given = {"y": y, **more}
        if not _is_plain([estimator.get_params(deep=False), given]):
            return super().fit(estimator, X, y, **more)
        key = _key(
            "fit", f"{kind.__module__}.{kind.__qualname__}", _plain(estimator.get_params(deep=False)),
            _plain(X), _plain(given), code_of(*_FIT_LAYERS),
        )  # fmt: skip
        if kept := self._found("fit", key):
            vars(estimator).update(_attributes(kept))
            return estimator
        with _noted() as noted:
            fitted = self._resumable(estimator, X, y, more, key)
        if not noted and (learnt := _learnt(fitted)) is not None:
            self.store.put("fit", key, learnt)
        return fitted

    # what scoring asks for -----------------------------------------------------------------------------------

    def counts(self, matrix: TermMatrix, articles: Sequence[Article]) -> csr_matrix:
        """Term counts of articles, shape (n_articles, n_terms)."""
        from topics.features.matrix import batches

        key = _key("counts", self._key_of(matrix), texts_of(articles), matrix.title_weight)
        if self._last is not None and self._last[0] == key:
            return self._last[1]
        if kept := self._found("counts", key):
            found = _csr(kept)
        else:
            from scipy.sparse import csr_matrix, vstack

            parts = [matrix.counts(batch) for batch in batches(articles)]
            found = csr_matrix(vstack(parts, format="csr")) if parts else csr_matrix((0, len(matrix.terms)))
            self.store.put("counts", key, Kept({}, _csr_arrays(found)))
        self._last = (key, found)
        return found

    def mixtures(self, model: TopicModel, articles: Sequence[Article]) -> Array:
        """The share of each topic in each article, shape (n_articles, n_topics), as `TopicModel.mixtures` has it."""
        from topics.estimators.kernels import infer_mixtures, topic_weights

        return infer_mixtures(self.counts(model.matrix, articles), topic_weights(model.components), model.alpha)

    def value(self, kind: str, decided: Sequence[Any], make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """JSON values that `make` gives, or gave when the same decided them."""
        key = _key(kind, *decided)
        if kept := self._found(kind, key):
            return kept.values
        with _noted() as noted:
            found = make()
        if not noted:
            self.store.put(kind, key, Kept(found, {}))
        return found

    # -----------------------------------------------------------------------------------------------------------

    def _found(self, kind: str, key: str) -> Kept | None:
        stopping.check()
        kept = self.store.get(kind, key)
        if kept is None:
            self.n_done += 1
        else:
            self.n_taken += 1
        return kept

    def _fitted(self, vectorizer: TermVectorizer, articles: Sequence[Article]) -> csr_matrix:
        """The matrix, with what was learnt of these articles' words when others columns were made of them."""
        from topics.arabic.analyzer import Analyzer
        from topics.features.vectorizer import TermVectorizer

        analyzer = vectorizer.analyzer or Analyzer()
        learns = {"phrases": vectorizer.learn_phrases, "frequencies": vectorizer.learn_frequencies}
        key = _key("analysis", analyzer.to_settings(), learns, texts_of(articles), code_of(*_TEXT_LAYERS))
        if kept := self._found("analysis", key):
            settings = vectorizer.get_params(deep=False) | {
                "analyzer": Analyzer.from_settings(kept.values["analyzer"]), "learn_phrases": False,
                "learn_frequencies": False,
            }  # fmt: skip
            ready = TermVectorizer(**settings)
            X = ready.fit_transform(articles)
            _set(vectorizer, ready.matrix_, len(articles))
            return X
        X = super().vectorize(vectorizer, articles)
        self.store.put("analysis", key, Kept({"analyzer": vectorizer.analyzer_.to_settings()}, {}))
        return X

    def _resumable(self, estimator: Any, X: csr_matrix, y: Any, more: Mapping[str, Any], key: str) -> Any:
        from topics.estimators import LdaTopics

        if self.checkpoints is None or not isinstance(estimator, LdaTopics):
            return super().fit(estimator, X, y, **more)
        if kept := self.checkpoints.get(_STATE, key):
            more = {**more, "state": dict(kept.arrays)}
        with Checkpoint(self.checkpoints, key) as checkpoint:
            return estimator.fit(X, y, **more, on_sweep=checkpoint)

    def _key_of(self, matrix: TermMatrix) -> str:
        known = self._keys.get(id(matrix))
        if known is not None and known[0]() is matrix:
            return known[1]
        from topics.models.stored import matrix_members

        settings, _, terms, text = matrix_members(matrix, {}, {})
        key = _key("matrix", settings, terms, text["frequencies"], code_of(*_TEXT_LAYERS))
        self._keys[id(matrix)] = (weakref.ref(matrix), key)
        return key


def kept_steps() -> KeptSteps:
    """The steps of the experiment that is executed here; outside of one, some that keep nothing."""
    current = steps()
    return current if isinstance(current, KeptSteps) else KeptSteps(NoStore())


class Checkpoint:
    """Writes the state of a fit now and then; taken away when the fit is done.

    Parameters
    ----------
    store : Store
        Where.
    key : str
        Of the fit.
    """

    def __init__(self, store: Store, key: str) -> None:
        self._store, self._key = store, key
        self._next = time.monotonic() + SECONDS

    def due(self) -> bool:
        """Whether the state is wanted now: time has passed, or the command is to stop."""
        return stopping.stopped() or time.monotonic() >= self._next

    def __call__(self, state: State) -> None:
        """Take the state after a sweep."""
        if self.due():
            began = time.monotonic()
            self._store.put(_STATE, self._key, Kept({}, state))
            ended = time.monotonic()
            self._next = ended + max(SECONDS, SHARE * (ended - began))
        stopping.check()

    def __enter__(self) -> Self:
        stopping.hold()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        stopping.release()
        if kind is None:
            self._store.path(_STATE, self._key).unlink(missing_ok=True)


@contextmanager
def _noted() -> Iterator[list[warnings.WarningMessage]]:
    """Warnings of what is done inside, passed on afterwards: a result that came with one is not kept silently."""
    caught: list[warnings.WarningMessage] = []
    try:
        with warnings.catch_warnings(record=True) as given:
            yield caught
    finally:
        caught += given or []
        for one in caught:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)


def texts_of(articles: Sequence[Article]) -> str:
    """SHA-256 of what a vectorizer reads of articles: titles and texts, in order."""
    digest = hashlib.sha256()
    for article in articles:
        for part in (article.title or "", article.full):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "little"))
            digest.update(data)
    return digest.hexdigest()


def _key(*parts: Any) -> str:
    return fingerprint(*parts)[:40]


def _plain(value: Any) -> Any:
    """JSON values that stand for a value: arrays, sparse matrices and tables by the hash of their bytes."""
    import numpy as np

    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if hasattr(value, "indptr"):
        return [_plain([value.data, value.indices, value.indptr]), list(value.shape)]
    if hasattr(value, "to_numpy"):  # a table: its columns name the themes
        return [[str(name) for name in getattr(value, "columns", ())], _plain(value.to_numpy())]
    if isinstance(value, np.ndarray):
        bytes_of = str(value.tolist()) if value.dtype == object else np.ascontiguousarray(value).tobytes()
        data = bytes_of if isinstance(bytes_of, bytes) else bytes_of.encode("utf-8", "surrogatepass")
        return [value.dtype.str, list(value.shape), hashlib.sha256(data).hexdigest()]
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"{type(value).__name__} decides a fit, and no key can be made of it")


def _is_plain(value: Any) -> bool:
    """Whether a key can be made of a value: no generator of random numbers, whose next draw nobody sees."""
    try:
        _plain(value)
    except TypeError:
        return False
    return True


def _csr_arrays(matrix: csr_matrix) -> dict[str, Any]:
    import numpy as np

    shape = np.array(matrix.shape, np.int64)
    return {"data": matrix.data, "indices": matrix.indices, "indptr": matrix.indptr, "shape": shape}


def _csr(kept: Kept) -> csr_matrix:
    from scipy.sparse import csr_matrix

    arrays = kept.arrays
    n_rows, n_columns = map(int, arrays["shape"])
    return csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape=(n_rows, n_columns), copy=False)


def _matrix_kept(matrix: TermMatrix, X: csr_matrix) -> Kept:
    from topics.models.stored import matrix_members

    settings, arrays, terms, text = matrix_members(matrix, {}, {})
    return Kept({"settings": settings, "terms": terms, "text": text}, {**arrays, **_csr_arrays(X)})


def _restored_matrix(kept: Kept) -> tuple[TermMatrix, csr_matrix]:
    from topics.models.stored import matrix_from

    values = kept.values
    return matrix_from(values["settings"], kept.arrays, values["terms"], values["text"]), _csr(kept)


def _set(vectorizer: TermVectorizer, matrix: TermMatrix, n_articles: int) -> None:
    """What `fit` sets."""
    vectorizer.matrix_ = matrix
    vectorizer.analyzer_ = matrix.analyzer
    vectorizer.frequencies_ = matrix.analyzer.counts
    given = vectorizer.analyzer.phrases if vectorizer.analyzer is not None else ()
    known = set(map(tuple, given))
    vectorizer.phrases_ = tuple(phrase for phrase in matrix.analyzer.phrases if phrase not in known)
    vectorizer.n_articles_ = n_articles


def _learnt(estimator: Any) -> Kept | None:
    """What a fit left in an estimator; None where that cannot be kept. The state of a training is left out."""
    import numpy as np

    values: dict[str, Any] = {}
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    settings = estimator.get_params(deep=False)
    for name, value in vars(estimator).items():
        if name in settings or name == "_state":
            continue
        if isinstance(value, np.ndarray) and storable(value):
            arrays[name] = value
        elif isinstance(value, np.ndarray) and all(isinstance(item, str) for item in value.tolist()):
            values[name] = {"texts": value.tolist(), "dtype": "O" if value.dtype == object else value.dtype.str}
        elif isinstance(value, (bool, int, float, str, np.number, np.bool_)):
            values[name] = {"value": value.item() if isinstance(value, np.generic) else value}
        else:
            return None
    return Kept(values, arrays)


def _attributes(kept: Kept) -> dict[str, Any]:
    import numpy as np

    found: dict[str, Any] = dict(kept.arrays)
    for name, value in kept.values.items():
        found[name] = np.array(value["texts"], dtype=value["dtype"]) if "texts" in value else value["value"]
    return found
