from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon, pdist, squareform

from topics import plots
from topics.errors import PlotError
from topics.plots.topics import positions

LABELS = ["كرة القدم", "الأمن", "الهجرة", "الطقس", "الاقتصاد"]


def labels(ax):
    return [text.get_text() for text in ax.get_yticklabels()]


def topics_of(seed, n_topics=5, n_terms=40):
    return np.random.default_rng(seed).dirichlet(np.full(n_terms, 0.2), n_topics)


def test_top_terms_are_written_as_given_and_grow_from_the_right():
    ax = plots.top_terms(["كرة", "هدف"], [0.02, 0.01], title="الرياضة")
    assert labels(ax) == ["كرة", "هدف"]
    assert [bar.get_width() for bar in ax.patches] == [0.02, 0.01]
    assert ax.get_xlim()[0] > ax.get_xlim()[1] == 0
    assert [text.get_text() for text in ax.texts] == ["0.020", "0.010"]
    assert plots.top_terms(["كرة"], [1], xlabel="FREX").get_xlabel() == "FREX"


def test_a_grid_starts_at_the_right_and_has_no_empty_axes():
    terms = [["كرة", "هدف"]] * 5
    grid = plots.topic_grid(terms, np.ones((5, 2)), titles=LABELS)
    assert len(grid) == 5 == len(grid[0].figure.axes)
    assert [ax.get_title(loc="right") for ax in grid] == LABELS
    assert grid[0].get_position().x0 > grid[1].get_position().x0 > grid[2].get_position().x0
    assert plots.topic_grid(terms[:1], [[2, 1]])[0].get_title(loc="right") == "الموضوع 0"


def test_sizes_are_in_percent():
    ax = plots.topic_sizes([0.75, 0.25], LABELS[:2])
    assert [text.get_text() for text in ax.texts] == ["75.0%", "25.0%"]


@given(st.integers(0, 2**16), st.integers(1, 6))
@settings(max_examples=25, deadline=None)
def test_positions_are_centered_and_their_signs_fixed(seed, n_topics):
    found = positions(topics_of(seed, n_topics))
    assert found.shape == (n_topics, 2)
    assert found.sum(axis=0) == pytest.approx([0, 0], abs=1e-9)
    assert (found[np.abs(found).argmax(axis=0), [0, 1]] >= 0).all()
    assert (found == positions(topics_of(seed, n_topics))).all()


def test_three_topics_lie_at_their_true_distances():
    topics = topics_of(0, 3)
    want = [jensenshannon(topics[a], topics[b]) for a, b in combinations(range(3), 2)]
    assert pdist(positions(topics)) == pytest.approx(want)


def test_near_topics_lie_near():
    topics = topics_of(3, 4)
    topics[1] = 0.9 * topics[0] + 0.1 * topics[1]
    distances = squareform(pdist(positions(topics))) + np.eye(4)
    assert np.unravel_index(distances.argmin(), (4, 4)) == (0, 1)


def test_a_map_names_every_topic_without_covering_another_name():
    ax = plots.topic_map(topics_of(1), shares=[0.4, 0.3, 0.1, 0.1, 0.1], labels=LABELS, title="خريطة")
    assert [text.get_text() for text in ax.texts] == LABELS
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))
    assert all(ax.figure.bbox.x0 <= box.x0 and box.x1 <= ax.figure.bbox.x1 for box in boxes)
    sizes = ax.collections[0].get_sizes()
    assert sizes[0] > sizes[1] > sizes[2] == sizes[3]


def test_one_topic_is_a_map_too():
    assert len(plots.topic_map(topics_of(0, 1)).texts) == 1


def test_topics_and_themes_are_a_table_of_shades():
    table = pd.DataFrame([[0.5, 0.1], [0.2, 0.7]], columns=["sport", "none"])
    ax = plots.topic_themes(table, topics=dict(enumerate(LABELS)), names={"sport": "الرياضة"})
    assert labels(ax) == LABELS[:2]
    assert [text.get_text() for text in ax.get_xticklabels()] == ["الرياضة", "بلا محور"]
    assert [text.get_text() for text in ax.texts] == ["0.50", "0.10", "0.20", "0.70"]


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda: plots.top_terms(["كرة"], [1, 2]), id="lengths"),
        pytest.param(lambda: plots.top_terms(["كرة"], [-1]), id="negative"),
        pytest.param(lambda: plots.topic_grid([], []), id="no topics"),
        pytest.param(lambda: plots.topic_sizes([0.5], LABELS), id="labels"),
        pytest.param(lambda: plots.topic_map([[1.0, -1.0]]), id="negative topic"),
        pytest.param(lambda: plots.topic_map([[0.0, 0.0]]), id="empty topic"),
        pytest.param(lambda: plots.topic_map(topics_of(0), labels=LABELS[:2]), id="names"),
    ],
)
def test_what_cannot_be_drawn_is_refused(call):
    with pytest.raises(PlotError):
        call()
