import subprocess
import sys

import pytest

import topics.estimators as package


def test_every_public_name_resolves():
    assert sorted(package.__all__) == package.__all__
    assert set(package.__all__) == set(package._MODULES)
    for name in package.__all__:
        assert getattr(package, name).__name__ == name
    assert set(package.__all__) <= set(dir(package))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Lda'"):
        _ = package.Lda


@pytest.mark.parametrize(
    ("name", "absent"),
    [
        ("", {"sklearn", "scipy", "numba", "gensim", "pandas", "numpy"}),
        ("decision_values", {"sklearn", "numba", "gensim", "pandas", "scipy"}),
        ("infer_mixtures", {"sklearn", "gensim", "pandas"}),
        ("LdaTopics", {"gensim"}),
    ],
)
def test_importing_pulls_in_no_more_than_it_says(name, absent):
    code = f"import sys, topics.estimators as e; e.{name or '__all__'}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert not absent & set(loaded.split())
