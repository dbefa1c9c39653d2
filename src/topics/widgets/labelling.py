"""Labelling in a notebook: an article, right to left, and the themes to choose from; saved after each answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from topics import display
from topics.corpus.article import Article, Corpus, as_corpus
from topics.corpus.themes import Theme, Themes, as_themes
from topics.errors import SettingsError
from topics.files import PathLike
from topics.widgets.drawing import anywidget, interface, script
from topics.widgets.labels import Label, LabelFile

if TYPE_CHECKING:
    from topics.models.themes import ThemeModel


class Labelling(anywidget().AnyWidget):  # type: ignore[misc]
    """The widget of `topics.label`; `answer` does what its buttons do.

    Attributes
    ----------
    labelled : Corpus
        The articles that this coder has answered, with the answers as their themes.
    place : int
        Which article is shown; after the last one, their number.
    """

    _esm = script()
    data = traitlets.Dict().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)  # id -> places of themes, of this coder only
    place = traitlets.Int(0).tag(sync=True)

    def __init__(self, corpus: Corpus, themes: Themes, file: LabelFile, coder: str, data: dict[str, Any]) -> None:
        self._corpus, self._themes, self._file, self._coder = corpus, themes, file, coder
        self._keys = list(themes)
        found = file.of(coder, (article.id or "" for article in corpus))
        self._themes_of = {name: label.themes for name, label in found.items()}
        open_ones = [k for k, article in enumerate(corpus) if article.id not in found]
        super().__init__(data=data, answers=self._places(), place=open_ones[0] if open_ones else len(corpus))
        self.on_msg(self._received)

    def answer(self, themes: Iterable[str], note: str = "", *, place: int | None = None) -> None:
        """Give the article at `place`, by default the one that is shown, its themes; none at all is an answer too.

        Raises
        ------
        SettingsError
            A theme that is not offered, or no article is left.
        WriteError
            The answer could not be saved; nothing has changed.
        """
        place = self.place if place is None else place
        if not 0 <= place < len(self._corpus):
            raise SettingsError(f"there is no article {place}: {len(self._corpus)} are to be labelled, counted from 0")
        given = list(dict.fromkeys(themes))
        for key in given:
            if key not in self._themes:
                raise SettingsError(f"the theme {key!r} is not offered; there are {', '.join(self._keys)}")
        name = str(self._corpus[place].id)
        ordered = tuple(key for key in self._keys if key in given)
        self._file.add(Label(name, self._coder, ordered, note))
        self._themes_of[name] = ordered
        self.answers = self._places()
        self.place = place + 1

    def _received(self, _: Any, content: Any, __: Any) -> None:
        """What the page sends: the place of an article, those of its themes, a note."""
        themes = [self._keys[k] for k in content["themes"]]
        self.answer(themes, str(content.get("note", "")), place=int(content["place"]))

    def _places(self) -> dict[str, list[int]]:
        return {
            name: [self._keys.index(key) for key in keys if key in self._keys] for name, keys in self._themes_of.items()
        }

    @property
    def labelled(self) -> Corpus:
        """The articles that this coder has answered, with the answers as their themes."""
        kept = [
            replace(article, themes=self._themes_of[str(article.id)], paragraph_themes=None)
            for article in self._corpus
            if article.id in self._themes_of
        ]
        return Corpus(kept, themes=self._themes)

    def __repr__(self) -> str:
        coder = display.one_line(self._coder, 40)
        return f"Labelling({len(self._themes_of)} of {len(self._corpus)} articles; coder {coder})"


def open_labelling(
    model: ThemeModel | None, articles: Any, *, file: PathLike, coder: str, themes: Any, language: str, suggest: bool
) -> Labelling:
    """See `topics.label`."""
    corpus = as_corpus(articles)
    offered = _offered(model, themes)
    if not coder.strip():
        raise SettingsError("coder is empty; give the name or initials of whoever labels")
    hints = (
        model.probabilities(corpus) if model is not None and suggest and list(model.themes) == list(offered) else None
    )
    rows = [_row(article, None if hints is None else hints[k]) for k, article in enumerate(corpus)]
    labels = LabelFile(file)
    data = {
        **interface(offered, language),
        "kind": "labelling", "themes": list(offered), "articles": rows, "coder": display.visible(coder),
        "file": display.visible(labels.path.name),
    }  # fmt: skip
    return Labelling(corpus, offered, labels, coder, data)


def _offered(model: ThemeModel | None, themes: Any) -> Themes:
    if themes is None:
        if model is None:
            raise SettingsError("there is no theme to choose from; give a model, or themes=")
        return model.themes
    if isinstance(themes, (str, Mapping)) or hasattr(themes, "__fspath__"):
        return as_themes(themes)
    known: Mapping[str, Theme] = model.themes if model is not None else {}
    return Themes(known.get(key) or Theme(key) for key in themes)


def _row(article: Article, hints: Any) -> dict[str, Any]:
    full = article.full
    return {
        "id": article.id,
        "title": display.visible(article.title or ""),
        "date": article.date.isoformat() if article.date else None,
        "source": display.visible(article.source or ""),
        "paragraphs": [
            [display.paragraph_direction(full[start:end]), display.visible(full[start:end])]
            for start, end in article.paragraphs
        ],
        "probabilities": None if hints is None else np.round(hints, 3).tolist(),
    }
