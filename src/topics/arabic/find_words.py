"""Where words begin and end in an array of code points: the compiled loops of the scan.

They find what the pattern of words.py finds (tests hold both equal), by a table that says of every code
point what it may do at the place where the loop stands.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from topics.arabic import letters
from topics.arabic.memory import Codes, Hashes, Ints, Table, hash_of, hashed, in_block, sized
from topics.arabic.words import URL_STOP, URL_TRIM
from topics.compiled import lent

KINDS = ("arabic", "latin", "number", "url", "email", "user", "rial")
_ARABIC, _LATIN, _NUMBER, _URL, _EMAIL, _USER, _RIAL = range(7)

# Letter classes: what a code point may do at the place where the loop stands.
_OTHER, _LETTER, _MARK, _INVISIBLE, TATWEEL_CLASS, _LATIN_LETTER, _DIGIT, _PREPENDED, _RIAL_SIGN, _AT, _SIGN = range(11)
# Bits: what it may be beside its class.
_LOCAL, _DOMAIN, _GOOD, _TRIM, _NAME, _SEPARATOR, _PERCENT, _HIDDEN = (1 << n for n in range(8))


def _fill(table: Table, sets: letters.Ranges | str, value: int, *, bit: bool = False) -> None:
    ranges = ((ord(char), ord(char)) for char in sets) if isinstance(sets, str) else sets
    for first, last in ranges:
        if bit:
            table[first : last + 1] |= np.uint8(value)
        else:
            table[first : last + 1] = value


@cache
def tables() -> tuple[Table, Table]:
    """The class and the bits of every code point."""
    classes = np.zeros(0x110000, np.uint8)
    _fill(classes, letters.INVISIBLE, _INVISIBLE)
    _fill(classes, letters.ARABIC_LETTERS, _LETTER)
    _fill(classes, letters.LATIN_LETTERS, _LATIN_LETTER)
    _fill(classes, letters.DIGITS, _DIGIT)
    _fill(classes, letters.PREPENDED, _PREPENDED)
    _fill(classes, letters.marks(), _MARK)
    _fill(classes, letters.TATWEEL, TATWEEL_CLASS)
    _fill(classes, letters.RIAL, _RIAL_SIGN)
    _fill(classes, "@", _AT)
    _fill(classes, "._%+-", _SIGN)  # may begin an address
    bits = np.zeros(0x110000, np.uint8)
    alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    _fill(bits, alphanumeric + "._%+-", _LOCAL, bit=True)
    _fill(bits, alphanumeric + "-", _DOMAIN, bit=True)
    _fill(bits, alphanumeric + "_", _NAME, bit=True)
    _fill(bits, URL_TRIM, _TRIM, bit=True)
    _fill(bits, letters.SEPARATORS, _SEPARATOR, bit=True)
    _fill(bits, letters.PERCENT, _PERCENT, bit=True)
    _fill(bits, letters.INVISIBLE, _HIDDEN, bit=True)
    good = np.ones(0x110000, bool)
    spaces = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
    for char in URL_TRIM + URL_STOP + spaces:
        good[ord(char)] = False
    for first, last in (*letters.INVISIBLE, *letters.SURROGATES):
        good[first : last + 1] = False
    bits[good | (classes == _MARK)] |= np.uint8(_GOOD)
    return classes, bits


@lent
def _run(codes: Codes, at: int, end: int, classes: Table, wanted: int) -> int:
    """The first place from `at` on whose class is not `wanted`."""
    while at < end and classes[codes[at]] == wanted:
        at += 1
    return at


@lent
def _bit_run(codes: Codes, at: int, end: int, bits: Table, wanted: int, most: int) -> int:
    stop = min(end, at + most)
    while at < stop and bits[codes[at]] & wanted:
        at += 1
    return at


@lent
def _digits(codes: Codes, at: int, end: int, classes: Table, bits: Table) -> int:
    """The end of the digits at `at`, with their marks and the invisible characters among them; `at` where none is."""
    if at >= end or classes[codes[at]] != _DIGIT:
        return at
    done = _run(codes, at + 1, end, classes, _MARK)
    while True:
        near = _bit_run(codes, done, end, bits, _HIDDEN, end)
        if near >= end or classes[codes[near]] != _DIGIT:
            return done
        done = _run(codes, near + 1, end, classes, _MARK)


@lent
def _url(codes: Codes, at: int, end: int, bits: Table) -> int:
    """The end of the URL at `at`; `at` where none is. Setting bit 32 makes an ASCII letter small."""
    first = codes[at] | 32
    if first == 104 and at + 7 < end:  # http
        if not ((codes[at + 1] | 32) == 116 and (codes[at + 2] | 32) == 116 and (codes[at + 3] | 32) == 112):
            return at
        colon = at + 4 + (1 if (codes[at + 4] | 32) == 115 else 0)
        if colon + 2 >= end or codes[colon] != 58 or codes[colon + 1] != 47 or codes[colon + 2] != 47:
            return at
        done = colon + 3
    elif first == 119 and at + 4 < end:  # www.
        if not ((codes[at + 1] | 32) == 119 and (codes[at + 2] | 32) == 119 and codes[at + 3] == 46):
            return at
        done = at + 4
    else:
        return at
    begun = done
    while True:
        near = _bit_run(codes, done, end, bits, _TRIM, end)
        if near >= end or not bits[codes[near]] & _GOOD:
            return done if done > begun else at
        done = near + 1


@lent
def _tail(codes: Codes, at: int, end: int, classes: Table) -> int:
    """The end of the letters, digits and marks that an address at `at` takes with it."""
    at = _run(codes, at, end, classes, _MARK)
    while at < end and (classes[codes[at]] == _LATIN_LETTER or classes[codes[at]] == _DIGIT):
        at = _run(codes, at + 1, end, classes, _MARK)
    return at


@lent
def _email(codes: Codes, at: int, end: int, classes: Table, bits: Table) -> int:
    sign = _bit_run(codes, at, end, bits, _LOCAL, 64)
    if sign == at or sign >= end or codes[sign] != 64:
        return at
    done = _bit_run(codes, sign + 1, end, bits, _DOMAIN, 63)
    if done == sign + 1:
        return at
    labels = 0
    while done + 1 < end and codes[done] == 46:
        near = _bit_run(codes, done + 1, end, bits, _DOMAIN, 63)
        if near == done + 1:
            break
        done = near
        labels += 1
    return _tail(codes, done, end, classes) if labels else at


@lent
def _latin(codes: Codes, at: int, end: int, classes: Table, bits: Table) -> int:
    near = _digits(codes, at, end, classes, bits)
    if near > at:
        near = _bit_run(codes, near, end, bits, _HIDDEN, end)
    if near >= end or classes[codes[near]] != _LATIN_LETTER:
        return at
    done = _run(codes, near + 1, end, classes, _MARK)
    while True:
        near = _bit_run(codes, done, end, bits, _HIDDEN, end)
        if near >= end or not (classes[codes[near]] == _LATIN_LETTER or classes[codes[near]] == _DIGIT):
            return done
        done = _run(codes, near + 1, end, classes, _MARK)


@lent
def _number(codes: Codes, at: int, end: int, classes: Table, bits: Table) -> int:
    done = _digits(codes, at, end, classes, bits)
    if done == at:
        return at
    while done + 1 < end and bits[codes[done]] & _SEPARATOR:
        near = _digits(codes, done + 1, end, classes, bits)
        if near == done + 1:
            break
        done = near
    if done < end and bits[codes[done]] & _PERCENT:
        done = _run(codes, done + 1, end, classes, _MARK)
    return done


@lent
def _arabic(codes: Codes, at: int, end: int, classes: Table) -> int:
    """The end of the Arabic word at `at`."""
    done = at
    while True:
        while at < end and classes[codes[at]] in (_LETTER, _MARK):
            at += 1
        done = at
        while at < end and _MARK <= classes[codes[at]] <= TATWEEL_CLASS:
            at += 1
        if at >= end or classes[codes[at]] != _LETTER:
            return done


@lent
def _word(codes: Codes, at: int, end: int, classes: Table, bits: Table) -> tuple[int, int]:  # noqa: C901 - a list
    """(end, kind) of the word at `at`, in the order of words.pattern(); else (at, 0)."""
    first = classes[codes[at]]
    done = at
    if first == _LETTER:
        return _arabic(codes, at, end, classes), _ARABIC
    if first == _LATIN_LETTER:
        done = _url(codes, at, end, bits)
        if done > at:
            return done, _URL
    if bits[codes[at]] & _LOCAL:
        done = _email(codes, at, end, classes, bits)
        if done > at:
            return done, _EMAIL
    if first in (_LATIN_LETTER, _DIGIT):
        done = _latin(codes, at, end, classes, bits)
        if done > at:
            return done, _LATIN
        return _number(codes, at, end, classes, bits), _NUMBER
    if first == _AT:
        done = at + 1
        while done < end and (bits[codes[done]] & _NAME or classes[codes[done]] == _LATIN_LETTER):
            done = _run(codes, done + 1, end, classes, _MARK)
        return (done, _USER) if done > at + 1 else (at, 0)
    if first == _RIAL_SIGN:
        return _run(codes, at + 1, end, classes, _MARK), _RIAL
    return at, 0


@lent
def find_words(  # noqa: C901 - Arabic is read here: numba is three times slower by a function of its own
    codes: Codes, begin: int, end: int, classes: Table, bits: Table,
    starts: Ints, ends: Ints, kinds: Table, hashes: Hashes, sizes: Ints,
) -> int:  # fmt: skip
    """Write down the words of codes[begin:end], with their keys' hashes and sizes (memory.py); how many there are."""
    at, found = begin, 0
    while at < end:
        first = classes[codes[at]]
        if first == _LETTER:
            value = met = np.uint64(0)
            done, kind = at, _ARABIC
            while True:
                near = done
                # Letters and marks: nearly all of news.
                while near < end and np.uint8(classes[codes[near]] - _LETTER) <= _MARK - _LETTER:
                    letter = in_block(codes[near])
                    met |= letter
                    value = hashed(value, letter)
                    near += 1
                done = near
                while near < end and _MARK <= classes[codes[near]] <= TATWEEL_CLASS:
                    near += 1
                if near == done or near >= end or classes[codes[near]] != _LETTER:
                    break
                for k in range(done, near):
                    met |= in_block(codes[k])
                    value = hashed(value, in_block(codes[k]))
                done = near
            size = done - at
            if done < end and classes[codes[done]] == TATWEEL_CLASS:
                value = hashed(value, in_block(codes[done]))
                size += 1
            size = sized(size, met)
        elif first == _OTHER or (
            first == _SIGN and (at + 1 >= end or not (bits[codes[at + 1]] & _LOCAL or classes[codes[at + 1]] == _AT))
        ):
            at += 1
            continue
        else:
            word = _run(codes, at, end, classes, _PREPENDED)
            if word >= end:
                break
            done, kind = _word(codes, word, end, classes, bits)
            if done == word:
                at = word + 1
                continue
            stretched = done < end and classes[codes[done]] == TATWEEL_CLASS
            value, size = hash_of(codes, at, done + stretched)
        starts[found], ends[found], kinds[found] = at - begin, done - begin, kind
        hashes[found], sizes[found] = value, size
        found += 1
        at = done
    return found
