import gzip
import io
import json
import stat
import time
import tracemalloc
import zipfile

import pytest

from topics.corpus import Corpus
from topics.corpus.readers import caps
from topics.errors import ReadError

TEXT = "عنوان\nنص الخبر عن المدينة"


def packed(path, members, *, compression=zipfile.ZIP_DEFLATED):
    """A zip of (name or entry, bytes or text)."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, data)
    return path


def entry(name, mode=0, flags=0):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.flag_bits |= flags
    return info


def test_a_zip_is_read_as_the_folder_it_was_made_from(tmp_path):
    path = packed(
        tmp_path / "مدونة.zip",
        {
            "ميناء/ب.txt": TEXT,
            "city/x/c.md": "# عنوان\nنص",
            "2026/d.jsonl": '{"text": "خبر", "id": "d"}',
            "e.csv": "id,text\n7,خبر\n",
            "f.jsonl.gz": gzip.compress('{"text": "خبر مضغوط", "id": "f"}'.encode()),
            "README.txt": "لا شيء",
            "__MACOSX/e.csv": "x",
            ".hidden.txt": "x",
            "empty/": "",
        },
    )
    corpus = Corpus.read(path)
    assert [(article.id, article.themes) for article in corpus] == [
        ("d", None),
        ("city/x/c", ("city",)),
        ("7", None),
        ("f", None),
        ("ميناء/ب", ("ميناء",)),
    ]
    assert corpus.skipped.total() == 0
    assert list(Corpus.stream(path)) == list(corpus)


def test_the_one_folder_that_holds_everything_is_no_theme(tmp_path):
    for name, members in (("a.zip", {"a/x.txt": TEXT}), ("b.zip", {"top/sea/x.txt": TEXT, "top/y.txt": TEXT})):
        ids = [(article.id, article.themes) for article in Corpus.read(packed(tmp_path / name, members))]
        assert ids == ([("x", None)] if name == "a.zip" else [("sea/x", ("sea",)), ("y", None)])
    assert Corpus.read(packed(tmp_path / "c.zip", {"sea/x.txt": TEXT}))[0].themes == ("sea",)


@pytest.mark.parametrize("top", ["", "corpus/"])
def test_a_folder_corpus_may_be_packed(tmp_path, top):
    articles = json.dumps({"id": "1", "text": "نص", "themes": ["port"]})
    members = {
        f"{top}articles.jsonl": articles,
        f"{top}themes.toml": '[sea]\nanchors = ["موج"]\n',
        f"{top}notes.txt": TEXT,
    }
    corpus = Corpus.read(packed(tmp_path / "x.zip", members))
    assert [article.id for article in corpus] == ["1"]
    assert list(corpus.themes) == ["sea", "port"]
    assert corpus.themes["sea"].anchors == ("موج",)


BAD = [
    pytest.param("../../x.txt", "absolute or leads out", id="above"),
    pytest.param("a/../../x.txt", "absolute or leads out", id="above inside"),
    pytest.param("/etc/x.txt", "absolute or leads out", id="absolute"),
    pytest.param("C:/x.txt", "absolute or leads out", id="drive"),
    pytest.param("C:\\x.txt", "absolute or leads out", id="backslash"),
    pytest.param("..\\x.txt", "absolute or leads out", id="backslash above"),
    pytest.param("inner.zip", "archive inside an archive", id="nested zip"),
    pytest.param("inner.tar.gz", "archive inside an archive", id="nested tar"),
    pytest.param("photo.bmp", "no reader for .bmp", id="no reader"),
]


@pytest.mark.parametrize(("name", "reason"), BAD)
def test_members_that_are_not_read_are_counted_and_nothing_is_written(tmp_path, name, reason):
    (tmp_path / "in").mkdir()
    path = packed(tmp_path / "in" / "a.zip", {"good.txt": TEXT, name: b"x"})
    before = sorted(tmp_path.rglob("*"))
    corpus = Corpus.read(path)
    assert [article.id for article in corpus] == ["good"]
    assert corpus.skipped.total() == 1
    assert reason in corpus.skipped[0].reason
    assert sorted(tmp_path.rglob("*")) == before
    with pytest.raises(ReadError):
        Corpus.read(path, strict=True)


def test_a_name_with_a_nul_is_not_read(tmp_path):
    path = packed(tmp_path / "a.zip", {"good.txt": TEXT, "evil_.txt": TEXT})
    path.write_bytes(path.read_bytes().replace(b"evil_.txt", b"evil\0.txt"))
    corpus = Corpus.read(path)
    assert [article.id for article in corpus] == ["good"]
    assert corpus.skipped.total() == 1


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_not_followed(tmp_path, kind):
    secret = tmp_path / "secret.txt"
    secret.write_text(TEXT, encoding="utf-8")
    path = packed(tmp_path / "a.zip", [("good.txt", TEXT), (entry("link.txt", kind | 0o777), str(secret))])
    corpus = Corpus.read(path)
    assert [article.id for article in corpus] == ["good"]
    assert corpus.skipped.by_reason() == {"is a link or a device, not a file": 1}


def test_a_bomb_is_skipped_without_unpacking_it(tmp_path):
    path = packed(tmp_path / "a.zip", {"good.txt": TEXT})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("bomb.txt", "w") as file:
        for _ in range(420):
            file.write(b" " * (1 << 20))
    assert path.stat().st_size < 500_000
    tracemalloc.start()
    start = time.perf_counter()
    corpus = Corpus.read(path)
    assert time.perf_counter() - start < 2
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100 << 20
    assert [article.id for article in corpus] == ["good"]
    assert corpus.skipped.by_reason() == {"unpacks to more than any text does": 1}


def test_a_member_that_lies_about_its_size_is_stopped_while_unpacking(tmp_path, monkeypatch):
    monkeypatch.setattr(caps, "MAX_MEMBER", 1 << 20)
    path = packed(tmp_path / "a.zip", {"good.txt": TEXT, "bomb.jsonl.gz": gzip.compress(b" " * (4 << 20))})
    corpus = Corpus.read(path)
    assert [article.id for article in corpus] == ["good"]
    assert corpus.skipped.by_reason() == {"unpacks to more than 1 MiB": 1}


def test_a_name_that_occurs_twice_is_read_once(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = packed(tmp_path / "a.zip", [("a.txt", TEXT), ("a.txt", "آخر\nنص")])
    corpus = Corpus.read(path)
    assert [article.title for article in corpus] == ["آخر"] or [article.title for article in corpus] == ["عنوان"]
    assert corpus.skipped.by_reason() == {"its name occurs twice": 1}


def test_a_damaged_or_locked_member_is_skipped_and_counted(tmp_path):
    stored = packed(tmp_path / "a.zip", {"good.txt": TEXT, "bad.txt": TEXT * 9}, compression=zipfile.ZIP_STORED)
    data = bytearray(stored.read_bytes())
    data[data.rfind(TEXT.encode(), 0, data.find(b"PK\x01\x02")) + 4] ^= 1
    stored.write_bytes(data)
    corpus = Corpus.read(stored)
    assert [article.id for article in corpus] == ["good"]
    assert corpus.skipped[0].reason.startswith("is damaged")
    locked = packed(tmp_path / "b.zip", {"good.txt": TEXT, "locked.txt": TEXT})
    data = bytearray(locked.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    locked.write_bytes(data)
    assert Corpus.read(locked).skipped.by_reason() == {"is encrypted": 1}


def test_a_member_of_a_format_that_is_damaged_does_not_take_the_others_with_it(tmp_path):
    path = packed(tmp_path / "a.zip", {"good.txt": TEXT, "bad.docx": b"no", "bad.parquet": b"no", "bad.xlsx": b"no"})
    corpus = Corpus.read(path)
    assert [article.id for article in corpus] == ["good"]
    assert sorted(row.file.rpartition("/")[2] for row in corpus.skipped) == ["bad.docx", "bad.parquet", "bad.xlsx"]
    with pytest.raises(ReadError, match=r"a\.zip/bad\.docx"):
        Corpus.read(path, strict=True)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1256"])
def test_names_that_are_not_marked_as_utf8_are_read_as_they_were_meant(tmp_path, encoding):
    name = "المدينة والميناء/خبر من المدينة.txt"
    raw = name.encode(encoding)
    path = packed(tmp_path / "a.zip", {"x" * len(raw): TEXT, "good.txt": TEXT})
    path.write_bytes(path.read_bytes().replace(b"x" * len(raw), raw))
    assert "المدينة والميناء/خبر من المدينة" in [article.id for article in Corpus.read(path)]


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06", b"no zip", b"PK\x03\x04" + b"\0" * 50])
def test_what_is_no_zip_is_refused_by_name(tmp_path, data):
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    with pytest.raises(ReadError, match=r"a\.zip: is no zip archive or a damaged one"):
        Corpus.read(path)


@pytest.mark.parametrize("cut", [0.01, 0.5, 0.99])
def test_a_zip_that_was_cut_is_refused(tmp_path, cut):
    path = packed(tmp_path / "a.zip", {f"{k}.txt": TEXT for k in range(50)})
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * cut)])
    with pytest.raises(ReadError, match=r"a\.zip: is no zip archive or a damaged one"):
        Corpus.read(path)


def test_a_hundred_thousand_members_are_too_many(tmp_path, monkeypatch):
    monkeypatch.setattr(caps, "MAX_MEMBERS", 10)
    path = packed(tmp_path / "a.zip", {f"{k}.txt": TEXT for k in range(11)})
    with pytest.raises(ReadError, match="holds more than 10 files; unpack it and give the folder"):
        Corpus.read(path)


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.tgz", "a.7z", "a.rar"])
def test_other_archives_are_refused_by_name(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(gzip.compress(b"x") if name.endswith("gz") else io.BytesIO(b"x").getvalue())
    with pytest.raises(ReadError, match=r"archives are not read; unpack it and give the folder, or use zip"):
        Corpus.read(path)


def test_a_zip_in_a_folder_is_skipped_and_counted(tmp_path):
    packed(tmp_path / "a.zip", {"x.txt": TEXT})
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")
    corpus = Corpus.read(tmp_path)
    assert [article.id for article in corpus] == ["b"]
    assert corpus.skipped.by_reason() == {"is an archive; give it by itself": 1}
