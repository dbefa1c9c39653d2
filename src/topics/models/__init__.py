"""What people hold in their hands: ThemeModel, TopicModel, and `load`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from topics.models.themes import ThemeModel
    from topics.models.topics import TopicModel

__all__ = ["ThemeModel", "TopicModel", "load"]


def __getattr__(name: str) -> Any:
    if name == "ThemeModel":
        from topics.models.themes import ThemeModel

        return ThemeModel
    if name == "TopicModel":
        from topics.models.topics import TopicModel

        return TopicModel
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load(path: str | Path, *, allow_mismatch: bool = False) -> ThemeModel | TopicModel:
    """Read a saved model; no code from the file is run.

    Parameters
    ----------
    path : str or path
        A bundle, a run's folder (its themes bundle, else its topics bundle), ``runs/<name>`` for the newest
        complete run of that name, or the name of a model that ships, such as "themes-ar".
    allow_mismatch : bool, default=False
        Whether a bundle whose probes score differently here is used all the same, with a warning.

    Raises
    ------
    ReadError
        Nothing is there.
    BundleError
        The file is no bundle, is damaged, or gives other results with the versions installed here.
    """
    from topics.models.loading import load_model

    return load_model(Path(path), allow_mismatch=allow_mismatch)
