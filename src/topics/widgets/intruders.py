"""Looking for intruders in a notebook: one question after another, written into the sheet that comes back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from topics import display
from topics.corpus.themes import Themes
from topics.corpus.writers import write
from topics.errors import SettingsError
from topics.files import PathLike
from topics.studies.intruders import IntrusionSheet, choices_of
from topics.widgets.drawing import anywidget, interface, script

if TYPE_CHECKING:
    from topics.studies.showing import Table


class Intruders(anywidget().AnyWidget):  # type: ignore[misc]
    """The widget of `topics.widgets.find_intruders`; `answer` does what its buttons do.

    Attributes
    ----------
    answers : dict of str to int
        Item to the number of the choice, from 1.
    place : int
        Which question is shown; after the last one, their number.
    score : Table
        How many intruders were found so far, with Wilson's intervals.
    """

    _esm = script()
    data = traitlets.Dict().tag(sync=True)  # questions without their solutions
    answers = traitlets.Dict().tag(sync=True)
    place = traitlets.Int(0).tag(sync=True)

    def __init__(self, sheet: IntrusionSheet, file: Path, data: dict[str, Any]) -> None:
        self._sheet, self._path = sheet, file
        found = sheet.answered(file) if file.exists() else {}
        left = [k for k, item in enumerate(sheet.table["item"]) if item not in found]
        super().__init__(data=data, answers=found, place=left[0] if left else len(sheet.table))
        self.on_msg(self._received)

    def answer(self, choice: int, *, place: int | None = None) -> None:
        """Give the question at `place`, by default the one that is shown, the number of a choice.

        Raises
        ------
        SettingsError
            No such choice, or no question is left.
        WriteError
            The sheet could not be saved; nothing has changed.
        """
        place = self.place if place is None else place
        questions = self.data["questions"]
        if not 0 <= place < len(questions):
            raise SettingsError(f"there is no question {place}: the sheet has {len(questions)}, counted from 0")
        item = questions[place]["item"]
        found = self.answers | self._sheet.answered({item: choice})
        write(self._sheet.filled(found), self._path)
        self.answers = found
        self.place = place + 1

    def _received(self, _: Any, content: Any, __: Any) -> None:
        """What the page sends: the place of a question, and a choice."""
        self.answer(int(content["choice"]), place=int(content["place"]))

    @property
    def score(self) -> Table:
        """How many intruders were found so far, see `IntrusionSheet.score`."""
        return self._sheet.score(self.answers)

    def __repr__(self) -> str:
        return f"Intruders({len(self.answers)} of {len(self._sheet.table)} questions answered)"


def open_intruders(sheet: IntrusionSheet, *, file: PathLike, language: str) -> Intruders:
    """See `topics.widgets.find_intruders`."""
    path = Path(file)
    questions = [
        {
            "item": row["item"], "task": row["task"], "text": display.visible(row["text"]),
            "direction": display.paragraph_direction(row["text"]),
            "choices": [display.visible(text) for text in choices_of(row)],
        }
        for row in sheet.table.to_dict("records")
    ]  # fmt: skip
    data = {
        **interface(Themes(), language), "kind": "intruders", "questions": questions,
        "file": display.visible(path.name),
    }  # fmt: skip
    return Intruders(sheet, path, data)
