"""The model card that a bundle carries as README.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from topics.bundle import versions
from topics.display import visible

if TYPE_CHECKING:
    from topics.models.themes import ThemeModel
    from topics.models.topics import TopicModel

_OUT_OF_FOLD = (
    "On the training articles, each sorted by a model that had not seen it or a copy of it, with 95 % intervals. "
    "Thresholds were chosen on the same values, so expect a little less, and less still on other newspapers."
)
_LIMITS = (
    "It knows the words of its training corpus: look at the column `unlike` before you trust a figure on articles of "
    "another time, country or kind. Probabilities are calibrated on the training corpus, whose share of each theme is "
    "not that of a newspaper."
)


def theme_card(model: ThemeModel) -> str:
    """Markdown: themes, training, scores, limits, versions, how to cite."""
    themes = [
        f"- **{key}** ({theme.name('ar')} · {theme.name('en')}): {theme.definition or 'no definition'}"
        for key, theme in model.themes.items()
    ]
    return _card(
        f"Theme model: {', '.join(model.themes)}", "Sorts Arabic news articles into themes, several or none each.",
        ["## Themes", *themes, "", *_quality(model), "## Limits", _LIMITS], model,
    )  # fmt: skip


def _quality(model: ThemeModel) -> list[str]:
    """Scores out of fold, of all articles and by source, as a table."""
    if not model.scores:
        return []
    lines = [
        "## Scores",
        _OUT_OF_FOLD,
        "",
        "| source | theme | measure | score | articles |",
        "|---|---|---|---|---|",
    ]
    for row in model.scores:
        interval = "" if row["low"] is None else f" [{row['low']:.2f}, {row['high']:.2f}]"
        theme = "all" if row["theme"] == "*" else row["theme"]
        lines.append(
            f"| {_cell(row['source'] or 'all')} | {_cell(theme)} | {row['measure']} "
            f"| {row['mean']:.2f}{interval} | {row['n']} |"
        )
    return [*lines, ""]


def _cell(text: str) -> str:
    return visible(text).replace("|", "\\|")


def topic_card(model: TopicModel) -> str:
    """Markdown: topics by their terms, training, limits, versions, how to cite."""
    topics = [f"{number}. {name}" for number, name in enumerate(model.names)]
    limits = "Topics are patterns of words, not findings: read articles of a topic before you name it."
    return _card(
        f"Topic model: {len(topics)} topics", "Mixtures of topics in Arabic news articles, by LDA.",
        ["## Topics", *topics, "", "## Limits", limits], model,
    )  # fmt: skip


def _card(title: str, purpose: str, body: list[str], model: Any) -> str:
    settings = ", ".join(f"{name} = {value!r}" for name, value in model.settings.items()) or "defaults"
    lines = [
        f"# {title}", "", purpose, "", *body, "", "## Training",
        f"Corpus fingerprint `{model.fingerprint}`; settings: {settings}; {len(model.matrix.terms)} terms.", "",
        "## Versions",
        ", ".join(f"{name} {version}" for name, version in versions().items()), "", "## How to cite",
        "The topics developers: arabic-topics, see CITATION.cff in its repository.", "",
    ]  # fmt: skip
    return "\n".join(lines)
