import numpy as np
import pytest
from gensim.corpora import Dictionary
from gensim.models import CoherenceModel
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.errors import SettingsError, UnknownTerm
from topics.evaluation import Windows, c_npmi, c_v

LETTERS = list("ابجدهوزحطي")


def texts_of(seed, n=12):
    rng = np.random.default_rng(seed)
    return [[LETTERS[k] for k in rng.integers(0, 10, rng.integers(0, 40))] for _ in range(n)] + [LETTERS, LETTERS[::-1]]


def gensims(measure, topics, texts, window):
    model = CoherenceModel(
        topics=topics, texts=texts, dictionary=Dictionary(texts), coherence=measure, window_size=window,
        topn=max(map(len, topics)), processes=1,
    )  # fmt: skip
    return np.array(model.get_coherence_per_topic())


@given(st.integers(0, 2**16), st.sampled_from([2, 3, 10, 110]))
@settings(max_examples=15, deadline=None)
def test_both_measures_are_gensims(seed, window):
    texts, topics = texts_of(seed), [["ا", "ب", "ج"], ["د", "ا", "ح", "ي"]]
    for measure, ours in (("c_v", c_v), ("c_npmi", c_npmi)):
        want = gensims(measure, topics, texts, window)
        assert ours(topics, texts, window=window) == pytest.approx(want, abs=1e-12)
        assert ours(topics, Windows(texts, LETTERS, size=window)) == pytest.approx(want, abs=1e-12)


def test_pairs_are_counted_by_window():
    windows = Windows([["ا", "ب", "ج"], ["ا"], []], ["ا", "ب", "ج", "س"], size=2)
    assert windows.n_windows == 4
    assert windows.vocabulary == {"ا", "ب", "ج"}
    both = {
        pair: int(windows.pairs[windows.place[pair[0]], windows.place[pair[1]]]) for pair in ("اا", "اب", "اج", "بج")
    }
    assert both == {"اا": 2, "اب": 1, "اج": 0, "بج": 1}
    assert np.array_equal(windows.pairs, windows.pairs.T)
    assert repr(windows) == "Windows(3 terms in 4 windows)"


def test_what_cannot_be_counted_is_refused():
    with pytest.raises(SettingsError, match="window"):
        Windows([["ا"]], ["ا"], size=1)
    with pytest.raises(SettingsError, match="no term"):
        Windows([[], []], ["ا"], size=5)
    with pytest.raises(UnknownTerm, match="never occur"):
        c_v([["ا", "ب"]], Windows([["ا"]], ["ا"], size=5))
