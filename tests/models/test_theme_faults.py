"""FAULTS.md 14, 29, 31, 32 and 34, as far as themes are concerned."""

from __future__ import annotations

import subprocess
import sys
import warnings
from dataclasses import replace

import numpy as np
import pytest
from small_news import small_corpus

from topics import Article, Corpus, ThemeModel
from topics.errors import SettingsError
from topics.estimators.themes import FewPositives
from topics.studies import cross_validate

THEMES = ["security", "migration", "sport"]


@pytest.mark.parametrize("text", ["", " \n", "ـــ", "\u0651\u064e", "12 % ؟", "Zzyzx", "\ufffe\ud800", "😀"])
def test_14_an_article_without_a_known_word_is_none_and_unlike(text):
    model = ThemeModel.train(small_corpus(), THEMES)
    (row,) = model.rows([Article(text)])
    assert (row["primary"], row["themes"], row["unlike"]) == ("none", [], 1.0)
    assert np.isfinite([row[key] for key in THEMES]).all()
    assert len(model.paragraphs(Article(text))) <= 1


def test_29_one_theme_on_every_article_is_learnt_with_a_warning_by_name():
    same = Corpus(replace(article, themes=("news",)) for article in small_corpus())
    with pytest.warns(FewPositives, match="news"):
        model = ThemeModel.train(same)
    assert np.isfinite(model.probabilities(same)).all()


def test_29_a_theme_with_one_article_is_warned_of_by_name_and_the_others_are_as_good():
    corpus = small_corpus()
    rare = Corpus([*corpus, Article("زلزال يضرب الجبال", id="rare", themes=("quake",))])
    with pytest.warns(FewPositives, match="quake"):
        model = ThemeModel.train(rare, [*THEMES, "quake"])
    assert model.evaluate(corpus)["f1", "sport"].mean > 0.9


def test_29_labels_that_look_equal_are_equal_and_what_is_no_label_is_refused():
    odd = Article("نص", themes=["sport\u200f", "sport"], id="1")
    assert odd.themes == ("sport",)
    for empty in ("", "\u200f", None, 3):
        with pytest.raises(SettingsError, match="themes"):
            Article("نص", themes=["sport", empty])
    assert Article("نص", themes=None, id="2").themes is None
    assert Article("نص", themes=[], id="3").themes == ()


def test_29_a_theme_unseen_in_training_does_not_count_in_a_test():
    model = ThemeModel.train(small_corpus(), THEMES)
    strange = Article("زلزال يضرب الجبال والسهول", themes=("quake",), id="q")
    table = model.evaluate(Corpus([*small_corpus(), strange])).table
    assert "quake" not in set(table.theme)


def test_29_a_theme_that_no_article_carries_is_refused_by_name():
    with pytest.raises(SettingsError, match="no article carries the theme 'war'"):
        ThemeModel.train(small_corpus(), [*THEMES, "war"])


def test_31_what_is_learnt_does_not_depend_on_the_articles_that_are_tested():
    """Other test texts, of words that occur nowhere else, leave every number of the models as it was."""
    corpus = small_corpus()
    taught: dict[str, list[ThemeModel]] = {"as it is": [], "changed": []}
    changed = Corpus(
        replace(article, text=f"{article.text} زرافة قوس قزح زرافة", title="زرافة قوس قزح")
        if article.extra["desk"] == 2
        else article
        for article in corpus
    )
    for name, articles in (("as it is", corpus), ("changed", changed)):

        def train(part, themes, name=name, **settings):
            taught[name].append(ThemeModel.train(part, themes, **settings))
            return taught[name][-1]

        cross_validate(articles, "desk", themes=THEMES, train=train)
    before, after = (taught[name][2] for name in ("as it is", "changed"))  # those that desk 2 tests
    assert before.matrix.terms == after.matrix.terms
    assert dict(before.matrix.analyzer.counts) == dict(after.matrix.analyzer.counts)
    for name in ("coef", "intercept", "slope", "offset", "thresholds", "unlike_counts"):
        assert np.array_equal(getattr(before, name), getattr(after, name))
    assert np.array_equal(before.matrix.idf, after.matrix.idf)


def test_32_articles_that_are_all_copies_of_one_are_refused():
    same = Corpus(Article("كلمة", id=str(k), themes=("sport",) if k % 2 else ()) for k in range(3))
    with pytest.raises(SettingsError, match="the 3 labelled articles are copies of one"):
        ThemeModel.train(same)


@pytest.mark.parametrize("kept", [2, 3])
def test_32_next_to_no_articles_and_one_word_give_finite_figures(kept):
    tiny = Corpus(Article("كلمة " * (k + 1), id=str(k), themes=("sport",) if k % 2 else ()) for k in range(kept))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FewPositives)
        model = ThemeModel.train(tiny, level="none", ngrams=(1, 1))
    assert model.matrix.terms == ("كلمه",)
    assert np.isfinite(model.probabilities(tiny)).all()
    assert np.isfinite(model.sort(tiny).unlike).all()


def test_32_articles_without_any_word_are_refused_in_one_line():
    empty = Corpus(Article("؟", id=str(k), themes=("sport",) if k % 2 else ()) for k in range(4))
    with pytest.raises(ValueError, match=r"\S") as caught:
        ThemeModel.train(empty)
    assert "\n" not in str(caught.value)


def test_34_a_lack_of_memory_is_an_error_that_leaves_no_file(tmp_path):
    """Sorting fails in the matrix of its articles: exit code 1, the old table whole, nothing beside it."""
    ThemeModel.train(small_corpus(), THEMES).save(tmp_path / "m.topics")
    small_corpus().write(tmp_path / "in.jsonl")
    (tmp_path / "out.csv").write_text("id\n1\n", encoding="utf-8")
    code = f"""
import sys
from topics.features.matrix import TermMatrix
from topics.cli import main
whole = TermMatrix.rows
def full(self, articles, **given):
    if len(articles) > 50:
        raise MemoryError
    return whole(self, articles, **given)
TermMatrix.rows = full
sys.exit(main(["sort", {str(tmp_path / "in.jsonl")!r}, "--model", {str(tmp_path / "m.topics")!r},
               "--out", {str(tmp_path / "out.csv")!r}, "--by-folder", {str(tmp_path / "by")!r},
               "--abstain", {str(tmp_path / "r.csv")!r}]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "memory" in done.stderr
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "id\n1\n"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["in.jsonl", "m.topics", "out.csv"]
