"""Debian's Chromium for tests: started without a window, and held to silence: no error, no request that leaves the page."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")


def start(folder):
    """Debian's Chromium without a window, with a profile of its own in a folder."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    for flag in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-dev-shm-usage",
        "--window-size=1200,1000",
        f"--user-data-dir={folder}",
    ):
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=Service(str(DRIVER)))


def requests(driver):
    """What was asked for since the last time, but for the browser's own pages."""
    messages = (json.loads(entry["message"])["message"] for entry in driver.get_log("performance"))
    asked = [it["params"]["request"]["url"] for it in messages if it["method"] == "Network.requestWillBeSent"]
    return [address for address in asked if not address.startswith("chrome://")]


@contextmanager
def quiet(driver):
    """A driver whose page must end without an error and without a request."""
    for kind in ("browser", "performance"):
        driver.get_log(kind)
    yield driver
    assert not driver.get_log("browser")
    assert all(address.startswith(("file:///", "data:")) for address in requests(driver))
