"""Ctrl-C and SIGTERM end a command as an error would: what was begun is taken away, nothing half done stays.

A signal becomes an exception wherever Python happens to be, and a library that calls back from C loses
it there. So it is also remembered, and raised again by the next `check`. Between `hold` and `release` the first
one is only remembered: a fit ends its sweep, hands out its state and stops then; a second one stops at once.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_received: list[int] = []
_holding: list[bool] = []


class Interrupted(KeyboardInterrupt):
    """Ctrl-C; a class of its own, as Python ends by the signal when KeyboardInterrupt itself passes an exec."""


def check() -> None:
    """Stop here when a signal came and its exception was lost, or was held back."""
    if _received:
        _stop(_received[-1])


def stopped() -> bool:
    """Whether a signal has come."""
    return bool(_received)


def hold() -> None:
    """Hold the next signal back until `check` is called."""
    _holding.append(True)


def release() -> None:
    """Signals stop at once again."""
    _holding.pop()


@contextmanager
def terminable() -> Iterator[None]:
    """Inside, SIGTERM raises SystemExit(143) and Ctrl-C `Interrupted`; other threads change nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def handle(number: int, _frame: object) -> None:
        again = bool(_received)
        _received.append(number)
        if again or not _holding:
            _stop(number)

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, handle)
    try:
        yield
        check()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        _received.clear()


def _stop(number: int) -> None:
    if number == signal.SIGINT:
        raise Interrupted
    raise SystemExit(128 + number)
