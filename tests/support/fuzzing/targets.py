"""What is fuzzed: for each target good inputs, how they are made bad, and what must hold of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from fuzzing.mutator import mutate
from topics.errors import TopicsError

Mutate = Callable[[bytes, Random, Sequence[bytes]], bytes]


@dataclass(frozen=True)
class Target:
    """A promise to try with any bytes.

    `check` raises where it is broken, `seeds` gives good inputs, `mutate` makes one of them bad.
    """

    check: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    mutate: Mutate = mutate


def answers(ask: Callable[[], object]):
    """What is given, or None where it is said in one line why nothing is."""
    try:
        return ask()
    except TopicsError as error:
        message = str(error)
        message.encode("utf-8")
        assert message
        assert "\n" not in message, message
        return None


def targets() -> dict[str, Target]:
    """Every target by name."""
    from fuzzing import of_bundles, of_corpora, of_pages, of_settings, of_text

    return {**of_text.TARGETS, **of_bundles.TARGETS, **of_corpora.TARGETS, **of_settings.TARGETS, **of_pages.TARGETS}
