"""`import topics` is cheap, and what it offers is what it says it offers."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib

import pytest

import topics

HEAVY = ("gensim", "sklearn", "scipy", "pandas", "numba", "matplotlib", "dask", "pyarrow", "numpy")


def python(code, *options):
    done = subprocess.run([sys.executable, *options, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_what_is_offered_is_what_has_a_home():
    assert topics.__all__ == list(topics._HOMES)
    assert topics.__all__ == sorted(topics.__all__)
    assert set(topics.__all__) <= set(dir(topics))


@pytest.mark.parametrize("name", topics.__all__)
def test_every_name_resolves(name):
    value = getattr(topics, name)
    assert getattr(value, "__module__", None) or value.__name__ == f"topics.{name}"
    assert getattr(topics, name) is value


def test_the_names_are_those_of_the_first_release():
    assert topics.__all__ == [
        "Analyzer",
        "Article",
        "Corpus",
        "TermVectorizer",
        "ThemeModel",
        "Token",
        "TopicModel",
        "TopicsError",
        "arabic",
        "estimators",
        "evaluation",
        "explore",
        "features",
        "label",
        "load",
        "near_duplicates",
        "plots",
        "run",
        "split",
        "studies",
    ]


def test_an_unknown_name_is_an_attribute_error_with_the_name():
    with pytest.raises(AttributeError, match="module 'topics' has no attribute 'Analyser'"):
        topics.Analyser  # noqa: B018


def test_the_version_is_the_one_that_is_packaged(project):
    packaged = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    assert topics.__version__ == packaged["project"]["version"]


@pytest.mark.parametrize("statement", ["import topics", "import topics; dir(topics)", "from topics import TopicsError"])
def test_the_front_door_opens_nothing_heavy(statement):
    loaded = json.loads(python(f"{statement}; import json, sys; print(json.dumps(sorted(sys.modules)))"))
    assert not {name.partition(".")[0] for name in loaded} & set(HEAVY)


def test_python_m_topics_is_the_command():
    assert "Usage" in python(
        "import runpy, sys; sys.argv = ['topics', '--help']; runpy.run_module('topics', run_name='__main__')"
    )
