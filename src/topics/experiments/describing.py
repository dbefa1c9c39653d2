"""What lies at a path, in a few plain facts: a corpus, a bundle or a run."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from topics.corpus.article import Corpus
from topics.errors import ReadError
from topics.experiments import folder
from topics.experiments.run import Run
from topics.experiments.stages import describe_corpus

_N_SOURCES = 10


def describe(path: Path) -> dict[str, Any]:
    """Facts about a path, JSON values by name; `kind` says which it is.

    Raises
    ------
    ReadError
        Nothing is there, or nothing that can be read.
    BundleError
        A bundle that is damaged.
    """
    if (path / folder.MANIFEST).is_file() or folder.latest(path.parent, path.name):
        return _run(Run(path))
    if not path.exists():
        raise ReadError(f"{path}: does not exist; give a corpus, a bundle (name.topics) or a run")
    if path.suffix == ".topics" or (path / "bundle.json").is_file():
        return _bundle(path)
    return _corpus(path)


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


def _corpus(path: Path) -> dict[str, Any]:
    corpus = Corpus.read(path)
    carried = Counter(theme for article in corpus for theme in article.themes or ())
    sources = Counter(article.source for article in corpus if article.source)
    columns = Counter(name for article in corpus for name in article.extra)
    return {
        "kind": "corpus",
        "path": str(path),
        **describe_corpus(corpus),
        "themes": [
            {"theme": key, "n_articles": carried[key], "name": theme.name("ar")} for key, theme in corpus.themes.items()
        ],
        "without_themes": sum(article.themes == () for article in corpus),
        "sources": [{"source": name, "n_articles": count} for name, count in sources.most_common(_N_SOURCES)],
        "own_columns": list(columns),
        "reasons": corpus.skipped.by_reason(),
    }
