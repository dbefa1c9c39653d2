"""One article to its tokens: plainly, with spans; or faster, without, by remembering what repeats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from sys import intern
from typing import Any, NamedTuple

from topics.arabic import words
from topics.arabic.forms import Rules, Unit
from topics.arabic.sequences import LOOK_BACK, Merge, Phrases, Sequences, is_soft, merge

_REMEMBERED = 1_000_000  # spellings, then the memory is emptied: serial numbers in a log must not fill it
_LONGEST = 128  # bytes of a chunk; what is longer than any word is not worth remembering


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

    def merges(self) -> dict[int, Merge]:
        """The words that stand together as one term."""
        begins = self.sequences.begins
        asked = (i for i, unit in enumerate(self.units) if begins(unit))
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


_Specials = dict[int, tuple[str, ...] | None]  # place among the chunks -> what `_Special` said
_ChunkWords = tuple[str, list[int], list[int], list[Unit]]  # the chunk, starts, ends, what each is


class _Special(KeyError):
    """A chunk that gives several forms, or None where its neighbours may change them."""

    def __init__(self, forms: tuple[str, ...] | None) -> None:
        super().__init__()
        self.forms = forms


class Chunks(dict[bytes, str]):
    """What stands between two spaces, in UTF-8 -> its form, "" for what gives none.

    Bytes, because a lookup mostly waits for memory, and they take half of what a string does.
    Looking up what gives several forms, or what its neighbours may change, raises `_Special`: so all but a few words
    of an article are read by loops in C.
    """

    def __init__(self, read: Callable[[str], Read], sequences: Sequences) -> None:
        super().__init__()
        self._read = read
        self._sequences = sequences
        self._ahead = sequences.reach  # how many words a rule may look at
        self._read_before: dict[bytes, _ChunkWords] = {}
        self._several: dict[bytes, tuple[str, ...]] = {}
        self._sensitive: dict[bytes, tuple[str, ...] | None] = {}  # forms where none is company, of one word only
        self._company: dict[bytes, bool] = {}

    def __missing__(self, chunk: bytes) -> str:
        forms = self._alone(chunk)
        if forms is None or len(forms) > 1:
            raise _Special(forms)
        return forms[0] if forms else ""

    def _alone(self, chunk: bytes) -> tuple[str, ...] | None:
        """The forms of a chunk that is not remembered as one form; None where its neighbours may change them."""
        if chunk in self._sensitive:
            return None
        if chunk in self._several:
            return self._several[chunk]
        read = self._read(_text(chunk))
        forms = tuple(token.form for token in read.tokens())
        sensitive = any(map(read.sequences.begins, read.units))
        if len(chunk) <= _LONGEST:
            self._make_room()
            if sensitive:
                self._sensitive[chunk] = forms if len(read.units) == 1 and read.sequences.apart else None
            elif len(forms) > 1:
                self._several[chunk] = forms
            else:
                # One object a form, however many chunks give it: a memory that is small is near.
                self[chunk] = intern(forms[0]) if forms else ""
        return None if sensitive else forms

    def _make_room(self) -> None:
        memories: tuple[dict[bytes, Any], ...] = (
            self,
            self._several,
            self._sensitive,
            self._company,
            self._read_before,
        )
        if sum(len(memory) for memory in memories) >= _REMEMBERED:
            for memory in memories:
                memory.clear()

    def _apart(self, chunks: list[bytes], i: int) -> tuple[str, ...] | None:
        """The forms of a chunk whose neighbours may change it, where they do not; None where they may."""
        forms = self._sensitive.get(chunks[i])
        if forms is None or any(map(self._is_company, chunks[max(i - 1, 0) : i] + chunks[i + 1 : i + 2])):
            return None
        return forms

    def _is_company(self, chunk: bytes) -> bool:
        """Whether a rule may hold beside a chunk, or look beyond it."""
        found = self._company.get(chunk)
        if found is None:
            read = self._read(_text(chunk))
            found = chunk != b"\n" and (not read.units or any(map(read.sequences.company, read.units)))
            if len(chunk) <= _LONGEST:
                self._make_room()
                self._company[chunk] = found
        return found

    def forms(self, text: str) -> list[str]:
        """The forms of a text; no word crosses a space, so its chunks may be looked up one by one."""
        # A line's end is a chunk of its own: the words around it are rarely met together again.
        chunks = text.encode("utf-8", "surrogatepass").replace(b"\n", b" \n ").split(b" ")
        looked_up = map(self.__getitem__, chunks)
        found: list[str] = []
        special: _Specials = {}
        while True:
            try:
                found.extend(looked_up)
            except _Special as missed:
                # What came before it is in the list, and the loop goes on behind it.
                special[len(found)] = missed.forms
                found.append("")
            else:
                return self._in_company(chunks, found, special) if special else list(filter(None, found))

    def _in_company(self, chunks: list[bytes], found: list[str], special: _Specials) -> list[str]:
        """The forms of an article, the special ones of its chunks read again among their neighbours."""
        out: list[str] = []
        done = 0
        for i, alone in special.items():
            if i < done:
                continue
            out.extend(filter(None, found[done:i]))
            forms = self._apart(chunks, i) if alone is None else alone
            if forms is None:
                done, forms = self._window(chunks, i, self._last_near(special, i))
            else:
                done = i + 1
            out.extend(forms)
        out.extend(filter(None, found[done:]))
        return out

    def _last_near(self, special: _Specials, i: int) -> int:
        """The last of the chunks from the i-th whose windows would meet: a list of months is read once."""
        last = i
        while near := [k for k in range(last + 1, last + 1 + LOOK_BACK + self._ahead) if special.get(k, ()) is None]:
            last = near[-1]
        return last

    def _words(self, chunk: bytes) -> _ChunkWords:
        """The words of a chunk; no word crosses a space."""
        found = self._read_before.get(chunk)
        if found is None:
            read = self._read(text := _text(chunk))
            found = text, [span.start for span in read.spans], [span.end for span in read.spans], read.units
            if len(chunk) <= _LONGEST:
                self._make_room()
                self._read_before[chunk] = found
        return found

    def _window(self, chunks: list[bytes], i: int, last: int) -> tuple[int, tuple[str, ...]]:
        """Chunks i to `last` read again with what a rule may look at around them.

        Returns the chunk to go on with, the first border after `last` that no merge crosses, and the forms up to there.
        """
        first, end_chunk = _reach(chunks, i, -1, LOOK_BACK), _reach(chunks, last, 1, self._ahead)
        near: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        units: list[Unit] = []
        borders = [0]  # words before each chunk of `near`
        offset = 0
        for k in range(first, end_chunk + 1):
            chunk, begun, ended, inside = self._words(chunks[k])
            near.append(chunk)
            starts += [offset + at for at in begun]
            ends += [offset + at for at in ended]
            units += inside
            borders.append(len(units))
            offset += len(chunk) + 1
        text = " ".join(near)
        word = borders[i - first]
        begins = self._sequences.begins
        asked = (k for k in range(word, len(units)) if begins(units[k]))
        merges = merge(units, lambda k: text[ends[k] : starts[k + 1]], self._sequences, asked)
        to = last + 1
        while any(at < borders[to - first] < at + found.size for at, found in merges.items()):
            to += 1
        return to, tuple(_forms(units, merges, word, borders[to - first]))


def _text(chunk: bytes) -> str:
    return chunk.decode("utf-8", "surrogatepass")


def _forms(units: list[Unit], merges: Mapping[int, Merge], k: int, end: int) -> Iterator[str]:
    """The forms of the words k to `end`, merges put in."""
    while k < end:
        if found := merges.get(k):
            if found.form is not None:
                yield found.form
            k += found.size
        else:
            for _, _, form in units[k].parts:
                yield form
            k += 1


def _reach(chunks: list[bytes], i: int, step: int, words_needed: int) -> int:
    """The chunk so far from the i-th that `words_needed` non-empty ones lie between, or the last there is."""
    found = 0
    while 0 <= i + step < len(chunks) and found < words_needed:
        i += step
        found += bool(chunks[i])
    return i
