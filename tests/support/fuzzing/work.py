"""What one process of the fuzzer does: try inputs until the time is over, and keep those that break a promise."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import resource
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

KEPT = Path(__file__).resolve().parents[2] / "fuzz" / "kept"
_LONGEST = 30  # seconds for one input
_MOST = 256 << 20  # bytes of memory for one input
_WARM = 20  # inputs after which libraries are loaded and kernels compiled
_CEILING = 12 << 30  # bytes of address space; MemoryError rather than the machine's end
_CURRENT, _STATE = "current.bin", "state.json"
_POOL = 300


class Tries:
    """Counts what was tried, and writes down each way of failing once."""

    def __init__(self, check: Callable[[bytes], None], found: Path, held: Path, *, clock: bool) -> None:
        self._check, self._found, self._held, self._clock = check, found, held, clock
        self._told = time.monotonic()
        self._known: set[str] = set()
        self.inputs = self.peak = 0

    def __call__(self, data: bytes) -> None:
        self.inputs += 1
        (self._held / _CURRENT).write_bytes(data)
        before = _forget_peak()
        try:
            self._timed(data)
        except Exception:  # noqa: BLE001 - whatever it is, it is no answer to a user
            self._keep(data, traceback.format_exc())
        else:
            if _peak() - before > _MOST and self.inputs > _WARM:
                self._keep(data, f"took {(_peak() - before) >> 20} MiB\n")
        self.peak = max(self.peak, _peak())
        if time.monotonic() - self._told > 0.5:
            self.tell()

    def tell(self) -> None:
        """Leave the figures for the parent process."""
        self._told = time.monotonic()
        (self._held / _STATE).write_text(json.dumps({"inputs": self.inputs, "peak": self.peak}))

    def _timed(self, data: bytes) -> None:
        if not self._clock:
            self._check(data)
            return
        signal.setitimer(signal.ITIMER_REAL, _LONGEST)
        try:
            self._check(data)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _keep(self, data: bytes, said: str) -> None:
        frames = [line.strip() for line in said.splitlines() if line.strip().startswith("File ")]
        kind = said.strip().splitlines()[-1].partition(":")[0]
        signature = f"{kind} {frames[-1] if frames else ''}"
        if signature not in self._known:
            self._known.add(signature)
            keep(self._found, data, said)


def keep(found: Path, data: bytes, said: str) -> None:
    """An input and what it led to, side by side."""
    name = hashlib.sha256(data).hexdigest()[:12]
    (found / f"{name}.bin").write_bytes(data)
    (found / f"{name}.txt").write_text(said, encoding="utf-8", errors="backslashreplace")


def keep_crash(found: Path, held: Path, said: str) -> None:
    """The input on which a process died."""
    current = held / _CURRENT
    keep(found, current.read_bytes() if current.exists() else b"", said)


def read_state(held: Path) -> dict[str, int]:
    """What a process told last."""
    try:
        return json.loads((held / _STATE).read_text())
    except (OSError, ValueError):
        return {"inputs": 0, "peak": 0}


def child(name: str, seconds: float, seed: int, engine: str, found: Path, held: Path) -> int:
    """Try one target for so many seconds; guided by the branches of the code, or by the seed alone."""
    resource.setrlimit(resource.RLIMIT_AS, (_CEILING, resource.RLIM_INFINITY))
    os.environ["TOPICS_CACHE"] = ""
    if engine == "atheris":
        _guided(name, seconds, seed, found, held)
    else:
        _drawn(name, seconds, seed, found, held)
    return 0


def kept(name: str) -> list[bytes]:
    """The inputs that once were findings."""
    return [path.read_bytes() for path in sorted((KEPT / name).glob("*"))]


def _drawn(name: str, seconds: float, seed: int, found: Path, held: Path) -> None:
    """Inputs from the seed alone; some of them become material for later ones."""
    from fuzzing.targets import targets

    target, draw = targets()[name], Random(seed)
    warnings.simplefilter("error")
    signal.signal(signal.SIGALRM, _late)
    tries = Tries(target.check, found, held, clock=True)
    pool = [*target.seeds(), *kept(name)]
    for data in pool:
        tries(data)
    end, n_seeds = time.monotonic() + seconds, len(pool)
    while time.monotonic() < end:
        data = target.mutate(draw.choice(pool), draw, pool)
        tries(data)
        if draw.random() < 0.02:
            if len(pool) < _POOL:
                pool.append(data)
            else:
                pool[draw.randrange(n_seeds, _POOL)] = data
    tries.tell()


def _guided(name: str, seconds: float, seed: int, found: Path, held: Path) -> None:
    """Inputs that reach new branches are material for later ones: libFuzzer, through atheris."""
    import atheris

    with atheris.instrument_imports(include=["topics", "tomllib"], exclude=_compiled()):
        from fuzzing.targets import targets

        target = targets()[name]
    warnings.simplefilter("error")
    corpus = held / "corpus"
    corpus.mkdir()
    pool = [*target.seeds(), *kept(name)]
    for n, data in enumerate(pool):
        (corpus / f"{n:03}").write_bytes(data)
    tries = Tries(target.check, found, held, clock=False)

    def mutated(data: bytes, most: int, number: int) -> bytes:
        draw = Random(number)
        if draw.random() < 0.2:
            return atheris.Mutate(data, most)
        return target.mutate(data, draw, pool)[:most]

    options = [
        f"-max_total_time={max(int(seconds), 1)}",
        f"-seed={seed + 1}",
        f"-timeout={_LONGEST}",
        "-max_len=1048576",
    ]
    options += [
        "-rss_limit_mb=8192",
        f"-artifact_prefix={held}/",
        "-close_fd_mask=1",
        "-len_control=0",
        "-detect_leaks=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], tries, custom_mutator=mutated)
    tries.tell()
    atheris.Fuzz()


def _compiled() -> list[str]:
    """The modules with compiled loops: numba knows nothing of the counters that are put into what is watched."""
    package = Path(importlib.util.find_spec("topics").submodule_search_locations[0])
    compiled = [path for path in package.rglob("*.py") if "topics.compiled import" in path.read_text(encoding="utf-8")]
    names = [".".join(path.relative_to(package.parent).with_suffix("").parts) for path in compiled]
    return ["topics.compiled", *names]


def _late(*_: Any) -> None:
    raise TimeoutError(f"more than {_LONGEST} seconds")


def _forget_peak() -> int:
    """Let the peak of memory begin again from what is held now, which is given."""
    with contextlib.suppress(OSError):  # where the system does not allow it, the peak is that of all inputs
        Path("/proc/self/clear_refs").write_text("5")
    return _peak()


def _peak() -> int:
    """The most memory that was held since it was last forgotten, in bytes; what a parent held is not counted."""
    try:
        told = Path("/proc/self/status").read_text()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    return int(told.partition("VmHWM:")[2].split(maxsplit=1)[0]) << 10
