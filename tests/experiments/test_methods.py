from __future__ import annotations

import re
from dataclasses import replace

import pytest
import yaml
from small_news import small_corpus
from tiny_experiment import write_tiny

from topics import Corpus
from topics.errors import SettingsError
from topics.experiments import references
from topics.experiments.methods import Methods
from topics.experiments.run import run
from topics.experiments.wording import ARABIC, ENGLISH, FRENCH

FIELD = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_paragraph_holds_what_the_run_holds(tiny_run, language):
    found = tiny_run.methods(language)
    assert isinstance(found, Methods)
    score = tiny_run.scores.query("measure == 'macro_f1'")
    figures = [f"{score[name].item():.2f}" for name in ("mean", "low", "high")]
    if language == "fr":
        figures = [figure.replace(".", ",") for figure in figures]
    for wanted in [*figures, "90", tiny_run.path.name, tiny_run.manifest["corpus"]["fingerprint"][:12]]:
        assert wanted in found.text
    assert tiny_run.manifest["versions"]["scikit-learn"] in found.text
    assert not re.search(r"[{}]|None", found.text)
    names = [theme.name(language) for theme in tiny_run.models.themes.themes.values()]
    assert all(name in found.text for name in names)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_what_is_cited_has_an_entry_and_every_entry_is_cited(tiny_run, language):
    found = tiny_run.methods(language)
    cited = {key for group in re.findall(r"\[([a-z]+\d*(?:; [a-z]+\d+)*)\]", found.text) for key in group.split("; ")}
    entries = set(re.findall(r"^@\w+\{([^,]+),", found.bibtex, re.MULTILINE))
    assert cited == entries
    assert {"blei2003", "asuncion2009", "platt1999", "pedregosa2011", "topics"} <= cited


def test_sentences_of_what_was_not_learnt_are_left_out(tiny_file, tmp_path):
    text = run(tiny_file, out=tmp_path, themes=None, **{"topics.engine": "gensim", "topics.runs": 3}).methods().text
    assert "Themes" not in text
    assert "online variational Bayes as in gensim [hoffman2010; rehurek2010]" in text
    assert "Over 3 random states, matched topics overlapped by" in text
    assert "topics were" not in run(tiny_file, out=tmp_path, topics=None).methods().text


@pytest.fixture(scope="module")
def anchored_run(tiny_file, tmp_path_factory):
    """Themes and topics from anchors, on articles whose labels serve to score only."""
    return run(
        tiny_file, out=tmp_path_factory.mktemp("anchored"), **{"themes.start": "anchors", "topics.anchors": True}
    )


def n_anchors(run):
    return sum(len(theme.anchors) for theme in run.models.themes.themes.values())


@pytest.mark.parametrize(
    ("language", "learnt", "labelled"),
    [
        ("en", "learnt without labels, from {} anchor words and phrases in 90 articles", "labelled articles"),
        ("fr", "appris sans annotation, à partir de {} mots et expressions d'ancrage dans 90 articles", "annotés"),
        ("ar", "من دون وسم، من كلمات وعبارات دالة عددها {} في مقالات عددها 90", "موسومة"),
    ],
)
def test_themes_from_anchors_are_not_said_to_be_learnt_from_labelled_articles(anchored_run, language, learnt, labelled):
    found = anchored_run.methods(language)
    assert learnt.format(n_anchors(anchored_run)) in found.text
    assert labelled not in found.text
    assert "[ratner2016]" in found.text
    assert "[meng2018]" in found.text
    assert "@inproceedings{meng2018," in found.bibtex
    assert not re.search(r"[{}]|None", found.text)


@pytest.mark.parametrize(
    ("language", "told"), [("en", "pulled by anchor words"), ("fr", "mots d'ancrage, un"), ("ar", "جذبتها كلمات دالة")]
)
def test_topics_that_anchors_pulled_are_told_with_their_themes(anchored_run, tiny_run, language, told):
    found = anchored_run.methods(language)
    assert told in found.text
    assert "[eshima2024]" in found.text
    after = found.text[found.text.index(told) :]
    assert all(theme.name(language) in after for theme in anchored_run.models.topics.anchors.values())
    assert told not in tiny_run.methods(language).text


