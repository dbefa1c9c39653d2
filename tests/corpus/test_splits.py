import datetime as dt

import pytest

from topics.corpus import Article, Corpus, Theme, Themes
from topics.corpus.duplicates import copies, duplicate_groups
from topics.corpus.splits import FORMS, Split, split, write_split
from topics.errors import SettingsError, WriteError

SOURCES = ("الأفق", "الميناء", "الملعب", "المدينة")


def story(number, tail=""):
    return " ".join(f"خبر{(number * 7 + word * word) % 997}" for word in range(40)) + tail


@pytest.fixture
def corpus():
    """200 articles, every second one copied by another newspaper on the next day."""
    first = dt.date(2026, 1, 1)
    articles = []
    for number in range(200):
        day = first + dt.timedelta(days=number // 5)
        articles.append(Article(story(number), id=f"n{number}", date=day, source=SOURCES[number % 4]))
        if number % 2 == 0:
            copied = {"date": day + dt.timedelta(days=1), "source": SOURCES[(number + 1) % 4]}
            articles.append(Article(story(number, " انتهى"), id=f"c{number}", **copied))
    return Corpus(articles, themes=Themes([Theme("port")]))


def parted(found):
    """Near-duplicate pairs with one article on each side, counted on the two sides themselves."""
    train, test = found
    return copies(list(train) + list(test)).n_pairs - copies(train).n_pairs - copies(test).n_pairs


@pytest.mark.parametrize("by", ["group", "time", "source"])
def test_every_article_lands_on_one_side_in_its_order(corpus, by):
    found = split(corpus, by)
    train, test = found
    places = {article.id: place for place, article in enumerate(corpus)}
    assert {article.id for article in train} | {article.id for article in test} == set(places)
    assert len(train) + len(test) == len(corpus)
    for part in (train, test):
        assert isinstance(part, Corpus)
        order = [places[article.id] for article in part]
        assert order == sorted(order)
        assert list(part.defined_themes) == ["port"]
    assert found.parted_pairs == parted(found)


def test_copies_stay_on_one_side(corpus):
    found = split(corpus, test_size=0.3)
    assert parted(found) == 0
    assert len(found.test) == 90
    groups = duplicate_groups([*found.train, *found.test])
    assert not set(groups[: len(found.train)]) & set(groups[len(found.train) :])


def test_it_says_how_many_pairs_a_random_split_would_have_parted(corpus):
    found = split(corpus, test_size=0.2)
    n, n_test = len(corpus), len(found.test)
    assert found.leaked_pairs == pytest.approx(100 * 2 * n_test * (n - n_test) / (n * (n - 1)))
    import numpy as np

    rng = np.random.default_rng(0)
    pairs = [(places[0], places[1]) for k in range(100) if (places := [3 * k, 3 * k + 1])]
    sides = np.array([rng.permutation(n) < n_test for _ in range(2000)])
    drawn = np.mean([sum(side[a] != side[b] for a, b in pairs) for side in sides])
    assert found.leaked_pairs == pytest.approx(drawn, rel=0.02)


def test_time_runs_forward_and_no_day_is_parted(corpus):
    found = split(corpus, "time", test_size=0.25)
    assert max(a.date for a in found.train) < min(a.date for a in found.test)
    assert abs(len(found.test) - 75) <= 8
    assert found.parted_pairs > 0
    assert split(corpus, "time", random_state=5).test == split(corpus, "time").test


def test_whole_newspapers_are_held_out(corpus):
    found = split(corpus, "source", test_size=0.5)
    assert not {a.source for a in found.train} & {a.source for a in found.test}
    assert len(found.test) == 150
    small = split(corpus, "source", test_size=0.05)
    assert len({a.source for a in small.test}) == 1


def test_the_random_state_decides_and_nothing_else(corpus):
    assert split(corpus, random_state=1).test == split(corpus, random_state=1).test
    assert split(corpus, random_state=1).test != split(corpus, random_state=2).test


def test_a_split_shows_itself(corpus):
    found = split(corpus)
    assert str(found).startswith(
        "240 train · 60 test, by group · 0 pairs of near duplicates parted; a random split would"
    )
    assert "240" in found._repr_html_()
    assert isinstance(found, Split)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"by": "groups"}, "did you mean group"),
        ({"by": "random"}, "by is one of group, time, source"),
        ({"test_size": 0}, "above 0 and below 1"),
        ({"test_size": 1.0}, "above 0 and below 1"),
        ({"test_size": 10}, "above 0 and below 1"),
    ],
)
def test_what_cannot_be_meant_is_refused(corpus, arguments, message):
    with pytest.raises(SettingsError, match=message):
        split(corpus, **arguments)


