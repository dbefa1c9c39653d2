"""A file of settings to begin with: every setting, what it means, and what it may be."""

from __future__ import annotations

from pathlib import Path

from topics.display import one_line
from topics.errors import WriteError
from topics.files import PathLike, atomic_write

EXAMPLE = """\
# An experiment of topics: `topics run FILE` executes it. A line that begins with # is a default, or an
# example where there is none; take the # away to change it.

name = "mine"                   # begins the name of the run's folder
random_state = 0                # the same number gives the same models

[corpus]
path = "demo"                   # the corpus that ships; or a file or folder, relative to this file, or several in [ ]
# sample = 1000                 # only so many articles, the same ones every time
duplicates = "group"            # near duplicates: group (learnt from or scored, never both) | drop (only the earliest
#                               # is an article of the experiment) | keep (not looked for)

[text]                          # from text to terms
# level = "clitic"              # what is taken off a word: none | clitic (و ف ب ك ل ال) | light (suffixes as well);
#                               # left out: light for themes, clitic for topics
# fold = ["alef", "maqsura", "teh"]     # letters that become one; also "hamza_seats"
# stop_words = "default"        # or a list of your own; [] for none
# keep = ["year", "latin"]      # also number date url email user
# months = true                 # one key for a month in all regions
# aliases = true                # one spelling for names that newspapers spell in several ways
# elongation = true             # a word with repeated letters is the word

[terms]                         # from terms to columns
min_df = 2                      # a term in fewer articles is left out; 0.01 is a share of them
# max_df = 1.0                  # and one in more
# ngrams = [1, 1]               # [1, 2]: pairs of terms as well
# sublinear_tf = true           # a count c weighs 1 + ln c
# learn_phrases = false         # names and collocations become one term
# learn_frequencies = true      # the articles' words help to decide what is taken off
# title_weight = 1              # how many times a title counts

[themes]                        # leave the section out, and no themes are learnt
# use = ["security", "migration", "sport"]      # by default all that the articles carry
start = "labels"                # learnt from the articles' own labels; "anchors": from the words in themes.toml alone;
#                               # "both": from labels, anchors and the articles without labels

[topics]                        # leave the section out, and no topics are sought
n_topics = 12
# anchors = false               # true: the first topics are pulled by the anchors of the themes, and named after them
# runs = 1                      # 5: trained from 5 random states, and scored by how often each topic comes back
# engine = "fast"               # fast | gensim
# n_sweeps = 100                # most passes over the articles
# alpha = "auto"                # prior of the mixtures: auto | symmetric | a number
# eta = 0.01                    # prior of the terms
# min_df = 3                    # for topics these stand above [terms]
# max_df = 0.5
# ngrams = [1, 1]

[evaluation]                    # on articles that the scored model has not seen
folds = 5
split = "group"                 # what stays together: group (near duplicates) | source; or time: learnt from earlier
#                               # days, scored on later ones, and articles without a date are in neither

[sort]
# inputs = ["new.jsonl"]        # what is sorted in the end; by default the corpus

[output]
figures = true
report = true
texts = "excerpt"               # what of the articles the report may hold: full | excerpt | none
mask = false                    # phone numbers, e-mail addresses and identity numbers in it are masked
tables = "none"                 # topic_terms and mixtures for other programs: none | csv | parquet

# [scale]                       # with this section the corpus is worked on in partitions, see docs/how-to/scale
# workers = 1                   # processes; more than 1 need the extra "scale"
# memory = "2GiB"               # that one process may hold; what needs more is refused before it begins
# partition = "64MiB"           # of the corpus, about; changes topics a little, as does:
# together = 8                  # partitions that are visited in the light of the same topics
# sorted = "parquet"            # parquet | jsonl: a file a partition
# work = "/shared/work"         # where results of tasks lie; by default beside the run

# [sweep]                       # each combination becomes a run of its own; those that are there are not run again
# "topics.n_topics" = [10, 20]  # any setting, with its values in a list
# "random_state" = [0, 1, 2]
"""


def write_example(path: PathLike) -> None:
    """Write the file; one that is there is not replaced.

    Raises
    ------
    WriteError
        Something has that name, or the place cannot be written.
    """
    if Path(path).exists() or Path(path).is_symlink():
        raise WriteError(f"{one_line(str(path))}: is there already; choose another name")
    with atomic_write(path) as file:
        file.write(EXAMPLE.encode("utf-8"))
