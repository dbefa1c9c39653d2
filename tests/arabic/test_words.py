import time

import pytest

from topics.arabic import words


def found(text):
    return [(span.kind, text[span.start : span.end]) for span in words.spans(text)]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("قرأ الطَّالِبُ", [("arabic", "قرأ"), ("arabic", "الطَّالِبُ")], id="marks belong to their word"),
        pytest.param("المغـــرب", [("arabic", "المغـــرب")], id="inner tatweel"),
        pytest.param("كتابـ", [("arabic", "كتاب")], id="a trailing tatweel stays outside"),
        pytest.param("الم\ufeffغرب", [("arabic", "الم\ufeffغرب")], id="an invisible character joins"),
        pytest.param("مونديال2030", [("arabic", "مونديال"), ("number", "2030")], id="Arabic and digits part"),
        pytest.param("G20 و5g", [("latin", "G20"), ("arabic", "و"), ("latin", "5g")], id="Latin keeps its digits"),
        pytest.param("أفرو-آسيوي", [("arabic", "أفرو"), ("arabic", "آسيوي")], id="hyphens part"),
        pytest.param("#كأس_أمم", [("arabic", "كأس"), ("arabic", "أمم")], id="a hashtag is its words"),
        pytest.param("١٢٫٥٪ و1,000", [("number", "١٢٫٥٪"), ("arabic", "و"), ("number", "1,000")], id="numbers"),
        pytest.param("12:30.", [("number", "12:30")], id="a point after a number is none of it"),
        pytest.param(
            "زر www.x.ma/أخبار.", [("arabic", "زر"), ("url", "www.x.ma/أخبار")], id="URL without its full stop"
        ),
        pytest.param("(https://a.b/c?d=1)", [("url", "https://a.b/c?d=1")], id="URL in brackets"),
        pytest.param("راسل n.a+b@x-y.co.ma،", [("arabic", "راسل"), ("email", "n.a+b@x-y.co.ma")], id="e-mail"),
        pytest.param("من @Bayt_news", [("arabic", "من"), ("user", "@Bayt_news")], id="mention"),
        pytest.param("محمد\ufdfaقال", [("arabic", "محمد"), ("arabic", "قال")], id="a sentence in one sign is no word"),
        pytest.param("5\ufdfc", [("number", "5"), ("rial", "\ufdfc")], id="rial"),
        pytest.param("\u0600\u0661", [("number", "\u0600\u0661")], id="a number sign is one grapheme with its number"),
        pytest.param("é e\u0301t", [("latin", "é"), ("latin", "e\u0301t")], id="Latin marks"),
        pytest.param("Привет 你好 שלום", [], id="other scripts are no words"),
    ],
)
def test_finds_words(text, want):
    assert found(text) == want


def test_the_key_of_a_span_tells_that_it_was_stretched():
    assert [span.key for span in words.spans("بـ ب")] == ["بـ", "ب"]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        pytest.param("ذهب. وعاد! هل بقي؟ نعم…", ["ذهب.", "وعاد!", "هل بقي؟", "نعم…"], id="ends"),
        pytest.param("قال د. سعيد كلاما. ثم صمت", ["قال د. سعيد كلاما.", "ثم صمت"], id="an initial ends nothing"),
        pytest.param("بلغت 3.5 نقطة، ثم زادت؛ وهبطت.", ["بلغت 3.5 نقطة، ثم زادت؛ وهبطت."], id="comma and number"),
        pytest.param("قال: «انتهى.» ثم خرج", ["قال: «انتهى.»", "ثم خرج"], id="closing quotes go along"),
        pytest.param("سطر\nآخر", ["سطر", "آخر"], id="a line's end"),
        pytest.param("انظر www.a.ma/b.html الآن", ["انظر www.a.ma/b.html الآن"], id="URL"),
        pytest.param("  \n ", [], id="blank"),
    ],
)
def test_finds_sentences(text, want):
    assert [text[start:end] for start, end in words.sentences(text)] == want


def test_paragraphs_are_the_lines_with_text():
    text = "  أولى \r\n\n \u2028ثانية\n"
    assert [text[start:end] for start, end in words.paragraphs(text)] == ["أولى", "ثانية"]


@pytest.mark.parametrize("run", [".", "!؟", ".»", "…"])
def test_a_megabyte_of_ends_of_sentences_is_read_in_linear_time(run):
    """FAULTS.md 25."""
    began = time.perf_counter()
    assert len(words.sentences(run * (1_000_000 // len(run)) + "ا")) == 1
    assert time.perf_counter() - began < 30
