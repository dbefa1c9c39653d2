import re
import sys
from collections import Counter

import numpy as np
import pytest
from small_news import BOTH, small_corpus

from topics import Article, Corpus, ThemeModel, TopicModel, bundle, load
from topics.errors import BundleError, BundleMismatch, ReadError, SettingsError
from topics.models.probes import PROBES


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundles")
    corpus = small_corpus()
    themes = ThemeModel.train(corpus, ["security", "migration", "sport"])
    topics = TopicModel.train(corpus, n_topics=3, n_sweeps=10, min_df=2)
    return themes, topics, themes.save(folder / "themes"), topics.save(folder / "topics.topics")


def test_a_saved_model_gives_the_same_figures(saved):
    themes, topics, theme_path, topic_path = saved
    assert np.array_equal(load(theme_path).probabilities([BOTH]), themes.probabilities([BOTH]))
    assert load(topic_path).mixtures([BOTH]).equals(topics.mixtures([BOTH]))
    assert load(theme_path).explain(BOTH) == themes.explain(BOTH)
    assert load(theme_path).matrix.spellings == themes.matrix.spellings


def test_saving_twice_gives_equal_bytes(saved, tmp_path):
    themes, _, path, _ = saved
    assert load(path).save(tmp_path / "again.topics").read_bytes() == path.read_bytes()
    assert themes.save(tmp_path / "third.topics").read_bytes() == path.read_bytes()


def test_a_bundle_holds_no_word_that_occurs_in_one_article_only(tmp_path):
    secret = Article(text="السيد بنصالحوش زرقاويات اتصل بالشرطة زرقاويات", id="secret", themes=("security",))
    model = ThemeModel.train(Corpus([*small_corpus(), secret]), ["security", "sport"])
    held = model.save(tmp_path / "model").read_bytes().decode("utf-8", "ignore")
    assert "زرقاوي" not in held
    assert "بنصالحوش" not in held


@pytest.mark.parametrize("kind", ["themes", "topics"])
def test_a_bundle_holds_no_run_of_words_of_an_article(saved, kind):
    """FAULTS.md 44: terms of two words that several articles have, and no three words as an article has them."""
    contents = bundle.read(saved[2] if kind == "themes" else saved[3])
    plain = [re.findall(r"\w+", article.full) for article in small_corpus()]
    runs = {" ".join(words[at : at + 3]) for words in plain for at in range(len(words) - 2)}
    assert {probe["text"] for probe in contents.probes} <= set(PROBES)  # sentences written for the project
    written = [*contents.terms, contents.card]
    written += [text for value in contents.text.values() for text in strings(value)] + list(strings(contents.settings))
    for text in written:
        words = re.findall(r"\w+", text)
        assert not {" ".join(words[at : at + 3]) for at in range(len(words) - 2)} & runs
    pairs = Counter(pair for words in plain for pair in {" ".join(words[at : at + 2]) for at in range(len(words))})
    lonely = {pair for pair, n in pairs.items() if n == 1 and " " in pair}
    assert lonely
    assert not lonely & set(written)


def strings(value):
    """Every text inside JSON values, names included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def test_a_model_of_words_of_single_articles_is_not_saved(tmp_path):
    model = ThemeModel.train(small_corpus(), ["security", "sport"], min_df=1)
    with pytest.raises(SettingsError, match="min_df=2"):
        model.save(tmp_path / "model")
    assert not list(tmp_path.iterdir())


def test_the_card_says_what_it_learnt_and_its_limits(saved):
    card = saved[0].card()
    assert re.search(r"\| all \| sport \| f1 \| [01]\.\d\d \[", card)
    for needed in ("security", "Limits", "Training", saved[0].fingerprint, "How to cite"):
        assert needed in card


def changed(path, tmp_path, **changes):
    contents = bundle.read(path)
    values = {
        name: getattr(contents, name)
        for name in ("kind", "settings", "arrays", "terms", "text", "probes", "card", "corpus")
    }
    target = tmp_path / "changed.topics"
    bundle.write(target, bundle.Contents(**(values | changes)))
    return target


def test_settings_edited_with_good_hashes_are_named_or_told_by_the_probes(saved, tmp_path):
    settings = dict(bundle.read(saved[2]).settings)
    wrong = settings | {"text": settings["text"] | {"level": "os.system"}}
    with pytest.raises(BundleError, match="level"):
        load(changed(saved[2], tmp_path, settings=wrong))
    other = settings | {"text": settings["text"] | {"level": "none"}}
    with pytest.raises(BundleMismatch):
        load(changed(saved[2], tmp_path, settings=other))
    with pytest.warns(UserWarning, match="does not work here"):
        load(changed(saved[2], tmp_path, settings=other), allow_mismatch=True)


def leaves(value, place=()):
    """Where each plain value of settings stands; of a list of rows the first is enough."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*place, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value[:1]):
            yield from leaves(inner, (*place, number))
    if not isinstance(value, (dict, list)) or not value:
        yield place


