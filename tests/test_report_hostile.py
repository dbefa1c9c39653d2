"""Whatever an article, a label, a file name or a term holds, the report shows it and does nothing else with it."""

from __future__ import annotations

import pytest
from hostile_pages import check_harmless, check_shown, hostile_page

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    '<a href="javascript:alert(1)">انقر</a>',
    "</script><script>alert(1)</script>",
    "</title></style><svg onload=alert(1)>",
    "<!--<script>",
    "{{7*7}}{% raw %}",
    "{n}${7*7}",
    "قبل\u2028بعد\u2029آخر",
    "\u202eمعكوس",
    "\u2066a\u202eb\u202c",
    "\x00\x1b[31mأحمر\x07\r",
    "\ud800 وحيد",
    "__proto__",
]


@pytest.mark.parametrize("payload", HOSTILE, ids=ascii)
def test_hostile_text_makes_no_node_that_acts(payload):
    check_harmless(hostile_page(payload), hostile_page("عادي"))


@pytest.mark.parametrize("payload", HOSTILE, ids=ascii)
def test_hostile_text_is_shown_as_it_is(payload):
    check_shown(payload, hostile_page(payload))
