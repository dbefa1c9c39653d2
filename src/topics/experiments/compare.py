"""Runs beside each other: the settings that differ, scores with a paired test, topics matched one to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from topics import display
from topics.errors import SettingsError
from topics.evaluation.tables import ALL
from topics.experiments import held_out
from topics.experiments.run import Run, records

if TYPE_CHECKING:
    from topics.estimators.shapes import Array
    from topics.models.topics import TopicModel

_N_TERMS = 5


@dataclass(frozen=True)
class Comparison:
    """Several runs, the first of which the others are held against.

    Attributes
    ----------
    runs : list of str
        Their names.
    settings : list of dict
        setting, and the value of each run by the run's name; only those that differ.
    scores : list of dict
        model, of, measure, and the score of each run by the run's name: (mean, low, high).
    differences : list of dict
        run, model, of, measure, mean, low, high, n: how much higher the run lies than the first, paired by article; an
        interval without 0 is a difference. Of brier and perplexity, below 0 is better.
    topics : list of dict
        run, topic and terms of the first, topic and terms of the run, similarity (sum of the smaller of two
        probabilities of each term); None where a topic has no match.
    notes : list of str
        What cannot be compared, and why.
    """

    runs: list[str]
    settings: list[dict[str, Any]]
    scores: list[dict[str, Any]]
    differences: list[dict[str, Any]]
    topics: list[dict[str, Any]]
    notes: list[str]

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        return dict(vars(self))

    def _repr_html_(self) -> str:
        parts = [self.settings, self.differences, self.topics]
        captions = ["settings that differ", "differences to the first run", "topics, matched"]
        shown = [
            display.table(rows, columns=list(rows[0]), rtl=False, caption=caption)
            for rows, caption in zip(parts, captions, strict=True)
            if rows
        ]
        return "".join(shown)


def compare(runs: Sequence[Run]) -> Comparison:
    """Hold runs against the first of them.

    Raises
    ------
    SettingsError
        Fewer than two runs.
    """
    if len(runs) < 2:
        raise SettingsError("one run has nothing to be compared with; name two or more")
    names = [run.path.name for run in runs]
    if len(set(names)) < len(names):
        names = [str(run.path) for run in runs]
    notes: list[str] = []
    first, *others = runs
    differences, topics = [], []
    for run, name in zip(others, names[1:], strict=True):
        for model in ("themes", "topics"):
            differences += _differences(model, first, run, name, notes)
        topics += _matched(first, run, name)
    return Comparison(names, _settings(runs, names), _scores(runs, names), differences, topics, notes)


def flat(settings: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Settings by dotted name."""
    found: dict[str, Any] = {}
    for name, value in settings.items():
        found |= flat(value, f"{before}{name}.") if isinstance(value, Mapping) else {f"{before}{name}": value}
    return found


def _settings(runs: Sequence[Run], names: Sequence[str]) -> list[dict[str, Any]]:
    every = [flat(run.settings.to_settings()) | _facts(run) for run in runs]
    known = dict.fromkeys(name for one in every for name in one)
    return [
        {"setting": name, **{run: one.get(name) for run, one in zip(names, every, strict=True)}}
        for name in known
        if len({repr(one.get(name)) for one in every}) > 1
    ]


def _facts(run: Run) -> dict[str, Any]:
    """What else decides a run."""
    manifest = run.manifest
    versions = {f"version of {name}": version for name, version in manifest["versions"].items()}
    prints = {"code": manifest["code"]["fingerprint"], "corpus": manifest["corpus"]["fingerprint"]}
    return versions | {f"fingerprint of the {name}": value[:12] for name, value in prints.items()}


def _scores(runs: Sequence[Run], names: Sequence[str]) -> list[dict[str, Any]]:
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for run, name in zip(runs, names, strict=True):
        for row in records(run.scores):
            if row["model"] == "topics" and row["of"] != ALL:
                continue  # topic 3 of one run is not topic 3 of another
            place = found.setdefault((row["model"], row["of"], row["measure"]), {})
            place[name] = [row["mean"], row["low"], row["high"]]
    return [
        {"model": model, "of": of, "measure": measure, **{name: values.get(name) for name in names}}
        for (model, of, measure), values in found.items()
    ]


