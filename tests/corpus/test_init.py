import subprocess
import sys

import pytest

# A module of the name of a function would hide it once it was imported.
import topics.corpus.boilerplate
import topics.corpus.splits


def test_every_public_name_is_there():
    for name in topics.corpus.__all__:
        assert callable(getattr(topics.corpus, name)), f"{name} is a module, or nothing"
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        topics.corpus.nothing  # noqa: B018


def test_reading_a_corpus_loads_nothing_heavy():
    program = (
        "import sys, topics; topics.Corpus([topics.Article('خبر')]).fingerprint;"
        "print({'numba', 'numpy', 'pandas', 'rensa', 'scipy', 'pyarrow', 'openpyxl'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "set()"
