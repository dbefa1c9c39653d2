from __future__ import annotations

import io
import json
import zipfile

import pytest

from topics.corpus import Corpus
from topics.corpus.fetching import Patience, fetch, find_entry
from topics.corpus.fetching.catalogue import entry_of
from topics.errors import ReadError, SettingsError, WriteError

FACTS = {
    "title": "أخبار",
    "licence": "CC BY 4.0",
    "citation": "Somebody (2020)",
    "page": "https://example.org",
    "verified": ["there"],
}
PATIENCE = Patience(timeout=5, attempts=2, pause=0)


def zipped(members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return packed.getvalue()


def day(*contents):
    rows = [
        {"source": "صحيفة", "url": "u", "date_extracted": "2015-07-21 10:00:00", "title": "عنوان", "content": content}
        for content in contents
    ]
    return zipped({"2015-07-21.json": json.dumps(rows)})


def entry_at(server, files, **more):
    """An entry whose files lie on the server."""
    each = more.pop("of_files", {})
    tables = [
        {"name": name, "address": server.serve(f"/{name}", data), "at_most": 1_000_000} | each
        for name, data in files.items()
    ]
    return entry_of("small", FACTS | {"files": tables} | more)


def test_archives_become_one_folder_corpus_with_its_terms(server, tmp_path):
    files = {"1.zip": day("نص أول", "نص ثان"), "2.zip": day("نص ثالث", "")}
    entry = entry_at(server, files, columns={"date": "date_extracted"}, note="a day too late")
    seen = []
    found = fetch(entry, tmp_path / "c", accept_licence=True, patience=PATIENCE, progress=lambda *o: seen.append(o))
    corpus = Corpus.read(tmp_path / "c")
    assert (found.n_articles, len(corpus)) == (4, 4)
    assert corpus[0].date.isoformat() == "2015-07-21"
    assert dict(corpus[0].extra) == {"url": "u"}
    assert found.skipped.by_reason() == {"no text, only a title": 1}
    readme = (tmp_path / "c" / "README.md").read_text(encoding="utf-8")
    for fact in ("CC BY 4.0", "Somebody (2020)", "a day too late", entry.files[0].address, "4 articles"):
        assert fact in readme
    assert {name for name, _, _ in seen} == {"1.zip", "2.zip"}


def test_the_second_run_does_nothing(server, tmp_path):
    entry = entry_at(server, {"1.zip": day("نص")})
    fetch(entry, tmp_path, accept_licence=True, patience=PATIENCE)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    again = fetch(entry, tmp_path, accept_licence=True, patience=PATIENCE)
    assert (again.n_articles, again.was_there) == (1, True)
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert len(server.requests) == 1


def test_what_a_stopped_run_left_is_gone_on_with(server, tmp_path):
    entry = entry_at(server, {"1.zip": day("نص أول"), "2.zip": day("نص ثان")})
    whole, server.paths["/2.zip"].statuses = server.paths["/2.zip"], [404]
    with pytest.raises(ReadError, match="answers 404"):
        fetch(entry, tmp_path, accept_licence=True, patience=PATIENCE)
    assert not (tmp_path / "articles.jsonl").exists()
    server.paths["/2.zip"] = whole
    assert fetch(entry, tmp_path, accept_licence=True, patience=PATIENCE).n_articles == 2
    assert [path for path, _ in server.requests].count("/1.zip") == 1


def test_tagged_files_of_a_repository_are_read_with_their_themes(server, tmp_path):
    text = "<DOC><DOCNO>{0}</DOCNO><CAT>sport</CAT><TITLE>عنوان</TITLE><TEXT>نص {0}</TEXT></DOC>"
    members = {f"x-master/sport/{n}.txt": text.format(n) for n in range(3)} | {"x-master/README.md": "about"}
    entry = entry_at(server, {"x.zip": zipped(members)}, layout="tagged")
    assert fetch(entry, tmp_path, accept_licence=True, patience=PATIENCE).n_articles == 3
    corpus = Corpus.read(tmp_path)
    assert [article.id for article in corpus] == ["0", "1", "2"]
    assert list(corpus.themes) == ["sport"]


def test_a_table_gets_the_newspaper_that_its_file_is_of(server, tmp_path):
    table = "Title,Body,Category\nعنوان,نص,رياضة\n".encode()
    entry = entry_at(server, {"a.csv": table}, of_files={"source": "Hespress.ma"})
    fetch(entry, tmp_path, accept_licence=True, patience=PATIENCE)
    (article,) = Corpus.read(tmp_path)
    assert (article.source, article.title, article.themes) == ("Hespress.ma", "عنوان", ("رياضة",))


def test_an_article_that_stands_there_twice_is_there_twice(server, tmp_path):
    entry = entry_at(server, {"1.zip": day("نص", "نص", "نص")})
    fetch(entry, tmp_path, accept_licence=True, patience=PATIENCE)
    ids = [article.id for article in Corpus.read(tmp_path, strict=True)]
    assert ids == [ids[0], f"{ids[0]}-2", f"{ids[0]}-3"]


def test_equal_files_give_equal_bytes(server, tmp_path):
    entry = entry_at(server, {"1.zip": day("نص أول", "نص ثان")})
    for name in ("a", "b"):
        fetch(entry, tmp_path / name, accept_licence=True, patience=PATIENCE)
    for name in ("articles.jsonl", "README.md", "fetched.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_nothing_is_asked_before_the_licence_is_accepted(server, tmp_path):
    entry = entry_at(server, {"1.zip": day("نص")})
    with pytest.raises(SettingsError, match="nothing was fetched; read its licence"):
        fetch(entry, tmp_path / "c")
    assert (server.requests, list(tmp_path.iterdir())) == ([], [])


def test_a_corpus_without_an_address_says_how_to_get_it(tmp_path):
    with pytest.raises(SettingsError, match=r"download it by hand from https://.*; then: topics corpus convert"):
        fetch(find_entry("sanad"), tmp_path, accept_licence=True)
    assert list(tmp_path.iterdir()) == []


def test_articles_of_somebody_else_are_not_replaced(server, tmp_path):
    (tmp_path / "articles.jsonl").write_text("mine")
    with pytest.raises(WriteError, match="is there and was not fetched"):
        fetch(entry_at(server, {"1.zip": day("نص")}), tmp_path, accept_licence=True, patience=PATIENCE)
    assert (tmp_path / "articles.jsonl").read_text() == "mine"
    assert server.requests == []


def test_articles_that_were_edited_are_not_replaced(server, tmp_path):
    entry = entry_at(server, {"1.zip": day("نص")})
    fetch(entry, tmp_path, accept_licence=True, patience=PATIENCE)
    (tmp_path / "articles.jsonl").write_text("edited")
    with pytest.raises(WriteError, match="was changed after it was fetched"):
        fetch(entry, tmp_path, accept_licence=True, patience=PATIENCE)
    (tmp_path / "articles.jsonl").unlink()
    assert fetch(entry, tmp_path, accept_licence=True, patience=PATIENCE).n_articles == 1
    assert len(server.requests) == 1


def test_the_folder_of_another_corpus_is_left_alone(server, tmp_path):
    fetch(entry_at(server, {"1.zip": day("نص")}), tmp_path, accept_licence=True, patience=PATIENCE)
    with pytest.raises(WriteError, match="holds another corpus"):
        fetch(entry_at(server, {"2.zip": day("نص")}), tmp_path, accept_licence=True, patience=PATIENCE)


@pytest.mark.parametrize("record", [b"", b"[]", b"\xff"])
def test_a_record_that_cannot_be_read_is_told(server, tmp_path, record):
    (tmp_path / "fetched.json").write_bytes(record)
    with pytest.raises((ReadError, WriteError), match="choose"):
        fetch(entry_at(server, {"1.zip": day("نص")}), tmp_path, accept_licence=True, patience=PATIENCE)
    assert server.requests == []


def test_files_without_articles_are_told(server, tmp_path):
    entry = entry_at(server, {"1.zip": zipped({"a.bin": "x"})})
    with pytest.raises(ReadError, match="no articles were found"):
        fetch(entry, tmp_path, accept_licence=True, patience=PATIENCE)
    assert not (tmp_path / "articles.jsonl").exists()


def test_a_file_where_the_folder_should_be_is_told(server, tmp_path):
    (tmp_path / "c").write_text("a file")
    with pytest.raises((ReadError, WriteError), match="choose"):
        fetch(entry_at(server, {"1.zip": day("نص")}), tmp_path / "c", accept_licence=True, patience=PATIENCE)


def test_names_that_lead_out_of_an_archive_write_nothing(server, tmp_path):
    members = {"../../evil.json": json.dumps([{"text": "شر"}]), "a.json": json.dumps([{"text": "خير"}])}
    found = fetch(entry_at(server, {"1.zip": zipped(members)}), tmp_path / "c", accept_licence=True, patience=PATIENCE)
    assert found.n_articles == 1
    assert [path.name for path in tmp_path.iterdir()] == ["c"]
