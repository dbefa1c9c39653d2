"""A server on this machine, and patience that a test can afford."""

from __future__ import annotations

import pytest
from file_server import serving

from topics.corpus.fetching import Patience


@pytest.fixture
def server():
    with serving() as running:
        yield running


@pytest.fixture
def patience():
    return Patience(timeout=5, attempts=3, pause=0, rate=0)
