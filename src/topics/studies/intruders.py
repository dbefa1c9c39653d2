"""Do people see what the topics are? Sheets with an intruder to find (Chang et al. 2009), and how many found it.

A sheet is made again, equal to the last choice, by the same model, articles and seed: so it can go out as a CSV file
without the solutions, and come back to be scored.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
import pandas as pd

from topics import display
from topics.corpus.article import Article, as_articles
from topics.corpus.readers.tables import table_rows
from topics.corpus.writers import write
from topics.errors import SettingsError
from topics.evaluation.intervals import wilson
from topics.evaluation.tables import ALL
from topics.studies.showing import Table

if TYPE_CHECKING:
    from topics.estimators.shapes import Array
    from topics.models.topics import TopicModel

TASKS = ("word", "topic")
_TOPICS_SHOWN, _TERMS_SHOWN = 3, 8  # Chang et al.: three topics of an article and an intruder, eight words each
_EXCERPT = 400  # characters of an article


@dataclass(frozen=True)
class IntrusionSheet:
    """Questions for a person: which of these does not belong?

    Attributes
    ----------
    table : DataFrame
        One row a question: item, task ("word" or "topic"), text (the article's beginning, of a topic task), choice_1
        and on, answer (empty, for the number of the choice).
    solutions : DataFrame
        item, topic, solution (the number of the intruder). Not for those who answer.
    """

    table: pd.DataFrame
    solutions: pd.DataFrame = field(repr=False)

    def write(self, path: str | Path) -> None:
        """Write the questions without the solutions; the suffix says the format, .csv is what people can open."""
        write(self.table, path)

    def answered(self, given: Any) -> dict[str, int]:
        """What a person answered, item by item: the number of the choice.

        Parameters
        ----------
        given : path, DataFrame or mapping of item to answer
            As in `score`; what is empty is left out.

        Raises
        ------
        SettingsError
            An item of another sheet, or an answer that is no choice.
        """
        asked = self.table.set_index("item")
        found = {}
        for item, answer in _answers(given):
            if answer == "":
                continue
            if item not in asked.index:
                raise SettingsError(
                    f"there is no item {display.one_line(item, 40)!r} on this sheet; make it with the model, articles "
                    "and random_state of the sheet that was answered"
                )
            found[item] = _choice(item, answer, choices_of(asked.loc[item]))
        return found

    def filled(self, answers: Mapping[str, int]) -> pd.DataFrame:
        """The table with answers in it, as somebody would hand it back."""
        return self.table.assign(answer=[str(answers.get(item, "")) for item in self.table["item"]])

    def score(self, *answers: Any) -> Table:
        """How many intruders were found, by task and topic.

        Parameters
        ----------
        *answers : path, DataFrame or mapping of item to answer
            One a person. An answer is the number of a choice, in any digits, or its text; empty ones do not count.

        Returns
        -------
        Table
            task, topic ("*" for all together), found (share), low, high (Wilson), n (answers), chance.

        Raises
        ------
        SettingsError
            An item of another sheet, an answer that is no choice, or no answer at all.
        """
        hits = [hit for given in answers for hit in self._hits(given)]
        if not hits:
            raise SettingsError("no question is answered; write the number of a choice into the column answer")
        return _scored(hits)

    def _hits(self, given: Any) -> Iterable[tuple[str, str, bool, int]]:
        """(task, topic, found, choices) of each answered question."""
        asked, solved = self.table.set_index("item"), self.solutions.set_index("item")
        for item, chosen in self.answered(given).items():
            row = asked.loc[item]
            found = chosen == solved.loc[item, "solution"]
            yield str(row["task"]), str(solved.loc[item, "topic"]), found, len(choices_of(row))

    def _repr_html_(self) -> str:
        rows: Any = self.table.drop(columns="answer").to_dict("records")
        return display.table(rows, caption=str(self))

    def __str__(self) -> str:
        counts = self.table["task"].value_counts()
        return " · ".join(f"{counts.get(task, 0)} {task} questions" for task in TASKS)


def intrusion_sheet(
    model: TopicModel, articles: Any = None, *, n_items: int = 2, n_terms: int = 5, n_articles: int = 20,
    random_state: int = 0,
) -> IntrusionSheet:  # fmt: skip
    """Questions that tell whether people see the topics.

    Word intrusion: the most probable terms of a topic with one that is improbable in it and on top of another. Topic
    intrusion: the beginning of an article, its three largest topics and one that it hardly holds.

    Parameters
    ----------
    model : TopicModel
        Whose topics.
    articles : Corpus, articles or path, optional
        For topic intrusion; without them there is only word intrusion.
    n_items : int, default=2
        Word questions a topic; they share its top terms out among them.
    n_terms : int, default=5
        Terms of the topic in a word question.
    n_articles : int, default=20
        Topic questions, each on an article drawn at random.
    random_state : int, default=0
        Seeds intruders, articles and the order of everything.

    Raises
    ------
    SettingsError
        One topic, too few terms, or a number below 1.
    """
    if min(n_items, n_terms, n_articles) < 1:
        raise SettingsError(f"n_items={n_items}, n_terms={n_terms} and n_articles={n_articles} must be 1 or more")
    if len(model.alpha) < 2:
        raise SettingsError("a single topic has no intruder; train with two topics or more")
    rng = np.random.default_rng(random_state)
    questions = _word_questions(model, n_items, n_terms, rng)
    if articles is not None:
        questions += _topic_questions(model, list(as_articles(articles)), n_articles, rng)
    # Mixed, so that nobody sees a topic's questions one after another; topic questions come after the words.
    order = sorted(range(len(questions)), key=lambda k: (questions[k][0] == "topic", rng.random()))
    return _sheet([questions[k] for k in order])


_Question = tuple[str, str, str, list[str], int]
"""Task, topic, text, choices, place of the intruder."""


def _word_questions(model: TopicModel, n_items: int, n_terms: int, rng: np.random.Generator) -> list[_Question]:
    matrix, weights = model.matrix, model.topic_term
    if weights.shape[1] < 2 * (n_terms + 1):
        raise SettingsError(
            f"{weights.shape[1]} terms are too few for questions of {n_terms + 1}; lower n_terms or min_df"
        )
    n_items = min(n_items, weights.shape[1] // (2 * n_terms))
    order = np.argsort(-weights, axis=1, kind="stable")
    ranks = np.argsort(order, axis=1, kind="stable")
    top = order[:, : n_items * n_terms]
    found: list[_Question] = []
    for topic, columns in enumerate(top):
        others = np.unique(np.delete(top, topic, axis=0))
        low = others[ranks[topic, others] >= weights.shape[1] // 2]
        for item in range(n_items):
            own = [matrix.terms[column] for column in columns[item::n_items]]
            # A word of the same stem would be no intruder to a reader.
            pool = [column for column in low if not any(_akin(matrix.terms[column], term) for term in own)]
            intruder = int(rng.choice(pool or [order[topic, -1]]))
            choices = [*(matrix.spelled(term) for term in own), matrix.spelled(matrix.terms[intruder])]
            found.append(_shuffled("word", str(topic), "", choices, rng))
    return found


def _akin(first: str, second: str) -> bool:
    return first[:4] == second[:4] or bool(set(first.split("_")) & set(second.split("_")))


def _topic_questions(
    model: TopicModel, articles: Sequence[Article], n_articles: int, rng: np.random.Generator
) -> list[_Question]:
    if not articles or len(model.alpha) < 3:
        raise SettingsError(
            f"topic intrusion wants articles and 3 topics or more, not {len(articles)} and {len(model.alpha)}"
        )
    chosen = np.sort(rng.choice(len(articles), min(n_articles, len(articles)), replace=False))
    shares: Array = model.mixtures([articles[place] for place in chosen]).iloc[:, 2:].to_numpy()
    terms = model.top_terms(_TERMS_SHOWN)
    shown = ["، ".join(rows) for _, rows in terms.groupby("topic", sort=True)["term"]]
    found = []
    for place, mixture in zip(chosen, shares, strict=True):
        order = np.argsort(-mixture, kind="stable")
        n_own = min(_TOPICS_SHOWN, len(order) - 1)
        least = order[max(n_own, len(order) // 2) :]
        choices = [shown[k] for k in (*order[:n_own], int(rng.choice(least)))]
        text = display.one_line(articles[place].full, _EXCERPT)
        found.append(_shuffled("topic", ALL, text, choices, rng))
    return found


def _shuffled(task: str, topic: str, text: str, choices: list[str], rng: np.random.Generator) -> _Question:
    order = rng.permutation(len(choices))
    return task, topic, text, [choices[k] for k in order], int(np.flatnonzero(order == len(choices) - 1)[0])


def _sheet(questions: Sequence[_Question]) -> IntrusionSheet:
    widest = max(len(choices) for _, _, _, choices, _ in questions)
    rows, solutions = [], []
    for number, (task, topic, text, choices, place) in enumerate(questions, 1):
        # The mark tells a sheet of another model or seed when it comes back.
        mark = crc32("\n".join([task, text, *choices]).encode("utf-8", "replace")) & 0xFFFF
        item = f"{number:03}-{mark:04x}"
        blanks = [""] * (widest - len(choices))
        rows.append((item, task, text, *choices, *blanks, ""))
        solutions.append((item, topic, place + 1))
    names = ["item", "task", "text", *(f"choice_{k}" for k in range(1, widest + 1)), "answer"]
    return IntrusionSheet(
        pd.DataFrame(rows, columns=names), pd.DataFrame(solutions, columns=["item", "topic", "solution"])
    )


def choices_of(row: Any) -> list[str]:
    """What stands to choose from in a row of the table, a Series or a mapping."""
    return [str(text) for name, text in row.items() if str(name).startswith("choice_") and text]


def _answers(given: Any) -> Iterable[tuple[str, str]]:
    if isinstance(given, Mapping):
        rows: Iterable[Mapping[str, Any]] = [{"item": item, "answer": answer} for item, answer in given.items()]
    elif isinstance(given, str | Path):
        rows = table_rows(given)
    else:
        rows = given.to_dict("records")
    for row in rows:
        if "item" not in row or "answer" not in row:
            raise SettingsError("answers have the columns item and answer; give the sheet that was filled in")
        answer = row["answer"]
        empty = answer is None or answer != answer  # noqa: PLR0124 - NaN of any library
        yield str(row["item"]), "" if empty else str(answer).strip()


def _choice(item: str, answer: str, choices: Sequence[str]) -> int:
    """The number of the choice that an answer means."""
    if answer in choices:
        return choices.index(answer) + 1
    digits = "".join(str(unicodedata.digit(char, -1)) for char in answer.removesuffix(".0"))
    if digits.isdigit() and 1 <= int(digits) <= len(choices):
        return int(digits)
    raise SettingsError(
        f"item {item}: {display.one_line(answer, 40)!r} is no choice; write a number from 1 to {len(choices)}, or the "
        "text of a choice"
    )


def _scored(hits: Sequence[tuple[str, str, bool, int]]) -> Table:
    rows, sentences = [], []
    for task in TASKS:
        mine = [hit for hit in hits if hit[0] == task]
        if not mine:
            continue
        topics = sorted({topic for _, topic, _, _ in mine if topic != ALL}, key=int)
        for topic in (ALL, *topics):
            part = [(found, n) for _, own, found, n in mine if topic in (ALL, own)]
            score = wilson(sum(found for found, _ in part), len(part))
            rows.append((task, topic, *score, float(np.mean([1 / n for _, n in part]))))
        _, _, found, low, high, n, chance = rows[-len(topics) - 1]
        sentences.append(
            f"{task.capitalize()} intruders: found in {round(found * n)} of {n} answers, {found:.2f} "
            f"[{low:.2f}, {high:.2f}]; guessing finds {chance:.2f}."
        )
    columns = ["task", "topic", "found", "low", "high", "n", "chance"]
    return Table(rows, columns=columns, verdict=" ".join(sentences))
