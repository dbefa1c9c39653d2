from __future__ import annotations

import json

import pytest
from file_server import serving

from topics.corpus import Corpus
from topics.corpus.fetching.catalogue import entry_of, read_catalogue

TABLE = "Title,Body,Category\nعنوان,نص أول,رياضة\nعنوان,نص ثان,اقتصاد\n".encode()


@pytest.fixture
def server():
    with serving() as running:
        yield running


@pytest.fixture
def small(server, monkeypatch):
    """A catalogue of one corpus, whose file this machine serves."""
    entry = entry_of(
        "small",
        {
            "title": "A small corpus",
            "n_articles": 2,
            "licence": "CC BY 4.0",
            "citation": "Somebody (2020)",
            "page": "https://example.org/small",
            "verified": ["there"],
            "files": [{"name": "small.csv", "address": server.serve("/small.csv", TABLE), "size": len(TABLE)}],
        },
    )
    monkeypatch.setattr("topics.corpus.fetching.catalogue.read_catalogue", lambda: {"small": entry})
    return entry


def test_without_a_name_the_catalogue_is_listed(topics_command):
    code, out, err = topics_command("corpus", "fetch")
    assert (code, err) == (0, "")
    assert out.splitlines()[0].split() == ["name", "articles", "size", "fetched", "licence"]
    rows = {line.split()[0]: line for line in out.splitlines()[1:]}
    assert list(rows) == list(read_catalogue())
    assert "29.0 MB" in rows["saudinewsnet"]
    assert "by hand" in rows["sanad"]


def test_the_catalogue_is_json_lines_on_request(topics_command):
    code, out, _ = topics_command("corpus", "fetch", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [row["name"] for row in rows] == list(read_catalogue())
    assert all(row["licence"] and row["citation"] and row["verified"] for row in rows)


def test_terms_come_first_and_nothing_is_fetched_without_acceptance(topics_command, small, server, tmp_path):
    code, out, err = topics_command("corpus", "fetch", "small", "--out", tmp_path / "c")
    assert code == 1
    for fact in ("CC BY 4.0", "Somebody (2020)", "0.0 MB", small.files[0].address, "https://example.org/small"):
        assert fact in out
    assert err == "topics: small: nothing was fetched; if you accept this licence, add --accept-licence\n"
    assert (server.requests, list(tmp_path.iterdir())) == ([], [])


def test_terms_are_json_on_request(topics_command, small):
    code, out, _ = topics_command("corpus", "fetch", "small", "--json")
    assert code == 1
    assert json.loads(out)["licence"] == "CC BY 4.0"


def test_with_acceptance_there_is_a_folder_corpus(topics_command, small, server, tmp_path):
    call = ("corpus", "fetch", "small", "--accept-licence", "--out", tmp_path / "c")
    code, out, err = topics_command(*call)
    assert (code, err) == (0, "")
    assert "CC BY 4.0" in out
    assert out.splitlines()[-1].startswith("2 articles in ")
    assert str(tmp_path / "c") in out.splitlines()[-1]
    assert len(Corpus.read(tmp_path / "c")) == 2
    code, out, _ = topics_command(*call)
    assert code == 0
    assert out.splitlines()[-1] == "It was there already; nothing was fetched."
    assert len(server.requests) == 1


def test_what_was_fetched_is_json_on_request(topics_command, small, tmp_path):
    code, out, _ = topics_command("corpus", "fetch", "small", "--accept-licence", "--json", "--out", tmp_path / "c")
    facts = json.loads(out)
    assert code == 0
    assert (facts["n_articles"], facts["skipped"], facts["was_there"]) == (2, 0, False)
    assert facts["corpus"]["licence"] == "CC BY 4.0"
    assert facts["out"] == str(tmp_path / "c")


def test_by_default_the_folder_bears_the_name(topics_command, small, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert topics_command("corpus", "fetch", "small", "--accept-licence")[0] == 0
    assert (tmp_path / "small" / "articles.jsonl").is_file()


@pytest.mark.parametrize("accepted", [[], ["--accept-licence"]])
def test_a_corpus_without_an_address_says_how_to_get_it(topics_command, accepted):
    code, out, err = topics_command("corpus", "fetch", "nadia", *accepted)
    assert code == 1
    assert "none that its publisher documents" in out
    assert "download it by hand from https://data.mendeley.com/datasets/hhrb7phdyx/2" in err
    assert err.count("\n") == 1


def test_an_unknown_name_is_one_line(topics_command):
    code, out, err = topics_command("corpus", "fetch", "sanadd")
    assert (code, out) == (1, "")
    assert "no corpus 'sanadd'; did you mean sanad" in err


def test_a_server_that_says_no_is_one_line(topics_command, small, server, tmp_path):
    server.paths.clear()
    code, _, err = topics_command("corpus", "fetch", "small", "--accept-licence", "--out", tmp_path)
    assert code == 1
    assert err == f"topics: {small.files[0].address}: the server answers 404 (Not Found); see the publisher's page\n"


def test_ctrl_c_says_that_the_command_goes_on(topics_command, small, tmp_path, monkeypatch):
    def interrupted(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("topics.corpus.fetching.fetch", interrupted)
    code, _, err = topics_command("corpus", "fetch", "small", "--accept-licence", "--out", tmp_path)
    assert code == 130
    assert err == "topics: stopped; what came is kept, the same command goes on from there\n"


def test_a_file_whose_size_changed_is_told_and_nothing_is_kept(topics_command, small, server, tmp_path):
    server.serve("/small.csv", TABLE + TABLE)
    code, _, err = topics_command("corpus", "fetch", "small", "--accept-licence", "--out", tmp_path)
    assert code == 1
    assert "the publisher changed the file" in err
    assert not list(tmp_path.rglob("small.csv*"))
