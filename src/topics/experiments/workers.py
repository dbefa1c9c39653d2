"""Processes that do the tasks of a sweep, each on one core, and end with the process that started them.

Tasks and answers are lines of JSON on the pipes of a plain child process: nothing is pickled, no semaphore or shared
memory is left behind, and a script that starts a sweep needs no guard. A worker whose pipe is closed while it works
stops as on SIGTERM, whatever became of its parent.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from topics.errors import TopicsError
from topics.experiments.run import How
from topics.experiments.settings import Experiment
from topics.experiments.stopping import terminable

if TYPE_CHECKING:
    from topics.experiments.sweeping import Task

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "BLIS_NUM_THREADS")
_SECONDS = 60  # that a worker has to keep its checkpoint when it is told to stop
_START = "import sys; sys.path.append(sys.argv[1]); from topics.experiments.workers import serve; serve()"


class Fault(RuntimeError):
    """A worker died, or something went wrong in it that is no fault of people's input."""


class Workers:
    """Some processes that wait for tasks.

    Parameters
    ----------
    n : int
        How many.
    how : How
        How they execute experiments.
    """

    def __init__(self, n: int, how: How) -> None:
        self._how = {"out": str(how.out), "again": how.again, "resume": how.resume}
        self._how["cache"] = how.cache if isinstance(how.cache, bool) else str(how.cache)
        self._n = n
        self._processes: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        environment = os.environ | dict.fromkeys(_THREADS, "1") | {"PYTHONIOENCODING": "utf-8"}
        command = [sys.executable, "-P", "-c", _START, str(Path(str(files("topics"))).parent)]
        try:
            for _ in range(self._n):
                self._processes.append(
                    subprocess.Popen(  # noqa: S603 - this Python, this package
                        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, encoding="utf-8"
                    )
                )
        except BaseException:
            self._end(stop=True)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._end(stop=kind is not None)

    def do(self, tasks: Sequence[Task], done: Callable[[], Any]) -> list[dict[str, Any]]:
        """The answers to tasks, in their order; an answer with "error" is one that could not be done.

        Parameters
        ----------
        done : callable
            Called after each.
        """
        waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        answered: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()
        for place in range(len(tasks)):
            waiting.put(place)
        for process in self._processes:
            threading.Thread(target=self._attend, args=(process, tasks, waiting, answered), daemon=True).start()
        answers: dict[int, dict[str, Any]] = {}
        while len(answers) < len(tasks):
            with contextlib.suppress(queue.Empty):
                # With a limit, so that a signal is seen on every system.
                place, answer = answered.get(timeout=0.5)
                if isinstance(answer, BaseException):
                    raise answer
                answers[place] = answer
                for text in answer.get("warnings", ()):
                    warnings.warn(text, UserWarning, stacklevel=2)
                done()
        return [answers[place] for place in range(len(tasks))]

    def _attend(self, process: Any, tasks: Sequence[Task], waiting: Any, answered: Any) -> None:
        """Give one process task after task."""
        place = -1
        try:
            while True:
                place = waiting.get_nowait()
                task = tasks[place]
                line = {"how": self._how, "kind": task.kind, "part": task.part, "settings": task.settings.to_settings()}
                process.stdin.write(json.dumps(line) + "\n")
                process.stdin.flush()
                answer = json.loads(process.stdout.readline())
                answered.put((place, Fault(answer["fault"]) if "fault" in answer else answer))
        except queue.Empty:
            return
        except (OSError, ValueError):
            code = process.wait()
            answered.put((place, Fault(f"a process of the sweep ended with code {code}; run the sweep again")))

    def _end(self, *, stop: bool) -> None:
        for process in self._processes:
            if stop:
                process.terminate()
            with contextlib.suppress(OSError):
                process.stdin.close()  # type: ignore[union-attr]
        for process in self._processes:
            try:
                process.wait(timeout=_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            finally:
                process.stdout.close()  # type: ignore[union-attr]


def serve() -> None:
    """Do tasks until there are no more: what a worker executes."""
    # Whatever a library prints goes to stderr: stdout is for answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    tasks: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
    working = threading.Event()
    threading.Thread(target=_listen, args=(tasks, working), daemon=True).start()
    known: dict[str, Any] = {}
    code = 0
    try:
        with terminable():
            while (task := tasks.get()) is not None:
                working.set()
                answers.write(json.dumps(_answer(task, known)) + "\n")
                answers.flush()
                working.clear()
    except KeyboardInterrupt:
        code = 130
    except SystemExit as stopped:
        code = stopped.code if isinstance(stopped.code, int) else 1
    except BrokenPipeError:
        code = 1
    os._exit(code)  # threads that still read a pipe would hold an ordinary exit up


def _listen(tasks: Any, working: threading.Event) -> None:
    for line in sys.stdin:
        tasks.put(json.loads(line))
    tasks.put(None)
    if working.is_set():
        signal.raise_signal(signal.SIGTERM)


def _answer(task: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    from topics.experiments.sweeping import Task, do

    given = task["how"]
    cache = given["cache"] if isinstance(given["cache"], bool) else Path(given["cache"])
    how = How(Path(given["out"]), given["again"], given["resume"], cache)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        try:
            answer = do(Task(Experiment.of(task["settings"]), task["kind"], task["part"]), how, known)
        except TopicsError as error:
            answer = {"error": str(error)}
        except Exception as error:  # noqa: BLE001 - told by the parent
            answer = {"fault": f"{type(error).__name__}: {error}"}
    told = [str(one.message) for one in caught if issubclass(one.category, UserWarning)]
    return answer | {"warnings": told}
