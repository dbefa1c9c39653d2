import io
import sys

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.corpus import Article, Corpus, write
from topics.corpus import excel as module
from topics.corpus.excel import CUT, MAX_CELL, cell_value, text_cell
from topics.errors import MissingExtra, WriteError

FORMULAS = [
    "=1+1",
    "+x",
    "-x",
    "@x",
    "\tx",
    "\rx",
    "\0=x",
    "＝x",
    "＋x",
    "－x",
    "＠x",
    '=HYPERLINK("http://x")',
    "#N/A",
    "=" * 9,
]


def cells(path):
    return [list(row) for row in openpyxl.load_workbook(path).active.iter_rows()]


def test_no_cell_is_a_formula_whatever_it_begins_with(tmp_path):
    path = tmp_path / "a.xlsx"
    write([{"id": text, text: text} for text in FORMULAS], path)
    found = [cell for row in cells(path) for cell in row if cell.value is not None]
    assert len(found) > 3 * len(FORMULAS) - 4
    assert {cell.data_type for cell in found} == {"s"}
    assert found[0].value == "id"


def test_numbers_stay_numbers_and_negative_ones_too(tmp_path):
    path = tmp_path / "a.xlsx"
    write(
        [{"n": -5, "share": -0.25, "flag": True, "text": "-5", "nothing": None, "huge": 2**60, "nan": float("nan")}],
        path,
    )
    row = cells(path)[1]
    assert [cell.value for cell in row] == [-5, -0.25, True, "-5", None, str(2**60), None]
    assert [cell.data_type for cell in row][:4] == ["n", "n", "b", "s"]


def test_the_sheet_reads_right_to_left_and_its_head_stays(tmp_path):
    path = tmp_path / "a.xlsx"
    write([{"عنوان": "خبر"}], path)
    sheet = openpyxl.load_workbook(path).active
    assert sheet.sheet_view.rightToLeft
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("char", ["خ", "x", "\U0001f600"])
def test_a_text_that_is_too_long_is_cut_with_a_mark(tmp_path, char):
    fits, long = char * (MAX_CELL // (2 if char > "\uffff" else 1)), char * 40_000
    assert text_cell(fits) == fits
    cut = text_cell(long)
    assert cut.endswith(CUT)
    assert len(cut.encode("utf-16-le")) // 2 <= MAX_CELL
    assert len(cut) > len(fits) - 3 * len(CUT)
    path = tmp_path / "a.xlsx"
    write([{"text": long}], path)
    assert cells(path)[1][0].value == cut


@given(st.text(max_size=20) | st.characters(codec=None))
def test_any_text_at_all_can_be_a_cell(text):
    book = io.BytesIO()
    module.write_xlsx([{"a": text, "themes": [text]}], book, ["a", "themes"])
    assert openpyxl.load_workbook(book).active is not None


def test_what_xml_cannot_hold_is_replaced_or_removed():
    assert text_cell("أ\ufffe\uffff\x01\ud800ب") == "أ\ufffd\ufffd\ufffdب"
    assert cell_value(["a", "b"], column="themes") == "a|b"
    assert cell_value(None, column="themes") == ""
    assert cell_value([], column="themes") == "none"
    assert cell_value({"k": [1]}) == '{"k": [1]}'


def test_equal_rows_give_equal_bytes(tmp_path, monkeypatch):
    corpus = Corpus([Article("نص الخبر", id="1", extra={"n": 1})])
    corpus.write(tmp_path / "a.xlsx")
    import time

    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    corpus.write(tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_more_than_a_sheet_holds_is_refused_and_nothing_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_ROWS", 3)
    with pytest.raises(WriteError, match=r"more rows than the 3 of a sheet; write \.csv"):
        write([{"a": 1}] * 3, tmp_path / "a.xlsx")
    with pytest.raises(WriteError, match="columns do not fit"):
        write([{str(k): 1 for k in range(20_000)}], tmp_path / "a.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("suffix", "package"), [(".xlsx", "openpyxl"), (".parquet", "pyarrow")])
def test_without_the_extra_the_hint_is_one_line(tmp_path, monkeypatch, suffix, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=rf"{package} is not installed; run: pip install 'arabic-topics\[files\]'"):
        write([{"a": 1}], tmp_path / f"a{suffix}")
    assert list(tmp_path.iterdir()) == []
