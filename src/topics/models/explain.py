"""Why an article got its themes: spans of the author's own words, each with its weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from topics.corpus.article import Article
from topics.display import escape, highlight, isolate, one_line, paragraph_direction, table
from topics.estimators.shapes import Array, Matrix
from topics.features.matrix import TermMatrix

if TYPE_CHECKING:
    import pandas as pd


class Span(NamedTuple):
    """A run of the original text and what it did for a theme."""

    start: int  # code points into Article.full, inclusive
    end: int  # exclusive
    weight: float  # added to the theme's decision value
    term: str
    theme: str


@dataclass(frozen=True, repr=False)
class Explanation:
    """Spans of one article with their weights for each theme.

    Attributes
    ----------
    article : Article
        The article explained.
    spans : tuple of Span
        In the order of the text, then of the themes; a term that occurs several times shares its weight.
    scores : dict of str to float
        Decision value of each theme before calibration: its intercept plus the sum of its spans' weights.
    intercepts : dict of str to float
        What each theme gives an article without any known word.
    probabilities : dict of str to float
        After calibration.
    """

    article: Article
    spans: tuple[Span, ...]
    scores: dict[str, float]
    intercepts: dict[str, float]
    probabilities: dict[str, float]

    def to_frame(self) -> pd.DataFrame:
        """The spans as a table: start, end, words of the article, weight, term, theme."""
        import pandas as pd

        full = self.article.full
        rows = [(span.start, span.end, full[span.start : span.end], *span[2:]) for span in self.spans]
        return pd.DataFrame(rows, columns=["start", "end", "words", "weight", "term", "theme"])

    def reasons(self, theme: str, n: int = 10) -> list[tuple[str, float]]:
        """The words that did most for a theme, summed over the article: (words as written, weight), largest first."""
        full = self.article.full
        totals: dict[str, float] = {}
        written: dict[str, str] = {}
        for span in self.spans:
            if span.theme == theme:
                totals[span.term] = totals.get(span.term, 0.0) + span.weight
                written.setdefault(span.term, full[span.start : span.end])
        order = sorted(totals, key=lambda term: (-abs(totals[term]), term))
        return [(written[term], totals[term]) for term in order[:n]]

    def to_html(self, theme: str | None = None) -> str:
        """The article, right to left, with the words that spoke for a theme marked: darker for more.

        Parameters
        ----------
        theme : str, optional
            By default the most probable one.
        """
        theme = theme if theme is not None else max(self.probabilities, key=lambda key: (self.probabilities[key], key))
        full = self.article.full
        mine = [span for span in self.spans if span.theme == theme and span.weight != 0]
        largest = max((abs(span.weight) for span in mine), default=1.0)
        marks = [(span.start, span.end, _shade(span.weight / largest), f"{span.weight:+.3f}") for span in mine]
        body = "".join(
            f'<p dir="{paragraph_direction(full[start:end])}" style="{_PARAGRAPH}">{_line(full, start, end, marks)}</p>'
            for start, end in _lines(full)
        )
        rows = [
            {"theme": key, "probability": self.probabilities[key], "score": self.scores[key]}
            for key in self.probabilities
        ]
        return (
            f'<div lang="ar" dir="rtl" style="max-width:48em;line-height:1.8">{_STYLE}'
            f"<div>{isolate(theme)}</div>{body}{table(rows)}</div>"
        )

    def _repr_html_(self) -> str:
        return self.to_html()

    def __repr__(self) -> str:
        lines = [one_line(self.article.title or self.article.full, 80)]
        for theme, probability in sorted(self.probabilities.items(), key=lambda item: -item[1]):
            words = "، ".join(one_line(words, 30) for words, weight in self.reasons(theme, 6) if weight > 0)
            lines.append(f"  {theme:<12} {probability:.2f}  {words}")
        return "\n".join(lines)


_PARAGRAPH = "margin:.5em 0;text-align:start"  # JupyterLab aligns paragraphs to the left
_STYLE = (
    "<style>mark.why{color:inherit;border-radius:2px;padding:0 1px}"
    + "".join(
        f"mark.for{n}{{background:rgba(0,158,115,{0.12 + 0.12 * n:.2f})}}"
        f"mark.against{n}{{background:rgba(213,94,0,{0.12 + 0.12 * n:.2f});text-decoration:underline dotted}}"
        for n in range(5)
    )
    + "</style>"
)


def _shade(share: float) -> str:
    side = "for" if share > 0 else "against"
    return f"why {side}{min(int(abs(share) * 5), 4)}"


def _lines(text: str) -> list[tuple[int, int]]:
    places, start = [], 0
    for line in text.splitlines(keepends=True):
        end = start + len(line.rstrip("\r\n"))
        if line.strip():
            places.append((start, end))
        start += len(line)
    return places


def _line(full: str, start: int, end: int, marks: Sequence[tuple[int, int, str, str]]) -> str:
    inside = [(a - start, b - start, style, title) for a, b, style, title in marks if start <= a and b <= end]
    return highlight(full[start:end], inside) if inside else escape(full[start:end])


def weigh_spans(
    article: Article, matrix: TermMatrix, coef: Array, themes: Sequence[str]
) -> tuple[tuple[Span, ...], Matrix]:
    """Every span of an article that holds a term, with its share of the term's weight for each theme.

    Returns
    -------
    spans : tuple of Span
        Those of one theme sum to its decision value less its intercept.
    row : csr_matrix of shape (1, n_terms)
        The article's row, from which the decision values are.
    """
    row = matrix.transform([article])
    value = dict(zip(row.indices.tolist(), row.data.tolist(), strict=True))
    columns = matrix.vocabulary.columns
    longest = max((term.count(" ") + 1 for term in matrix.terms), default=1)
    tokens = matrix.analyzer.tokens(article.full)
    places: list[tuple[int, int, int, float]] = []
    title_end = len(article.title or "")
    for first in range(len(tokens)):
        for last in range(first, min(first + longest, len(tokens))):
            column = columns.get(" ".join(token.form for token in tokens[first : last + 1]))
            if column is not None:
                counted = float(matrix.title_weight if tokens[last].end <= title_end else 1)
                places.append((tokens[first].start, tokens[last].end, column, counted))
    totals: dict[int, float] = {}
    for _, _, column, counts in places:
        totals[column] = totals.get(column, 0.0) + counts
    spans = tuple(
        Span(start, end, float(coef[k, column]) * value[column] * counts / totals[column], matrix.terms[column], theme)
        for start, end, column, counts in places
        for k, theme in enumerate(themes)
        if coef[k, column] != 0
    )
    return spans, row


def as_scores(values: Array, themes: Sequence[str]) -> dict[str, float]:
    """One number a theme, by key."""
    return {theme: float(value) for theme, value in zip(themes, np.ravel(values), strict=True)}
