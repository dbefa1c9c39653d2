"""Does a run come out the same again? It is executed once more from its own settings, and the two are compared.

Scores, the arrays and terms of the models, the sorted table, and what the scores rest on are compared bit for bit;
what differs is given with the largest difference. That versions of libraries, the code or the articles have changed
since is told beside, since it is the first thing to look at.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics.errors import ReadError
from topics.experiments import held_out
from topics.experiments.folder import THEMES, TOPICS
from topics.experiments.run import How, Run, records, run_one

if TYPE_CHECKING:
    import pandas as pd

    from topics.estimators.shapes import Array


@dataclass(frozen=True)
class Part:
    """One thing that a run left, compared with what came out now."""

    name: str
    equal: bool
    difference: float | None = None
    """The largest between two numbers; None where they are equal, or no numbers."""
    note: str = ""


@dataclass(frozen=True)
class Verification:
    """What is equal, and what differs.

    Attributes
    ----------
    parts : list of Part
        In the order of the run's files.
    changed : dict of str to (then, now)
        What decides a run and is not what it was: the code, the articles, versions of libraries.
    """

    run: str
    parts: list[Part]
    changed: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def equal(self) -> bool:
        """Whether everything came out the same."""
        return all(part.equal for part in self.parts)

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "run": self.run,
            "equal": self.equal,
            "parts": [
                {"part": part.name, "equal": part.equal, "difference": part.difference, "note": part.note}
                for part in self.parts
            ],
            "changed": {name: {"then": then, "now": now} for name, (then, now) in self.changed.items()},
        }

    def __str__(self) -> str:
        lines = [f"{name} was {then}, is {now}" for name, (then, now) in self.changed.items()]
        lines += [f"{part.name}: {told(part)}" for part in self.parts]
        return "\n".join(lines)


def told(part: Part) -> str:
    """Whether a part is equal, in words."""
    if part.equal:
        return "equal"
    by = "" if part.difference is None else f" by up to {part.difference:.3g}"
    return f"differs{by}" + (f" ({part.note})" if part.note else "")


def verify(run: Run) -> Verification:
    """Execute a run again from its own settings, without any cache, and compare.

    Raises
    ------
    ReadError
        Its articles are not where they were.
    TopicsError
        It cannot be executed.
    """
    settings = run.settings
    # Pictures and pages are drawn from what is compared.
    quiet = settings.output.model_copy(update={"figures": False, "report": False, "tables": "none"})
    with tempfile.TemporaryDirectory(prefix="topics-") as place:
        again = run_one(settings.model_copy(update={"output": quiet}), How(Path(place), cache=False))
        return Verification(run.path.name, list(_compared(run, again)), _changed(run.manifest, again.manifest))


def _changed(then: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    def facts(manifest: Mapping[str, Any]) -> dict[str, str]:
        try:
            found = {name: str(version) for name, version in manifest["versions"].items()}
            return found | {
                "code": str(manifest["code"]["fingerprint"])[:12],
                "corpus": str(manifest["corpus"]["fingerprint"])[:12],
                "sorted articles": str(manifest["sorted"])[:12],
                "platform": str(manifest["platform"]),
            }
        except (KeyError, TypeError, AttributeError) as error:
            raise ReadError("the run's manifest.json is not what a run holds; execute the experiment again") from error

    before, after = facts(then), facts(now)
    names = sorted(before.keys() | after.keys())
    return {
        name: (before.get(name, "nothing"), after.get(name, "nothing"))
        for name in names
        if before.get(name) != after.get(name)
    }


def _compared(then: Run, now: Run) -> Iterator[Part]:
    for model in ("themes", "topics"):
        yield from _scores(model, then.score_rows(model), now.score_rows(model))
    for model in ("themes", "topics"):
        before, after = held_out.read(then.path, model), held_out.read(now.path, model)
        if before or after:
            yield _values(f"held_out_{model}.jsonl", before, after)
    for name in (THEMES, TOPICS):
        if (then.path / name).exists() or (now.path / name).exists():
            yield from _bundles(name, then.path / name, now.path / name)
    yield _tables("sorted.csv", then.sorted, now.sorted)


def _scores(model: str, then: list[dict[str, Any]], now: list[dict[str, Any]]) -> Iterator[Part]:
    """A part for each measure."""
    measures = dict.fromkeys(str(row["measure"]) for row in [*then, *now])
    for measure in measures:
        before, after = ([row for row in rows if row["measure"] == measure] for rows in (then, now))
        yield _values(f"scores.json: {model}, {measure}", before, after)


def _bundles(name: str, then: Path, now: Path) -> Iterator[Part]:
    from topics import bundle

    if not then.exists() or not now.exists():
        yield Part(name, equal=False, note="only one of the two has it")
        return
    before, after = bundle.read(then), bundle.read(now)
    for array in sorted(before.arrays.keys() | after.arrays.keys()):
        yield _arrays(f"{name}: {array}", before.arrays.get(array), after.arrays.get(array))
    yield _values(f"{name}: terms", list(before.terms), list(after.terms))
    yield _values(f"{name}: text rules", dict(before.text), dict(after.text))
    yield _values(f"{name}: settings", dict(before.settings), dict(after.settings))


def _arrays(name: str, then: Array | None, now: Array | None) -> Part:
    import numpy as np

    if then is None or now is None:
        return Part(name, equal=False, note="only one of the two has it")
    if then.shape != now.shape:
        return Part(name, equal=False, note=f"shape {then.shape} was, {now.shape} is")
    if np.array_equal(then, now):
        return Part(name, equal=True)
    return Part(name, equal=False, difference=float(np.abs(then.astype(float) - now.astype(float)).max()))


def _tables(name: str, then: pd.DataFrame, now: pd.DataFrame) -> Part:
    if list(then.columns) != list(now.columns):
        return Part(name, equal=False, note="other columns")
    return _values(name, records(then), records(now))


def _values(name: str, then: Any, now: Any) -> Part:
    """JSON values, compared number by number where they have one form."""
    if then == now:
        return Part(name, equal=True)
    pairs = list(_numbers(then, now))
    differences = [abs(before - after) for before, after in pairs if before is not None and after is not None]
    others = sum(before is None for before, _ in pairs)
    note = f"{others:,} other values" if others else ""
    return Part(name, equal=False, difference=max((one for one in differences if one > 0), default=None), note=note)


def _numbers(then: Any, now: Any) -> Iterable[tuple[float | None, float | None]]:
    """Pairs of numbers that stand in one place; (None, None) for a place where anything else differs."""
    if isinstance(then, dict) and isinstance(now, dict):
        for name in then.keys() | now.keys():
            if name in then and name in now:
                yield from _numbers(then[name], now[name])
            else:
                yield None, None
    elif isinstance(then, (list, tuple)) and isinstance(now, (list, tuple)) and len(then) == len(now):
        for before, after in zip(then, now, strict=True):
            yield from _numbers(before, after)
    elif _is_number(then) and _is_number(now):
        yield float(then), float(now)
    elif then != now:
        yield None, None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
