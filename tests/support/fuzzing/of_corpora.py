"""Files of articles: read, skipped with a reason or refused; what was read can be written and read again, equal."""

from __future__ import annotations

import gzip
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from random import Random

from fuzzing.mutator import mutate, mutate_zip
from fuzzing.targets import Target, answers
from topics.corpus import Article, Corpus, write
from topics.corpus.readers.tables import table_rows

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_TABLES = (".csv", ".tsv", ".jsonl", ".parquet", ".xlsx")
_TEXT = "أعلنت بلدية المدينة افتتاح المكتبة أمام القراء.\nوقال المدير إن الكتب جديدة."
_ARTICLES = (
    Article(_TEXT, "1", "افتتاح المكتبة", "2025-11-24", "جريدة", ("culture", "رياضة"), (("culture",), ()), {"desk": 3}),
    Article("خبر، \"قصير\"; =1+1\tثم 'آخر'", "2", None, None, None, (), None, {"desk": None}),
    Article(
        "المنتخب فاز في المباراة", "3", "هدف | تعادل", "2024-02-29", "a;b", ("x|y",), None, {"desk": [1, {"a": 2.5}]}
    ),
)
_WORDS = (
    "id",
    "title",
    "text",
    "date",
    "source",
    "themes",
    "paragraph_themes",
    "desk",
    "النص",
    "العنوان",
    "التاريخ",
    "none",
)


def _tokens(*more: str) -> tuple[bytes, ...]:
    return tuple(token.encode() for token in (*_WORDS, *more))


def check_file(suffix: str, data: bytes) -> None:
    """A file of these bytes, read in every way that there is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"خبر{suffix}"
        path.write_bytes(data)
        _check_read(path)
        if suffix in _TABLES:
            answers(lambda: list(table_rows(path)))


def check_folder(data: bytes) -> None:
    """The members of a zip as files of a folder."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "corpus"
        root.mkdir()
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as source:
                for info in source.infolist()[:50]:
                    _put(root, info.filename, source.read(info) if info.file_size < 1 << 20 else b"")
        except Exception:  # noqa: BLE001 - no zip: one file then
            _put(root, "a.txt", data)
        _check_read(root)


def _put(root: Path, name: str, data: bytes) -> None:
    parts = [part[:60] for part in PurePosixPath(name).parts if part not in ("/", "..", ".") and "\0" not in part]
    path = root.joinpath(*(parts or ["x"]))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except (OSError, UnicodeEncodeError):  # a file where a folder should be, a name that no disk takes
        return


def _check_read(path: Path) -> None:
    answers(lambda: Corpus.read(path, strict=True))
    answers(lambda: Corpus.read(path, repair=True, sample=2))
    corpus = answers(lambda: Corpus.read(path))
    streamed = answers(lambda: list(Corpus.stream(path)))
    if corpus is None:
        return
    assert streamed is not None
    assert len(streamed) >= len(corpus)
    assert "<script" not in (corpus.skipped._repr_html_() + corpus.themes._repr_html_()).lower()
    for article in corpus:
        assert not _CONTROLS.search(article.full)
        repr(article).encode("utf-8")
        for start, end in article.paragraphs:
            assert article.full[start:end].strip()
    if len(corpus):
        for suffix in (".jsonl", ".csv"):
            copy = path.parent / f"copy{suffix}"
            corpus.write(copy)
            again = Corpus.read(copy)
            assert again.fingerprint == corpus.fingerprint, f"another corpus after {suffix}"
            copy.unlink()


