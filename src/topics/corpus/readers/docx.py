"""A Word document is one article, read as a plain text file is: the title on its first line, then the text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from topics import display
from topics.corpus.optional import library
from topics.corpus.readers import caps
from topics.corpus.readers.located import Located, Options
from topics.corpus.readers.source import Source
from topics.corpus.readers.text import row_of, split_parts
from topics.errors import ReadError

_MAX_TITLE = 300  # characters; a longer first paragraph is text
_LEFT_OUT = frozenset(("Fallback", "del", "moveFrom", "instrText", "delText"))  # drawn twice, struck out, field codes
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read(source: Source, options: Options) -> Iterator[Located]:
    """The one article of a document; its id is the file's name without the suffix."""
    text = "\n".join(_lines(source))
    parts = split_parts(text)
    if parts.title and len(parts.title) > _MAX_TITLE:
        parts = parts._replace(title=None, byline=None, text=text.strip())
    yield from options.located(source.name, [(row_of(source, parts), None)], own_columns=True)


def _lines(source: Source) -> list[str]:
    """Paragraphs in their order, the cells of tables among them."""
    docx = library("docx")
    try:
        with source.seekable() as file:
            caps.check_package(file, source.name)
            body = docx.Document(file).element.body
        return ["".join(_pieces(node)) for node in body.iter() if _tag(node) == "p" and not _is_left_out(node)]
    except ReadError:
        raise
    except Exception as error:  # python-docx raises whatever the XML of a damaged file leads it into
        raise ReadError(
            f"{display.one_line(source.name)}: is no Word document or a damaged one ({type(error).__name__}); "
            "open it in Word or LibreOffice and save it again as .docx"
        ) from error


def _pieces(node: Any) -> Iterator[str]:
    """The text below a paragraph; a text box inside it has paragraphs of its own."""
    for child in node:
        tag = _tag(child)
        if tag == "t":
            yield child.text or ""
        elif tag in _BREAKS:
            yield _BREAKS[tag]
        elif tag != "p" and tag not in _LEFT_OUT:
            yield from _pieces(child)


def _is_left_out(node: Any) -> bool:
    return any(_tag(above) in _LEFT_OUT for above in node.iterancestors())


def _tag(node: Any) -> str:
    return str(node.tag).rpartition("}")[2]
