"""One article to its tokens: plainly, with spans; or faster, without, by remembering what repeats."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from topics.arabic import words
from topics.arabic.forms import Rules, Unit
from topics.arabic.sequences import LOOK_BACK, Merge, Phrases, Sequences, is_soft, merge

_REMEMBERED = 1_000_000  # spellings, then the memory is emptied: serial numbers in a log must not fill it
_BLOCK = 64  # chunks
_LONGEST = 64  # code points; what is longer than any word is not worth remembering


class Token(NamedTuple):
    """One word of an article: ``text[start:end]``, known to models as `form`."""

    start: int  # code points, inclusive
    end: int  # code points, exclusive
    form: str  # never empty


class Units(dict[str, Unit]):
    """Spelling -> what it is, filled as spellings are met."""

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self._rules = rules

    def of(self, span: words.Span) -> Unit:
        """What a span is."""
        unit = self.get(span.key)
        if unit is None:
            unit = self._rules.unit(span)
            if len(self) >= _REMEMBERED:
                self.clear()
            self[span.key] = unit
        return unit


class Read:
    """One text, its spans and units."""

    def __init__(self, text: str, sequences: Sequences, phrases: Phrases, units: Units) -> None:
        self.text = text
        self.spans = list(words.spans(text))
        self.units = [units.of(span) for span in self.spans]
        self.sequences = sequences
        self._phrases = phrases

    def gap(self, k: int) -> str:
        """The text between words k and k + 1."""
        return self.text[self.spans[k].end : self.spans[k + 1].start]

    def merges(self, first: int = 0) -> dict[int, Merge]:
        """The words that stand together as one term, from the word `first` on."""
        begins = self.sequences.begins
        asked = (i for i in range(first, len(self.units)) if begins(self.units[i]))
        return merge(self.units, self.gap, self.sequences, asked)

    def placed(self, merges: Mapping[int, Merge]) -> Iterator[tuple[int, int, Token]]:
        """(first word, last word, token) of each term before phrases."""
        i = 0
        while i < len(self.units):
            if found := merges.get(i):
                last = i + found.size - 1
                if found.form is not None:
                    yield i, last, Token(self.spans[i].start, self.spans[last].end, found.form)
                i = last + 1
                continue
            start = self.spans[i].start
            for first, end, form in self.units[i].parts:
                yield i, i, Token(start + first, start + end, form)
            i += 1

    def tokens(self) -> list[Token]:
        """Every token, phrases put together."""
        placed = list(self.placed(self.merges()))
        if not self._phrases:
            return [token for _, _, token in placed]
        return self._with_phrases(placed)

    def _with_phrases(self, placed: list[tuple[int, int, Token]]) -> list[Token]:
        forms = [token.form for _, _, token in placed]

        def joined(k: int) -> bool:
            return placed[k][1] + 1 == placed[k + 1][0] and is_soft(self.gap(placed[k][1]))

        out: list[Token] = []
        i = 0
        while i < len(placed):
            following = self.units[placed[min(i + 1, len(placed) - 1)][0]].spelling
            size = self._phrases.size(forms, joined, i, article_next=following.startswith("ال"))
            form = "_".join(forms[i : i + size])
            out.append(Token(placed[i][2].start, placed[i + size - 1][2].end, form))
            i += size
        return out


class _SensitiveChunk(KeyError):
    """A chunk whose forms depend on its neighbours."""


class Chunks(dict[str, tuple[str, ...]]):
    """What stands between two spaces -> its forms; looking up one whose neighbours may change them raises."""

    def __init__(self, read: Callable[[str], Read], ahead: int) -> None:
        super().__init__()
        self._read = read
        self._ahead = ahead  # how many words a rule may look at
        self._sensitive: set[str] = set()

    def __missing__(self, chunk: str) -> tuple[str, ...]:
        if chunk in self._sensitive:
            raise _SensitiveChunk(chunk)
        read = self._read(chunk)
        if any(map(read.sequences.begins, read.units)):
            if len(chunk) <= _LONGEST:
                self._sensitive.add(chunk)
            raise _SensitiveChunk(chunk)
        forms = tuple(token.form for token in read.tokens())
        if len(chunk) <= _LONGEST:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[chunk] = forms
        return forms

    def forms(self, text: str) -> list[str]:
        """The forms of a text; no word crosses a space, so its chunks may be looked up one by one."""
        chunks = text.split(" ")
        try:
            return list(chain.from_iterable(map(self.__getitem__, chunks)))
        except _SensitiveChunk:
            return list(self._in_company(chunks))

    def _or_none(self, chunk: str) -> tuple[str, ...] | None:
        try:
            return self[chunk]
        except _SensitiveChunk:
            return None

    def _in_company(self, chunks: list[str]) -> Iterator[str]:
        remembered = [self.get(chunk) for chunk in chunks]
        i = 0
        while i < len(chunks):
            forms = remembered[i]
            if forms is None:
                forms = remembered[i] = self._or_none(chunks[i])
            if forms is not None:
                yield from forms
                i += 1
            else:
                # Those that stand close are read in one window, or a list of months would be read over and over.
                near = chunks[i : i + _BLOCK]
                last = i + max(k for k, chunk in enumerate(near) if chunk in self._sensitive or k == 0)
                i, read_again = self._window(chunks, i, last)
                yield from read_again

    def _window(self, chunks: list[str], i: int, last: int) -> tuple[int, list[str]]:
        """Chunks i to `last` read again with what a rule may look at around them.

        Returns the chunk to go on with, the first border after `last` that no merge crosses, and the forms up to there.
        """
        first, end_chunk = _reach(chunks, i, -1, LOOK_BACK), _reach(chunks, last, 1, self._ahead)
        read = self._read(" ".join(chunks[first : end_chunk + 1]))
        begin = len(" ".join(chunks[first:i])) + (i > first)
        starts = [span.start for span in read.spans]
        word = bisect_left(starts, begin)
        merges = read.merges(word)
        end = begin - 1
        while True:
            end += 1 + len(chunks[i])
            i += 1
            done = bisect_left(starts, end)
            if i > last and not any(at < done < at + found.size for at, found in merges.items()):
                break
        return i, [token.form for at, _, token in read.placed(merges) if word <= at < done]


def _reach(chunks: list[str], i: int, step: int, words_needed: int) -> int:
    """The chunk so far from the i-th that `words_needed` non-empty ones lie between, or the last there is."""
    found = 0
    while 0 <= i + step < len(chunks) and found < words_needed:
        i += step
        found += bool(chunks[i])
    return i
