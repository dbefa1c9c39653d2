"""Trains the model that ships with the package: `make pretrained`.

    python experiments/pretrained.py [--out FOLDER]

`themes-ar` learns from corpora/demo alone. The same corpus, code and libraries give the same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from topics import Corpus, ThemeModel

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / "src/topics/data/models"
LARGEST = 3_000_000  # bytes: what a wheel may carry


def build(folder: Path) -> Path:
    """Train themes-ar and write its bundle into a folder."""
    model = ThemeModel.train(Corpus.read(PROJECT / "corpora/demo"))
    return model.save(folder / "themes-ar.topics")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder of the bundles")
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    path = build(folder)
    size = path.stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{path.name} has {size:,} bytes, more than {LARGEST:,}; raise min_df")
    print(f"{path.name}: {size:,} bytes")


if __name__ == "__main__":
    main()
