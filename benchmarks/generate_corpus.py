"""Write a corpus of a size that is wanted, for tests and benchmarks.

    python benchmarks/generate_corpus.py FOLDER --articles 1000000 [--parts 8] [--topics 100] [--terms 50000]
        [--labelled .01] [--seed 0] [--workers 2] [--like CORPUS.jsonl.gz]

Writes FOLDER/part-000.jsonl and on, equal for equal arguments: invented words with planted topics
(topics.corpus.generated), or with --like paragraphs of that corpus drawn anew.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from topics import Corpus
from topics.corpus.generated import Planted, resampled
from topics.corpus.writers import write


def write_part(path: Path, start: int, stop: int, planted: Planted, like: str | None) -> int:
    """Articles `start` to `stop` as a file; its bytes."""
    if like is None:
        write(planted.articles(start, stop), path)
    else:
        write(resampled(list(Corpus.read(like)), start, stop, seed=planted.seed), path)
    return path.stat().st_size


def generate(folder: Path, n_articles: int, *, n_parts: int, planted: Planted, like: str | None, workers: int) -> int:
    """All parts; their bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    edges = [n_articles * k // n_parts for k in range(n_parts + 1)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        parts = [
            pool.submit(write_part, folder / f"part-{k:03d}.jsonl", edges[k], edges[k + 1], planted, like)
            for k in range(n_parts)
        ]
        return sum(part.result() for part in parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--parts", type=int, default=8)
    parser.add_argument("--topics", type=int, default=100)
    parser.add_argument("--terms", type=int, default=50_000)
    parser.add_argument("--labelled", type=float, default=0.01)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--like")
    given = parser.parse_args()
    planted = Planted(given.topics, given.terms, labelled=given.labelled, seed=given.seed)
    began = time.perf_counter()
    size = generate(
        given.folder, given.articles, n_parts=given.parts, planted=planted, like=given.like, workers=given.workers
    )
    seconds = time.perf_counter() - began
    print(
        f"{given.articles:,} articles, {size / given.articles:,.0f} bytes each, {size / 1e6:,.0f} MB, {seconds:.0f} s"
    )


if __name__ == "__main__":
    main()
