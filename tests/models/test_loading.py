import re

import numpy as np
import pytest
from small_news import BOTH, small_corpus

from topics import Article, Corpus, ThemeModel, TopicModel, bundle, load
from topics.errors import BundleError, BundleMismatch, ReadError, SettingsError


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
