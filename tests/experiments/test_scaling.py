from __future__ import annotations

import json

import numpy as np
import pytest
from partitioned_news import PLANTED, write_planted

from topics import Corpus, load, run
from topics.corpus.packaged import packaged_corpus
from topics.errors import ReadError, SettingsError
from topics.estimators.by_parts import visit
from topics.evaluation import stability
from topics.experiments import scaling
from topics.experiments.run import How, Run
from topics.experiments.settings import Experiment
from topics.features import anchor_matrix
from topics.scale.storage import written


@pytest.fixture
def settings(tmp_path):
    write_planted(tmp_path / "a.jsonl", 400)
    return {
        "name": "parts",
        "corpus": {"path": str(tmp_path / "a.jsonl")},
        "terms": {"learn_phrases": False},
        "themes": {},
        "topics": {"n_topics": 4, "n_sweeps": 3},
        "evaluation": {"folds": 2},
        "scale": {"sorted": "jsonl"},
    }


@pytest.fixture(autouse=True)
def many_partitions(monkeypatch):
    monkeypatch.setattr("topics.scale.partitions._SMALLEST", 1)


def scaled(settings, tmp_path, told=None, **given):
    said = [] if told is None else told
    return scaling.run_scaled(Experiment.of(settings), How(tmp_path / "runs", **given), None, said.append)


def test_a_run_over_partitions_is_a_run(settings, tmp_path):
    told = []
    found = scaled(settings, tmp_path, told)
    assert told[0].startswith("8 partitions; analysis: ")
    assert [row["stage"] for row in found.manifest["stages"]] == [
        "read", "learn themes", "count terms", "find topics", "sort",
    ]  # fmt: skip
    assert found.manifest["corpus"]["n_articles"] == 400
    assert found.manifest["scale"]["themes"].startswith("exact: learnt from all ")
    assert len(list((found.path / "sorted").iterdir())) == 8
    assert found.sorted["id"].tolist() == [f"g{k:08d}" for k in range(400)]
    assert len(found.models.topics.alpha) == 4
    assert {row["measure"] for row in found.score_rows("topics")} == {"share", "perplexity"}
    assert not list((tmp_path / "runs").glob(".topics-*")), "nothing of the work is left"
    assert Run(tmp_path / "runs" / "parts").path == found.path


def test_themes_are_those_of_one_machine(settings, tmp_path):
    found = scaled(settings, tmp_path)
    del settings["scale"], settings["topics"]
    plain = run(settings | {"output": {"report": False, "figures": False}}, out=tmp_path / "plain", cache=False)
    mine, theirs = found.models.themes, plain.models.themes
    assert mine.matrix.terms == theirs.matrix.terms
    for name in ("coef", "intercept", "slope", "offset", "thresholds"):
        assert np.array_equal(getattr(mine, name), getattr(theirs, name)), name
    assert found.score_rows("themes") == plain.score_rows("themes")
    assert found.sorted["primary"].tolist() == plain.sorted["primary"].tolist()


