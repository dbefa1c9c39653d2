"""The model card that a bundle carries as README.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from topics.bundle import versions

if TYPE_CHECKING:
    from topics.models.themes import ThemeModel
    from topics.models.topics import TopicModel

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
        ["## Themes", *themes, "", "## Limits", _LIMITS], model,
    )  # fmt: skip


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
