import pandas as pd
import pytest

from topics.errors import PlotError
from topics.plots import sweep_scores

SCORES = {
    "f1": pd.DataFrame({"mean": [0.8, 0.9], "low": [0.7, 0.85], "high": [0.9, 0.95]}),
    "perplexity": pd.DataFrame({"mean": [900.0, None], "low": [None, None], "high": [None, None]}),
}


def test_each_measure_has_a_panel_with_a_line_a_combination():
    first, second = sweep_scores(SCORES, ["n_topics 10", "n_topics 20"])
    assert [text.get_text() for text in first.get_yticklabels()] == ["n_topics 10", "n_topics 20"]
    assert first.get_title(loc="left") == "F1"
    assert [line.get_xdata()[0] for line in first.lines] == [0.8, 0.9]
    assert len(first.collections) == 2
    assert [line.get_xdata()[0] for line in second.lines] == [900.0]  # no score, no point
    assert not second.collections


def test_arabic_reads_from_the_right():
    first, _ = sweep_scores(SCORES, ["عشرة", "عشرون"], language="ar")
    assert first.get_position().x0 > 0.5
    assert first.xaxis_inverted()


@pytest.mark.parametrize(("scores", "labels"), [({}, ["a"]), (SCORES, []), (SCORES, ["a"])])
def test_nothing_to_draw_is_told(scores, labels):
    with pytest.raises(PlotError):
        sweep_scores(scores, labels)
