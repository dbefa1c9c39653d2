from __future__ import annotations

from topics.cli import corpora


def test_names_past_the_tenth_are_told_together():
    lines = list(corpora.counts("source", {f"s{k}": 20 - k for k in range(12)}, 174))
    assert lines[0] == ""
    assert lines[1].split() == ["articles", "share", "source"]
    assert lines[2].split() == ["20", "11.5%", "s0"]
    assert lines[-1].split() == ["19", "10.9%", "2", "others"]
    assert len(lines) == 13
    assert list(corpora.counts("source", {}, 0)) == []


def test_figures_stand_at_the_right_and_names_last():
    lines = list(corpora.titled(["n", "x", "name"], [["5", "1.0", "أ"], ["12,345", "10.0", "ب"]]))
    assert lines[1:] == ["     n     x  name", "     5   1.0  أ", "12,345  10.0  ب"]


def test_what_recurs_is_shown_with_its_source():
    row = {"source": "الأفق", "kind": "line", "line": "شارك الخبر", "n_articles": 1200, "share": 0.5}
    lines = list(corpora.boilerplate([row] * 12))
    assert lines[2].split() == ["1,200", "50.0%", "line", "\u2068الأفق\u2069", "\u2068شارك", "الخبر\u2069"]
    assert lines[-1] == "... and 2 more lines and openings that recur; all with --json"
    assert list(corpora.boilerplate([])) == []


def test_a_share_of_nothing_is_no_number():
    assert corpora.share(0, 0) == "-"
