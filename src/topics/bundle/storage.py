"""Bundles on disk: written whole or not at all, read with every doubt answered first."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any, TypeVar

from topics.bundle import manifest as manifests
from topics.bundle.advice import SAVE
from topics.bundle.archive import MAX_ZIP, Reader, Source, open_source, pack
from topics.bundle.arrays import take_arrays
from topics.bundle.contents import HASHED, LIMITS, LOADERS, MEMBERS, Contents, encode
from topics.bundle.manifest import Manifest, dump_manifest, load_manifest, same_versions
from topics.bundle.versions import FORMAT
from topics.display import one_line
from topics.errors import BundleError, DamagedBundle
from topics.files import PathLike, atomic_write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_BYTES = 1 << 30

_T = TypeVar("_T")


def write(path: PathLike, contents: Contents) -> None:
    """Save contents at `path`, which holds the whole bundle afterwards or is as it was.

    Parameters
    ----------
    path : path
        The file, by custom ``name.topics``; an older one is replaced in one step.
    contents : Contents
        What to save; every part is read back and compared before the file is touched.

    Raises
    ------
    BundleError
        The contents hold something that would not come back as it is.
    WriteError
        The place cannot be written.
    """
    with _named(path):
        data = encode(contents)
        data = {"bundle.json": dump_manifest(contents, data), **data}
        if sum(map(len, data.values())) > MAX_ZIP:
            raise BundleError(f"would be larger than the {MAX_ZIP:,} bytes a bundle can have; raise min_df")
    with atomic_write(path) as file:
        pack(file, [(name, data[name]) for name in MEMBERS])


def read(path: PathLike, *, max_bytes: int = MAX_BYTES) -> Contents:
    """The contents of a bundle, a file or the same members as a folder.

    Nothing is extracted, imported or executed; memory is taken only for what the headers, checked
    against the size of the file, account for.

    Parameters
    ----------
    path : path
        What `write` wrote, or the folder it was unpacked into.
    max_bytes : int
        The largest bundle to read, in bytes.

    Raises
    ------
    DamagedBundle
        Its bytes are not what was saved.
    BundleError
        It is something else, larger, of a newer format, or holds what no bundle holds.
    """
    with _named(path), open_source(path, MEMBERS, max_bytes) as source:
        manifest = _manifest(source)
        parts: dict[str, Any] = {}
        for name in MEMBERS[1:]:
            sha256 = manifest.members[name]["sha256"] if name in HASHED else None
            parts[name] = _take(source, name, _parser(name), sha256)
    return Contents(
        kind=manifest.kind,
        settings=manifest.settings,
        arrays=parts["arrays.safetensors"],
        terms=parts["terms.txt"],
        text=parts["text.json"],
        probes=parts["probes.json"],
        card=parts["README.md"],
        corpus=manifest.corpus,
        rules=manifest.rules,
        versions=manifest.versions,
    )


def describe(path: PathLike, *, max_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """What a bundle holds, checked as in `read`, as a few JSON values for people."""
    contents = read(path, max_bytes=max_bytes)
    arrays = {
        name: {"dtype": str(array.dtype), "shape": list(array.shape), "bytes": int(array.nbytes)}
        for name, array in contents.arrays.items()
    }
    return {
        "kind": contents.kind,
        "format": FORMAT,
        "rules": contents.rules,
        "versions": dict(contents.versions),
        "same_versions": same_versions(contents),
        "corpus": contents.corpus,
        "settings": dict(contents.settings),
        "n_terms": len(contents.terms),
        "n_probes": len(contents.probes),
        "arrays": arrays,
        "card": contents.card,
    }


def _manifest(source: Source) -> Manifest:
    """bundle.json, and whether the members are those it lists."""
    if manifests.MEMBER not in source.sizes:
        if source.is_folder:
            raise BundleError("is a folder without bundle.json; name the .topics file, not its folder")
        raise BundleError(f"holds no bundle.json, so it is no bundle; {SAVE}")
    manifest: Manifest = _take(source, manifests.MEMBER, _parser(manifests.MEMBER), None)
    if unknown := [name for name in source.sizes if name not in MEMBERS]:
        raise BundleError(f"holds {one_line(unknown[0], 60)!r}, which no bundle does; {SAVE}")
    for name in MEMBERS:
        if name not in source.sizes:
            raise DamagedBundle(f"{name} is missing; copy the bundle again from where it was saved")
        if name in HASHED and source.sizes[name] != manifest.members[name]["size"]:
            raise DamagedBundle(
                f"{name} is damaged: it has another size; copy the bundle again from where it was saved"
            )
    return manifest


def _take(source: Source, name: str, parse: Callable[[Reader], _T], sha256: str | None) -> _T:
    """One member, parsed; where that fails on bytes that were not saved so, damage is the reason told."""
    with source.member(name) as reader:
        try:
            value = parse(reader)
        except BundleError:
            reader.check(name, sha256)
            raise
        reader.check(name, sha256)
    return value


def _parser(name: str) -> Callable[[Reader], Any]:
    if name == "arrays.safetensors":
        return take_arrays
    load = load_manifest if name == manifests.MEMBER else LOADERS[name]

    def parse(reader: Reader) -> object:
        if reader.left > LIMITS[name]:
            raise BundleError(f"{name} has {reader.left:,} bytes, more than {LIMITS[name]:,}; {SAVE}")
        return load(reader.read(reader.left))

    return parse


@contextlib.contextmanager
def _named(path: PathLike) -> Iterator[None]:
    """Put the path in front of what goes wrong."""
    shown = os.fspath(path)
    try:
        yield
    except BundleError as error:
        raise type(error)(f"{shown}: {error}") from error
    except FileNotFoundError as error:
        raise BundleError(f"{shown}: does not exist; check the name and the folder") from error
    except OSError as error:
        raise BundleError(f"{shown}: cannot be read ({error.strerror or error}); check the permissions") from error
    except ValueError as error:
        if "null" not in str(error):
            raise
        raise BundleError(f"{shown!r}: cannot be a file name ({error}); choose another") from error
