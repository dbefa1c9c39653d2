"""Texts from all the alphabets that reach an Arabic newsroom, broken ones included."""

from hypothesis import strategies as st

from topics.arabic import letters


def _points(*ranges):
    return st.one_of([st.integers(first, last).map(chr) for first, last in ranges])


ARABIC = _points((0x0600, 0x06FF), (0x0620, 0x064A), (0x0750, 0x077F), (0x08A0, 0x08FF))
PRESENTATION = _points((0xFB50, 0xFDFF), (0xFE70, 0xFEFF))
MARKS = _points((0x064B, 0x065F), (0x0610, 0x061A), (0x06D6, 0x06ED), (0x0300, 0x036F))
CONTROLS = _points(*letters.INVISIBLE, (0x0600, 0x0605))
OTHER = st.one_of(
    _points((0x20, 0x7E), (0xA0, 0x24F), (0x1F300, 0x1FAFF), (0x1F1E6, 0x1F1FF), (0xD800, 0xDFFF)),
    st.characters(codec=None),
)
COMMON = st.sampled_from([*list("اأإآىيةهوفبلكمنالسر  ـَ0123٤٥۶.,/:-_%@#\n"), "ال", "لل", "هـ", "م ", " 2025 "])
WORDS = st.sampled_from(
    [
        "والمغرب",
        "بالأمن",
        "مارس",
        " 15 ",
        "كانون",
        " الثاني ",
        "كوفيد",
        "-19",
        "شهر ",
        "www.a",
        "http://",
        "a@b.co",
        "عبد",
        " اللطيف",
    ]
)
arabic_text = st.lists(st.one_of(COMMON, COMMON, ARABIC, WORDS, MARKS, PRESENTATION, CONTROLS, OTHER), max_size=40).map(
    "".join
)
