"""A row of any table to an article: which column is which field, and what its cells mean.

Column names are guessed in Arabic, English and French, or given; every column that is no field of
an article is kept in `extra`, in the order of the file. A row that cannot be an article raises
`BadRow`, whose text is the reason that is counted.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from topics import display
from topics.corpus.article import Article
from topics.corpus.checks import FIELDS
from topics.corpus.readers import encodings
from topics.corpus.skipped import Log
from topics.corpus.values import clean_labels, has_letter, parse_date, parse_themes_cell
from topics.errors import SettingsError, suggest

# In order of preference; compared after `_plain_name`, so without article, marks and hamzas.
NAMES: dict[str, tuple[str, ...]] = {
    "id": (
        "id",
        "identifier",
        "article_id",
        "doc_id",
        "uid",
        "guid",
        "identifiant",
        "معرف",
        "رقم",
        "رقم_المقال",
    ),
    "title": ("title", "headline", "titre", "عنوان", "عنوان_المقال", "عنوان_الخبر"),
    "text": (
        *(
            "text",
            "body",
            "content",
            "article",
            "article_text",
            "full_text",
            "story",
            "texte",
            "contenu",
            "corps",
        ),
        *("نص", "نص_المقال", "نص_الخبر", "محتوي", "متن", "مقال", "خبر"),
    ),
    "date": (
        *("date", "published", "published_at", "publication_date", "pub_date", "date_published", "datetime"),
        *("date_de_publication", "date_publication", "تاريخ", "تاريخ_النشر"),
    ),
    "source": ("source", "newspaper", "outlet", "publisher", "journal", "مصدر", "جريده", "صحيفه"),
    "themes": (
        *("themes", "theme", "labels", "label", "categories", "category", "class", "rubrique", "categorie"),
        *("etiquette", "etiquettes", "تصنيف", "تصنيفات", "فيه", "محاور", "محور", "قسم", "وسم"),
    ),
    "paragraph_themes": ("paragraph_themes",),
}
MANY_THEMES = frozenset(("themes", "labels", "categories", "etiquettes", "تصنيفات", "محاور"))
"""Names of columns whose cells may hold several labels; a cell of any other holds one."""

_FOLDS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ئ": "ي", "ؤ": "و", "\u0640": None})
_AROUND_NAMES = "".join(char for char in map(chr, range(0x3001)) if char.isspace()) + "\ufeff"
_MAX_DEPTH = 50


class BadRow(ValueError):
    """A row that cannot be an article; its text is the reason."""


class NoColumn(BadRow):
    """A row whose table has no column that is the text, or lacks one that the user named."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a file holds which field."""

    of_field: Mapping[str, str]
    own: Mapping[str, str]
    """Every other column, and the name under which an article keeps it."""
    many: bool
    """Whether a themes cell may hold several labels."""


def find_columns(names: Collection[str], given: Mapping[str, str | None] | None = None) -> Columns:
    """Field to column for a table with these columns.

    Parameters
    ----------
    names : collection of str
        The columns in their order.
    given : mapping, optional
        Field to column as the user wants it; None keeps the field from being guessed.

    Raises
    ------
    NoColumn
        No column is the text, or one that the user names is not there.
    """
    given = check_given(given)
    of_field: dict[str, str] = {}
    for field, name in given.items():
        if name is not None:
            if name not in names:
                raise NoColumn(f"there is no column {name!r}{suggest(name, names)}")
            of_field[field] = name
    taken = set(of_field.values())
    plain = {_plain_name(name): name for name in reversed(list(names)) if name not in taken}
    for field, guesses in NAMES.items():
        found = next((plain[guess] for guess in guesses if guess in plain), None)
        if field not in given and found is not None and found not in taken:
            of_field[field] = found
            taken.add(found)
    if "text" not in of_field:
        shown = ", ".join(display.one_line(name, 40) for name in list(names)[:12])
        raise NoColumn(f'no column is known as the text (columns: {shown}); name it: columns={{"text": "..."}}')
    many = _plain_name(of_field.get("themes", "themes")) in MANY_THEMES
    return Columns(of_field, _kept_names([name for name in names if name not in taken]), many)


def _kept_names(names: list[str]) -> dict[str, str]:
    """Own columns as every format can hold them: trimmed, with a name, each once, and none that a field has."""
    plain = [bare_name(encodings.clean(name)[0]) for name in names]
    return dict(zip(names, unique_names([f"input_{name}" if name in FIELDS else name for name in plain]), strict=True))


def check_given(given: Mapping[str, str | None] | None) -> Mapping[str, str | None]:
    """The user's choice of columns, when every key of it is a field of an article."""
    for field in given or {}:
        if field not in FIELDS:
            raise SettingsError(
                f"columns names fields of an article, and {field!r} is none{suggest(str(field), FIELDS)}"
            )
    return given or {}


def bare_name(name: str) -> str:
    """A column's name without white space and byte order marks around it."""
    return name.strip(_AROUND_NAMES)


def unique_names(names: list[str]) -> list[str]:
    """Column names, a repeated one followed by _2, _3 ...; one without a name is called by its place."""
    found: dict[str, None] = {}
    repeats: dict[str, int] = {}  # how far each name was counted: from 1 again, many equal ones take their square
    for place, name in enumerate(names, 1):
        bare = unique = name or f"column_{place}"
        while unique in found:
            repeats[bare] = repeats.get(bare, 1) + 1
            unique = f"{bare}_{repeats[bare]}"
        found[unique] = None
    return list(found)


