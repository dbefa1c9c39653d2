"""What people work with in a notebook: the explorer and the labelling widget. The only layer that imports anywidget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from topics.models.themes import ThemeModel
    from topics.models.topics import TopicModel
    from topics.studies.intruders import IntrusionSheet
    from topics.widgets.explorer import Explorer
    from topics.widgets.intruders import Intruders
    from topics.widgets.labelling import Labelling

__all__ = ["explore", "find_intruders", "label"]


def explore(
    model: ThemeModel | TopicModel, articles: Any, *, language: str = "ar", max_articles: int = 500
) -> Explorer:
    """Look at what a model found: choose a theme or topic, see its terms and the articles that carry it, open one.

    Parameters
    ----------
    model : ThemeModel or TopicModel
        Whose themes or topics are shown.
    articles : Corpus, articles or path
        What is sorted and read.
    language : {"ar", "en", "fr"}
        Of the interface.
    max_articles : int
        How many articles the widget holds; when there are more, it says so.

    Returns
    -------
    Explorer
        A widget: the last line of a cell shows it.

    Raises
    ------
    SettingsError
        A language that does not exist.
    MissingExtra
        anywidget is not installed.
    """
    from topics.widgets.explorer import open_explorer

    return open_explorer(model, articles, language=language, max_articles=max_articles)


def find_intruders(sheet: IntrusionSheet, *, file: Any, language: str = "ar") -> Intruders:
    """Answer the questions of an intrusion sheet one by one; saved after each, gone on with where it was left.

    Parameters
    ----------
    sheet : IntrusionSheet
        Of `topics.studies.intrusion_sheet`. The widget is not given its solutions.
    file : path
        Where the sheet with the answers goes, one a person: .csv, or another suffix that `IntrusionSheet.write` takes.
        `IntrusionSheet.score` reads it, whether the widget wrote it or a spreadsheet.
    language : {"ar", "en", "fr"}
        Of the interface.

    Returns
    -------
    Intruders
        A widget: the last line of a cell shows it. Its `score` says how many intruders were found so far.

    Raises
    ------
    SettingsError
        A language that does not exist, or a file with answers to another sheet.
    MissingExtra
        anywidget is not installed.
    """
    from topics.widgets.intruders import open_intruders

    return open_intruders(sheet, file=file, language=language)


def label(
    model: ThemeModel | None,
    articles: Any,
    *,
    file: Any,
    coder: str,
    themes: Any = None,
    language: str = "ar",
    suggest: bool = True,
) -> Labelling:
    """Label articles one by one: shown right to left, saved after each answer, gone on with where it was left.

    Parameters
    ----------
    model : ThemeModel or None
        Whose themes are offered, with its suggestions; None offers `themes` without any.
    articles : Corpus, articles or path
        What is labelled, in this order; `model.ask` proposes which. Two coders who are to be compared get the same.
    file : path
        Where answers go, JSON Lines: id, coder, themes, note; one line an answer, the last one counts. Coders may
        share a file; none is shown what another answered.
    coder : str
        Who labels.
    themes : path, mapping or list of keys, optional
        By default those of the model.
    language : {"ar", "en", "fr"}
        Of the interface.
    suggest : bool
        Whether the model's probabilities are shown; without them two coders do not lean on the same hint.

    Returns
    -------
    Labelling
        A widget: the last line of a cell shows it. Its `labelled` is a Corpus of what this coder has answered.

    Raises
    ------
    SettingsError
        No theme to choose from, no name, an id that occurs twice.
    ReadError
        The file holds something else than labels.
    MissingExtra
        anywidget is not installed.
    """
    from topics.widgets.labelling import open_labelling

    return open_labelling(model, articles, file=file, coder=coder, themes=themes, language=language, suggest=suggest)
