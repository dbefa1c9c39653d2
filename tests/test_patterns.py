"""FAULTS.md 25: no regular expression of the package takes more than linear time on any hostile run of characters."""

from __future__ import annotations

import re
import signal
import sys
from importlib import import_module
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parent.parent / "src"
MODULES = sorted(
    ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")
    for path in (SRC / "topics").rglob("*.py")
    if path.name != "__main__.py"
)
# Each is repeated; what follows keeps a pattern from matching at once.
RUNS = [
    "(", ")", "[", "{", ".", "-", "- ", ":", "- : ", "a", "ا", "\u0640", "\u064e", "ا\u064e", "\ufdfa", "\u0600", " ", "\t",
    "\n", "\r\n", " \n", "1", "1.", "1,", "٣", "1-", "1e", "a@", "a.", "@a.", "+1 ", "00", "/", "//", "://", "http://", "&",
    "&#", "<", "</", "<a ", "=", "'", '"', "'=", "_", "__", "_x", "\\", "\u200f", "\u202e", "\ud800", "م ", "ا-", "[](", "#", "*",
    "،", "\u200d", "\u2028", "\x00", "\ufeff", "%", "%1", ";", "|", "a=", "ab,", "rgb(", "url(", "M1", "2025-", "٢٠٢٥/",
]  # fmt: skip
ENDS = ["", "\x01"]
LENGTH = 20_000  # characters: linear is milliseconds; quadratic is seconds, and hours for a megabyte
SECONDS = 1.0  # of this process's own time, so that a busy machine decides nothing
# Handed on to a function that only asks whether a whole gap between two words matches.
WHOLE = {"_SOFT", "_SLASH", "_HYPHEN", "_LIST", "_CLOSING"}
SOURCES = {path: path.read_text(encoding="utf-8") for path in (SRC / "topics").rglob("*.py")}


class TooSlow(BaseException):
    """The time is over; the engine of `re` looks for signals, so this ends it."""


def uses(name):
    """How the package calls a pattern: the methods by name, all of them where it is not called by its own name."""
    calls = re.compile(rf"\b{name}\.(match|fullmatch|search|finditer|findall|sub|subn|split)\b")
    found = {hit[1] for text in SOURCES.values() for hit in calls.finditer(text)}
    if name in WHOLE:
        return {"fullmatch"}
    return found if name.isupper() and found else {"fullmatch", "match", "finditer"}


def patterns():
    """Every compiled expression that a module holds, with how it is called."""
    found = {}
    for name in MODULES:
        try:
            module = import_module(name)
        except ImportError:  # an extra that is not installed
            continue
        for own, value in vars(module).items():
            held = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else [value]
            for one in held:
                for pattern in one if isinstance(one, tuple) else (one,):
                    if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
                        found.setdefault((pattern.pattern, pattern.flags), (f"{name}.{own}", pattern, uses(own)))
    return [pytest.param(pattern, called, id=name) for name, pattern, called in found.values()]


def call(pattern, how, text):
    if how == "finditer":
        return sum(1 for _ in pattern.finditer(text))
    if how in ("sub", "subn"):
        return getattr(pattern, how)("", text)
    return getattr(pattern, how)(text)


@pytest.mark.skipif(sys.platform == "win32", reason="alarms")
@pytest.mark.parametrize(("pattern", "called"), patterns())
def test_every_pattern_reads_hostile_runs_in_linear_time(pattern, called):
    def late(*_):
        raise TooSlow

    before, slow = signal.signal(signal.SIGVTALRM, late), []
    try:
        for run in RUNS:
            for end in ENDS:
                text = run * (LENGTH // len(run)) + end
                signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
                try:
                    for how in called:
                        call(pattern, how, text)
                except TooSlow:
                    slow.append(run + end)
                finally:
                    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    finally:
        signal.signal(signal.SIGVTALRM, before)
    assert not slow


def test_the_patterns_are_found():
    assert len(patterns()) > 60
