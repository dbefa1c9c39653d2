"""Sorting under load, scaled down where the whole takes minutes; benchmarks/load.py does the whole and prints figures."""

from __future__ import annotations

import sys
import threading

import pytest
from heavy import SORT, short_lines, watched, write_lines

pytestmark = [
    pytest.mark.load,
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc, its limit set by prlimit"),
]
MIB = 1 << 20


def test_eight_processes_with_one_bundle_write_equal_tables(tmp_path):
    given = write_lines(tmp_path / "in.jsonl", short_lines(2_000))
    codes = {}

    def one(k):
        codes[k] = watched([*SORT, given, "--out", tmp_path / f"{k}.csv"]).code

    threads = [threading.Thread(target=one, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(codes.values()) == {0}
    assert len({(tmp_path / f"{k}.csv").read_bytes() for k in codes}) == 1


def test_a_stream_of_short_articles_is_sorted_in_memory_that_does_not_grow(tmp_path):
    """As many different words as articles; what is remembered of words begins anew twice."""
    done = watched([*SORT, "-", "--out", tmp_path / "out.jsonl"], short_lines(700_000))
    assert done.code == 0, done.err
    assert "700,000 sorted" in done.out
    assert done.growth() < 96 * MIB  # as much as the words of one beginning take
    assert done.peak < 600 * MIB


def test_an_article_of_200_megabytes_is_sorted(tmp_path):
    words = "الشرطة أوقفت متهما في الميناء "
    given = write_lines(
        tmp_path / "in.jsonl", [b'{"text":"', *[words.encode()] * (200_000_000 // len(words.encode())), b'"}\n']
    )
    done = watched([*SORT, given, "--out", tmp_path / "out.csv"])
    assert done.code == 0, done.err
    assert "1 sorted; by primary theme: security 1" in done.out
    assert done.peak < 12 * given.stat().st_size


def test_a_folder_of_a_hundred_thousand_files_is_sorted(tmp_path):
    folder = tmp_path / "corpus"
    for k, line in enumerate(short_lines(100_000)):
        place = folder / f"{k // 1000:03}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{k:06}.txt").write_bytes(line.partition(b'"text":"')[2].rstrip(b'"}\n'))
    done = watched([*SORT, folder, "--out", tmp_path / "out.csv"])
    assert done.code == 0, done.err
    assert "100,000 sorted" in done.out
    assert done.peak < 600 * MIB
