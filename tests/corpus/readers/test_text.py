import pytest

from topics.corpus import Corpus
from topics.corpus.readers.text import Parts, is_byline, split_parts
from topics.errors import ReadError

FILE = "بلدية المدينة تفتتح مكتبة جديدة\n\nسلمى الناصري – صوت الميناء\nافتتحت البلدية المكتبة صباح اليوم.\n\nيضم المبنى قاعتين.\n"


def test_a_text_file_is_title_byline_and_text(tmp_path):
    path = tmp_path / "مكتبة.txt"
    path.write_text(FILE, encoding="utf-8")
    corpus = Corpus.read(path)
    article = corpus[0]
    assert article.id == "مكتبة"
    assert article.title == "بلدية المدينة تفتتح مكتبة جديدة"
    assert article.extra == {"byline": "سلمى الناصري – صوت الميناء"}
    assert article.text == "افتتحت البلدية المكتبة صباح اليوم.\n\nيضم المبنى قاعتين."
    assert len(article.paragraphs) == 2
    assert corpus.skipped == ()


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("عنوان\nنص الخبر", Parts("عنوان", None, "نص الخبر"), id="no byline"),
        pytest.param("سطر واحد لا غير", Parts(None, None, "سطر واحد لا غير"), id="one line"),
        pytest.param("\n\n عنوان \n\n\nفقرة\n", Parts("عنوان", None, "فقرة"), id="blank lines"),
        pytest.param("عنوان\nبقلم ليلى حداد\nنص", Parts("عنوان", "بقلم ليلى حداد", "نص"), id="by"),
        pytest.param("عنوان\nليلى حداد - الأفق", Parts("عنوان", None, "ليلى حداد - الأفق"), id="byline without text"),
        pytest.param("", Parts(None, None, ""), id="empty"),
    ],
)
def test_parts_are_found(text, want):
    assert split_parts(text) == want


@pytest.mark.parametrize(
    "line",
    ["ليلى حداد – الأفق", "ليلى حداد وسامي نور - جريدة الأفق", "بقلم: سامي نور", "Par Sami Nour", "إعداد ليلى حداد"],
)
def test_a_line_that_names_who_wrote_is_a_byline(line):
    assert is_byline(line)


@pytest.mark.parametrize(
    "line",
    [
        "الرباط – وكالات",
        "افتتح المعرض أبوابه – وسط إقبال كبير.",
        "المباراة انتهت 2 - 1",
        "قال الوزير: سنفتتح الطريق - قريبا",
        "كتب الوزير رسالة طويلة إلى كل سكان المدينة يشرح فيها الأسباب",
        "نص عادي بلا شرطة",
        "",
    ],
)
def test_a_line_of_the_text_is_no_byline(line):
    assert not is_byline(line)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \n\t\n", "ـــ \u064e\u200f\u202e ﹰ".encode()])
def test_a_file_without_words_is_counted_as_empty(tmp_path, data):
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    corpus = Corpus.read(path)
    assert len(corpus) == 0
    assert [row.reason for row in corpus.skipped] == ["no text"]
    with pytest.raises(ReadError, match=r"a\.txt: no text"):
        Corpus.read(path, strict=True)


def test_the_code_page_is_named_and_no_fault(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(FILE.replace("–", "-").encode("cp1256"))
    corpus = Corpus.read(path, strict=True)
    assert corpus[0].title == "بلدية المدينة تفتتح مكتبة جديدة"
    assert [(row.reason[:14], row.outcome) for row in corpus.skipped] == [("read as cp1256", "noted")]


def test_controls_are_removed_and_counted(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("عن\x00وان\r\nنص\x1b طويل عن المدينة والميناء\x85\r\n", encoding="utf-8", newline="")
    corpus = Corpus.read(path)
    assert (corpus[0].title, corpus[0].text) == ("عنوان", "نص طويل عن المدينة والميناء")
    assert corpus.skipped.by_reason() == {"control characters removed": 3}
    with pytest.raises(ReadError, match="control characters removed"):
        Corpus.read(path, strict=True)


def test_mojibake_is_flagged_and_repaired_on_request_only(tmp_path):
    good = "عنوان الخبر\nأعلن مجلس المدينة اليوم عن مشروع جديد"
    path = tmp_path / "a.txt"
    path.write_text(good.encode().decode("latin-1"), encoding="utf-8")
    flagged = Corpus.read(path)
    assert flagged[0].title != "عنوان الخبر"
    assert "looks like mojibake (decoded with a wrong table)" in flagged.skipped.by_reason()
    repaired = Corpus.read(path, repair=True)
    assert repaired[0].full == good
    assert list(repaired.skipped.by_reason()) == ["mojibake repaired; offsets refer to the repaired text"]


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(bytes(range(32)) * 100)
    assert [row.reason for row in Corpus.read(path).skipped] == ["is not text"]
