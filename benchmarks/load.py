"""Sorting under load: each case as the command that a user types, with its seconds and its peak of memory.

    python benchmarks/load.py [CASE ...] [--share 1.0]

parallel: 8 processes with one bundle at a time, equal bytes wanted; pipe: 10 million short articles through standard input;
article: one of 200 MB; folder: 100,000 files; gigabytes: 2 GiB of JSON Lines under a limit of 1 GiB (RLIMIT_DATA).
`--share 0.01` takes a hundredth of each. What is written goes to the folder for temporary files: 5 GiB are enough.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))
from heavy import SORT, Watched, long_lines, short_lines, watched, write_lines

MIB = 1 << 20


def tell(case: str, done: Watched, more: str = "") -> None:
    """One line of figures; what failed ends the benchmark."""
    if done.code != 0:
        sys.exit(f"{case}: ended with {done.code}: {done.err[-500:]}")
    said = next((line for line in done.out.splitlines() if " sorted" in line), "")
    print(f"{case:10} {done.seconds:8.1f} s, peak {done.peak / MIB:6.0f} MiB{more}; {said}", flush=True)


def parallel(folder: Path, share: float) -> None:
    """Eight processes that read one bundle and write a table each."""
    given = write_lines(folder / "in.jsonl", short_lines(max(int(20_000 * share), 100)))
    done: dict[int, Watched] = {}

    def one(k: int) -> None:
        done[k] = watched([*SORT, given, "--out", folder / f"out-{k}.csv"])

    threads = [threading.Thread(target=one, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    hashes = {hashlib.sha256((folder / f"out-{k}.csv").read_bytes()).hexdigest() for k in done}
    if len(hashes) != 1:
        sys.exit(f"parallel: {len(hashes)} different tables")
    tell("parallel", max(done.values(), key=lambda one: one.peak), " each, 8 equal tables")


def pipe(folder: Path, share: float) -> None:
    """Short articles through standard input."""
    done = watched([*SORT, "-", "--out", folder / "out.jsonl"], short_lines(int(10_000_000 * share)))
    tell("pipe", done, f", growth from the second to the last quarter {done.growth() / MIB:+.0f} MiB")


def article(folder: Path, share: float) -> None:
    """One article."""
    words = "الشرطة أوقفت متهما في الميناء "
    n = max(int(200e6 * share) // len(words.encode()), 1)
    given = write_lines(folder / "in.jsonl", [b'{"text":"', *[words.encode()] * n, b'"}\n'])
    tell("article", watched([*SORT, given, "--out", folder / "out.csv"]), f", {given.stat().st_size / 1e6:.0f} MB")


def files(folder: Path, share: float) -> None:
    """A folder of small text files."""
    inside = folder / "corpus"
    for k, line in enumerate(short_lines(int(100_000 * share))):
        place = inside / f"{k // 1000:03}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{k:06}.txt").write_bytes(line.partition(b'"text":"')[2].rstrip(b'"}\n'))
    tell("folder", watched([*SORT, inside, "--out", folder / "out.csv"]))


def gigabytes(folder: Path, share: float) -> None:
    """More text than the process may hold."""
    given = write_lines(folder / "in.jsonl", long_lines(int((2 << 30) * share)))
    done = watched([*SORT, given, "--out", folder / "out.csv"], limit=1 << 30)
    tell("gigabytes", done, f", {given.stat().st_size / MIB:,.0f} MiB of text under a limit of 1,024 MiB")


CASES: dict[str, Callable[[Path, float], None]] = {
    "parallel": parallel, "article": article, "folder": files, "gigabytes": gigabytes, "pipe": pipe,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("case", nargs="*", choices=[*CASES, []], help="all of them when none is named")
    parser.add_argument("--share", type=float, default=1.0, help="of the full load")
    asked = parser.parse_args()
    for name in asked.case or CASES:
        with tempfile.TemporaryDirectory() as folder:
            CASES[name](Path(folder), asked.share)


if __name__ == "__main__":
    main()
