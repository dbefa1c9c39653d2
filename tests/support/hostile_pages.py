"""A report in which one payload stands wherever people's text can stand, and what must hold of it."""

from __future__ import annotations

import html
import json
import re

import html5lib

from topics import display, report
from topics.corpus.article import Article
from topics.corpus.themes import Theme

BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
ACTIVE = {"iframe", "object", "embed", "form", "base", "applet", "frame", "audio", "video", "img", "template"}


def parsed(page):
    return html5lib.parse(page, namespaceHTMLElements=False)


def hostile_page(payload, language="ar"):
    article = Article(
        f"{payload}\nنص {payload} نص",
        id=payload,
        title=payload,
        source=payload,
        themes=(payload,),
        extra={payload: payload},
    )
    themes = {"security": Theme("security", {"ar": "أمن"}), payload: Theme(payload, {"ar": payload}, payload)}
    spans = [(0, max(len(payload) - 1, 1), payload, 1.0), (0, len(article.full), "security", -1.0)]
    one = report.ReportArticle(article, payload, (payload,), {payload: 0.9}, 0.5, (), spans)
    score = {"theme": payload, "measure": payload, "mean": 0.5, "low": 0.4, "high": 0.6, "n": 3, "note": payload}
    label = payload.translate(dict.fromkeys([*range(32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF]))
    quote = {"text": payload, "title": payload, "source": payload, "date": payload}
    return report.render(
        title=payload, language=language, texts="full", themes=themes, articles=[one], summary={payload: payload},
        data={payload: [payload]}, scores=[score, score | {"theme": "*"}], methods={"ar": payload},
        figures=[(payload, f"<svg><text>{html.escape(label)}</text></svg>", payload)], settings={payload: {payload: [payload]}},
        topics=[{"topic": payload, "name": payload, "terms": [payload, (payload, 1.0)], "quotes": [payload, quote]}],
        versions={payload: payload}, citation=payload, sources=[score | {"source": payload}],
        errors=[{"title": payload, "theme": payload, "error": payload, "probability": 0.5, "reasons": [(payload, 1.0)]}],
    )  # fmt: skip


def check_harmless(page, harmless):
    """No node acts, and the nodes are those of the page whose payload is harmless."""
    tree = parsed(page)
    assert [node.get("type") for node in tree.iter("script")] == ["application/json", "module"]
    assert [node.tag for node in tree.iter()] == [node.tag for node in parsed(harmless).iter()]
    for node in tree.iter():
        assert node.tag not in ACTIVE
        for name, value in node.attrib.items():
            assert not str(name).lower().startswith("on"), (node.tag, name)
            if str(name) in ("href", "src", "action"):
                assert value.startswith("#") or value == "data:,"


def check_shown(payload, page):
    """What the page's data island gives its script is the payload, made visible."""
    assert not BIDI.search(page)
    page.encode("utf-8")
    (row,) = json.loads(parsed(page).find(".//script[@type='application/json']").text)["articles"]
    assert (
        "".join(piece if isinstance(piece, str) else piece[0] for piece in row["title"])
        == row["id"]
        == row["source"]
        == display.visible(re.sub("[\ud800-\udfff]", "\ufffd", payload))  # no article holds half a character
    )
    assert parsed(page).find("head/title").text.strip() == display.visible(payload).strip()
