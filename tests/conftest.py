"""What every test may lean on: one random seed, the project's folder, and no network."""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ["TOPICS_CACHE"] = ""  # tests neither fill the user's cache nor read from it

# The first example of a property may compile a kernel, so no example has a deadline; in CI the
# examples are the same every time, so that a red run can be looked at again.
settings.register_profile("topics", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("topics"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "topics")


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder of pyproject.toml."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    """A driver of Debian's Chromium; in CI its absence is an error."""
    from debian_chromium import CHROMIUM, DRIVER, start

    if not os.environ.get("CI") and not (CHROMIUM.exists() and DRIVER.exists()):
        pytest.skip("needs Debian's browser: apt-get install chromium chromium-driver fonts-noto-core")
    driver = start(tmp_path_factory.mktemp("chromium"))
    yield driver
    driver.quit()


@pytest.fixture
def browser(chromium):
    """The driver on an empty page; a test must end without an error and without a request that leaves."""
    from debian_chromium import quiet

    chromium.get("about:blank")
    with quiet(chromium):
        yield chromium
    chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})


@pytest.fixture
def seed() -> int:
    """The one random seed of tests with a stated tolerance; such a test is never repeated until it passes."""
    return 20260


class NetworkUsedError(AssertionError):
    """A test reached for another machine; nothing may be downloaded when tests run."""


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Connections to this machine (a kernel, a browser) go through; to any other they fail the test."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_others(address[0])
        return connect(self, address)

    def guarded_look_up(host, *arguments, **options):
        _refuse_others(host)
        return look_up(host, *arguments, **options)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)


def _refuse_others(host) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return
    try:
        if ipaddress.ip_address(name.partition("%")[0]).is_loopback or name in ("0.0.0.0", "::"):
            return
    except ValueError:
        pass
    raise NetworkUsedError(f"a test reached for {name}: nothing is downloaded at import, train or test time")
