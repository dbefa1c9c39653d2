from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

import topics
from topics.experiments.figures import draw, drawable


def test_every_figure_is_svg_with_arabic_as_text(tiny_run):
    paths = sorted((tiny_run.path / "figures").iterdir())
    assert {path.name for path in paths} >= {"theme_sizes.svg", "theme_scores.svg", "topics.svg", "topic_sizes.svg"}
    for path in paths:
        ET.fromstring(path.read_bytes())
        if path.name.count(".") == 1:
            assert any("\u0600" <= char <= "\u06ff" for char in path.read_text(encoding="utf-8")), path.name


@pytest.mark.parametrize("language", ["en", "fr"])
def test_figures_with_words_of_the_interface_are_drawn_in_its_other_languages(tiny_run, language):
    folder = tiny_run.path / "figures"
    names = {path.name.split(".")[0] for path in folder.glob(f"*.{language}.svg")}
    assert names >= {"theme_sizes", "theme_scores", "reliability", "risk_coverage", "topic_sizes"}
    sizes = ET.fromstring((folder / f"theme_sizes.{language}.svg").read_bytes())
    words = ["".join(node.itertext()) for node in sizes.iter() if node.tag.endswith("}text")]
    assert {theme.name(language) for theme in tiny_run.models.themes.themes.values()} <= set(words)
    assert not any("\u0600" <= char <= "\u06ff" for word in words for char in word)


def test_what_the_font_lacks_is_a_question_mark():
    assert drawable("كرة 足") == "كرة ?"


def test_nothing_is_drawn_without_a_model(tmp_path):
    draw(tmp_path, topics.Corpus(), None, None, {})
    assert not list(tmp_path.iterdir())
