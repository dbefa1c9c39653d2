import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.corpus.readers import encodings
from topics.corpus.readers.encodings import clean, decode, detect, looks_like_mojibake, repair_mojibake

TEXT = (
    "أعلنت بلدية المدينة، صباح اليوم، افتتاح المكتبة العمومية الجديدة أمام القراء والطلبة. يضم المبنى قاعتين للمطالعة."
)

# A shaper small enough for one sentence: cp864 holds letters in the shapes they take, not letters.
_CP864 = {}
for _byte in range(0x80, 0x100):
    _CP864.setdefault(bytes([_byte]).decode("cp864", "replace"), _byte)


def shaped(text):
    """The sentence in presentation forms: isolated or initial where nothing joins, final or medial where it does."""
    import unicodedata

    forms = {}
    for char in _CP864:
        kind, *letters = unicodedata.decomposition(char).split() or [""]
        if char >= "\ufe70" and len(letters) == 1:
            forms.setdefault(chr(int(letters[0], 16)), {})[kind] = char
    out, joined = [], False
    for here, after in zip(text, text[1:] + " ", strict=True):
        shapes = forms.get(here, {})
        joins = here not in "اأإآدذرزوؤةىء" and after in forms and bool(shapes)
        order = {
            (False, False): ("<isolated>", "<initial>"),
            (False, True): ("<initial>", "<isolated>"),
            (True, False): ("<final>", "<isolated>", "<medial>", "<initial>"),
            (True, True): ("<medial>", "<initial>", "<final>"),
        }[joined, joins]
        out.append(next((shapes[kind] for kind in order if kind in shapes), here))
        joined = joins
    return "".join(out)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [TEXT, "Le festival de Fès s'ouvre à midi.", "٣ أيام"])
def test_unicode_is_decoded_with_and_without_a_bom(encoding, text):
    assert decode(text.encode(encoding))[0] == text


def test_utf16_that_begins_with_latin_is_known_too():
    assert decode("FIFA 2030: المغرب".encode("utf-16-le"))[0] == "FIFA 2030: المغرب"


@pytest.mark.parametrize("encoding", ["cp1256", "iso8859_6", "mac_arabic", "cp720"])
@pytest.mark.parametrize("length", [20, 60, len(TEXT)])
def test_arabic_code_pages_are_told_apart_from_few_letters(encoding, length):
    whole = TEXT.replace("،", "")  # which cp720 lacks
    for start in range(0, max(len(whole) - length, 0) + 1, 7):
        piece = whole[start : start + length]
        text, repairs = decode(piece.encode(encoding))
        assert (text, repairs.encoding) == (piece, encoding)


def test_cp864_is_known_by_its_shapes():
    text, repairs = decode(shaped(TEXT).encode("cp864", "replace"))
    assert repairs.encoding == "cp864"
    assert "\ufe8e" in text


def test_french_in_an_arabic_code_page_is_read_right():
    text = "Le président a été reçu à Rabat, où il a déjà séjourné. " + TEXT
    assert decode(text.encode("cp1256"))[0] == text


def test_a_damaged_byte_does_not_turn_utf8_into_another_encoding():
    data = TEXT.encode()
    cut, repairs = decode(data[:-1] + b"\xd9")
    assert repairs.encoding == "utf-8"
    assert repairs.replaced == 1
    assert cut == TEXT[:-1] + "\ufffd"
    broken = TEXT[:20].encode() + b"\xff" + TEXT[20:].encode()
    assert decode(broken)[1].replaced == 1


def test_the_whole_file_decides_even_when_its_head_is_ascii():
    chunks = [b"id,text\n", b"1,abc\n" * 50_000, "2,المدينة الجديدة والمكتبة العمومية\n".encode("cp1256")]
    assert detect(chunks) == "cp1256"
    assert detect([b"id,text\n", TEXT.encode()[:9], TEXT.encode()[9:]]) == "utf-8"


@pytest.mark.parametrize(
    "data", [b"", codecs.BOM_UTF8, b" \n\t ", b"\x00" * 8, b"\xff", b"\xff\xfe", bytes(range(256))]
)
def test_no_bytes_at_all_can_break_it(data):
    text, _ = decode(data)
    text.encode("utf-8")


@given(st.binary(max_size=60))
def test_whatever_is_decoded_can_be_written_and_holds_no_control(data):
    text, _ = decode(data)
    text.encode("utf-8")
    assert clean(text) == (text, 0, 0)


@given(st.text(max_size=40))
def test_cleaning_twice_changes_nothing_and_counts_what_went(text):
    once, controls, replaced = clean(text)
    assert clean(once) == (once, 0, 0)
    assert len(once) == len(text.replace("\r\n", "\n")) - controls
    assert once.count("\ufffd") == text.count("\ufffd") + replaced


@pytest.mark.parametrize(
    ("source", "want"),
    [
        ("أ\x00ب\x1bج\x85", ("أبج", 3, 0)),
        ("أ\ud800ب\udfff", ("أ\ufffdب\ufffd", 0, 2)),
        ("أ\r\nب\rج\tد\n", ("أ\nب\nج\tد\n", 0, 0)),
        ("\ufffe\uffff\U000e0001", ("\ufffe\uffff\U000e0001", 0, 0)),
        ("\u200f\u202eأ", ("\u200f\u202eأ", 0, 0)),
    ],
)
def test_controls_go_and_surrogates_are_replaced(source, want):
    assert clean(source) == want


WRONG = [("utf-8", "cp1252"), ("utf-8", "latin-1"), ("utf-8", "cp1256"), ("cp1256", "cp1252"), ("cp1256", "latin-1")]


@pytest.mark.parametrize(("right", "wrong"), WRONG)
def test_mojibake_is_flagged_and_can_be_undone(right, wrong):
    good = "أعلن مجلس المدينة اليوم عن مشروع جديد للنقل العمومي"
    bad = good.encode(right).decode(wrong)
    assert looks_like_mojibake(bad)
    assert repair_mojibake(bad) == good


@pytest.mark.parametrize(
    "text", [TEXT, "Le président a été reçu à l'Élysée, où « il » a déclaré…", "«قال» – 50 £", "", "ظ… ط§", "§§§§"]
)
def test_right_text_is_not_taken_for_mojibake(text):
    assert not looks_like_mojibake(text) or text == "ظ… ط§"
    assert repair_mojibake(TEXT) == TEXT


def test_every_code_page_is_one_that_python_has():
    for name in encodings.CODE_PAGES:
        codecs.lookup(name)
