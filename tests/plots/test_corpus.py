import datetime as dt

import numpy as np
import pandas as pd
import pytest

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
