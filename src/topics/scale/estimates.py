"""How much memory each stage needs, known before it begins; what does not fit is refused with what to change.

The factors are what single tasks on generated articles held, rounded up; see docs/how-to/scale.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from topics.errors import SettingsError
from topics.estimators.by_parts import SHARES
from topics.estimators.starts import SAMPLE

ARTICLE = 1500  # bytes of text, about: what ids take is told by it
BASE = 330 << 20  # bytes: a process with its libraries
READ = 6.0  # bytes for each of a partition, while it is read and its terms counted
PHRASES = 70.0  # the same, while pairs of terms are counted as well
TERM_BYTES = 450  # for each different word of the corpus, while all are merged
_UNITS = ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"))


@dataclass(frozen=True)
class Need:
    """The most that a process holds in a stage."""

    stage: str
    worker: int  # bytes, of a process that does tasks
    main: int  # bytes, of the process that adds results up
    change: str  # what makes it less

    def __str__(self) -> str:
        return f"{self.stage}: {shown(self.worker)} a worker, {shown(self.main)} in the main process"


def shown(n_bytes: float) -> str:
    """Bytes as people read them: 1.5 GiB."""
    for unit, name in _UNITS:
        if n_bytes >= unit:
            return f"{n_bytes / unit:.3g} {name}"
    return f"{n_bytes:.0f} bytes"


def reading(partition: int, corpus: int, *, phrases: bool = False) -> Need:
    """Of reading and counting.

    Parameters
    ----------
    partition, corpus : int
        Bytes of the largest partition, and of all.
    phrases : bool
        Whether names and collocations are learnt.
    """
    # Heaps' law as Arabic news follow it: the root of the number of words, of 11 bytes each, times 90.
    words = 90 * (corpus / 11) ** 0.5
    ids = 50 * (corpus // ARTICLE)
    worker = BASE + int((PHRASES if phrases else READ) * partition)
    advice = f"[scale] partition below {shown(partition)}" + ", or write [terms] learn_phrases = false" * phrases
    return Need("analysis", worker, BASE + int(words * TERM_BYTES) + ids, advice)


def sorting(partition: int, inputs: int) -> Need:
    """Of reading and sorting articles that nothing is learnt from.

    Parameters
    ----------
    partition, inputs : int
        Bytes of the largest partition, and of all.
    """
    main = BASE + 50 * (inputs // ARTICLE)
    return Need("sorting", BASE + int(READ * partition), main, f"[scale] partition below {shown(partition)}")


def topics(n_terms: int, n_topics: int, pairs: int, articles: int, runs: int = 1, *, anchored: bool = False) -> Need:
    """Of finding topics.

    Parameters
    ----------
    pairs, articles : int
        Of the largest partition.
    runs : int
        From how many random states; their topics are compared at the end.
    anchored : bool
        Whether anchors pull topics.
    """
    table = 4 * n_terms * n_topics
    # The topics, a copy to work in, three of the terms that occur: before, found, and what was found last.
    worker = BASE + SHARES + 5 * table + 12 * pairs + 3 * 4 * articles * n_topics
    # Starts on a sample hold their topics of its terms, and the shares of its pairs; anchors a prior and sums beside.
    sample = SAMPLE * pairs // max(articles, 1)
    start = 4 * n_topics * (10 * min(n_terms, sample) + sample) + (4 * table if anchored else 0)
    # While the topics are saved; while runs are compared, of each its topics twice.
    main = BASE + max(14 * table, start, (4 * runs + 6) * table if runs > 1 else 0)
    advice = "[topics] n_topics, or [scale] partition, or raise [topics] min_df"
    return Need("topics", worker, main, advice if runs == 1 else f"[topics] runs, {advice}")


def check(need: Need, memory: int) -> None:
    """Refuse what does not fit.

    Raises
    ------
    SettingsError
        A process would need more than `memory` bytes.
    """
    wanted = max(need.worker, need.main)
    if wanted > memory:
        raise SettingsError(
            f"{need.stage} needs {shown(wanted)} in a process and [scale] memory is {shown(memory)}; "
            f"raise memory, or lower {need.change}"
        )
