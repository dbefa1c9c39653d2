import subprocess
import sys

from topics import plots


def test_every_public_name_is_there():
    assert sorted(plots.__all__) == sorted(plots._MODULES)
    for name in plots.__all__:
        assert callable(getattr(plots, name))
        assert getattr(plots, name).__doc__
    assert set(plots.__all__) <= set(dir(plots))


def test_the_module_of_themes_can_be_imported_under_another_name():
    from topics.plots import themes as draw

    assert draw.confusion is plots.confusion


def test_importing_does_not_load_matplotlib():
    code = "import sys; from topics.plots import corpus, style, themes, topics; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
