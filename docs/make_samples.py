"""Write docs/sample-articles.md: six articles of the demo corpus, right to left, with the themes of each paragraph.

Run by hand when the corpus changes: .venv/bin/python docs/make_samples.py (a test compares the page with the corpus)
"""

from __future__ import annotations

from pathlib import Path

from topics import Article, Corpus, display
from topics.corpus import Themes

HERE = Path(__file__).resolve().parent
SAMPLES = {
    "ma-0029": "A court report from Morocco with all three themes",
    "mg-0070": "A feature from Tunisia that turns from sport to migration",
    "mq-0069": "An interview from Syria with two themes",
    "mq-0044": "A police communiqué from Palestine",
    "gf-0014": "A match report from Saudi Arabia",
    "mq-0030": "A near miss from Lebanon: an analysis of politics in the words of football, so no theme at all",
}
HEAD = """# Six articles of the demo corpus

As `corpora/demo` holds them, with the themes of each paragraph in front of it. People, results
and events are invented. Written by [make_samples.py](make_samples.py).
"""


def main() -> None:
    """Write the page beside this file."""
    (HERE / "sample-articles.md").write_text(page(), encoding="utf-8", newline="\n")


def page() -> str:
    """The whole page."""
    corpus = Corpus.read(HERE.parent / "corpora" / "demo")
    parts = [f"## {kind}\n\n{block(corpus[key], corpus.themes)}\n" for key, kind in SAMPLES.items()]
    return "\n".join([HEAD, *parts])


def block(article: Article, themes: Themes) -> str:
    """The article as one HTML element, which in Markdown holds no blank line."""
    about = [article.extra["byline"], article.source, str(article.date), article.id]
    lines = [
        '<div dir="rtl" lang="ar">',
        f"<h3>{display.escape(article.title or '')}</h3>",
        f"<p>{' · '.join(display.isolate(part) for part in about if part)}</p>",
        f"<p>المحاور: {named(article.themes or (), themes)}</p>",
    ]
    rows = zip(article.paragraphs, article.paragraph_themes or (), strict=True)
    for (start, end), carried in rows:
        lines.append(f"<p><strong>[{named(carried, themes)}]</strong> {display.escape(article.full[start:end])}</p>")
    return "\n".join([*lines, "</div>"])


def named(keys: tuple[str, ...], themes: Themes) -> str:
    """The Arabic names of some themes."""
    return "، ".join(display.isolate(themes[key].name("ar")) for key in keys) or "بلا محور"


if __name__ == "__main__":
    main()
