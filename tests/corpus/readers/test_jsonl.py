import contextlib
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.corpus import Corpus
from topics.corpus.readers.jsonl import parse_line
from topics.errors import ReadError

GOOD = {"id": "1", "title": "عنوان", "text": "نص الخبر عن الميناء", "themes": ["port"], "قسم": "محلي"}


def written(path, *lines):
    path.write_text(
        "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines),
        encoding="utf-8",
    )
    return path


def test_fields_are_found_and_own_columns_kept_in_order(tmp_path):
    row = {"z": 1, **GOOD, "date": "2026-03-01T10:00:00", "أ": {"k": [1, None]}}
    article = Corpus.read(written(tmp_path / "a.jsonl", row))[0]
    assert (article.id, article.title, article.themes) == ("1", "عنوان", ("port",))
    assert article.date.isoformat() == "2026-03-01"
    assert list(article.extra.items()) == [("z", 1), ("قسم", "محلي"), ("أ", {"k": [1, None]})]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param("{not json", "not JSON", id="no json"),
        pytest.param('{"text": NaN}', "NaN is no value", id="nan"),
        pytest.param('{"text": "x", "n": 1e999}', "number too large", id="infinite"),
        pytest.param('{"text": "x", "n": -Infinity}', "Infinity is no value", id="constant"),
        pytest.param('{"text": "x", "n": ' + "9" * 5000 + "}", "integer too large", id="5000 digits"),
        pytest.param('{"text": "x", "n": 9223372036854775808}', "integer too large", id="65 bits"),
        pytest.param("[" * 100_000, "nested too deep", id="deep list"),
        pytest.param('{"a":' * 100_000, "nested too deep", id="deep object"),
        pytest.param('{"text": "x", "n": ' + "[" * 200 + "]" * 200 + "}", "nested more than 50", id="200 deep"),
        pytest.param('{"text": "a", "text": "b"}', "'text' occurs twice", id="duplicate key"),
        pytest.param('["text"]', "not a JSON object", id="list"),
        pytest.param("null", "not a JSON object", id="null"),
        pytest.param('{"text": ["x"]}', "the text is no text but list", id="text list"),
        pytest.param('{"text": 3}', "the text is no text but int", id="text number"),
        pytest.param('{"text": ""}', "no text", id="empty text"),
        pytest.param('{"title": "x"}', "no column is known as the text", id="no text column"),
        pytest.param('{"text": "x", "themes": {"a": 1}}', "themes is no list", id="themes object"),
    ],
)
def test_a_bad_line_is_skipped_with_its_number(tmp_path, line, reason):
    path = written(tmp_path / "a.jsonl", GOOD, "", line, GOOD | {"id": "2"})
    corpus = Corpus.read(path)
    assert [article.id for article in corpus] == ["1", "2"]
    assert [(row.line, row.outcome) for row in corpus.skipped] == [(3, "skipped")]
    assert reason in corpus.skipped[0].reason
    with pytest.raises(ReadError, match=r"a\.jsonl, line 3"):
        Corpus.read(path, strict=True)


@pytest.mark.parametrize(
    ("changes", "attribute", "want"),
    [
        ({"themes": None}, "themes", None),
        ({"themes": []}, "themes", ()),
        ({"themes": ["none"]}, "themes", ()),
        ({"themes": "a;b"}, "themes", ("a", "b")),
        ({"themes": ["ميناء\u200f"]}, "themes", ("ميناء",)),
        ({"themes": [3, "", None]}, "themes", ("3",)),
        ({"title": None}, "title", None),
        ({"title": 2030}, "title", "2030"),
        ({"id": 7}, "id", "7"),
        ({"source": " "}, "source", None),
        ({"date": None}, "date", None),
    ],
)
def test_values_are_taken_as_they_are_meant(tmp_path, changes, attribute, want):
    corpus = Corpus.read(written(tmp_path / "a.jsonl", GOOD | changes), strict=True)
    assert getattr(corpus[0], attribute) == want


@pytest.mark.parametrize(
    ("label", "want"),
    [
        ("localNews", ("localNews",)),
        ("رياضة\u200f", ("رياضة",)),
        ("سياسة، اقتصاد", ("سياسة، اقتصاد",)),
        ("", None),
        (None, None),
        (4, ("4",)),
        ("none", ()),
    ],
)
def test_a_label_column_is_one_theme(tmp_path, label, want):
    corpus = Corpus.read(written(tmp_path / "a.jsonl", {"text": "نص", "label": label}), strict=True)
    assert corpus[0].themes == want


