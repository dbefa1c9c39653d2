"""Tables of articles, terms and paragraphs that show themselves right to left, escaped, in light and dark notebooks.

In a terminal they, and each column or row of them, print as pandas prints them, but no control that hides, rewrites or
reverses a line gets there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from topics import display

if TYPE_CHECKING:
    _Series = pd.Series[Any]
else:
    _Series = pd.Series

_SHOWN = 20
_MOST_COLUMNS = 12


class Column(_Series):
    """A Series that prints itself as its table does; what is made from it, such as a selection, does too.

    What is no Series any more (a single value, an array, an index, a list) prints as Python, numpy or pandas print it.
    """

    @property
    def _constructor(self) -> type[Column]:
        return Column

    @property
    def _constructor_expanddim(self) -> type[pd.DataFrame]:
        return Rows

    def value_counts(self, *arguments: Any, **options: Any) -> Any:
        """As pandas has it; its labels are the values."""
        return Column(super().value_counts(*arguments, **options))

    def to_string(self, buf: Any = None, *arguments: Any, **options: Any) -> Any:
        """As pandas has it; what goes into `buf`, a file, is left as it is."""
        plain = pd.Series(self)
        if buf is not None:
            return plain.to_string(buf, *arguments, **options)
        text = plain.to_string(None, *arguments, **options)
        if display.visible(text) == text:
            return text
        shown = plain.map(_visible)
        if plain.dtype == object:
            shown = shown.astype(object)
        return display.visible(shown.rename(index=_visible).to_string(None, *arguments, **options))


class Printed(pd.DataFrame):
    """A DataFrame that prints itself with every control of people's text as a visible name, see `topics.display`."""

    @property
    def _constructor_sliced(self) -> type[Column]:
        return Column

    def to_string(self, buf: Any = None, **options: Any) -> Any:
        """As pandas has it; what goes into `buf`, a file, is left as it is."""
        if buf is not None:
            return super().to_string(buf, **options)
        text = super().to_string(None, **options)
        if display.visible(text) == text:
            return text
        # Made visible before pandas measures the columns; names of axes, which it does not measure, after.
        shown = pd.DataFrame(self).map(_visible).rename(index=_visible, columns=_visible)
        return display.visible(shown.to_string(None, **options))


def _visible(value: Any) -> Any:
    if isinstance(value, str):
        return display.visible(value)
    if type(value) in (list, tuple):
        return type(value)(map(_visible, value))
    return value


class Rows(Printed):
    """A DataFrame in all it does but two: how it prints, and that a notebook shows it as `topics.display.table` does.

    What is made from it, such as its head or a selection, shows itself the same way.
    """

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return Rows

    def _repr_html_(self) -> str:
        head = pd.DataFrame(self.iloc[:_SHOWN, :_MOST_COLUMNS])
        if _numbered(head.index):
            columns, cells = [*map(str, head.columns)], head.itertuples(index=False, name=None)
        else:
            columns = [*("" if name is None else str(name) for name in head.index.names), *map(str, head.columns)]
            cells = ((*_labels(row[0]), *row[1:]) for row in head.itertuples(name=None))
        sides = ((len(self), len(head), "rows"), (self.shape[1], head.shape[1], "columns"))
        more = " · ".join(f"{n:,} {what}, the first {kept} shown" for n, kept, what in sides if n > kept)
        # By place, as two columns may have one name.
        rows: list[dict[str, Any]] = [dict(zip(map(str, range(len(columns))), row, strict=True)) for row in cells]
        return display.table(rows, columns=list(map(str, range(len(columns)))), names=columns, caption=more)


def _numbered(index: pd.Index) -> bool:
    """Whether an index says no more than a number of the row."""
    return index.nlevels == 1 and index.name is None and pd.api.types.is_integer_dtype(index)


def _labels(label: Any) -> tuple[Any, ...]:
    return label if isinstance(label, tuple) else (label,)
