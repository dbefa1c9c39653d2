"""A widget in a page of its own: what the notebook's front end does, in a few lines, for Chromium to run."""

from __future__ import annotations

import json
import time

_FRONT_END = """
const state = JSON.parse(document.getElementById("state").textContent);
const heard = {};
window.sent = [];
const model = {
  get: (name) => state[name],
  set: (name, value) => { state[name] = value; },
  save_changes() {},
  on: (event, hear) => { heard[event] = hear; },
  off() {},
  send(message) {
    window.sent.push(message);
    const asked = (state.data.articles ?? state.data.questions)[message.place];
    state.answers = { ...state.answers, [asked.id ?? asked.item]: message.themes ?? message.choice };
    heard["change:answers"]?.();
  },
};
widget.render({ model, el: document.getElementById("cell") });
"""


def page(widget, *, light="true"):
    """The HTML of a page that shows a widget."""
    names = [name for name in ("data", "answers", "place") if widget.has_trait(name)]
    state = json.dumps({name: getattr(widget, name) for name in names}).replace("<", "\\u003c")
    script = str(widget._esm).replace("export default {", "const widget = {")
    return (
        f'<!doctype html><html lang="en"><title>widget</title><meta charset="utf-8"><link rel="icon" href="data:,"><body data-jp-theme-light="{light}">'
        f'<div id="cell"></div><script type="application/json" id="state">{state}</script>'
        f'<script type="module">{script}{_FRONT_END}</script>'
    )


def show(driver, widget, folder, **options):
    """Open a widget's page; what stands in its shadow root is what the test asks."""
    path = folder / "widget.html"
    path.write_text(page(widget, **options), encoding="utf-8")
    driver.get(path.as_uri())
    end = time.monotonic() + 20
    while not driver.execute_script(
        "return !!document.querySelector('.topics-widget')?.shadowRoot?.querySelector('.sheet')"
    ):
        assert time.monotonic() < end, driver.get_log("browser")
        time.sleep(0.05)


def ask(driver, script, *arguments):
    """Run a line of JavaScript in which `root` is the widget's shadow root."""
    return driver.execute_script(
        f"const root = document.querySelector('.topics-widget').shadowRoot; {script}", *arguments
    )


def press(driver, selector):
    """Click what a selector finds in the widget."""
    ask(driver, "root.querySelector(arguments[0]).click()", selector)
