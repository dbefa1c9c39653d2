import dataclasses
import datetime as dt
import json
import os
import pickle
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.corpus import Article, Corpus, Theme, Themes, as_articles, as_corpus
from topics.errors import SettingsError

TITLE = "افتتاح خط جديد للترامواي"
TEXT = "افتتحت المدينة خطا جديدا.\n\n  يربط الخط الميناء بالجامعة.  \nالتذكرة بستة دراهم."


def tram(**changes):
    return Article(**({"text": TEXT, "id": "tram", "title": TITLE} | changes))


class TestArticle:
    def test_the_full_text_begins_with_the_title(self):
        assert tram().full == f"{TITLE}\n{TEXT}"
        assert tram(title=None).full == TEXT

    @pytest.mark.parametrize("title", [None, TITLE])
    def test_paragraphs_are_the_non_blank_lines_without_the_title(self, title):
        article = tram(title=title)
        assert [article.full[start:end] for start, end in article.paragraphs] == [
            "افتتحت المدينة خطا جديدا.",
            "يربط الخط الميناء بالجامعة.",
            "التذكرة بستة دراهم.",
        ]

    @given(st.text(alphabet=st.sampled_from("ابج \n\t\u200f\u2028\u0640"), max_size=30))
    def test_there_is_one_paragraph_for_each_non_blank_line(self, text):
        article = Article(text, title="عنوان")
        assert len(article.paragraphs) == sum(1 for line in text.split("\n") if line.strip())
        assert all(article.full[start:end].strip() for start, end in article.paragraphs)

    def test_a_paragraph_has_its_own_themes(self):
        article = tram(paragraph_themes=[["transport"], [], ("prices",)])
        assert article.paragraph_themes == (("transport",), (), ("prices",))

    def test_paragraph_themes_must_match_the_paragraphs(self):
        with pytest.raises(SettingsError, match="2 rows and the text 3 paragraphs"):
            tram(paragraph_themes=[["transport"], []])

    @pytest.mark.parametrize(
        "date",
        [
            dt.date(2026, 3, 1),
            dt.datetime(2026, 3, 1, 23, 59, tzinfo=dt.UTC),
            "2026-03-01",
            "2026-03-01T10:00:00+01:00",
        ],
    )
    def test_a_date_is_a_date_however_it_is_given(self, date):
        assert type(tram(date=date).date) is dt.date
        assert tram(date=date).date == dt.date(2026, 3, 1)

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            pytest.param({"text": None}, "text of an article", id="no text"),
            pytest.param({"text": b"x"}, "decode it", id="bytes"),
            pytest.param({"id": 7}, "id=str", id="number as id"),
            pytest.param({"date": "غدا"}, "2026-11-24", id="no date"),
            pytest.param({"date": 20260301}, "2026-11-24", id="number as date"),
            pytest.param({"themes": "sport"}, r"\['sport'\]", id="one theme bare"),
            pytest.param({"themes": ["sport", ""]}, "no label", id="empty theme"),
            pytest.param({"themes": [3]}, "no label", id="number as theme"),
            pytest.param({"extra": [1]}, "extra is a mapping", id="extra list"),
            pytest.param({"extra": {"title": 1}}, "input_title", id="extra field"),
        ],
    )
    def test_what_cannot_be_meant_is_refused_with_the_next_step(self, changes, message):
        with pytest.raises(SettingsError, match=message):
            tram(**changes)

    def test_unknown_themes_and_no_themes_differ(self):
        assert tram().themes is None
        assert tram(themes=[]).themes == ()
        assert tram(themes=["b", "a", "b"]).themes == ("b", "a")

    def test_an_article_cannot_be_changed(self):
        with pytest.raises(dataclasses.FrozenInstanceError):
            tram().text = ""

    def test_it_can_be_pickled_for_workers_and_hashed(self):
        article = tram(extra={"لون": "أحمر"})
        assert pickle.loads(pickle.dumps(article)) == article
        assert len({article, tram(extra={"لون": "أحمر"})}) == 1

    def test_the_content_gives_the_same_id_whatever_the_labels(self):
        assert tram().content_id == tram(id=None, themes=["x"], extra={"n": 1}).content_id
        assert tram().content_id != tram(title=None).content_id


