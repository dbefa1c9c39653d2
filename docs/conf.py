"""How Sphinx builds the documentation: `make docs`."""

from __future__ import annotations

from importlib.metadata import version as version_of
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent

project = "topics"
author = "The topics developers"
copyright = "the topics developers"
version = release = version_of("arabic-topics")
language = "en"

extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.intersphinx",
    "sphinx.ext.viewcode",
]
# No address is asked when the pages are built: they are the same without a network.
intersphinx_mapping: dict[str, object] = {}

exclude_patterns = ["_build", "images/*.py", "make_samples.py", "conf.py"]
html_theme = "pydata_sphinx_theme"
html_title = "topics"
html_static_path = ["static"]
html_css_files = ["pages.css"]
html_show_sourcelink = False
html_theme_options = {
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
}

# The notebooks are committed with what they printed; building the pages runs nothing.
nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["colon_fence", "deflist", "attrs_block", "attrs_inline"]
myst_heading_anchors = 3
# ref.ref: labels of scikit-learn's pages in docstrings that its base classes hand down.
suppress_warnings = ["mystnb.unknown_mime_type", "ref.ref"]

autosummary_generate = True
autodoc_typehints = "none"
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False
nitpicky = False

linkcheck_ignore = [r"https?://.*"]  # `make docs` needs no network; what is checked are links inside


PAGES = {
    "text": (
        "Text",
        "topics",
        ["Analyzer", "Token", "arabic.light10.normalize", "arabic.light10.stem", "arabic.forms.fold_word"],
    ),
    "corpus": ("Corpus", "topics", ["Article", "Corpus", "near_duplicates", "split"]),
    "features": ("Features", "topics.features", None),
    "models": (
        "Models",
        "topics",
        ["ThemeModel", "TopicModel", "load", "models.explain.Explanation", "models.scoring.Scores"],
    ),
    "studies": ("Studies", "topics.studies", None),
    "estimators": ("Estimators", "topics.estimators", None),
    "evaluation": ("Evaluation", "topics.evaluation", None),
    "plots": ("Plots", "topics.plots", None),
    "widgets": ("In the notebook", "topics.widgets", None),
    "experiments": ("Experiments", "topics", ["run", "experiments.run.Run", "experiments.settings.Experiment"]),
}
"""Page -> its title, the module, and its names; None is all that the module offers."""


def _write_reference() -> None:
    """A page a layer; docstrings are the text."""
    from importlib import import_module

    for page, (title, module, names) in PAGES.items():
        offered = names if names is not None else import_module(module).__all__
        lines = [f"# {title}", "", "```{eval-rst}", ".. autosummary::", "   :toctree: names", ""]
        lines += [f"   {module}.{name}" for name in offered]
        (HERE / f"reference/{page}.md").write_text("\n".join([*lines, "```", ""]), encoding="utf-8")


def _copy_notebooks() -> None:
    """The tutorial is the notebooks themselves, where Sphinx can find them."""
    for notebook in sorted((PROJECT / "notebooks").glob("*.ipynb")):
        text = notebook.read_text(encoding="utf-8").replace("](../docs/", "](../")
        (HERE / "tutorial" / notebook.name).write_text(text, encoding="utf-8")


def _write_commands() -> None:
    """The help of every command, as the command prints it."""
    from topics.cli.help import pages

    lines = ["# Commands", "", "What each command prints when it is asked with `--help`.", ""]
    for name, text in pages().items():
        lines += [f"## {name}", "", "```text", text.rstrip(), "```", ""]
    (HERE / "reference/commands.md").write_text("\n".join(lines), encoding="utf-8")


_write_reference()
_copy_notebooks()
_write_commands()