@pytest.mark.parametrize(
    ("articles", "by", "message"),
    [
        pytest.param([], "group", "cannot be split", id="none"),
        pytest.param([Article("خبر")], "group", "give at least 2", id="one"),
        pytest.param([Article(story(1)), Article(story(1))], "group", "one group of near duplicates", id="copies"),
        pytest.param(
            [Article("خبر"), Article("آخر", date="2026-01-01")], "time", "1 of 2 articles have no date", id="no date"
        ),
        pytest.param(
            [Article("خبر", date="2026-01-01"), Article("آخر", date="2026-01-01")], "time", "one day", id="day"
        ),
        pytest.param([Article("خبر", source="أ"), Article("آخر", source="أ")], "source", "one source", id="source"),
        pytest.param([Article("خبر"), Article("آخر", source="أ")], "source", "have no source", id="no source"),
    ],
)
def test_what_cannot_be_split_says_why_and_what_to_do(articles, by, message):
    with pytest.raises(SettingsError, match=message):
        split(articles, by)


@pytest.mark.parametrize("form", [*FORMS, None])
def test_both_sides_are_written_and_read_back_equal(corpus, tmp_path, form):
    found = split(corpus)
    paths = write_split(found, tmp_path / "s", form)
    assert list(paths) == ["train", "test"]
    for part, path in zip(found, paths.values(), strict=True):
        assert Corpus.read(path).fingerprint == part.fingerprint
    assert sorted(path.name for path in (tmp_path / "s").iterdir()) == sorted(path.name for path in paths.values())
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_theme_definitions_are_kept_where_there_are_any(corpus, tmp_path):
    defined = Corpus(corpus, themes=Themes([Theme("sea", {"ar": "بحر"})]))
    paths = write_split(split(defined), tmp_path / "s")
    assert Corpus.read(paths["test"]).themes["sea"].name("ar") == "بحر"


def test_articles_without_a_side_are_written_beside_the_two(corpus, tmp_path):
    left = Corpus([Article("بلا تاريخ", id="x")])
    paths = write_split(split(corpus), tmp_path / "s", left_out=left)
    assert Corpus.read(paths["left_out"]) == left


def test_half_a_split_is_never_seen_and_nothing_is_replaced(corpus, tmp_path, monkeypatch):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "train.jsonl").write_text("قديم", encoding="utf-8")
    with pytest.raises(WriteError, match="is there already; name a new folder"):
        write_split(split(corpus), tmp_path / "full")
    assert (tmp_path / "full" / "train.jsonl").read_text(encoding="utf-8") == "قديم"
    with pytest.raises(SettingsError, match="not written as 'jsnl'; did you mean jsonl"):
        write_split(split(corpus), tmp_path / "s", "jsnl")
    written = Corpus.write

    def fail(part, path):
        if "test" in str(path):
            raise OSError(28, "No space left on device", str(path.parent))
        written(part, path)

    monkeypatch.setattr(Corpus, "write", fail)
    with pytest.raises(WriteError, match=r"s: cannot be made \(No space left"):
        write_split(split(corpus), tmp_path / "s")
    assert [path.name for path in tmp_path.iterdir()] == ["full"]