class TestCorpus:
    def articles(self):
        return [
            tram(themes=["transport"], date="2019-05-01", source="الميناء"),
            Article("تعادل الفريقان في الديربي.", id="derby", themes=["sport"], date="2026-05-01"),
            Article("عدد السكان في تزايد."),
        ]

    def test_it_is_an_ordered_sequence_with_ids(self):
        corpus = Corpus(self.articles())
        assert len(corpus) == 3
        assert [article.id for article in corpus] == ["tram", "derby", corpus[2].content_id]
        assert corpus["derby"] is corpus[1]
        assert corpus[-1].text == "عدد السكان في تزايد."
        assert isinstance(corpus[:2], Corpus)
        assert list(corpus[:2]) == list(corpus)[:2]
        assert corpus.texts[0] == f"{TITLE}\n{TEXT}"

    def test_a_missing_id_says_which(self):
        with pytest.raises(SettingsError, match="'nowhere'"):
            Corpus(self.articles())["nowhere"]

    def test_made_ids_are_numbered_and_given_ones_must_differ(self):
        same = Article("خبر واحد")
        ids = [article.id for article in Corpus([same, same, same])]
        assert ids == [same.content_id, f"{same.content_id}-2", f"{same.content_id}-3"]
        with pytest.raises(SettingsError, match="two articles have the id 'tram'"):
            Corpus([tram(), tram()])

    def test_only_articles_may_enter(self):
        with pytest.raises(SettingsError, match="not str"):
            Corpus(["نص"])

    def test_themes_are_those_defined_then_those_met(self):
        defined = Themes([Theme("sport", anchors=("كرة",)), Theme("culture")])
        corpus = Corpus(self.articles(), themes=defined)
        assert list(corpus.themes) == ["sport", "culture", "transport"]
        assert corpus.themes["sport"].anchors == ("كرة",)
        assert list(corpus.defined_themes) == ["sport", "culture"]
        assert list(corpus.filter(lambda article: article.id == "derby").themes) == ["sport", "culture"]

    def test_filter_keeps_what_the_function_wants(self):
        corpus = Corpus(self.articles())
        assert [a.id for a in corpus.filter(lambda a: a.date and a.date.year > 2020)] == ["derby"]

    def test_the_fingerprint_follows_content_and_order_only(self):
        articles = self.articles()
        corpus = Corpus(articles)
        assert corpus.fingerprint == Corpus(articles).fingerprint
        assert corpus.fingerprint != Corpus(articles[::-1]).fingerprint
        assert corpus.fingerprint != corpus[:2].fingerprint
        assert Corpus([tram(themes=["a", "b"])]).fingerprint == Corpus([tram(themes=["b", "a"])]).fingerprint
        assert Corpus([tram(themes=[])]).fingerprint != Corpus([tram()]).fingerprint
        assert Corpus([tram(extra={"n": 3, "x": None})]).fingerprint == Corpus([tram(extra={"n": "3"})]).fingerprint

    @pytest.mark.parametrize("hash_seed", ["0", "1"])
    def test_the_fingerprint_is_the_same_in_every_process(self, hash_seed):
        program = (
            "from topics.corpus import Article, Corpus;"
            "print(Corpus([Article('خبر', themes=['b', 'a'], extra={'x': {'k': 1, 'a': 2}})]).fingerprint)"
        )
        found = subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        assert found == "ec72499c9132923ab085956cddc36d6d7d8de0a6d0626c18044da4aebbb6a3f4"

    @given(st.text(max_size=20), st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=3))
    def test_any_text_at_all_has_a_fingerprint(self, text, extra):
        extra = {f"x{name}": value for name, value in extra.items()}
        assert len(Corpus([Article(text, title=text, extra=extra)]).fingerprint) == 64

    def test_it_shows_itself_in_one_line(self):
        corpus = Corpus(self.articles())
        assert repr(corpus) == f"3 articles · 2 themes · 2019-2026 · fingerprint {corpus.fingerprint[:4]}…"
        assert repr(Corpus()).startswith("0 articles · fingerprint ")

    def test_it_shows_itself_as_a_table_that_runs_nothing(self):
        hostile = Article("نص", title="<script>alert(1)</script>\u202e", source='"><img onerror=x>')
        html = Corpus([hostile])._repr_html_()
        assert 'dir="rtl"' in html
        assert "<script" not in html
        assert "<img" not in html
        assert "\u202e" not in html

    def test_whatever_gives_articles_is_taken(self, tmp_path):
        corpus = Corpus(self.articles())
        path = tmp_path / "a.jsonl"
        corpus.write(path)
        for given_as in (corpus, list(corpus), iter(list(corpus)), path, str(path)):
            assert as_corpus(given_as) == corpus
        assert list(as_articles(path))[:2] == list(corpus)[:2]
        assert as_articles(corpus) is corpus
        assert list(as_articles(corpus[0])) == [corpus[0]]

    def test_a_row_has_the_fields_first_and_own_columns_after(self):
        row = tram(date="2026-03-01", themes=[], extra={"قسم": "محلي"}).to_row()
        assert list(row) == ["id", "title", "text", "date", "source", "themes", "قسم"]
        assert json.loads(json.dumps(row))["date"] == "2026-03-01"


def test_an_article_shows_itself_in_a_line_and_as_a_page_to_read():
    article = Article(
        "FIFA تعلن.\nالفقرة \u202eالثانية.", id="a-1", title="عنوان <b>", date="2026-01-02", themes=["sport"]
    )
    assert repr(article) == "عنوان <b> · a-1 · 2026-01-02 · sport · 27 characters"
    assert repr(Article("نص")) == "نص · 2 characters"
    assert "no theme" in repr(Article("نص", themes=[]))
    shown = article._repr_html_()
    assert shown.count("<p ") == 2
    assert "<b>" not in shown
    assert "\u202e" not in shown
    assert all(part in shown for part in ("a-1", "2026-01-02", "sport", 'dir="rtl"'))


def test_half_a_surrogate_pair_is_replaced_and_every_place_stays():
    """FAULTS.md 24: what UTF-8 cannot hold would stop a table or a file later."""
    article = Article(
        "a\ud800b\U0001f600", id="\udfff", title="\ud800", source="x\udc00", extra={"o\ud800": "\ud800", "n": 1}
    )
    assert (article.text, article.id, article.title, article.source) == (
        "a\ufffdb\U0001f600",
        "\ufffd",
        "\ufffd",
        "x\ufffd",
    )
    assert article.extra == {"o\ufffd": "\ufffd", "n": 1}
    assert article.full.encode("utf-8")
