"""A corpus whose titles, texts, sources, names and folder are hostile, and the experiment that reads it."""

from __future__ import annotations

import json
from dataclasses import replace

from small_news import small_corpus

from topics import Corpus
from topics.corpus.themes import Theme, Themes

RLO, PDF, LRI = "\u202e", "\u202c", "\u2066"
SECRETS = ["huda.secret@example.org", "+212612345678", "Zweiundvierzigstein", "المستعصماني"]
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "</script><script>alert(1)</script>",
    "</title></style><svg onload=alert(1)>",
    "{{7*7}}{% raw %}${7*7}",
    "قبل\u2028بعد\u2029آخر",
    f"{RLO}معكوس",
    f"{LRI}a{RLO}b{PDF}",
    "=HYPERLINK(1)",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\uff1d1+1",
    "\x1b[2J\x1b]0;x\x07\rنص",
    "__proto__",
    "لُغَةٌ ﻻ \U0001f469\u200d\U0001f469\u200d\U0001f467 <b>&amp;</b> x<y&z",
    "كأس \u65e5\u672c \ufdfd \U0001f3c6 $x^2$",
]
FOLDER = "articles <img src=x onerror=alert(3)> {{7*7}} '-- \u202eقلب"
EXPERIMENT = f"""\
name = "hostile"

[corpus]
path = {json.dumps(FOLDER)}
duplicates = "keep"

[themes]
use = ["security", "migration", "sport"]

[topics]
n_topics = 3
n_sweeps = 2
min_df = 2
runs = 3

[evaluation]
folds = 2

[output]
texts = "full"
"""


def hostile_corpus():
    """Each payload in the title, source, text and own columns of three articles, so that it may become a term, too."""
    plain = small_corpus()
    articles = []
    for place, article in enumerate(plain):
        payload = HOSTILE[place % len(HOSTILE)]
        text = f"{article.text}\n{payload} {payload}"
        if place < len(SECRETS):
            text += f"\n{SECRETS[place]}"
        articles.append(
            replace(
                article,
                id=f"{payload} {place}",
                title=f"{payload} {article.title}",
                text=text,
                source=payload,
                extra={"desk": payload},
                date=f"202{place % 4}-01-01",
            )
        )
    names = ["<script>alert(2)</script>", f'{RLO}"><img src=x onerror=alert(2)>', "=1+1"]
    keys = ("security", "migration", "sport")
    themes = Themes(Theme(key, {"ar": name, "en": name}, name) for key, name in zip(keys, names, strict=True))
    return Corpus(articles, themes=themes)
