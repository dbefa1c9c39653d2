"""Work shared between cores and handed back in order; compiled loops let go of Python's lock, so threads do.

What comes out never depends on how many threads there are: the work is cut into the same parts for any number.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from topics.errors import SettingsError

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
