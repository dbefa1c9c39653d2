from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from scipy.ndimage import label as components

from topics import plots
from topics.display import RLM
from topics.errors import PlotError, SettingsError
from topics.plots import style
from topics.plots.style import PALETTE, label

keys = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)


def drawn(text):
    """The pixels of a text, drawn as a plot's title is."""
    with plots.styled("light"):
        figure = plt.figure(figsize=(3, 1))
        figure.text(0.5, 0.5, text, fontsize=40, ha="center", va="center")
        figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[..., 0] < 128


def test_arabic_letters_are_joined_not_isolated():
    joined = drawn(label("سلم"))
    isolated = drawn("\u200c".join("سلم"))
    assert components(joined)[1] == 1
    assert components(isolated)[1] == 3


def test_arabic_is_drawn_from_right_to_left():
    columns = np.flatnonzero(drawn(label("ااااااس")).any(axis=0))
    left = drawn(label("ااااااس"))[:, columns[0] : columns[0] + 30]
    right = drawn(label("ااااااس"))[:, columns[-1] - 30 : columns[-1]]
    assert components(left)[1] < components(right)[1]


def test_a_matplotlib_that_cannot_shape_is_refused_before_anything_is_drawn(monkeypatch):
    monkeypatch.delattr("matplotlib.ft2font.__libraqm_version__")
    with pytest.raises(PlotError, match=r"3\.11 is needed"):
        plots.use_style()
    with pytest.raises(PlotError, match="pip install"):
        plots.top_terms(["كرة"], [1.0])
    assert not plt.get_fignums()


def test_a_font_without_arabic_is_refused(monkeypatch):
    monkeypatch.setattr(style, "_glyphs", lambda: frozenset(range(128)))
    with pytest.raises(PlotError, match=r"lacks .* Arabic letters"):
        plots.top_terms(["كرة"], [1.0])
    assert not plt.get_fignums()


def test_no_font_at_all_is_refused(monkeypatch):
    style._glyphs.cache_clear()
    monkeypatch.setattr(style, "FONT", "No Such Font")
    with pytest.raises(PlotError, match="finds no font"):
        plots.use_style()


@pytest.mark.parametrize("text", ["كرة \U0001f3c6", "日本", "\ufdfd x"])
def test_a_character_that_would_be_a_box_is_refused(text):
    missing = plots.missing_glyphs(text)
    assert len(missing) >= 1
    with pytest.raises(PlotError, match=f"U\\+{ord(missing[0]):04X}"):
        plots.top_terms([text], [1.0])


def test_the_letters_of_arabic_news_are_all_there():
    assert plots.missing_glyphs("المُتَّهَم كـرة گاز ڤيديو پاريس ٢٠٢٦ ،؛؟ «نعم» … – $€%\u200c\u200f") == ""


def test_a_sign_for_a_whole_word_is_spelled_out():
    assert label("عبد ﷲ") == "عبد الله"


def test_a_label_keeps_to_one_line_and_starts_where_it_reads():
    assert label("2026 كأس") == f"{RLM}2026 كأس"
    assert label("كأس\nالعالم") == "كأس العالم"
    assert label("كأس" * 40).endswith("…")
    assert "<U+202E>" in label("كأس\u202eالعالم")


def test_headlines_with_dollars_are_no_mathematics():
    ax = plots.top_terms(["$سعر$"], [1.0], title="$x^2$ ارتفع")
    texts = [*ax.get_yticklabels(), ax._right_title]
    assert texts[-1].get_text() == f"{RLM}$x^2$ ارتفع"
    assert not any(text.get_parse_math() for text in texts)
    ax.figure.canvas.draw()


def test_axes_of_other_styles_get_the_font_that_joins():
    _, ax = plt.subplots()
    plots.top_terms(["كرة"], [1.0], ax=ax, title="هدف")
    assert {text.get_fontfamily()[0] for text in ax.get_yticklabels()} == {"DejaVu Sans"}
    assert ax._right_title.get_fontfamily() == ["DejaVu Sans"]


