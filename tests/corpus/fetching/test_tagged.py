from __future__ import annotations

from topics.corpus.fetching import tagged
from topics.corpus.readers.located import Options
from topics.corpus.readers.source import Source
from topics.corpus.skipped import Log

ARTICLE = """<DOC>
<DOCNO>JA-economy-1-20170125</DOCNO>
<URL>http://example.org/?a=1&b=2</URL>
<SRC>إذاعة</SRC>
<CAT>economy</CAT>
<TITLE>ارتفاع "الصادرات" & الواردات</TITLE>
<TIME>2017-01-25T14:36:00+01:00</TIME>
<AUTHOR></AUTHOR>
<ABSTRACT>
ارتفعت الصادرات.
</ABSTRACT>
<TEXT>
ارتفعت الصادرات < 10 %.
وانخفضت الواردات.
</TEXT>
</DOC>
"""


def read(tmp_path, text):
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    log = Log()
    found = [located.article for located in tagged.read(Source.of_path(tmp_path / "a.txt"), Options(log))]
    return found, log.table.by_reason()


def test_tags_become_fields_and_the_rest_is_kept(tmp_path):
    (article,), skipped = read(tmp_path, ARTICLE)
    assert article.id == "JA-economy-1-20170125"
    assert article.title == 'ارتفاع "الصادرات" & الواردات'
    assert article.text == "ارتفعت الصادرات < 10 %.\nوانخفضت الواردات."
    assert (article.date.isoformat(), article.source, article.themes) == ("2017-01-25", "إذاعة", ("economy",))
    assert dict(article.extra) == {
        "url": "http://example.org/?a=1&b=2",
        "author": "",
        "abstract": "ارتفعت الصادرات.",
    }
    assert skipped == {}


def test_a_file_may_hold_several(tmp_path):
    found, _ = read(tmp_path, ARTICLE + ARTICLE.replace("-1-", "-2-").replace("<CAT>economy</CAT>", "<CAT></CAT>"))
    assert [article.themes for article in found] == [("economy",), None]


def test_a_file_without_tags_is_counted(tmp_path):
    found, skipped = read(tmp_path, "نص بلا وسوم")
    assert (found, skipped) == ([], {"holds no <DOC>": 1})


def test_an_article_without_text_is_counted(tmp_path):
    found, skipped = read(tmp_path, "<DOC><DOCNO>1</DOCNO><TEXT> </TEXT></DOC>")
    assert (found, skipped) == ([], {"no text": 1})