def with_inputs(settings, tmp_path):
    """Two further files to sort, of which the second repeats articles of the first."""
    others = [write_planted(tmp_path / "b.jsonl", 90), tmp_path / "c.jsonl"]
    rows = [json.loads(line) for line in others[0].read_text(encoding="utf-8").splitlines()]
    rows[:60] = [row | {"id": f"other-{k}", "text": row["text"][::2]} for k, row in enumerate(rows[:60])]
    others[1].write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    settings["sort"] = {"inputs": [str(one) for one in others]}
    return settings


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_further_inputs_are_sorted_as_on_one_machine(settings, tmp_path, form):
    del settings["topics"]
    settings["scale"]["sorted"] = form
    told = []
    found = scaled(with_inputs(settings, tmp_path), tmp_path, told)
    assert "partitions of [sort] inputs; sorting: " in told[1]
    facts = found.manifest["scale"]["inputs"]
    assert facts | {"bytes": 0} == {
        "n_partitions": 9, "bytes": 0, "n_articles": 150, "skipped": 30, "reasons": {},
    }  # fmt: skip
    assert len(list((found.path / "sorted").iterdir())) == 9
    del settings["scale"]
    plain = run(settings | {"output": {"report": False, "figures": False}}, out=tmp_path / "plain", cache=False)
    assert list(found.sorted.columns) == list(plain.sorted.columns)
    for name in plain.sorted.columns.drop(["themes", "input_themes"]):
        mine, theirs = found.sorted[name], plain.sorted[name]
        if theirs.dtype == float:
            assert mine.to_numpy() == pytest.approx(theirs.to_numpy(), abs=1e-9, nan_ok=True), name
        else:
            assert mine.astype(str).tolist() == theirs.astype(str).tolist(), name
    assert found.score_rows("themes") == plain.score_rows("themes")


def test_other_inputs_are_another_run(settings, tmp_path):
    del settings["themes"]
    first = scaled(settings, tmp_path)
    second = scaled(with_inputs(settings, tmp_path), tmp_path)
    assert second.path != first.path
    assert len(second.sorted) == 150
    assert scaled(settings, tmp_path).reused
    assert np.array_equal(first.models.topics.components, second.models.topics.components)


def test_sorting_of_inputs_that_was_stopped_goes_on(settings, tmp_path, monkeypatch):
    del settings["themes"]
    with_inputs(settings, tmp_path)
    taken = [0]

    def counting(*given):
        taken[0] += 1
        if taken[0] == 5:
            raise KeyboardInterrupt
        return written(*given)

    monkeypatch.setattr("topics.scale.sorting.written", counting)
    with pytest.raises(KeyboardInterrupt):
        scaled(settings, tmp_path)
    found, other = scaled(settings, tmp_path, resume=True), scaled(settings, tmp_path / "other")
    assert taken[0] == 5 + 5 + 9, "of nine files four were there"
    files = [sorted((one.path / "sorted").iterdir()) for one in (found, other)]
    assert [path.read_bytes() for path in files[0]] == [path.read_bytes() for path in files[1]]


def test_a_damaged_input_is_told_before_anything_is_learnt(settings, tmp_path, monkeypatch):
    bad = tmp_path / "b.jsonl.gz"
    bad.write_bytes(b"\x1f\x8b\x08 damaged")
    monkeypatch.setattr(scaling.scaled_themes.scoring, "train_themes", lambda *given: pytest.fail("learnt before"))
    with pytest.raises(ReadError, match=r"b\.jsonl\.gz: the gzip file is cut short or damaged"):
        scaled(settings | {"sort": {"inputs": [str(bad)]}}, tmp_path)


@pytest.fixture
def from_anchors(settings, tmp_path):
    """A folder with anchors and a fifth of the articles labelled; what is drawn is less than there is."""
    del settings["topics"]
    folder = tmp_path / "corpus"
    folder.mkdir()
    write_planted(folder / "a.jsonl", 250)
    write_planted(folder / "b.jsonl", 400)  # of which the first 250 are there already
    ranked = PLANTED.topic_term().argsort(axis=1)
    lines = []
    for theme, topic in enumerate((0, 3)):
        words = [PLANTED.words[column] for column in ranked[topic, :-6:-1]]
        lines.append(f"[subject_{theme}]\nanchors = {json.dumps(words, ensure_ascii=False)}\n")
    (folder / "themes.toml").write_text("".join(lines), encoding="utf-8")
    return settings | {"corpus": {"path": str(folder)}, "output": {"report": False, "figures": False}}


def same_themes(mine, theirs):
    assert mine.matrix.terms == theirs.matrix.terms
    for name in ("coef", "intercept", "slope", "offset", "thresholds"):
        assert np.array_equal(getattr(mine, name), getattr(theirs, name)), name
    assert mine.themes == theirs.themes


