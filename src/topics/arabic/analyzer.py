"""Analyzer: the one way from text to terms. It has parameters and learns nothing.

Two equal analyzers give equal terms in every process; what is counted in training text is handed in
as `frequencies` and `phrases` by the vectorizer that counted it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Self, cast

from topics.arabic import letters, words
from topics.arabic.forms import Rules
from topics.arabic.reading import Chunks, Read, Token, Units
from topics.arabic.sequences import Phrases, Sequences
from topics.errors import SettingsError, suggest

__all__ = ["Analyzer", "Frequencies", "Token", "default_frequencies", "stop_words"]

LEVELS = ("none", "clitic", "light", "lucene_light10")
KEEP = ("number", "year", "date", "url", "email", "user", "latin")


_MOST = 1 << 62  # compiled loops hold counts in 64 bits, and add some up


class Frequencies(Mapping[str, int]):
    """Reference counts, frozen: folded whole word -> how often. Copies are the same object, equality is by content."""

    def __init__(self, counts: Mapping[str, int] | Iterable[tuple[str, int]] = ()) -> None:
        self._counts = dict(counts)
        self._made: Any = None
        # Asked of all at once, in C; a sum that is no number has one among its parts.
        values = self._counts.values()
        if not (set(map(type, self._counts)) <= {str} and min(values, default=0) >= 0 and 0 <= sum(values) < _MOST):
            pairs = self._counts.items()
            bad = next((pair for pair in pairs if not isinstance(pair[0], str) or not 0 <= pair[1] < _MOST), None)
            if bad is not None:
                word, count = bad
                raise SettingsError(
                    f"frequencies map a word to a count of 0 or more, below 2**62, not {word!r:.60} to {count!r:.60}"
                )

    def __getitem__(self, word: str) -> int:
        return self._counts[word]

    def __iter__(self) -> Iterator[str]:
        return iter(self._counts)

    def __len__(self) -> int:
        return len(self._counts)

    def get(self, word: str, default: Any = None) -> Any:
        """The count of a word, or `default`; a method of its own because Mapping's is slow."""
        return self._counts.get(word, default)

    def __hash__(self) -> int:
        return hash(frozenset(self._counts.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frequencies) and self._counts == other._counts

    def __repr__(self) -> str:
        return f"Frequencies({len(self):,} words, {sum(self._counts.values()):,} occurrences)"

    def derived(self, make: Callable[[Mapping[str, int]], Any]) -> Any:
        """What `make` makes of the counts, worked out once; counts never change."""
        if self._made is None:
            self._made = make(self._counts)
        return self._made

    def __reduce__(self) -> tuple[type, tuple[dict[str, int]]]:
        return type(self), (self._counts,)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def plus(self, more: Mapping[str, int]) -> Frequencies:
        """These counts and `more` added up."""
        total = dict(self._counts)
        for word, count in more.items():
            total[word] = total.get(word, 0) + count
        return Frequencies(total)


def _lines(name: str) -> Iterator[str]:
    yield from files("topics.arabic").joinpath("data", name).read_text(encoding="utf-8").splitlines()


@cache
def stop_words(*, negations: bool = True) -> frozenset[str]:
    """The function words that ship, with or without the negations (لا, لم, ليس ...)."""
    found: dict[str, set[str]] = {}
    section = ""
    for line in _lines("stop_words.txt"):
        if line.startswith("## "):
            section = line[3:].strip()
        elif word := line.partition("#")[0].strip():
            found.setdefault(section, set()).add(word)
    chosen = found["function words"] | (found["negations"] if negations else set())
    return frozenset(chosen)


@cache
def default_frequencies() -> Frequencies:
    """The table that ships: words of public news corpora and how often they occur; its header names the sources."""
    rows = (line.split("\t") for line in _lines("frequencies.tsv") if line and not line.startswith("#"))
    return Frequencies((word, int(count)) for word, count in rows)


@cache
def _aliases() -> tuple[dict[str, str], dict[tuple[str, ...], str]]:
    """One-word aliases, and those of several words."""
    table = tomllib.loads("\n".join(_lines("aliases.toml")))
    pairs = [(variant, name) for name, variants in table.items() for variant in variants]
    single = {variant: name for variant, name in pairs if " " not in variant}
    compounds = {tuple(variant.split()): name for variant, name in pairs if " " in variant}
    return single, compounds


class Analyzer:
    """Text to terms.

    Parameters
    ----------
    level : {"none", "clitic", "light"}, default="clitic"
        What is taken off a word: nothing; conjunctions, articles and prepositions; suffixes as well.
    fold : tuple of {"alef", "maqsura", "teh", "hamza_seats"}
        Letters that become one: آأإ->ا, ى->ي, ة->ه, ؤ->و with ئ->ي. ``()`` folds nothing.
    stop_words : "default", None or iterable of str
        Words that are no terms, spelled without marks and not folded.
    keep : tuple of {"number", "year", "date", "url", "email", "user", "latin"}
        What becomes a term beside Arabic words. Years 1900-2100 and Latin words stand for themselves, the
        others for one placeholder each (``<NUM>``).
    months : bool, default=True
        One key for a month in all regions: شتنبر and سبتمبر are M09.
    aliases : bool, default=True
        One spelling for names that newspapers spell in several ways (data/aliases.toml).
    elongation : bool, default=True
        رااائع is رائع, where the shorter word is attested.
    phrases : iterable of tuple of str
        Terms that make one term when they stand together, as tuples of forms.
    frequencies : "default" or mapping
        Reference counts, folded whole word -> count, by which clitics are decided.

    Raises
    ------
    SettingsError
        A level, fold or kind that does not exist.

    Examples
    --------
    >>> Analyzer()("والوزيرُ في المغـــرب")
    ['وزير', 'مغرب']
    """

    _PARAMETERS = ("level", "fold", "stop_words", "keep", "months", "aliases", "elongation", "phrases", "frequencies")

    def __init__(
        self,
        level: str = "clitic",
        fold: tuple[str, ...] = ("alef", "maqsura", "teh"),
        stop_words: str | Iterable[str] | None = "default",
        keep: tuple[str, ...] = ("year", "latin"),
        months: bool = True,
        aliases: bool = True,
        elongation: bool = True,
        phrases: Iterable[tuple[str, ...]] = (),
        frequencies: str | Mapping[str, int] = "default",
    ) -> None:
        self.level = level
        self.fold = fold
        self.stop_words = stop_words
        self.keep = keep
        self.months = months
        self.aliases = aliases
        self.elongation = elongation
        self.phrases = phrases
        self.frequencies = frequencies
        self._check()

    @classmethod
    def lucene_light10(cls, stop_words: str | Iterable[str] | None = "default") -> Self:
        """Lucene's ArabicAnalyzer: its normalizer and stemmer on every word, no months, aliases or clitic rules."""
        return cls(
            level="lucene_light10", stop_words=stop_words, keep=("number", "year", "latin"),
            months=False, aliases=False, elongation=False, frequencies={},
        )  # fmt: skip

    def _check(self) -> None:
        if self.level not in LEVELS:
            raise SettingsError(f"level {self.level!r} does not exist{suggest(str(self.level), LEVELS[:3])}")
        for name, chosen, known in (("fold", self.fold, tuple(letters.FOLDS)), ("keep", self.keep, KEEP)):
            if isinstance(chosen, str):  # type: ignore[unreachable]  # people write fold="alef"
                raise SettingsError(f"{name} takes several names, not one string; write {name}=({chosen!r},)")
            for value in chosen:
                if value not in known:
                    raise SettingsError(f"{name} does not know {value!r}{suggest(str(value), known)}")
        if isinstance(self.stop_words, str) and self.stop_words != "default":
            raise SettingsError("stop_words is 'default', None or a list of words; to remove one word write [word]")
        if isinstance(self.frequencies, str) and self.frequencies != "default":
            raise SettingsError("frequencies is 'default' or a mapping of word to count")
        for phrase in self.phrases:
            forms: tuple[object, ...] = tuple(phrase)
            if isinstance(phrase, str) or len(forms) < 2 or not all(isinstance(form, str) and form for form in forms):  # type: ignore[unreachable]
                raise SettingsError(f"a phrase is a tuple of two or more forms, not {phrase!r}")

    # scikit-learn's protocol, without importing it -----------------------------------------------------------

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002 - the protocol's signature
        """The arguments by name, as scikit-learn's clone and grid search want them."""
        return {name: getattr(self, name) for name in self._PARAMETERS}

    def set_params(self, **params: Any) -> Self:
        """Change arguments by name; unknown ones are refused."""
        for name, value in params.items():
            if name not in self._PARAMETERS:
                raise SettingsError(f"Analyzer has no argument {name!r}{suggest(name, self._PARAMETERS)}")
            setattr(self, name, value)
        self._check()
        self.__dict__.pop("_derived", None)
        return self

    def with_counts(self, frequencies: Mapping[str, int], phrases: Iterable[tuple[str, ...]] = ()) -> Self:
        """The same analyzer with other reference counts, and more phrases."""
        params = self.get_params()
        params["frequencies"] = frequencies if isinstance(frequencies, Frequencies) else Frequencies(frequencies)
        params["phrases"] = (*self.phrases, *phrases)
        other = type(self)(**params)
        if other.frequencies is self.counts and other.phrases == tuple(self.phrases):
            # Equal analyzers know the same words; one whose arguments are changed begins anew.
            other.__dict__["_derived"] = self.__dict__.setdefault("_derived", {})
        return other

    def to_settings(self) -> dict[str, Any]:
        """The arguments as plain JSON values; `from_settings` makes an equal analyzer of them."""
        frequencies = self.frequencies if isinstance(self.frequencies, str) else dict(sorted(self.frequencies.items()))
        stop = self.stop_words
        return {
            "level": self.level,
            "fold": list(self.fold),
            "stop_words": stop if stop is None or isinstance(stop, str) else sorted(set(stop)),
            "keep": list(self.keep),
            "months": self.months,
            "aliases": self.aliases,
            "elongation": self.elongation,
            "phrases": sorted(list(phrase) for phrase in self.phrases),
            "frequencies": frequencies,
        }

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Self:
        """An analyzer from `to_settings`, or from the [text] table of an experiment."""
        for name in settings:
            if name not in cls._PARAMETERS:
                raise SettingsError(f"[text] has no setting {name!r}{suggest(name, cls._PARAMETERS)}")
        params = dict(settings)
        for name in ("fold", "keep"):
            if name in params:
                params[name] = tuple(params[name])
        if not isinstance(params.get("stop_words", "default"), str | None):
            params["stop_words"] = tuple(params["stop_words"])
        params["phrases"] = tuple(tuple(phrase) for phrase in params.get("phrases", ()))
        if not isinstance(params.get("frequencies", "default"), str):
            params["frequencies"] = Frequencies(params["frequencies"])
        return cls(**params)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Analyzer) and self._identity == other._identity

    def __hash__(self) -> int:
        return hash(self._identity)

    @property
    def _identity(self) -> tuple[Any, ...]:
        rules = self.rules
        return (
            self.level, frozenset(self.fold), rules.stop_words, frozenset(self.keep), self.months, self.aliases,
            self.elongation, frozenset(map(tuple, self.phrases)), self.counts,
        )  # fmt: skip

    def __repr__(self) -> str:
        default = Analyzer.__init__.__defaults__ or ()
        shown = [
            f"{name}={getattr(self, name)!r}"
            for name, value in zip(self._PARAMETERS, default, strict=True)
            if getattr(self, name) is not value and getattr(self, name) != value
        ]
        return f"Analyzer({', '.join(shown)})"

    # what the parameters stand for ---------------------------------------------------------------------------

    def derived(self, name: str, make: Callable[[], Any]) -> Any:
        """What `make` makes of the parameters, kept until they change; never copied or pickled with the analyzer."""
        kept: dict[str, Any] = self.__dict__.setdefault("_derived", {})
        if name not in kept:
            kept[name] = make()
        return kept[name]

    def forget(self, name: str) -> None:
        """Drop what `derived` keeps under a name."""
        self.__dict__.get("_derived", {}).pop(name, None)

    def __getstate__(self) -> dict[str, Any]:
        return self.get_params()

    @property
    def counts(self) -> Frequencies:
        """The reference counts that `frequencies` means."""
        if isinstance(self.frequencies, str):
            return default_frequencies()
        given = self.frequencies
        return (
            given
            if isinstance(given, Frequencies)
            else cast("Frequencies", self.derived("counts", lambda: Frequencies(given)))
        )

    @property
    def rules(self) -> Rules:
        """The rules of one word that the parameters stand for."""
        return cast("Rules", self.derived("rules", self._make_rules))

    def _make_rules(self) -> Rules:
        chosen = self.stop_words
        stop = stop_words() if chosen == "default" else frozenset(chosen or ())
        return Rules(
            level=self.level, fold=tuple(self.fold), stop_words=stop, function_words=stop_words(),
            keep=frozenset(self.keep),
            months=self.months, aliases=_aliases()[0] if self.aliases else {}, elongation=self.elongation,
            frequencies=self.counts,
        )  # fmt: skip

    @property
    def sequences(self) -> Sequences:
        """The rules that need a word's neighbours."""
        return cast("Sequences", self.derived("sequences", self._make_sequences))

    def _make_sequences(self) -> Sequences:
        compounds = _aliases()[1] if self.aliases else {}
        return Sequences(self.rules, {words: self.rules.keyed(alias) for words, alias in compounds.items()})

    @property
    def phrase_rules(self) -> Phrases:
        """The phrases, as a lookup."""
        return cast("Phrases", self.derived("phrases", lambda: Phrases(self.phrases)))

    def _read(self, text: str) -> Read:
        return Read(text, self.sequences, self.phrase_rules, self.derived("units", lambda: Units(self.rules)))

    # text to terms -------------------------------------------------------------------------------------------

    def tokens(self, text: str) -> list[Token]:
        """The terms of a text with their spans, in order; spans never overlap."""
        return self._read(text).tokens()

    def __call__(self, text: str) -> list[str]:
        """The forms of `tokens`, faster: news repeats what stands between two spaces, so that is remembered."""
        if self.phrase_rules:
            return [token.form for token in self.tokens(text)]
        chunks: Chunks = self.derived("chunks", lambda: Chunks(self._read, self.sequences))
        return chunks.forms(text)

    def sentences(self, text: str) -> list[tuple[int, int]]:
        """Spans of the sentences of a text; a line's end always ends one."""
        return words.sentences(text)

    def paragraphs(self, text: str) -> list[tuple[int, int]]:
        """Spans of the non-blank lines of a text."""
        return words.paragraphs(text)
