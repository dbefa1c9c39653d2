import contextlib
import io
import sys
import zipfile

import docx
import pytest
from docx.oxml import parse_xml

from topics.corpus import Corpus
from topics.errors import MissingExtra, ReadError

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def written(path, *lines, table=()):
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    if table:
        grid = document.add_table(rows=len(table), cols=len(table[0]))
        for row, cells in zip(grid.rows, table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    document.save(path)
    return document


def repacked(path, changes):
    """The document with members replaced, as an attacker would."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()} | changes
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in members.items():
            new.writestr(name, data)


def test_a_document_is_title_byline_and_text(tmp_path):
    path = tmp_path / "مكتبة.docx"
    written(path, "مكتبة جديدة", "ليلى حداد – الأفق", "افتتحت المكتبة اليوم.", "", table=[["القاعة", "2"]])
    article = Corpus.read(path, strict=True)[0]
    assert (article.id, article.title, article.extra) == ("مكتبة", "مكتبة جديدة", {"byline": "ليلى حداد – الأفق"})
    assert article.text == "افتتحت المكتبة اليوم.\n\nالقاعة\n2"


def test_links_breaks_and_insertions_are_text_and_what_was_struck_out_is_not(tmp_path):
    path = tmp_path / "a.docx"
    document = docx.Document()
    document.add_paragraph("عنوان")
    body = document.add_paragraph("أول")._p
    body.append(parse_xml(f"<w:ins {W}><w:r><w:t> مضاف</w:t></w:r></w:ins>"))
    body.append(parse_xml(f"<w:del {W}><w:r><w:delText> محذوف</w:delText></w:r></w:del>"))
    body.append(parse_xml(f"<w:hyperlink {W}><w:r><w:t> رابط</w:t><w:br/><w:t>سطر</w:t></w:r></w:hyperlink>"))
    document.save(path)
    assert Corpus.read(path)[0].text == "أول مضاف رابط\nسطر"


def test_a_long_first_paragraph_is_no_title(tmp_path):
    path = tmp_path / "a.docx"
    written(path, "خبر طويل " * 50, "تتمة الخبر.")
    article = Corpus.read(path)[0]
    assert article.title is None
    assert article.text.endswith("\nتتمة الخبر.")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no document", b"\xd0\xcf\x11\xe0" * 100])
def test_what_is_no_document_is_refused_by_name(tmp_path, data):
    path = tmp_path / "a.docx"
    path.write_bytes(data)
    with pytest.raises(ReadError, match=r"a\.docx: is no (zip archive|Word document) or a damaged one .*save it again"):
        Corpus.read(path)


def test_a_zip_that_is_no_document_is_refused_by_name(tmp_path):
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(ReadError, match=r"a\.docx: is no Word document"):
        Corpus.read(path)


def test_entities_are_not_expanded_and_a_bomb_is_refused(tmp_path):
    path = tmp_path / "a.docx"
    written(path, "عنوان", "نص الخبر")
    lol = "".join(f'<!ENTITY l{k} "{f"&l{k - 1};" * 10}">' for k in range(1, 12))
    xml = f'<!DOCTYPE x [<!ENTITY l0 "x">{lol}]><w:document {W}><w:body><w:p><w:r><w:t>خبر &l11;</w:t></w:r></w:p></w:body></w:document>'
    repacked(path, {"word/document.xml": xml.encode()})
    with contextlib.suppress(ReadError):
        assert sum(len(article.full) for article in Corpus.read(path)) < 1000
    repacked(path, {"word/document.xml": b"<a>" + b" " * (64 << 20)})
    with pytest.raises(ReadError, match="as a zip bomb would"):
        Corpus.read(path)


def test_without_the_extra_the_hint_is_one_line(tmp_path, monkeypatch):
    path = tmp_path / "a.docx"
    path.write_bytes(io.BytesIO().getvalue())
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(MissingExtra, match=r"python-docx is not installed"):
        Corpus.read(path)
