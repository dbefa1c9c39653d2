"""Tasks on workers of dask. Functions and plain values go out, figures come back.

A worker that dies is replaced and its tasks are given to others; their files are whole or not there, so nothing is
counted twice. A task that ends one worker after another is given up, with what to do about it.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from typing import Any, Self

from topics.display import one_line
from topics.errors import MissingExtra, SettingsError, TopicsError
from topics.scale.processes import Keeper
from topics.scale.tasks import Item, Task

DEATHS = 12  # of workers under one task, before it is given up
_SECONDS = 30  # to reach a scheduler
_LOOK = 1.0  # seconds between two looks at whether there still are workers
_SETTINGS = {
    "distributed.scheduler.allowed-failures": DEATHS,
    "distributed.admin.tick.limit": "600s",  # compiled loops that hold a process long are meant
    "distributed.scheduler.worker-saturation": 1.0,  # what waits, waits at the scheduler: a death costs one task
}


def library() -> Any:
    """The library distributed.

    Raises
    ------
    MissingExtra
        It is not installed.
    """
    try:
        import distributed
    except ModuleNotFoundError as error:
        if error.name not in ("distributed", "dask"):
            raise
        raise MissingExtra("dask", "scale") from error
    return distributed


class Workers:
    """Workers of a scheduler: one that is started here, or one that is there.

    Parameters
    ----------
    scheduler : str
        "local", or the address of a scheduler: "tcp://10.0.0.5:8786".
    n_workers : int
        Processes to start; of no effect with an address.
    memory : int
        Bytes that each may hold, of those that are started here; one that exceeds it is ended.
    """

    def __init__(self, scheduler: str, n_workers: int, memory: int) -> None:
        self._distributed = library()
        self._scheduler, self._n_workers, self._memory = scheduler, n_workers, memory
        self._stack = contextlib.ExitStack()
        self._client: Any = None
        self._keeper: Keeper | None = None
        self.address: str | None = None

    def __enter__(self) -> Self:
        import dask

        with contextlib.ExitStack() as stack:
            stack.enter_context(dask.config.set(_SETTINGS))
            if self._scheduler == "local":
                for name in ("scheduler", "core", "comm", "worker", "batched"):
                    # What they say of workers that come and go is no news to people.
                    logging.getLogger(f"distributed.{name}").setLevel(logging.CRITICAL)
                cluster = stack.enter_context(
                    self._distributed.LocalCluster(
                        n_workers=0, processes=False, host="127.0.0.1", protocol="tcp", dashboard_address="127.0.0.1:0"
                    )
                )
                self._client = stack.enter_context(self._distributed.Client(cluster))
                # Ended before the scheduler is, so that none of them asks for it in vain.
                self._keeper = stack.enter_context(Keeper(cluster.scheduler_address, self._n_workers, self._memory))
            else:
                self._client = stack.enter_context(self._joined())
            self.address = str(self._client.dashboard_link)
            self._stack = stack.pop_all()
        return self

    def _joined(self) -> Any:
        try:
            return self._distributed.Client(self._scheduler, timeout=_SECONDS)
        except (OSError, ValueError, TypeError) as error:
            raise SettingsError(
                f"no scheduler answers at {one_line(self._scheduler)} ({one_line(str(error), 80)}); "
                "start one with `dask scheduler`, or use --scheduler local"
            ) from error

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def processes(self) -> list[int]:
        """The processes of workers that were started here."""
        return [] if self._keeper is None else self._keeper.processes()

    def map(self, task: Task, items: Sequence[Item]) -> Iterator[dict[str, Any]]:
        """See `Executor.map`."""
        futures = [self._client.submit(_do, task, dict(item), pure=False) for item in items]
        try:
            for item, future in zip(items, futures, strict=True):
                yield self._result(item, future)
        finally:
            with contextlib.suppress(Exception):
                self._client.cancel([future for future in futures if not future.done()])

    def _result(self, item: Item, future: Any) -> dict[str, Any]:
        from concurrent.futures import CancelledError

        from distributed.scheduler import KilledWorker

        try:
            while not future.done():
                with contextlib.suppress(TimeoutError):
                    self._distributed.wait([future], timeout=_LOOK)
                if self._keeper is not None:
                    self._keeper.check()
                self._check_scheduler()
            values: dict[str, Any] = future.result()
        except TopicsError:
            raise
        except (KilledWorker, MemoryError) as error:
            raise TopicsError(
                f"{_about(item)} ended {DEATHS} workers, one after another: most likely they ran out of memory; give "
                "more with [scale] memory, or make partitions smaller with [scale] partition, then --resume"
            ) from error
        except (CancelledError, OSError) as error:
            raise TopicsError(
                f"the scheduler is gone ({one_line(str(error) or type(error).__name__, 80)}); "
                "start it again, then the same command with --resume goes on after what was done"
            ) from error
        return values

    def _check_scheduler(self) -> None:
        if self._client.status not in ("running", "connecting"):
            raise OSError("no answer")


def _about(item: Item) -> str:
    partition = item.get("partition")
    return f"partition {partition[0]} ({one_line(str(partition[1]))})" if partition else "a task"


def _do(task: Task, item: dict[str, Any]) -> dict[str, Any]:
    """A task on a worker: values come back, or an error that every process can make again."""
    return task(**item)
