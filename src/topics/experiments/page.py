"""Explanations as one page that stands alone: no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from topics.files import PathLike, atomic_write

if TYPE_CHECKING:
    from topics.models.explain import Explanation

_HEAD = """<!doctype html>
<html lang="ar" dir="rtl">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>topics explain</title>
<style>body{font-family:"DejaVu Sans",sans-serif;max-width:52em;margin:2em auto;padding:0 1em}</style>
</head>
<body>
"""
_TAIL = "</body>\n</html>\n"


def write_explanations(explanations: Iterable[Explanation], path: PathLike) -> int:
    """Write each article with the words that spoke for its most probable theme marked.

    Parameters
    ----------
    explanations : iterable of Explanation
        Read once; memory does not grow with their number.
    path : path
        The page; replaced whole or not at all.

    Returns
    -------
    int
        How many there were.
    """
    n_articles = 0
    with atomic_write(path) as file:
        file.write(_HEAD.encode())
        for explanation in explanations:
            n_articles += 1
            file.write(f"<article>\n{explanation.to_html()}\n</article>\n".encode())
        file.write(_TAIL.encode())
    return n_articles
