"""Pictures of the widgets, as Debian's Chromium shows them: python docs/images/shoot.py."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
sys.path.insert(0, str(PROJECT / "tests/support"))

from debian_chromium import start  # noqa: E402
from widget_pages import ask, press, show  # noqa: E402

import topics  # noqa: E402
from topics.studies import intrusion_sheet  # noqa: E402
from topics.widgets import find_intruders  # noqa: E402


def shoot(driver: Any, name: str, height: int) -> None:
    """The widget's sheet, and nothing around it."""
    driver.set_window_size(1180, height)
    driver.save_screenshot(str(HERE / name))


def main() -> None:
    corpus = topics.Corpus.read(PROJECT / "corpora/demo")
    model = topics.load("themes-ar")
    found = topics.TopicModel.train(corpus, n_topics=12)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        driver = start(place / "chromium")
        show(driver, topics.explore(found, corpus, language="en", max_articles=100), place)
        press(driver, "[data-part='1']")
        press(driver, ".open")
        shoot(driver, "explorer.png", 900)
        labelling = topics.label(model, corpus[:5], file=place / "labels.jsonl", coder="Huda", language="en")
        labelling.answer(corpus[0].themes)
        show(driver, labelling, place)
        ask(driver, "root.querySelector('[data-answer=\"1\"]').click()")
        shoot(driver, "labelling.png", 860)
        reader = find_intruders(intrusion_sheet(found, corpus), file=place / "reader.csv", language="en")
        reader.answer(1)
        show(driver, reader, place)
        shoot(driver, "intruders.png", 430)
        driver.quit()


if __name__ == "__main__":
    main()
