import datetime as dt
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from topics import plots
from topics.errors import PlotError, TopicsError

NAMES = {"security": "الأمن", "migration": "الهجرة", "sport": "الرياضة"}
COUNTS = {"security": 40, "sport": 20, "none": 60}


def labels(ax):
    return [text.get_text() for text in ax.get_yticklabels()]


def test_theme_sizes_are_mirrored_where_labels_are_arabic():
    ax = plots.theme_sizes(COUNTS, names=NAMES, title="المحاور")
    assert labels(ax) == ["الأمن", "الرياضة", "بلا محور"]
    assert ax.get_xlim()[0] > ax.get_xlim()[1]
    assert ax.yaxis.get_ticks_position() == "right"
    assert ax.get_title(loc="right") == "المحاور"
    assert ax.get_xlabel() == "عدد المقالات"
    assert [bar.get_width() for bar in ax.patches] == [40, 20, 60]
    assert {text.get_text() for text in ax.texts} == {"40", "20", "60"}


def test_theme_sizes_read_from_the_left_where_labels_are_latin():
    ax = plots.theme_sizes(pd.Series(COUNTS), title="Themes")
    assert labels(ax) == ["security", "sport", "None"]
    assert ax.get_xlim()[0] < ax.get_xlim()[1]
    assert ax.yaxis.get_ticks_position() == "left"
    assert ax.get_xlabel() == "Articles"


def test_the_way_and_the_language_can_be_asked_for():
    ax = plots.theme_sizes(COUNTS, names=NAMES, rtl=False, language="fr")
    assert ax.get_xlim()[0] < ax.get_xlim()[1]
    assert labels(ax)[-1] == "Aucun"


def test_a_given_color_is_used_and_the_first_theme_is_on_top():
    ax = plots.theme_sizes({"sport": 1, "security": 2}, colors={"sport": "#1b7f5c"})
    assert ax.patches[0].get_facecolor() == pytest.approx((0x1B / 255, 0x7F / 255, 0x5C / 255, 1))
    assert ax.get_ylim()[0] > ax.get_ylim()[1]


def test_articles_over_time_stack_themes():
    table = pd.DataFrame({"sport": [1, 2, 0], "security": [3, 0, 1]}, index=["2026-01", "2026-02", "2026-03"])
    ax = plots.articles_over_time(table, names=NAMES)
    assert len(ax.patches) == 6
    assert ax.patches[3].get_y() == 1
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["الأمن", "الرياضة"]
    assert ax.get_xlim()[0] > ax.get_xlim()[1]


def test_a_long_legend_starts_at_the_right_too():
    table = pd.DataFrame([[1] * 5], columns=list("abcde"))
    names = dict(zip("abcde", ["ألف", "باء", "جيم", "دال", "هاء"], strict=True))
    ax = plots.articles_over_time(table, names=names)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        " ",
        " ",
        "هاء",
        " ",
        "جيم",
        "دال",
        "ألف",
        "باء",
    ]


def test_articles_over_time_take_dates_and_thin_their_labels():
    days = pd.date_range("2026-01-01", periods=30)
    ax = plots.articles_over_time(pd.Series(range(30), index=days))
    ticks = [text.get_text() for text in ax.get_xticklabels()]
    assert ticks[0] == "2026-01-01"
    assert len(ticks) <= 7
    ax = plots.articles_over_time({dt.date(2026, 1, 1): 3}, language="ar")
    assert ax.get_ylabel() == "عدد المقالات"
    assert ax.get_xlim()[0] > ax.get_xlim()[1]


def test_lengths_hold_every_article_and_their_median():
    ax = plots.lengths(np.array([100, 200, 300, 1000]), n_bins=5, language="ar")
    assert sum(bar.get_height() for bar in ax.patches) == 4
    assert ax.get_legend().get_texts()[0].get_text() == "الوسيط: 250"


