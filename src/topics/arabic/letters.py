"""Tables of the Arabic script as news uses it: what is a letter, a mark, a digit, a month. Data only.

Code points are written as escapes where a reader could not see them. Sources: the Unicode character
database (blocks and general categories) and UAX 29 (what extends a grapheme); folds as in ARABIC
preprocessing practice, each one explained where it is applied (forms.py).
"""

from __future__ import annotations

import unicodedata
from functools import cache

TATWEEL = "\u0640"  # ـ stretches a word, means nothing

# Letters that can begin a word. FC5E-FC63, FCF2-FCF4 and FE70-FE7F are marks drawn alone, FDFA and the
# like are sentences in one sign, so they are left out.
ARABIC_LETTERS = (
    (0x0620, 0x063F), (0x0641, 0x064A), (0x066E, 0x066F), (0x0671, 0x06D3), (0x06D5, 0x06D5),
    (0x06EE, 0x06EF), (0x06FA, 0x06FC), (0x06FF, 0x06FF), (0x0750, 0x077F), (0x0870, 0x0887),
    (0x0889, 0x088E), (0x08A0, 0x08C8), (0xFB50, 0xFBB1), (0xFBD3, 0xFC5D), (0xFC64, 0xFCF1),
    (0xFCF5, 0xFD3D), (0xFD50, 0xFD8F), (0xFD92, 0xFDC7), (0xFDF0, 0xFDF9), (0xFE80, 0xFEFC),
    (0x1EE00, 0x1EE03), (0x1EE05, 0x1EE1F), (0x1EE21, 0x1EE22), (0x1EE24, 0x1EE24), (0x1EE27, 0x1EE27),
    (0x1EE29, 0x1EE32), (0x1EE34, 0x1EE37), (0x1EE39, 0x1EE39), (0x1EE3B, 0x1EE3B),
)  # fmt: skip
RIAL = "\ufdfc"  # ﷼ is a word by itself

# Letter-like signs that belong to the letter before them: small waw and yeh, presentation marks, tail fragment.
ATTACHED = ((0x06E5, 0x06E6), (0x08C9, 0x08C9), (0xFC5E, 0xFC63), (0xFCF2, 0xFCF4), (0xFE70, 0xFE7F))

# Deleting one of these joins its neighbours: they are typed, or pasted, inside words.
INVISIBLE = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x200B, 0x200F), (0x202A, 0x202E),
    (0x2060, 0x206F), (0xFEFF, 0xFEFF), (0xFE00, 0xFE0F),
)  # fmt: skip

# UAX 29, Grapheme_Cluster_Break = Prepend, in the Arabic and Syriac blocks: one grapheme with what follows.
PREPENDED = ((0x0600, 0x0605), (0x06DD, 0x06DD), (0x070F, 0x070F), (0x0890, 0x0891), (0x08E2, 0x08E2))

SURROGATES = ((0xD800, 0xDFFF),)

LATIN_LETTERS = (
    (0x0041, 0x005A), (0x0061, 0x007A), (0x00C0, 0x00D6), (0x00D8, 0x00F6), (0x00F8, 0x013E),
    (0x0141, 0x0148), (0x014A, 0x02AF), (0x1E00, 0x1E99), (0x1E9B, 0x1EFF), (0xFB00, 0xFB06),
    (0x2C60, 0x2C7B), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A),
)  # fmt: skip
DIGITS = ((0x0030, 0x0039), (0x0660, 0x0669), (0x06F0, 0x06F9), (0xFF10, 0xFF19))
SEPARATORS = ".,\u066b\u066c:/"  # inside a number
PERCENT = "%\u066a"
HYPHENS = "-\u2010\u2011\u2012\u2013_"

# Extenders that Python's general categories do not tell: joiners, emoji modifiers, tags, kana sound marks.
_EXTENDERS = ((0x200C, 0x200D), (0x1F3FB, 0x1F3FF), (0xE0020, 0xE007F), (0xFF9E, 0xFF9F))
# Planes that hold combining marks; reading the categories of all of Unicode would cost every start 0.1 s.
_MARK_PLANES = ((0x0300, 0x1FFFF), (0xE0100, 0xE01EF))

Ranges = tuple[tuple[int, int], ...]


@cache
def marks() -> Ranges:
    """Ranges of code points that extend the grapheme before them (UAX 29), and the attached letters."""
    points = {
        code
        for first, last in _MARK_PLANES
        for code in range(first, last + 1)
        if unicodedata.category(chr(code)) in {"Mn", "Me", "Mc"}
    }
    for first, last in (*ATTACHED, *_EXTENDERS):
        points.update(range(first, last + 1))
    ranges: list[tuple[int, int]] = []
    for code in sorted(points):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    return tuple(ranges)


