"""One tiny experiment, for tests that need a whole run."""

TINY = """\
name = "tiny"

[corpus]
path = "demo"
sample = 90

[themes]
use = ["security", "sport"]

[topics]
n_topics = 3
n_sweeps = 2
min_df = 2

[evaluation]
folds = 2

[output]
figures = false
report = false
"""


def write_tiny(folder):
    """The experiment's file in a folder."""
    path = folder / "tiny.toml"
    path.write_text(TINY, encoding="utf-8")
    return path
