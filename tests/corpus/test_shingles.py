import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.corpus.shingles import N_WORDS, batches, link, rows_of_band, shingle_sets
from topics.errors import SettingsError

WORDS = [f"{first}{second}{third}" for first in "بتثجح" for second in "رزسش" for third in "كلمن"]


def news(rng, n_words=60):
    return " ".join(rng.choice(WORDS, n_words))


def plain_shingles(text):
    """The sets as three lines of Python, for texts without anything to fold."""
    words = text.split()
    size = min(N_WORDS, len(words))
    return {tuple(words[k : k + size]) for k in range(len(words) - size + 1)} if words else set()


def plain_pairs(texts, threshold):
    sets = [plain_shingles(text) for text in texts]
    return {
        (a, b)
        for a in range(len(texts))
        for b in range(a + 1, len(texts))
        if sets[a] and sets[b] and len(sets[a] & sets[b]) / len(sets[a] | sets[b]) >= threshold
    }


def plain_groups(n_texts, pairs):
    groups = list(range(n_texts))
    for a, b in sorted(pairs):
        old, new = max(groups[a], groups[b]), min(groups[a], groups[b])
        groups = [new if group == old else group for group in groups]
    return list(np.unique(groups, return_inverse=True)[1])


def edited(rng, text):
    words = text.split()
    for _ in range(rng.integers(0, 4)):
        words[rng.integers(len(words))] = rng.choice(WORDS)
    return " ".join(words[: rng.integers(len(words) // 2, len(words) + 1)])


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.7, 0.9, 1.0])
def test_pairs_and_groups_are_those_of_comparing_everything_with_everything(seed, threshold):
    rng = np.random.default_rng(seed)
    originals = [news(rng) for _ in range(60)]
    texts = [*originals, *(edited(rng, text) for text in originals for _ in range(3)), "", "كلمة", "كلمة", "!"]
    found, want = link(texts, threshold), plain_pairs(texts, threshold)
    assert found.pairs.sum() == len(want) > 0
    assert found.pairs.tolist() == [sum(a == place for a, _ in want) for place in range(len(texts))]
    assert found.groups.tolist() == plain_groups(len(texts), want)


@given(st.lists(st.lists(st.sampled_from(["ا", "ب"]), max_size=9), max_size=8), st.sampled_from([0.2, 0.5, 1.0]))
def test_tiny_texts_are_compared_exactly_too(words, threshold):
    texts = [" ".join(text) for text in words]
    assert link(texts, threshold).pairs.sum() == len(plain_pairs(texts, threshold))


def test_marks_spellings_and_kinds_of_digits_make_no_difference_and_numbers_do():
    said = "أعلنت الوزارة ارتفاع الأسعار بنسبة 15 في المئة"
    same = "أَعلَنت الوزارة إرتفاع الاسعـــار، بنسبة ١٥ فى المئه!"
    other = "أعلنت الوزارة ارتفاع الأسعار بنسبة 16 في المئة"
    assert link([said, same, other]).groups.tolist() == [0, 0, 1]


def test_a_text_without_words_is_a_copy_of_none():
    assert link(["", "", "...", "ـــ"]).groups.tolist() == [0, 1, 2, 3]
    assert link([]).groups.tolist() == []
    assert link(["خبر"]).groups.tolist() == [0]


def test_a_chain_of_pairs_is_one_group_with_its_lowest_similarity():
    words = WORDS[:40]
    texts = [" ".join(words[first : first + 30]) for first in (0, 3, 6)]
    found = link(texts, 0.7)
    assert found.groups.tolist() == [0, 0, 0]
    assert found.pairs.tolist() == [1, 1, 0]
    assert found.least.min() == pytest.approx(23 / 29)


def test_pairs_under_two_labels_are_counted_apart_and_unknown_ones_are_not():
    text = " ".join(WORDS[:20])
    found = link([text] * 4, labels=[0, 0, 1, -1])
    assert found.pairs.sum() == 6
    assert found.across.sum() == 2


def test_ten_thousand_copies_of_one_bulletin_are_no_burden(seed):
    rng = np.random.default_rng(seed)
    text = news(rng, 300)
    found = link([text] * 10_000 + [news(rng)])
    assert found.pairs.sum() == 10_000 * 9_999 // 2
    assert found.groups.max() == 1


@pytest.mark.parametrize("threshold", [0.1, 1.1, -1, True, "0.7", float("nan"), None])
def test_a_threshold_that_cannot_be_meant_is_refused(threshold):
    with pytest.raises(SettingsError, match=r"from 0\.2 to 1"):
        link(["خبر"], threshold)


@pytest.mark.parametrize("threshold", [0.2, 0.5, 0.7, 0.85, 0.99, 1.0])
def test_one_pair_in_a_million_may_be_missed(threshold):
    rows = rows_of_band(threshold)
    assert (1 - threshold**rows) ** (128 // rows) <= 1e-6


def test_sets_do_not_depend_on_how_texts_are_dealt_into_batches(monkeypatch, seed):
    rng = np.random.default_rng(seed)
    texts = [news(rng, n_words) for n_words in (50, 0, 3, 200, 50)]
    whole = shingle_sets(texts)
    monkeypatch.setattr("topics.corpus.shingles.batches", lambda texts: batches(texts, 100))
    parted = shingle_sets(texts)
    assert (parted.places == whole.places).all()
    assert np.unique(parted.hashes).size == np.unique(whole.hashes).size
    assert list(batches(["ا" * 60, "ب" * 60, "", "ج" * 500], 100)) == [(0, 1), (1, 3), (3, 4)]


@pytest.mark.parametrize("hash_seed", ["0", "7"])
def test_groups_are_the_same_in_every_process(hash_seed):
    program = (
        "from topics.corpus.shingles import link;"
        "texts = [' '.join(f'كلمة{(k * n) % 101}' for n in range(40)) for k in range(1, 31)];"
        "found = link(texts + [t + ' ذيل' for t in texts[::2]]);"
        "print(hash(tuple(found.groups.tolist())), found.pairs.sum())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": hash_seed, "RAYON_NUM_THREADS": threads},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for threads in ("1", "2")
    }
    assert len(outputs) == 1
    assert outputs.pop().split()[1] == "15"
