"""News agencies as newspapers credit them: at the head of an article or at its foot.

The table is data: add a line to teach a name. A short name that is also a word (بنا "with us") counts
in brackets only.
"""

from __future__ import annotations

import re
from functools import cache

AGENCIES = {
    "AA": ("الأناضول", "الاناضول"),
    "AFP": ("أ ف ب", "أ.ف.ب", "ا ف ب", "ا.ف.ب", "أ. ف. ب", "فرانس برس", "AFP"),
    "AP": ("أ ب", "أ.ب", "أسوشيتد برس", "اسوشيتد برس", "أسوشييتد برس"),
    "APS": ("وكالة الأنباء الجزائرية",),
    "BNA": ("(بنا)", "وكالة أنباء البحرين"),
    "DPA": ("د ب أ", "د.ب.أ", "د ب ا", "د.ب.ا", "الألمانية للأنباء"),
    "KUNA": ("كونا",),
    "MAP": ("و م ع", "ومع)", "وكالة المغرب العربي للأنباء", "لاماب"),
    "MENA": ("أ ش أ", "أ.ش.أ", "أنباء الشرق الأوسط"),
    "PETRA": ("(بترا)", "- بترا"),
    "QNA": ("(قنا)", "- قنا", "وكالة الأنباء القطرية"),
    "Reuters": ("رويترز", "Reuters"),
    "SANA": ("(سانا)", "- سانا"),
    "SPA": ("واس", "وكالة الأنباء السعودية"),
    "TAP": ("(وات)", "وكالة تونس إفريقيا للأنباء", "وكالة تونس أفريقيا للأنباء"),
    "WAM": ("(وام)", "- وام", "وكالة أنباء الإمارات"),
    "Xinhua": ("شينخوا",),
}
"""Short name of an agency to the ways in which it is credited."""

_HEAD, _FOOT = 160, 60  # characters


def credited(text: str) -> str | None:
    """The agency that an article credits, or None; of several, the one named first."""
    pattern = _pattern()
    found = pattern.search(text[:_HEAD]) or pattern.search(text[-_FOOT:])
    return _name_of()[found[1]] if found else None


@cache
def _name_of() -> dict[str, str]:
    return {spelling: name for name, spellings in AGENCIES.items() for spelling in spellings}


@cache
def _pattern() -> re.Pattern[str]:
    # The longest first, or "أ ب" would be found in what is more than that.
    spellings = sorted(_name_of(), key=lambda spelling: (-len(spelling), spelling))
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, spellings))})(?!\w)")
