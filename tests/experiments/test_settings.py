from __future__ import annotations

import pytest

from topics.corpus.packaged import packaged_experiment
from topics.errors import ReadError, SettingsError
from topics.experiments.combining import combine
from topics.experiments.example import EXAMPLE
from topics.experiments.settings import Experiment, read_toml
from topics.experiments.toml import dump

LEAST = {"name": "mine", "corpus": {"path": "demo"}, "topics": {}}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param(
            {"topics.n_topic": 3}, r"\[topics\] has no setting 'n_topic'; did you mean n_topics\?$", id="misspelled"
        ),
        pytest.param({"topcs.n_topics": 3}, "no section 'topcs'; did you mean topics", id="section"),
        pytest.param({"colour": 3}, "an experiment has no setting 'colour'; known: corpus", id="unlike any"),
        pytest.param({"topics.n_topics": "many"}, r"\[topics\] n_topics cannot be 'many'", id="text for a number"),
        pytest.param({"topics.n_topics": True}, r"\[topics\] n_topics cannot be True", id="true is no number"),
        pytest.param({"topics.n_topics": 0}, r"\[topics\] n_topics cannot be 0", id="none"),
        pytest.param({"terms.max_df": float("nan")}, r"\[terms\] max_df cannot be nan", id="nan"),
        pytest.param({"terms.ngrams": [1]}, r"\[terms\] ngrams", id="half a range"),
        pytest.param({"corpus.path": None}, r"\[corpus\] path is missing", id="missing setting"),
        pytest.param({"corpus": None}, "corpus is missing", id="missing section"),
        pytest.param({"topics": None}, r"neither \[themes\] nor \[topics\]", id="learns nothing"),
        pytest.param({"evaluation.split": "month"}, "split cannot be 'month'", id="no way to split"),
        pytest.param({"corpus.duplicates": "merge"}, "duplicates cannot be 'merge'", id="no way with copies"),
        pytest.param({"themes.start": "seeds"}, "start cannot be 'seeds'", id="no such start"),
        pytest.param({"topics.runs": 2}, "runs cannot be 2: two runs show no spread", id="no spread"),
        pytest.param({"scale.memory": "2 GB"}, r"\[scale\] memory cannot be '2 GB': a size is", id="no size"),
        pytest.param({"scale.cores": 2}, r"\[scale\] has no setting 'cores'; (known|did you mean)", id="not of scale"),
        pytest.param({"name.first": 1}, "name is no section", id="below a plain setting"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(changes, message):
    with pytest.raises(SettingsError, match=message):
        Experiment.of(LEAST, changes)


@pytest.mark.parametrize(
    "name", ["../x", "", ".hidden", "a/b", "CON", "com1.txt", "x" * 300, "a\u202eb", "a b\n", "end."]
)
def test_a_name_that_could_leave_the_folder_of_runs_is_refused(name):
    with pytest.raises(SettingsError, match="name cannot be"):
        Experiment.of(LEAST, {"name": name})


def test_an_arabic_name_is_a_name():
    assert Experiment.of(LEAST, {"name": "تجربة-1"}).name == "تجربة-1"


def test_a_message_names_the_file(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text('name = "x"\n[corpus]\npaht = "demo"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"x\.toml: "):
        Experiment.read(path)


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe", b"a = " + b"[" * 100_000])
def test_a_file_that_is_no_toml_is_refused(tmp_path, content):
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    with pytest.raises(ReadError, match="is no TOML"):
        Experiment.read(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ReadError, match=r"nothing\.toml: cannot be read"):
        Experiment.read(tmp_path / "nothing.toml")


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path):
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbf" + dump(LEAST).replace("\n", "\r\n").encode())
    assert Experiment.read(path).name == "mine"


def test_paths_are_relative_to_the_file_and_demo_is_the_packaged_corpus(tmp_path):
    path = tmp_path / "x.toml"
    path.write_text(dump(LEAST | {"corpus": {"path": ["a", "demo", "/b"]}}), encoding="utf-8")
    assert Experiment.read(path).corpus.path == [str((tmp_path / "a").resolve()), "demo", "/b"]


def test_every_setting_is_saved_and_reads_back_equal(tmp_path):
    experiment = Experiment.of(LEAST, {"terms.max_df": 0.5, "text.stop_words": ["في", 'a"b'], "terms.ngrams": [1, 2]})
    path = tmp_path / "x.toml"
    path.write_text(dump(experiment.to_settings()), encoding="utf-8")
    assert Experiment.read(path) == experiment


def test_settings_of_topics_stand_above_those_of_terms():
    experiment = Experiment.of(LEAST, {"terms.min_df": 2, "terms.ngrams": [1, 2], "topics.min_df": 5})
    assert experiment.training()["min_df"] == 2
    assert experiment.training(topics=True)["min_df"] == 5
    assert experiment.training(topics=True)["ngrams"] == (1, 2)


def test_the_packaged_experiment_and_the_example_are_right(tmp_path):
    assert Experiment.read(packaged_experiment()).name == "demo"
    path = tmp_path / "x.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    assert Experiment.read(path).topics.n_topics == 12


def test_the_example_names_every_setting_with_its_default(tmp_path):
    lines = [line.removeprefix("# ") for line in EXAMPLE.splitlines()[3:]]
    path = tmp_path / "x.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    written, combinations = combine(read_toml(path))
    assert [one.values for one in combinations[:2]] == [
        {"topics.n_topics": 10, "random_state": 0},
        {"topics.n_topics": 10, "random_state": 1},
    ]
    for section, kind in Experiment.model_fields.items():
        value = getattr(written, section)
        if hasattr(value, "model_fields_set"):
            assert value.model_fields_set == set(type(value).model_fields), section
        assert section in written.model_fields_set, kind
