import subprocess
import sys

from topics import evaluation


def test_every_public_name_is_there():
    assert sorted(evaluation.__all__) == sorted(evaluation._MODULES)
    for name in evaluation.__all__:
        assert getattr(evaluation, name).__doc__
    assert set(evaluation.__all__) <= set(dir(evaluation))


def test_measures_need_neither_scikit_learn_nor_gensim():
    code = (
        "import sys; from topics import evaluation as e; e.f1([[1], [0]], [[1], [0]]); e.bootstrap([1, 2]);"
        "e.reliability; print([m for m in ('sklearn', 'gensim', 'scipy', 'pandas', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
