"""FAULTS.md 24 to 26, where models read articles: broken code points, a megabyte of one sign, ligatures of 18 letters."""

from __future__ import annotations

import random
import time
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from small_news import small_corpus

from topics import Article, Corpus, ThemeModel, TopicModel, load
from topics.experiments.sorting import write_rows

BROKEN = [
    "\ud800",
    "\udfff\udc00",
    "\x00",
    "\ufffe",
    "\uffff",
    "\U000e0fff",
    "\U0001fffe",
    "\U00010ffd",
    "\u0378",
    "\U0001f600",
]


@pytest.fixture(scope="module")
def broken_corpus():
    """Each article of the small corpus with broken code points before, inside and after its words, and in every field."""
    draw = random.Random(24)
    found = []
    for number, article in enumerate(small_corpus()):
        bad = BROKEN[number % len(BROKEN)]
        words = article.text.split()
        place = draw.randrange(len(words))
        words[place] = words[place][:2] + bad + words[place][2:]
        text = f"{bad}{' '.join(words)} {bad}"
        extra = {**article.extra, f"own{bad}": bad}
        found.append(replace(article, text=text, title=f"{bad} {article.title}{bad}", source=bad, extra=extra))
    return Corpus(found)


@pytest.fixture(scope="module")
def models(broken_corpus):
    themes = ThemeModel.train(broken_corpus, ["security", "migration", "sport"])
    return themes, TopicModel.train(broken_corpus, 3, n_sweeps=5, min_df=2)


def test_broken_code_points_teach_and_are_sorted_explained_and_saved(models, broken_corpus, tmp_path):
    """Snowball and others raise UnicodeEncodeError here."""
    themes, topics = models
    assert themes.evaluate(broken_corpus)["f1", "sport"].mean > 0.9
    for article in broken_corpus[: 2 * len(BROKEN)]:
        explanation = themes.explain(article)
        assert all(0 <= span.start < span.end <= len(article.full) for span in explanation.spans)
        for shown in (explanation, themes.paragraphs(article), topics.paragraphs(article)):
            shown._repr_html_().encode("utf-8")
    topics.quotes(broken_corpus, 0)._repr_html_().encode("utf-8")
    for number, model in enumerate(models):
        back = load(model.save(tmp_path / f"{number}.topics"))
        assert back.matrix.terms == model.matrix.terms
        "\n".join(back.matrix.spellings.values()).encode("utf-8")


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "jsonl.gz", "xlsx", "parquet"])
def test_rows_of_broken_articles_are_written_as_utf8(models, broken_corpus, tmp_path, suffix):
    path = tmp_path / f"x.{suffix}"
    assert write_rows(models[0].rows(broken_corpus), path) == len(broken_corpus)
    if suffix in ("csv", "tsv", "jsonl"):
        assert "\0" not in path.read_bytes().decode("utf-8")


LONG = {
    "tatweel": "\u0640" * 1_000_000,
    "marks": "ا" + "\u064e" * 1_000_000,
    "brackets": "(" * 1_000_000,
    "points": "." * 1_000_000,
    "points and words": "خبر." * 250_000,
    "ligatures": "\ufdfa" * 1_000_000,
    "one word": "ا" * 1_000_000,
    "lines": "\n" * 1_000_000,
    "paragraphs": "خبر\n" * 100_000,
    "a gap in a date": "15" + " " * 1_000_000 + "! مارس",
    "surrogates": "\ud800" * 1_000_000,
}


@pytest.mark.parametrize("name", LONG)
def test_a_hostile_megabyte_is_sorted_explained_and_quoted_in_linear_time(models, name):
    """FAULTS.md 25: what is quadratic needs hours; the ceiling decides nothing else."""
    themes, topics = models
    article = Article(f"{LONG[name]} أوقفت الشرطة المتهم", id="long", title="خبر")
    began = time.perf_counter()
    (row,) = themes.rows([article])
    assert np.isfinite([row[key] for key in themes.themes]).all()
    themes.explain(article)
    themes.paragraphs(article)
    topics.mixtures([article])
    topics.quotes([article], 0)
    assert time.perf_counter() - began < 60


def test_ligatures_are_not_expanded_in_memory(models):
    """FAULTS.md 26: a million signs of 18 letters each would be 18 million letters, 36 MB and more, for every copy."""
    article = Article("\ufdfa" * 1_000_000 + " أوقفت الشرطة المتهم", id="long")
    tracemalloc.start()
    try:
        list(models[0].rows([article]))
        models[0].explain(article)
        assert tracemalloc.get_traced_memory()[1] < 250 << 20
    finally:
        tracemalloc.stop()
