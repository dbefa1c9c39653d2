"""bundle.json: what the bundle says of itself, and the hashes that hold it together."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from topics.bundle.advice import ASK
from topics.bundle.contents import HASHED, KINDS, Contents
from topics.bundle.plain_json import dumps, loads
from topics.bundle.versions import FORMAT, RULES, versions
from topics.display import one_line
from topics.errors import BundleError, DamagedBundle

if TYPE_CHECKING:
    from collections.abc import Mapping

MEMBER = "bundle.json"
FIELDS = ("format", "rules", "kind", "settings", "versions", "corpus", "members", "sha256")
_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Manifest:
    """bundle.json, checked."""

    rules: int
    kind: str
    settings: dict[str, Any]
    versions: dict[str, str]
    corpus: str
    members: dict[str, dict[str, Any]]


def dump_manifest(contents: Contents, members: Mapping[str, bytes]) -> bytes:
    """bundle.json for contents whose other members are `members`."""
    fields = {
        "format": FORMAT,
        "rules": contents.rules,
        "kind": contents.kind,
        "settings": dict(contents.settings),
        "versions": dict(contents.versions),
        "corpus": contents.corpus,
        "members": {
            name: {"sha256": hashlib.sha256(members[name]).hexdigest(), "size": len(members[name])} for name in HASHED
        },
    }
    raw = sign(fields)
    load_manifest(raw)
    return raw


def sign(fields: Mapping[str, Any]) -> bytes:
    """The fields as JSON, with the hash of that JSON in a last field that was blank when it was taken."""
    fields = {name: value for name, value in fields.items() if name != "sha256"}
    blank = dumps({**fields, "sha256": ""}, MEMBER, indent=1)
    return dumps({**fields, "sha256": hashlib.sha256(blank).hexdigest()}, MEMBER, indent=1)


def load_manifest(raw: bytes) -> Manifest:
    """The manifest of bytes that hash to what they say.

    Raises
    ------
    DamagedBundle
        They are not what was saved.
    BundleError
        They are, but of a newer format, or a field cannot be meant.
    """
    fields = _whole(raw)
    number = fields.get("format")
    if type(number) is not int or number < 1:
        _refuse("format", "is no whole number from 1")
    elif number > FORMAT:
        raise BundleError(_newer(number, fields.get("versions")))
    if unknown := sorted(set(fields) ^ set(FIELDS)):
        _refuse(one_line(unknown[0], 60), "is missing" if unknown[0] in FIELDS else "is unknown")
    if type(fields["rules"]) is not int or fields["rules"] < 1:
        _refuse("rules", "is no whole number from 1")
    if fields["kind"] not in KINDS:
        _refuse("kind", f"is neither {' nor '.join(KINDS)}")
    if not isinstance(fields["settings"], dict):
        _refuse("settings", "is no mapping")
    found = fields["versions"]
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        _refuse("versions", "is no mapping of names to versions")
    if not isinstance(fields["corpus"], str) or len(fields["corpus"]) > 200:
        _refuse("corpus", "is no fingerprint")
    _check_members(fields["members"])
    return Manifest(**{name: fields[name] for name in FIELDS if name not in ("format", "sha256")})


def same_versions(contents: Contents) -> bool:
    """Whether the text rules and every library are those it was made with; the probes decide either way."""
    return contents.rules == RULES and dict(contents.versions) == versions()


def _whole(raw: bytes) -> dict[str, Any]:
    """The fields, once their hash is that of the bytes; the same in every format."""
    try:
        fields = loads(raw, MEMBER)
        if isinstance(fields, dict) and sign(fields) == raw:
            return fields
    except BundleError as error:
        raise DamagedBundle(f"is damaged: {error}") from error
    raise DamagedBundle(
        f"{MEMBER} is damaged or was edited: it is not what was saved; copy it again from where it was saved"
    )


def _newer(number: int, made: object) -> str:
    """What to install for a format that came after this package."""
    release = made.get("arabic-topics") if isinstance(made, dict) else None
    if not isinstance(release, str) or not re.fullmatch(r"[0-9][0-9A-Za-z.+!-]{0,30}", release):
        return f"has format {number}, this package reads up to {FORMAT}; run: pip install -U arabic-topics"
    return (
        f"has format {number}, this package reads up to {FORMAT}; arabic-topics {release} reads it, "
        f"run: pip install -U 'arabic-topics>={release}'"
    )


def _check_members(members: object) -> None:
    if not isinstance(members, dict) or sorted(members) != sorted(HASHED):
        _refuse("members", f"does not list {', '.join(HASHED)}")
        return
    for name, fields in members.items():
        known = isinstance(fields, dict) and sorted(fields) == ["sha256", "size"]
        if not known or type(fields["size"]) is not int or not _SHA256.fullmatch(str(fields["sha256"])):
            _refuse(f"members.{name}", "has no size and SHA-256")


def _refuse(name: str, why: str) -> None:
    raise BundleError(f"{MEMBER}: {name} {why}; {ASK}")
