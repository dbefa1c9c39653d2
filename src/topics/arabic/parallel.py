"""Work shared between cores and handed back in order; compiled loops let go of Python's lock, so threads do.

What comes out never depends on how many threads there are: work is cut into the same parts, and what the parts
taught is put together in the order of the articles.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from topics.arabic.scan import Scanned, Scanner
from topics.errors import SettingsError

PART = 2048  # articles that a thread takes at a time
Item = TypeVar("Item")
Result = TypeVar("Result")


def n_threads(n_jobs: int | None) -> int:
    """How many threads `n_jobs` means, as scikit-learn counts: None is one, -1 one a core, -2 one less."""
    if n_jobs == 0:
        raise SettingsError("n_jobs is a number of threads, None for one or -1 for one a core; not 0")
    if n_jobs is None or n_jobs > 0:
        return n_jobs or 1
    return max((os.cpu_count() or 1) + 1 + n_jobs, 1)


def in_turn(work: Callable[[Item], Result], items: Iterable[Item], n_jobs: int | None) -> Iterator[Result]:
    """Results of `work` in the order of the items, which are taken as threads get free; on one thread, `map`."""
    threads = n_threads(n_jobs)
    if threads == 1:
        yield from map(work, items)
        return
    pool = ThreadPoolExecutor(threads)
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def scan_apart(texts: Sequence[str]) -> tuple[Scanner, Scanned]:
    """Texts scanned by a scanner of their own, for `Scanner.adopt`: safe in any thread."""
    scanner = Scanner()
    return scanner, scanner.scan(texts)


def scan(scanner: Scanner, texts: Sequence[str], n_jobs: int | None) -> Scanned:
    """What `scanner.scan` gives, and what it learns by it, from several threads."""
    if n_threads(n_jobs) == 1 or len(texts) <= PART:
        return scanner.scan(texts)
    parts = [texts[first : first + PART] for first in range(0, len(texts), PART)]
    adopted = [scanner.adopt(*apart) for apart in in_turn(scan_apart, parts, n_jobs)]
    ids, starts, ends = (np.concatenate([scanned[k] for scanned in adopted]) for k in range(3))
    sizes = np.concatenate([np.diff(scanned.places) for scanned in adopted])
    return Scanned(ids, starts, ends, np.concatenate([[0], np.cumsum(sizes)]))