def _written(suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        write(_ARTICLES, path)
        return path.read_bytes()


def _text_seeds() -> list[bytes]:
    title = "عنوان الخبر\nسعيد بن علي - جريدة الصباح\n\n" + _TEXT
    return [title.encode(), title.encode("cp1256"), title.encode("utf-16"), _TEXT.encode("utf-8-sig")]


def _markdown_seeds() -> list[bytes]:
    text = "---\ntitle: عنوان\ndate: 2025-11-24\nthemes: [رياضة, أمن]\ntags:\n- a\n- b\n---\n\n# عنوان\n\nنص **قوي** و[رابط](http://a.b)\n\n"
    return [
        f"{text}> قول\n\n- بند\n- آخر\n\n```\ncode\n```\n\n| a | b |\n|---|---|\n| 1 | ٢ |\n![x](y)".encode(),
        f"# {_TEXT}".encode(),
    ]


def _csv_seeds() -> list[bytes]:
    guess = 'المعرف;العنوان;النص;التصنيف\n1;هدف;"نص؛ طويل\nفي سطرين";رياضة|أمن\n2;;خبر;\n'
    return [_written(".csv"), _written(".tsv"), guess.encode(), guess.encode("cp1256"), b"text\n" + _TEXT.encode()]


def _jsonl_seeds() -> list[bytes]:
    rows = [article.to_row() for article in _ARTICLES]
    odd = {
        "text": "خبر",
        "themes": "رياضة؛ أمن",
        "date": "٢١/٧/٢٠١٥ 10:30",
        "n": -3.5e-7,
        "deep": {"a": [[None, True]]},
    }
    return [
        _written(".jsonl"),
        json.dumps(odd).encode() + b"\n" + json.dumps(odd, ensure_ascii=False).encode(),
        json.dumps(rows).encode(),
    ]


def _html_seeds() -> list[bytes]:
    paragraphs = "".join(f"<p>{_TEXT} {n} في خبر طويل عن المكتبة والقراء والمدينة.</p>" for n in range(6))
    head = '<meta charset="utf-8"><title>عنوان</title><meta property="og:site_name" content="جريدة"><meta name="author" content="سعيد">'
    dated = '<meta property="article:published_time" content="2025-11-24T10:00:00Z"><link rel="canonical" href="https://a.b/c">'
    page = f"<!DOCTYPE html><html lang=ar dir=rtl><head>{head}{dated}</head><body><nav><a href=/>x</a></nav><article><h1>عنوان</h1>"
    return [
        f"{page}{paragraphs}<table><tr><td>1</td></tr></table></article><script>x()</script></body></html>".encode()
    ]


def _docx_seeds() -> list[bytes]:
    import docx

    document = docx.Document()
    for text in ("عنوان الخبر", *_TEXT.split("\n")):
        document.add_paragraph(text)
    document.add_table(2, 2).cell(0, 1).text = "خلية"
    held = io.BytesIO()
    document.save(held)
    return [held.getvalue()]


def _xlsx_seeds() -> list[bytes]:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (("id", "text", "date", "n"), (1, "خبر _x0041_", 45000, True), ("=1+1", _TEXT, "2025-01-01", 1e300)):
        book.active.append(row)
    book.create_sheet("ثان").append(("text", "x"))
    held = io.BytesIO()
    book.save(held)
    return [_written(".xlsx"), held.getvalue()]


def _parquet_seeds() -> list[bytes]:
    import pyarrow as pa
    from pyarrow import parquet

    plain = io.BytesIO()
    table = pa.table(
        {"id": ["1", "2"], "text": [_TEXT, "خبر"], "themes": [["أمن"], []], "n": [1.5, None], "raw": [b"\xff", b"x"]}
    )
    parquet.write_table(table, plain, compression="none", use_dictionary=False, write_statistics=False)
    return [_written(".parquet"), plain.getvalue()]


def _zip_seeds() -> list[bytes]:
    from fuzzing.mutator import packed

    themes = '[culture]\nnames = { ar = "ثقافة" }\nanchors = ["مكتبة"]\n'.encode()
    tree = [
        ("رياضة/a.txt", _text_seeds()[0]),
        ("أمن/b.csv", _csv_seeds()[0]),
        ("2025/c.jsonl.gz", gzip.compress(_jsonl_seeds()[0], mtime=0)),
    ]
    odd = [("x/y.html", _html_seeds()[0]), ("z.md", _markdown_seeds()[0]), ("README.md", b"# x"), (".hidden", b"x")]
    corpus = [("c/articles.jsonl", _jsonl_seeds()[0]), ("c/themes.toml", themes)]
    return [packed(members, Random(0)) for members in (tree, odd, corpus)]


def _target(suffix: str, seeds: Callable[[], list[bytes]], way: Callable[..., bytes], *more: str) -> Target:
    def change(data: bytes, draw: Random, others: Sequence[bytes] = ()) -> bytes:
        return way(data, draw, others, _tokens(*more))

    return Target(partial(check_file, suffix) if suffix else check_folder, seeds, change)


_JSON = ('{"', '":', '", "', "[[", "]]", "null", "true", "1e5", "\\u0627", "\\ud83d", "\n")
_XML = (
    "<c ",
    ' t="s"',
    ' t="inlineStr"',
    ' t="e"',
    ' t="d"',
    "<v>",
    "</v>",
    "<w:t>",
    "</w:t>",
    "<w:p>",
    "</w:p>",
    "<row ",
    ' r="A1"',
    "&#x0;",
    "_x0000_",
)
_MARKS = ("---\n", "# ", "**", "[a](", "](", "> ", "- ", "|", "```\n", "![", "\n\n", ": ", "[", "]")
_HTML = (
    "<p>",
    "</p>",
    "<h1>",
    "<article>",
    "</article>",
    "<meta ",
    'content="',
    "<table>",
    "<td>",
    "<a href=",
    "<!--",
    "-->",
    "<![CDATA[",
    "<?xml ",
)
_PATHS = (".txt", ".csv", ".jsonl", ".gz", ".zip", "articles.jsonl", "themes.toml", "/", "../", "\\")

TARGETS = {
    "txt": _target(".txt", _text_seeds, mutate, "بقلم: ", " - ", "\n"),
    "markdown": _target(".md", _markdown_seeds, mutate, *_MARKS),
    "csv": _target(".csv", _csv_seeds, mutate, '"', '""', ";", "\t", ",", "\r\n", "'="),
    "jsonl": _target(".jsonl", _jsonl_seeds, mutate, *_JSON),
    "json": _target(".json", _jsonl_seeds, mutate, *_JSON),
    "html": _target(".html", _html_seeds, mutate, *_HTML),
    "docx": _target(".docx", _docx_seeds, mutate_zip, *_XML),
    "xlsx": _target(".xlsx", _xlsx_seeds, mutate_zip, *_XML),
    "parquet": _target(".parquet", _parquet_seeds, mutate, "PAR1"),
    "zip": _target(".zip", _zip_seeds, mutate_zip, *_JSON, *_PATHS),
    "folder": _target("", _zip_seeds, mutate_zip, *_JSON, *_PATHS),
}
