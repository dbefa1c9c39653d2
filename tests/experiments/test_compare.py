from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from topics.errors import SettingsError
from topics.experiments import held_out
from topics.experiments.compare import compare, flat
from topics.experiments.run import Run, run


@pytest.fixture(scope="module")
def others(tiny_file, tmp_path_factory):
    """The tiny experiment with more topics, and with another text level for all."""
    out = tmp_path_factory.mktemp("others")
    return [run(tiny_file, out=out, **{"topics.n_topics": 5}), run(tiny_file, out=out, **{"text.level": "none"})]


@pytest.fixture(scope="module")
def compared(tiny_run, others):
    return compare([tiny_run, *others])


def test_only_settings_that_differ_are_listed(compared):
    names = compared.runs
    found = {row["setting"]: [row[name] for name in names] for row in compared.settings}
    assert found["topics.n_topics"] == [3, 5, 3]
    assert found["text.level"] == [None, None, "none"]
    assert "random_state" not in found


def test_scores_stand_side_by_side_with_intervals(compared):
    (row,) = (row for row in compared.scores if row["measure"] == "macro_f1")
    for name in compared.runs:
        mean, low, high = row[name]
        assert low <= mean <= high
    assert not [row for row in compared.scores if row["model"] == "topics" and row["of"] != "*"]


def test_equal_sortings_differ_by_nothing_and_others_by_an_interval(compared, tiny_run, others):
    rows = {(row["run"], row["measure"]): row for row in compared.differences if row["of"] == "*"}
    same, other = compared.runs[1:]
    assert (rows[same, "macro_f1"]["mean"], rows[same, "macro_f1"]["low"]) == (0, 0)
    means = [one.scores.query("measure == 'macro_f1'")["mean"].item() for one in (tiny_run, others[1])]
    assert rows[other, "macro_f1"]["mean"] == pytest.approx(means[1] - means[0])
    assert rows[other, "macro_f1"]["low"] <= rows[other, "macro_f1"]["mean"] <= rows[other, "macro_f1"]["high"]


def test_perplexity_is_tested_over_the_same_tokens_only(compared):
    tested = [row["run"] for row in compared.differences if row["measure"] == "perplexity"]
    assert tested == [compared.runs[1]]
    assert any("perplexities say nothing of each other" in note for note in compared.notes)


def test_topics_are_matched_one_to_one_and_those_left_over_are_listed(compared, tiny_run):
    rows = [row for row in compared.topics if row["run"] == compared.runs[1]]
    matched = [row for row in rows if row["similarity"] is not None]
    assert sorted(row["topic"] for row in matched) == [0, 1, 2]
    assert sorted(row["topic_there"] for row in rows) == [0, 1, 2, 3, 4]
    assert all(0 <= row["similarity"] <= 1 for row in matched)
    itself = compare([tiny_run, tiny_run])
    assert [(row["topic"], row["topic_there"]) for row in itself.topics] == [(0, 0), (1, 1), (2, 2)]
    assert np.allclose([row["similarity"] for row in itself.topics], 1)


def test_everything_is_plain_json_and_shows_itself(compared):
    assert json.loads(json.dumps(compared.to_dict(), allow_nan=False))["runs"] == compared.runs
    assert "settings that differ" in compared._repr_html_()


def test_runs_without_common_articles_are_not_tested(tiny_run, tmp_path):
    place = tmp_path / "runs" / "other"
    shutil.copytree(tiny_run.path, place)
    for model in ("themes", "topics"):
        rows = held_out.read(place, model).values()
        held_out.write(place, model, [row | {"id": f"x{row['id']}"} for row in rows])
    found = compare([tiny_run, Run(place)])
    assert not found.differences
    assert [note.partition(": ")[2] for note in found.notes] == [
        "no article was scored in both runs, so its themes are not tested",
        "no article was scored in both runs, so its topics are not tested",
    ]


def test_one_run_has_nothing_to_be_compared_with(tiny_run):
    with pytest.raises(SettingsError, match="name two or more"):
        compare([tiny_run])


def test_settings_by_dotted_name():
    assert flat({"a": 1, "b": {"c": [2], "d": {"e": 3}}}) == {"a": 1, "b.c": [2], "b.d.e": 3}
