"""How long until something happens? Fresh processes, in turn: the import, the help, one article sorted.

    python benchmarks/import_speed.py [--repeats 7]

Seconds by the wall, Python's own start taken off where said; medians, and the ratio to `import sklearn.linear_model` in
the runs beside. Compiled code and byte code are cached by a run before that is not counted.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ARTICLE = "أوقفت الشرطة مشتبها فيه\nأوقفت عناصر الشرطة، مساء أمس، شخصا يشتبه في ترويجه المخدرات قرب محطة القطار."


def seconds(*command: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=7)
    repeats = parser.parse_args().repeats
    with tempfile.TemporaryDirectory() as folder:
        article = Path(folder) / "article.txt"
        article.write_text(ARTICLE, encoding="utf-8")
        commands = {
            "Python alone": ("-c", "pass"),
            "import topics": ("-c", "import topics"),
            "topics --help": ("-m", "topics", "--help"),
            "topics sort, one article": ("-m", "topics", "sort", "--json", str(article)),
            "import sklearn.linear_model": ("-c", "import sklearn.linear_model"),
        }
        found: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(repeats + 1):
            for name, command in commands.items():
                taken = seconds(*command)
                if turn:
                    found[name].append(taken)
    middle = {name: statistics.median(times) for name, times in found.items()}
    print("| what | seconds, median |\n|---|---|")
    for name, value in middle.items():
        print(f"| {name} | {value:.3f} |")
    beyond = middle["import topics"] - middle["Python alone"]
    pairs = zip(found["topics sort, one article"], found["import sklearn.linear_model"], strict=True)
    ratio = statistics.median(own / other for own, other in pairs)
    told = {
        f"import topics beyond Python itself: {1000 * beyond:.0f} ms, wanted 50": beyond < 0.05,
        f"topics --help: {middle['topics --help']:.2f} s, wanted .3": middle["topics --help"] < 0.3,
        f"topics sort: {ratio:.2f} of import sklearn.linear_model, wanted .7": ratio <= 0.7,
    }
    print()
    for line, holds in told.items():
        print(f"{'holds' if holds else 'FAILS'}: {line}")


if __name__ == "__main__":
    main()