@pytest.mark.parametrize("most", [150, 10_000])
@pytest.mark.parametrize("start", ["anchors", "both"])
def test_themes_from_anchors_are_those_of_one_machine(from_anchors, tmp_path, monkeypatch, start, most):
    monkeypatch.setattr("topics.models.anchored.MOST", most)
    settings = from_anchors | {"themes": {"start": start}}
    found = scaled(settings, tmp_path)
    n_drawn = min(most, 400 if start == "anchors" else 400 - found.manifest["corpus"]["n_labelled"])
    assert f"{n_drawn} of " in found.manifest["scale"]["themes"]
    del settings["scale"]
    plain = run(settings, out=tmp_path / "plain", cache=False)
    same_themes(found.models.themes, plain.models.themes)
    assert found.score_rows("themes") == plain.score_rows("themes")
    assert found.sorted["primary"].astype(str).tolist() == plain.sorted["primary"].astype(str).tolist()
    if start == "anchors":
        assert found.models.themes.fingerprint == plain.models.themes.fingerprint


@pytest.mark.slow
@pytest.mark.parametrize("start", ["anchors", "both"])
def test_two_workers_leave_what_one_process_leaves(from_anchors, tmp_path, monkeypatch, start):
    monkeypatch.setattr("topics.models.anchored.MOST", 150)
    settings = with_inputs(from_anchors, tmp_path) | {"themes": {"start": start}}
    settings["topics"] = {"n_topics": 4, "n_sweeps": 3, "anchors": True, "runs": 3}
    one = scaled(settings, tmp_path)
    settings["scale"]["workers"] = 2
    two = scaled(settings, tmp_path / "two")
    same_themes(one.models.themes, two.models.themes)
    assert np.array_equal(one.models.topics.components, two.models.topics.components)
    assert one.score_rows("topics") == two.score_rows("topics")
    assert one.score_rows("themes") == two.score_rows("themes")
    assert one.sorted.equals(two.sorted)


def test_anchors_need_no_label(from_anchors, tmp_path):
    folder = tmp_path / "corpus"
    for path in folder.glob("*.jsonl"):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        path.write_text("".join(json.dumps(row | {"themes": None}) + "\n" for row in rows), encoding="utf-8")
    settings = from_anchors | {"themes": {"start": "anchors"}}
    found = scaled(settings, tmp_path)
    assert found.score_rows("themes") == []
    del settings["scale"]
    same_themes(found.models.themes, run(settings, out=tmp_path / "plain", cache=False).models.themes)


def test_labels_and_anchors_need_articles_without_labels(from_anchors, tmp_path):
    for path in (tmp_path / "corpus").glob("*.jsonl"):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if json.loads(line).get("themes")]
        path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    with pytest.raises(SettingsError, match="learns from articles without labels beside the labelled"):
        scaled(from_anchors | {"themes": {"start": "both"}}, tmp_path)


def test_the_same_run_is_not_done_again(settings, tmp_path):
    del settings["themes"]
    first = scaled(settings, tmp_path)
    settings["scale"] |= {"workers": 1, "memory": "3GiB"}
    again = scaled(settings, tmp_path)
    assert again.reused
    assert again.path == first.path
    assert scaled(settings, tmp_path, again=True).path != first.path


def test_a_run_that_was_stopped_goes_on(settings, tmp_path, monkeypatch):
    del settings["themes"]
    told = []

    def stopped(*given):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("topics.scale.sorting.sort", stopped)
        with pytest.raises(KeyboardInterrupt):
            scaled(settings, tmp_path, told)
    assert "--resume" in told[-1]
    assert not list((tmp_path / "runs").glob("parts-*"))

    def counted(*given, **more):
        raise AssertionError("visited again")

    with monkeypatch.context() as patch:
        patch.setattr("topics.scale.fitting.visit", counted)
        found = scaled(settings, tmp_path, resume=True)
    other = scaled(settings, tmp_path / "other")
    assert np.array_equal(found.models.topics.components, other.models.topics.components)
    assert json.loads((found.path / "scores.json").read_bytes()) == json.loads(
        (other.path / "scores.json").read_bytes()
    )


