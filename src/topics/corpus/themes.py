"""Themes as people define them: a key, names, what belongs to it, and words that speak for it.

A themes.toml holds one table a theme::

    [sport]
    names = { ar = "رياضة", en = "Sport", fr = "Sport" }
    definition = "مباريات وأندية ولاعبون واتحادات"
    anchors = ["مباراة", "منتخب", "كأس العالم"]
    not = ["روح رياضية"]            # phrases in which an anchor does not count
    color = "#1b7f5c"

Every field may be left out. The order of the file is the order of the themes everywhere.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from topics import display
from topics.corpus import toml
from topics.corpus.values import has_letter
from topics.errors import ReadError, SettingsError, suggest
from topics.files import PathLike

RESERVED = frozenset(
    (
        "id",
        "title",
        "text",
        "date",
        "source",
        "primary",
        "themes",
        "unlike",
        "start",
        "end",
        "none",
        "paragraph_themes",
    )
)
LANGUAGES = ("ar", "en", "fr")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_FIELDS = ("names", "definition", "anchors", "not", "color")


@dataclass(frozen=True, slots=True)
class Theme:
    """A label that a person defined; a label found in articles without a definition has only its key."""

    key: str
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Language ("ar", "en", "fr") to name."""
    definition: str = ""
    anchors: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    """Phrases in which an anchor does not count; ``not`` in themes.toml."""
    color: str | None = None

    def name(self, language: str = "ar") -> str:
        """The name in a language, or in the first that has one, or the key."""
        return self.names.get(language) or next(iter(self.names.values()), self.key)

    def to_settings(self) -> dict[str, Any]:
        """The fields as themes.toml has them, empty ones left out."""
        values = (dict(self.names), self.definition, list(self.anchors), list(self.exclusions), self.color)
        return {name: value for name, value in zip(_FIELDS, values, strict=True) if value}


class Themes(Mapping[str, Theme]):
    """Themes by key, in a fixed order; never changed after it is made."""

    __slots__ = ("_by_key",)

    def __init__(self, themes: Iterable[Theme] = ()) -> None:
        self._by_key = {theme.key: theme for theme in themes}

    def __getitem__(self, key: str) -> Theme:
        return self._by_key[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_key)

    def __len__(self) -> int:
        return len(self._by_key)

    def __hash__(self) -> int:
        return hash(tuple(self._by_key.values()))

    def __repr__(self) -> str:
        return f"Themes({', '.join(self._by_key)})"

    def _repr_html_(self) -> str:
        rows = [
            {"key": theme.key}
            | {language: theme.names.get(language, "") for language in LANGUAGES}
            | {"definition": theme.definition, "anchors": theme.anchors, "not": theme.exclusions}
            for theme in self.values()
        ]
        return display.table(rows, rtl=True, caption=f"{len(self)} themes")

    def with_labels(self, labels: Iterable[str]) -> Themes:
        """These themes, then one without a definition for every other label, by code point."""
        unknown = sorted(set(labels) - set(self._by_key))
        return Themes([*self.values(), *(Theme(label) for label in unknown)])

    def to_settings(self) -> dict[str, dict[str, Any]]:
        """Key to fields, as `parse_themes` reads them."""
        return {key: theme.to_settings() for key, theme in self.items()}

    def to_toml(self) -> str:
        """The text of a themes.toml that reads back equal."""
        lines: list[str] = []
        for key, fields in self.to_settings().items():
            lines.append(f"[{key if _KEY.fullmatch(key) else _toml(key)}]")
            lines.extend(f"{name} = {_toml(value)}" for name, value in fields.items())
            lines.append("")
        return "\n".join(lines)


