import json

import pytest

from topics.corpus import Corpus
from topics.errors import ReadError, SettingsError


def put(folder, name, text="عنوان\nنص الخبر"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_folder_corpus_has_articles_and_themes(tmp_path):
    put(tmp_path, "articles.jsonl", json.dumps({"id": "1", "text": "نص", "themes": ["port", "other"]}))
    put(tmp_path, "themes.toml", '[port]\nanchors = ["ميناء"]\n[sea]\n')
    put(tmp_path, "notes.txt")
    corpus = Corpus.read(tmp_path)
    assert [article.id for article in corpus] == ["1"]
    assert list(corpus.themes) == ["port", "sea", "other"]


def test_a_tree_is_read_in_order_and_a_subfolder_is_a_theme(tmp_path):
    for name in ("ميناء/ب.txt", "ميناء/أ.txt", "city/x/c.txt", "2026/03/d.txt", "e.txt", "none/f.txt"):
        put(tmp_path, name)
    corpus = Corpus.read(tmp_path)
    assert [(article.id, article.themes) for article in corpus] == [
        ("2026/03/d", None),
        ("city/x/c", ("city",)),
        ("e", None),
        ("none/f", ()),
        ("ميناء/أ", ("ميناء",)),
        ("ميناء/ب", ("ميناء",)),
    ]
    assert corpus.skipped.total() == 0


def test_themes_of_an_article_go_before_the_folder(tmp_path):
    put(
        tmp_path,
        "city/a.jsonl",
        '{"text": "نص", "themes": ["port"]}\n{"text": "نص آخر"}\n{"text": "ثالث", "themes": []}',
    )
    assert [article.themes for article in Corpus.read(tmp_path)] == [("port",), ("city",), ()]


def test_what_is_not_an_article_is_skipped_and_counted(tmp_path):
    put(tmp_path, "a.txt")
    put(tmp_path, "photo.bmp")
    put(tmp_path, "table.csv", "x,y\n1,2\n")
    for name in (".hidden.txt", ".git/config.txt", "README.txt", "LICENSE", "~$draft.txt"):
        put(tmp_path, name)
    corpus = Corpus.read(tmp_path)
    assert [article.id for article in corpus] == ["a"]
    assert sorted(row.reason[:19] for row in corpus.skipped) == ["no column is known ", "no reader for .bmp"]


def test_a_ring_of_links_is_not_followed(tmp_path):
    put(tmp_path, "in/a.txt")
    (tmp_path / "in" / "ring").symlink_to(tmp_path, target_is_directory=True)
    assert [article.id for article in Corpus.read(tmp_path)] == ["in/a"]


def test_several_paths_are_one_corpus(tmp_path):
    put(tmp_path, "a.txt")
    put(tmp_path, "b.jsonl", '{"id": "b", "text": "نص"}')
    assert [article.id for article in Corpus.read([tmp_path / "b.jsonl", str(tmp_path / "a.txt")])] == ["b", "a"]


def test_a_path_that_leads_nowhere_is_named(tmp_path):
    with pytest.raises(ReadError, match=r"nowhere\.txt: no such file or folder"):
        Corpus.read(tmp_path / "nowhere.txt")
    put(tmp_path, "a.xyz")
    with pytest.raises(ReadError, match=r"a\.xyz: no reader for \.xyz; give one of"):
        Corpus.read(tmp_path / "a.xyz")
    with pytest.raises(SettingsError, match="a path"):
        Corpus.read([])