def test_an_unreadable_date_is_kept_and_counted(tmp_path):
    corpus = Corpus.read(written(tmp_path / "a.jsonl", GOOD | {"date": "غدا"}))
    assert corpus[0].date is None
    assert corpus[0].extra["input_date"] == "غدا"
    assert corpus.skipped.total("repaired") == 1


def test_paragraph_themes_are_read_or_left_out_with_a_count(tmp_path):
    rows = [
        {"id": "a", "text": "فقرة\n\nأخرى", "paragraph_themes": [["port"], []]},
        {"id": "b", "text": "فقرة", "paragraph_themes": [[], []]},
    ]
    corpus = Corpus.read(written(tmp_path / "a.jsonl", *rows))
    assert corpus["a"].paragraph_themes == (("port",), ())
    assert corpus["b"].paragraph_themes is None
    assert [(row.line, row.outcome) for row in corpus.skipped] == [(2, "repaired")]


def test_hostile_characters_are_repaired_at_any_depth(tmp_path):
    line = '{"text": "نص\\u0000 \\ud800 \\u202e", "own": [{"k\\u0001": "\\udfff"}]}'
    corpus = Corpus.read(written(tmp_path / "a.jsonl", line))
    assert corpus[0].text == "نص \ufffd \u202e"
    assert corpus[0].extra == {"own": [{"k": "\ufffd"}]}
    assert corpus.skipped.by_reason() == {"control characters removed": 1, "invalid bytes replaced by U+FFFD": 2}


def test_an_id_that_was_used_before_is_skipped_with_its_line(tmp_path):
    path = written(tmp_path / "a.jsonl", GOOD, GOOD | {"text": "نص آخر"})
    corpus = Corpus.read(path)
    assert len(corpus) == 1
    assert [(row.line, row.reason) for row in corpus.skipped] == [(2, "its id was used before")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1256"])
def test_other_encodings_are_read(tmp_path, encoding):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(GOOD, ensure_ascii=False) + "\n", encoding=encoding)
    assert Corpus.read(path)[0].text == GOOD["text"]


def test_gzip_is_undone_and_a_damaged_one_refused_by_name(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(GOOD).encode() * 1))
    assert len(Corpus.read(path)) == 1
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(ReadError, match=r"a\.jsonl\.gz: the gzip file is cut short or damaged"):
        Corpus.read(path)
    path.write_bytes(b"no gzip at all")
    with pytest.raises(ReadError, match="damaged"):
        Corpus.read(path)


def test_a_file_in_which_no_line_has_a_text_is_an_error_that_shows_the_columns(tmp_path):
    path = written(tmp_path / "a.jsonl", {"عنوان": "x", "كلام": "y"})
    with pytest.raises(ReadError, match=r'columns: عنوان, كلام.*columns=\{"text"'):
        Corpus.read(path)
    assert Corpus.read(path, columns={"text": "كلام"})[0].full == "x\ny"


@given(st.text(max_size=50) | st.from_regex(r'\{("[ab]": ?([0-9]+|NaN|"x"|\[\]),? ?)*\}', fullmatch=True))
def test_a_line_is_an_object_or_has_a_reason(line):
    with contextlib.suppress(ValueError):
        assert isinstance(parse_line(line), dict)


@pytest.mark.parametrize("indent", [None, 2])
def test_a_json_file_may_be_one_list_or_one_object(tmp_path, indent):
    rows = [{"id": "1", "text": "خبر"}, 7, {"id": "2", "text": "آخر"}]
    path = tmp_path / "a.json"
    path.write_text("\ufeff\n" + json.dumps(rows, indent=indent, ensure_ascii=False), encoding="utf-8")
    corpus = Corpus.read(path)
    assert [article.id for article in corpus] == ["1", "2"]
    assert corpus.skipped.by_reason() == {"item 2 of the list is not a JSON object": 1}
    path.write_text(json.dumps(rows[0], indent=indent), encoding="utf-8")
    assert [article.id for article in Corpus.read(path)] == ["1"]


def test_a_json_file_of_lines_is_read_line_by_line(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"id": "1", "text": "خبر"}\nbroken\n{"id": "2", "text": "آخر"}\n', encoding="utf-8")
    corpus = Corpus.read(path)
    assert [article.id for article in corpus] == ["1", "2"]
    assert [row.line for row in corpus.skipped] == [2]
    path.write_text("[" * 100_000, encoding="utf-8")
    assert [row.reason for row in Corpus.read(path).skipped] == ["not JSON: nested too deep"]