class RowReader:
    """Rows of one file to articles, in order; remembers which columns belong to which field.

    Parameters
    ----------
    file : str
        What the log calls the file.
    log : Log
        Told of every repair.
    columns : mapping, optional
        Field to column, as the user wants it.
    repair : bool
        Whether mojibake is repaired.
    """

    def __init__(
        self, file: str, log: Log, columns: Mapping[str, str | None] | None = None, *, repair: bool = False
    ) -> None:
        self._file, self._log, self._given, self._repair = file, log, check_given(columns), repair
        self._known: dict[tuple[str, ...], Columns] = {}

    def article(self, row: Mapping[str, Any], line: int | None) -> Article:
        """The article of a row.

        Raises
        ------
        BadRow
            The row cannot be an article.
        """
        names = tuple(row)
        if names not in self._known:
            if len(self._known) > 1000:  # a file in which every row has other columns
                self._known.clear()
            self._known[names] = find_columns(names, self._given)
            for name in names:
                self._clean(name, line)  # for the log
        columns = self._known[names]
        values = {field: self._clean(row[name], line) for field, name in columns.of_field.items()}
        extra = {kept: self._clean(row[name], line) for name, kept in columns.own.items()}
        return self._build(values, extra, line, many=columns.many)

    def _build(self, values: dict[str, Any], extra: dict[str, Any], line: int | None, *, many: bool) -> Article:
        text = _as_text(values.get("text"), "the text")
        title = _text_or_none(values.get("title"), "the title")
        if not has_letter(text):
            if not has_letter(title or ""):
                raise BadRow("no text")
            self._log.flag(self._file, line, "no text, only a title")
        date = parse_date(values.get("date"))
        if date is None and values.get("date") not in (None, ""):
            extra["input_date"] = values["date"]
            self._log.repair(self._file, line, "the date cannot be read; kept as input_date")
        if isinstance(values.get("themes"), dict):
            raise BadRow("themes is no list of labels")
        themes = parse_themes_cell(values.get("themes"), many=many)
        identity = _text_or_none(values.get("id"), "the id")
        source = _text_or_none(values.get("source"), "the source")
        article = Article(text, identity, title, date, source, themes, None, extra)
        rows = self._paragraph_rows(values.get("paragraph_themes"), len(article.paragraphs), line)
        return article if rows is None else Article(text, identity, title, date, source, themes, rows, extra)

    def _clean(self, value: Any, line: int | None, depth: int = 0) -> Any:
        """A value without controls and lone surrogates, at any depth; every repair is logged."""
        if isinstance(value, str):
            # Before controls go: UTF-8 read as Latin-1 holds letters in them.
            text, controls, replaced = encodings.clean(self._mojibake(value, line))
            if controls:
                self._log.repair(self._file, line, "control characters removed", controls)
            if replaced:
                self._log.repair(self._file, line, "invalid bytes replaced by U+FFFD", replaced)
            return text
        if not isinstance(value, (dict, list)):
            return value
        if depth >= _MAX_DEPTH:
            raise BadRow(f"nested more than {_MAX_DEPTH} deep")
        if isinstance(value, list):
            return [self._clean(item, line, depth + 1) for item in value]
        return {encodings.clean(key)[0]: self._clean(item, line, depth + 1) for key, item in value.items()}

    def _mojibake(self, text: str, line: int | None) -> str:
        if not encodings.looks_like_mojibake(text):
            return text
        repaired = encodings.repair_mojibake(text) if self._repair else text
        if repaired != text:
            self._log.repair(self._file, line, "mojibake repaired; offsets refer to the repaired text")
        else:
            self._log.flag(self._file, line, "looks like mojibake (decoded with a wrong table)")
        return repaired

    def _paragraph_rows(self, value: object, n_paragraphs: int, line: int | None) -> tuple[tuple[str, ...], ...] | None:
        """The paragraph themes of a cell, when there is one row for each paragraph."""
        if isinstance(value, str) and value.strip():
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                value = ()
        if value is None or value == "":
            return None
        if not isinstance(value, list) or len(value) != n_paragraphs or not all(isinstance(row, list) for row in value):
            self._log.repair(self._file, line, "paragraph_themes does not have one list a paragraph; left out")
            return None
        return tuple(clean_labels(row) for row in value)


def _as_text(value: object, what: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and what != "the text":
        return str(value)
    raise BadRow(f"{what} is no text but {type(value).__name__}")


def _text_or_none(value: object, what: str) -> str | None:
    text = _as_text(value, what)
    return text if text.strip() else None


def _plain_name(name: str) -> str:
    """A column's name as it is compared: no case, accents, marks, article or separators."""
    plain = unicodedata.normalize("NFC", name).translate(_FOLDS)
    plain = unicodedata.normalize("NFKD", plain).casefold()
    plain = "".join(char for char in plain if unicodedata.category(char) not in ("Mn", "Cf", "Cc"))
    plain = re.sub(r"[\s\-_.]+", "_", plain.strip(" \t\n\"'*:")).strip("_")
    return plain.removeprefix("ال") if len(plain) > 3 else plain
