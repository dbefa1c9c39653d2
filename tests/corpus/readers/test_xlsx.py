import contextlib
import datetime as dt
import gzip
import zipfile

import openpyxl
import pytest

from topics.corpus import Corpus
from topics.errors import ReadError


def written(path, *sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for place, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"ورقة {place}")
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_columns_are_guessed_and_cells_taken_as_they_are_meant(tmp_path):
    path = written(
        tmp_path / "a.xlsx",
        [
            ["المعرف", "العنوان", "النص", "التاريخ", "المصدر", "التصنيف", "رقم العدد"],
            [7, "عنوان", "نص الخبر", dt.datetime(2026, 3, 1), "الأفق", "ميناء", 12.5],  # noqa: DTZ001
            [8, None, "نص آخر", "2026-03-02", None, None, dt.datetime(2026, 1, 1, 9, 30)],  # noqa: DTZ001
        ],
    )
    corpus = Corpus.read(path, strict=True)
    assert [(a.id, a.title, a.text, a.themes) for a in corpus] == [
        ("7", "عنوان", "نص الخبر", ("ميناء",)),
        ("8", None, "نص آخر", None),
    ]
    assert [a.date.day for a in corpus] == [1, 2]
    assert [a.extra for a in corpus] == [{"رقم العدد": 12.5}, {"رقم العدد": "2026-01-01T09:30:00"}]


def test_blank_rows_are_nothing_and_long_ones_are_skipped_with_their_row(tmp_path):
    path = written(tmp_path / "a.xlsx", [[], ["id", "text", None], [], ["1", "خبر"], ["2", "خبر", "زائد"], ["3"]])
    corpus = Corpus.read(path)
    assert [a.id for a in corpus] == ["1"]
    assert [(row.line, row.reason) for row in corpus.skipped] == [
        (5, "has 3 cells where the table has 2 columns"),
        (6, "no text"),
    ]
    with pytest.raises(ReadError, match=r"a\.xlsx, line 5: has 3 cells"):
        Corpus.read(path, strict=True)


def test_every_sheet_with_a_text_is_read(tmp_path):
    path = written(tmp_path / "a.xlsx", [["id", "text"], ["1", "خبر"]], [["n", "x"], [1, 2]], [], [["نص"], ["خبر ثان"]])
    corpus = Corpus.read(path)
    assert [a.text for a in corpus] == ["خبر", "خبر ثان"]
    assert [(row.file.rpartition("/")[2], row.line) for row in corpus.skipped] == [("a.xlsx [ورقة 2]", 2)]


def test_two_columns_of_one_name_are_numbered(tmp_path):
    corpus = Corpus.read(written(tmp_path / "a.xlsx", [["text", "n", "n", None, "z"], ["خبر", 1, 2, 3, 4]]))
    assert corpus[0].extra == {"n": 1, "n_2": 2, "column_4": 3, "z": 4}
    assert corpus.skipped.total("repaired") == 1


def test_a_table_without_a_text_shows_its_columns(tmp_path):
    with pytest.raises(ReadError, match="columns: كلام"):
        Corpus.read(written(tmp_path / "a.xlsx", [["كلام"], ["خبر"]]))
    path = written(tmp_path / "b.xlsx", [["كلام"], ["خبر"]])
    assert Corpus.read(path, columns={"text": "كلام"})[0].text == "خبر"


@pytest.mark.parametrize("rows", [[], [["id", "text"]]])
def test_a_workbook_without_rows_is_counted_as_empty(tmp_path, rows):
    corpus = Corpus.read(written(tmp_path / "a.xlsx", rows))
    assert [row.reason for row in corpus.skipped] == ["the file is empty"]


def test_formulas_give_their_last_value_and_are_never_run(tmp_path):
    path = written(tmp_path / "a.xlsx", [["text", "n"], ["خبر", "=1+1"]])
    assert Corpus.read(path)[0].extra == {"n": None}


def test_a_packed_one_is_read_too(tmp_path):
    path = written(tmp_path / "a.xlsx", [["text"], ["خبر"]])
    packed = tmp_path / "b.xlsx.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert Corpus.read(packed)[0].text == "خبر"


@pytest.mark.parametrize("cut", [0, 10, 0.5, 0.99])
def test_a_damaged_one_is_refused_by_name(tmp_path, cut):
    path = written(tmp_path / "a.xlsx", [["text"], *(["خبر"] for _ in range(500))])
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * cut) if cut < 1 else cut])
    with pytest.raises(ReadError, match=r"a\.xlsx: is no "):
        Corpus.read(path)


def test_entities_are_not_expanded_and_a_bomb_is_refused(tmp_path):
    path = written(tmp_path / "a.xlsx", [["text"], ["خبر"]])
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    name = next(name for name in members if "sheet1" in name)
    lol = "".join(f'<!ENTITY l{k} "{f"&l{k - 1};" * 10}">' for k in range(1, 12)).encode()
    text = members[name].replace("خبر".encode(), b"&l11;")
    for bomb in (b'<!DOCTYPE x [<!ENTITY l0 "x">' + lol + b"]>" + text, b"<a>" + b" " * (64 << 20)):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for member, data in (members | {name: bomb}).items():
                new.writestr(member, data)
        with contextlib.suppress(ReadError):
            assert sum(len(article.text) for article in Corpus.read(path)) < 1000
