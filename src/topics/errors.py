"""What can go wrong with people's input, as one small tree; each message ends with what to do next.

::

    TopicsError (also a ValueError)
    ├── SettingsError       a setting, an argument or a themes.toml that cannot be meant
    ├── ReadError           a file that cannot be read as articles
    ├── WriteError          a place that cannot be written, or must not be
    ├── BundleError         a file that is no bundle, or one that cannot be used here
    │   ├── DamagedBundle       its bytes are not what was saved
    │   └── BundleMismatch      made by versions that give other results here
    ├── UnknownTerm         a term that a vocabulary or a reference corpus does not hold
    ├── PlotError           a drawing that would come out wrong
    └── MissingExtra        an optional part that is not installed
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class TopicsError(ValueError):
    """Base of every error that people's input can cause."""


class SettingsError(TopicsError):
    """A setting, an argument or a themes file that cannot be meant."""


class ReadError(TopicsError):
    """A file that cannot be read as articles."""


class WriteError(TopicsError):
    """A place that cannot be written, or must not be."""


class BundleError(TopicsError):
    """A file that is no bundle, or one that cannot be used here."""


class DamagedBundle(BundleError):
    """A bundle whose bytes are not what was saved."""


class BundleMismatch(BundleError):
    """A bundle made by versions that give other results here."""


class UnknownTerm(TopicsError):
    """A term that a vocabulary or a reference corpus does not hold."""


class PlotError(TopicsError):
    """A drawing that would come out wrong, such as Arabic with detached letters."""


class MissingExtra(TopicsError):
    """An optional part that is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed; run: pip install 'arabic-topics[{extra}]'")


def suggest(name: str, known: Iterable[str]) -> str:
    """``"; did you mean X?"`` for a name near a known one, else the list of known names."""
    known = sorted(known)
    if near := get_close_matches(name, known, n=1):
        return f"; did you mean {near[0]}?"
    return f"; known: {', '.join(known)}" if known else ""
