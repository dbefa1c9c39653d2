"""A study's result: a pandas table that shows itself with what it says in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pandas as pd

from topics import display
from topics.corpus.showing import Printed


class Table(Printed):
    """A DataFrame that shows itself for reading, with its verdict; whatever is made from it is a plain DataFrame.

    Attributes
    ----------
    verdict : str
        What the table says, in a sentence or a few.
    parts : mapping of str to DataFrame
        What stands behind it, by name.
    """

    _metadata: ClassVar[list[str]] = ["verdict", "parts"]
    verdict: str
    parts: Mapping[str, pd.DataFrame]

    def __init__(
        self, data: Any = None, *, verdict: str = "", parts: Mapping[str, pd.DataFrame] | None = None, **options: Any
    ) -> None:
        super().__init__(data, **options)  # type: ignore[call-arg]  # pandas-stubs knows only __new__
        self.verdict = verdict
        self.parts = dict(parts or {})

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        # A row less, and the verdict would be of another table.
        return pd.DataFrame

    def __repr__(self) -> str:
        return f"{super().__repr__()}\n{display.visible(self.verdict)}" if self.verdict else super().__repr__()

    def _repr_html_(self) -> str:
        rows = [{str(name): value for name, value in row.items()} for row in self.to_dict("records")]
        return display.table(rows, columns=[str(name) for name in self.columns], rtl=False, caption=self.verdict)
