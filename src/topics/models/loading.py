"""From a path to a model: finds the bundle, rebuilds the model from checked parts, scores the probes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics import bundle
from topics.bundle.advice import ASK
from topics.display import one_line
from topics.errors import BundleError, ReadError, TopicsError
from topics.models.shipped import shipped
from topics.models.themes import ThemeModel
from topics.models.topics import TopicModel

if TYPE_CHECKING:
    from topics.models.stored import Stored

BUNDLES = ("themes.topics", "topics.topics")  # of a run, the first there is
LATEST = ".latest"
_MODELS: Mapping[str, type[ThemeModel | TopicModel]] = {"themes": ThemeModel, "topics": TopicModel}


def resolve(path: Path) -> Path:
    """The bundle that a path means: itself, that of a run's folder or of the newest complete run, one that ships.

    What lies on the disk comes before a model that ships under the same name.
    """
    if not path.exists():
        path = _newest(path)
    if not path.exists():
        ships = shipped()
        if str(path) in ships:
            return ships[str(path)]
        raise ReadError(
            f"{path}: does not exist; give a bundle (name.topics), a run's folder, runs/<name>, or the name of a "
            f"model that ships ({', '.join(ships) or 'none is installed'})"
        )
    if path.is_dir() and not (path / "bundle.json").exists():
        for name in BUNDLES:
            if (path / name).exists():
                return path / name
        raise ReadError(f"{path}: holds neither {' nor '.join(BUNDLES)}; give a bundle or a complete run")
    return path


def _newest(path: Path) -> Path:
    """The run beside that ``<path>.latest`` names; the path itself where no file says one."""
    try:
        run = path.with_name(path.with_name(path.name + LATEST).read_text(encoding="utf-8").strip())
        return run if run.is_dir() else path
    except (OSError, ValueError):  # not there, or not what a run leaves
        return path


def load_model(path: Path, *, allow_mismatch: bool) -> ThemeModel | TopicModel:
    """See `topics.load`."""
    path = resolve(path)
    contents = bundle.read(path)
    model, got = _rebuilt(path, contents)
    bundle.check_probes(contents, got, path=path, allow_mismatch=allow_mismatch)
    return model


def _rebuilt(path: Path, contents: bundle.Contents) -> tuple[ThemeModel | TopicModel, list[dict[str, Any]]]:
    """The model, and its probes as it scores them: some settings are first used then."""
    try:
        model = _MODELS[contents.kind].from_members(
            contents.settings, contents.arrays, list(contents.terms), contents.text, contents.corpus
        )
        return model, scored(model, [str(probe["text"]) for probe in contents.probes])
    except BundleError as error:
        raise BundleError(f"{path}: {error}") from None
    except (TopicsError, KeyError, TypeError, ValueError, AttributeError) as error:
        # Settings of a hashed bundle are only wrong where somebody edited them.
        raise BundleError(
            f"{path}: its settings cannot be meant ({type(error).__name__}: {one_line(str(error), 200)}); {ASK}"
        ) from None


def scored(model: Stored, texts: list[str]) -> list[dict[str, Any]]:
    """Probes as a bundle keeps them: each text with its scores."""
    return [{"text": text, "scores": scores} for text, scores in zip(texts, model.probe_scores(texts), strict=True)]
