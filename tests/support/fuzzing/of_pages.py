"""The report's page: whatever an article says, an HTML5 parser finds our nodes in it, and the island gives it back."""

from __future__ import annotations

import json
from functools import cache

from hostile_pages import check_harmless, check_shown, hostile_page

from fuzzing.mutator import TEXTS
from fuzzing.targets import Target
from topics import display
from topics.corpus.values import has_letter

_LONGEST = 2_000  # characters: each stands some thirty times on a page that is parsed in Python
_SEEDS = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</title></style><svg onload=alert(1)>", "<!--<script>",
    '<a href="javascript:alert(1)">انقر</a>', "{{7*7}}{% raw %}{n}${7*7}", "قبل\u2028بعد\u2029آخر\u202eمعكوس", "]]><![CDATA[", "&lt;&#60;&",
)  # fmt: skip


def check(data: bytes) -> None:
    """One payload everywhere on a page."""
    payload = data.decode("utf-8", "surrogateescape")[:_LONGEST]
    if not has_letter(payload):  # an article without a word reaches no report
        payload += " خبر"
    page = hostile_page(payload, language=("ar", "en", "fr")[len(payload) % 3])
    check_harmless(page, _harmless(len(payload) % 3))
    check_shown(payload, page)
    value = {payload: [payload, {"x": payload, "n": -0.5}], "t": [True, None]}
    island = display.json_island(value)
    assert json.loads(island) == value
    assert not set(island) & set("<>&\u2028\u2029")
    island.encode("utf-8")


@cache
def _harmless(n: int) -> str:
    return hostile_page("عادي", language=("ar", "en", "fr")[n])


TARGETS = {"report": Target(check, lambda: [*(text.encode() for text in _SEEDS), *TEXTS])}