def test_what_was_drawn_on_stays_the_axes():
    import matplotlib.pyplot as plt

    _, ax = plt.subplots()
    assert plots.theme_sizes(COUNTS, ax=ax) is ax
    assert len(plt.get_fignums()) == 1


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda: plots.theme_sizes({}), id="nothing"),
        pytest.param(lambda: plots.theme_sizes({"sport": float("nan")}), id="NaN"),
        pytest.param(lambda: plots.lengths([]), id="no articles"),
        pytest.param(lambda: plots.lengths([1.0], n_bins=0), id="no bins"),
    ],
)
def test_nothing_to_draw_is_refused(call):
    with pytest.raises(PlotError):
        call()


def test_an_unknown_language_is_refused():
    with pytest.raises(TopicsError, match="did you mean ar"):
        plots.theme_sizes(COUNTS, language="arr")


WORDS = [120, 90, 100, 110] * 30
PARTS = {
    "periods": {"2026-01": 4, "2026-02": 0},
    "themes": {"sport": 2, "security": 1},
    "sources": {f"جريدة {k}": 20 - k for k in range(13)},
    "traits": {"copies": 0.0, "marks": 0.5},
}


class TestOverview:
    def test_it_has_a_panel_for_each_thing_and_reads_right_to_left(self):
        axes = plots.overview(WORDS, **PARTS, names=NAMES, title="مجموعة")
        titles = [ax.get_title(loc="right") for ax in axes]
        assert titles == ["أطوال المقالات", "المقالات عبر الزمن", "المحاور", "المصادر", "نسبة المقالات التي فيها"]
        assert labels(axes[2]) == ["الرياضة", "الأمن"]
        assert labels(axes[3])[-1] == "غيرها"
        assert axes[3].patches[-1].get_width() == 0
        assert axes[3].texts[-1].get_text() == str(10 + 9 + 8)
        assert {text.get_text() for text in axes[4].texts} == {"0.0%", "50.0%"}
        axes[0].figure.canvas.draw()
        places = [ax.get_position().x0 for ax in axes]
        assert places[0] > places[1]
        assert places[2] > places[3]

    def test_it_reads_from_the_left_in_other_languages(self):
        axes = plots.overview(WORDS, **PARTS, language="fr")
        axes[0].figure.canvas.draw()
        assert axes[0].get_position().x0 < axes[1].get_position().x0
        assert axes[0].get_title(loc="left") == "Longueur des articles"

    def test_what_is_not_known_has_no_panel(self):
        assert len(plots.overview(WORDS, periods={}, sources={"س": 3}, language="en")) == 2
        with pytest.raises(PlotError):
            plots.overview([])

    def test_a_few_long_articles_do_not_flatten_the_lengths_and_the_median_is_that_of_all(self):
        ax = plots.overview([100, 101, 102, 103, 104] * 60 + [9000, 9001, 9002])[0]
        assert ax.get_title(loc="right") == "أطوال المقالات (أقصر 99% منها)"
        assert max(ax.get_xlim()) < 200
        assert ax.get_legend().get_texts()[0].get_text().endswith("102")

    @pytest.mark.parametrize(
        ("language", "unit"), [("ar", "2026-01-{:02d}"), ("en", "2026-{:02d}"), ("fr", "20{:02d}")]
    )
    def test_no_two_labels_of_periods_touch_and_nothing_is_cut(self, language, unit):
        periods = {unit.format(k): k for k in range(1, 29)}
        axes = plots.overview(WORDS, **{**PARTS, "periods": periods}, names=NAMES, language=language)
        figure = axes[0].figure
        figure.canvas.draw()
        boxes = sorted((text.get_window_extent() for text in axes[1].get_xticklabels()), key=lambda box: box.x0)
        assert all(one.x1 < other.x0 for one, other in pairwise(boxes))
        for ax in axes:
            box = ax.get_tightbbox()
            assert box.x0 >= 0
            assert box.x1 <= figure.bbox.width
            assert not any("…" in text.get_text() for text in ax.findobj(Text))

    def test_bars_are_of_one_thickness_all_over_the_sheet(self):
        axes = plots.overview(WORDS, themes={"a": 1}, sources=PARTS["sources"], traits={"marks": 0.5})
        axes[0].figure.canvas.draw()
        heights = [ax.patches[0].get_window_extent().height for ax in axes[1:]]
        assert max(heights) < 1.35 * min(heights)
