from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from partitioned_news import cut, work_in
from small_news import small_corpus

from topics import ThemeModel, TopicModel
from topics.errors import SettingsError
from topics.scale.learning import read_partitions
from topics.scale.sorting import sort


@pytest.fixture(scope="module")
def news(tmp_path_factory):
    folder = tmp_path_factory.mktemp("news")
    small_corpus().write(folder / "a.jsonl")
    ThemeModel.train(small_corpus()).save(folder / "themes.topics")
    TopicModel.train(small_corpus(), 3, n_sweeps=3).save(folder / "topics.topics")
    return folder


def sorted_rows(tmp_path, news, model, form):
    (tmp_path / "rows").mkdir()
    work = work_in(tmp_path / "work")
    done = read_partitions(work, cut([news / "a.jsonl"], 8000), words=False, labelled=False)
    files = sort(work, done, str(news / model), "1", str(tmp_path / "rows"), form)
    assert len(files) == len(done.partitions) > 2
    read = pd.read_parquet if form == ".parquet" else lambda path: pd.read_json(path, lines=True, dtype=False)
    return pd.concat([read(path) for path in files], ignore_index=True), files


@pytest.mark.parametrize("form", [".jsonl", ".parquet"])
def test_rows_are_those_of_one_machine_in_the_order_of_the_articles(tmp_path, news, form):
    rows, _ = sorted_rows(tmp_path, news, "themes.topics", form)
    wanted = ThemeModel.train(small_corpus()).sort(small_corpus())
    assert list(rows.columns) == list(wanted.columns)
    for name in wanted.columns.drop("input_themes"):  # an own column: Parquet keeps it as text
        mine, theirs = (list(map(_plain, table[name])) for table in (rows, wanted))
        assert mine == (pytest.approx(theirs, abs=1e-9) if isinstance(theirs[0], float) else theirs), name


def _plain(value):
    if hasattr(value, "__len__") and not isinstance(value, str):
        return list(value)
    return None if pd.isna(value) else value


@pytest.mark.parametrize("form", [".jsonl", ".parquet"])
def test_mixtures_are_those_of_one_machine(tmp_path, news, form):
    rows, _ = sorted_rows(tmp_path, news, "topics.topics", form)
    wanted = TopicModel.train(small_corpus(), 3, n_sweeps=3).mixtures(small_corpus())
    assert rows["id"].tolist() == wanted["id"].tolist()
    names = ["topic_0", "topic_1", "topic_2"]
    assert rows[names].to_numpy() == pytest.approx(wanted[names].to_numpy(), abs=1e-6)


def test_a_part_that_is_there_is_not_sorted_again(tmp_path, news):
    _, files = sorted_rows(tmp_path, news, "themes.topics", ".jsonl")
    first = Path(files[0])
    first.write_text("mine", encoding="utf-8")
    work = work_in(tmp_path / "work")
    done = read_partitions(work, cut([news / "a.jsonl"], 8000), words=False, labelled=False)
    sort(work, done, str(news / "themes.topics"), "1", str(tmp_path / "rows"), ".jsonl")
    assert first.read_text(encoding="utf-8") == "mine"


def test_another_form_is_refused(tmp_path, news):
    work = work_in(tmp_path / "work")
    done = read_partitions(work, cut([news / "a.jsonl"], 8000), words=False, labelled=False)
    with pytest.raises(SettingsError, match="sorted is parquet or jsonl"):
        sort(work, done, "x", "1", str(tmp_path), ".csv")
