r"""Phone numbers, e-mail addresses and identity numbers out of what a report shows, letter for letter.

Every letter and digit of a match becomes ``•``, so places in the text stay what they were. It errs on the safe side: a
run of eight digits or more is masked whatever it counts; dates, years and grouped amounts such as ``1 000 000`` are
left. Names are not touched.
"""

from __future__ import annotations

import re

MASK = "\u2022"

_EMAIL = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
_GAP = r"[ \u00a0.\-/()]{0,2}"
_DIALED = rf"(?:\+|(?<![\d.,٫٬])(?:00|[0٠۰]))\d?(?:{_GAP}\d){{7,14}}"
_BEFORE = "هاتف|الجوال|جوال|واتساب|واتس|الرقم|رقم|فاكس|tel|phone|fax|whatsapp"
_ANNOUNCED = rf"(?:{_BEFORE})[^\n\d]{{0,12}}(?P<told>\d(?:{_GAP}\d){{5,14}})"
_LONG = r"(?<![\d.,٫٬])\d{8,}(?![\d٫٬])"
_CARD = r"(?<![A-Za-z])[A-Za-z]{1,2}[ -]?\d{5,8}(?!\d)"
_FOUND = re.compile("|".join(f"(?:{part})" for part in (_EMAIL, _ANNOUNCED, _DIALED, _LONG, _CARD)), re.IGNORECASE)
_DATE = re.compile(r"\d{1,4}([/.\-])\d{1,2}\1\d{1,4}")
_SIGNS = re.compile(r"[^\W_]")


def masked(text: str) -> str:
    """The text with such numbers and addresses masked; as long as it was.

    Parameters
    ----------
    text : str
        What an author wrote.
    """
    return _FOUND.sub(_mask, text)


def _mask(match: re.Match[str]) -> str:
    whole = match.group()
    told = match.group("told")
    if told is not None:
        return whole[: -len(told)] + _SIGNS.sub(MASK, told)
    return whole if _DATE.fullmatch(whole) else _SIGNS.sub(MASK, whole)
