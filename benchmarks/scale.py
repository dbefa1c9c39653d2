"""Experiments over partitions: how two workers share the work, what a million articles cost, what deaths change.

    python benchmarks/scale.py pairs FOLDER [--parts 1] [--repeats 3]
    python benchmarks/scale.py sizes FOLDER [--parts 1 2 4 8] [--workers 2] [--memory 1.5GiB] [--passes 10]
    python benchmarks/scale.py chaos FOLDER [--parts 1] [--seconds 5]

FOLDER holds part-000.jsonl and on, of benchmarks/generate_corpus.py; `--parts 2` takes the first two. `pairs` holds
two workers against two independent processes that do half of the partitions each, side by side, alternating in one
run: the ratio of their seconds is what sharing costs. `sizes` executes whole experiments and prints seconds of each
stage, the most memory that all processes held together, and what a doubling costs. `chaos` kills a worker again and
again during a fit and compares the topics with those of a fit that was left alone.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import psutil

from topics import TermVectorizer
from topics.estimators import LdaTopics
from topics.scale.fitting import fit
from topics.scale.learning import learn_terms, read_partitions
from topics.scale.partitions import plan
from topics.scale.tasks import Serial, Work
from topics.scale.workers import Workers

N_TOPICS = 100
SIZE = 64 << 20
MEMORY = 3 << 30


def files_of(folder: Path, n: int) -> list[str]:
    return [str(path) for path in sorted(folder.glob("part-*.jsonl"))[:n]]


def analyse(work: Work, partitions: list):
    done = read_partitions(work, partitions, words=True, labelled=False)
    return learn_terms(work, done, TermVectorizer(weighting="counts", min_df=3, max_df=0.5), 0)


def find_topics(work: Work, learnt, passes: int):
    return fit(work, learnt.placed, learnt.n_articles, LdaTopics(N_TOPICS, n_sweeps=passes, tol=0.0))


@contextmanager
def work_of(executor, folder: Path | None = None):
    with tempfile.TemporaryDirectory(dir=folder) as place:
        yield Work(executor, place)


def half(folder: str, n: int, which: int, passes: int) -> None:
    """An independent process: half of the partitions, one stage after each line on stdin; seconds on stdout."""
    mine = renumbered(plan(files_of(Path(folder), n), SIZE)[which::2])
    with work_of(Serial()) as work:
        warm_up(work, mine)
        print("ready", flush=True)
        sys.stdin.readline()
        began = time.perf_counter()
        learnt = analyse(work, mine)
        print(time.perf_counter() - began, flush=True)
        sys.stdin.readline()
        began = time.perf_counter()
        find_topics(work, learnt, passes)
        print(time.perf_counter() - began, flush=True)


def renumbered(partitions: list) -> list:
    return [one._replace(number=k) for k, one in enumerate(partitions)]


def warm_up(work: Work, partitions: list) -> None:
    """Libraries and compiled loops, on a small partition in a folder of its own."""
    small = [partitions[0]._replace(number=k, start=k * 300_000, stop=(k + 1) * 300_000) for k in range(6)]
    inside = work.inside("warm")
    find_topics(inside, analyse(inside, small), 1)


def independent(folder: Path, n: int, passes: int) -> tuple[float, float]:
    """Seconds that two independent processes take for both stages, side by side: those of the slower one."""
    command = [sys.executable, __file__, "half", str(folder), "--parts", str(n), "--passes", str(passes)]
    environment = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    both = [
        subprocess.Popen(
            [*command, "--which", str(k)], env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for k in range(2)
    ]
    for one in both:
        assert one.stdout.readline().strip() == "ready"
    found = []
    for _ in range(2):
        for one in both:
            one.stdin.write("\n")
            one.stdin.flush()
        found.append(max([float(one.stdout.readline()) for one in both]))
    for one in both:
        one.communicate()
    return found[0], found[1]


def pairs(given: argparse.Namespace) -> None:
    n, passes = given.parts[0], given.passes
    partitions = plan(files_of(given.folder, n), SIZE)
    print(
        f"{len(partitions)} partitions of {sum(one.size for one in partitions) / 1e6:.0f} MB, {N_TOPICS} topics, {passes} passes"
    )
    rows = []
    with Workers("local", 2, MEMORY) as executor, work_of(executor) as outer:
        warm_up(outer, partitions)
        for repeat in range(given.repeats):
            alone = independent(given.folder, n, passes)
            work = outer.inside(f"repeat-{repeat}")
            began = time.perf_counter()
            learnt = analyse(work, partitions)
            middle = time.perf_counter()
            find_topics(work, learnt, passes)
            shared = middle - began, time.perf_counter() - middle
            rows.append((alone, shared))
            print(
                f"analysis: two processes {alone[0]:.1f} s, two workers {shared[0]:.1f} s, reached {alone[0] / shared[0]:.2f}; "
                f"topics: {alone[1]:.1f} s, {shared[1]:.1f} s, {alone[1] / shared[1]:.2f}",
                flush=True,
            )
    for place, name in enumerate(("analysis", "topics")):
        print(f"{name}: median {median(alone[place] / shared[place] for alone, shared in rows):.2f}")


class Watched:
    """The most memory that this process and its children held together, looked at ten times a second."""

    def __init__(self) -> None:
        self.peak = self.largest = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        me = psutil.Process()
        while not self._done.wait(0.1):
            held = []
            for process in (me, *me.children(recursive=True)):
                try:
                    held.append(process.memory_info().rss)
                except psutil.Error:
                    continue
            self.peak, self.largest = max(self.peak, sum(held)), max(self.largest, *held)


def sizes(given: argparse.Namespace) -> None:
    from topics.experiments.run import run

    before: dict[str, float] = {}
    for n in given.parts:
        settings = {
            "name": "scale", "corpus": {"path": files_of(given.folder, n)},
            "terms": {"learn_phrases": given.phrases}, "themes": {},
            "topics": {"n_topics": N_TOPICS, "n_sweeps": given.passes},
            "scale": {"workers": given.workers, "memory": given.memory},
        }  # fmt: skip
        with tempfile.TemporaryDirectory() as out, Watched() as watched:
            began = time.perf_counter()
            done = run(settings, out=out, again=True, scheduler="local" if given.workers > 1 else "none")
            seconds = time.perf_counter() - began
            stages = {row["stage"]: row["wall_seconds"] for row in done.manifest["stages"]} | {"all": seconds}
            facts = done.manifest["corpus"]
            size = sum(path.stat().st_size for path in (done.path / "sorted").iterdir())
            passes = done.manifest["scale"].get("n_passes")
        shown = ", ".join(f"{name} {value:.1f}" for name, value in stages.items())
        print(f"{facts['n_articles']:,} articles, {passes} passes: {shown} s; sorted {size / 1e6:.0f} MB")
        print(f"  most memory {watched.peak / 2**30:.2f} GiB together, {watched.largest / 2**30:.2f} GiB one process")
        if before:
            print("  of the size before: " + ", ".join(f"{name} x{stages[name] / before[name]:.2f}" for name in stages))
        sys.stdout.flush()
        before = stages


def chaos(given: argparse.Namespace) -> None:
    partitions = plan(files_of(given.folder, given.parts[0]), given.size)
    digests = []
    with Workers("local", 2, MEMORY) as executor, work_of(executor) as outer:
        inside = outer.inside("analysis")
        learnt = analyse(inside, partitions)
        print(f"{sum(learnt.n_articles):,} articles, {len(partitions)} partitions, {given.passes} passes")
        for name, killing in (("calm", False), ("killed", True)):
            done, killed = threading.Event(), []

            def kill(done=done, killed=killed) -> None:
                while not done.wait(given.seconds):
                    processes = executor.processes()
                    killed.append(processes[len(killed) % len(processes)])
                    os.kill(killed[-1], signal.SIGKILL)

            thread = threading.Thread(target=kill, daemon=True)
            if killing:
                thread.start()
            began = time.perf_counter()
            found = find_topics(outer.inside(name), learnt, given.passes)
            seconds = time.perf_counter() - began
            done.set()
            digests.append(hashlib.sha256(found.components.tobytes() + found.alpha.tobytes()).hexdigest())
            print(f"{name}: {seconds:.1f} s, {len(killed)} workers killed, topics {digests[-1][:16]}", flush=True)
    print("the same topics, bit for bit" if digests[0] == digests[1] else "OTHER TOPICS")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("pairs", "sizes", "chaos", "half"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--parts", type=int, nargs="+", default=[1])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--passes", type=int, default=10)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--memory", default="1.5GiB")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--size", type=int, default=8 << 20, help="bytes of a partition, of chaos")
    parser.add_argument("--phrases", action="store_true", help="learn phrases as well, of sizes")
    parser.add_argument("--which", type=int, default=0)
    given = parser.parse_args()
    if given.what == "half":
        half(str(given.folder), given.parts[0], given.which, given.passes)
        return
    print(f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB, Python {sys.version.split()[0]}")
    {"pairs": pairs, "sizes": sizes, "chaos": chaos}[given.what](given)


if __name__ == "__main__":
    main()
