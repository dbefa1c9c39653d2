"""A section [sweep] to its combinations: each value of each swept setting with each of the others, in order."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from topics.display import one_line
from topics.errors import SettingsError
from topics.experiments.settings import Experiment, changed_by

SWEEP = "sweep"
MOST = 1000
"""Combinations of one sweep; more are taken for a slip."""


class Combination(NamedTuple):
    """One experiment of a sweep."""

    values: dict[str, Any]  # of the swept settings, by dotted name
    settings: Experiment


def combine(
    settings: Mapping[str, Any],
    changes: Mapping[str, Any] | None = None,
    *,
    folder: Path | None = None,
    where: str = "",
) -> tuple[Experiment, list[Combination]]:
    """The experiment of settings without their sweep, and the combinations of that; none where there is no sweep.

    Parameters
    ----------
    settings : mapping
        As a TOML file has them; ``settings["sweep"]`` maps dotted names to lists of values.
    changes, folder, where
        As in `Experiment.of`.

    Raises
    ------
    SettingsError
        A setting that does not exist or cannot be meant, in any combination.
    """
    changed = changed_by(settings, changes or {})
    swept = changed.pop(SWEEP, None)
    base = Experiment.of(changed, folder=folder, where=where)
    if swept is None:
        return base, []
    if not isinstance(swept, Mapping):
        raise SettingsError(f'{where}sweep is a section: [sweep], and in it "topics.n_topics" = [10, 20]')
    values = {name: _checked(name, given, where) for name, given in _dotted(swept)}
    if not values:
        raise SettingsError(f'{where}[sweep] is empty; write "topics.n_topics" = [10, 20] there, or leave it out')
    # Before any is made: twenty lists of ten values are few lines and more combinations than memory holds.
    if (many := math.prod(map(len, values.values()))) > MOST:
        count = f"{many:,}" if many < 10**12 else f"{10**12:,} or more"
        raise SettingsError(f"{where}[sweep] has {count} combinations, more than {MOST:,}; leave values out")
    chosen = [dict(zip(values, choice, strict=True)) for choice in product(*values.values())]
    found = [Combination(one, Experiment.of(changed, one, folder=folder, where=f"{where}[sweep] ")) for one in chosen]
    if len({repr(one.settings) for one in found}) < len(found):
        raise SettingsError(f"{where}[sweep] has a combination twice; write each value once")
    return base, found


def _dotted(section: Mapping[str, Any], before: str = "") -> list[tuple[str, Any]]:
    """Names as they are written, quoted or not: "topics.n_topics" and topics.n_topics are the same."""
    found = []
    for name, value in section.items():
        if isinstance(value, Mapping):
            found += _dotted(value, f"{before}{name}.")
        else:
            found.append((f"{before}{name}", value))
    return found


def _checked(name: str, values: Any, where: str) -> list[Any]:
    shown = one_line(name, 60)
    if name.split(".", maxsplit=1)[0] in ("name", SWEEP):
        raise SettingsError(f"{where}[sweep] cannot change {shown}; runs of a sweep are told apart by their settings")
    if not isinstance(values, list) or not values:
        raise SettingsError(f'{where}[sweep] {shown} is a list of values: "{shown}" = [10, 20]')
    return values