def test_several_runs_are_those_of_experiments_with_the_next_random_states(settings, tmp_path):
    del settings["themes"]
    settings["topics"]["runs"] = 3
    found = scaled(settings, tmp_path)
    settings["topics"]["runs"] = 1
    alone = [scaled(settings | {"random_state": k}, tmp_path / str(k)).models.topics for k in range(3)]
    assert np.array_equal(found.models.topics.components, alone[0].components)
    assert not np.array_equal(alone[0].components, alone[1].components)
    wanted = stability([model.topic_term for model in alone])
    rows = {(row["of"], row["measure"]): row for row in found.score_rows("topics")}
    whole = rows["*", "stability"]
    assert (whole["mean"], whole["low"], whole["high"]) == wanted.score[:3]
    assert whole["note"] == "interval over 3 random states"
    assert [rows[f"topic_{k}", "similarity"]["mean"] for k in range(4)] == wanted.topics["similarity"].tolist()
    assert [rows[f"topic_{k}", "recurrence"]["mean"] for k in range(4)] == wanted.topics["recurrence"].tolist()
    assert found.manifest["random_states"]["topics"] == [0, 1, 2]


@pytest.mark.parametrize("stop_after", [2 * 24 - 1, 2 * 24 + 9])
def test_runs_that_were_stopped_go_on_to_the_same_scores(settings, tmp_path, monkeypatch, stop_after):
    del settings["themes"]
    settings["topics"]["runs"] = 3
    done = [0]

    def counting(*given, **more):
        done[0] += 1
        if done[0] > stop_after:
            raise KeyboardInterrupt
        return visit(*given, **more)

    with monkeypatch.context() as patch:
        patch.setattr("topics.scale.fitting.visit", counting)
        with pytest.raises(KeyboardInterrupt):
            scaled(settings, tmp_path)
        done[0], stop_after = stop_after, 3 * 24
        found = scaled(settings, tmp_path, resume=True)
    assert done[0] == 3 * 24, "3 passes over 8 partitions, 3 times, nothing twice"
    other = scaled(settings, tmp_path / "other")
    assert np.array_equal(found.models.topics.components, other.models.topics.components)
    assert found.score_rows("topics") == other.score_rows("topics")


@pytest.fixture
def anchored(settings):
    """The demo corpus, whose folder defines themes with anchors."""
    del settings["themes"]
    topics = {"n_topics": 8, "n_sweeps": 8, "anchors": True}
    return settings | {"corpus": {"path": "demo"}, "topics": topics}


def test_anchors_of_the_demo_corpus_lead_their_topic(anchored, tmp_path):
    found = scaled(anchored, tmp_path)
    model, themes = found.models.topics, Corpus.read(packaged_corpus()).defined_themes
    assert model.anchors == themes
    assert model.names[: len(themes)] == [theme.name("ar") for theme in themes.values()]
    claimed = anchor_matrix(model.matrix, themes).toarray() > 0
    first = np.argsort(-model.topic_term, axis=1, kind="stable")[: len(themes), :10]
    for t in range(len(themes)):
        assert claimed[t, first[t]].sum() >= 3
        assert not np.delete(claimed, t, axis=0).any(axis=0)[first[t]].any()


