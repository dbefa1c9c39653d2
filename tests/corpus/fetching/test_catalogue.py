from __future__ import annotations

import re

import pytest

from topics.corpus.fetching import File, find_entry, read_catalogue
from topics.corpus.fetching.catalogue import entry_of
from topics.errors import SettingsError

CATALOGUE = read_catalogue()
FACTS = {"title": "t", "licence": "l", "citation": "c", "page": "https://example.org", "verified": ["there"]}


def test_the_corpora_that_researchers_ask_for_are_listed():
    assert set(CATALOGUE) == {
        "ant",
        "saudinewsnet",
        "mnad",
        "sanad",
        "nadia",
        "khaleej-2004",
        "watan-2004",
        "amina",
    }


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=lambda entry: entry.name)
def test_an_entry_says_terms_and_where_each_fact_was_read(entry):
    assert all((entry.title, entry.licence, entry.citation, *entry.verified))
    assert entry.page.startswith("https://")
    assert bool(entry.files) != bool(entry.by_hand)
    assert "\n" not in entry.citation


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=lambda entry: entry.name)
def test_files_are_https_bounded_and_named_apart(entry):
    assert all(file.address.startswith("https://") and file.cap > 0 for file in entry.files)
    assert all(re.fullmatch("[0-9a-f]{64}", file.sha256) for file in entry.files if file.sha256)
    assert len({file.name for file in entry.files}) == len(entry.files)
    assert all(re.fullmatch(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+", host) for host in entry.hosts)


def test_sizes_of_files_are_summed():
    assert CATALOGUE["saudinewsnet"].size == 29_014_166  # download_size in Hugging Face's dataset_infos.json
    assert not CATALOGUE["saudinewsnet"].size_rounded
    assert CATALOGUE["mnad"].size_rounded
    assert CATALOGUE["ant"].size is None


def test_a_name_nearly_right_gets_a_suggestion():
    with pytest.raises(SettingsError, match=r"no corpus 'saudinewsnett'.*saudinewsnet"):
        find_entry("saudinewsnett")


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ({"name": "../a", "address": "https://example.org", "size": 1}, "no plain file name"),
        ({"name": ".a", "address": "https://example.org", "size": 1}, "no plain file name"),
        ({"name": "a", "address": "http://example.org", "size": 1}, "only https"),
        ({"name": "a", "address": "https://example.org"}, "neither size nor at_most"),
    ],
)
def test_a_file_that_could_do_harm_is_no_file(file, message):
    with pytest.raises(SettingsError, match=message):
        File(**file)


@pytest.mark.parametrize("wrong", [{"verified": []}, {"layout": "rar"}])
def test_an_entry_that_nobody_verified_is_none(wrong):
    with pytest.raises(SettingsError, match="where it was verified"):
        entry_of("a", FACTS | wrong)
