"""Find the words of an article without losing their place in it.

A word is a span of the original text: an Arabic or Latin word, a number, a URL, an e-mail address, a
mention or ﷼. A span takes its own marks and inner tatweel with it and never splits a grapheme; a tatweel
after the last letter stays outside. This is the plain reference of scan.py, and what one article uses.

No pattern looks at the other side of white space, so a text may be cut at white space and its pieces
remembered: see `Analyzer.__call__`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from topics.arabic import letters

# An address has at most 64 characters before the @ and 63 a label (RFC 5321, RFC 1035): the bound keeps a
# megabyte of dots linear.
_EMAIL = r"[A-Za-z0-9._%+\-]{1,64}+@[A-Za-z0-9\-]{1,63}+(?:\.[A-Za-z0-9\-]{1,63}+)++"
URL_TRIM = ".,:;!?'*"  # ends a sentence more often than an address
URL_STOP = '"<>()[]{}«»“”‘’،؛؟…'  # never in an address, or it closes what was opened before it


class Span(NamedTuple):
    """A word's place: ``text[start:end]``; `key` is the same with one trailing tatweel, where there is one."""

    start: int  # code points, inclusive
    end: int  # code points, exclusive
    kind: str  # arabic | latin | number | url | email | user | rial
    key: str


@cache
def pattern() -> re.Pattern[str]:
    """The one compiled pattern; its groups are the kinds of words."""
    klass = letters.char_class
    mark = f"[{klass(letters.marks())}]*+"
    invisible = f"[{klass(letters.INVISIBLE)}]*+"
    filler = f"[{klass(letters.marks(), letters.INVISIBLE, letters.TATWEEL)}]*+"
    prepended = f"[{klass(letters.PREPENDED)}]"
    arabic = f"[{klass(letters.ARABIC_LETTERS)}]{mark}"
    latin = f"[{klass(letters.LATIN_LETTERS)}]{mark}"
    digit = f"[{klass(letters.DIGITS)}]{mark}"
    digits = rf"{digit}(?:{invisible}{digit})*+"
    either = f"[{klass(letters.LATIN_LETTERS, letters.DIGITS)}]{mark}"
    # An é behind an address belongs to it, as its e would where the accent is a mark of its own (NFD).
    tail = rf"{mark}(?:{either})*+"
    separator = f"[{klass(letters.SEPARATORS)}]"
    trim, stop = re.escape(URL_TRIM), re.escape(URL_STOP)
    good = rf"(?:[^\s{trim}{stop}{klass(letters.INVISIBLE, letters.SURROGATES)}]|[{klass(letters.marks())}])"
    return re.compile(
        # The look-behind starts a run of prepended signs at its first one only, or a megabyte of them is quadratic.
        rf"(?<!{prepended}){prepended}*+(?:"
        rf"(?P<url>(?:[Hh][Tt][Tt][Pp][Ss]?://|[Ww][Ww][Ww]\.)(?:[{trim}]*+{good})++)"
        rf"|(?P<email>{_EMAIL}{tail})"
        rf"|(?P<latin>(?:{digits}{invisible})?+{latin}(?:{invisible}{either})*+)"
        rf"|(?P<number>{digits}(?:{separator}{digits})*+(?:[{letters.PERCENT}]{mark})?+)"
        rf"|(?P<arabic>{arabic}(?:{filler}{arabic})*+)"
        rf"|(?P<user>@(?:[A-Za-z0-9_{klass(letters.LATIN_LETTERS)}]{mark})++)"
        rf"|(?P<rial>{letters.RIAL}{mark}))"
    )


def spans(text: str) -> Iterator[Span]:
    """Every word of `text`, in order, never overlapping; linear in its length."""
    for hit in pattern().finditer(text):
        start, end = hit.span()
        stretched = text.startswith(letters.TATWEEL, end)
        yield Span(start, end, hit.lastgroup or "", text[start : end + stretched])


_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
# From the first sign of a run and all of it, or n points in a row would take n * n steps.
_SENTENCE_END = re.compile(r"(?<![.!؟?…])[.!؟?…]++[»\"”’)\]]*+(?=\s|$)")
_INITIAL = re.compile(r"(?:^|[\s(«\"])[^\W\d_](?:[\u064b-\u0652]|\u0640)*$")


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Spans of the non-blank lines of `text`, without the white space around them."""
    lines = (_trim(text, *hit.span()) for hit in _LINE.finditer(text))
    return [(start, end) for start, end in lines if start < end]


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences of `text`.

    A sentence ends at a line's end, or at . ! ؟ ? … before white space, with the closing quotes and
    brackets behind it. A point after a single letter (د. م. أ.) is an initial's and ends nothing.
    """
    found: list[tuple[int, int]] = []
    for line_start, line_end in paragraphs(text):
        start = line_start
        for hit in _SENTENCE_END.finditer(text, line_start, line_end):
            if hit[0] == "." and _INITIAL.search(text, max(start, hit.start() - 8), hit.start()):
                continue
            found.append(_trim(text, start, hit.end()))
            start = hit.end()
        if (rest := _trim(text, start, line_end))[0] < rest[1]:
            found.append(rest)
    return [(start, end) for start, end in found if start < end]
