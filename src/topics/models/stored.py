"""What both models share: save, and the way into and out of a bundle's members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from topics import bundle
from topics.arabic.analyzer import Analyzer
from topics.errors import BundleError, SettingsError
from topics.estimators.shapes import Array
from topics.features.matrix import WEIGHTINGS, TermMatrix
from topics.models.probes import PROBES

_MOST = 1e50  # no trained model comes near, and products of three such numbers are still finite
POSITIVE = (1 / _MOST, _MOST)
"""Bounds of what must lie above 0."""
Members = tuple[dict[str, Any], dict[str, Array], list[str], dict[str, Any]]


class Stored:
    """A model that a bundle can hold."""

    kind: ClassVar[str]
    settings: Mapping[str, Any]
    fingerprint: str

    def members(self) -> Members:
        """Settings, arrays, terms and text rules: all that prediction needs, for a bundle."""
        raise NotImplementedError

    def probe_scores(self, probes: Iterable[str]) -> list[list[float]]:
        """What the model says of each sentence, for a bundle to keep and for other versions to compare."""
        raise NotImplementedError

    def card(self) -> str:
        """The model card, Markdown."""
        raise NotImplementedError

    def save(self, path: str | Path) -> Path:
        """Write the model as one file, ``name.topics``; an older file stays whole until the new one is.

        Parameters
        ----------
        path : str or path
            Where; ``.topics`` is added when the name has another ending.

        Raises
        ------
        WriteError
            The place cannot be written.
        SettingsError
            It was trained with ``min_df=1``: its terms are words of single articles, which leave no machine.
        """
        if self.settings.get("min_df") == 1:
            raise SettingsError(
                "a model trained with min_df=1 holds words that occur in one article only, perhaps a private name or "
                "number, so it is not saved; train it with min_df=2"
            )
        path = Path(path)
        if path.suffix != ".topics":
            path = path.with_name(path.name + ".topics")
        settings, arrays, terms, text = self.members()
        probes = [
            {"text": probe, "scores": values} for probe, values in zip(PROBES, self.probe_scores(PROBES), strict=True)
        ]
        bundle.write(
            path, bundle.Contents(self.kind, settings, arrays, terms, text, probes, self.card(), self.fingerprint)
        )
        return path


def matrix_members(matrix: TermMatrix, settings: dict[str, Any], arrays: dict[str, Array]) -> Members:
    """Settings, arrays, terms and text rules of a model with its matrix put in."""
    analyzer = matrix.analyzer.to_settings()
    frequencies = analyzer.pop("frequencies")
    settings = settings | {
        "text": analyzer,
        "terms": {
            "weighting": matrix.weighting,
            "sublinear_tf": matrix.sublinear_tf,
            "title_weight": matrix.title_weight,
        },
    }
    text = {"frequencies": frequencies, "spellings": dict(sorted(matrix.spellings.items()))}
    return settings, arrays | {"idf": matrix.idf}, list(matrix.terms), text


def matrix_from(
    settings: Mapping[str, Any], arrays: Mapping[str, Array], terms: list[str], text: Mapping[str, Any]
) -> TermMatrix:
    """The matrix that `matrix_members` took apart."""
    chosen = settings["terms"]
    if chosen["weighting"] not in WEIGHTINGS:
        raise BundleError(
            f"the bundle's weighting {chosen['weighting']!r} does not exist; train and save the model again"
        )
    idf = np.asarray(checked_array(arrays, "idf", (len(terms),)), np.float64)
    analyzer = Analyzer.from_settings({**settings["text"], "frequencies": text["frequencies"]})
    return TermMatrix(
        analyzer, tuple(terms), idf, chosen["weighting"], bool(chosen["sublinear_tf"]), int(chosen["title_weight"]),
        dict(text["spellings"]),
    )  # fmt: skip


def checked_array(
    arrays: Mapping[str, Array], name: str, shape: tuple[int, ...], bounds: tuple[float, float] = (-_MOST, _MOST)
) -> Array:
    """An array of a bundle that a compiled loop may be given: floating, of its shape, within bounds.

    Raises
    ------
    BundleError
        It is missing or something else: such numbers no training leaves, and a loop over them may never end.
    """
    array = arrays.get(name)
    again = "train and save the model again"
    if array is None or array.shape != shape:
        found = "is missing" if array is None else f"has the shape {array.shape}"
        raise BundleError(f"the bundle's array {name!r} {found}, and should have {shape}; {again}")
    if array.dtype.kind != "f":
        raise BundleError(f"the bundle's array {name!r} holds {array.dtype}, no floating numbers; {again}")
    low, high = bounds
    if array.size and not low <= float(array.min()) <= float(array.max()) <= high:
        raise BundleError(f"the bundle's array {name!r} holds numbers outside {low:g} to {high:g}; {again}")
    return array
