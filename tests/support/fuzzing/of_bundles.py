"""Bundles: one that was changed is refused or predicts the same; one made good again never breaks its reader."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from fuzzing.mutator import mutate
from fuzzing.targets import Target
from topics import bundle, load
from topics.bundle import archive
from topics.bundle.contents import HASHED, MEMBERS
from topics.bundle.manifest import sign
from topics.corpus import Article
from topics.errors import BundleError, TopicsError

KEPT = Path(__file__).resolve().parents[2] / "bundles"
_TEXTS = ("الشرطة توقف شبكة لتهريب المهاجرين في الميناء", "المنتخب يفوز بالكأس", "zzz", "")
_TOKENS = tuple(
    token.encode()
    for token in (
        *(
            '"dtype"',
            '"F64"',
            '"F32"',
            '"I64"',
            '"I32"',
            '"U8"',
            '"BOOL"',
            '"shape"',
            '"data_offsets"',
            "[0,16]",
            "[]",
            "{}",
        ),
        *(
            '"settings"',
            '"analyzer"',
            '"level"',
            '"light"',
            '"clitic"',
            '"none"',
            '"kind"',
            '"themes"',
            '"topics"',
            "null",
        ),
        *(
            '"min_df"',
            '"ngrams"',
            "true",
            "false",
            '"fold"',
            '"keep"',
            "[1,2]",
            '"text"',
            '"scores"',
            "0.5",
            "-1",
            "1e308",
        ),
    )
)


def check(data: bytes) -> None:
    """Bytes as a file: BundleError, or a model whose predictions are finite; the same ones while nothing was signed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.topics"
        path.write_bytes(data)
        try:
            contents = bundle.read(path)
            with warnings.catch_warnings():  # probes speak against damage; who signs a bundle can sign them too
                warnings.simplefilter("ignore", UserWarning)
                model = load(path, allow_mismatch=True)
        except BundleError as error:
            _names(error, path)
            return
    got = _predicted(model)
    if _manifest(data) in _manifests():
        assert got == _predictions(contents.kind), "a changed bundle predicts something else"


def change(data: bytes, draw: Random, others: Sequence[bytes] = ()) -> bytes:
    """Raw bytes changed, mostly near the borders of members; or a member changed and the hashes made good."""
    if draw.random() < 0.35:
        place = data.find(b"PK", draw.randrange(len(data) + 1))
        start = max(0, place - 64)
        end = start + draw.choice((128, 2048, len(data)))
        return data[:start] + mutate(data[start:end], draw, others, _TOKENS) + data[end:]
    members = _members(data)
    if members is None:
        return mutate(data, draw, others, _TOKENS)
    for _ in range(draw.choice((1, 1, 2))):
        name = draw.choice([*members, "arrays.safetensors", "bundle.json"])
        raw = members.get(name, b"")
        start = 0 if draw.random() < 0.7 else draw.randrange(len(raw) + 1)
        end = start + draw.choice((256, 4096, len(raw)))
        members[name] = raw[:start] + mutate(raw[start:end], draw, list(members.values()), _TOKENS) + raw[end:]
    return _signed(members)


def seeds() -> list[bytes]:
    kept = _kept()
    return [*kept, *map(_small, kept)]


def _kept() -> list[bytes]:
    return [(KEPT / f"{kind}-format-1.topics").read_bytes() for kind in bundle.KINDS]


def _small(data: bytes) -> bytes:
    """A bundle with few frequencies, so that most changes meet something else."""
    members = _members(data)
    text = {"frequencies": {"الشرطة": 30, "شرطة": 40, "لاعب": 25}, "spellings": {"شرطه": "شرطة"}}
    return _signed({**members, "text.json": json.dumps(text, ensure_ascii=False, separators=(",", ":")).encode()})


@cache
def _manifests() -> frozenset[bytes | None]:
    return frozenset(map(_manifest, _kept()))


@cache
def _predictions(kind: str) -> str:
    return _predicted(load(KEPT / f"{kind}-format-1.topics"))


def _names(error: BundleError, path: Path) -> None:
    """A refusal says which file, in one line."""
    assert str(error).startswith(str(path))
    assert "\n" not in str(error)


def _predicted(model: Any) -> str:
    """What a model says of a few texts, comparable; finite."""
    articles = [Article(text, id=str(n)) for n, text in enumerate(_TEXTS)]
    if hasattr(model, "sort"):
        scores = model.probabilities(articles)
        rows = list(model.rows(articles))
        assert all(0 <= row["unlike"] <= 1 for row in rows)
        primary = [row["primary"] for row in rows]
    else:
        scores, primary = model.mixtures(articles).to_numpy(), model.top_terms(5).to_numpy().tolist()
    scores = [[value for value in row if isinstance(value, float)] for row in scores.tolist()]
    assert all(-1e-9 <= value <= 1 + 1e-9 for row in scores for value in row), scores
    return json.dumps([scores, primary], ensure_ascii=False, default=str)


def _members(data: bytes) -> dict[str, bytes] | None:
    """The members by name, when the bytes are a bundle's zip."""
    held = io.BytesIO(data)
    try:
        source = archive.ZipSource(held, len(data))
        found = {}
        for name, size in source.sizes.items():
            with source.member(name) as reader:
                found[name] = reader.read(size)
    except (TopicsError, OSError):
        return None
    return found


def _manifest(data: bytes) -> bytes | None:
    members = _members(data)
    return None if members is None else members.get("bundle.json")


def _signed(members: dict[str, bytes]) -> bytes:
    """The members as a bundle whose hashes are good, as far as its manifest can still be read."""
    try:
        fields = json.loads(members.get("bundle.json", b""))
        listed = fields["members"]
        for name in HASHED:
            raw = members.get(name, b"")
            listed[name] = {"sha256": hashlib.sha256(raw).hexdigest(), "size": len(raw)}
        members = {**members, "bundle.json": sign(fields)}
    except (ValueError, KeyError, TypeError, RecursionError, BundleError):
        pass
    held = io.BytesIO()
    archive.pack(held, [(name, members[name]) for name in sorted(members, key=_place)])
    return held.getvalue()


def _place(name: str) -> tuple[int, str]:
    return (MEMBERS.index(name) if name in MEMBERS else len(MEMBERS), name)


TARGETS = {"bundle": Target(check, seeds, change)}
