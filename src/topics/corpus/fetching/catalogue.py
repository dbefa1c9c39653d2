"""The catalogue of public corpora: what they are, on what terms, and where their publishers offer them.

`catalogue.toml` holds facts only, each with where it was read. An entry without files is known by its page: it is
downloaded by hand.
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files as resources
from typing import Any
from urllib.parse import urlsplit

from topics import display
from topics.errors import SettingsError, suggest

TOLERANCE = 1.1  # a page that says 146 MB may mean MiB, which are 5 % more
LAYOUTS = ("articles", "tagged")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class File:
    """One file of a corpus, as the publisher offers it."""

    name: str
    address: str
    size: int | None = None
    """In bytes."""
    size_rounded: bool = False
    at_most: int | None = None
    """Cap in bytes where no size is known."""
    sha256: str | None = None
    md5: str | None = None
    source: str | None = None
    """The newspaper of all its articles."""

    def __post_init__(self) -> None:
        """Refuse what could leave the folder, the network's safe part, or all bounds."""
        if not _NAME.fullmatch(self.name):
            raise SettingsError(f"catalogue: {self.name!r} is no plain file name; correct it there")
        check_address(self.address)
        if self.size is None and self.at_most is None:
            raise SettingsError(f"catalogue: {self.name} has neither size nor at_most; give one of them")

    @property
    def cap(self) -> int:
        """The most bytes that are taken from the server."""
        if self.size is None:
            return self.at_most or 0
        return int(self.size * TOLERANCE) if self.size_rounded else self.size

    @property
    def exact_size(self) -> int | None:
        """The size in bytes, where it is known to the byte."""
        return None if self.size_rounded else self.size


@dataclass(frozen=True, slots=True)
class Entry:
    """A public corpus."""

    name: str
    title: str
    licence: str
    citation: str
    page: str
    verified: tuple[str, ...]
    """Where each fact was read."""
    n_articles: int | None = None
    n_articles_rounded: bool = False
    size: int | None = None
    """In bytes; of all files together, where there are any."""
    size_rounded: bool = False
    files: tuple[File, ...] = ()
    hosts: tuple[str, ...] = ()
    """Hosts to which the address may redirect; "*.x.org" is any below x.org."""
    columns: Mapping[str, str | None] = field(default_factory=dict, hash=False)
    layout: str = "articles"
    """How the files hold articles: as the readers know them, or between tags as TREC collections do."""
    note: str = ""
    by_hand: str = ""

    def facts(self) -> dict[str, Any]:
        """The entry for people and for JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "n_articles": self.n_articles,
            "n_articles_rounded": self.n_articles_rounded,
            "size_bytes": self.size,
            "size_rounded": self.size_rounded,
            "licence": self.licence,
            "citation": self.citation,
            "page": self.page,
            "note": self.note or None,
            "by_hand": self.by_hand or None,
            "files": [
                {"name": one.name, "address": one.address, "size_bytes": one.size, "sha256": one.sha256}
                for one in self.files
            ],
            "verified": list(self.verified),
        }


def read_catalogue() -> dict[str, Entry]:
    """Every entry by its name, in the order of the file."""
    text = resources("topics.corpus.fetching").joinpath("catalogue.toml").read_text(encoding="utf-8")
    return {name: entry_of(name, values) for name, values in tomllib.loads(text).items()}


def find_entry(name: str) -> Entry:
    """The entry of a name.

    Raises
    ------
    SettingsError
        There is none; the message suggests one.
    """
    known = read_catalogue()
    if name not in known:
        shown = display.one_line(name, 60)
        listed = ", ".join(known)
        raise SettingsError(f"the catalogue has no corpus {shown!r}{suggest(name, known)}; it has {listed}")
    return known[name]


def entry_of(name: str, values: Mapping[str, Any]) -> Entry:
    """An entry from its table in the catalogue."""
    given = dict(values)
    files = tuple(File(**one) for one in given.pop("files", ()))
    sizes = [one.size for one in files]
    if files and None not in sizes:
        given["size"] = sum(size for size in sizes if size is not None)
        given["size_rounded"] = any(one.size_rounded for one in files)
    for key in ("hosts", "verified"):
        given[key] = tuple(given.get(key, ()))
    given["citation"] = given["citation"].strip()
    entry = Entry(name, files=files, **given)
    if not _NAME.fullmatch(name) or entry.layout not in LAYOUTS or not entry.verified:
        raise SettingsError(f"catalogue [{name}]: wants a plain name, a known layout and where it was verified")
    return entry


def check_address(address: str) -> None:
    """Refuse an address that is not https; http is for this machine only.

    Raises
    ------
    SettingsError
        It is of another kind, or names no host.
    """
    parts = urlsplit(address)
    local = parts.scheme == "http" and is_loopback(parts.hostname or "")
    if not (parts.scheme == "https" and parts.hostname) and not local:
        raise SettingsError(
            f"{display.one_line(address, 200)}: only https addresses are fetched; correct the catalogue"
        )


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its number."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
