"""Whether a rebuilt model gives the scores that were saved with it."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeGuard

from topics.bundle.versions import RULES, versions
from topics.display import one_line
from topics.errors import BundleMismatch

if TYPE_CHECKING:
    from topics.bundle.contents import Contents

TOLERANCES = {"themes": 1e-9, "topics": 1e-5}  # of a probability; mixtures are iterated, scores are not


def check_probes(
    contents: Contents,
    got: Sequence[Mapping[str, Any]],
    *,
    path: object = "bundle",
    tolerance: float | None = None,
    allow_mismatch: bool = False,
) -> None:
    """Raise unless the probes, scored here, come out as they were saved; call it with equal versions too.

    Parameters
    ----------
    contents : Contents
        What was read, with the probes as they were saved.
    got : sequence of mapping
        The same probes as the rebuilt model scores them, in the same order and form.
    path : path
        Named in the message.
    tolerance : float, optional
        Largest difference of a number; by default 1e-9 for themes and 1e-5 for topics.
    allow_mismatch : bool
        Warn where it would raise.

    Raises
    ------
    BundleMismatch
        They differ; the message holds both versions.
    """
    tolerance = TOLERANCES[contents.kind] if tolerance is None else tolerance
    largest = difference(list(contents.probes), list(got))
    if largest <= tolerance:
        return
    size = "labels or shapes differ" if largest == math.inf else f"a score differs by {largest:.2g}"
    message = f"{path}: does not work here as where it was saved ({size}, allowed {tolerance:g}); {_made(contents)}"
    if not allow_mismatch:
        raise BundleMismatch(message)
    warnings.warn(message, UserWarning, stacklevel=3)


def difference(expected: object, got: object) -> float:
    """The largest difference of two numbers in the same place; infinite where anything else differs."""
    if _is_number(expected) and _is_number(got):
        distance = abs(float(expected) - float(got))
        return math.inf if math.isnan(distance) else distance
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        if set(expected) != set(got):
            return math.inf
        return max((difference(expected[name], got[name]) for name in expected), default=0.0)
    if isinstance(expected, (list, tuple)) and isinstance(got, (list, tuple)):
        if len(expected) != len(got):
            return math.inf
        return max(map(difference, expected, got), default=0.0)
    return 0.0 if type(expected) is type(got) and expected == got else math.inf


def _made(contents: Contents) -> str:
    """Both versions where they differ, and what to do."""
    here = {"rules": str(RULES), **versions()}
    made = {"rules": str(contents.rules), **contents.versions}
    names = [name for name in {**made, **here} if made.get(name) != here.get(name)]
    if not names:
        return (
            "its versions are those here, so its settings were edited or this machine computes otherwise; "
            "get it again or train it here, or load it with allow_mismatch=True"
        )
    then = ", ".join(f"{one_line(name, 30)} {one_line(made.get(name, 'none'), 30)}" for name in names)
    now = ", ".join(f"{one_line(name, 30)} {here.get(name, 'none')}" for name in names)
    return (
        f"made with {then}; here {now}; install those versions, train it again here, "
        "or load it with allow_mismatch=True"
    )


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, Real) and not isinstance(value, bool)
