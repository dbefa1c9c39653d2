"""The model that ships is the one that its script makes."""

from __future__ import annotations

import runpy

import numpy as np
import pytest

from topics import Article, Corpus, ThemeModel, bundle, load
from topics.errors import BundleError, ReadError
from topics.models.shipped import DEFAULT, shipped

SPORT = "فاز المنتخب على ضيفه بهدفين في مباراة الدوري وتأهل إلى نهائي كأس العالم لكرة القدم"


def test_the_default_model_is_loaded_by_its_name():
    model = load(DEFAULT)
    assert isinstance(model, ThemeModel)
    assert list(model.themes) == ["security", "migration", "sport"]
    assert model.sort([Article(text=SPORT)]).primary.tolist() == ["sport"]


def test_a_name_that_neither_exists_nor_ships_is_told_what_does():
    with pytest.raises(ReadError, match=DEFAULT):
        load("themes-martian")


def test_what_lies_on_the_disk_comes_before_what_ships(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / DEFAULT).write_bytes(b"mine")
    with pytest.raises(BundleError, match="themes-ar"):
        load(DEFAULT)


def test_bundles_that_ship_are_small():
    assert shipped()
    assert max(path.stat().st_size for path in shipped().values()) < 3_000_000


def test_it_learnt_from_the_demo_corpus_as_it_is(project):
    assert load(DEFAULT).fingerprint == Corpus.read(project / "corpora/demo").fingerprint


@pytest.mark.slow
def test_its_script_makes_the_same_model_again(project, tmp_path):
    build = runpy.run_path(str(project / "experiments/pretrained.py"))["build"]
    again, ships = bundle.read(build(tmp_path)), bundle.read(shipped()[DEFAULT])
    assert list(again.terms) == list(ships.terms)
    assert set(again.arrays) == set(ships.arrays)
    for name, values in again.arrays.items():
        np.testing.assert_allclose(values, ships.arrays[name], rtol=0, atol=1e-6, err_msg=name)
    for probe, kept in zip(again.probes, ships.probes, strict=True):
        assert probe["text"] == kept["text"]
        np.testing.assert_allclose(probe["scores"], kept["scores"], rtol=0, atol=1e-6)
    model, kept = load(build(tmp_path)), load(DEFAULT)
    texts = [Article(text=str(probe["text"])) for probe in ships.probes]
    assert model.sort(texts).themes.tolist() == kept.sort(texts).themes.tolist()
