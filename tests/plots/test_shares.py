import numpy as np
import pandas as pd
import pytest

from topics import plots
from topics.errors import PlotError

NAMES = {"security": "الأمن", "sport": "الرياضة"}


def table(parts):
    rows = []
    for k, part in enumerate([*parts, "*"]):
        for theme, share in (("security", 0.2 + 0.02 * k), ("sport", 0.3)):
            adjusted = share + 0.05
            rows.append(
                (part, theme, 100, share, share - 0.03, share + 0.03, adjusted, adjusted - 0.06, adjusted + 0.06)
            )
    ways = [f"{way}{end}" for way in ("raw", "adjusted") for end in ("", "_low", "_high")]
    return pd.DataFrame(rows, columns=["part", "theme", "n", *ways])


def test_raw_and_corrected_shares_stand_side_by_side_with_their_intervals():
    ax = plots.prevalence(table(["2024-01", "2024-02", "2024-03"]), "security", "adjusted", names=NAMES, title="الأمن")
    lines = {line.get_label(): line.get_ydata().tolist() for line in ax.lines}
    assert lines["كما عُدّت"] == pytest.approx([0.2, 0.22, 0.24])
    assert lines["بعد التصحيح"] == pytest.approx([0.25, 0.27, 0.29])
    assert len(ax.collections) == 2
    assert ax.get_xlim()[0] > ax.get_xlim()[1]
    assert ax.get_ylabel() == "نسبة المقالات"
    assert "*" not in [tick.get_text() for tick in ax.get_xticklabels()]


def test_newspapers_are_listed_by_their_share():
    ax = plots.prevalence(table(["جريدة أ", "جريدة ب"]), "security", kind="groups", names=NAMES)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["جريدة ب", "جريدة أ"]
    assert ax.get_legend() is None


def test_a_part_without_a_figure_is_left_empty():
    rows = table(["2024-01", "2024-02"])
    rows.loc[0, ["adjusted", "adjusted_low", "adjusted_high"]] = np.nan
    ax = plots.prevalence(rows, "security", "adjusted")
    assert [len(line.get_xdata()) for line in ax.lines] == [2, 1]


def test_a_theme_that_is_not_there_is_refused():
    with pytest.raises(PlotError, match="security, sport"):
        plots.prevalence(table(["2024"]), "water")


def test_copies_between_newspapers_are_counted_by_group():
    groups = [["ب", "أ"], ["أ", "أ"], ["أ", "ب", "ج"], [None, "د"]]
    ax = plots.copied_between(groups)
    names = [tick.get_text() for tick in ax.get_yticklabels()]
    figures = np.array([int(text.get_text()) for text in ax.texts]).reshape(3, 3)
    counts = {(a, b): figures[i, j] for i, a in enumerate(names) for j, b in enumerate(names)}
    assert (counts["أ", "ب"], counts["أ", "أ"], counts["ب", "ج"], counts["ب", "ب"]) == (2, 1, 1, 0)
    assert (figures == figures.T).all()


def test_groups_without_a_source_are_refused():
    with pytest.raises(PlotError, match="no group"):
        plots.copied_between([[None, None]])


def test_a_learning_curve_has_a_line_and_a_band_for_each_way():
    rows = pd.DataFrame(
        [(n, way, n / 200, n / 200 - 0.1, n / 200 + 0.1) for way in ("drawn", "asked") for n in (20, 60, 40)],
        columns=["n", "way", "mean", "low", "high"],
    )
    ax = plots.learning_curve(rows, language="ar")
    assert [line.get_xdata().tolist() for line in ax.lines] == [[20, 40, 60]] * 2
    assert len(ax.collections) == 2
    assert ax.get_xlabel() == "عدد المقالات المعلّمة"
    assert [text.get_text() for text in ax.get_legend().get_texts()][-1] == "مقالات اقترحها النموذج"
