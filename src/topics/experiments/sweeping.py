"""Execute a sweep: what its runs share is worked out once, then the runs, each on one core, so many at a time.

Runs are processes of their own and know nothing of each other: what they share lies in the cache. A run that is
there is not executed again; one that fails does not keep the others from being done.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from topics.errors import TopicsError
from topics.experiments import folder
from topics.experiments.combining import Combination
from topics.experiments.run import How, Run, run_one
from topics.experiments.sweeps import Sweep, write_sweep

if TYPE_CHECKING:
    from topics.corpus.article import Corpus
    from topics.experiments.settings import Experiment


class Task(NamedTuple):
    """Something to be done for a sweep."""

    settings: Experiment
    kind: str  # "run", "themes" or "topics"
    part: int = 0  # of "topics": 0 for the corpus, k for what fold k - 1 learns from


def n_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def execute_sweep(base: Experiment, combinations: list[Combination], how: How, workers: int | None = None) -> Sweep:
    """Execute every combination that is not there yet.

    Parameters
    ----------
    base : Experiment
        The settings that all have but for the swept ones.
    combinations : list of Combination
        What is executed.
    how : How
        As for one run.
    workers : int, optional
        How many runs at a time; by default one a core. 1 executes them in this process.

    Raises
    ------
    TopicsError
        Some could not be done; those that could are there.
    """
    from topics.experiments.stages import Materials

    known: dict[str, Corpus] = {}
    decided = [Materials.read(one.settings, known).decided for one in combinations]
    targets = [folder.place(how.out, base.name, own, again=False) for own in decided]
    waiting = [
        one.settings for one, target in zip(combinations, targets, strict=True) if how.again or not target.exists()
    ]
    n_workers = min(workers or n_cores(), max(len(waiting), 1))
    shared = [] if how.store() is None or len(waiting) < 2 else shared_tasks(waiting)
    done = _execute([shared, [Task(one, "run") for one in waiting]], how, n_workers, known)
    if failed := [answer["error"] for task, answer in done if task.kind == "run" and "error" in answer]:
        raise TopicsError(
            f"{len(failed)} of {len(combinations)} runs of the sweep could not be done, the others are there; "
            f"the first: {failed[0]}"
        )
    executed = {id(task.settings): answer["run"] for task, answer in done if task.kind == "run"}
    places = [executed.get(id(one.settings), target) for one, target in zip(combinations, targets, strict=True)]
    runs = [
        Run(place, reused=id(one.settings) not in executed) for one, place in zip(combinations, places, strict=True)
    ]
    return write_sweep(base, [(one.values, run) for one, run in zip(combinations, runs, strict=True)], how.out)


def shared_tasks(waiting: Iterable[Experiment]) -> list[Task]:
    """What several experiments need, each once: the readings of articles that topics are found in, scores of themes."""
    found: dict[str, Task] = {}
    for settings in waiting:
        same = settings.model_dump(include={"random_state", "corpus", "text", "terms", "evaluation"})
        if settings.topics is not None:
            own = settings.topics.model_dump(include={"min_df", "max_df", "ngrams"})
            for part in range(settings.evaluation.folds + 1):
                found.setdefault(repr(("topics", same, own, part)), Task(settings, "topics", part))
        if settings.themes is not None:
            found.setdefault(repr(("themes", same, settings.themes)), Task(settings, "themes"))
    return list(found.values())


def do(task: Task, how: How, known: dict[str, Corpus]) -> dict[str, Any]:
    """Do a task here; its answer, JSON values."""
    if task.kind == "run":
        return {"run": str(run_one(task.settings, how, known).path)}
    store = how.store()
    if store is None:
        return {}
    from topics.experiments import preparing
    from topics.experiments.stages import Materials

    inputs = Materials.read(task.settings, known)
    if task.kind == "themes":
        preparing.themes(inputs, store)
    else:
        preparing.topics(inputs, store, task.part)
    return {}


def _execute(
    rounds: list[list[Task]], how: How, n_workers: int, known: dict[str, Corpus]
) -> list[tuple[Task, dict[str, Any]]]:
    """The tasks of each round, a round after the other, with their answers in order; an error is an answer."""
    from topics.experiments.clock import bar

    n_tasks = sum(map(len, rounds))
    if not n_tasks:
        return []
    done: list[tuple[Task, dict[str, Any]]] = []
    with bar(total=n_tasks, desc="sweep") as progress:
        if n_workers > 1:
            from topics.experiments.workers import Workers

            with Workers(n_workers, how) as pool:
                for tasks in rounds:
                    done += zip(tasks, pool.do(tasks, progress.update), strict=True)
            return done
        for task in (task for tasks in rounds for task in tasks):
            try:
                done.append((task, do(task, how, known)))
            except TopicsError as error:
                done.append((task, {"error": str(error)}))
            progress.update()
    return done
