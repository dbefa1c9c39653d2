"""Workers as plain child processes of this one: started anew when they die, ended when they hold too much.

dask's own nannies do not start a worker again that died while it started; these do.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from importlib.resources import files
from pathlib import Path
from typing import IO, Any, Self

from topics.errors import TopicsError

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "BLIS_NUM_THREADS")
_START = "import sys; sys.path.append(sys.argv[2]); from topics.scale.processes import serve; serve(sys.argv[1])"
_LOOK = 0.2  # seconds between two looks at the workers
_FAILURES = 5  # of workers that end by themselves, before it is told
_TOO_LARGE = 3  # of workers that were ended for their memory, before it is told
_SECONDS = 5.0  # that workers have to end


class Keeper:
    """Keeps so many workers alive.

    Parameters
    ----------
    address : str
        Of the scheduler.
    n_workers : int
        How many.
    memory : int
        Bytes that each may hold.
    """

    def __init__(self, address: str, n_workers: int, memory: int) -> None:
        self._address, self._n_workers, self._memory = address, n_workers, memory
        self._running: list[subprocess.Popen[bytes]] = []
        self._ending = threading.Event()
        self._failures = self._too_large = 0
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> Self:
        self._running = [self._start() for _ in range(self._n_workers)]
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()
        for process in self._running:
            process.terminate()
            process.stdin.close()  # type: ignore[union-attr]
        until = time.monotonic() + _SECONDS
        for process in self._running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(until - time.monotonic(), 0.1))
            process.kill()
            process.wait()
        self._said.close()

    def processes(self) -> list[int]:
        """Their numbers."""
        return [process.pid for process in self._running]

    def check(self) -> None:
        """Tell when no worker can live.

        Raises
        ------
        TopicsError
            Workers end one after another, by themselves or for the memory that they held.
        """
        if self._too_large >= _TOO_LARGE:
            raise TopicsError(
                f"{self._too_large} workers held more than [scale] memory and were ended; raise memory, or make "
                "partitions smaller with [scale] partition, then --resume"
            )
        if self._failures >= _FAILURES:
            self._said.seek(0)
            last = self._said.read().decode("utf-8", "replace").strip().splitlines()[-1:]
            raise TopicsError(f"workers end as soon as they start ({''.join(last)[:200]}); see whether dask works here")

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-c", _START, self._address, str(Path(str(files("topics"))).parent)]
        environment = os.environ | dict.fromkeys(_THREADS, "1")
        return subprocess.Popen(  # noqa: S603 - this Python, this package
            command, env=environment, stdin=subprocess.PIPE, stdout=self._said, stderr=self._said
        )

    def _keep(self) -> None:
        while not self._ending.wait(_LOOK):
            for place, process in enumerate(self._running):
                code = process.poll()
                if code is None:
                    if _held(process.pid) > self._memory:
                        process.kill()
                        process.wait()
                        self._too_large += 1
                    else:
                        continue
                elif code > 0:
                    self._failures += 1
                process.stdin.close()  # type: ignore[union-attr]
                self._running[place] = self._start()


def _held(process: int) -> int:
    """The bytes that a process holds in memory; 0 where that cannot be known."""
    import psutil

    with contextlib.suppress(psutil.Error):
        return int(psutil.Process(process).memory_info().rss)
    return 0


def _end_with_parent() -> None:
    """End this process when the pipe from its parent is closed, whatever became of it."""
    sys.stdin.buffer.read()
    os._exit(0)


def serve(address: str) -> None:
    """Be a worker until the scheduler is gone: what such a process executes."""
    import asyncio

    import dask
    from distributed import Worker

    async def work(folder: str) -> None:
        # Without a limit dask neither spills, which would pickle to the disk, nor pauses.
        more: dict[str, Any] = {"nthreads": 1, "memory_limit": 0, "local_directory": folder, "dashboard": False}
        async with Worker(address, **more) as worker:
            await worker.finished()

    threading.Thread(target=_end_with_parent, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder, dask.config.set({"distributed.admin.tick.limit": "600s"}):
        asyncio.run(work(folder))
