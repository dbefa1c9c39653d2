from __future__ import annotations

from xml.etree import ElementTree as ET

import topics
from topics.experiments.figures import draw, drawable


def test_every_figure_is_svg_with_arabic_as_text(tiny_run):
    paths = sorted((tiny_run.path / "figures").iterdir())
    assert {path.name for path in paths} >= {"theme_sizes.svg", "theme_scores.svg", "topics.svg", "topic_sizes.svg"}
    for path in paths:
        ET.fromstring(path.read_bytes())
        assert any("\u0600" <= char <= "\u06ff" for char in path.read_text(encoding="utf-8")), path.name


def test_what_the_font_lacks_is_a_question_mark():
    assert drawable("كرة 足") == "كرة ?"


def test_nothing_is_drawn_without_a_model(tmp_path):
    draw(tmp_path, topics.Corpus(), None, None, {})
    assert not list(tmp_path.iterdir())