def _differences(model: str, first: Run, run: Run, name: str, notes: list[str]) -> list[dict[str, Any]]:
    before, after = held_out.read(first.path, model), held_out.read(run.path, model)
    common = [article for article in before if article in after]
    if not before or not after:
        return []
    if not common:
        notes.append(f"{name}: no article was scored in both runs, so its {model} are not tested")
        return []
    if len(common) < max(len(before), len(after)):
        notes.append(f"{name}: {model} are tested on the {len(common):,} articles that both runs scored")
    pairs = [(before[article], after[article]) for article in common]
    rows = _of_themes(pairs) if model == "themes" else _of_topics(pairs, name, notes)
    return [{"run": name, "model": model, **row} for row in rows]


def _of_themes(pairs: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> list[dict[str, Any]]:
    from topics.evaluation import differences

    one, other = pairs[0]
    keys = [key for key in one["probabilities"] if key in other["probabilities"]]
    if not keys:
        return []

    def flags(side: int, name: str) -> Any:
        return np.array([[key in pair[side][name] for key in keys] for pair in pairs])

    def chances(side: int) -> Array:
        return np.array([[pair[side]["probabilities"][key] for key in keys] for pair in pairs])

    table = differences(
        flags(0, "labels"),
        (flags(1, "given"), flags(0, "given")),
        (chances(1), chances(0)),
        themes=keys,
        leave_out=flags(0, "contested") | flags(1, "contested"),
        groups=[pair[0]["group"] for pair in pairs],
    )
    return records(table.rename(columns={"theme": "of"}))


def _of_topics(
    pairs: Sequence[tuple[dict[str, Any], dict[str, Any]]], name: str, notes: list[str]
) -> list[dict[str, Any]]:
    """The difference in perplexity; of the same tokens only, as other terms are other tokens to foretell."""
    from topics.evaluation import bootstrap_weighted
    from topics.evaluation.intervals import ratio, sums

    table = np.array([[row[what] for row in pair for what in ("nats", "tokens")] for pair in pairs])
    if not np.array_equal(table[:, 1], table[:, 3]):
        notes.append(f"{name}: its articles have other terms, so perplexities say nothing of each other")
        return []

    def difference(weights: Array) -> Array:
        totals = sums(weights, table)
        both = np.exp(np.stack([ratio(totals[:, 0], totals[:, 1]), ratio(totals[:, 2], totals[:, 3])], axis=1))
        return both[:, 1:] - both[:, :1]

    groups = [pair[0]["group"] for pair in pairs]
    score = bootstrap_weighted(difference, len(pairs), groups=groups)[0]
    return [{"of": ALL, "measure": "perplexity", **score._asdict(), "note": ""}]


def _matched(first: Run, run: Run, name: str) -> list[dict[str, Any]]:
    """Topics of two runs, paired one to one over the terms of both."""
    from topics.evaluation import match_topics

    one, other = first.models.topics, run.models.topics
    if one is None or other is None:
        return []
    terms = {term: place for place, term in enumerate(sorted({*one.matrix.terms, *other.matrix.terms}))}
    table = match_topics(_over(one, terms), _over(other, terms))
    pairs: list[tuple[int | None, int | None, float | None]] = [
        (int(row["a"]), int(row["b"]), float(row["similarity"])) for row in table.to_dict("records")
    ]
    pairs += [(topic, None, None) for topic in range(len(one.alpha)) if topic not in {pair[0] for pair in pairs}]
    pairs += [(None, topic, None) for topic in range(len(other.alpha)) if topic not in {pair[1] for pair in pairs}]
    ours, theirs = _first_terms(one), _first_terms(other)
    return [
        {
            "run": name,
            "topic": a,
            "terms": None if a is None else ours[a],
            "topic_there": b,
            "terms_there": None if b is None else theirs[b],
            "similarity": alike,
        }
        for a, b, alike in pairs
    ]


def _over(model: TopicModel, terms: Mapping[str, int]) -> Array:
    """P(term | topic) over more terms than a model knows; those have none."""
    found = np.zeros((len(model.alpha), len(terms)))
    found[:, [terms[term] for term in model.matrix.terms]] = model.topic_term
    return found


def _first_terms(model: TopicModel) -> list[str]:
    table = model.top_terms(_N_TERMS, "relevance")
    return [" · ".join(rows["term"]) for _, rows in table.groupby("topic", sort=True)]