@pytest.fixture(scope="module")
def both_run(tmp_path_factory, project):
    """Two thirds of a small corpus labelled, the rest not, with anchors beside."""
    folder = tmp_path_factory.mktemp("both")
    defined = Corpus.read(project / "corpora/demo").themes
    articles = [replace(article, themes=None) if n % 3 == 0 else article for n, article in enumerate(small_corpus())]
    Corpus(articles, themes=defined).write(folder / "articles")
    changes = {
        "themes.start": "both", "topics": None, "corpus.path": str(folder / "articles"), "corpus.sample": None,
        "evaluation.folds": 2,
    }  # fmt: skip
    return run(write_tiny(folder), out=folder / "runs", **changes)


@pytest.mark.parametrize(
    ("language", "learnt"),
    [
        (
            "en",
            "from 64 labelled articles and, beside them, 32 articles without labels [nigam2000] and {} anchor words",
        ),
        ("fr", "sur 64 articles annotés et, à côté d'eux, sur 32 articles sans annotation [nigam2000], avec {} mots"),
        ("ar", "من مقالات موسومة عددها 64، ومعها مقالات غير موسومة عددها 32 [nigam2000]، وكلمات وعبارات دالة عددها {}"),
    ],
)
def test_themes_from_labels_and_anchors_say_what_stood_beside_the_labels(both_run, language, learnt):
    assert learnt.format(n_anchors(both_run)) in both_run.methods(language).text


def test_the_three_languages_say_the_same_things():
    def fields(words):
        return {
            name: sorted(FIELD.findall(value)) if isinstance(value, str) else sorted(value)
            for name, value in words.items()
            if isinstance(value, (str, dict))
        }

    assert fields(ENGLISH) == fields(FRENCH) == fields(ARABIC)


def test_another_language_is_told(tiny_run):
    with pytest.raises(SettingsError, match="methods are told in en, fr, ar, not 'de'"):
        tiny_run.methods("de")


def test_it_shows_itself_with_its_entries(tiny_run):
    found = tiny_run.methods("ar")
    assert 'dir="rtl" lang="ar"' in found._repr_html_()
    assert str(found) == f"{found.text}\n\n{found.bibtex}"


def test_the_toolkit_is_cited_as_its_own_file_says(project):
    own = yaml.safe_load((project / "CITATION.cff").read_text(encoding="utf-8"))
    entry = references.TOOLKIT % own["version"]
    title = re.search(r"title = \{(.*)\}", entry)[1].replace("{", "").replace("}", "")
    assert title == own["title"]
    assert f"version = {{{own['version']}}}" in entry
    assert f"license = {{{own['license']}}}" in entry
    assert own["authors"][0]["name"] in entry


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("/data/ant.jsonl.gz", ["ant"]),
        ("/data/sanad_khaleej_21k.jsonl.gz", ["sanad"]),
        ("/data/saudinewsnet/articles.jsonl", ["saudinewsnet"]),
        ("c:\\data\\ANT\\articles.jsonl", ["ant"]),
        ("/data/antique.jsonl", []),
        ("demo", []),
    ],
)
def test_a_published_corpus_is_known_by_its_name(path, known):
    found = references.corpora([path])
    assert list(found) == known
    for entry in found.values():
        assert entry.startswith("% The file is named after this corpus")
        assert entry.count("{") == entry.count("}")


@pytest.mark.parametrize("entry", references.METHODS.values(), ids=references.METHODS)
def test_entries_are_whole(entry):
    assert entry.count("{") == entry.count("}")
    assert {"author", "title", "year"} <= set(re.findall(r"^  (\w+) = ", entry, re.MULTILINE))
    assert references.key_of(entry)[-4:] == re.search(r"year = \{(\d+)\}", entry)[1]
