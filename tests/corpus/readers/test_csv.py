import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.corpus import Corpus
from topics.corpus.readers.csv import sniff_delimiter, unguard
from topics.corpus.writers import guard
from topics.errors import ReadError, SettingsError


def written(path, text, encoding="utf-8"):
    path.write_text(text, encoding=encoding, newline="")
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    path = written(tmp_path / "a.csv", f'id{delimiter}text\r\n1{delimiter}"خبر, أول; عن\tالميناء"\r\n')
    assert Corpus.read(path)[0].text == "خبر, أول; عن\tالميناء"


@pytest.mark.parametrize(
    ("head", "want"), [("id;title,fr;text\n", ";"), ("id,title;x,text\n", ","), ("text\n", ","), ("", ",")]
)
def test_known_columns_decide_between_delimiters(head, want):
    assert sniff_delimiter(head) == want


@pytest.mark.parametrize(
    "header",
    [
        "المعرّف,العنوان,النص,التاريخ,الجريدة,التصنيف",
        "رقم,عنوان الخبر,المحتوى,تاريخ النشر,المصدر,الفئة",
        "Identifiant,Titre,Contenu,Date de publication,Journal,Catégorie",
        "ID,Headline,Body,Published_At,Newspaper,Category",
        "\u200fid\u200f,TITLE, text ,date,source,label",
    ],
)
def test_columns_are_guessed_in_three_languages(tmp_path, header):
    path = written(tmp_path / "a.csv", f"{header}\n7,عنوان,نص الخبر,2026-03-01,الأفق,ميناء\n")
    article = Corpus.read(path, strict=True)[0]
    assert (article.id, article.title, article.text, article.source) == ("7", "عنوان", "نص الخبر", "الأفق")
    assert article.date.year == 2026
    assert article.themes == ("ميناء",)
    assert article.extra == {}


def test_columns_can_be_set_and_kept_from_being_guessed(tmp_path):
    path = written(tmp_path / "a.csv", "text,body,category\nملخص,الخبر كله,7\n")
    article = Corpus.read(path, columns={"text": "body", "themes": None})[0]
    assert (article.text, article.themes) == ("الخبر كله", None)
    assert article.extra == {"input_text": "ملخص", "category": "7"}


def test_a_column_that_is_not_there_is_named_with_a_suggestion(tmp_path):
    path = written(tmp_path / "a.csv", "id,body\n1,خبر\n")
    with pytest.raises(ReadError, match="no column 'bodi'; did you mean body"):
        Corpus.read(path, columns={"text": "bodi"})
    with pytest.raises(SettingsError, match="'txet' is none; did you mean text"):
        Corpus.read(path, columns={"txet": "body"})


def test_a_quoted_cell_may_hold_lines_quotes_and_an_article_of_any_length(tmp_path):
    long = "خبر " * 60_000
    path = written(tmp_path / "a.csv", f'id,text\n1,"سطر ""أول""\r\nسطر ثان"\n2,{long}\n')
    corpus = Corpus.read(path)
    assert corpus["1"].text == 'سطر "أول"\nسطر ثان'
    assert corpus["2"].text == long


def test_ragged_rows_are_skipped_with_the_line_on_which_they_begin(tmp_path):
    path = written(tmp_path / "a.csv", 'id,text\n1,"أ\nب"\n2\n3,ج,د\n\n,\n4,هـ نص\n')
    corpus = Corpus.read(path)
    assert [article.id for article in corpus] == ["1", "4"]
    assert [(row.line, row.reason[:11]) for row in corpus.skipped] == [(4, "has 1 cells"), (5, "has 3 cells")]
    with pytest.raises(ReadError, match=r"a\.csv, line 4: has 1 cells where the table has 2 columns"):
        Corpus.read(path, strict=True)


def test_a_quote_that_never_closes_takes_the_rest_and_breaks_nothing(tmp_path):
    path = written(tmp_path / "a.csv", 'id,text\n1,خبر أول\n2,"خبر ثان\n3,خبر ثالث\n')
    corpus = Corpus.read(path)
    assert [article.id for article in corpus] == ["1", "2"]


def test_duplicate_ids_are_skipped_and_counted(tmp_path):
    corpus = Corpus.read(written(tmp_path / "a.csv", "id,text\n1,خبر\n1,خبر آخر\n"))
    assert len(corpus) == 1
    assert [(row.line, row.reason) for row in corpus.skipped] == [(3, "its id was used before")]


def test_two_columns_of_one_name_are_numbered(tmp_path):
    corpus = Corpus.read(written(tmp_path / "a.csv", "text,note,note,\nخبر,أ,ب,ج\n"))
    assert corpus[0].extra == {"note": "أ", "note_2": "ب", "column_4": "ج"}
    assert corpus.skipped.total("repaired") == 1


def test_themes_are_separated_as_people_do(tmp_path):
    corpus = Corpus.read(
        written(tmp_path / "a.csv", 'id,text,themes\n1,خبر,a|b\n2,خبر,a؛ b\n3,خبر,"a، b"\n4,خبر,none\n5,خبر,\n')
    )
    assert [article.themes for article in corpus] == [("a", "b")] * 3 + [(), None]


@pytest.mark.parametrize("text", ["", "id,text\n", "\ufeff", "\n\n"])
def test_a_table_without_rows_is_counted_as_empty(tmp_path, text):
    corpus = Corpus.read(written(tmp_path / "a.csv", text))
    assert len(corpus) == 0
    assert [row.reason for row in corpus.skipped] == ["the file is empty"]


@pytest.mark.parametrize("encoding", ["cp1256", "utf-16", "utf-8-sig"])
def test_other_encodings_are_read(tmp_path, encoding):
    corpus = Corpus.read(written(tmp_path / "a.csv", "العنوان;النص\nخبر;نص الخبر عن المدينة والميناء\n", encoding))
    assert corpus[0].title == "خبر"


def test_the_limit_of_the_csv_module_was_the_reason_for_ours():
    assert csv.field_size_limit() >= 1 << 28


@given(st.text(max_size=8))
def test_a_guarded_cell_reads_back_equal(cell):
    assert unguard(guard(cell)) == cell
