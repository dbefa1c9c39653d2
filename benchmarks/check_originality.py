"""Is every article of the demo corpus its own? Runs of words that it shares with other texts.

    python benchmarks/check_originality.py PATH... [--corpus corpora/demo] [--words 10]

Reads every .jsonl, .txt, .tsv and .md under the paths, also gzipped (.gz). Words are compared without marks and
tatweel, alef and teh marbuta in one form; punctuation, line breaks and figures are passed over, since some corpora are
published without them. Prints one line for each hit, in words of the demo corpus, and exits with 1 when there is one.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from topics import Corpus

SUFFIXES = (".jsonl", ".txt", ".tsv", ".md")
HERE = Path(__file__).resolve().parent.parent
WORD = re.compile(r"[^\W\d_]+")
MARKS = [code for code in range(0x0610, 0x0700) if unicodedata.category(chr(code)) == "Mn"]
FOLD = dict.fromkeys([*MARKS, 0x0640, 0x200C, 0x200D, 0x200E, 0x200F])
FOLD |= str.maketrans("أإآٱىة", "اااايه")

Runs = dict[tuple[int, ...], str]


class Own:
    """The runs of the demo corpus: which words it has, and in which article each run of them stands."""

    def __init__(self, corpus: Corpus, n_words: int) -> None:
        self.n_words = n_words
        self.numbers: dict[str, int] = {}
        self.runs: Runs = {}
        for article in corpus:
            found = [self.numbers.setdefault(word, len(self.numbers)) for word in words(article.full)]
            for at in range(len(found) - n_words + 1):
                self.runs.setdefault(tuple(found[at : at + n_words]), str(article.id))
        self.spellings = list(self.numbers)

    def shared(self, text: str) -> Iterator[tuple[str, str]]:
        """Article and words of each run that the text has too; a longer run comes once for each of its starts."""
        known = [self.numbers.get(word, -1) for word in words(text)]
        length = 0
        for at, number in enumerate(known):
            length = length + 1 if number >= 0 else 0
            if length >= self.n_words:
                run = tuple(known[at - self.n_words + 1 : at + 1])
                if run in self.runs:
                    yield self.runs[run], " ".join(self.spellings[number] for number in run)


def words(text: str) -> list[str]:
    return WORD.findall(unicodedata.normalize("NFKC", text).translate(FOLD))


def files(paths: list[str]) -> Iterator[Path]:
    for path in map(Path, paths):
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if file.name.removesuffix(".gz").endswith(SUFFIXES) and file.is_file())


def texts(file: Path) -> Iterator[str]:
    """The texts of a file: every string of a JSON row, else the whole file."""
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
        if ".jsonl" in file.suffixes:
            for line in lines:
                yield from strings(json.loads(line))
        else:
            yield lines.read()


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", help="files or folders")
    parser.add_argument("--corpus", default=str(HERE / "corpora" / "demo"))
    parser.add_argument("--words", type=int, default=10, help="length of a run")
    arguments = parser.parse_args()
    own = Own(Corpus.read(arguments.corpus), arguments.words)
    hits: set[tuple[str, str]] = set()
    n_texts = n_files = 0
    for file in files(arguments.paths):
        n_files += 1
        for text in texts(file):
            n_texts += 1
            new = set(own.shared(text)) - hits
            hits |= new
            for identity, run in sorted(new):
                print(f"{file.name}\t{identity}\t{run}")
    print(
        f"{len(own.runs):,} runs of {arguments.words} words in the demo corpus, {n_texts:,} strings in {n_files} files: "
        f"{len(hits)} shared"
    )
    return 1 if hits else 0


if __name__ == "__main__":
    sys.exit(main())
