"""Tasks, and what does them: functions of plain values whose results are files, so what was done is not done again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Protocol, Self

from topics.scale.storage import Damaged, joined, make_folder, read_values, write_arrays

Item = Mapping[str, Any]
Task = Callable[..., dict[str, Any]]
Tell = Callable[[str, int, int], None]
"""Called with the stage, how many of its tasks are done, and how many there are."""


def kept(make: Callable[..., tuple[dict[str, Any], dict[str, Any]]]) -> Task:
    """A function that gives arrays and values, as one that writes both to `out` and gives the values.

    A whole file of that name is taken as it is: the name holds all that decides it.
    """

    @wraps(make)
    def task(out: str, **given: Any) -> dict[str, Any]:
        try:
            return read_values(out)
        except Damaged:
            arrays, values = make(**given)
            write_arrays(out, arrays, values)
            return values

    return task


class Executor(AbstractContextManager["Executor"], Protocol):
    """What does tasks."""

    address: str | None
    """Where to watch it; None where there is nothing to see."""

    def map(self, task: Task, items: Sequence[Item]) -> Iterator[dict[str, Any]]:
        """The values of each item's task, in the order of the items."""


class Serial:
    """Does tasks one after another, in this process."""

    address: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def map(self, task: Task, items: Sequence[Item]) -> Iterator[dict[str, Any]]:
        """See `Executor.map`."""
        for item in items:
            yield task(**item)


def tell_nobody(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class Work:
    """Where tasks are done and where their files lie.

    Attributes
    ----------
    executor : Executor
        What does them.
    folder : str
        Where their files lie; workers reach it by the same name.
    together : int
        How many partitions are visited in the light of the same topics.
    tell : callable
        Told of progress.
    """

    executor: Executor
    folder: str
    together: int = 8
    tell: Tell = tell_nobody

    def path(self, name: str) -> str:
        """A file of the folder."""
        return joined(self.folder, name)

    def inside(self, name: str) -> Work:
        """The same with a folder inside the folder."""
        make_folder(self.path(name))
        return replace(self, folder=self.path(name))

    def map(
        self, stage: str, task: Task, items: Sequence[Item], done: int = 0, total: int | None = None
    ) -> Iterator[dict[str, Any]]:
        """The values of each item's task in order; `done` of `total` tasks of the stage were done before."""
        total = len(items) if total is None else total
        self.tell(stage, done, total)
        for number, values in enumerate(self.executor.map(task, items), done + 1):
            yield values
            self.tell(stage, number, total)