def planted(value, place, payload):
    """The settings with a payload in one place."""
    if not place:
        return payload
    first, *rest = place
    items = value.items() if isinstance(value, dict) else enumerate(value)
    new = {name: planted(inner, rest, payload) if name == first else inner for name, inner in items}
    return new if isinstance(value, dict) else list(new.values())


CODE = [
    "antigravity.fly",
    "builtins.eval",
    {"__reduce__": ["antigravity", "fly"]},
    ["os.system", "true"],
    {"py/type": 1},
]


@pytest.mark.parametrize("kind", ["themes", "topics"])
@pytest.mark.parametrize("turn", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, len(CODE)))])
def test_a_name_of_code_in_any_setting_is_text_or_refused_and_never_imported(saved, tmp_path, kind, turn):
    """FAULTS.md 2, with good hashes: what comes out is a model or one error of ours."""
    path = saved[2] if kind == "themes" else saved[3]
    settings = dict(bundle.read(path).settings)
    load(path)  # everything that a model needs is imported
    before, refused = set(sys.modules), 0
    places = list(leaves(settings))
    for number, place in enumerate(places, turn):
        try:
            load(changed(path, tmp_path, settings=planted(settings, place, CODE[number % len(CODE)])))
        except BundleError as error:
            refused += 1
            assert "\n" not in str(error)  # noqa: PT017 - either outcome is right
    assert len(places) > 8
    assert refused > 3
    assert set(sys.modules) == before


MADE_ELSEWHERE = {"python": "3.13", "numpy": "2.9.9", "scikit-learn": "1.99", "numba": "not installed"}


@pytest.mark.parametrize("kind", ["themes", "topics"])
def test_a_bundle_of_another_machine_gives_the_same_predictions(saved, tmp_path, kind):
    """FAULTS.md 11, 12: other versions, a big-endian machine, memory in columns; labels equal, figures within 1e-9."""
    model, path = (saved[0], saved[2]) if kind == "themes" else (saved[1], saved[3])
    arrays = {
        name: np.asfortranarray(array.astype(array.dtype.newbyteorder(">")))
        for name, array in bundle.read(path).arrays.items()
    }
    other = load(changed(path, tmp_path, arrays=arrays, versions=MADE_ELSEWHERE))
    articles = [BOTH, *small_corpus()[:9]]
    if kind == "themes":
        ours, theirs = model.sort(articles), other.sort(articles)
        assert list(ours["themes"]) == list(theirs["themes"])
        assert np.abs(model.probabilities(articles) - other.probabilities(articles)).max() <= 1e-9
    else:
        ours, theirs = (one.mixtures(articles).iloc[:, 2:].to_numpy() for one in (model, other))
        assert np.abs(ours - theirs).max() <= 1e-5


def test_a_file_that_should_name_the_latest_run_and_does_not_is_no_run(tmp_path):
    for name in (b"../../etc", b"/etc/passwd", b"\xff\xfe", b"", b".", b"a\0b", b"x" * 5000, b"gone\n"):
        (tmp_path / "demo.latest").write_bytes(name)
        with pytest.raises(ReadError):
            load(tmp_path / "demo")


def test_arrays_of_a_wrong_shape_are_refused(saved, tmp_path):
    arrays = dict(bundle.read(saved[2]).arrays)
    with pytest.raises(BundleError, match="coef"):
        load(changed(saved[2], tmp_path, arrays=arrays | {"coef": arrays["coef"][:, :-1].copy()}))
    with pytest.raises(BundleError, match="idf"):
        load(changed(saved[2], tmp_path, arrays=arrays | {"idf": arrays["idf"][:-1].copy()}))


def test_a_missing_setting_is_refused_without_a_traceback(saved, tmp_path):
    with pytest.raises(BundleError, match="get the bundle again"):
        load(changed(saved[3], tmp_path, settings={"training": {}}))


def test_a_run_stands_for_its_bundle(saved, tmp_path):
    run = tmp_path / "demo-1234"
    run.mkdir()
    (run / "themes.topics").write_bytes(saved[2].read_bytes())
    (tmp_path / "demo.latest").write_text("demo-1234\n", encoding="utf-8")
    assert isinstance(load(run), ThemeModel)
    assert isinstance(load(tmp_path / "demo"), ThemeModel)


def test_nothing_there_is_said_plainly(tmp_path):
    with pytest.raises(ReadError, match="does not exist"):
        load(tmp_path / "missing.topics")
    with pytest.raises(ReadError, match="complete run"):
        load(tmp_path)
