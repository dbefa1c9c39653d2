"""What a sweep costs beside the same runs one by one: wall and CPU seconds, paired.

Twelve combinations of an experiment on a corpus: once as a sweep with an empty cache, on all cores; and as twelve
processes one after another, each `topics run --no-cache`, half of them before the sweep and half after it. Which
scores come out is compared as well: they are equal, or the script ends with an error.

    python benchmarks/sweep.py PATH-TO-CORPUS [--workers N] [--sample N] [--every N]

With ``--every 3`` only every third of the runs is executed by itself, and their sum is taken three times.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from itertools import product
from pathlib import Path

from topics.bundle import versions

N_TOPICS, ETA = (10, 20, 30, 40), (0.01, 0.05, 0.1)
GOAL = 0.4


def main() -> None:
    """Time both, print both."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--sample", type=int, default=None)
    parser.add_argument("--every", type=int, default=1, choices=(1, 2, 3, 4))
    given = parser.parse_args()
    print(", ".join(f"{name} {version}" for name, version in versions().items()), f"· {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="topics-") as place:
        folder = Path(place)
        experiment = written(folder, given.corpus.resolve(), given.sample)
        combinations = list(product(N_TOPICS, ETA))
        warm_up(experiment, folder)
        timed_alone = combinations[:: given.every]
        half = len(timed_alone) // 2
        alone = [one(experiment, folder, *values) for values in timed_alone[:half]]
        swept = sweep(experiment, folder, given.workers)
        alone += [one(experiment, folder, *values) for values in timed_alone[half:]]
        report(alone * given.every, swept, folder)


def written(folder: Path, corpus: Path, sample: int | None) -> Path:
    """The experiment's file."""
    path = folder / "sweep.toml"
    few = f"sample = {sample}\n" if sample else ""
    path.write_text(f'name = "sweep"\n[corpus]\npath = {json.dumps(str(corpus))}\n{few}[topics]\n', encoding="utf-8")
    return path


def timed(arguments: list[str], cache: str) -> tuple[float, float]:
    """Wall and CPU seconds of one command, its children included."""
    before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = os.environ | {"TOPICS_CACHE": cache}
    subprocess.run(
        [sys.executable, "-m", "topics", "run", *arguments], env=environment, check=True, capture_output=True
    )
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    return ended - wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def warm_up(experiment: Path, folder: Path) -> None:
    """Compiled loops are on the disk before anything is timed."""
    timed([str(experiment), "--out", str(folder / "warm"), "--set", "corpus.sample=200", "--no-cache"], "")


def one(experiment: Path, folder: Path, n_topics: int, eta: float) -> tuple[float, float]:
    """One combination by itself, without a cache."""
    changes = ["--set", f"topics.n_topics={n_topics}", "--set", f"topics.eta={eta}"]
    return timed([str(experiment), "--out", str(folder / "alone"), "--no-cache", *changes], "")


def sweep(experiment: Path, folder: Path, workers: int | None) -> tuple[float, float]:
    """All of them as a sweep."""
    changes = [f"sweep.topics.n_topics={list(N_TOPICS)}", f"sweep.topics.eta={list(ETA)}"]
    arguments = [part for change in changes for part in ("--set", change)]
    if workers:
        arguments += ["--workers", str(workers)]
    return timed([str(experiment), "--out", str(folder / "swept"), *arguments], str(folder / "cache"))


def report(alone: list[tuple[float, float]], swept: tuple[float, float], folder: Path) -> None:
    """Both costs and their ratio; an error when a run of the one is not that of the other."""
    for path in (folder / "alone").glob("sweep-*[0-9a-f]"):
        for name in ("scores.json", "topics.topics", "sorted.csv"):
            if (path / name).read_bytes() != (folder / "swept" / path.name / name).read_bytes():
                raise SystemExit(f"{name} of {path.name} differs between the sweep and the run by itself")
    size = sum(path.stat().st_size for path in (folder / "cache").iterdir())
    print(f"{'':<28}{'wall s':>10}{'CPU s':>10}")
    for name, figures in ((f"{len(alone)} runs one by one", [sum(column) for column in zip(*alone, strict=True)]),
                          ("one sweep", list(swept))):  # fmt: skip
        print(f"{name:<28}{figures[0]:>10.1f}{figures[1]:>10.1f}")
    ratios = [mine / sum(column) for mine, column in zip(swept, zip(*alone, strict=True), strict=True)]
    print(f"{'ratio (goal: at most ' + format(GOAL, '.1f') + ')':<28}{ratios[0]:>10.3f}{ratios[1]:>10.3f}")
    print(f"cache: {size / 2**20:.0f} MiB; scores, models and sorted tables are equal byte by byte")


if __name__ == "__main__":
    main()
