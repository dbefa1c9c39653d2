import datetime as dt
import json
import random
import subprocess
import sys

import pandas as pd
import pytest

from topics.corpus import Article, Corpus
from topics.corpus.agencies import AGENCIES, credited
from topics.corpus.duplicates import (
    COLUMNS,
    copies,
    deduplicated,
    drop_duplicates,
    duplicate_groups,
    near_duplicates,
)
from topics.errors import SettingsError

COPY = "أعلنت إدارة الميناء اليوم عن افتتاح رصيف جديد يستقبل السفن الكبيرة ويربط المدينة بثلاث قارات وعشرات الموانئ"
OTHER = "فاز فريق المدينة على ضيفه بهدفين دون رد في مباراة شهدت حضورا كبيرا من الجمهور وأداء قويا من الحارس"


@pytest.fixture
def corpus():
    return Corpus(
        [
            Article(OTHER, id="match", source="الملعب"),
            Article(f"الرباط (رويترز) - {COPY}", id="b", title="رصيف جديد", source="الأفق", date="2026-03-02"),
            Article(COPY, id="a", title="الميناء يتوسع", source="الميناء", date="2026-03-01"),
            Article(COPY.replace("أعلنت", "اعلنت"), id="c", source="الأفق"),
            Article("", id="empty", title=COPY),
            Article(f"{OTHER} {COPY}", id="both"),
        ]
    )


def test_a_group_of_agency_copy_is_named_with_its_newspapers(corpus):
    table = near_duplicates(corpus)
    assert list(table) == list(COLUMNS)
    assert table["ids"].tolist() == [("a", "b", "c", "empty")]
    row = table.iloc[0]
    assert row["sources"] == ("الأفق", "الميناء")
    assert (row["group"], row["n_articles"], row["n_sources"], row["n_pairs"], row["n_across"]) == (1, 4, 2, 6, 2)
    assert row["agency"] == "Reuters"
    assert (row["first"], row["last"]) == (dt.date(2026, 3, 1), dt.date(2026, 3, 2))
    assert row["title"] == "الميناء يتوسع"
    assert 0.7 <= row["similarity"] < 1


def test_folds_are_given_one_number_for_all_copies(corpus):
    assert duplicate_groups(corpus).tolist() == [0, 1, 1, 1, 1, 2]
    assert duplicate_groups(corpus, threshold=1.0).tolist() == [0, 1, 2, 2, 2, 3]
    assert copies(corpus) == (4, 1, 6, 2)


def test_articles_come_from_a_path_or_a_list(corpus, tmp_path):
    corpus.write(tmp_path / "a.jsonl")
    want = duplicate_groups(corpus.filter(lambda article: article.text)).tolist()
    assert duplicate_groups(list(corpus)).tolist() == duplicate_groups(corpus).tolist()
    kept = Corpus.read(tmp_path / "a.jsonl").filter(lambda article: article.text)
    assert duplicate_groups(kept).tolist() == want


def test_the_order_of_the_articles_changes_only_the_numbers(corpus):
    groups = dict(zip([a.id for a in corpus], duplicate_groups(corpus), strict=True))
    turned = dict(zip([a.id for a in corpus][::-1], duplicate_groups(list(corpus)[::-1]), strict=True))
    for one in groups:
        for other in groups:
            assert (groups[one] == groups[other]) == (turned[one] == turned[other])


def test_a_corpus_without_copies_gives_a_table_without_rows():
    for articles in ([], [Article(OTHER)], [Article(OTHER), Article(COPY)]):
        table = near_duplicates(articles)
        assert isinstance(table, pd.DataFrame)
        assert table.empty
        assert list(table) == list(COLUMNS)
        assert table["n_pairs"].sum() == 0


def test_the_largest_group_stands_first():
    texts = [OTHER, OTHER, COPY, COPY, COPY]
    assert near_duplicates([Article(text) for text in texts])["n_articles"].tolist() == [3, 2]


def test_one_of_each_group_stays_and_the_rest_is_counted(corpus):
    less = drop_duplicates(corpus)
    assert [article.id for article in less] == ["match", "a", "both"]
    assert [(row.file, row.count) for row in less.skipped] == [("الأفق", 2), ("corpus", 1)]
    assert near_duplicates(less).empty
    assert len(drop_duplicates(corpus, threshold=1.0)) == 4
    assert len(drop_duplicates([])) == 0


def test_a_threshold_that_cannot_be_meant_is_refused(corpus):
    with pytest.raises(SettingsError, match=r"finds agency copy"):
        near_duplicates(corpus, threshold=7)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("جدة - واس: أعلن", "SPA"),
        ("باريس (أ ف ب) - قال", "AFP"),
        ("برلين - د ب أ\nقال", "DPA"),
        ("المنامة (بنا) قال", "BNA"),
        ("تقدمت بنا السنون", None),
        ("واسعة هي المدينة", None),
        ("خبر " * 100 + "(رويترز)", "Reuters"),
        ("خبر " * 100 + "رويترز " + "خبر " * 100, None),
        ("", None),
    ],
)
def test_an_agency_is_known_by_its_credit_at_the_head_or_foot(text, want):
    assert credited(text) == want


def test_no_two_agencies_share_a_spelling():
    spellings = [spelling for names in AGENCIES.values() for spelling in names]
    assert len(spellings) == len(set(spellings))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_15_000_articles_take_less_than_30_seconds_and_a_gibibyte(tmp_path, seed):
    draw = random.Random(seed)
    words = [f"{a}{b}{c}{d}" for a in "ابتثجحخ" for b in "درزسشصض" for c in "طظعغفقك" for d in "لمنهوي"]
    path = tmp_path / "a.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(15_000):
            if number % 10 or not number:
                body = draw.choices(words, k=300)
            else:
                body[draw.randrange(300)] = draw.choice(words)
            file.write(json.dumps({"text": " ".join(body)}, ensure_ascii=False) + "\n")
    program = (
        "import re, sys, time, topics; from topics.corpus import near_duplicates;"
        "corpus = topics.Corpus.read(sys.argv[1]); start = time.perf_counter(); table = near_duplicates(corpus);"
        "print(len(table), time.perf_counter() - start,"
        " int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]) / 1024)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, check=True, text=True)
    n_groups, seconds, mebibytes = map(float, done.stdout.split())
    assert n_groups == 1499
    assert seconds < 30
    assert mebibytes < 1024


def test_one_comparison_gives_what_stays_the_groups_and_what_was_dropped(corpus):
    done = deduplicated(corpus)
    assert done.kept == drop_duplicates(corpus)
    assert done.copies == copies(corpus)
    table = near_duplicates(corpus)
    assert done.groups.drop(columns="kept").equals(table)
    assert sum(done.dropped.values()) == len(corpus) - len(done.kept)
    kept = {article.id for article in done.kept}
    for row in done.groups.to_dict("records"):
        assert row["kept"] in kept
        assert [identity for identity in row["ids"] if identity in kept] == [row["kept"]]


def test_the_earliest_stays_and_of_one_day_the_first():
    text = "وصلت الباخرة صباح اليوم إلى ميناء المدينة وعلى متنها مئة سيارة جديدة"
    days = [None, "2026-03-02", "2026-03-01", "2026-03-01"]
    corpus = Corpus(Article(text, id=f"n{k}", date=day, source="الأفق") for k, day in enumerate(days))
    done = deduplicated(corpus)
    assert [article.id for article in done.kept] == ["n2"]
    assert done.groups["kept"].tolist() == ["n2"]
    assert done.dropped == {"الأفق": 3}
