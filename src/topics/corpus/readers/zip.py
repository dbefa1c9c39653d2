"""A zip of files, read member by member into memory under caps; nothing is unpacked to the disk.

The archive is read as the folder that it was made from: a subfolder's name may be the theme, and
articles.jsonl with themes.toml is a folder corpus. Links, archives inside, absolute names and names with
``..`` are skipped and counted.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO, NamedTuple, cast

from topics.corpus.readers import caps, encodings, folder
from topics.corpus.readers.located import Located, Options
from topics.corpus.readers.source import Source, reading
from topics.corpus.skipped import Log
from topics.corpus.themes import Themes, parse_toml


class _Member(NamedTuple):
    """A file in the archive: its entry, and its path from the archive's root."""

    info: zipfile.ZipInfo
    parts: tuple[str, ...]


ReadOne = Callable[[Source, Options], Iterator[Located]]


def read(source: Source, options: Options, read_one: ReadOne) -> Iterator[Located]:
    """The articles of every member that can be read; `read_one` reads one by its suffix."""
    inside = replace(options, lenient=True)
    with reading(source), source.open() as file, caps.opened_zip(file, source.name) as archive:
        for member in _article_members(_members(archive, source, options.log)):
            name = f"{source.name}/{'/'.join(member.parts)}"
            data = _data(archive, member, name, options.log)
            if data is None:
                continue
            path = PurePosixPath(*member.parts)
            bare = path.with_suffix("") if path.suffix.lower() == ".gz" else path
            opened = cast("Callable[[], BinaryIO]", partial(io.BytesIO, data))
            inner = Source(name, opened, bare.with_suffix("").as_posix(), bare.suffix.lower())
            yield from folder.with_theme(read_one(inner, inside), folder.folder_theme(member.parts), options)


def themes(source: Source) -> Themes:
    """The themes of a themes.toml at the archive's root; none when there is none."""
    with reading(source), source.open() as file, caps.opened_zip(file, source.name) as archive:
        for member in _members(archive, source, Log()):
            if member.parts == ("themes.toml",):
                name = f"{source.name}/themes.toml"
                data = _data(archive, member, name, Log(strict=True))
                return parse_toml(data or b"", name)
    return Themes()


def _members(archive: zipfile.ZipFile, source: Source, log: Log) -> list[_Member]:
    """The files of the archive that may be read, by name; without the one folder that holds them all."""
    found: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        name = _name(info)
        if name.endswith("/") and not caps.unsafe_name(name.rstrip("/")):
            continue
        fault = caps.fault_of(info, name) or ("its name occurs twice" if name in found else None)
        if fault:
            log.skip(f"{source.name}/{name}", None, fault)
        else:
            found[name] = info
    members = [_Member(info, _parts(name)) for name, info in found.items()]
    seen = [member for member in members if not any(part.startswith((".", "__MACOSX", "~$")) for part in member.parts)]
    return sorted(_without_top(seen, PurePosixPath(source.stem).name), key=lambda member: member.parts)


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part for part in name.split("/") if part not in ("", "."))


def _without_top(members: list[_Member], stem: str) -> list[_Member]:
    """A folder that holds everything is no theme, if it holds folders, a corpus, or is called as the archive is."""
    tops = {member.parts[0] for member in members}
    if len(tops) != 1 or any(len(member.parts) < 2 for member in members):
        return members
    inner = [member._replace(parts=member.parts[1:]) for member in members]
    named = tops == {stem} or any(len(member.parts) > 1 or member.parts[0] in folder.ARTICLES for member in inner)
    return inner if named else members


def _article_members(members: list[_Member]) -> list[_Member]:
    for name in folder.ARTICLES:
        if whole := [member for member in members if member.parts == (name,)]:
            return whole
    return [member for member in members if folder.may_hold_articles(member.parts[-1])]


def _name(info: zipfile.ZipInfo) -> str:
    """The member's path; names that are not marked as UTF-8 are in whatever the maker's system wrote."""
    if info.flag_bits & 0x800 or info.orig_filename.isascii():
        return info.orig_filename
    try:
        return encodings.decode(info.orig_filename.encode("cp437"))[0]
    except UnicodeEncodeError:
        return info.orig_filename


def _data(archive: zipfile.ZipFile, member: _Member, name: str, log: Log) -> bytes | None:
    try:
        return caps.unpacked(archive, member.info)
    except caps.TooLarge as problem:
        log.skip(name, None, str(problem))
    except (*caps.DAMAGED, RuntimeError) as problem:
        log.skip(name, None, f"is damaged ({problem})")
    return None
