from __future__ import annotations

import pytest

from topics.errors import SettingsError
from topics.scale import estimates


@pytest.mark.parametrize(("n", "text"), [(3 << 29, "1.5 GiB"), (64 << 20, "64 MiB"), (2048, "2 KiB"), (7, "7 bytes")])
def test_bytes_are_said_as_people_read_them(n, text):
    assert estimates.shown(n) == text


def test_larger_partitions_and_more_topics_need_more():
    small, large = (estimates.reading(size, 10**9) for size in (1 << 20, 1 << 28))
    assert small.worker < large.worker
    few, many = (estimates.topics(50_000, k, 10**6, 10**4) for k in (10, 500))
    assert few.worker < many.worker
    assert few.main < many.main
    assert "a worker" in str(few)
    assert estimates.topics(50_000, 10, 10**6, 10**4, runs=9).main > few.main
    assert estimates.sorting(1 << 20, 10**9).main < estimates.sorting(1 << 20, 10**11).main


def test_what_does_not_fit_is_refused_with_what_to_change():
    need = estimates.reading(1 << 30, 1 << 34)
    with pytest.raises(SettingsError, match=r"analysis needs .* GiB in a process and \[scale\] memory is 1 GiB; raise"):
        estimates.check(need, 1 << 30)
    estimates.check(need, 1 << 40)