def test_dark_and_light_differ_in_ground_and_not_in_themes():
    grounds = {}
    for mode in ("light", "dark"):
        plots.use_style(mode)
        ax = plots.theme_sizes({"sport": 3})
        grounds[mode] = sum(to_rgb(ax.get_facecolor()))
        assert to_rgb(ax.patches[0].get_facecolor()) == to_rgb(plots.theme_colors(["sport"])["sport"])
    assert grounds["dark"] < 0.5 < 2.5 < grounds["light"]


def test_a_style_in_a_block_is_gone_after_it():
    before = mpl.rcParams["figure.facecolor"]
    with plots.styled("dark"):
        assert mpl.rcParams["figure.facecolor"] != before
    assert mpl.rcParams["figure.facecolor"] == before


def test_an_unknown_style_is_named():
    with pytest.raises(SettingsError, match="did you mean light"):
        plots.use_style("ligth")


@given(st.lists(keys, unique=True, max_size=8))
def test_up_to_eight_themes_never_share_a_color_and_order_does_not_matter(themes):
    colors = plots.theme_colors(themes)
    assert list(colors) == themes
    assert len({colors[theme] for theme in themes if theme != "none"}) == len([t for t in themes if t != "none"])
    assert plots.theme_colors(themes[::-1]) == colors


def test_a_theme_keeps_its_own_color_and_others_avoid_it():
    first = plots.theme_colors(["sport"])["sport"]
    colors = plots.theme_colors(["sport", "security", "none"], {"security": first, "sport": None})
    assert colors["security"] == first
    assert colors["sport"] != first
    assert colors["none"] == style.NONE_COLOR


def luminance(color):
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return np.dot([0.2126, 0.7152, 0.0722], channels)


@pytest.mark.parametrize("color", [*PALETTE, style.NONE_COLOR, style.PLAIN])
def test_every_color_stands_out_on_both_grounds(color):
    for ground, _, _ in style._GROUNDS.values():
        dark, light = sorted([luminance(color), luminance(ground)])
        assert (light + 0.05) / (dark + 0.05) >= 2.95


def test_what_is_of_no_theme_has_a_color_that_no_theme_is_given():
    named = [f"theme_{k}" for k in range(40)]
    assert style.PLAIN not in {*PALETTE, style.NONE_COLOR, *style.theme_colors(named).values()}
    bars = plots.top_terms(["كرة", "هدف"], [2.0, 1.0]).patches
    assert {tuple(bar.get_facecolor()) for bar in bars} == {(*to_rgb(style.PLAIN), 1.0)}


def test_two_runs_give_the_same_svg_with_arabic_as_text():
    pages = []
    for _ in range(2):
        ax = plots.top_terms(["كرة", "FIFA كأس"], [2.0, 1.0])
        pages.append(plots.to_svg(ax.figure))
    assert pages[0] == pages[1]
    assert "كرة" in pages[0]
    assert "<dc:date>" not in pages[0]
    assert "unicode-bidi:plaintext" in pages[0]


def test_an_svg_for_a_page_is_one_element():
    ax = plots.top_terms(["<b>كرة</b>"], [1.0])
    element = plots.to_svg(ax.figure)
    assert element.startswith("<svg")
    assert "<b>" not in element


def test_a_png_is_not_blank_and_nothing_is_cut_off():
    ax = plots.top_terms(["كأس العالم للمنتخبات", "هدف"], [2.0, 1.0], title="عنوان طويل " * 4)
    figure = ax.figure
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3]
    assert (pixels != pixels[0, 0]).any(axis=-1).mean() > 0.02
    frame = figure.bbox
    for text in [*ax.get_yticklabels(), ax._right_title]:
        box = text.get_window_extent()
        assert box.x0 >= frame.x0 - 1
        assert box.x1 <= frame.x1 + 1
    boxes = sorted((text.get_window_extent() for text in ax.get_yticklabels()), key=lambda box: box.y0)
    assert all(lower.y1 <= upper.y0 for lower, upper in pairwise(boxes))
