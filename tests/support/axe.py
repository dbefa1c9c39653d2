"""Deque's axe-core in a page: what a person who does not see, or does not use a mouse, would stumble over."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_SERIOUS = ("serious", "critical")


@cache
def _source() -> str:
    return files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(driver, inside=None):
    """Each serious violation as (rule, the elements): through the driver, so the page's own policy is untouched.

    With a selector `inside`, of what lies in such elements only: a page around them may be somebody else's.
    """
    driver.execute_script(_source())
    found = driver.execute_async_script(
        "const [inside, done] = arguments;"
        "const where = inside ? {include: [[inside]]} : document;"
        "axe.run(where, {resultTypes: ['violations']}).then((r) => done(r.violations), (e) => done(String(e)))",
        inside,
    )
    assert isinstance(found, list), found
    return [
        (rule["id"], [node["html"][:200] + " | " + node["failureSummary"][:200] for node in rule["nodes"][:3]])
        for rule in found
        if rule["impact"] in _SERIOUS
    ]
