"""Good inputs made bad: seeded, so that a number is enough to make the same input again."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from random import Random

NUMBERS = (
    *(b"0", b"-1", b"1", b"2", b"7", b"255", b"65536", b"2147483648", b"4294967295", b"9223372036854775808"),
    *(b"1e999", b"-0.0", b"1e-400", b"NaN", b"Infinity", b"0x10", b"9" * 25, b"9" * 5000, "٣".encode(), "۵".encode()),
)
_TEXTS = (
    *("\0", "\x1b[31m", "\r", "\r\n", "\n\n", "\t", "\x85", "\u2028", "\ufeff", "\ufffe", "\ufffd", "\ud800", "\udfff"),
    *("\u202e", "\u2066", "\u200f", "\u200d", "\u00ad", "\u034f", "\ufe0f", "\u064e", "\u0651", "\u0670", "\u0640"),
    *("ﷺ", "ﷲ", "ﻻ", "ﹰ", "آ", "أ", "ئ", "ۓ", "ﮥ", "گ", "\U0001f469\u200d\U0001f467", "\U000e0001"),
    *("المغرب", "والمغرب", "بالأمن", "وفي", "لل", "هـ", "عبد اللطيف", "كانون الثاني", "15 مارس 2025", "كوفيد-19"),
    *("١٢٫٥٪", "https://a.b/ج", "a@b.co", "#وسم_جديد", "@x", "<script>", "</script>", "&amp;", "&#1605;", "{{7*7}}"),
    *("../../x", "=1+1", '"', '""', "'", ",", ";", "|", "\\", "\\u0000", "\\ud800", "[", "]", "{", "}", "null", "true"),
)
_NO_UTF8 = (
    b"\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xc7\xe1",
    b"\x00\x06",
)
TEXTS = (*(text.encode("utf-8", "surrogatepass") for text in _TEXTS), *_NO_UTF8)
_DIGITS = re.compile(rb"-?\d+")
_LONGEST = 1 << 20  # bytes of one input; what is heavier is for tests of the mark load


def mutate(data: bytes, draw: Random, others: Sequence[bytes] = (), tokens: Sequence[bytes] = TEXTS) -> bytes:
    """Bytes with one to six changes; `others` lend pieces of themselves, `tokens` are what the format gives a meaning."""
    for _ in range(draw.choice((1, 1, 1, 2, 3, 6))):
        data = draw.choice(_CHANGES)(data, draw, others, tokens or TEXTS)[:_LONGEST]
    return data


def mutate_zip(data: bytes, draw: Random, others: Sequence[bytes] = (), tokens: Sequence[bytes] = TEXTS) -> bytes:
    """A zip with a member changed and all sums made good; sometimes its raw bytes, so that they are not."""
    if draw.random() < 0.3:
        return mutate(data, draw, others, tokens)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            members = [(info.filename, source.read(info)) for info in source.infolist() if info.file_size <= _LONGEST]
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it is no zip
        return mutate(data, draw, others, tokens)
    if not members:
        return mutate(data, draw, others, tokens)
    for _ in range(draw.choice((1, 1, 2))):
        place = draw.randrange(len(members))
        name, inner = members[place]
        kind = draw.random()
        if kind < 0.8:
            members[place] = (name, mutate(inner, draw, [other for _, other in members], tokens))
        elif kind < 0.86:
            members.append((name, inner))
        elif kind < 0.92:
            members[place] = (_renamed(name, draw), inner)
        else:
            members.insert(draw.randrange(len(members) + 1), (_renamed(name, draw), inner))
    return packed(members, draw)


def packed(members: Sequence[tuple[str, bytes]], draw: Random) -> bytes:
    """Members as a zip with good sums, packed or stored as it comes."""
    import warnings

    held = io.BytesIO()
    way = draw.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    with warnings.catch_warnings(), zipfile.ZipFile(held, "w", way) as target:
        warnings.simplefilter("ignore")  # of a name that occurs twice
        for name, inner in members:
            target.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), inner, way)
    return held.getvalue()


def _renamed(name: str, draw: Random) -> str:
    odd = (
        "../x.txt",
        "/x.txt",
        "C:\\x.txt",
        "a/b.jsonl",
        "articles.jsonl",
        "themes.toml",
        "ج/خبر.txt",
        "x.tar",
        "x.csv.gz",
    )
    return draw.choice((*odd, f"{name}x", f"ب/{name}", f"{name}/", "x" * 300 + ".txt")) or "x"


def _flip(data, draw, others, tokens):
    if not data:
        return b"\0"
    place = draw.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << draw.randrange(8))]) + data[place + 1 :]


def _set(data, draw, others, tokens):
    place = draw.randrange(len(data) + 1)
    return data[:place] + bytes([draw.choice((0, 1, 0x7F, 0x80, 0xFF, draw.randrange(256)))]) + data[place + 1 :]


def _insert_token(data, draw, others, tokens):
    place = _border(data, draw)
    return data[:place] + draw.choice(draw.choice((tokens, TEXTS))) * draw.choice((1, 1, 1, 2, 40)) + data[place:]


def _replace_token(data, draw, others, tokens):
    """What stands for something, replaced by what stands for something else."""
    token = draw.choice(tokens)
    place = data.find(token, draw.randrange(len(data) + 1))
    if place < 0:
        return _insert_token(data, draw, others, tokens)
    return data[:place] + draw.choice(tokens) + data[place + len(token) :]


def _insert_noise(data, draw, others, tokens):
    place = draw.randrange(len(data) + 1)
    return data[:place] + draw.randbytes(draw.choice((1, 2, 4, 16))) + data[place:]


def _delete(data, draw, others, tokens):
    start, end = _range(data, draw)
    return data[:start] + data[end:]


def _repeat(data, draw, others, tokens):
    start, end = _range(data, draw)
    times = draw.choice((2, 2, 3, 10, 2000))
    return data[:start] + data[start:end] * min(times, 1 + (1 << 18) // max(end - start, 1)) + data[end:]


def _move(data, draw, others, tokens):
    start, end = _range(data, draw)
    rest = data[:start] + data[end:]
    place = _border(rest, draw)
    return rest[:place] + data[start:end] + rest[place:]


def _cut(data, draw, others, tokens):
    return data[: draw.randrange(len(data) + 1)]


def _splice(data, draw, others, tokens):
    if not others:
        return _repeat(data, draw, others, tokens)
    other = draw.choice(others)
    start, end = _range(other, draw)
    place = _border(data, draw)
    return data[:place] + other[start:end] + data[place:]


def _number(data, draw, others, tokens):
    """A number replaced by one that programs stumble over."""
    start = draw.randrange(len(data) + 1)
    found = _DIGITS.search(data, start) or _DIGITS.search(data)
    if found is None:
        return _insert_token(data, draw, others, NUMBERS)
    return data[: found.start()] + draw.choice(NUMBERS) + data[found.end() :]


def _nest(data, draw, others, tokens):
    start, end = _range(data, draw)
    opening, closing = draw.choice(
        ((b"[", b"]"), (b"{", b"}"), (b"(", b")"), (b"<b>", b"</b>"), (b'"', b'"'), (b'{"a":', b"}"))
    )
    deep = draw.choice((1, 2, 60, 3000))
    return data[:start] + opening * deep + data[start:end] + closing * deep + data[end:]


def _range(data, draw):
    """A stretch, mostly short, often between borders of words or lines."""
    start = _border(data, draw)
    end = min(len(data), start + draw.choice((1, 2, 4, 8, 32, 256, len(data))))
    return start, _border(data, draw, start, end) if draw.random() < 0.3 else end


def _border(data, draw, low=0, high=None):
    """A place, half of the time after a character that parts one thing from the next."""
    high = len(data) if high is None else high
    place = draw.randint(low, high)
    if draw.random() < 0.5:
        for at in range(place, min(high, place + 64)):
            if data[at : at + 1] in b'\n ,;"{}[]<>=/:\t':
                return min(at + 1, high)
    return place


_CHANGES = (
    *(_flip, _set, _insert_token, _insert_token, _replace_token, _replace_token, _insert_noise, _delete, _repeat),
    *(_move, _cut, _splice, _number, _nest),
)