def test_other_anchors_are_another_run(anchored, tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    write_planted(folder / "a.jsonl", 200)
    (folder / "themes.toml").write_text(f'[one]\nanchors = ["{PLANTED.words[0]}"]\n', encoding="utf-8")
    anchored |= {"corpus": {"path": str(folder)}, "topics": {"n_topics": 3, "n_sweeps": 2, "anchors": True, "runs": 3}}
    first = scaled(anchored, tmp_path)
    assert scaled(anchored, tmp_path).reused
    (folder / "themes.toml").write_text(f'[one]\nanchors = ["{PLANTED.words[1]}"]\n', encoding="utf-8")
    second = scaled(anchored, tmp_path)
    assert second.path != first.path
    anchored["topics"]["runs"] = 1
    alone = [scaled(anchored | {"random_state": k}, tmp_path / str(k)).models.topics for k in range(3)]
    assert np.array_equal(second.models.topics.components, alone[0].components)
    mean = stability([model.topic_term for model in alone]).score.mean
    assert [row["mean"] for row in second.score_rows("topics") if row["measure"] == "stability"] == [mean]


def test_a_theme_without_anchors_is_refused_before_anything_is_read(anchored, tmp_path, monkeypatch):
    (tmp_path / "themes.toml").write_text('[one]\nanchors = ["x"]\n[two]\n', encoding="utf-8")
    monkeypatch.setattr(scaling, "plan", lambda *given: pytest.fail("looked at the files"))
    anchored |= {"corpus": {"path": str(tmp_path)}, "themes": {"use": ["two"]}}
    with pytest.raises(SettingsError, match="the theme 'two' has no anchors"):
        scaled(anchored, tmp_path)
    (tmp_path / "themes.toml").write_text("".join(f'[k{k}]\nanchors = ["x"]\n' for k in range(3)), encoding="utf-8")
    with pytest.raises(SettingsError, match="3 themes cannot be anchored in 2 topics"):
        scaled(anchored | {"themes": None, "topics": {"n_topics": 2, "anchors": True}}, tmp_path)


def test_a_corrupt_partition_is_told_and_can_be_mended(settings, tmp_path):
    bad = tmp_path / "b.jsonl.gz"
    bad.write_bytes(b"\x1f\x8b\x08 damaged")
    settings["corpus"]["path"] = [settings["corpus"]["path"], str(bad)]
    with pytest.raises(ReadError, match=r"b\.jsonl\.gz: the gzip file is cut short or damaged"):
        scaled(settings, tmp_path)
    assert not list((tmp_path / "runs").glob("parts-*"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"corpus.sample": 10}, r"\[corpus\] sample", id="sample"),
        pytest.param({"corpus.duplicates": "drop"}, "dedupe", id="duplicates"),
        pytest.param({"topics.anchors": True}, "add it to its themes.toml, with anchors", id="anchors"),
        pytest.param({"topics.engine": "gensim"}, "gensim", id="engine"),
        pytest.param({"topics.ngrams": [1, 2]}, "single terms", id="ngrams"),
        pytest.param({"scale.memory": "100MiB"}, "analysis needs .* raise memory", id="memory"),
        pytest.param({"topics.n_topics": 200_000}, "topics needs .* raise memory", id="too many topics"),
        pytest.param({"topics.runs": 2_000_000}, r"topics needs .* lower \[topics\] runs", id="too many runs"),
    ],
)
def test_what_cannot_be_done_over_partitions_is_refused(settings, tmp_path, changes, message):
    with pytest.raises(SettingsError, match=message):
        scaling.run_scaled(Experiment.of(settings, changes), How(tmp_path / "runs"), None, lambda text: None)


def test_a_sweep_over_partitions_is_refused(settings, tmp_path):
    with pytest.raises(SettingsError, match=r"\[sweep\] over partitions"):
        run(settings | {"sweep": {"topics.n_topics": [2, 3]}}, out=tmp_path / "runs")


def test_a_scheduler_is_enough_and_the_model_loads(settings, tmp_path):
    del settings["scale"], settings["themes"]
    found = run(settings, out=tmp_path / "runs", scheduler="none")
    assert "scale" in found.manifest
    assert load(found).kind == "topics"
    assert list(found.sorted.columns) == ["id", "title", "topic_0", "topic_1", "topic_2", "topic_3"]
