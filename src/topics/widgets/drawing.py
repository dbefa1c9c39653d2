"""What all widgets are drawn from: the reader's script and style, the words of the interface, colors."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from topics.corpus.themes import LANGUAGES, Theme
from topics.errors import MissingExtra, SettingsError, suggest
from topics.report.page import interface_words, theme_style, web_file


def anywidget() -> Any:
    """The library of the extra "lab".

    Raises
    ------
    MissingExtra
        It is not installed.
    """
    try:
        import anywidget
    except ModuleNotFoundError as error:
        raise MissingExtra("anywidget", "lab") from error
    return anywidget


@cache
def script() -> str:
    """One module: the reader that also draws the report, then the widgets."""
    return web_file("reader.js") + "\n" + web_file("widgets.js")


def interface(themes: Mapping[str, Theme], language: str) -> dict[str, Any]:
    """Words, style and colors, as the widgets are handed them."""
    if language not in LANGUAGES:
        raise SettingsError(f"the language of a widget is ar, en or fr, not {language!r}{suggest(language, LANGUAGES)}")
    return {
        "language": language,
        "words": {language: interface_words(themes)[language]},
        "css": web_file("style.css") + theme_style(themes),
    }
