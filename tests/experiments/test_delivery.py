from __future__ import annotations

import json

import numpy as np
import pytest
from small_news import small_corpus

from topics import Article, Corpus, ThemeModel
from topics.corpus.readers.tables import table_rows
from topics.errors import SettingsError, TopicsError, WriteError
from topics.experiments.delivery import Places, deliver
from topics.models.doubt import Doubt

THEMES = ["security", "migration", "sport"]
FORMATS = ["csv", "tsv", "jsonl", "jsonl.gz", "parquet", "xlsx"]


@pytest.fixture(scope="module")
def model():
    return ThemeModel.train(small_corpus(), THEMES)


@pytest.fixture(scope="module")
def articles():
    return list(small_corpus())


def ids(path):
    return [row["id"] for row in table_rows(path)]


@pytest.mark.parametrize("suffix", FORMATS)
def test_next_weeks_articles_are_added_and_known_ones_left_out(model, articles, tmp_path, suffix):
    path = tmp_path / f"out.{suffix}"
    first = deliver(model, articles[:40], Places(path, append=True))
    second = deliver(model, articles[30:], Places(path, append=True))
    assert (first.n_sorted, first.n_known) == (40, 0)
    assert (second.n_sorted, second.n_known) == (56, 10)
    assert ids(path) == [article.id for article in articles]
    whole = tmp_path / f"whole.{suffix}"
    deliver(model, articles, Places(whole))
    assert list(table_rows(whole)) == list(table_rows(path))


def test_ids_are_known_again_whatever_a_format_does_to_them(model, articles, tmp_path):
    odd = [Article(articles[k].text, id=name) for k, name in enumerate(["=1+1", "007", "أ\u200fب", "a\x07b", "'x"])]
    for suffix in FORMATS:
        path = tmp_path / f"odd.{suffix}"
        deliver(model, odd, Places(path))
        done = deliver(model, odd, Places(path, append=True))
        assert (done.n_sorted, done.n_known) == (0, 5)


def test_unsure_rows_go_to_the_review_list_alone_with_a_reason(model, articles, tmp_path):
    mixed = [*articles[:10], Article("كلمات غريبة لم يرها أحد من قبل قط", id="odd", extra={"reason": "own"})]
    out, review = tmp_path / "out.jsonl", tmp_path / "review.csv"
    done = deliver(model, mixed, Places(out, review), Doubt(model, 1.0))
    assert (done.n_sorted, done.n_unsure) == (10, 1)
    (row,) = table_rows(review)
    assert (row["id"], row["input_reason"]) == ("odd", "own")
    assert row["reason"].startswith("unlike what the model knows")
    assert "odd" not in ids(out)
    assert list(row)[:8] == ["id", "title", "primary", "themes", *THEMES, "unlike"]


def test_an_article_on_the_review_list_is_known_too(model, tmp_path):
    places = Places(tmp_path / "out.csv", tmp_path / "review.csv", append=True)
    odd = [Article("كلمات غريبة لم يرها أحد من قبل قط", id="odd")]
    assert deliver(model, odd, places, Doubt(model)).n_unsure == 1
    assert deliver(model, odd, places, Doubt(model)).n_known == 1


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_table_without_a_row_takes_rows_later(model, articles, tmp_path, suffix):
    places = Places(tmp_path / f"o.{suffix}", tmp_path / f"r.{suffix}", append=True)
    deliver(model, [articles[0]], places, Doubt(model, 1.0))
    odd = Article("كلمات غريبة لم يرها أحد من قبل قط", id="odd", extra={"desk": 1}, source="اختبار")
    deliver(model, [odd], places, Doubt(model, 1.0))
    assert ids(places.review) == ["odd"]


def test_each_theme_gets_a_folder_with_its_articles(model, tmp_path):
    both = Article(
        "الشرطة أوقفت المتهم بتهريب المخدرات والسرقة.\nالمنتخب فاز في المباراة وتوج بالكأس.", title="خبر", id="../b"
    )
    none = Article("ناقش البرلمان قانون المالية", id="n")
    odd = Article("كلمات غريبة لم يرها أحد من قبل قط", id="o")
    places = Places(tmp_path / "out.jsonl", tmp_path / "review.jsonl", tmp_path / "by")
    deliver(model, [both, none, odd], places, Doubt(model, 1.0))
    found = {str(path.relative_to(tmp_path / "by").parent): path for path in (tmp_path / "by").rglob("*.txt")}
    row = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert len(row["themes"]) == 2
    assert set(found) == {*row["themes"], "none", "_unsure"}
    back = Corpus.read(found[row["themes"][0]])[0]
    assert (back.title, back.text) == (both.title, both.text)
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith(".tmp")]


def test_two_articles_of_one_name_do_not_take_each_others_place(model, tmp_path):
    twins = [Article("ناقش البرلمان قانون المالية", id="1"), Article("ناقش البرلمان الأسعار", id="1")]
    deliver(model, twins, Places(folders=tmp_path / "by"))
    texts = {path.read_text(encoding="utf-8").strip() for path in (tmp_path / "by" / "none").iterdir()}
    assert texts == {article.text for article in twins}


def test_what_fails_on_the_way_leaves_everything_as_it_was(model, articles, tmp_path):
    places = Places(tmp_path / "out.csv", tmp_path / "review.csv", tmp_path / "by", append=True)
    deliver(model, articles[:5], places, Doubt(model, 0.0))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def failing():
        yield from articles[5:20]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(model, failing(), places, Doubt(model, 0.0))
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_review_list_that_cannot_be_written_keeps_the_table_as_it_was(model, articles, tmp_path):
    out = tmp_path / "out.csv"
    with pytest.raises(WriteError, match="folder does not exist"):
        deliver(model, articles[:5], Places(out, tmp_path / "gone" / "r.csv"), Doubt(model))
    assert not out.exists()


def test_drift_from_the_file_and_from_training_is_told(model, articles, tmp_path):
    path = tmp_path / "out.csv"
    deliver(model, articles, Places(path))
    rng = np.random.default_rng(0)
    sport = [a for a in articles if a.themes == ("sport",)]
    words = [f"غريب{chr(0x627 + k % 20)}{chr(0x628 + k // 20)}" for k in range(300)]
    new = [Article(f"{sport[k % len(sport)].text} {' '.join(rng.choice(words, 12))}", id=f"new{k}") for k in range(60)]
    warnings = deliver(model, new, Places(path, append=True)).warnings
    assert len(warnings) == 2
    assert warnings[0].startswith("these articles differ from out.csv: unlike")
    assert "sport" in warnings[0]
    assert warnings[1].startswith("these articles differ from those the model learnt from: unlike")
    assert deliver(model, articles, Places(tmp_path / "again.csv")).warnings == []


def test_one_file_cannot_be_both(model, tmp_path):
    with pytest.raises(SettingsError, match="both the table and the review list"):
        deliver(model, [], Places(tmp_path / "x.csv", tmp_path / "x.csv"))
    with pytest.raises(WriteError, match="no writer"):
        deliver(model, [], Places(tmp_path / "x.csv", tmp_path / "y.doc"))


def test_a_file_that_is_no_table_is_not_added_to(model, articles, tmp_path):
    for suffix in ("parquet", "xlsx", "jsonl"):
        path = tmp_path / f"x.{suffix}"
        path.write_text("nonsense\n", encoding="utf-8")
        with pytest.raises(TopicsError):
            deliver(model, articles[:2], Places(path, append=True))
        assert path.read_text(encoding="utf-8") == "nonsense\n"
