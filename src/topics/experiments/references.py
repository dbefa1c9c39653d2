"""What a paper cites for the methods of a run, as BibTeX (data), and for its corpus, where that is a known one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath

from topics.corpus.fetching.catalogue import read_catalogue

TOOLKIT = """@software{topics,
  author = {{The topics developers}},
  title = {topics: themes and topics of {Arabic} news},
  version = {%s},
  license = {MIT}
}"""
"""The toolkit itself, as CITATION.cff has it; the version is filled in."""

METHODS = {
    "scikit-learn": """@article{pedregosa2011,
  author = {Pedregosa, Fabian and Varoquaux, Ga{\\"e}l and Gramfort, Alexandre and Michel, Vincent and Thirion, Bertrand
    and Grisel, Olivier and Blondel, Mathieu and Prettenhofer, Peter and Weiss, Ron and Dubourg, Vincent
    and Vanderplas, Jake and Passos, Alexandre and Cournapeau, David and Brucher, Matthieu and Perrot, Matthieu
    and Duchesnay, {\\'E}douard},
  title = {Scikit-learn: Machine Learning in {Python}},
  journal = {Journal of Machine Learning Research},
  volume = {12},
  pages = {2825--2830},
  year = {2011}
}""",
    "liblinear": """@article{fan2008,
  author = {Fan, Rong-En and Chang, Kai-Wei and Hsieh, Cho-Jui and Wang, Xiang-Rui and Lin, Chih-Jen},
  title = {{LIBLINEAR}: A Library for Large Linear Classification},
  journal = {Journal of Machine Learning Research},
  volume = {9},
  pages = {1871--1874},
  year = {2008}
}""",
    "platt": """@incollection{platt1999,
  author = {Platt, John C.},
  title = {Probabilistic Outputs for Support Vector Machines and Comparisons to Regularized Likelihood Methods},
  booktitle = {Advances in Large Margin Classifiers},
  publisher = {MIT Press},
  pages = {61--74},
  year = {1999}
}""",
    "lda": """@article{blei2003,
  author = {Blei, David M. and Ng, Andrew Y. and Jordan, Michael I.},
  title = {Latent {Dirichlet} Allocation},
  journal = {Journal of Machine Learning Research},
  volume = {3},
  pages = {993--1022},
  year = {2003}
}""",
    "cvb0": """@inproceedings{asuncion2009,
  author = {Asuncion, Arthur and Welling, Max and Smyth, Padhraic and Teh, Yee Whye},
  title = {On Smoothing and Inference for Topic Models},
  booktitle = {Proceedings of the Twenty-Fifth Conference on Uncertainty in Artificial Intelligence},
  pages = {27--34},
  year = {2009}
}""",
    "online": """@inproceedings{hoffman2010,
  author = {Hoffman, Matthew D. and Blei, David M. and Bach, Francis},
  title = {Online Learning for Latent {Dirichlet} Allocation},
  booktitle = {Advances in Neural Information Processing Systems},
  volume = {23},
  pages = {856--864},
  year = {2010}
}""",
    "gensim": """@inproceedings{rehurek2010,
  author = {{\\v R}eh{\\r u}{\\v r}ek, Radim and Sojka, Petr},
  title = {Software Framework for Topic Modelling with Large Corpora},
  booktitle = {Proceedings of the {LREC} 2010 Workshop on New Challenges for {NLP} Frameworks},
  publisher = {ELRA},
  pages = {45--50},
  year = {2010}
}""",
    "beliefs": """@inproceedings{ratner2016,
  author = {Ratner, Alexander J. and De Sa, Christopher and Wu, Sen and Selsam, Daniel and R{\\'e}, Christopher},
  title = {Data Programming: Creating Large Training Sets, Quickly},
  booktitle = {Advances in Neural Information Processing Systems},
  volume = {29},
  pages = {3567--3575},
  year = {2016}
}""",
    "rounds": """@inproceedings{meng2018,
  author = {Meng, Yu and Shen, Jiaming and Zhang, Chao and Han, Jiawei},
  title = {Weakly-Supervised Neural Text Classification},
  booktitle = {Proceedings of the 27th {ACM} International Conference on Information and Knowledge Management},
  pages = {983--992},
  year = {2018}
}""",
    "unlabelled": """@article{nigam2000,
  author = {Nigam, Kamal and McCallum, Andrew Kachites and Thrun, Sebastian and Mitchell, Tom},
  title = {Text Classification from Labeled and Unlabeled Documents using {EM}},
  journal = {Machine Learning},
  volume = {39},
  pages = {103--134},
  year = {2000}
}""",
    "keyatm": """@article{eshima2024,
  author = {Eshima, Shusei and Imai, Kosuke and Sasaki, Tomoya},
  title = {Keyword-Assisted Topic Models},
  journal = {American Journal of Political Science},
  volume = {68},
  number = {2},
  pages = {730--750},
  year = {2024}
}""",
    "completion": """@inproceedings{wallach2009,
  author = {Wallach, Hanna M. and Murray, Iain and Salakhutdinov, Ruslan and Mimno, David},
  title = {Evaluation Methods for Topic Models},
  booktitle = {Proceedings of the 26th Annual International Conference on Machine Learning},
  pages = {1105--1112},
  year = {2009}
}""",
    "npmi": """@inproceedings{bouma2009,
  author = {Bouma, Gerlof},
  title = {Normalized (Pointwise) Mutual Information in Collocation Extraction},
  booktitle = {Proceedings of the Biennial {GSCL} Conference 2009},
  pages = {31--40},
  year = {2009}
}""",
    "bootstrap": """@article{efron1979,
  author = {Efron, Bradley},
  title = {Bootstrap Methods: Another Look at the Jackknife},
  journal = {The Annals of Statistics},
  volume = {7},
  number = {1},
  pages = {1--26},
  year = {1979}
}""",
}
"""What a method is called here to the work that it is from."""

_ESCAPED = str.maketrans({char: f"\\{char}" for char in "&%$#_{}"})


def key_of(entry: str) -> str:
    """The name under which a text cites an entry."""
    return entry.partition("{")[2].partition(",")[0]


def bibtex(methods: Iterable[str], version: str, paths: Sequence[str]) -> str:
    """The entries of a run: the toolkit, the methods, the corpora that are known by the names of their files."""
    entries = [TOOLKIT % version, *(METHODS[name] for name in dict.fromkeys(methods)), *corpora(paths).values()]
    return "\n\n".join(entries) + "\n"


def corpora(paths: Sequence[str]) -> dict[str, str]:
    """Published corpora that files or their folders are named after, by name: an entry each."""
    found = {}
    for name, entry in read_catalogue().items():
        if any(_is_named(path, name) for path in paths):
            found[name] = (
                f"% The file is named after this corpus; leave the entry out if it is another.\n"
                f"@misc{{{name},\n  title = {{{_escaped(entry.title)}}},\n  note = {{{_escaped(entry.citation)}}},\n"
                f"  url = {{{entry.page}}}\n}}"
            )
    return found


def _is_named(path: str, name: str) -> bool:
    """Whether a file, or the folder it lies in, is called so, whatever follows after a sign: sanad_21k.jsonl.gz."""
    own = PurePath(path.replace("\\", "/"))
    for part in (own.name.lower(), own.parent.name.lower()):
        if part == name or (part.startswith(name) and not part[len(name)].isalnum()):
            return True
    return False


def _escaped(text: str) -> str:
    return " ".join(text.split()).translate(_ESCAPED)
