"""Build the reference counts that ship: words of ANT and SANAD in at least 20 articles, and how often they occur.

    python benchmarks/build_frequencies.py ANT.jsonl.gz SANAD.jsonl.gz --out src/topics/arabic/data/frequencies.tsv

Word counts are facts about openly licensed corpora (ANT: Apache-2.0, Chouigui et al. 2017; SANAD: CC BY 4.0,
Einea, Elnagar & Al Debsi 2019, doi 10.1016/j.dib.2019.104076); no sentence of theirs can be read back.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from pathlib import Path

from topics.arabic.clitics import fold_word
from topics.arabic.forms import spell
from topics.arabic.words import spans

MIN_ARTICLES = 20


def count(paths: list[Path]) -> dict[str, int]:
    occurrences: Counter[str] = Counter()
    articles: Counter[str] = Counter()
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                text = "\n".join(filter(None, (row.get("title"), row["text"])))
                words = [fold_word(spell(span.key)) for span in spans(text) if span.kind == "arabic"]
                occurrences.update(words)
                articles.update(set(words))
    return {word: n for word, n in occurrences.items() if articles[word] >= MIN_ARTICLES and len(word) > 1}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    counts = count(args.corpora)
    header = [
        f"# Reference counts of Arabic news words in at least {MIN_ARTICLES} articles: folded word, tab, occurrences.",
        "# Counted by benchmarks/build_frequencies.py over ANT (Apache-2.0; Chouigui et al. 2017) and",
        "# SANAD AlKhaleej (CC BY 4.0; Einea, Elnagar, Al Debsi 2019, doi 10.1016/j.dib.2019.104076).",
    ]
    rows = [f"{word}\t{n}" for word, n in sorted(counts.items())]
    args.out.write_text("\n".join([*header, *rows, ""]), encoding="utf-8")
    print(f"{len(rows):,} words, {args.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
