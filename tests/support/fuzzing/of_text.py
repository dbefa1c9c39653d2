"""Bytes to text to tokens to forms: never an exception, and every invariant of ARABIC.md, section 2."""

from __future__ import annotations

import re

from arabic_invariants import ANALYZERS, check_forms_are_final, check_normal_forms_agree, check_spans, check_ways_agree

from fuzzing.targets import Target
from topics.corpus.readers import encodings

_LONGEST = 2_000  # characters: the invariants are checked in Python, letter by letter
_LEFT_OVER = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_SEEDS = (
    "وقال وزير الداخلية يوم 15 شتنبر 2025 إن 12 مهاجرا وصلوا إلى سبتة عبر https://example.org/خبر",
    "الْعَرَبِيَّةُ لُغَةٌ جَمِيلَةٌ ﷺ، وكتـــاب كوفيد-19 في إفريقيا ٤٥٪ و١٢٫٥ مليون",
    "عبد اللطيف الحموشي، 3 كانون الثاني/يناير، a@b.co و@user و#وسم_جديد بـFacebook",
    "ﻻ ﷲ ﻣﺤﻤﺪ ہے کتاب گوگل پاکستان \u202eمعكوس\u202c \U0001f469\u200d\U0001f467",
    "جداااا رررائع ؛ م. د. أ.؟ … 1,234.5 ٢٠٢٥/١١/٢٤ 24-11-2025 5G covid19",
)


def check(data: bytes) -> None:
    """Decoded as a file is, and as any str that a caller may hand in, broken surrogates included."""
    text, _ = encodings.decode(data)
    assert not _LEFT_OVER.search(text)
    text.encode("utf-8")
    for one in {text[:_LONGEST], data.decode("utf-8", "surrogateescape")[:_LONGEST]}:
        for analyzer in ANALYZERS.values():
            check_spans(analyzer, one)
            check_ways_agree(analyzer, one)
        check_normal_forms_agree(one)
        check_forms_are_final(one)
        for start, end in (analyzer := ANALYZERS["default"]).sentences(one) + analyzer.paragraphs(one):
            assert 0 <= start < end <= len(one)


def seeds() -> list[bytes]:
    wide = [text.encode(name) for text in _SEEDS[:1] for name in ("cp1256", "iso8859_6", "utf-16", "utf-16-be")]
    return [text.encode() for text in _SEEDS] + wide


TARGETS = {"text": Target(check, seeds)}
