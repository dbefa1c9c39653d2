"""Bytes to text, decided for a whole file and never for a line, with every repair counted.

The order is that of ARABIC.md section 6: UTF-8 strictly, UTF-16, then whichever of five Arabic code
pages gives the likeliest Arabic. What is read afterwards holds no control character but tab and
newline, and no lone surrogate; a reader counts what was removed and reports it.
"""

from __future__ import annotations

import codecs
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

CODE_PAGES = ("cp1256", "iso8859_6", "mac_arabic", "cp720", "cp864")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_SAMPLE = 1 << 20

# Share of each letter in Arabic news, per mille, rounded; what is not here is judged by `_other`.
_COMMON = (140, 115, 75, 65, 62, 60, 50, 50, 37, 35, 35, 33, 30, 28, 28, 25, 24, 22)
_RARE = (21, 16, 13, 12, 11, 10, 10, 10, 8, 7, 7, 6, 5, 5, 5, 3, 2, 1.5)
_LETTERS = dict(zip("اليمونرتبةعدسهفأقكحجشصطخىإضثزذءغئظآؤ", (*_COMMON, *_RARE), strict=True))
_ARTICLE_BONUS = 1.5  # nats: the article begins about every fourth word, and only the right table shows it
_JUNK = math.log(1e-6)
# cp864 holds what ISO 8859-6 holds at the same places, and shapes besides: it must show them to be chosen.
_PRIOR = {"cp864": -0.2}


@dataclass(frozen=True, slots=True)
class Repairs:
    """What was done to make text of bytes."""

    encoding: str
    controls: int = 0
    """Control characters removed."""
    replaced: int = 0
    """Invalid bytes and lone surrogates, each now U+FFFD."""
    mojibake: bool = False
    """Whether the text looks as if it had been decoded with the wrong table before; it is left as it is."""


def decode(data: bytes) -> tuple[str, Repairs]:
    """The text of a whole file and what was repaired in it; line ends become a newline."""
    encoding = detect([data])
    text, controls, replaced = clean(data.decode(encoding, errors_for(encoding)))
    return text, Repairs(encoding, controls, replaced, looks_like_mojibake(text))


def errors_for(encoding: str) -> str:
    """The codec's error handler: bytes without a meaning become lone surrogates, which `clean` counts."""
    return "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"


