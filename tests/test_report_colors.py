"""The colors of themes in a report and in the widgets: told apart on both grounds, also by people who see fewer colors."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest

from topics.corpus.packaged import packaged_corpus
from topics.corpus.themes import read_themes
from topics.report.page import theme_style, web_file

# Machado, Oliveira and Fernandes (2009), severity 1: what reaches an eye without one kind of cones, in linear RGB.
SIGHTS = {
    "normal": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
GROUNDS = {"light": (255, 255, 255), "dark": (29, 32, 36)}


def linear(color):
    parts = np.array(color, float) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ rgb / np.array([0.95047, 1.0, 1.08883])
    x, y, z = np.where(xyz > 0.008856, np.cbrt(np.maximum(xyz, 0)), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def colors(ground):
    """Of the demo corpus' themes, and of none."""
    style = theme_style(read_themes(packaged_corpus() / "themes.toml"))
    rules = re.findall(rf':host\(\[data-ground="{ground}"\]\) \.theme-\d+\{{--c:([\d ]+)\}}', style)
    own = re.search(rf':host\(\[data-ground="{ground}"\]\) \{{.*?--grey: ([\d ]+);', web_file("style.css"), re.DOTALL)[
        1
    ]
    return [tuple(map(int, rule.split())) for rule in [*rules, own]]


@pytest.mark.parametrize("ground", GROUNDS)
def test_every_theme_stands_out_from_its_ground(ground):
    found = colors(ground)
    assert len(found) == 4
    weights = np.array([0.2126, 0.7152, 0.0722])
    for color in found:
        low, high = sorted((weights @ linear(color), weights @ linear(GROUNDS[ground])))
        assert (high + 0.05) / (low + 0.05) >= 3


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("ground", GROUNDS)
def test_no_two_themes_look_alike(ground, sight):
    seen = [lab(np.clip(np.array(SIGHTS[sight]) @ linear(color), 0, 1)) for color in colors(ground)]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) >= 11
