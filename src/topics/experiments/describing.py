"""What lies at a path, in a few plain facts: a corpus, a bundle, a run, a sweep or a cache."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from topics.corpus.article import Corpus
from topics.corpus.description import periods, word_counts
from topics.display import one_line
from topics.errors import ReadError, SettingsError
from topics.experiments import folder
from topics.experiments.cache import default_folder, describe_cache, is_cache
from topics.experiments.figures import drawable, svg_file
from topics.experiments.run import Run
from topics.experiments.stages import describe_corpus
from topics.experiments.sweeps import SWEEP, Sweep
from topics.files import atomic_write

Language = Literal["ar", "en", "fr"]
PICTURES = (".png", ".svg")


def describe(path: Path, *, picture: Path | None = None, language: Language = "ar") -> dict[str, Any]:
    """Facts about a path, JSON values by name; `kind` says which it is.

    Parameters
    ----------
    path : path
        A corpus, a bundle, a run, a sweep or a cache; ``cache``, where nothing of that name is, is the user's.
    picture : path, optional
        Where a picture of a corpus goes, .png or .svg; an old file is replaced.
    language : {"ar", "en", "fr"}
        Of the words in the picture; in Arabic it reads right to left.

    Raises
    ------
    ReadError
        Nothing is there, or nothing that can be read.
    BundleError
        A bundle that is damaged.
    SettingsError
        A picture of something else than a corpus, of no article, or with another suffix.
    """
    if picture is not None and picture.suffix.lower() not in PICTURES:
        raise SettingsError(f"{one_line(str(picture))}: a picture is a file {' or '.join(PICTURES)}; name it so")
    if path == Path("cache") and not path.exists():
        path = default_folder()
    if is_cache(path):
        return describe_cache(path)
    if (path / SWEEP).is_file():
        return _sweep(path)
    run = (path / folder.MANIFEST).is_file() or folder.latest(path.parent, path.name) is not None
    if not run and not path.exists():
        raise ReadError(f"{one_line(str(path))}: does not exist; give a corpus, a bundle (name.topics) or a run")
    bundled = path.suffix == ".topics" or (path / "bundle.json").is_file()
    if picture is not None and (run or bundled):
        raise SettingsError(f"{one_line(str(path))}: is no corpus, and only that has a picture; see figures/ of a run")
    if run:
        return _run(Run(path))
    return _bundle(path) if bundled else _corpus(path, picture, language)


def _sweep(path: Path) -> dict[str, Any]:
    sweep = Sweep(path)
    runs = [{"run": run.path.name, **row} for run, row in zip(sweep.runs, sweep.rows(), strict=True)]
    picture = str(sweep.picture) if sweep.picture else None
    return {"kind": "sweep", "path": str(path), "swept": sweep.swept, "runs": runs, "picture": picture}


def _run(run: Run) -> dict[str, Any]:
    files = sorted(path for path in run.path.rglob("*") if path.is_file())
    return {
        "kind": "run",
        "path": str(run.path),
        **run.manifest,
        "scores": {model: rows for model in ("themes", "topics") if (rows := run.score_rows(model))},
        "files": [{"file": path.relative_to(run.path).as_posix(), "bytes": path.stat().st_size} for path in files],
    }


def _bundle(path: Path) -> dict[str, Any]:
    from topics import bundle

    facts = bundle.describe(path)
    kind = facts.pop("kind")
    return {"kind": "bundle", "path": str(path), "model": kind, **facts}


def _corpus(path: Path, picture: Path | None, language: Language) -> dict[str, Any]:
    corpus = Corpus.read(path)
    columns = Counter(name for article in corpus for name in article.extra)
    found = corpus.describe().to_dict()
    facts = {
        "kind": "corpus",
        "path": str(path),
        **describe_corpus(corpus),
        **{name: value for name, value in found.items() if name not in ("first", "last", "skipped", "n_without_theme")},
        "themes": [
            {"theme": key, "n_articles": found["themes"][key], "name": theme.name("ar")}
            for key, theme in corpus.themes.items()
        ],
        "without_themes": found["n_without_theme"],
        "sources": [{"source": name, "n_articles": count} for name, count in found["sources"].items()],
        "own_columns": list(columns),
        "reasons": corpus.skipped.by_reason(),
    }
    if picture is not None:
        _draw(corpus, facts, picture, language, path.resolve().name)
    return facts


def _draw(corpus: Corpus, facts: Mapping[str, Any], picture: Path, language: Language, name: str) -> None:
    """The picture of a corpus, whole or not at all."""
    from matplotlib.pyplot import close

    from topics.plots import overview, styled

    if not len(corpus):
        raise SettingsError("there is no article to draw; give a corpus that holds one")
    with styled("light"):
        axes = overview(
            word_counts(corpus.texts).astype(float),
            periods=periods(corpus),
            themes={row["theme"]: row["n_articles"] for row in facts["themes"]},
            sources={drawable(row["source"]): row["n_articles"] for row in facts["sources"]},
            traits=_traits(facts),
            names={key: drawable(theme.name(language)) for key, theme in corpus.themes.items()},
            colors={key: theme.color for key, theme in corpus.themes.items()},
            title=f"{drawable(name)} ({len(corpus):,})",
            language=language,
        )
        figure: Any = axes[0].figure
        drawn = BytesIO()
        if picture.suffix.lower() == ".svg":
            drawn.write(svg_file(figure).encode())
        else:
            figure.savefig(drawn, format="png", metadata={"Software": None})
        close(figure)
    with atomic_write(picture) as file:
        file.write(drawn.getvalue())


def _traits(facts: Mapping[str, Any]) -> dict[str, float]:
    """What texts are like, as shares of the articles; the first three always, the others where there are any."""
    n_articles = facts["n_articles"]
    found = {"copies": facts["duplicates"]["share"]} | {name: facts["marks"][name] for name in ("marks", "tatweel")}
    others = {name: facts["marks"][name] for name in ("ascii_digits", "arabic_digits", "invisible")}
    others["not_arabic"] = 1 - facts["languages"].get("arabic", 0) / n_articles
    return found | {name: share for name, share in others.items() if share}
