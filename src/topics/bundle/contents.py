"""What a bundle holds, as one value, and its members as bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from topics.bundle.advice import ASK
from topics.bundle.arrays import write_arrays
from topics.bundle.plain_json import dumps, loads
from topics.bundle.versions import RULES, versions
from topics.errors import BundleError

if TYPE_CHECKING:
    from numpy.typing import NDArray

KINDS = ("themes", "topics")
HASHED = ("arrays.safetensors", "terms.txt", "text.json", "probes.json")
MEMBERS = ("bundle.json", *HASHED, "README.md")
_MIB = 1 << 20
# The arrays are bounded by the file itself.
LIMITS = {
    "bundle.json": 64 * _MIB,
    "terms.txt": 256 * _MIB,
    "text.json": 256 * _MIB,
    "probes.json": 16 * _MIB,
    "README.md": 16 * _MIB,
}


@dataclass(frozen=True, eq=False)
class Contents:
    """What is saved of a model; equal contents are equal bytes.

    Parameters
    ----------
    kind : {"themes", "topics"}
        Which model it rebuilds.
    settings : mapping
        JSON values; the order of mappings is kept, tuples come back as lists.
    arrays : mapping of str to ndarray
        Every number that affects a prediction: bool, uint8, int32, int64, float32 or float64, finite.
    terms : sequence of str
        The vocabulary, in the order of the arrays' columns.
    text : mapping
        Text rules, frequencies and spellings, as JSON values.
    probes : sequence of mapping
        Each with "text", a sentence written for the project, and "scores", numbers in any nesting;
        further JSON values, such as labels, have to come out equal.
    card : str
        The model card, Markdown.
    corpus : str
        The fingerprint of the training corpus.
    rules : int
        The text rules that made the terms.
    versions : mapping of str to str
        The libraries that made it.
    """

    kind: str
    settings: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]
    terms: Sequence[str]
    text: Mapping[str, Any]
    probes: Sequence[Mapping[str, Any]]
    card: str
    corpus: str
    rules: int = RULES
    versions: Mapping[str, str] = field(default_factory=versions)


def encode(contents: Contents) -> dict[str, bytes]:
    """Every member but bundle.json as bytes, each read back and compared."""
    check_probe_list(contents.probes)
    data = {
        "arrays.safetensors": write_arrays(contents.arrays),
        "terms.txt": dump_terms(contents.terms),
        "text.json": dumps(dict(contents.text), "text"),
        "probes.json": dumps(list(contents.probes), "probes", indent=1),
        "README.md": contents.card.encode(errors="replace"),
    }
    for name, limit in LIMITS.items():
        if len(data.get(name, b"")) > limit:
            raise BundleError(f"{name} would have {len(data[name]):,} bytes, more than {limit:,}; raise min_df")
    return data


def dump_terms(terms: Iterable[str]) -> bytes:
    """One term a line, each line ended; backslashes and line ends of a term escaped."""
    lines = [_escape(term) + "\n" for term in terms]
    try:
        return "".join(lines).encode()
    except UnicodeEncodeError as error:
        raise BundleError(
            "terms: one holds half a character (a lone surrogate), which no file can; remove it"
        ) from error


def load_terms(raw: bytes) -> list[str]:
    """The terms of `dump_terms`."""
    try:
        lines = raw.decode().split("\n")
    except UnicodeDecodeError as error:
        raise BundleError(f"terms.txt: is not UTF-8; {ASK}") from error
    if lines.pop():
        raise BundleError(f"terms.txt: its last line does not end; {ASK}")
    return [line if "\\" not in line else _unescape(line) for line in lines]


def load_text(raw: bytes) -> dict[str, Any]:
    """The text rules, frequencies and spellings."""
    found = loads(raw, "text.json")
    if not isinstance(found, dict):
        raise BundleError(f"text.json: is no mapping; {ASK}")
    return found


def load_probes(raw: bytes) -> list[dict[str, Any]]:
    """The probe sentences with their scores."""
    found = loads(raw, "probes.json")
    if not isinstance(found, list):
        raise BundleError(f"probes.json: is no list; {ASK}")
    check_probe_list(found)
    return found


def load_card(raw: bytes) -> str:
    """The model card; people edit it, so any bytes will do."""
    return raw.decode(errors="replace")


LOADERS: dict[str, Callable[[bytes], Any]] = {
    "terms.txt": load_terms,
    "text.json": load_text,
    "probes.json": load_probes,
    "README.md": load_card,
}


def check_probe_list(probes: Sequence[Mapping[str, Any]]) -> None:
    """Raise unless there is a probe and each has its text and scores."""
    for number, probe in enumerate(probes):
        if not isinstance(probe, Mapping) or not isinstance(probe.get("text"), str) or "scores" not in probe:
            raise BundleError(f"probes[{number}]: needs a text and its scores; save the model again")
    if not probes:
        raise BundleError(
            "probes: there are none, so nobody can tell whether it works elsewhere; save the model with some"
        )


def _escape(term: str) -> str:
    if not isinstance(term, str):
        raise BundleError(f"terms: {term!r} is no text; a term is a str")
    return term.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")


def _unescape(line: str) -> str:
    pieces = line.split("\\\\")
    for piece in pieces:
        if "\\" in piece.replace("\\n", "").replace("\\r", ""):
            raise BundleError(f"terms.txt: a backslash stands alone in a line; {ASK}")
    return "\\".join(piece.replace("\\n", "\n").replace("\\r", "\r") for piece in pieces)
