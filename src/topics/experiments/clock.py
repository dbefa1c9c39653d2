"""What a run cost: wall and CPU seconds of each stage, and the most memory that was held."""

from __future__ import annotations

import contextlib
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from topics.experiments import stopping


def bar(items: Iterable[Any] | None = None, **options: Any) -> tqdm[Any]:
    """A progress bar to stderr, on a terminal only; it leaves nothing behind."""
    # Said here, since tqdm shows nothing on a terminal that does not know its own size.
    size = shutil.get_terminal_size()
    return tqdm(items, disable=None, leave=False, ncols=min(size.columns - 1, 100), nrows=size.lines, **options)


class Clock:
    """Measures stages one after another, and shows them on a terminal while they run.

    Parameters
    ----------
    n_stages : int
        How many there will be, for the bar.
    done : sequence of dict, optional
        Stages that were measured before, of a run that goes on.
    """

    def __init__(self, n_stages: int, done: Sequence[dict[str, Any]] = ()) -> None:
        self.stages: list[dict[str, Any]] = list(done)
        _forget_peak()
        self._bar = bar(total=n_stages, initial=len(done), bar_format="{desc} {bar} {n_fmt}/{total_fmt} {elapsed}")

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what happens inside under a name."""
        stopping.check()
        self._bar.set_description_str(f"{name:<16}")
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.stages.append(
            {
                "stage": name,
                "wall_seconds": round(time.perf_counter() - wall, 3),
                "cpu_seconds": round(time.process_time() - cpu, 3),
            }
        )
        self._bar.update()

    def close(self) -> None:
        """Take the bar off the terminal."""
        self._bar.close()


def _forget_peak() -> None:
    """Begin to measure the peak anew, where that is possible: a process may execute one run after another."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_memory() -> int | None:
    """The most memory this process has held, in bytes; None where the system does not say.

    On Linux since the last Clock was made, elsewhere since the process began.
    """
    if sys.platform == "win32":
        return None
    with contextlib.suppress(OSError, ValueError, IndexError):
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
