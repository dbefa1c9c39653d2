import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from topics import plots
from topics.errors import PlotError

NAMES = {"security": "الأمن", "migration": "الهجرة", "sport": "الرياضة"}
THEMES = list(NAMES)


def labels(axis):
    return [text.get_text() for text in axis.get_ticklabels()]


def texts(ax):
    return [text.get_text() for text in ax.texts]


@pytest.fixture
def table():
    rows = [
        ("security", "f1", 0.9, 0.85, 0.95),
        ("sport", "f1", 0.8, 0.7, 0.9),
        ("*", "macro_f1", 0.85, 0.8, 0.9),
        ("sport", "recall", 0.5, 0.4, 0.6),
        ("migration", "f1", np.nan, np.nan, np.nan),
    ]
    return pd.DataFrame(rows, columns=["theme", "measure", "mean", "low", "high"])


def test_scores_show_each_theme_with_its_interval_and_the_mean_last(table):
    ax = plots.theme_scores(table, names=NAMES)
    assert labels(ax.yaxis) == ["الأمن", "الرياضة", "المتوسط"]
    assert texts(ax) == ["0.90 [0.85, 0.95]", "0.80 [0.70, 0.90]", "0.85 [0.80, 0.90]"]
    assert [line.get_xdata()[0] for line in ax.lines] == [0.9, 0.8, 0.85]
    assert to_rgb(ax.lines[1].get_color()) == to_rgb(plots.theme_colors(THEMES)["sport"])


def test_a_measure_that_is_not_there_is_refused_with_those_that_are(table):
    with pytest.raises(PlotError, match="f1, macro_f1, recall"):
        plots.theme_scores(table, "brier")


def test_a_score_without_an_interval_is_a_point():
    table = pd.DataFrame(
        [("sport", "f1", 1.0, np.nan, np.nan), ("a", "f1", 0.5, 0.4, 0.6)],
        columns=["theme", "measure", "mean", "low", "high"],
    )
    assert texts(plots.theme_scores(table)) == ["1.00", "0.50 [0.40, 0.60]"]


def test_confusion_shows_every_count_and_mirrors_its_columns():
    table = pd.DataFrame([[5, 1], [2, 9]], index=["sport", "none"], columns=["sport", "none"])
    ax = plots.confusion(table, names=NAMES)
    assert labels(ax.yaxis) == ["الرياضة", "بلا محور"] == labels(ax.xaxis)
    assert texts(ax) == ["5", "1", "2", "9"]
    assert ax.get_xlim()[0] > ax.get_xlim()[1]
    assert ax.get_ylabel() == "المحور الصحيح"


def test_cooccurrence_slants_labels_that_would_touch():
    names = [f"موضوع طويل رقم {k}" for k in range(5)]
    table = pd.DataFrame(np.eye(5), index=names, columns=names)
    ax = plots.cooccurrence(table)
    assert {text.get_rotation() for text in ax.get_xticklabels()} == {320.0}
    assert len(ax.texts) == 25


def test_curves_have_one_line_a_theme_in_its_color_and_are_not_mirrored():
    curve = pd.DataFrame({"recall": [0.5, 1.0, 1.0], "precision": [1.0, 0.8, 0.4]})
    ax = plots.precision_recall({"sport": curve, "security": curve}, names=NAMES)
    assert [line.get_label() for line in ax.lines] == ["الرياضة", "الأمن"]
    assert ax.lines[0].get_xdata().tolist() == [0.5, 1.0]
    assert ax.get_xlim()[0] < ax.get_xlim()[1]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("الاستدعاء", "الدقة")


def test_reliability_has_the_diagonal_and_intervals():
    bins = pd.DataFrame(
        {"predicted": [0.1, 0.9], "observed": [0.2, 0.8], "observed_low": [0.1, 0.7], "observed_high": [0.3, 0.9]}
    )
    ax = plots.reliability({"sport": bins})
    assert [line.get_label() for line in ax.lines] == ["Calibrated", "sport"]
    assert len(ax.collections[0].get_segments()) == 2


def test_risk_is_compared_with_abstaining_at_random():
    ax = plots.risk_coverage([0.5, 1.0], [0.1, 0.3], language="ar")
    assert ax.lines[0].get_ydata()[0] == 0.3
    assert {text.get_text() for text in ax.get_legend().get_texts()} == {"النموذج", "امتناع عشوائي"}


def test_a_strip_runs_from_the_right_and_shows_how_sure_it_is():
    chance = [[0.9, 0.1, 0.0], [0.2, 0.7, 0.1]]
    ax = plots.theme_strip(chance, THEMES, sizes=[300, 100], names=NAMES)
    assert labels(ax.yaxis) == ["الأمن", "الهجرة", "الرياضة"]
    assert [bar.get_facecolor()[3] for bar in ax.patches] == [0.9, 0.2, 0.1, 0.7, 0.0, 0.1]
    assert [bar.get_width() for bar in ax.patches[:2]] == [0.75, 0.25]
    assert ax.get_xlim()[0] > ax.get_xlim()[1]
    assert labels(ax.xaxis) == ["1", "2"]


def test_weights_of_spans_are_sorted_by_size_and_speak_for_or_against():
    ax = plots.span_weights(["شرطة", "كرة", "كـأس"], [0.2, -0.9, 0.5], color="#d55e00")
    assert labels(ax.yaxis) == ["كرة", "كـأس", "شرطة"]
    assert texts(ax) == ["−0.90", "+0.50", "+0.20"]
    assert to_rgb(ax.patches[1].get_facecolor()[:3]) == to_rgb("#d55e00") != to_rgb(ax.patches[0].get_facecolor()[:3])
    assert len(plots.span_weights(["أ"] * 30, np.arange(30.0), n=5).patches) == 5


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda: plots.theme_strip([[1.5]], ["sport"]), id="no probability"),
        pytest.param(lambda: plots.theme_strip([[0.5]], ["sport", "security"]), id="themes"),
        pytest.param(lambda: plots.theme_strip([[0.5]], ["sport"], sizes=[0]), id="empty paragraph"),
        pytest.param(lambda: plots.span_weights(["أ"], [1.0, 2.0]), id="lengths"),
        pytest.param(lambda: plots.span_weights([], []), id="nothing"),
        pytest.param(lambda: plots.risk_coverage([0.5], [0.5, 0.6]), id="curve"),
        pytest.param(lambda: plots.precision_recall({}), id="no theme"),
        pytest.param(lambda: plots.confusion(pd.DataFrame()), id="no table"),
    ],
)
def test_what_cannot_be_drawn_is_refused(call):
    with pytest.raises(PlotError):
        call()