def char_class(*sets: Ranges | str) -> str:
    """The inside of a regular expression's ``[...]`` for ranges and single characters."""
    out: list[str] = []
    for chars in sets:
        pairs = ((ord(char), ord(char)) for char in chars) if isinstance(chars, str) else chars
        out.extend(f"\\U{first:08x}-\\U{last:08x}" for first, last in pairs)
    return "".join(out)


# Step 3 of a form: one letter for each sound that several alphabets or keyboards write differently.
LETTER_MAP = {
    "\u0671": "ا",
    "\u06cc": "ي", "\u06d2": "ي", "\u06d3": "ئ",
    "\u06a9": "ك", "\u06aa": "ك",
    "\u06c0": "ه", "\u06c1": "ه", "\u06c2": "ه", "\u06be": "ه", "\u06d5": "ه",
    "\u067e": "ب", "\u06a4": "ف",
}  # fmt: skip

FOLDS = {
    "alef": {"آ": "ا", "أ": "ا", "إ": "ا"},
    "maqsura": {"ى": "ي"},
    "teh": {"ة": "ه"},
    "hamza_seats": {"ؤ": "و", "ئ": "ي"},
}

# Spellings as they stand after marks are gone and before folding; the alef of أ/إ may be written bare.
MONTHS = {
    "يناير": 1, "فبراير": 2, "أبريل": 4, "إبريل": 4, "ابريل": 4, "مايو": 5, "يونيو": 6, "يونيه": 6, "يوليو": 7,
    "يوليه": 7, "يوليوز": 7, "أغسطس": 8, "اغسطس": 8, "غشت": 8, "سبتمبر": 9, "شتنبر": 9, "أكتوبر": 10, "اكتوبر": 10,
    "نوفمبر": 11, "نونبر": 11, "ديسمبر": 12, "دجنبر": 12,
    "جانفي": 1, "فيفري": 2, "أفريل": 4, "افريل": 4, "جوان": 6, "جويلية": 7,
    "حزيران": 6, "تموز": 7, "أيلول": 9, "ايلول": 9,
}  # fmt: skip
# Words of their own as well: months only in company (ARABIC: beside a number, another month, or after شهر).
MONTHS_IN_COMPANY = {
    "مارس": 3, "ماي": 5, "آب": 8, "أوت": 8, "اوت": 8, "نيسان": 4, "أيار": 5, "ايار": 5, "شباط": 2, "آذار": 3, "اذار": 3,
}  # fmt: skip
MONTHS_OF_TWO_WORDS = {
    ("كانون", "الثاني"): 1, ("تشرين", "الأول"): 10, ("تشرين", "الاول"): 10, ("تشرين", "الثاني"): 11,
    ("كانون", "الأول"): 12, ("كانون", "الاول"): 12,
}  # fmt: skip
# Hijri names are also names of people (رجب, شعبان): they count in dates only and are never a key.
HIJRI_MONTHS = {"محرم": 1, "المحرم": 1, "صفر": 2, "رجب": 7, "شعبان": 8, "رمضان": 9, "شوال": 10}
HIJRI_MONTHS_OF_TWO_WORDS = {
    ("ربيع", "الأول"): 3, ("ربيع", "الاول"): 3, ("ربيع", "الآخر"): 4, ("ربيع", "الثاني"): 4, ("ربيع", "الاخر"): 4,
    ("جمادى", "الأولى"): 5, ("جمادى", "الاولى"): 5, ("جمادى", "الآخرة"): 6, ("جمادى", "الثانية"): 6,
    ("جمادى", "الاخرة"): 6, ("جمادي", "الأولى"): 5, ("جمادي", "الآخرة"): 6,
    ("جمادى", "الأول"): 5, ("جمادى", "الآخر"): 6,
    ("ذو", "القعدة"): 11, ("ذي", "القعدة"): 11, ("ذو", "الحجة"): 12, ("ذي", "الحجة"): 12,
}  # fmt: skip
FIRST_OF_MONTH = frozenset(
    {"فاتح", "غرة"}
)  # "فاتح ماي" is the first of May in the Maghreb, "غرة" the first of a Hijri month
MONTH_WORD = frozenset({"شهر", "شهري", "لشهر", "بشهر", "وشهر", "الشهر"})
ERA_SIGNS = {
    "م": "gregorian",
    "ميلادي": "gregorian",
    "ميلادية": "gregorian",
    "ه": "hijri",
    "هجري": "hijri",
    "هجرية": "hijri",
}
