import numpy as np
import pandas as pd
import pytest

from topics import plots
from topics.errors import PlotError

NAMES = ["كرة القدم", "الأمن", "الهجرة"]


def choice(measures=("perplexity", "npmi")):
    rows = [
        (k, measure, mean, mean - 0.1, mean + 0.1, 5, k > 4)
        for measure in measures
        for k, mean in ((4, 0.5), (8, 0.4), (12, 0.45))
    ]
    return pd.DataFrame(rows, columns=["n_topics", "measure", "mean", "low", "high", "n", "tied"])


def pairs():
    rows = [(0, 1, -0.5, 0), (0, 2, 0.3, 1), (1, 2, -0.9, -1)]
    return pd.DataFrame(rows, columns=["a", "b", "correlation", "related"])


def prevalence(parts=("2023", "2024", "2025")):
    rows = [(part, k, NAMES[k], 0.2 + 0.1 * k, 0.15 + 0.1 * k, 0.3 + 0.1 * k) for part in parts for k in range(3)]
    return pd.DataFrame(rows, columns=["part", "topic", "name", "share", "low", "high"])


def ticks(axis):
    return [text.get_text() for text in axis.get_ticklabels()]


def test_each_measure_has_a_panel_with_its_intervals_and_the_tied_filled():
    axes = plots.n_topics(choice())
    assert [ax.get_title(loc="left") for ax in axes] == ["Perplexity (lower is better)", "NPMI"]
    assert ticks(axes[0].xaxis) == ["4", "8", "12"]
    lines = next(c for c in axes[0].collections if hasattr(c, "get_segments")).get_segments()
    assert [segment[:, 1].tolist() for segment in lines] == [
        pytest.approx([m - 0.1, m + 0.1]) for m in (0.5, 0.4, 0.45)
    ]
    faces = axes[0].collections[-1].get_facecolors()
    assert faces[0].tolist() == [1, 1, 1, 1]
    assert faces[1].tolist() == faces[2].tolist() != faces[0].tolist()


def test_numbers_grow_to_the_left_in_arabic():
    axes = plots.n_topics(choice(), measures=["npmi"], language="ar")
    assert len(axes) == 1
    assert axes[0].get_title(loc="right") == "تماسك NPMI"
    assert axes[0].get_xlim()[0] > axes[0].get_xlim()[1]
    assert axes[0].get_xlabel() == "عدد المواضيع"


def test_stability_is_a_table_of_shades():
    matches = pd.DataFrame([[0.9, 0.8], [0.3, 0.2], [0.5, 0.5]])
    ax = plots.topic_stability(matches, labels=NAMES, title="هل تعود المواضيع؟")
    assert ticks(ax.yaxis) == NAMES
    assert [text.get_text() for text in ax.texts] == ["0.90", "0.80", "0.30", "0.20", "0.50", "0.50"]
    assert ax.get_title(loc="right") == "هل تعود المواضيع؟"


def test_half_of_a_square_says_which_topics_go_together():
    ax = plots.topic_correlations(pairs(), labels=NAMES)
    assert ticks(ax.yaxis) == NAMES[1:]
    assert ticks(ax.xaxis) == NAMES[:-1]
    assert len(ax.patches) == 3
    # Figures only where the pair differs from unrelated topics, which of three correlate by -0.5: those are white.
    assert [text.get_text() for text in ax.texts] == ["0.30", "\N{MINUS SIGN}0.90"]
    faces = {(patch.get_x(), patch.get_y()): patch.get_facecolor() for patch in ax.patches}
    assert faces[0, 0][:3] == pytest.approx((1, 1, 1), abs=0.01)
    assert faces[0, 1][2] > faces[0, 1][0]  # blue
    assert faces[1, 1][0] > faces[1, 1][2]  # vermillion


def test_prevalence_has_a_panel_a_topic_right_to_left_from_zero():
    axes = plots.topic_prevalence(prevalence(), topics=[2, 0])
    assert [ax.get_title(loc="right") for ax in axes] == ["الهجرة", "كرة القدم"]
    assert axes[0].get_position().x0 > axes[1].get_position().x0
    assert axes[0].get_xlim()[0] > axes[0].get_xlim()[1]
    assert axes[0].get_ylim()[0] == 0
    assert axes[0].collections[-1].get_offsets()[:, 1].tolist() == pytest.approx([40, 40, 40])
    assert ticks(axes[0].xaxis) == ["2023", "2024", "2025"]
    assert len(axes[0].lines) == 2  # the shares joined, and their mean
    apart = plots.topic_prevalence(prevalence(), topics=[0], joined=False)[0]
    assert len(apart.lines) == 1


def test_differences_may_lie_below_zero():
    table = prevalence()
    table[["share", "low", "high"]] -= 0.5
    assert plots.topic_prevalence(table)[0].get_ylim()[0] < 0


def test_labels_of_times_are_thinned_and_names_slanted():
    months = [f"2023-{month:02}" for month in range(1, 13)]
    ax = plots.topic_prevalence(prevalence(months), topics=[0])[0]
    assert len(ticks(ax.xaxis)) < 12
    papers = ["جريدة الميناء البيروتية", "صحيفة المدار", "يومية الصومعة"]
    ax = plots.topic_prevalence(prevalence(papers), topics=[0], joined=False)[0]
    assert ticks(ax.xaxis) == papers
    assert ax.get_xticklabels()[0].get_rotation() == 30


def test_names_may_be_given():
    ax = plots.topic_prevalence(prevalence(), topics=[0], names={0: "رياضة"})[0]
    assert ax.get_title(loc="right") == "رياضة"


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda: plots.n_topics(choice(), measures=["f1"]), id="measure"),
        pytest.param(lambda: plots.n_topics(choice([])), id="no rows"),
        pytest.param(lambda: plots.topic_stability(pd.DataFrame([[0.5]]), labels=NAMES), id="labels"),
        pytest.param(lambda: plots.topic_stability(pd.DataFrame([[np.nan]])), id="NaN"),
        pytest.param(lambda: plots.topic_correlations(pairs()[:1].assign(b=2)), id="missing pairs"),
        pytest.param(lambda: plots.topic_correlations(pairs()[:0]), id="no pairs"),
        pytest.param(lambda: plots.topic_correlations(pairs(), labels=NAMES[:2]), id="names"),
        pytest.param(lambda: plots.topic_prevalence(prevalence(), topics=[7]), id="topic"),
    ],
)
def test_what_cannot_be_drawn_is_refused(call):
    with pytest.raises(PlotError):
        call()
