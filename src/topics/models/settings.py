"""Arguments of `train`, told apart: what is the analyzer's, the vectorizer's, the estimator's."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from topics.arabic.analyzer import Analyzer
from topics.errors import SettingsError, suggest


def split_settings(settings: Mapping[str, Any], *parts: type, left_out: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The settings of each part (a class), in order; unknown ones are refused with a suggestion.

    Raises
    ------
    SettingsError
        A setting that no part has.
    """
    known = [set(inspect.signature(part).parameters) - set(left_out) for part in parts]
    for name in settings:
        if not any(name in names for names in known):
            raise SettingsError(f"training has no setting {name!r}{suggest(name, set().union(*known))}")
    return [{name: value for name, value in settings.items() if name in names} for names in known]


def analyzer_from(settings: dict[str, Any]) -> Analyzer:
    """The analyzer given as `analyzer`, or one of the Analyzer's arguments among the settings; not both."""
    given = settings.get("analyzer")
    own = {name: settings[name] for name in settings if name != "analyzer"}
    if given is not None and own:
        raise SettingsError(f"give analyzer, or {', '.join(sorted(own))}; not both")
    return given if given is not None else Analyzer(**own)