def read_themes(path: PathLike) -> Themes:
    """The themes of a themes.toml.

    Raises
    ------
    ReadError
        There is no such file, or it is no TOML.
    SettingsError
        A field, key, name, anchor or color that cannot be meant; the message names the place.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    return parse_toml(data, str(path))


def parse_toml(data: bytes, where: str) -> Themes:
    """The themes of a themes.toml's bytes; `where` is what messages call it."""
    try:
        settings = toml.parse(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ReadError(f"{where}: is not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except ValueError as error:
        raise ReadError(f"{where}: is not TOML ({display.one_line(str(error), 120)}); correct it there") from error
    return parse_themes(settings, where=where)


def parse_themes(settings: Mapping[str, Any], *, where: str = "themes") -> Themes:
    """Themes from a mapping of key to fields, to a list of anchors, or to a Theme.

    Parameters
    ----------
    settings : mapping
        As a themes.toml holds it: ``{"sport": {"anchors": ["مباراة"]}}``, or short ``{"sport": ["مباراة"]}``.
    where : str
        What messages call the place.
    """
    if not settings:
        raise SettingsError(f"{where}: defines no theme; add a table such as [sport]")
    return Themes(
        _theme(key, fields, f"{where} [{display.one_line(str(key), 60)}]") for key, fields in settings.items()
    )


def as_themes(themes: Themes | Mapping[str, Any] | PathLike) -> Themes:
    """Themes from whatever gives them: a themes.toml, the folder that holds one, or a mapping."""
    if isinstance(themes, Themes):
        return themes
    if isinstance(themes, Mapping):
        return parse_themes(themes)
    path = Path(themes)
    return read_themes(path / "themes.toml" if path.is_dir() else path)


def check_key(key: object, where: str) -> str:
    """The key, when it can name a theme, a column and a file."""
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise SettingsError(
            f"{where}: a theme key is a letter a-z, then letters a-z, digits and _ (40 at most); "
            "rename it, its names may be in any script"
        )
    if key in RESERVED:
        raise SettingsError(f"{where}: {key} is a column of the results, so no theme can be called that; rename it")
    return key


def _theme(key: str, fields: object, where: str) -> Theme:
    if isinstance(fields, Theme):
        return fields
    check_key(key, where)
    if isinstance(fields, (list, tuple)):
        fields = {"anchors": list(fields)}
    if not isinstance(fields, Mapping):
        raise SettingsError(f"{where}: is not a table of fields; write [{key}] and the fields below it")
    for name in fields:
        if name not in _FIELDS:
            raise SettingsError(
                f"{where}: has no field {display.one_line(str(name), 60)!r}{suggest(str(name), _FIELDS)}"
            )
    color = fields.get("color")
    if color is not None and not (isinstance(color, str) and _COLOR.fullmatch(color)):
        raise SettingsError(f'{where}: color is written "#1b7f5c": six hexadecimal digits after #')
    return Theme(
        key=key,
        names=_names(fields.get("names", {}), where),
        definition=_text(fields.get("definition", ""), f"{where} definition"),
        anchors=_phrases(fields.get("anchors", []), f"{where} anchors"),
        exclusions=_phrases(fields.get("not", []), f"{where} not"),
        color=color,
    )


def _names(names: object, where: str) -> dict[str, str]:
    if not isinstance(names, Mapping):
        raise SettingsError(f'{where}: names is written {{ ar = "...", en = "...", fr = "..." }}')
    for language in names:
        if language not in LANGUAGES:
            raise SettingsError(f"{where} names: has no language {language!r}{suggest(str(language), LANGUAGES)}")
    found = {language: _text(names[language], f"{where} names") for language in LANGUAGES if language in names}
    return {language: name for language, name in found.items() if name}


def _phrases(phrases: object, where: str) -> tuple[str, ...]:
    """Distinct phrases in their order; each holds a letter or digit, or it could match nothing."""
    if not isinstance(phrases, (list, tuple)):
        raise SettingsError(f'{where}: is a list, written ["...", "..."]')
    found = dict.fromkeys(_text(phrase, where) for phrase in phrases)
    if empty := [phrase for phrase in found if not has_letter(phrase)]:
        raise SettingsError(f"{where}: {empty[0]!r} holds no letter and could never occur; remove it")
    return tuple(found)


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise SettingsError(f"{where}: {display.one_line(repr(value), 60)} is not text; put it in quotes")
    # An invisible control in a name would part it from the same name without one.
    return "".join(char for char in value if unicodedata.category(char) not in ("Cc", "Cs") or char in "\t\n").strip()


def _toml(value: object) -> str:
    """A value as TOML writes it; JSON's string escapes are TOML's."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