def clean(text: str) -> tuple[str, int, int]:
    """The text without controls and lone surrogates, and how many of each there were."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _BAD.search(text):
        return text, 0, 0
    text, controls = _CONTROL.subn("", text)
    text, replaced = _SURROGATE.subn("\ufffd", text)
    return text, controls, replaced


def detect(chunks: Iterable[bytes]) -> str:
    """The name of the encoding of a file that is given in pieces; all of it is looked at.

    A file that is UTF-8 but for a few bytes is UTF-8 that was damaged, not another encoding.
    """
    pieces = iter(chunks)
    head = next(pieces, b"")
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    if wide := _utf16_without_bom(head):
        return wide
    decoder = codecs.getincrementaldecoder("utf-8")()
    sample = bytearray()
    valid = True
    for piece in _with_end(head, pieces):
        if len(sample) < _SAMPLE and not piece.isascii():
            sample += piece[: _SAMPLE - len(sample)]
        try:
            decoder.decode(piece, final=not piece)
        except UnicodeDecodeError:
            valid = False
            sample += piece[: 1 << 16]
            break
    if valid or _is_damaged_utf8(bytes(sample)):
        return "utf-8"
    return max(CODE_PAGES, key=lambda name: score(bytes(sample), name))


def score(data: bytes, encoding: str) -> float:
    """How likely the bytes are Arabic news in a code page: mean log probability of a non-ASCII character."""
    # Byte by byte: a table that turns high bytes into ASCII (mac_arabic) must answer for them.
    counts = Counter(data.translate(None, bytes(range(0x80))))
    total = counts.total()
    if not total:
        return _JUNK
    weight = sum(_weight(bytes([byte]).decode(encoding, "replace")) * count for byte, count in counts.items())
    text = data.decode(encoding, "replace")
    articles = sum(1 for word in text.split(" ") if word.startswith(("ال", "\ufe8d\ufedf")))
    return (weight + _ARTICLE_BONUS * articles) / total + _PRIOR.get(encoding, 0.0)


def looks_like_mojibake(text: str) -> bool:
    """Whether most of the text is Arabic that was decoded with a wrong table before it came here."""
    sample = text[:2_000]
    if not _SUSPECT.search(sample):
        return False
    visible = sum(1 for char in sample if not char.isspace())
    return sum(len(hit) for hit in _MOJIBAKE.findall(sample)) > 0.4 * visible


def repair_mojibake(text: str) -> str:
    """The text that was meant, when undoing one wrong decoding gives Arabic; else the text as it is."""
    for wrong, right in (
        ("cp1252", "utf-8"),
        ("latin-1", "utf-8"),
        ("cp1256", "utf-8"),
        ("cp1252", "cp1256"),
        ("latin-1", "cp1256"),
    ):
        try:
            found = text.encode(wrong).decode(right)
        except UnicodeError:
            continue
        if _arabic_share(found) > max(0.5, _arabic_share(text)) and not looks_like_mojibake(found):
            return clean(found)[0]
    return text


# Every wrong decoding of Arabic leaves some of these, and few right texts hold any.
_SUSPECT = re.compile(
    "[\u0080-\u00aa\u00ac-\u00ba\u00bc-\u00ff\u0152-\u0192\u02c6-\u02dc\u201e\u2020-\u2022\u2030\u20ac\u2122]"
)
# UTF-8 read as cp1252 or Latin-1 (Ø§ Ù„), UTF-8 read as cp1256 (ط§ ظ„), cp1256 read as Latin-1 (ÇáÓ).
_MOJIBAKE = re.compile(
    "(?:[\u00d8-\u00db][\u0080-\u00bf\u0152-\u0178\u02c6-\u02dc\u2013-\u203a\u20ac\u2122\u0192]){2,}"
    "|(?:[\u0637\u0638\u0639\u063a][\u00a0-\u00bf\u067e\u0679\u0686\u0688\u0691\u0698\u06a9\u06af\u06ba\u06be\u06c1\u06d2"
    "\u0152-\u0192\u02c6\u060c\u061b\u061f\u200c-\u203a\u20ac\u2122]){2,}"
    "|[\u00c0-\u00ff]{4,}"
)


def _arabic_share(text: str) -> float:
    visible = [char for char in text[:20_000] if not char.isspace()]
    return sum(1 for char in visible if char in _LETTERS) / max(len(visible), 1)


def _with_end(head: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, then an empty one that stands for the end of the file."""
    yield head
    yield from (piece for piece in pieces if piece)
    yield b""


def _utf16_without_bom(head: bytes) -> str | None:
    """UTF-16 by its high bytes at every second place; without this test, Arabic in it is valid ASCII."""
    head = head[:4096]
    if len(head) < 4:
        return None
    high = frozenset(b"\x00\x06\x20\xfb\xfe")  # Latin, Arabic, punctuation, presentation forms
    shares = [sum(byte in high for byte in head[start::2]) / len(head[start::2]) for start in (0, 1)]
    zeros_and_sixes = [sum(byte in (0, 6) for byte in head[start::2]) / len(head[start::2]) for start in (0, 1)]
    for at, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if shares[at] > 0.9 and zeros_and_sixes[at] > 0.6 and zeros_and_sixes[1 - at] < 0.3:
            return name
    return None


def _is_damaged_utf8(sample: bytes) -> bool:
    """Whether whole UTF-8 characters outnumber the bytes that are none, as they never do in a code page."""
    text = sample.decode("utf-8", "surrogateescape")
    wrong = sum(1 for char in text if "\udc80" <= char <= "\udcff")
    whole = sum(1 for char in text if char > "\x7f") - wrong
    return whole > 3 * wrong


def _weight(char: str) -> float:
    letter = unicodedata.normalize("NFKC", char)[:1] if char >= "\ufb50" else char
    if per_mille := _LETTERS.get(letter):
        return math.log(per_mille / 1000)
    return _other(char)


def _other(char: str) -> float:
    """Marks and Arabic punctuation are rare, accented Latin letters rarer; boxes and controls never occur."""
    if char in "،؛؟ـ\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652«»“”–—…٠١٢٣٤٥٦٧٨٩\u00a0":
        return math.log(2e-3)
    if char < "\x80":
        return math.log(0.15 if char == " " else 1e-4)  # right-to-left twins of ASCII signs in mac_arabic
    if char in "éèêëàâçîïôûùœÉ’‘":
        return math.log(2e-4)
    return _JUNK
