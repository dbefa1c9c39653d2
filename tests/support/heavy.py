"""Heavy inputs, and commands that are watched while they take them: seconds, peak of memory, and how it grows."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

SORT = (sys.executable, "-m", "topics", "sort")
_SENTENCES = (
    "الشرطة أوقفت متهما بسرقة السيارات في المدينة",
    "خفر السواحل أنقذ مهاجرين من القارب قرب الميناء",
    "المنتخب فاز في المباراة وتوج بالكأس",
    "الوزير دشن المستشفى الجديد في الإقليم",
)


class Watched(NamedTuple):
    """What became of a command."""

    code: int
    out: str
    err: str
    seconds: float
    peak: int  # bytes
    memory: list[tuple[float, int]]  # seconds since the start, bytes held

    def growth(self) -> float:
        """Bytes by which what was held in the last quarter exceeds what was held in the second."""
        end = self.memory[-1][0]
        second, last = (
            [held for at, held in self.memory if low * end <= at < high * end]
            for low, high in ((0.25, 0.5), (0.75, 1.0))
        )
        return sum(last) / len(last) - sum(second) / len(second)


def short_lines(n: int) -> Iterator[bytes]:
    """Short articles as JSON Lines; each holds a number that no other has, so that no word list is ever complete."""
    for k in range(n):
        yield f'{{"id":"a{k}","text":"{_SENTENCES[k % 4]} {k}"}}\n'.encode()


def long_lines(size: int) -> Iterator[bytes]:
    """Articles of some 3,000 letters as JSON Lines, `size` bytes in all."""
    n = 0
    while size > 0:
        text = " ".join(f"{_SENTENCES[(n + k) % 4]} {n}{k}" for k in range(60))
        line = (
            json.dumps({"id": f"a{n}", "title": _SENTENCES[n % 4], "text": text}, ensure_ascii=False).encode() + b"\n"
        )
        yield line
        size -= len(line)
        n += 1


def write_lines(path: Path, lines: Iterable[bytes]) -> Path:
    """Lines as a file."""
    with path.open("wb") as file:
        file.writelines(lines)
    return path


def watched(command: Sequence[object], lines: Iterable[bytes] | None = None, *, limit: int | None = None) -> Watched:
    """Run a command, its standard input fed with lines; `limit` is for the bytes of its own that it may ask for."""

    began = time.monotonic()
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [str(part) for part in command], stdin=pipe if lines is not None else subprocess.DEVNULL, stdout=pipe, stderr=pipe,
    )  # fmt: skip
    if limit is not None:
        resource.prlimit(process.pid, resource.RLIMIT_DATA, (limit, limit))
    memory: list[tuple[float, int]] = []
    peaks = [0]
    watcher = threading.Thread(target=_watch, args=(process, began, memory, peaks), daemon=True)
    watcher.start()
    if lines is not None:
        feeder = threading.Thread(target=_feed, args=(process.stdin, lines), daemon=True)
        feeder.start()
        process.stdin = None  # it is the feeder's
    out, err = process.communicate()
    watcher.join()
    seconds = time.monotonic() - began
    return Watched(process.returncode, out.decode(), err.decode(), seconds, peaks[0], memory)


def _feed(stdin, lines: Iterable[bytes]) -> None:
    try:
        with stdin:
            stdin.writelines(lines)
    except BrokenPipeError:
        return


def _watch(process: subprocess.Popen, began: float, memory: list[tuple[float, int]], peaks: list[int]) -> None:
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        try:
            told = status.read_text()
        except OSError:
            return
        if "VmRSS:" in told:
            memory.append((time.monotonic() - began, _of(told, "VmRSS:")))
            peaks[0] = max(peaks[0], _of(told, "VmHWM:"))
        time.sleep(0.05)


def _of(told: str, name: str) -> int:
    return int(told.partition(name)[2].split(maxsplit=1)[0]) << 10
